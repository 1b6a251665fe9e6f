"""Whatever happened to the cache or to an earlier build, the next build is right."""

import os
import shutil
import signal
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Project, tree


def entries(project: Project) -> list[Path]:
    found = sorted(project.runs.glob("*.json"))
    assert len(found) == 3
    return found


def forget(project: Project) -> None:
    for entry in entries(project):
        entry.unlink()


def truncate(files: list[Path]) -> None:
    for file in files:
        file.write_bytes(file.read_bytes()[:1000])


def empty(files: list[Path]) -> None:
    for file in files:
        file.write_bytes(b"")


def swap(files: list[Path]) -> None:
    first = files[0].read_bytes()
    files[0].write_bytes(files[1].read_bytes())
    files[1].write_bytes(first)


def alter(files: list[Path]) -> None:
    for file in files:
        text = file.read_text(encoding="utf-8")
        assert "Queries" in text
        file.write_text(text.replace("Queries", "Oddities"), encoding="utf-8")


def replace_by_other_json(files: list[Path]) -> None:
    for file, content in zip(files, ["[]", "null", '{"body": 3, "digest": ""}'], strict=True):
        file.write_text(content)


def replace_by_folders(files: list[Path]) -> None:
    for file in files:
        file.unlink()
        file.mkdir()


def test_a_damaged_font(small_built: Project, small: Project) -> None:
    (font,) = (small.folder / ".cache" / "fonts").iterdir()
    font.write_bytes(font.read_bytes()[:2000])
    assert small.build().code == 0
    assert tree(small.site) == tree(small_built.site)
    font.write_bytes(b"")
    assert small.build().code == 0
    assert tree(small.site) == tree(small_built.site)


@pytest.mark.parametrize(
    "damage", [truncate, empty, swap, alter, replace_by_other_json, replace_by_folders]
)
def test_a_damaged_cache(
    small_built: Project, small: Project, damage: Callable[[list[Path]], None]
) -> None:
    damage(entries(small))
    result = small.build()
    assert result.code == 0, result.log
    assert tree(small.site) == tree(small_built.site)


def test_a_cache_that_can_be_read_but_not_written(small_built: Project, small: Project) -> None:
    for entry in entries(small)[:2]:
        entry.unlink()
    folders = [small.runs, small.runs.parent]
    for folder in folders:
        folder.chmod(0o555)
    # Root may write anywhere, unless it gives up that right.
    under = ("setpriv", "--bounding-set", "-dac_override") if os.getuid() == 0 else ()
    result = small.build(under=under)
    for folder in folders:
        folder.chmod(0o755)
    assert result.code == 0, result.log
    assert "cannot be kept" in result.log
    assert len(result.ran) == 2
    assert tree(small.site) == tree(small_built.site)


def test_a_file_where_the_cache_should_be(small_built: Project, small: Project) -> None:
    shutil.rmtree(small.folder / ".cache")
    (small.folder / ".cache").write_text("in the way")
    result = small.build()
    assert result.code == 0, result.log
    assert tree(small.site) == tree(small_built.site)


def test_two_builds_at_once(small_built: Project, small: Project) -> None:
    forget(small)
    both = [small.start("build", "--site-dir", name) for name in ("site", "site-too")]
    for process in both:
        log, _ = process.communicate(timeout=240)
        assert process.returncode == 0, log
    assert tree(small.site) == tree(small_built.site)
    assert tree(small.folder / "site-too") == tree(small_built.site)
    assert small.build().ran == set()


def test_a_build_killed_half_way(
    small_built: Project,
    small: Project,
    ended: Callable[["subprocess.Popen[str]"], "subprocess.Popen[str]"],
) -> None:
    forget(small)
    process = ended(small.start("build"))
    assert process.stdout is not None
    for line in process.stdout:
        if "1 of 3 done" in line:
            break
    else:
        pytest.fail("the build ended before it could be killed")
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    result = small.build()
    assert result.code == 0, result.log
    assert tree(small.site) == tree(small_built.site)


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
def test_a_build_that_is_ended_leaves_nothing_behind(
    small: Project,
    ended: Callable[["subprocess.Popen[str]"], "subprocess.Popen[str]"],
    sign: signal.Signals,
) -> None:
    forget(small)
    small.edit("docs/en/index.md", "import torch\n", "import time, torch; time.sleep(60)\n")
    process = ended(small.start("build"))
    assert process.stdout is not None
    for line in process.stdout:
        if "1 of 3 done" in line:
            break
    process.send_signal(sign)
    process.wait(timeout=20)
    assert process.returncode != 0
    assert list((small.folder / "tmp").iterdir()) == []
    running = subprocess.run(["pgrep", "-f", str(small.folder)], capture_output=True, text=True)
    assert running.stdout == ""


def test_a_lock_left_by_a_killed_kernel(small: Project) -> None:
    forget(small)
    (fonts,) = (small.folder / ".cache" / "matplotlib").glob("fontlist-*.json")
    fonts.with_name(f"{fonts.name}.matplotlib-lock").touch()
    result = small.build()
    assert result.code == 0, result.log
