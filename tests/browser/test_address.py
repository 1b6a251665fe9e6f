"""What an explorer shows and what the address says are the same, however a reader moves about.

If one fails, do in a browser what the test does. docs/assets/explorers.js writes the address and
hears of its changes; each script in docs/assets/explorers/ shows what it says.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch

EXPLORERS = {
    "pooling": ("queries-keys-values/", ".pooling [type=range]", ".pooling output", "temperature="),
    "framework": (
        "queries-keys-values/",
        ".framework [type=range]",
        ".framework output",
        "framework=",
    ),
    "cues": ("cues/", ".cues [type=range]", ".cues p", "volition="),
    "translator": (
        "exercises/?translator=the+cat+is+on+the+table",
        '[aria-label="First noun phrase"] > select',
        ".translator .said",
        "translator=",
    ),
    "heatmap": ("", "svg.heatmap-read", ".heatmap-value", "heatmap="),
}
"""Of each kind: a page, what keys move there, what then says another thing, and the address."""


@pytest.mark.parametrize("kind", EXPLORERS)
def test_address_and_explorer_say_the_same(
    watch: Watch, page: Page, address: str, kind: str
) -> None:
    path, control, told, parameter = EXPLORERS[kind]
    page.goto(address + path)
    figure = page.locator(f"[data-explorer={kind}]").first
    figure.scroll_into_view_if_needed()
    said = page.locator(told).first
    moved, follow = page.locator(control).first, "link => link.click()"
    heading = page.locator("article h2 a.headerlink").first
    expect(moved).to_be_attached()
    at_first = said.inner_text()

    moved.press("ArrowLeft")
    before = said.inner_text()
    assert before != at_first
    heading.evaluate(follow)  # a link of the page, right after the change
    expect(page).to_have_url(re.compile(rf"\?{parameter}.*#"))
    first = page.url
    moved.press("ArrowRight")
    moved.press("ArrowRight")
    after = said.inner_text()
    assert after != before
    expect(page).not_to_have_url(first)

    page.go_back()
    expect(page).to_have_url(first.partition("#")[0])
    expect(said).to_have_text(before)
    page.go_forward()
    expect(said).to_have_text(after)

    moved.press("ArrowLeft")
    moved.press("ArrowLeft")
    now = page.evaluate("location.search")
    page.locator("a[hreflang=zh].md-select__link").evaluate(follow)
    page.wait_for_url("**/zh/**")
    assert page.evaluate("location.search") != now
    assert parameter in page.url
    assert watch.errors == []


def test_a_link_to_an_explorer_can_be_copied_and_leads_to_it_and_tells_its_state(
    watch: Watch, page: Page, address: str
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + "cues/")
    figure = page.locator("figure:has([data-explorer=cues])")
    figure.scroll_into_view_if_needed()
    figure.get_by_role("slider").press("Home")
    said = figure.locator(".cues p").first.inner_text()
    figure.get_by_role("button", name="Copy link").click()
    expect(figure.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert re.search(r"/cues/\?volition=0#[\w-]+$", link)

    page.goto(address)
    page.goto(link)
    expect(figure).to_be_in_viewport()
    expect(figure.locator(".cues p").first).to_have_text(said)
    told = figure.locator("desc").last.text_content()
    assert told
    expect(figure.get_by_role("status").filter(has_text=told)).to_be_attached()
    assert watch.errors == []
