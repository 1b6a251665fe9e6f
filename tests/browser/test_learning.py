"""How a reader answers questions, meets terms, and opens a plan: by pointer, key, touch.

If one fails, see docs/hooks/book/questions.py and terms.py, the end of docs/assets/site.js, and
docs/en/teaching.md.
"""

import re
from urllib.parse import parse_qsl, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_site import PHONE, SCHEMES, WCAG
from tests.conftest import Project, thorough

PAGE = "queries-keys-values/"


def tip(term: Locator) -> str:
    """What a term shows of its meaning."""
    return str(term.evaluate("one => getComputedStyle(one, '::after').content")).strip('"')


@pytest.mark.parametrize("scripts", [True, False])
@pytest.mark.parametrize("edition", thorough(["", "zh/"], but=[""]))
def test_an_option_tells_by_key_whether_it_is_right(
    browser: Browser, address: str, edition: str, scripts: bool
) -> None:
    with browser.new_context(java_script_enabled=scripts, reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(f"{address}{edition}{PAGE}")
        question = page.locator(".asked").first
        verdicts = page.locator("details:is(.right, .wrong) > p:first-of-type > strong")
        assert verdicts.filter(visible=True).count() == 0
        for option in question.locator("xpath=following-sibling::details[position() <= 3]").all():
            summary = option.locator("> summary")
            summary.focus()
            page.keyboard.press("Enter")
            verdict = option.locator("> p > strong").first
            expect(verdict).to_be_visible()
            right = "right" in (option.get_attribute("class") or "")
            words = ("对。", "不对。") if edition else ("Right.", "Not so.")
            expect(verdict).to_have_text(words[not right])


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("path", [PAGE, f"zh/{PAGE}", "teaching/", "zh/teaching/"])
def test_open_answers_are_accessible(
    watch: Watch, page: Page, address: str, path: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address + path)
    page.evaluate(
        "document.querySelectorAll('article details').forEach(one => { one.open = true; })"
    )
    if page.locator("a.term").count():
        page.locator("a.term").first.focus()
    options = {"runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(page, options=options).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize("path", thorough([PAGE, f"zh/{PAGE}"], but=[f"zh/{PAGE}"]))
def test_a_term_shows_its_meaning_to_a_pointer_and_to_the_focus(
    watch: Watch, page: Page, address: str, path: str
) -> None:
    page.goto(address + path)
    first, second, *_ = page.locator("article a.term").all()
    assert tip(first) == "none"
    first.hover()
    assert tip(first) == first.get_attribute("data-means")
    page.keyboard.press("Escape")
    assert tip(first) == "none"
    second.focus()
    assert tip(second) == second.get_attribute("data-means")
    page.keyboard.press("Escape")
    assert tip(second) == "none"
    second.press("Enter")
    page.wait_for_url(re.compile("/glossary/#"))
    expect(page.locator(":target")).to_be_visible()


WIDEST = """() => Math.max(...[document.documentElement, ...document.querySelectorAll(
    ".md-typeset__scrollwrap")].map((one) => one.scrollWidth - one.clientWidth))"""


@pytest.mark.thorough
@pytest.mark.parametrize("path", [PAGE, "zh/cues/", "teaching/"])
def test_a_phone_shows_a_meaning_first_and_then_leads_on(
    browser: Browser, address: str, path: str
) -> None:
    with browser.new_context(
        viewport=PHONE, has_touch=True, is_mobile=True, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.goto(address + path)
        for term in page.locator("article a.term").all():
            if not term.is_visible():
                continue  # in a question that is folded
            wide = page.evaluate(WIDEST)
            term.tap()
            assert tip(term) == term.get_attribute("data-means")
            assert page.evaluate(WIDEST) <= wide, "a meaning leaves the screen"
            last = term
            page.touchscreen.tap(4, 200)  # beside it, as its meaning may hide others
        assert page.url == address + path
        last.tap()
        last.tap()
        page.wait_for_url(re.compile("/glossary/#"))


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", SCHEMES)
def test_a_page_opens_within_a_phone(browser: Browser, address: str, scheme: str) -> None:
    with browser.new_context(
        viewport=PHONE, color_scheme="dark" if scheme == "dark" else "light"
    ) as context:
        page = context.new_page()
        for path in (PAGE, f"zh/{PAGE}"):
            page.goto(address + path)
            opening = page.locator(".opening")
            expect(opening).to_be_visible()
            box = opening.bounding_box()
            assert box is not None and box["x"] >= 0
            assert box["x"] + box["width"] <= PHONE["width"]
            assert box["height"] < PHONE["height"] / 2, "an opening is short"


@pytest.mark.thorough
@pytest.mark.parametrize("edition", ["", "zh/"])
def test_the_links_of_the_plans_open_figures_in_their_states(
    watch: Watch, page: Page, address: str, built: Project, edition: str
) -> None:
    page.goto(f"{address}{edition}teaching/")
    links = page.locator("article a[href*='?']").evaluate_all("all => all.map((one) => one.href)")
    assert len(set(links)) >= 12
    for link in sorted(set(links)):
        page.goto(link)
        asked = dict(parse_qsl(urlsplit(link).query))
        for name, value in asked.items():
            shown(page, name, value)


def shown(page: Page, name: str, value: str) -> None:
    """Expect that an explorer shows what a parameter of the address says."""
    if name == "volition":
        expect(page.locator(".cues [type=range]")).to_have_value(
            str(float(value)).rstrip("0").rstrip(".")
        )
    elif name == "target":
        pressed = page.locator(".cues-things [aria-pressed=true]")
        expect(pressed).to_have_count(1)
    elif name == "cup":
        expect(page.locator(".cues [role=switch]")).to_be_checked()
    elif name == "framework":
        query, _, *masked = value.split(",")
        checked = page.locator(f".framework [type=radio][value='{query}']")
        expect(checked).to_be_checked()
        expect(page.locator(".framework .masked")).to_have_count(len(masked))
    elif name == "score":
        expect(page.locator(".pooling select")).to_have_value(value)
    elif name == "temperature":
        told = page.locator(".pooling output").first
        expect(told).not_to_be_empty()
        assert float(told.inner_text()) == float(value)
    elif name == "query":
        expect(page.locator(".pooling")).to_be_visible()
    elif name == "heatmap":
        figure = page.locator(f"figure:has([data-figure={value.split('.')[0]}])")
        expect(figure.locator("[role=status]")).not_to_be_empty()
    elif name == "glimpse":
        step, *_ = value.split(",")
        expect(page.locator(".glimpse output")).to_contain_text(step)
    else:
        raise AssertionError(f"the plans name a parameter that no explorer has: {name}")
