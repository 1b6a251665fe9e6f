"""Temporary folders of a build go with it, or with the next build if it was killed.

If one fails, docs/hooks/engine/temporary.py removes too much or too little.
"""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT

PROGRAM = """
import sys
from pathlib import Path
from engine import temporary

held = temporary.folder("run")
Path(held.name, "file").touch()
print(held.name, flush=True)
sys.stdin.read()
"""


def test_what_killed_builds_left_is_removed_and_nothing_else(
    tmp_path: Path, ended: Callable[["subprocess.Popen[str]"], object]
) -> None:
    (tmp_path / "of-others").mkdir()

    def begin() -> "tuple[subprocess.Popen[str], Path]":
        build = subprocess.Popen(
            [sys.executable, "-c", PROGRAM],
            env={**os.environ, "PYTHONPATH": str(ROOT / "docs/hooks"), "TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        ended(build)
        assert build.stdout is not None
        return build, Path(build.stdout.readline().strip())

    goes_on, kept = begin()
    killed, left = begin()
    killed.kill()
    killed.wait()
    assert left.is_dir()
    third, _ = begin()
    assert kept.is_dir()
    assert not left.parent.exists()
    for build in (goes_on, third):
        build.communicate(timeout=20)
    assert [path.name for path in tmp_path.iterdir()] == ["of-others"]
