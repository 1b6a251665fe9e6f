"""What the real models need of other projects, and nothing else here: the library `tokenizers`."""

COMMAND = "pip install 'tokenizers>=0.21'"


def need_tokenizers() -> None:
    """Fail with a sentence that says what to do, if the library is missing.

    Raises:
        ModuleNotFoundError: It is missing.
    """
    try:
        import tokenizers  # noqa: F401
    except ModuleNotFoundError as error:
        if error.name != "tokenizers":  # it is there, and lacks something itself
            raise
        raise ModuleNotFoundError(
            "the library tokenizers, which parts texts into tokens, is missing; "
            f"`{COMMAND}` installs it",
            name=error.name,
        ) from None
