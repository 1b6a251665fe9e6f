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


@pytest.mark.parametrize(
    "damage", [truncate, empty, swap, alter, replace_by_other_json, replace_by_folders]
)
def test_a_damaged_cache(
    built: Project, project: Project, damage: Callable[[list[Path]], None]
) -> None:
    damage(entries(project))
    result = project.build()
    assert result.code == 0, result.log
    assert tree(project.site) == tree(built.site)


def test_a_cache_that_can_be_read_but_not_written(built: Project, project: Project) -> None:
    for entry in entries(project)[:2]:
        entry.unlink()
    folders = [project.runs, project.runs.parent]
    for folder in folders:
        folder.chmod(0o555)
    # Root may write anywhere, unless it gives up that right.
    under = ("setpriv", "--bounding-set", "-dac_override") if os.getuid() == 0 else ()
    result = project.build(under=under)
    for folder in folders:
        folder.chmod(0o755)
    assert result.code == 0, result.log
    assert "cannot be kept" in result.log
    assert len(result.ran) == 2
    assert tree(project.site) == tree(built.site)


def test_a_file_where_the_cache_should_be(built: Project, project: Project) -> None:
    shutil.rmtree(project.folder / ".cache")
    (project.folder / ".cache").write_text("in the way")
    result = project.build()
    assert result.code == 0, result.log
    assert tree(project.site) == tree(built.site)


def test_two_builds_at_once(built: Project, project: Project) -> None:
    shutil.rmtree(project.folder / ".cache")
    both = [project.start("build", "--site-dir", name) for name in ("site", "site-too")]
    for process in both:
        log, _ = process.communicate(timeout=240)
        assert process.returncode == 0, log
    assert tree(project.site) == tree(built.site)
    assert tree(project.folder / "site-too") == tree(built.site)
    assert project.build().ran == set()


def test_a_build_killed_half_way(
    built: Project,
    project: Project,
    ended: Callable[["subprocess.Popen[str]"], "subprocess.Popen[str]"],
) -> None:
    shutil.rmtree(project.folder / ".cache")
    process = ended(project.start("build"))
    assert process.stdout is not None
    for line in process.stdout:
        if " (1 of 3)" in line:
            break
    process.send_signal(signal.SIGKILL)
    process.wait(timeout=10)
    result = project.build()
    assert result.code == 0, result.log
    assert tree(project.site) == tree(built.site)
