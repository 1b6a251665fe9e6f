"""Names for types, which mean nothing when code runs."""


class _Type:
    def __getitem__(self, key):
        return self


Any = Callable = Literal = TypeAlias = _Type()
