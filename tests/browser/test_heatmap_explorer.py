"""Reading a heatmap cell by cell: by pointer, touch, keys and table.

If one fails, serve the site and do on the page what the test does. The script is
docs/assets/explorers/heatmap.js; its numbers come from attncues/heatmaps/reading.py.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from attncues.chapter import index as home
from tests.browser.conftest import Watch

WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="module")
def weights() -> torch.Tensor:
    """What a cell of the home page draws."""
    return home.weights


@pytest.fixture
def quiet(watch: Watch) -> Iterator[Watch]:
    """See to it that nothing goes wrong in the browser."""
    yield watch
    assert watch.errors == []
    assert watch.foreign == []


HEADS = "figure:has([data-figure=heads])"
"""The figure of heads on the page about visualising attention."""


def figure_of(page: Page, number: int = 0) -> Locator:
    """A heatmap of the page that can be read."""
    figure = page.locator("svg[data-explorer=heatmap]").nth(number)
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_class(re.compile("heatmap-read"))
    return figure


def readout(figure: Locator) -> Locator:
    """The line of text below it."""
    return figure.locator("xpath=following-sibling::div[1]").locator(".heatmap-value")


def place(
    figure: Locator, row: float, column: float, size: tuple[int, int] = (4, 5)
) -> tuple[float, float]:
    """Where the middle of a cell of the first panel is on the screen."""
    box = figure.locator("image").first.bounding_box()
    assert box
    return (
        box["x"] + (column + 0.5) * box["width"] / size[1],
        box["y"] + (row + 0.5) * box["height"] / size[0],
    )


WISHES = ["anything", "the cup", "the book", "the newspaper"]
THINGS = ["newspaper", "paper", "cup", "notebook", "book"]


def named(row: int, column: int) -> str:
    """How a cell of the home page is read out."""
    return f"Query “{WISHES[row]}”, object “{THINGS[column]}”: "


def number_in(text: str) -> float:
    return float(re.split("[:：]", text)[-1].replace("−", "-"))


def test_the_mouse_reads_and_a_click_keeps(
    quiet: Watch, page: Page, address: str, weights: torch.Tensor
) -> None:
    page.goto(address)
    figure = figure_of(page)
    for row in range(4):
        for column in (row, 4):
            page.mouse.move(*place(figure, row, column))
            text = readout(figure).text_content() or ""
            assert text.startswith(named(row, column))
            assert number_in(text) == pytest.approx(weights[row, column].item(), abs=1e-5)
    marked = figure.locator(".heatmap-mark path").last.bounding_box()
    assert marked is not None
    middle = marked["x"] + marked["width"] / 2, marked["y"] + marked["height"] / 2
    assert middle == pytest.approx(place(figure, 3, 4), abs=1)

    page.mouse.move(0, 0)
    expect(readout(figure)).to_have_text("")
    page.mouse.click(*place(figure, 3, 1))
    page.mouse.move(0, 0)
    expect(readout(figure)).to_contain_text(named(3, 1))
    page.wait_for_url("**/?heatmap=heatmap.0.3.1")
    page.mouse.click(*place(figure, 3, 1))  # once more, for those who have no keys
    page.wait_for_url(lambda url: "heatmap" not in url)


def test_a_finger_reads(browser: Browser, address: str, weights: torch.Tensor) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    watch = Watch(context, address)
    page = context.new_page()
    page.goto(address + "zh/")
    figure = figure_of(page)
    page.touchscreen.tap(*place(figure, 3, 2))
    expect(readout(figure)).to_contain_text("查询“找报纸”，物体“咖啡杯”：")
    assert number_in(readout(figure).inner_text()) == pytest.approx(weights[3, 2].item(), abs=1e-5)

    finger = context.new_cdp_session(page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        told = [{"x": x, "y": y} for x, y in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    touch("touchStart", place(figure, 2, 1))
    for column in range(1, 5):
        touch("touchMove", place(figure, 2, column))
    expect(readout(figure)).to_contain_text("查询“找书”，物体“书”：")
    touch("touchEnd")
    page.wait_for_url("**/zh/?heatmap=heatmap.0.2.4")
    page.get_by_role("button", name="放大").click()
    page.touchscreen.tap(*place(figure, 0, 0))
    expect(readout(figure)).to_contain_text("查询“什么都行”，物体“报纸”：")
    assert watch.errors == []
    context.close()


def test_keys_read_and_escape_forgets(
    quiet: Watch, page: Page, address: str, weights: torch.Tensor
) -> None:
    page.goto(address)
    figure = figure_of(page)
    expect(figure).to_have_accessible_name(
        "A heatmap of the attention weights of four queries over five things on the desk"
    )
    expect(figure).to_have_accessible_description(re.compile("4 rows.*Arrow keys read the cells"))
    figure.focus()
    steps = [
        ("ArrowDown", 0, 0),
        *[("ArrowDown", 1, 0), ("ArrowRight", 1, 1), ("ArrowUp", 0, 1), ("ArrowLeft", 0, 0)],
        *[("ArrowLeft", 0, 0), ("End", 0, 4), ("Control+End", 3, 4), ("Home", 3, 0)],
        *[("ArrowDown", 3, 0), ("Control+Home", 0, 0)],
    ]
    for key, row, column in steps:
        page.keyboard.press(key)
        text = readout(figure).text_content() or ""
        assert text.startswith(named(row, column)), key
        assert number_in(text) == pytest.approx(weights[row, column].item(), abs=1e-5)
    expect(page.get_by_role("status").filter(has_text=named(0, 0))).to_be_attached()
    page.wait_for_url("**/?heatmap=heatmap.0.0.0")
    page.keyboard.press("Escape")
    expect(readout(figure)).to_have_text("")
    page.wait_for_url(lambda url: "heatmap" not in url)


def test_the_table_has_all_values_and_can_be_copied(
    quiet: Watch, page: Page, address: str, weights: torch.Tensor
) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address)
    figure_of(page)
    button = page.get_by_role("button", name="Table")
    button.click()
    expect(button).to_have_attribute("aria-expanded", "true")
    table = page.get_by_role("table", name="Heatmap of Queries by Objects")
    shown = table.evaluate("table => [...table.rows].map(r => [...r.cells].map(c => c.innerText))")
    assert shown[0][1:] == THINGS
    values = torch.tensor(
        [[float(text.replace("−", "-")) for text in row[1:]] for row in shown[1:]]
    )
    assert torch.allclose(values, weights, rtol=1e-4, atol=1e-5)
    expect(table.get_by_role("rowheader", name="the newspaper", exact=True)).to_be_visible()
    expect(table.get_by_role("columnheader", name="notebook", exact=True)).to_be_visible()

    page.get_by_role("button", name="Copy", exact=True).click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    lines = page.evaluate("navigator.clipboard.readText()").splitlines()
    copied = torch.tensor([[float(text) for text in line.split("\t")[1:]] for line in lines[1:]])
    assert torch.allclose(copied, weights, rtol=1e-6, atol=0)
    button.click()
    expect(table).to_be_hidden()


def test_an_address_shows_its_cell_wherever_it_is(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + "visualising-attention/?heatmap=heads.2.3.1")
    expect(page.locator("svg[data-explorer=heatmap]").nth(5)).to_be_in_viewport(ratio=1)
    figure = figure_of(page, 5)
    expect(readout(figure)).to_contain_text("Head 2 – query “the”, key “cup”: 0.010858")
    page.keyboard.press("PageDown")
    expect(readout(figure)).to_contain_text("Head 3 – query “the”, key “cup”: ")
    page.wait_for_url("**?heatmap=heads.3.3.1")
    page.locator(HEADS).get_by_role("button", name="Table").click()
    table = page.get_by_role("table")
    expect(table.locator("caption")).to_have_text("head 3 – Heatmap of Queries by Keys")
    page.get_by_role("combobox", name="Panel").select_option("head 1")
    expect(table.locator("caption")).to_have_text("head 1 – Heatmap of Queries by Keys")

    # One cell is read at a time; the others are forgotten.
    other = figure_of(page, 0)
    other.focus()
    page.keyboard.press("ArrowRight")
    expect(readout(figure)).to_have_text("")
    page.wait_for_url("**?heatmap=tensor-layout.0.0.0")


@pytest.mark.thorough
@pytest.mark.parametrize(
    ("path", "number", "text"),
    [
        ("exercises/?heatmap=softmax-keys.0.2.2", 0, "Query 2, key 2: "),  # in a closed solution
        ("zh/reading-heatmaps/?heatmap=mask-honest.0.0.7", 4, "查询 0，键 7：已遮盖"),
        (
            "zh/queries-keys-values/?heatmap=pooling-layers.0.4.2",
            0,
            "层与查询“注意力汇聚，咖啡杯”，物体“咖啡杯”：",
        ),
        ("?heatmap=heatmap.0.3.10", 0, ""),
        ("?heatmap=heatmap.0.3", 0, ""),
    ],
)
def test_an_address_says_what_is_read(
    quiet: Watch, page: Page, address: str, path: str, number: int, text: str
) -> None:
    page.goto(address + path)
    if text:
        expect(page.locator("svg[data-explorer=heatmap]").nth(number)).to_be_in_viewport()
    expect(readout(figure_of(page, number))).to_have_text(re.compile(f"^{text}" if text else "^$"))


def test_a_figure_can_have_the_window(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + "visualising-attention/?heatmap=heads.0.0.0")
    figure = figure_of(page, 5)
    caption = page.locator("figure.computed:has(svg) figcaption").last
    enlarge = page.locator(HEADS).get_by_role("button", name="Enlarge")
    enlarge.focus()  # which scrolls to it
    before, width = caption.bounding_box(), figure.locator("image").first.bounding_box()
    view = figure.get_attribute("viewBox")
    enlarge.press("Enter")
    dialog = page.get_by_role("dialog", name=figure.get_attribute("aria-label") or "none")
    expect(dialog).to_be_visible()
    expect(figure).to_be_focused()
    assert caption.bounding_box() == before
    page.keyboard.press("ArrowDown")
    expect(dialog.locator(".heatmap-value")).to_contain_text("Head 0 – query “cup”, key “the”: ")
    larger = figure.locator("image").first.bounding_box()
    assert larger and width and larger["width"] > 2 * width["width"]
    page.mouse.move(*place(figure, 4, 1, size=(6, 6)))
    expect(dialog.locator(".heatmap-value")).to_contain_text("Head 0 – query “desk”, key “cup”: ")

    page.keyboard.press("Escape")
    page.mouse.move(0, 0)
    expect(dialog).to_be_hidden()
    expect(page.locator(HEADS).get_by_role("button", name="Enlarge")).to_be_focused()
    assert caption.bounding_box() == before
    assert figure.get_attribute("viewBox") == view
    expect(readout(figure)).to_contain_text("Head 0 – query “cup”, key “the”: ")


@pytest.mark.thorough
def test_no_text_moves_when_the_reader_starts(quiet: Watch, page: Page, address: str) -> None:
    page.add_init_script(
        """window.moved = [];
        new PerformanceObserver((list) => {
            const nodes = list.getEntries().flatMap((entry) => entry.sources.map((s) => s.node));
            const article = document.querySelector("article");
            moved.push(...nodes.filter((node) => article.contains(node)).map((n) => n.textContent));
        }).observe({ type: "layout-shift", buffered: true });"""
    )
    for width in (360, 1280):
        page.set_viewport_size({"width": width, "height": 740})
        page.goto(address + "reading-heatmaps/", wait_until="networkidle")
        for number in range(page.locator("article > figure svg[data-explorer=heatmap]").count()):
            figure_of(page, number)
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        assert page.evaluate("moved") == []


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_while_a_heatmap_is_read(
    quiet: Watch, page: Page, address: str, scheme: Any, width: int
) -> None:
    page.emulate_media(color_scheme=scheme)
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address + "zh/visualising-attention/?heatmap=heads.2.3.1")
    expect(readout(figure_of(page, 5))).to_contain_text("头 2，查询“the”，键“cup”：")
    page.locator(HEADS).get_by_role("button", name="数据表").click()
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.locator(HEADS).get_by_role("button", name="放大").click()
    expect(page.locator("dialog")).to_be_visible()
    assert violations(page) == []
    assert page.evaluate("document.querySelector('dialog').scrollWidth") <= width


def violations(page: Page) -> list[Any]:
    """What axe objects to."""
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [(one["id"], [json.dumps(node["target"]) for node in one["nodes"]]) for one in found]
