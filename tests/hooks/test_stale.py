"""A translation says that it is stale whenever it does not state the English page as it is.

If one fails, see docs/hooks/book/editions.py.
"""

from pathlib import Path

import pytest
from book.editions import note_if_stale, stamp
from mkdocs.config.base import load_config
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

ENGLISH = b"# Cues\n"


@pytest.mark.parametrize(
    ("source", "stale"),
    [(stamp(ENGLISH), False), ("0" * 16, True), ("f" * 16, True), (None, True)],
)
def test_only_the_stamp_of_the_english_page_keeps_the_note_away(
    tmp_path: Path, source: str | None, stale: bool
) -> None:
    docs = tmp_path / "docs"
    for edition in ("en", "zh"):
        (docs / edition).mkdir(parents=True)
        (docs / edition / "cues.md").write_bytes(ENGLISH)
    settings = tmp_path / "mkdocs.yml"
    settings.write_text("site_name: A book\nplugins: []\n")
    labels = {"stale": "Out of date", "stale_hint": "The English page has changed."}
    config = load_config(str(settings), docs_dir=str(docs), extra={"labels": labels})
    page = Page(None, File("zh/cues.md", str(docs), "", use_directory_urls=True), config)
    page.meta = {} if source is None else {"source": source}
    written = note_if_stale("# 线索\n\n文字。\n", page, config)
    assert ("Out of date" in written) == stale
    assert written.startswith("# 线索\n")
