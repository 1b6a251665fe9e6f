"""Whenever a build ends, and whoever else builds, the next build is right.

If one fails, a build left something half done, or running: files are written by
docs/hooks/engine/kept.py, processes are started and ended by processes.py and runs.py beside it.
"""

import random
import shutil
import signal
import subprocess
import time
from collections.abc import Callable

import pytest

from tests.conftest import Project, tree

pytestmark = pytest.mark.thorough

Register = Callable[["subprocess.Popen[str]"], "subprocess.Popen[str]"]


PAGE = "---\ndescription: The page {name}.\n---\n\n# 第一页 {name}\n\n/// cell | name\n///\n"
CELL = "# %% name\nprint({name!r})\n"
"""Words and a cell, quick to run."""


def running(project: Project) -> list[str]:
    """What runs in the folders of a project."""
    found = subprocess.run(["pgrep", "-f", str(project.folder)], capture_output=True, text=True)
    return found.stdout.split()


def whole(project: Project) -> dict[str, bytes]:
    """What the cache holds, but for files that were being written."""
    files = tree(project.folder / ".cache").items()
    return {name: content for name, content in files if ".part-" not in name}


def test_ten_builds_killed_at_any_moment(small: Project, ended: Register) -> None:
    shutil.rmtree(small.runs)
    for page in (small.folder / "docs").glob("??/*.md"):
        page.write_text(PAGE.format(name=page.stem), encoding="utf-8")
        script = small.folder / "attncues" / "chapter" / f"{page.stem}.py"
        script.write_text(CELL.format(name=page.stem), encoding="utf-8")
    assert len(small.build().ran) == 4
    right, cache = tree(small.site), whole(small)
    runs = sorted(small.runs.iterdir())
    chance = random.Random(20)
    runs[0].unlink()
    start = time.monotonic()
    small.build()
    took = time.monotonic() - start
    killed = 0
    while killed < 10:
        forgotten = chance.sample(sorted(cache), 9)
        for path in [*(small.folder / ".cache" / name for name in forgotten), chance.choice(runs)]:
            path.unlink(missing_ok=True)
        process = ended(small.start("build"))
        try:
            process.wait(chance.uniform(0, took))
        except subprocess.TimeoutExpired:
            process.kill()  # the build alone, as a machine short of memory does
            killed += 1
        process.wait()
        assert whole(small).items() <= cache.items()
        if killed % 5 == 0 and process.returncode:
            result = small.build()
            assert result.code == 0, result.log
            assert tree(small.site) == right
    deadline = time.monotonic() + 20
    while running(small):
        assert time.monotonic() < deadline, "processes outlive the builds that started them"
        time.sleep(0.1)


@pytest.mark.parametrize("sites", [("site", "site-too"), ("site", "site")])
def test_two_builds_at_once(small_built: Project, small: Project, sites: tuple[str, str]) -> None:
    next(small.runs.iterdir()).unlink()
    both = [small.start("build", "--site-dir", name) for name in sites]
    logs = [process.communicate(timeout=240)[0] for process in both]
    if len(set(sites)) == 2:
        assert [process.returncode for process in both] == [0, 0], logs
        for name in sites:
            assert tree(small.folder / name) == tree(small_built.site)
    result = small.build()
    assert result.code == 0, result.log
    assert result.ran == set()
    assert tree(small.site) == tree(small_built.site)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_ended_leaves_nothing_behind(
    small: Project, ended: Register, sign: signal.Signals
) -> None:
    small.run_of("second").unlink()
    small.edit("attncues/chapter/index.py", "import torch\n", "import time\ntime.sleep(60)\n")
    process = ended(small.start("build"))
    assert process.stdout is not None
    for line in process.stdout:
        if "1 of 2 done" in line:
            break
    process.send_signal(sign)
    process.wait(timeout=20)
    assert process.returncode != 0
    assert list((small.folder / "tmp").iterdir()) == []
    assert running(small) == []
