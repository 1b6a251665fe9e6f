"""Whether figures can be read where they stand: in both schemes, and with colours forced.

If one fails, open the page that it names in that scheme: colours of figures are in
attncues/style, those of pages in docs/assets/site.css.
"""

import re
from io import BytesIO
from typing import Literal

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Browser, FloatRect, Page, expect

from attncues import chapter
from attncues.chapter import index as home
from tests.browser.conftest import Watch
from tests.conftest import thorough

Colour = tuple[float, ...]

NAMES = dict.fromkeys(chapter.figures().values())
PAGES = ["" if name == "index" else f"{name.replace('_', '-')}/" for name in NAMES]

TEXTS = """() => [...document.querySelectorAll("figure.computed svg text")].map(text => {
    const { left, top, width, height } = text.getBoundingClientRect();
    const box = [left + scrollX, top + scrollY, left + scrollX + width, top + scrollY + height];
    return [text.textContent, getComputedStyle(text).fill, box];
})"""


def luminance(colour: Colour) -> float:
    """The relative luminance of WCAG 2."""
    parts = [part / 255 for part in colour[:3]]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("path", thorough(PAGES, but=[""]))
def test_the_words_of_figures_stand_out_from_what_is_behind_them(
    watch: Watch, page: Page, address: str, path: str
) -> None:
    page.goto(address + path)
    page.evaluate("document.querySelectorAll('article details').forEach(e => { e.open = true; })")
    # What is far from the window is drawn when it is near; the picture is of the whole page.
    page.add_style_tag(content="svg { content-visibility: visible !important; }")
    schemes: list[Literal["light", "dark"]] = ["light", "dark"]
    for scheme in schemes:
        page.emulate_media(color_scheme=scheme)
        name = "slate" if scheme == "dark" else "default"
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", name)
        texts = page.evaluate(TEXTS)
        assert texts
        seen = Image.open(BytesIO(page.screenshot(full_page=True))).convert("RGB")
        pixels = np.asarray(seen, dtype=np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)
        for text, fill, box in texts:
            left, top, right, bottom = map(round, box)
            colours, counts = np.unique(pixels[top:bottom, left:right], return_counts=True)
            behind = tuple(int(colours[counts.argmax()]).to_bytes(4)[1:])
            ink = tuple(map(float, re.findall(r"[\d.]+", fill)))
            assert contrast(ink, behind) >= 4.5, (scheme, text, fill, behind)


def test_a_figure_far_from_the_window_keeps_its_room(page: Page, address: str) -> None:
    page.goto(address + "queries-keys-values/")
    heights = page.evaluate(
        """() => [...document.querySelectorAll("article svg[role=img]")]
            .filter(({ firstElementChild: inside }) =>
                !inside.checkVisibility({ contentVisibilityAuto: true }))
            .map(figure => figure.getBoundingClientRect().height)"""
    )
    assert len(heights) > 3, "what is far from the window is left out until it is near"
    assert min(heights) > 100


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_colour_means_on_its_paper_what_the_bar_says(
    watch: Watch, page: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address)
    figure = page.locator("[data-explorer=heatmap]")
    figure.scroll_into_view_if_needed()
    seen = Image.open(BytesIO(page.screenshot())).convert("RGB")
    cells, bar = (image.bounding_box() for image in figure.locator("image").all())
    assert cells
    assert bar

    def at(box: FloatRect, across: float, down: float) -> Colour:
        x, y = box["x"] + across * box["width"], box["y"] + down * box["height"]
        colour = seen.getpixel((int(x), int(y)))
        assert isinstance(colour, tuple)
        return colour

    steps = [at(bar, 0.5, 0.99 - share * 0.98) for share in np.linspace(0, 1, 21)]
    strength = [luminance(step) for step in steps]
    assert strength == sorted(strength, reverse=scheme == "light")
    assert contrast(steps[0], steps[-1]) > 10
    for row, weights in enumerate(home.weights):
        for column, weight in enumerate(weights.tolist()):
            # Beside the number in it, a cell has the colour that the bar has at that number.
            colour = at(cells, (column + 0.1) / 5, (row + 0.12) / 4)
            there = at(bar, 0.5, 0.99 - weight * 0.98)
            assert max(abs(a - b) for a, b in zip(colour, there, strict=True)) <= 24


@pytest.mark.parametrize("scheme", thorough(["light", "dark"], but=["dark"]))
def test_a_figure_in_a_file_of_its_own_has_the_ground_of_its_page(
    page: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    with page.expect_response("**/figures/all-heads.svg"):
        page.goto(address + "language-model/#all-heads")
    page.wait_for_load_state("networkidle")
    picture = page.locator("#all-heads image").screenshot()
    seen = Image.open(BytesIO(picture)).convert("RGB")
    grey = np.asarray(seen.convert("L"))
    if scheme == "dark":  # nearly all weights are small, and have the colour of the ground
        assert np.median(grey) < 60
        assert grey.max() > 200
    else:
        paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
        common, counts = np.unique(np.asarray(seen).reshape(-1, 3), axis=0, return_counts=True)
        assert f"rgb({', '.join(map(str, common[counts.argmax()]))})" == paper
        assert grey.min() < 60


def test_figures_code_and_focus_are_seen_with_forced_colours(
    browser: Browser, address: str
) -> None:
    page = browser.new_page(forced_colors="active", color_scheme="dark")
    page.goto(address + "visualising-attention/")
    paper, ink, border = page.evaluate(
        """() => [
            getComputedStyle(document.body).backgroundColor,
            getComputedStyle(document.querySelector("figure svg text")).fill,
            getComputedStyle(document.querySelector("article pre > code")).borderTopStyle,
        ]"""
    )
    paper, ink = (tuple(map(float, re.findall(r"[\d.]+", colour))) for colour in (paper, ink))
    assert contrast(paper, ink) > 10
    assert border == "solid"
    page.keyboard.press("Tab")
    focus = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert focus == "solid"
    page.close()


OPEN = "document.querySelectorAll('article details').forEach(one => { one.open = true; })"
SMALLEST = 10  # CSS pixels

SIZES = """() => [...document.querySelectorAll("figure.computed")].map(figure => [
    figure.id,
    [...figure.querySelectorAll("svg text")].filter(text => text.checkVisibility()).map(text => {
        const { a, b } = text.getScreenCTM();
        return [text.textContent, parseFloat(getComputedStyle(text).fontSize) * Math.hypot(a, b)];
    }),
])"""

PUT_INTO_THE_GALLERY = """() => Promise.all([...document.querySelectorAll(".entry img")].map(
    async image => {
        const { width, paddingLeft, paddingRight } = getComputedStyle(image);
        const figure = document.createElement("figure");
        figure.className = "computed";
        figure.id = `${image.closest(".entry").id}-of-the-gallery`;
        figure.innerHTML = await (await fetch(image.src)).text();
        const svg = figure.firstElementChild;
        svg.style.display = "block";
        const sides = parseFloat(paddingLeft) + parseFloat(paddingRight);
        svg.style.width = `${parseFloat(width) - sides}px`;
        image.replaceWith(figure);
    }
))"""
"""Let the files stand in the page, as wide as they are shown, so that their text is measured."""


@pytest.mark.parametrize("edition", thorough(["", "zh/"], but=["zh/"]))
@pytest.mark.parametrize("path", thorough([*PAGES, "gallery/"], but=["", "cues/"]))
def test_the_words_of_figures_can_be_read_on_a_phone(
    watch: Watch, page: Page, address: str, edition: str, path: str
) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address + edition + path)
    page.evaluate(OPEN)
    page.evaluate(PUT_INTO_THE_GALLERY)
    figures = page.evaluate(SIZES)
    assert sum(len(texts) for _, texts in figures) > 5
    small = {
        name: (text, round(size, 1))
        for name, texts in figures
        for text, size in texts
        if size < SMALLEST
    }
    assert not small, "draw these no wider than attncues.style.COLUMN, in letters of 8 points"


BOOKS = "fold what only keeps the books: tags=['hide-input']"
CODE = """() => {
    const seen = where => [...document.querySelectorAll(where)]
        .filter(one => one.checkVisibility());
    const height = where => seen(where).reduce((sum, one) => sum + one.offsetHeight, 0);
    const cut = seen("article .highlight code").filter(one => one.scrollWidth > one.clientWidth);
    return [height("article .highlight"), height("article figure.computed"),
        cut.map(one => one.textContent.slice(0, 60))];
}"""


@pytest.mark.parametrize("edition", thorough(["", "zh/"], but=[""]))
@pytest.mark.parametrize("path", thorough(PAGES, but=["", "cues/"]))
def test_figures_take_more_room_than_code_and_no_code_is_cut_off(
    watch: Watch, page: Page, address: str, edition: str, path: str
) -> None:
    page.set_viewport_size({"width": 1280, "height": 900})
    page.goto(address + edition + path)
    code, figures, _ = page.evaluate(CODE)
    assert code <= figures, BOOKS
    # What is folded as bookkeeping stays folded; questions and solutions are the lesson.
    page.evaluate(
        "document.querySelectorAll('article details:not(.code, .checks, .get)')"
        ".forEach(one => { one.open = true; })"
    )
    code, figures, cut = page.evaluate(CODE)
    assert not cut
    if path != "more-exercises/":  # which ask for code
        assert code <= figures, BOOKS


@pytest.mark.parametrize(("edition", "words"), [("", "Get this figure"), ("zh/", "下载这幅图")])
def test_what_can_be_had_of_a_figure_opens_below_its_caption_by_keyboard(
    watch: Watch, page: Page, address: str, edition: str, words: str
) -> None:
    page.goto(f"{address}{edition}cues/")
    caption = page.locator("#desk-maps > figcaption")
    summary = caption.get_by_text(words)
    summary.focus()
    page.keyboard.press("Enter")
    offered = caption.locator("details.get a[download]")
    expect(offered).to_have_text(["SVG", "PNG", "PDF"])
    for link in offered.all():
        expect(link).to_be_visible()
        assert page.request.get(link.evaluate("one => one.href")).ok
    expect(caption.locator("code")).to_contain_text("python -m attncues figures desk-maps")
    code = caption.locator("details.get a:not([download])")
    expect(code).to_have_attribute("href", "../gallery/#desk-maps")
    page.emulate_media(media="print")
    expect(summary).to_be_hidden()
