"""Whatever has happened to the cache, the next build is right.

If one fails, the build trusted what it should not have: docs/hooks/engine/kept.py
seals what is kept, and those that call it state in its name what it was made from.
"""

import itertools
import os
import random
import shutil
from pathlib import Path

import pytest

from tests.conftest import Project, tree

pytestmark = pytest.mark.thorough

YEAR = 365 * 24 * 3600
JUMP = """
import pathlib
import subprocess
import time

clock, start = time.time, subprocess.Popen.__init__

def start_slowly(process, command, **options):
    if any(str(part).endswith("worker.py") for part in command):
        command = ["sh", "-c", 'sleep 2; exec "$0" "$@"', *command]
        jump = time.monotonic() + 1
        pathlib.Path(__file__).with_name("jumped").touch()
        time.time = lambda: clock() + ({seconds} if time.monotonic() > jump else 0)
    start(process, command, **options)

subprocess.Popen.__init__ = start_slowly
"""
"""A clock that is years ahead or back while a process is starting, and stays so."""
WORDS = {b"Queries": b"Oddities", b"DejaVu": b"DejaNu", b"li": b"ul", b" is": b" was"}
WORDS |= {b"here": b"there", b"7": b"8", b"[]": b"[7]"}


def kept(project: Project) -> dict[str, list[Path]]:
    """The files of the cache, by their folder."""
    files: dict[str, list[Path]] = {}
    for path in sorted((project.folder / ".cache").rglob("*")):
        if path.is_file():
            files.setdefault(path.parent.name, []).append(path)
    assert set(files) == {
        "compared",
        "fonts",
        "html",
        "pages",
        "published",
        "runs",
        "search",
        "templates",
    }
    assert len(files["runs"]) == 3
    return files


def truncate(file: Path, noise: random.Random) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: noise.choice([0, len(content) // 2, len(content) - 1])])


def fill_with_noise(file: Path, noise: random.Random) -> None:
    """Put random bytes in the place of random bytes, which few formats notice."""
    content = bytearray(file.read_bytes())
    for _ in range(max(1, len(content) // 50)):
        content[noise.randrange(len(content))] = noise.randrange(256)
    file.write_bytes(content)


def alter(file: Path, _: random.Random) -> None:
    """Change words and figures into others, which no format notices."""
    seal, line, content = file.read_bytes().partition(b"\n")
    other = content
    for old, new in WORDS.items():
        other = other.replace(old, new)
    assert other != content
    file.write_bytes(seal + line + other)


def write_other_json(file: Path, _: random.Random) -> None:
    file.write_text('{"body": {"outputs": [], "facts": {}}, "digest": ""}')


def make_folder(file: Path, _: random.Random) -> None:
    file.unlink()
    file.mkdir()


DAMAGE = [truncate, fill_with_noise, alter, write_other_json, make_folder]


def test_damage_to_all_that_is_kept(small_built: Project, small: Project) -> None:
    noise = random.Random(0)
    chances = itertools.cycle(DAMAGE)
    there = kept(small)
    for folder, files in there.items():
        for file in files[:1] if folder == "runs" else files:
            next(chances)(file, noise)
    result = small.build()
    assert result.code == 0, result.log
    assert len(result.ran) == 1
    assert "damaged" in result.log
    assert tree(small.site) == tree(small_built.site)
    for file in (file for files in there.values() for file in files):
        if file.is_dir():  # which no file replaces
            file.rmdir()
    assert small.build().code == 0
    assert "damaged" not in small.build().log, "what was damaged is kept anew"


def test_entries_that_have_changed_places(small_built: Project, small: Project) -> None:
    for files in kept(small).values():
        first, last = files[0].read_bytes(), files[-1].read_bytes()
        files[0].write_bytes(last)
        files[-1].write_bytes(first)
    result = small.build()
    assert result.code == 0, result.log
    assert tree(small.site) == tree(small_built.site)


def test_a_cache_of_other_versions(small: Project) -> None:
    """What was kept with one version of a library is not used with another."""
    # Only the first page has something to run.
    for name in ("second", "third"):
        (small.folder / f"attncues/chapter/{name}.py").unlink()
        for edition in ("en", "zh"):
            page = f"---\ndescription: The page {name}.\n---\n\n# {name}\n"
            (small.folder / f"docs/{edition}/{name}.md").write_text(page)
    assert small.build().ran == set()
    before = tree(small.folder / ".cache").keys()
    others = small.folder / "others"
    for name in ("pillow", "jinja2", "pygments"):
        (others / f"{name}-0.0.1.dist-info").mkdir(parents=True)
        metadata = f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.0.1\n"
        (others / f"{name}-0.0.1.dist-info" / "METADATA").write_text(metadata)
    result = small.build(under=("env", f"PYTHONPATH={others}"))
    assert result.code == 0, result.log
    assert result.ran == {"index"}
    new = tree(small.folder / ".cache").keys() - before
    assert {name.split("/")[0] for name in new} == {
        "compared",
        "fonts",
        "html",
        "pages",
        "search",
        "templates",
    }
    assert small.build().ran == {"index"}
    assert small.build().ran == set()


def test_a_cache_of_other_code(small_built: Project, small: Project) -> None:
    """What a hook has kept is not used by another state of it."""
    before = tree(small.folder / ".cache").keys()
    for hook in (small.folder / "docs" / "hooks").rglob("*.py"):
        hook.write_text(hook.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    assert small.build().code == 0
    new = {name.split("/")[0] for name in tree(small.folder / ".cache").keys() - before}
    # Names of templates hold their path, which is another here; Jinja looks at their source.
    made = {"compared", "fonts", "html", "pages", "runs", "search"}
    assert new - {"templates", "published"} == made
    assert tree(small.site) == tree(small_built.site)


def test_times_of_files_that_lie_ahead_or_back(small_built: Project, small: Project) -> None:
    """The clock may have jumped between builds; nothing goes by the times of files."""
    for year in (40, -40):
        for path in small.folder.rglob("*"):
            when = path.stat().st_mtime + year * YEAR
            os.utime(path, (when, when))
        result = small.build()
        assert result.code == 0, result.log
        assert result.ran == set()
        assert tree(small.site) == tree(small_built.site)


@pytest.mark.parametrize("year", [40, -40])
def test_a_clock_that_jumps_during_a_build(small_built: Project, small: Project, year: int) -> None:
    next(small.runs.iterdir()).unlink()
    lib = small.folder / "lib"
    lib.mkdir()
    (lib / "sitecustomize.py").write_text(JUMP.format(seconds=year * YEAR))
    result = small.build(under=("env", f"PYTHONPATH={lib}"))
    assert result.code == 0, result.log
    assert (lib / "jumped").exists()
    assert tree(small.site) == tree(small_built.site)


def test_what_no_build_asks_for_is_forgotten(small: Project) -> None:
    cache = small.folder / ".cache"
    old = [cache / "runs" / "0123.json", cache / "templates" / ".part-0123"]
    new = cache / "runs" / "4567.json"
    for path in (*old, new):
        path.write_text("{}")
    for path in old:
        os.utime(path, (0, 0))
    assert small.build().code == 0
    assert not any(path.exists() for path in old)
    assert new.exists()


def test_a_file_where_the_cache_should_be(small_built: Project, small: Project) -> None:
    shutil.rmtree(small.folder / ".cache")
    (small.folder / ".cache").write_text("in the way")
    result = small.build()
    assert result.code == 0, result.log
    assert tree(small.site) == tree(small_built.site)
