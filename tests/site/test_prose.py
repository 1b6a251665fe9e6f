"""What the sources of the pages must not contain.

If one fails, its message says what to write instead.
"""

import re
from pathlib import Path

import pytest
from engine.cells import read_cells

from tests.conftest import ROOT

SOURCES = sorted((ROOT / "docs").glob("??/**/*.md"))

NOT_PROSE = re.compile(
    r"\A---\n.*?\n---\n"  # front matter
    r"|^(`{3,}).*?^\1`*\s*?$"  # fenced blocks
    r"|`[^`\n]+`"  # code
    r"|\$\$.*?\$\$|\$[^$\n]+\$"  # formulas
    r"|\{\{.*?\}\}"  # facts
    r"|\]\([^)]*\)|<[^>]+>|https?://\S+|doi:\S+|arXiv:\S+",  # addresses
    re.DOTALL | re.MULTILINE,
)
NUMBER = re.compile(r"\d+[.,]\d+|\d\s?[%％]|\bper\s?cent\b")
ALLOWED = re.compile(
    r"Python 3\.\d+((, |、)3\.\d+)*( (or|或) 3\.\d+)?|CC BY-SA 4\.0|Apache 2\.0"
    r"|Guided Search 6\.0|\d\.\d+ 亿"  # a whole number of millions
)


def typed_numbers(source: str) -> list[str]:
    """Decimals and percentages in sentences, captions and alternative texts."""
    return NUMBER.findall(ALLOWED.sub("", NOT_PROSE.sub(" ", source)))


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}-{path.stem}")
def test_no_number_of_ours_is_typed_into_a_sentence(path: Path) -> None:
    found = typed_numbers(path.read_text(encoding="utf-8"))
    assert found == [], (
        f"{path.name} types {found} into a sentence. If our code computes it, leave it in a name "
        "in a cell and write {{ name:.2f }}; if a source says it, cite the source and round it "
        "to a whole number or write it as a formula."
    )


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("The weight is 0.63 here.", ["0.63"]),
        ("It wins in 98 % of scenes, or 5%.", ["8 %", "5%"]),
        ("/// cell | a-map\n    alt: 5% of a map\n\nIt is 0.5.\n///", ["5%", "0.5"]),
        ("```{.python}\nx = 0.25\n```", []),
        ("It is {{ peak:.2f }}, `0.5` or $0.5$, in Python 3.11 or 3.12.", []),
        ("See [this](https://example.org/1.5).", []),
    ],
)
def test_the_finder_finds_them(source: str, found: list[str]) -> None:
    assert typed_numbers(source) == found


SCRIPTS = sorted((ROOT / "attncues" / "chapter").glob("[a-z]*.py"))


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_cell_that_is_shown_is_read_at_a_glance(path: Path) -> None:
    long = [
        cell.name
        for cell in read_cells(path, path.name)
        if not cell.tags & {"hide-input", "hide-cell"}
        # What exercises ask for, and a function that a page is about, are as long as they are.
        and not re.search(r"^(def|class) ", cell.source, re.MULTILINE)
        and path.stem != "more_exercises"
        and len(re.findall(r"^.*\S", cell.source, re.MULTILINE)) > 6
    ]
    assert not long, "part these cells in two, or fold what keeps the books: tags=['hide-input']"
