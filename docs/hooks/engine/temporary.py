"""Temporary folders of a build: all in one of its own, which goes when the build ends.

A build that is killed leaves its folder behind, and the next one removes it. It can tell,
since a build holds a lock in its folder for as long as it runs.
"""

import atexit
import contextlib
import functools
import shutil
import tempfile
from pathlib import Path
from typing import IO

try:
    import fcntl
except ModuleNotFoundError:  # Windows, where a folder that was left stays
    fcntl = None  # type: ignore[assignment]

PREFIX = "cells-"


def folder(purpose: str) -> "tempfile.TemporaryDirectory[str]":
    """Return a new folder for one purpose."""
    return tempfile.TemporaryDirectory(prefix=f"{purpose}-", dir=of_this_build())


@functools.cache
def of_this_build() -> Path:
    """Return the folder that holds all others of this build."""
    for left in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with contextlib.suppress(OSError):  # it is of someone else
            _remove_if_left(left)
    path = Path(tempfile.mkdtemp(prefix=PREFIX))
    atexit.register(shutil.rmtree, path, ignore_errors=True)
    atexit.register(_lock(path / "lock").close)
    return path


def _lock(path: Path) -> IO[bytes]:
    """Lock a file until it is closed, or the process ends.

    Raises:
        BlockingIOError: Another process has locked it.
    """
    lock = path.open("ab")
    try:
        if fcntl is not None:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise
    return lock


def _remove_if_left(path: Path) -> None:
    if fcntl is not None and (path / "lock").is_file():
        with _lock(path / "lock"):
            shutil.rmtree(path)
