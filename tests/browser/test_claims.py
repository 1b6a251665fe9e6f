"""A reader asks a sentence what makes it true: by pointer, touch, key, and without scripts.

If one fails, see the end of docs/assets/site.js and docs/hooks/engine/claims.py.
"""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.conftest import thorough

PAGE = "queries-keys-values/"
CLAIM = "figcaption a.claim"


@pytest.mark.parametrize("path", thorough([PAGE, f"zh/{PAGE}"], but=[f"zh/{PAGE}"]))
def test_words_open_their_check_beside_them(
    watch: Watch, page: Page, address: str, path: str
) -> None:
    page.goto(address + path)
    claim = page.locator(CLAIM).first
    claim.click()
    check = page.get_by_role("dialog", name=claim.inner_text())
    expect(check).to_be_visible()
    expect(check).to_be_focused()
    expect(check.locator("code")).to_have_text(re.compile(r"^\w+ = "))
    words, box = claim.bounding_box(), check.bounding_box()
    assert words is not None and box is not None
    gap = max(box["y"] - words["y"] - words["height"], words["y"] - box["y"] - box["height"])
    assert gap < 30
    assert page.evaluate("innerWidth") >= box["x"] + box["width"]
    assert page.url == address + path
    assert [one["id"] for one in Axe().run(page).response["violations"]] == []

    page.keyboard.press("Escape")
    expect(check).to_have_count(0)
    expect(claim).to_be_focused()


def test_a_key_opens_it_and_leads_to_the_code(watch: Watch, page: Page, address: str) -> None:
    page.goto(address + PAGE)
    claim = page.locator(CLAIM).first
    claim.focus()
    page.keyboard.press("Enter")
    check = page.get_by_role("dialog", name=claim.inner_text())
    code = check.locator("code").inner_text()
    check.get_by_role("link").click()
    expect(check).to_have_count(0)
    place = page.locator(":target")
    expect(place).to_be_visible()  # in a block that was folded
    assert code.split(" = ")[0] in place.inner_text()


def test_only_one_check_is_open(watch: Watch, page: Page, address: str) -> None:
    page.goto(address + PAGE)
    for claim in (page.locator(CLAIM).first, page.locator("article > p > a.claim").last):
        claim.click()
        expect(page.locator(".check")).to_have_count(1)
        expect(page.get_by_role("dialog", name=claim.inner_text())).to_be_visible()
    page.locator(".check button").click()
    expect(page.locator(".check")).to_have_count(0)


def test_a_phone_shows_a_check_whole(browser: Browser, address: str) -> None:
    with browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce"
    ) as context:
        page = context.new_page()
        page.goto(address + PAGE)
        for claim in page.locator("article :is(p, figcaption) > a.claim").all()[::6]:
            if not claim.is_visible():
                continue  # in a question that is folded
            claim.tap()
            box = page.locator(".check").bounding_box()
            assert box is not None
            assert box["x"] >= 0 and box["x"] + box["width"] <= 360
            page.keyboard.press("Escape")
        assert page.evaluate("document.documentElement.scrollWidth") <= 360


def test_without_scripts_words_lead_to_their_check_and_back(browser: Browser, address: str) -> None:
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(address + PAGE)
        page.locator(CLAIM).first.click()
        check = page.locator("details.checks li:target")
        expect(check).to_be_visible()
        expect(check.locator("code")).to_be_visible()
        check.get_by_role("link").first.click()
        expect(page.locator("a.claim:target")).to_be_visible()


def test_paper_has_every_check(watch: Watch, page: Page, address: str) -> None:
    page.emulate_media(media="print")
    page.goto(address + PAGE)
    expect(page.locator("details.checks li code").last).to_be_visible()
