"""What a build keeps in `.cache/` for the next: whole, or as if it were not there.

A file is sealed by a hash of its name and its content, so one that is damaged, has changed
places or was written by something else counts for nothing. Names state what the content
was made from: a build with other versions, or with another state of the hook that keeps it,
asks for other names.
"""

import contextlib
import functools
import hashlib
import logging
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

log = logging.getLogger("mkdocs.hooks.kept")

KEEP_UNUSED = 30 * 24 * 3600
"""Seconds after which what no build has asked for is forgotten."""


def cache(config: MkDocsConfig) -> Path:
    """The folder of all that is kept."""
    return Path(config.config_file_path).parent / ".cache"


def recall(path: Path) -> bytes | None:
    """Return what was kept under this name, if it is whole."""
    try:
        seal, _, content = path.read_bytes().partition(b"\n")
    except (FileNotFoundError, NotADirectoryError):
        return None
    except OSError:
        seal, content = b"", b""
    if seal != _seal(path, content):
        log.info(f"Ignoring a damaged entry of the cache: {path}")
        return None
    with contextlib.suppress(OSError):  # a cache that cannot be written can still be read
        os.utime(path)
    return content


def keep(path: Path, content: bytes) -> None:
    """Keep this for the next build, where that is possible."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
        try:
            # No reader, and no crash, ever sees half of a file.
            with os.fdopen(handle, "wb") as part:
                part.write(_seal(path, content) + b"\n" + content)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        _say_once(error.strerror)


@functools.cache  # once is enough for a preview
def forget_unused(cache: Path) -> None:
    """Remove what no build has asked for in a month, and what killed builds have left."""
    for path in cache.rglob("*"):
        with contextlib.suppress(OSError):  # another build was quicker, or it is read-only
            if path.is_file() and time.time() - path.stat().st_mtime > KEEP_UNUSED:
                path.unlink()


@functools.cache
def installed() -> tuple[str, ...]:
    """Name Python and every distribution that is installed, with their versions.

    What a step makes may depend on any of them, and a name of one too many costs little.
    """
    folders = (path for folder in sys.path for path in Path(folder).glob("*.dist-info"))
    return (platform.python_version(), *sorted({folder.stem for folder in folders}))


def made_by(step: str) -> list[str]:
    """Name what a step's results come from besides what it is given: what is installed, its file.

    Args:
        step: The path of the module that asks, its `__file__`.
    """
    return [*installed(), digest(Path(step).read_bytes())]


def digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()


def _seal(path: Path, content: bytes) -> bytes:
    return digest(path.name.encode() + b"\n" + content).encode()


@functools.cache
def _say_once(reason: str) -> None:
    log.info(f"What this build computes cannot be kept for the next: {reason}")
