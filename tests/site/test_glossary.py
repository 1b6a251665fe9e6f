"""Each term of the glossary means something, and leads to where it is explained.

If one fails, see docs/glossary.csv; docs/hooks/book/glossary.py writes the page of terms, and
docs/hooks/book/search_index.py what the search finds of them.
"""

import csv
import json

import pytest
from bs4 import BeautifulSoup

from tests.conftest import ROOT, Project

with (ROOT / "docs" / "glossary.csv").open(encoding="utf-8", newline="") as stream:
    ROWS = list(csv.DictReader(stream))
EDITIONS = {"": ("English", "also", "meaning"), "zh/": ("中文", "又称", "释义")}


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["English"]))
def test_a_term_has_a_meaning_in_both_languages_and_a_place(row: dict[str, str]) -> None:
    assert row["English"] and row["中文"]
    assert row["meaning"].endswith(".")
    assert row["释义"].endswith("。")
    assert row["explained"]


@pytest.mark.parametrize("column", ["English", "中文"])
def test_a_term_stands_for_one_idea(column: str) -> None:
    names = [row[column] for row in ROWS]
    assert len(names) == len(set(names)) > 40


@pytest.mark.thorough
@pytest.mark.parametrize("edition", EDITIONS)
def test_a_term_leads_to_its_place(built: Project, edition: str) -> None:
    for row in ROWS:
        page, _, anchor = row["explained"].partition("#")
        soup = BeautifulSoup(built.html(edition + page.removesuffix(".md")), "html.parser")
        assert not anchor or soup.find(id=anchor), f"no #{anchor} on {edition}{page}: {row}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_page_of_terms_tells_all_of_them(built: Project, edition: str) -> None:
    soup = BeautifulSoup(built.html(f"{edition}glossary"), "html.parser")
    terms = [tag.get_text() for tag in soup.select("article dt strong")]
    meanings = [tag.get_text() for tag in soup.select("article dd")]
    name, also, meaning = EDITIONS[edition]
    assert terms == [row[name] for row in ROWS]
    for row, told in zip(ROWS, meanings, strict=True):
        assert row[meaning] in told
        assert all(other in told for other in row[also].split("|"))
    assert len(soup.select("article dt a")) == len(ROWS)


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_search_knows_all_names_and_no_labels(built: Project, edition: str) -> None:
    index = json.loads((built.site / edition / "search/search_index.json").read_text("utf-8"))
    known = {name for entry in index["docs"] for term in entry.get("terms", ()) for name in term}
    for row in ROWS:
        columns = (row[one] for one in ("English", "中文", "also", "又称", "avoid"))
        assert set(filter(None, "|".join(columns).split("|"))) <= known, row
    text = "\n".join(entry["text"] for entry in index["docs"])
    assert "下载这幅图" not in text and "Get this figure" not in text
    assert "python -m attncues figures desk" not in text
    assert "\u200b" not in text
