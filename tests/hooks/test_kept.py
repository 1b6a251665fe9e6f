"""What is kept for the next build is whole, or as if it were not there.

If one fails, see docs/hooks/engine/kept.py.
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from engine.kept import forget_unused, keep, recall

CONTENT = b"what it cost seconds to make\n" * 50


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def empty(path: Path) -> None:
    path.write_bytes(b"")


def change_a_byte(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"cost", b"lost", 1))


def write_something_else(path: Path) -> None:
    path.write_text("{}")


def put_another_in_its_place(path: Path) -> None:
    other = path.with_name("other")
    keep(other, b"what another was made of")
    other.replace(path)


def make_it_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE = [truncate, empty, change_a_byte, write_something_else, put_another_in_its_place]


@pytest.mark.parametrize("damage", [*DAMAGE, make_it_a_folder, Path.unlink])
def test_what_is_damaged_counts_for_nothing(
    tmp_path: Path, damage: Callable[[Path], object]
) -> None:
    path = tmp_path / "runs" / "one"
    keep(path, CONTENT)
    assert recall(path) == CONTENT
    damage(path)
    assert recall(path) is None


def test_no_half_of_a_file_is_ever_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "one"
    keep(path, CONTENT)

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupt)
    with pytest.raises(KeyboardInterrupt):
        keep(path, b"new")
    assert list(tmp_path.iterdir()) == [path]
    assert recall(path) == CONTENT


def test_where_nothing_can_be_kept_it_goes_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    keep(tmp_path / "file" / "one", CONTENT)
    assert recall(tmp_path / "file" / "one") is None


def test_what_no_build_asks_for_is_forgotten(tmp_path: Path) -> None:
    old, asked, left = tmp_path / "a" / "old", tmp_path / "a" / "asked", tmp_path / "a" / ".part-1"
    for path in (old, asked, left):
        keep(path, CONTENT)
        os.utime(path, (0, 0))
    assert recall(asked) == CONTENT
    forget_unused(tmp_path)
    assert list((tmp_path / "a").iterdir()) == [asked]
