"""Whatever machine and folder a build is in, it is right or it fails and says why.

If one fails, a build was stopped by its machine, or did not say by what: see what it printed,
then docs/hooks/engine/kept.py and runs.py beside it.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.conftest import WITHOUT_RIGHTS, Project, tree

pytestmark = pytest.mark.thorough

# Without these, Python uses UTF-8 in such a locale anyway.
PYTHON = ("PYTHONUTF8=0", "PYTHONCOERCECLOCALE=0")


def forget(project: Project) -> None:
    """Forget all but two runs, so that everything is done once more and it takes seconds."""
    cache = project.folder / ".cache"
    for path in cache.iterdir():
        if path.name != "runs":
            shutil.rmtree(path)
    project.run_of("index").unlink()


def surroundings() -> list[tuple[str, ...]]:
    """Locales without UTF-8, and homes that are not there."""
    listed = subprocess.run(["locale", "-a"], capture_output=True, text=True).stdout.split()
    latin = [name for name in listed if name.lower().endswith(("iso88591", "iso885915"))]
    return [
        ("-u", "HOME", "LC_ALL=C"),
        ("HOME=/dev/null/nobody", "LC_ALL=POSIX"),
        *[("-u", "HOME", f"LC_ALL={name}") for name in latin[:1]],
    ]


@pytest.mark.parametrize("around", surroundings(), ids=" ".join)
def test_a_path_in_chinese_a_locale_without_utf_8_and_no_home(
    small_built: Project, small: Project, around: tuple[str, ...]
) -> None:
    project = Project(small.folder.rename(small.folder.parent / "my site 注意力 'é'"))
    forget(project)
    result = project.build(under=("env", "-u", "PYTHONIOENCODING", *around, *PYTHON))
    assert result.code == 0, result.log
    assert len(result.ran) == 1
    assert tree(project.site) == tree(small_built.site)


def test_sources_and_a_cache_that_can_only_be_read(
    small_built: Project, small: Project, tmp_path: Path
) -> None:
    small.run_of("index").unlink()
    elsewhere = tmp_path / "elsewhere"
    small.environment()  # makes the folder for temporary files
    paths = {small.folder, *small.folder.rglob("*")} - {small.folder / "tmp"}
    for path in paths:
        path.chmod(path.stat().st_mode & 0o555)
    result = small.build("--site-dir", str(elsewhere), under=WITHOUT_RIGHTS)
    for path in paths:
        path.chmod(path.stat().st_mode | 0o200)
    assert result.code == 0, result.log
    assert "cannot be kept" in result.log
    assert len(result.ran) == 1
    assert tree(elsewhere) == tree(small_built.site)


@contextmanager
def disk(folder: Path, size: str) -> Iterator[None]:
    """Put a small disk in the place of a folder."""
    folder.mkdir(exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    mounted = subprocess.run(mount, capture_output=True, text=True)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    try:
        yield
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def test_a_full_disk_for_the_cache(small_built: Project, small: Project) -> None:
    cache = small.folder / ".cache"
    entries = sorted(small.runs.iterdir())[1:]
    with disk(small.folder / "small disk", "1m"):
        for entry in entries:
            shutil.copy(entry, small.folder / "small disk")
        (small.folder / "small disk" / "rest").open("wb", buffering=0).write(bytes(1 << 20))
        shutil.rmtree(cache)
        cache.mkdir()
        (cache / "runs").symlink_to(small.folder / "small disk")
        result = small.build()
        assert result.code == 0, result.log
        assert "cannot be kept for the next: No space left on device" in result.log
        assert len(result.ran) == 1
        assert sorted(path.name for path in small.runs.glob("*.json")) == [
            entry.name for entry in entries
        ]
    assert tree(small.site) == tree(small_built.site)


@pytest.mark.parametrize(("place", "size"), [("site", "600k"), ("tmp", "150k")])
def test_a_full_disk_for_the_site_or_for_temporary_files(
    small_built: Project, small: Project, place: str, size: str
) -> None:
    shutil.rmtree(small.runs)  # what runs takes a copy of the package
    with disk(small.folder / place, size):
        result = small.build()
    assert result.code != 0
    assert "No space left on device" in result.log
    assert "Traceback" not in result.log
    result = small.build()
    assert result.code == 0, result.log
    assert tree(small.site) == tree(small_built.site)
