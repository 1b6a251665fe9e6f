"""What a page offers to those who learn and teach: an opening, questions, terms, plans.

If one fails, see docs/hooks/book/opening.py, questions.py and terms.py, and docs/en/teaching.md.
"""

import csv
import re
from html import escape
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup, Tag

from tests.conftest import ROOT, Project

CHAPTER = (
    "cues",
    "cues-in-the-laboratory",
    "visual-search",
    "queries-keys-values",
    "visualising-attention",
    "reading-heatmaps",
    "hard-attention",
    "transformers",
    "language-model",
)
MORE = ("summary", "exercises", "more-exercises", "practice", "teaching")
EDITIONS = ("", "zh/")
TOLD = {"": ("Right.", "Not so."), "zh/": ("对。", "不对。")}
WORDS = {"": ("English", "meaning"), "zh/": ("中文", "释义")}

with (ROOT / "docs" / "glossary.csv").open(encoding="utf-8", newline="") as stream:
    TERMS = list(csv.DictReader(stream))


def article(built: Project, page: str) -> Tag:
    found = BeautifulSoup(built.html(page), "html.parser").find("article")
    assert isinstance(found, Tag)
    return found


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("page", [*CHAPTER, *MORE])
def test_a_page_opens_with_minutes_abilities_and_what_to_know(
    built: Project, edition: str, page: str
) -> None:
    shown = article(built, edition + page)
    opening = shown.select_one("h1 + .reading-time + .opening")
    assert opening is not None, f"{page} has no `able` and `before` in its front matter"
    able, before = opening.select("dd")
    assert len(able.select("li")) >= 2, page
    assert before.get_text().strip(), page


@pytest.mark.parametrize("page", [*CHAPTER, *MORE])
def test_both_editions_open_alike(built: Project, page: str) -> None:
    here, there = (
        article(built, edition + page).select_one(".opening") for edition in reversed(EDITIONS)
    )
    assert here is not None and there is not None
    assert len(here.select("li")) == len(there.select("li"))
    links = [[str(link["href"]) for link in one.select("a")] for one in (here, there)]
    assert links[0] == links[1]


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("page", [*CHAPTER, "exercises", "translator"])
def test_a_page_asks_three_questions_and_answers_after_a_choice(
    built: Project, edition: str, page: str
) -> None:
    shown = article(built, edition + page)
    asked = shown.select(".asked")
    assert len(asked) >= 3, f"{page} asks {len(asked)} questions"
    for question in asked:
        options = []
        for one in question.find_next_siblings():
            if one.name != "details" or not {"right", "wrong"} & set(one.get("class") or ()):
                break
            options.append(one)
        said = question.get_text()
        kinds = [str((one.get("class") or [""])[0]) for one in options]
        assert len(options) >= 2 and kinds.count("right") == 1, said
        for option, kind in zip(options, kinds, strict=True):
            assert not option.has_attr("open"), f"the answer is shown before the choice: {said}"
            verdict = option.select_one("summary + p > strong")
            assert verdict is not None, said
            assert verdict.get_text() == TOLD[edition][kind == "wrong"], said
            reason = option.get_text().partition(verdict.get_text())[2]
            assert len(reason.strip()) > 6, f"no reason below {option.summary}: {said}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_place_of_the_right_option_says_nothing(built: Project, edition: str) -> None:
    places = []
    for page in CHAPTER:
        kinds = [
            str((one.get("class") or [""])[0])
            for one in article(built, edition + page).select(".asked ~ details:is(.right, .wrong)")
        ]
        places += [at % 3 for at, kind in enumerate(kinds) if kind == "right"]
    assert len(set(places)) == 3


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("page", [*CHAPTER, "summary", "exercises"])
def test_the_first_mention_of_a_term_says_what_it_means(
    built: Project, edition: str, page: str
) -> None:
    name, meaning = WORDS[edition]
    glossary = BeautifulSoup(built.html(f"{edition}glossary"), "html.parser")
    shown = article(built, edition + page)
    terms = shown.select("a.term")
    assert len(terms) >= 3, f"{page} explains {len(terms)} terms"
    means = [str(term["data-means"]) for term in terms]
    assert len(set(means)) == len(means), "only the first mention is explained"
    rows = {row[meaning]: row for row in TERMS}
    for term in terms:
        row = rows[str(term["data-means"])]
        assert term.get_text().lower().startswith(row[name].lower()[:-1])
        address, _, anchor = str(term["href"]).partition("#")
        assert urljoin(f"/{edition}{page}/", address) == f"/{edition}glossary/"
        place = glossary.find(id=anchor)
        assert place is not None and place.get_text() == row[name], term
        assert not term.find_parent(["h1", "h2", "h3", "summary", "code", "a"])


def test_no_term_is_found_within_another(built: Project) -> None:
    html = built.html("zh/queries-keys-values")
    volition = next(row["释义"] for row in TERMS if row["中文"] == "自主性")
    for match in re.finditer(rf'data-means="{re.escape(escape(volition))}">([^<]*)</a>(..)', html):
        assert match[2] != "提示"


@pytest.mark.parametrize("edition", EDITIONS)
def test_the_plans_take_the_time_that_they_name(built: Project, edition: str) -> None:
    shown = article(built, f"{edition}teaching")
    for anchor, total in (("short", 45), ("long", 90)):
        heading = shown.find(id=anchor)
        assert isinstance(heading, Tag) and str(total) in heading.get_text()
        table = heading.find_next("table")
        assert isinstance(table, Tag)
        minutes = [int(row.select("td")[0].get_text()) for row in table.select("tbody tr")]
        assert sum(minutes) == total, f"the steps of the plan take {sum(minutes)} minutes"
        for row in table.select("tbody tr"):
            assert row.select("td:nth-of-type(3) a"), f"nothing to open: {row.get_text()}"


@pytest.mark.parametrize("edition", EDITIONS)
def test_figures_for_slides_lead_to_their_files(built: Project, edition: str) -> None:
    shown = article(built, f"{edition}teaching")
    gallery = BeautifulSoup(built.html(f"{edition}gallery"), "html.parser")
    links = [str(link["href"]) for link in shown.select("a[href*='gallery/#']")]
    assert len(links) >= 12
    for link in links:
        entry = gallery.find(id=link.partition("#")[2])
        assert isinstance(entry, Tag), link
        files = [str(one["href"]) for one in entry.select("a[download]")]
        assert {name.rpartition(".")[2] for name in files} == {"svg", "png", "pdf"}, link
        for name in files:
            assert (built.site / f"{edition}gallery" / name).resolve().is_file(), name
