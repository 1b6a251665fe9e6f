"""What a reader meets in a real browser."""

import gzip
import json
import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Watch
from tests.conftest import ROOT

EN = ROOT / "docs" / "en"
NAMES = [
    "" if path.stem == "index" else f"{path.relative_to(EN).with_suffix('')}/"
    for path in sorted(EN.rglob("*.md"))
]
PAGES = [*NAMES, *(f"zh/{name}" for name in NAMES)]
SCHEMES = ["light", "dark"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_loads_quietly_lightly_and_from_its_own_host(
    watch: Watch, page: Page, address: str, path: str
) -> None:
    page.goto(address + path, wait_until="networkidle")
    assert watch.foreign == [], "nothing may come from another host: put it into docs/assets"
    assert watch.errors == [], "the console of the browser shows these: serve the site and look"
    sizes = {url: len(gzip.compress(body)) for url, body in watch.loaded.items()}
    sizes = {url: size for url, size in sizes.items() if "/search/" not in url}
    assert sum(sizes.values()) < 170 * 1024, (
        f"{sum(sizes.values()):,} bytes for the first view are too many: draw smaller figures, or "
        f"load later what is not seen at first; these are the parts: {sizes}"
    )


@pytest.mark.parametrize("path", [*PAGES, "404.html"])
def test_axe_finds_nothing(watch: Watch, page: Page, address: str, path: str) -> None:
    for scheme in SCHEMES:
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        _look_for_violations(page, address + path)


def _look_for_violations(page: Page, url: str) -> None:
    page.goto(url)
    for details in page.locator("article details").all():
        details.evaluate("element => element.open = true")
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    results = Axe().run(page, options=options)
    found = [
        (violation["helpUrl"], [node["html"][:200] for node in violation["nodes"]])
        for violation in results.response["violations"]
    ]
    assert found == [], f"{json.dumps(found, indent=2)}\nEach address says what mends it"


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_wider_than_a_phone(watch: Watch, page: Page, address: str, path: str) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    page.goto(address + path)
    for details in page.locator("article details").all():
        details.evaluate("element => element.open = true")
    wide = page.evaluate("""Array.from(document.querySelectorAll("article *"))
        .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
        .map(element => element.outerHTML.slice(0, 200))""")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360, (
        f"wider than a phone: give it `overflow: auto` in docs/assets/site.css, or make it "
        f"narrower; the first that sticks out: {wide[:3]}"
    )


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_ink_of_a_figure_is_that_of_the_text(
    watch: Watch, page: Page, address: str, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(address)
    label = page.locator("figure svg text", has_text="priority")
    ink = label.evaluate("e => getComputedStyle(e).fill")
    text = page.locator("article p").first.evaluate("e => getComputedStyle(e).color")
    assert ink == text
    font = label.evaluate("e => getComputedStyle(e).fontFamily")
    assert font == page.locator("article p").first.evaluate("e => getComputedStyle(e).fontFamily")


def test_a_screen_reader_is_told_what_a_figure_shows(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(address)
    expect(page.get_by_role("img", name="A heatmap of the attention weights")).to_be_visible()


def test_a_solution_opens_by_keyboard(watch: Watch, page: Page, address: str) -> None:
    page.goto(address + "exercises/")
    solution = page.locator("details.solution").first
    answer = solution.get_by_text("The volitional cue, the query,")
    expect(answer).to_be_hidden()
    solution.locator("summary").first.focus()
    page.keyboard.press("Enter")
    expect(answer).to_be_visible()


def test_code_can_be_copied(watch: Watch, page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + "visualising-attention/")
    block = page.locator("article .highlight").first
    block.hover()
    block.get_by_role("button").click()
    page.wait_for_function("navigator.clipboard.readText().then(text => text.includes('torch'))")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("import torch\nfrom attncues import")
    page.goto(address + "api/")
    block = page.locator("article .highlight:has(.gp)").first
    block.hover()
    block.get_by_role("button").click()
    page.wait_for_function(f"navigator.clipboard.readText().then(text => text !== {copied!r})")
    example = page.evaluate("navigator.clipboard.readText()")
    assert example.startswith(
        "import torch\nfrom attncues import average_pooling\naverage_pooling("
    )
    assert ">>>" not in example
    assert "tensor([ 2" not in example


def test_search_finds_a_page(watch: Watch, page: Page, address: str) -> None:
    page.goto(address)
    box = page.get_by_role("textbox", name="Search")
    box.click()
    box.press_sequentially("nonvolitional")
    result = page.locator(".md-search-result__item a[href*='cues/?h=nonvolitional']").first
    result.click()
    expect(page).to_have_title("Attention cues in biology - Attention Cues")
    expect(page.locator("article mark").first).to_be_visible()
    assert watch.foreign == []
    assert watch.errors == []


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("注意力", "zh/cues/"),
        ("提示", "zh/cues/"),
        ("自主性", "zh/cues/"),
        ("查询", "zh/queries-keys-values/"),
        ("热图", "zh/reading-heatmaps/"),
        ("softmax", "zh/queries-keys-values/"),
        ("attention", "zh/api/"),
        ("show_heatmaps", "zh/visualising-attention/"),
    ],
)
def test_chinese_search_finds_a_page_and_marks_the_word(
    watch: Watch, page: Page, address: str, query: str, path: str
) -> None:
    page.goto(address + "zh/")
    box = page.get_by_role("textbox", name="搜索")
    box.click()
    box.fill(query)
    box.press("End")  # the search listens to keys
    results = page.locator(".md-search-result__item a")
    expect(results.first).to_be_attached()
    found = results.evaluate_all("links => links.map(link => link.href)")
    assert any(f"/{path}?h=" in link for link in found)
    assert all("/zh/" in link for link in found)
    page.goto(next(link for link in found if f"/{path}?h=" in link and not link.endswith("?h=")))
    expect(page.locator("article mark").first).to_be_attached()
    assert watch.errors == []


def test_the_language_switch_stays_on_the_page_and_in_its_section(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(address + "cues/#how-the-model-sees")
    page.locator(".md-header .md-select button").hover()
    page.locator(".md-header a[hreflang=zh]").click()
    expect(page).to_have_url(re.compile(r"/zh/cues/#how-the-model-sees$"))
    assert page.locator("html").get_attribute("lang") == "zh"
    page.locator(".md-header .md-select button").hover()
    page.locator(".md-header a[hreflang=en]").click()
    expect(page).to_have_url(re.compile(r"(?<!zh)/cues/#how-the-model-sees$"))


def test_no_reader_is_sent_to_another_language(browser: Browser, address: str) -> None:
    for locale in ("zh-CN", "en-GB"):
        context = browser.new_context(locale=locale)
        page = context.new_page()
        for path, lang in (("cues/", "en"), ("zh/cues/", "zh")):
            page.goto(address + path, wait_until="networkidle")
            assert page.url == address + path
            assert page.locator("html").get_attribute("lang") == lang
        context.close()


def test_the_notebook_is_downloaded(watch: Watch, page: Page, address: str, tmp_path: Path) -> None:
    page.goto(address + "exercises/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download this page").click()
    download.value.save_as(tmp_path / "page.ipynb")
    cells = json.loads((tmp_path / "page.ipynb").read_text())["cells"]
    assert any(cell.get("outputs") for cell in cells)


def test_formulas_are_set_in_the_font_of_the_site(watch: Watch, page: Page, address: str) -> None:
    page.goto(address + "queries-keys-values/")
    page.evaluate("document.fonts.ready.then(() => true)")
    assert page.evaluate("document.fonts.check('16px \"STIX Two Math\"')")
    assert any(url.endswith("stix-two-math.woff2") for url in watch.loaded)
    expect(page.locator("math msub").first).to_be_visible()
