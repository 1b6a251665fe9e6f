"""What editions share is copied once, and as it is.

If one fails, see docs/hooks/speed/copies.py.
"""

from collections.abc import Callable
from pathlib import Path

import pytest
from mkdocs.structure.files import File, Files, InclusionLevel
from speed.copies import leave_out_what_is_there


@pytest.fixture
def edition(tmp_path: Path) -> Callable[[], list[str]]:
    """Build an edition into a folder that nobody empties; return what it copied."""
    source, site = tmp_path / "docs", tmp_path / "site"
    source.mkdir()
    (source / "site.css").write_text("a {}", encoding="utf-8")

    def build() -> list[str]:
        files = Files([File("site.css", str(source), str(site), use_directory_urls=True)])
        leave_out_what_is_there(files)
        files.copy_static_files()
        return [file.src_uri for file in files if file.inclusion is not InclusionLevel.EXCLUDED]

    return build


def test_the_second_edition_copies_nothing_again(edition: Callable[[], list[str]]) -> None:
    assert edition() == ["site.css"]
    assert edition() == []


def test_what_was_edited_or_is_gone_is_copied_again(
    edition: Callable[[], list[str]], tmp_path: Path
) -> None:
    there = tmp_path / "site" / "site.css"
    edition()
    (tmp_path / "docs" / "site.css").write_text("b { color: red }", encoding="utf-8")
    edition()
    assert there.read_text("utf-8") == "b { color: red }"
    there.unlink()
    edition()
    assert there.read_text("utf-8") == "b { color: red }"
