"""Whoever ends a build, and whenever: it ends at once, and nothing goes on without it.

If one fails, processes outlive a build: docs/hooks/engine/processes.py starts and ends them, and
runs.py ends those that are running when a build ends.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import psutil
import pytest

from tests.conftest import ROOT
from tests.hooks.conftest import Book

PROGRAM = """
import signal, sys
from pathlib import Path

from engine.cells import Cell
from engine.runs import Job, Runs, Settings

signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
package, kept, fork, cell = sys.argv[1:]
settings = Settings(Path(package), preload=("torch", "matplotlib.pyplot", "IPython"))
jobs = [Job(f"{n}.py", (Cell("cell", f"{n}\\n{cell}", frozenset(), 1),)) for n in range(5)]
Runs(settings, Path(kept), fork=bool(fork)).run(jobs)
"""
CELL = """
import subprocess, time
child = subprocess.Popen(["sleep", "600"])
time.sleep(600)
"""


def begin(book: Book, *, fork: bool) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-c", PROGRAM, str(book.package), str(book.folder / "kept")]
    (book.folder / "tmp").mkdir()
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "docs" / "hooks"),
        "TMPDIR": str(book.folder / "tmp"),
    }
    return subprocess.Popen(
        [*command, "yes" if fork else "", CELL], env=environment, stderr=subprocess.DEVNULL
    )


def started(build: "subprocess.Popen[bytes]", *names: str) -> list[psutil.Process]:
    """Wait until a build has started all of these, and return all that it has started."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        found: list[psutil.Process] = psutil.Process(build.pid).children(recursive=True)
        running = []
        for one in found:
            try:
                running.append(" ".join(one.cmdline()))
            except psutil.Error:
                continue
        if all(any(name in line for line in running) for name in names):
            return found
        time.sleep(0.02)
    raise AssertionError(f"a build never started {names}")


def runs(process: psutil.Process) -> bool:
    """Tell if a process has not ended, whether or not someone has taken note of its end."""
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


ENDS = [
    (sign, fork, when)
    for sign in (signal.SIGTERM, signal.SIGINT, signal.SIGKILL)
    for fork, when in ((True, "importing"), (True, "running"), (False, "running"))
    # Where none can be forked, those of a killed build go on to the end of their cell.
    if fork or sign is not signal.SIGKILL
]


@pytest.mark.thorough
@pytest.mark.parametrize(("sign", "fork", "when"), ENDS)
def test_a_build_that_is_ended_ends_all(
    book: Book,
    ended: Callable[["subprocess.Popen[bytes]"], object],
    sign: signal.Signals,
    fork: bool,
    when: str,
) -> None:
    build = begin(book, fork=fork)
    ended(build)
    found = started(build, "worker.py", *(["sleep"] if when == "running" else []))
    if when == "importing":
        time.sleep(0.3)  # into it: one that is just being started hears of nothing until it ends
    build.send_signal(sign)
    start = time.monotonic()
    build.wait(timeout=20)
    took = time.monotonic() - start
    # Killed, it cannot end others; those learn of it when they have imported what they import.
    deadline = time.monotonic() + (20 if sign is signal.SIGKILL else 1)
    while (alive := [one for one in found if runs(one)]) and time.monotonic() < deadline:
        time.sleep(0.02)
    for process in alive:
        process.kill()
    assert alive == []
    assert took < 2
    assert build.returncode != 0
    if sign is not signal.SIGKILL:
        assert list((book.folder / "tmp").iterdir()) == []
