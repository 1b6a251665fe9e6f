"""A sentence that claims something is held to the bool that a cell computes for it.

If one fails, see docs/hooks/engine/claims.py.
"""

import json
from pathlib import Path

import pytest
from book import figures
from bs4 import BeautifulSoup
from engine import complaints
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

from tests.hooks.conftest import Site

SCRIPT = """
# %% count
winner = "cup"
cups, desks = 50, 50
cup_wins = winner == "cup"
it_always_wins = cups == desks
it_never_wins = cups < desks / 2
many = cups
weights = [0.25, 0.75]
second_is_larger = weights[1] > weights[0] and max(weights) < 1
all_are_small = all(weight < 1 for weight in weights)
both = cup_wins and all_are_small
few = [*range(100)] > [-1] and {*"ba"} == {"a", "b"} != {winner: 1.5}
asked = []


def ask():
    asked.append(winner)
    return asked


was_asked_once = len(ask()) == 1 and asked == ["cup"]
none_is_empty = not any(one == "" for one in [winner] * 9)

# %% arrays tags=["hide-cell"]
import numpy as np

grid = np.arange(100.0).reshape(10, 10)
no_cell_is_negative = bool((grid >= 0).all())
same = np.allclose(grid, grid + 1e-9)
no_pair_is_c = all(("a", each) != ("c", 0) for each in (grid, grid + 1))
nothing_is_there = not grid[:2, :2].any() or (grid[:2, :2] < 12).all().item()

# %% picture tags=["hide-input"]
from IPython.display import SVG

darkest = "book"
book_is_dark = darkest == "book"
SVG('<svg width="9"/>')
"""
CELLS = """
/// cell | count
///

/// cell | picture
    alt: [A book]{claim=book_is_dark}

The [book is *dark*, the {{ darkest }}]{claim=book_is_dark}.
///
"""


@pytest.fixture
def claimed(site: Site) -> Site:
    site.script(SCRIPT)
    return site


def wrong(site: Site, sentence: str) -> str:
    site.build(f"# A page\n\nA line.\n{sentence}\n{CELLS}")
    [said] = site.said
    return said


def test_what_holds_is_a_link_to_its_check(claimed: Site) -> None:
    sentence = "Here [the cup wins]{claim=cup_wins}, and [always]{claim=it_always_wins}."
    markdown, html = claimed.build(f"{sentence}\nAs I said, [it wins]{{claim=cup_wins}}.\n{CELLS}")
    assert claimed.said == set()
    assert "data-checks" in markdown  # so the search reads none of the checks
    assert "cups == desks" not in markdown.replace("it_always_wins = cups == desks", "")
    soup = BeautifulSoup(html, "html.parser")
    links = soup.select("a.claim")
    assert [link.get_text() for link in links][:3] == ["the cup wins", "always", "it wins"]
    for link in links:
        [check] = soup.select(str(link["href"]))
        back = check.select_one("a[href^='#c']")
        assert back is not None and len(soup.select(str(back["href"]))) == 1
    wins, always, dark = soup.select("details.checks li")
    assert "cup_wins = " in wins.get_text()
    assert [code.get_text() for code in always.select("code")] == ["it_always_wins = cups == desks"]
    assert "cups = 50, desks = 50" in always.get_text()
    assert always.select("a[href='#code-count']")
    assert "book is dark, the book" in dark.get_text()


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("cup_wins", "winner = 'cup'"),
        ("second_is_larger", "weights[1] = 0.75, weights[0] = 0.25, max(weights) = 0.75"),
        ("all_are_small", "weight = 0.25, 0.75"),
        ("both", "winner = 'cup', weight = 0.25, 0.75"),
        (
            "few",
            "[*range(100)] = [0 … 99], {*'ba'} = {'a', 'b'}, {winner: 1.5} = {'cup': 1.5}",
        ),
        ("was_asked_once", "len(ask()) = 1, asked = ['cup']"),
        ("none_is_empty", "one = 'cup'"),
        ("no_cell_is_negative", "grid = [0 … 99]"),
        ("same", "abs(grid - (grid + 1e-09)).max() = 1e-09"),
        ("no_pair_is_c", "('a', each) = ('a', [0 … 99]), ('a', [1 … 100])"),
        ("nothing_is_there", "grid[:2, :2] = [[0, 1], [10, 11]]"),
    ],
)
def test_the_values_that_were_compared_are_told(claimed: Site, name: str, told: str) -> None:
    _, html = claimed.build(f"[This]{{claim={name}}}.\n{CELLS}")
    check = BeautifulSoup(html, "html.parser").select_one("#k1")
    assert check is not None
    assert [span.get_text() for span in check.select("span")] == [told]


def test_a_false_claim_fails_and_says_where_and_why(claimed: Site) -> None:
    said = wrong(claimed, "The cup [{{ cups }} times wins *never*]{claim=it_never_wins}.")
    assert said.startswith("en/a-page.md: line 4: “{{ cups }} times wins *never*” claims it_never_")
    assert "the cell count finds it false: it_never_wins = cups < desks / 2, with cups = 50" in said
    assert "desks / 2 = 25" in said


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("cup_win", "no cell leaves that as a bool; there are cup_wins"),
        ("many", "that is 50, no bool: compare it in a cell"),
        ("weights", "no cell leaves that as a bool"),
    ],
)
def test_a_claim_is_a_bool_of_the_page(claimed: Site, claim: str, said: str) -> None:
    assert said in wrong(claimed, f"[The cup wins]{{claim={claim}}}.")


def test_a_claim_that_two_cells_decide_is_none(claimed: Site) -> None:
    claimed.script(f"# %% again\ncup_wins = True\n{SCRIPT}")
    sentence = "[The cup wins]{claim=cup_wins}.\n\n/// cell | again\n///\n"
    assert "two cells assign cup_wins" in wrong(claimed, sentence)


def test_a_claim_holds_no_link(claimed: Site) -> None:
    said = wrong(claimed, "[The [cup](a-page.md) wins]{claim=cup_wins}.")
    assert "so it cannot hold a link" in said


def test_a_page_without_cells_claims_nothing(claimed: Site) -> None:
    claimed.build("# Another\n\n[The cup wins]{claim=cup_wins}.\n", name="another")
    [said] = claimed.said
    assert said.startswith("en/another.md: line 3:") and "there are none" in said


def test_claims_in_captions_and_alternative_texts_are_held_to_it(claimed: Site) -> None:
    claimed.script(SCRIPT.replace('"book"\nbook', '"cup"\nbook'))
    claimed.build(CELLS)
    assert len(claimed.said) == 2
    assert any("line 6: “A book” claims" in said for said in claimed.said)
    assert any(
        "line 8: “book is *dark*, the {{ darkest }}” claims" in said for said in claimed.said
    )


def test_an_alternative_text_and_the_notebook_have_the_words_alone(claimed: Site) -> None:
    marked = "[A key]{definition} is [old]{source=james-1890}: [the cup wins]{claim=cup_wins}."
    _, html = claimed.build(f"{marked}\n\n`[code]{{claim=no}}`\n{CELLS}")
    assert claimed.said == set()
    assert "<title>A book</title>" in html
    assert "A key is old: " in html and "`[code]{claim=no}`" in html
    cells = json.loads(Path(claimed.notebook).read_text(encoding="utf-8"))["cells"]
    assert cells[1]["source"].startswith("A key is old: the cup wins.")


def test_a_preview_shows_a_false_claim_in_its_place(
    claimed: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(complaints, "serving", True)
    _, html = claimed.build(f"The cup [never wins]{{claim=it_never_wins}}.\n{CELLS}")
    false = BeautifulSoup(html, "html.parser").select_one("mark.false")
    assert false is not None
    assert false.get_text() == "never winsit_never_wins = cups < desks / 2"


FIGURES = """
# %% bright tags=["figure"]
from IPython.display import SVG

brightest = "cup"
SVG('<svg width="9"/>')

# %% dark tags=["figure"]
darkest = "book"
SVG('<svg width="9"/>')
"""


def test_words_that_would_fit_another_figure_fail(site: Site) -> None:
    site.script(FIGURES)
    texts = [
        ["[The first]{figure=bright}", "Brightest: the {{ brightest }}."],
        ["[The second]{figure=dark}", "Darkest: the {{ darkest }}."],
    ]

    def complaints_of(texts: list[list[str]]) -> list[str]:
        blocks = [
            f"/// cell | {name}\n    alt: {alt}\n\n{caption}\n///\n"
            for name, (alt, caption) in zip(("bright", "dark"), texts, strict=True)
        ]
        markdown = "# A page\n\n" + "\n".join(blocks)
        site.build(markdown)
        [notebook] = site.pages.notebooks.values()
        site.said.clear()
        file = File("en/a-page.md", "", "", use_directory_urls=True)
        figures.insist_on_words(
            site.pages.blocks(notebook, markdown), Page(None, file, site.config)
        )
        return sorted(site.said)

    assert complaints_of(texts) == []
    (first, one), (second, other) = texts
    swapped = complaints_of([[first, other], [second, one]])
    assert len(swapped) == 2
    assert "the caption of the figure bright would fit another" in swapped[0]
    assert len(complaints_of([[second, one], [first, other]])) == 2
    assert len(complaints_of([["A picture", "Of it."], [second, other]])) == 2
