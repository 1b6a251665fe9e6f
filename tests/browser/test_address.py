"""What an explorer shows and what the address says are the same, and can be handed on.

If one fails, do in a browser what the test does. docs/assets/explorers.js writes the address,
hears of its changes and offers the links; each script in docs/assets/explorers/ shows what the
address says. docs/hooks/book/embeds.py writes the pages that hold an explorer and nothing else.
"""

import re
from dataclasses import dataclass
from html import unescape
from typing import Any, Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_site import DESKTOP, PHONE, WCAG
from tests.conftest import Project, thorough


@dataclass
class Explorer:
    """Where an explorer is, and how to use it."""

    path: str
    figure: str
    """Its name, which is that of its page of its own."""
    control: str
    """What the arrow to the left moves."""
    told: str
    """What then says another thing."""
    parameter: str
    """What then stands in the address."""
    before: str = ""
    """What the address says of it, where the arrow would not move it from its start."""

    def find(self, page: Page) -> Locator:
        return page.locator(f"figure:has([data-figure={self.figure}])")


EXPLORERS = {
    "pooling": Explorer(
        "queries-keys-values/",
        "pooling-plane",
        ".pooling [type=range]",
        ".pooling output",
        "temperature=",
    ),
    "framework": Explorer(
        "queries-keys-values/",
        "framework",
        ".framework [type=range]",
        ".framework output",
        "framework=",
    ),
    "cues": Explorer(
        "cues/",
        "desk-second-priority",
        ".cues [type=range]",
        ".cues p",
        "volition=",
    ),
    "desk": Explorer(
        "", "desk-first-priority", ".cues [type=range]", ".cues p", "volition=", "?volition=1"
    ),
    "translator": Explorer(
        "exercises/",
        "translating",
        ".translator span[role=group] > select:last-child",
        ".said",
        "translator=",
        "?translator=the+notebook+is+on+the+table",
    ),
    "glimpse": Explorer(
        "hard-attention/",
        "practice",
        ".glimpse [type=range]",
        ".glimpse output",
        "glimpse=",
        "?glimpse=800,1",
    ),
    "heatmap": Explorer(
        "",
        "heatmap",
        "svg.heatmap-read",
        ".heatmap-value",
        "heatmap=",
        "?heatmap=heatmap.0.1.4",
    ),
}
"""One of each kind, and both desks."""
EACH = pytest.mark.parametrize("kind", thorough(EXPLORERS, but=["cues"]))


class Reader:
    """Someone who uses one explorer."""

    def __init__(self, page: Page, address: str, kind: str, *, search: str | None = None) -> None:
        self.page, self.known = page, EXPLORERS[kind]
        page.goto(address + self.known.path + (self.known.before if search is None else search))
        self.figure = self.known.find(page)
        self.figure.evaluate(
            "one => { const fold = one.closest('details'); if (fold) fold.open = true; }"
        )
        self.figure.scroll_into_view_if_needed()
        self.told = self.figure.locator(self.known.told).first
        self.control = self.figure.locator(self.known.control).first
        expect(self.control).to_be_visible()

    def move(self, key: str = "ArrowLeft") -> str:
        """Change the explorer, and wait until the address says so; return what is told now."""
        before = self.page.url
        self.control.press(key)
        expect(self.page).not_to_have_url(before)
        return self.told.inner_text()

    def copied(self, name: str) -> str:
        """Click on a link and return what lies on the clipboard then."""
        self.figure.get_by_role("button", name=name).click()
        done = "已复制" if "/zh/" in self.page.url else "Copied"
        expect(self.figure.get_by_role("button", name=done)).to_be_visible()
        text: str = self.page.evaluate("navigator.clipboard.readText()")
        return text


@pytest.fixture
def page(page: Page) -> Page:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    return page


@EACH
def test_back_and_forward_step_through_the_states_that_a_reader_set(
    watch: Watch, page: Page, address: str, kind: str
) -> None:
    reader = Reader(page, address, kind)
    states = [reader.told.inner_text(), *(reader.move() for _ in range(3))]
    assert len(set(states)) == 4
    assert reader.known.parameter in page.url
    last = page.url
    for told in reversed(states[:-1]):
        page.go_back()
        expect(reader.told).to_have_text(told)
    for told in states[1:]:
        page.go_forward()
        expect(reader.told).to_have_text(told)
    assert page.url == last
    live = reader.figure.locator("[role=status]")
    expect(live.filter(has_text=re.compile(r"\S")).first).to_be_attached()  # and is told
    assert watch.errors == []


@pytest.mark.parametrize("kind", thorough(["pooling", "framework", "cues"], but=["framework"]))
def test_what_is_dragged_is_one_state_once_it_is_let_go(
    watch: Watch, page: Page, address: str, kind: str
) -> None:
    reader = Reader(page, address, kind)
    reader.control.scroll_into_view_if_needed()
    at_first, entries = page.url, page.evaluate("history.length")
    box = reader.control.bounding_box()
    assert box
    middle = box["y"] + box["height"] / 2
    page.mouse.move(box["x"] + box["width"] * 0.9, middle)
    page.mouse.down()
    for share in (0.8, 0.5, 0.3):
        page.mouse.move(box["x"] + box["width"] * share, middle)
        # As long as changes have to rest, and longer: they do not count while it is held.
        page.evaluate("new Promise((done) => setTimeout(done, 400))")
        assert page.url == at_first
    page.mouse.up()
    expect(page).not_to_have_url(at_first)
    assert page.evaluate("history.length") == entries + 1
    assert watch.errors == []


@pytest.mark.thorough
@EACH
def test_a_link_of_the_page_leaves_the_address_of_what_is_shown(
    watch: Watch, page: Page, address: str, kind: str
) -> None:
    reader = Reader(page, address, kind)
    reader.control.press("ArrowLeft")
    before = reader.told.inner_text()
    page.locator("article h2 a.headerlink").first.evaluate("link => link.click()")
    expect(page).to_have_url(re.compile(rf"\?{reader.known.parameter}.*#"))
    first = page.url
    assert reader.move() != before
    page.go_back()
    expect(page).to_have_url(first)
    expect(reader.told).to_have_text(before)

    # Nor is the reader of such an address taken away from the heading that it names.
    page.goto("about:blank")
    page.goto(first)
    expect(page.locator(f"[id='{first.partition('#')[2]}']")).to_be_in_viewport()

    reader = Reader(page, address, kind)
    reader.control.press("ArrowLeft")
    page.locator("a[hreflang=zh].md-select__link").evaluate("link => link.click()")
    page.wait_for_url("**/zh/**")
    assert reader.known.parameter in page.url
    assert watch.errors == []


@EACH
@pytest.mark.parametrize("lang", thorough(["", "zh/"], but=[""]))
def test_a_copied_link_leads_to_the_explorer_starts_it_and_tells_its_state(
    watch: Watch, page: Page, address: str, kind: str, lang: str
) -> None:
    reader = Reader(page, address, kind)
    told = reader.move()
    link = reader.copied("Copy link").replace("/cues/", f"/cues/{lang}", 1)
    assert reader.known.parameter in link
    # With the name of its figure and without: it is the same explorer.
    for there in (link, link.partition("#")[0]):
        page.goto("about:blank")
        page.goto(there)
        figure = reader.known.find(page)
        status = figure.locator("[role=status]").filter(has_text=re.compile(r"\S"))
        expect(status.first).to_be_attached()
        expect(figure).to_be_in_viewport()
        top = figure.evaluate("one => one.getBoundingClientRect().top")
        assert -1 <= top < 200
        if not lang:
            expect(figure.locator(reader.known.told).first).to_have_text(told)
    assert watch.errors == []


@pytest.mark.thorough
@EACH
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_an_explorer_can_be_shown_on_a_page_of_others(
    watch: Watch, page: Page, address: str, kind: str, lang: str
) -> None:
    zh = lang == "zh"
    reader = Reader(page, address + ("zh/" if zh else ""), kind)
    told = reader.move()
    snippet = reader.copied("嵌入" if zh else "Embed")
    found = re.fullmatch(r"<iframe [^<>]*></iframe>", snippet)
    assert found, snippet
    source = re.search(r' src="([^"]+)"', snippet)
    assert source
    own = urlsplit(unescape(source[1]))
    folder = "zh/embed" if zh else "embed"
    assert own.path == f"/cues/{folder}/{reader.known.figure}/"
    assert own.query == urlsplit(page.url).query

    page.goto(address + "404.html")
    page.evaluate("html => { document.body.innerHTML = html; }", snippet)
    frame = page.frame_locator("iframe")
    figure = frame.locator("figure")
    expect(figure.locator(reader.known.told).first).to_have_text(told)
    # It is as high as what it holds, in it one can go on, and the page around has no more history.
    height = page.locator("iframe").bounding_box()
    inside = figure.evaluate("() => document.documentElement.scrollHeight")
    assert height and height["height"] == pytest.approx(inside, abs=40)
    entries = page.evaluate("history.length")
    figure.locator(reader.known.control).first.press("ArrowLeft")
    expect(figure.locator(reader.known.told).first).not_to_have_text(told)
    home = frame.locator(".explorer-home")
    expect(home).to_have_attribute("href", re.compile(rf"\?{reader.known.parameter}"))
    assert page.evaluate("history.length") == entries
    with page.context.expect_page() as opened:
        home.click()
    expect(reader.known.find(opened.value)).to_be_in_viewport()
    assert opened.value.url.startswith(address + ("zh/" if zh else "") + reader.known.path + "?")
    assert watch.foreign == []
    assert watch.errors == []


@pytest.mark.thorough
@EACH
def test_a_page_with_an_explorer_alone_suits_every_reader(
    browser: Browser, browser_context_args: dict[str, Any], address: str, kind: str
) -> None:
    known = EXPLORERS[kind]
    schemes: list[Literal["light", "dark"]] = ["light", "dark"]
    for lang, scheme, viewport in (("", "light", DESKTOP), ("zh/", "dark", PHONE)):
        context = browser.new_context(**browser_context_args, viewport=viewport)
        watch, page = Watch(context, address), context.new_page()
        page.emulate_media(color_scheme=schemes[scheme == "dark"])
        page.goto(f"{address}{lang}embed/{known.figure}/")
        expect(page.locator(known.control).first).to_be_visible()
        name = "slate" if scheme == "dark" else "default"
        expect(page.locator("body")).to_have_attribute("data-md-color-scheme", name)
        assert page.evaluate("document.documentElement.scrollWidth") <= viewport["width"]
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        assert Axe().run(page, options=options).response["violations"] == []
        assert watch.errors == []
        context.close()

    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{address}embed/{known.figure}/")
    expect(page.get_by_role("img").last).to_be_visible()
    assert len(page.locator("figcaption").inner_text()) > 20
    expect(page.locator(known.control)).to_have_count(0)
    expect(page.get_by_role("button")).to_have_count(0)
    context.close()


def test_every_explorer_has_a_page_that_only_its_snippet_leads_to(built: Project) -> None:
    shown: set[str] = set()
    for path in built.site.rglob("index.html"):
        place = path.parent.relative_to(built.site).as_posix()
        html = path.read_text("utf-8")
        if "embed/" in place:
            assert '<meta name="robots" content="noindex">' in html
            assert 'http-equiv="Content-Security-Policy"' in html
            assert len(re.findall(r"<figure ", html)) == 1
        else:
            assert not re.search(r"""(?:href|src)=["']?[^"' >]*embed/""", html)
            zh = "zh/" if f"{place}/".startswith("zh/") else ""
            names = re.findall(r'data-figure="([\w-]+)" data-explorer', html)
            shown |= {f"{zh}embed/{name}" for name in names}
    assert len(shown) > 40
    pages = {
        path.parent.relative_to(built.site).as_posix()
        for path in built.site.rglob("embed/*/index.html")
    }
    assert pages == shown
    indexes = [*built.site.rglob("search_index.json"), built.site / "sitemap.xml"]
    pointing = re.compile(r'"location": ?"[^"]*embed/|<loc>[^<]*embed/')
    assert not [path for path in indexes if pointing.search(path.read_text("utf-8"))]
