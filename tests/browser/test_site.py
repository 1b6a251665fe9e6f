"""What a reader meets in a real browser.

If one fails, serve the site (`mkdocs serve`), open the page that the test names, and do what the
test does; the console of the browser says more. The frame of pages is in docs/overrides, their
style and scripts in docs/assets.
"""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import Watch
from tests.conftest import ROOT, thorough

EN = ROOT / "docs" / "en"
NAMES = [
    "" if path.stem == "index" else f"{path.relative_to(EN).with_suffix('')}/"
    for path in sorted(EN.rglob("*.md"))
]
PAGES = [*NAMES, *(f"zh/{name}" for name in NAMES)]
DESKTOP: ViewportSize = {"width": 1280, "height": 720}
PHONE: ViewportSize = {"width": 360, "height": 740}
SCHEMES: list[Literal["light", "dark"]] = ["light", "dark"]
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
TAGS = {"type": "tag", "values": WCAG}


MOST_USED = ["", "zh/summary/", "404.html"]
SEEN_ON_PHONES = ["", "zh/cues/", "404.html"]


@pytest.fixture(scope="module", params=thorough([*PAGES, "404.html"], but=MOST_USED))
def opened(
    request: pytest.FixtureRequest,
    browser: Browser,
    browser_context_args: dict[str, Any],
    address: str,
) -> Iterator[tuple[Page, Watch]]:
    """Open each page once, for all tests that look at every page."""
    context = browser.new_context(**browser_context_args, viewport=DESKTOP)
    watch = Watch(context, address)
    page = context.new_page()
    page.goto(address + request.param, wait_until="networkidle")
    try:
        yield page, watch
    finally:
        context.close()


def test_a_page_loads_quietly_lightly_and_from_its_own_host(opened: tuple[Page, Watch]) -> None:
    _, watch = opened
    assert watch.foreign == [], "nothing may come from another host: put it into docs/assets"
    assert watch.errors == [], "the console of the browser shows these: serve the site and look"
    sizes = {url: len(gzip.compress(body)) for url, body in watch.bodies().items()}
    sizes = {url: size for url, size in sizes.items() if "/search/" not in url}
    assert 0 < sum(sizes.values()) < 170 * 1024, (
        f"{sum(sizes.values()):,} bytes for the first view are too many: draw smaller figures, or "
        f"load later what is not seen at first; these are the parts: {sizes}"
    )


@pytest.mark.parametrize("path", ["", "zh/cues/", "404.html"])
def test_a_page_runs_and_loads_nothing_from_elsewhere(page: Page, address: str, path: str) -> None:
    refused: list[str] = []
    page.on("console", lambda message: refused.append(message.text))
    page.goto(address + path, wait_until="networkidle")
    assert refused == []
    assert "js" in (page.locator("html").get_attribute("class") or "")  # the theme's own script ran
    page.evaluate(
        """() => {
          const script = document.createElement("script");
          script.textContent = "window.wasRun = true";
          document.head.append(script);
          const picture = new Image();
          picture.src = "https://example.org/picture.png";
          document.body.append(picture);
        }"""
    )
    assert page.evaluate("window.wasRun") is None
    assert [one for one in refused if "Content Security Policy" in one][1:], refused


def test_a_wrong_address_is_answered_in_its_language(page: Page, address: str) -> None:
    written = page.request.get(f"{address}404.html").text()
    for path, heading, title in (
        ("zh/lost/", "找不到网页", "找不到网页 - 注意力提示"),
        ("lost/", "Page not found", "Page not found - Attention Cues"),
    ):
        page.route(address + path, lambda route: route.fulfill(status=404, body=written))
        page.goto(address + path)
        shown = page.locator("section.wrong h1").filter(visible=True)
        assert shown.all_text_contents() == [heading]
        assert page.title() == title
        assert page.locator("html").get_attribute("lang") == ("zh" if "zh" in path else "en")


def test_without_scripts_a_wrong_address_is_answered_in_both(
    browser: Browser, address: str
) -> None:
    page = browser.new_context(java_script_enabled=False).new_page()
    page.goto(f"{address}404.html")
    shown = page.locator("section.wrong h1").filter(visible=True)
    assert shown.all_text_contents() == ["Page not found", "找不到网页"]


@pytest.mark.thorough
def test_chinese_has_no_italics_and_no_line_begins_with_a_dot(page: Page, address: str) -> None:
    for path in ("zh/cues/", "zh/visual-search/", "zh/exercises/"):
        page.goto(address + path)
        for emphasis in page.locator("article em").all():
            style = emphasis.evaluate("element => getComputedStyle(element).fontStyle")
            foreign = "foreign" in (emphasis.get_attribute("class") or "")
            assert style == ("italic" if foreign else "normal"), emphasis.text_content()
        for width in range(320, 480, 8):  # lines break elsewhere on each
            page.set_viewport_size({"width": width, "height": 800})
            parted = page.locator(".together").evaluate_all(
                "all => all.filter((one) => one.getClientRects().length > 1)"
                ".map((one) => one.textContent)"
            )
            assert parted == []


@pytest.mark.thorough
@pytest.mark.parametrize("width", [360, 1000, 1280, 1920])
@pytest.mark.parametrize("edition", ["", "zh/"])
def test_the_way_through_the_chapter_names_every_stop(
    page: Page, address: str, edition: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(address + edition)
    stops = page.locator(".scan a")
    assert stops.count() > 8
    cut = stops.evaluate_all(
        """links => links.filter(link => {
          const range = document.createRange();
          range.selectNodeContents(link.querySelector("span"));
          const { left, right } = range.getBoundingClientRect();
          return left < 0 || right > document.documentElement.clientWidth
            || getComputedStyle(link.closest(".scan")).overflowX !== "visible";
        }).map(link => link.textContent)"""
    )
    assert cut == []


@pytest.mark.thorough
def test_every_link_within_the_site_leads_somewhere(browser: Browser, address: str) -> None:
    # Links are there for who has no scripts, too.
    page = browser.new_context(java_script_enabled=False).new_page()
    waiting, anchors, targets = [address], dict[str, set[str]](), set[tuple[str, str]]()
    while waiting:
        url = waiting.pop()
        page.goto(url)
        anchors[url] = set(page.locator("[id]").evaluate_all("all => all.map(one => one.id)"))
        links = page.locator("a[href]").evaluate_all("links => links.map(link => link.href)")
        for link in links:
            there, _, anchor = link.partition("#")
            if not there.startswith(address):
                continue
            targets.add((there, unquote(anchor)))
            if there.endswith("/") and there not in {*anchors, *waiting}:
                waiting.append(there)
    lonely = {address + path for path in PAGES} - set(anchors)
    assert lonely == set(), "no link leads to these: name them in `nav` of mkdocs.yml"
    for there, anchor in targets:
        if there in anchors:
            assert not anchor or anchor in anchors[there], (
                f"a link leads to {there}#{anchor}, where no heading has the anchor {{#{anchor}}}"
            )
        else:  # a download
            assert page.request.head(there).ok, f"a link leads to {there}, which is no file"
    page.context.close()


def test_a_page_fits_on_a_phone_and_with_large_letters(opened: tuple[Page, Watch]) -> None:
    page, _ = opened
    _open_everything(page)
    # A window at 200 % with text at 200 %; 320 px is also a wide window at 400 %.
    for width, size in ((640, "40px"), (320, ""), (360, "")):
        page.set_viewport_size({"width": width, "height": 740})
        page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
        wide = page.locator("article *").evaluate_all(
            """elements => elements
                .filter(one => one.getBoundingClientRect().right > innerWidth + 1)
                .map(one => one.outerHTML.slice(0, 200))"""
        )
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (
            "wider than a phone: give it `overflow: auto` in docs/assets/site.css, or make it "
            f"narrower; the first that stick out: {wide[:3]}"
        )
        cut = page.locator("article *, .md-footer *").evaluate_all(
            """elements => elements.filter(element => {
                const { overflowX } = getComputedStyle(element);
                return ["hidden", "clip"].includes(overflowX) && element.clientWidth > 1
                    && element.scrollWidth > element.clientWidth + 1;
            }).map(element => element.outerHTML.slice(0, 200))"""
        )
        assert cut == [], (
            "parts of these are cut off: let their words wrap, or give them `overflow: auto` in "
            "docs/assets/site.css"
        )


def test_axe_finds_nothing(opened: tuple[Page, Watch], address: str) -> None:
    page, _ = opened
    page.evaluate("document.documentElement.style.fontSize = ''")
    _open_everything(page)
    page.evaluate(Axe().axe_script)
    page.set_viewport_size(DESKTOP)
    _choose(page, "light")
    _look_for_violations(page)
    # What the dark scheme changes is colour.
    _choose(page, "dark")
    _look_for_violations(page, only="color-contrast")
    # What a phone changes is all but colour, and that has half of the work; some pages do it.
    page.set_viewport_size(PHONE)
    contrast = re.split("[?#]", page.url)[0].removeprefix(address) in SEEN_ON_PHONES
    _choose(page, "light")
    _look_for_violations(page, but="" if contrast else "color-contrast")
    if contrast:
        _choose(page, "dark")
        _look_for_violations(page, only="color-contrast")


def _open_everything(page: Page) -> None:
    page.evaluate("document.querySelectorAll('article details').forEach(e => { e.open = true; })")


def _choose(page: Page, scheme: Literal["light", "dark"]) -> None:
    page.emulate_media(color_scheme=scheme)
    name = "slate" if scheme == "dark" else "default"
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", name)


def _look_for_violations(page: Page, *, only: str = "", but: str = "") -> None:
    rules: dict[str, Any] = {"type": "rule", "values": [only]} if only else TAGS
    # axe would load sound and films first, and no page has any.
    found = page.evaluate(
        """async ({ rules, but }) => {
            const { violations } = await axe.run({
                runOnly: rules, resultTypes: ["violations"], preload: false,
                rules: but ? { [but]: { enabled: false } } : {},
            });
            return violations.map(({ helpUrl, nodes }) =>
                [helpUrl, nodes.map(node => node.html.slice(0, 200))]);
        }""",
        {"rules": rules, "but": but},
    )
    assert found == [], f"{json.dumps(found, indent=2)}\nEach address says what mends it"


FOCUS_IS_SEEN = """() => {
    let focused = document.activeElement;
    if (focused === document.body) return "none";
    const { left, top, width } = focused.getClientRects()[0];  // of a link, its first line
    const [x, y] = [Math.max(0, left) + Math.min(width, 20) / 2, Math.max(0, top) + 3];
    const there = document.elementFromPoint(x, y);
    const { outlineStyle, outlineWidth } = getComputedStyle(focused);
    return there && (focused.contains(there) || there.contains(focused))
        && focused.checkVisibility({ opacityProperty: true, visibilityProperty: true })
        && outlineStyle !== "none" && parseFloat(outlineWidth) >= 2
        && (focused.setAttribute("data-reached", ""), focused.outerHTML);
}"""


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("path", "viewport"), [("exercises/", DESKTOP), ("zh/visualising-attention/", PHONE)]
)
def test_whoever_tabs_through_a_page_sees_where_they_are(
    watch: Watch, page: Page, address: str, path: str, viewport: ViewportSize
) -> None:
    page.set_viewport_size(viewport)
    page.goto(address + path)
    _open_everything(page)
    seen: list[str] = []
    while not seen or seen[-1] != "none":
        page.keyboard.press("Tab")
        seen.append(page.wait_for_function(FOCUS_IS_SEEN, timeout=5000).json_value())
    links = page.locator("article a[href]:visible").count()
    reached = page.evaluate("document.querySelectorAll('article a[data-reached]').length")
    assert reached == links > 0, f"the Tab key reaches {reached} of {links} links of the text"
    for part in ("md-skip", "md-search__input", "<summary", "md-code__button", "md-footer__link"):
        assert any(part in html for html in seen), f"the Tab key does not reach {part}"


def test_a_reader_can_skip_to_the_text(watch: Watch, page: Page, address: str) -> None:
    page.goto(address + "cues/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("#"))
    page.keyboard.press("Tab")
    assert page.evaluate("!!document.activeElement.closest('article')")


def test_the_menu_of_a_phone_opens_and_closes_by_keyboard(
    watch: Watch, page: Page, address: str
) -> None:
    page.set_viewport_size(PHONE)
    page.goto(address)
    menu = page.get_by_role("button", name="Navigation")
    menu.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".md-nav--primary :focus")).to_be_visible()
    page.get_by_role("button", name="Chapter").first.focus()
    page.keyboard.press("Enter")
    link = page.locator(".md-nav--primary").get_by_role("link", name="Hard attention")
    expect(link).to_be_visible()
    page.keyboard.press("Escape")
    expect(link).to_be_hidden()
    expect(menu).to_be_focused()


@pytest.mark.parametrize("scheme", SCHEMES)
def test_the_ink_of_a_figure_is_that_of_the_text(
    watch: Watch, page: Page, address: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.goto(address + "cues/")
    label = page.locator("figure svg text", has_text="priority").first
    ink = label.evaluate("e => getComputedStyle(e).fill")
    text = page.locator("article p:not([class])").first.evaluate("e => getComputedStyle(e).color")
    assert ink == text
    font = label.evaluate("e => getComputedStyle(e).fontFamily")
    caption = page.locator("article figcaption").first
    assert font == caption.evaluate("e => getComputedStyle(e).fontFamily")


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


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("注意力", "zh/cues/"),
        ("提示", "zh/cues/"),
        ("自主性", "zh/cues/"),
        ("查询", "zh/queries-keys-values/"),
        ("热图", "zh/reading-heatmaps/"),
        ("softmax", "zh/queries-keys-values/"),
        ("attention", "zh/cues/"),
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


def test_the_language_switch_stays_on_the_page_in_its_section_and_state(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(address + "cues/?task=book#how-the-model-sees")
    page.locator(".md-header .md-select button").hover()
    page.locator(".md-header a[hreflang=zh]").click()
    expect(page).to_have_url(re.compile(r"/zh/cues/\?task=book#how-the-model-sees$"))
    assert page.locator("html").get_attribute("lang") == "zh"
    page.locator(".md-header .md-select button").hover()
    page.locator(".md-header a[hreflang=en]").click()
    expect(page).to_have_url(re.compile(r"(?<!zh)/cues/\?task=book#how-the-model-sees$"))


@pytest.mark.thorough
def test_the_switch_of_the_scheme_goes_round_and_is_remembered(
    watch: Watch, page: Page, address: str
) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(address)
    switch = page.locator("[data-scheme]:visible")
    for offer, scheme in (
        ("Switch to light mode", "slate"),  # as the system has it
        ("Switch to dark mode", "default"),
        ("Follow the system", "slate"),
        ("Switch to light mode", "slate"),
    ):
        for path in ("cues/", "summary/"):
            expect(switch).to_have_attribute("title", offer)
            expect(page.locator("body")).to_have_attribute("data-md-color-scheme", scheme)
            page.goto(address + path)
        switch.press("Enter")
        expect(switch).to_be_focused()
    assert watch.errors == []


def test_what_is_dark_is_dark_before_scripts_are_loaded(page: Page, address: str) -> None:
    page.emulate_media(color_scheme="dark")
    page.route("**/*.js", lambda route: route.abort())
    page.goto(address + "cues/")
    expect(page.locator("body")).to_have_attribute("data-md-color-scheme", "slate")


def test_a_page_is_laid_out_a_few_times_while_it_loads(page: Page, address: str) -> None:
    metrics = page.context.new_cdp_session(page)
    metrics.send("Performance.enable")
    page.goto(address + "queries-keys-values/", wait_until="networkidle")
    # After each of these buttons the page was laid out anew.
    expect(page.locator("article .md-code__button").nth(20)).to_be_attached()
    found = metrics.send("Performance.getMetrics")["metrics"]
    layouts = next(one["value"] for one in found if one["name"] == "LayoutCount")
    assert layouts < 25, f"{layouts} times, where 8 do"


@pytest.mark.thorough
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
    assert any(url.endswith("stix-two-math.woff2") for url in watch.addresses)
    expect(page.locator("math msub").first).to_be_visible()
