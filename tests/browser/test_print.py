"""What comes out of a printer.

If one fails, print the page from a browser to a file: the rules are below `@media print` in
docs/assets/site.css.
"""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Watch
from tests.conftest import thorough


@pytest.mark.parametrize(
    ("path", "answer"),
    thorough(
        [("exercises/", "The volitional cue, the query,"), ("zh/exercises/", "自主性提示")],
        but=[("zh/exercises/", "自主性提示")],
    ),
)
def test_a_page_prints_open_light_and_alone(
    watch: Watch, page: Page, address: str, path: str, answer: str
) -> None:
    page.emulate_media(media="print", color_scheme="dark")
    page.goto(address + path)
    expect(page.locator("article details.solution").get_by_text(answer).first).to_be_visible()
    for folded in page.locator("article details:not(.get)").all():
        expect(folded.locator("p, pre").last).to_be_visible()
    for part in (".md-header", ".md-sidebar", ".md-footer", ".md-code__nav", ".headerlink"):
        assert page.locator(f"{part} >> visible=true").count() == 0, part
    ink, paper = page.evaluate(
        """() => [getComputedStyle(document.querySelector("figure svg text")).fill,
                  getComputedStyle(document.querySelector("article pre > code")).backgroundColor]"""
    )
    assert max(_channels(ink)) < 80
    assert min(_channels(paper)) > 200

    pdf = page.pdf(format="A4")
    assert 4 <= len(re.findall(rb"/Type */Page\b", pdf)) <= 24  # as fonts have it
    # A figure that fits on a page is not cut.
    cut = page.locator("figure.computed").evaluate_all(
        """figures => figures.filter(figure => getComputedStyle(figure).breakInside !== "avoid"
                                      || figure.offsetHeight > 900).length"""
    )
    assert cut == 0


def _channels(colour: str) -> list[float]:
    return [float(number) for number in re.findall(r"[\d.]+", colour)[:3]]
