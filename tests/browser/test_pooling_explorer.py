"""A reader moves the query of attention pooling, and everything follows.

If one fails, serve the site and do on the page what the test does. The script is
docs/assets/explorers/pooling.js; what it computes, attncues.pooling computes too.
"""

import json
import random
import re
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from attncues.diagrams.plane import SCORES
from attncues.pooling import attention_pooling
from tests.browser.conftest import Watch
from tests.browser.test_site import WCAG
from tests.conftest import Project

PATH = "queries-keys-values/"
FIGURE = "figure:has([data-explorer=pooling])"


def explore(page: Page, url: str) -> Locator:
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")  # formulas change their height
    page.locator(FIGURE).scroll_into_view_if_needed()
    expect(page.locator(f"{FIGURE} .explorer-controls button")).to_be_visible()
    return page.locator("svg[data-explorer=pooling]")


def weights(svg: Locator) -> list[float]:
    numbers: list[float] = json.loads(svg.get_attribute("data-weights") or "")
    return numbers


@pytest.fixture(scope="module")
def data(built: Project) -> dict[str, Any]:
    """What the page hands to the script."""
    (file,) = (built.site / "assets" / "data").glob("pooling-*.js")
    found: dict[str, Any] = json.loads(file.read_text()[len("attncues.data(") : -len(");\n")])
    return found


def on_screen(svg: Locator, data: dict[str, Any], place: list[float]) -> tuple[float, float]:
    """Where a place of the plane is seen."""
    box, unit = svg.bounding_box(), data["unit"]
    assert box is not None
    scale = box["width"] / float((svg.get_attribute("viewBox") or "").split()[2])
    (left, top), (x, y) = data["origin"], place
    return box["x"] + scale * (left + unit * x), box["y"] + scale * (top - unit * y)


def sliders(page: Page) -> tuple[Locator, Locator, Locator]:
    found = (page.get_by_role("slider", name=name) for name in ("Temperature", "across", "up"))
    return next(found), next(found), next(found)


def address_says(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


def test_weights_and_output_are_those_of_the_package(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    svg = explore(page, address + PATH)
    draw = random.Random(0)
    keys, values = (torch.tensor(data[name], dtype=torch.float64) for name in ("keys", "values"))
    heat, *axes = sliders(page)
    for case in range(15):
        score = list(SCORES)[case % 3]
        page.get_by_role("combobox", name="Score").select_option(score)
        power = (-2.0, 2.0)[case // 3] if case < 6 else draw.randrange(-40, 41) / 20
        heat.fill(f"{power:.2f}")
        query = [round(draw.uniform(-reach, reach), 2) for reach in data["reach"]]
        for slider, number in zip(axes, query, strict=True):
            slider.fill(str(number))
        temperature = float(f"{10**power:.3g}")
        output, expected = attention_pooling(
            torch.tensor([query], dtype=torch.float64), keys, values,
            score=SCORES[score], temperature=temperature,
        )  # fmt: skip
        assert weights(svg) == pytest.approx(expected[0].tolist(), abs=1e-5)
        shown = json.loads(svg.get_attribute("data-output") or "")
        assert shown == pytest.approx(output[0].tolist(), abs=1e-5)
        for place in ("share", "weight"):
            written = svg.locator(f"[data-part^={place}-]").all_text_contents()
            assert list(map(float, written)) == pytest.approx(weights(svg), abs=0.0051)
        swatch = svg.locator("[data-part=output] path").evaluate("e => getComputedStyle(e).fill")
        seen = [float(number) for number in re.findall(r"\d+", swatch)]
        assert seen == pytest.approx([255 * number for number in shown], abs=1)
    assert watch.errors == []


@pytest.mark.thorough
def test_the_query_is_dragged_clicked_to_a_key_and_reset(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    svg = explore(page, address + PATH)
    before = weights(svg)
    mouse = page.mouse
    mouse.move(*on_screen(svg, data, data["start"]["query"]))
    mouse.down()
    mouse.move(*on_screen(svg, data, [0.9, 0.9]), steps=3)
    mouse.move(*on_screen(svg, data, [-0.6, 0.7]), steps=3)
    mouse.up()
    expect(page).to_have_url(re.compile(r"query=-0\.\d+,0\.\d+"))
    x, y = map(float, address_says(page)["query"][0].split(","))
    assert (x, y) == pytest.approx((-0.6, 0.7), abs=0.03)
    mouse.move(*on_screen(svg, data, [0, 0.6]))
    mouse.down()
    mouse.move(*on_screen(svg, data, [9, 0.6]), steps=3)
    mouse.up()
    expect(page).to_have_url(re.compile(rf"query={data['reach'][0]:.2f},0\.6"))

    cup_x, cup_y = data["keys"][data["names"].index("cup")]
    mouse.click(*on_screen(svg, data, [cup_x + 0.05, cup_y - 0.05]))
    expect(page).to_have_url(re.compile(r"\?query=cup$"))
    assert data["names"][weights(svg).index(max(weights(svg)))] == "cup"
    slider = page.get_by_role("slider", name="across")
    expect(slider).to_be_focused()

    page.get_by_role("combobox", name="Score").select_option("dot_product")
    page.get_by_role("slider", name="Temperature").fill("1")
    expect(page).to_have_url(re.compile(r"\?query=cup&temperature=10&score=dot_product$"))
    page.get_by_role("button", name="Reset").click()
    expect(page).to_have_url(address + PATH)
    assert weights(svg) == before
    expect(page.get_by_role("combobox", name="Score")).to_have_value("gaussian")
    assert watch.errors == []


@pytest.mark.thorough
def test_a_finger_moves_the_query_and_scrolls_beside_it(
    browser: Browser, address: str, data: dict[str, Any]
) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    watch = Watch(context, address)
    page = context.new_page()
    svg = explore(page, address + PATH)
    before = weights(svg)
    client = context.new_cdp_session(page)

    def touch(kind: str, *place: float) -> None:
        points = [{"x": place[0], "y": place[1]}] if place else []
        client.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def swipe(start: list[float], down: float) -> None:
        x, y = on_screen(svg, data, start)
        touch("touchStart", x, y)
        for part in range(1, 6):
            touch("touchMove", x, y + down * part / 5)
        touch("touchEnd")

    scrolled = page.evaluate("scrollY")
    swipe(data["start"]["query"], -60)
    expect(page).to_have_url(re.compile(r"query=0\.20,0\.[45]"))
    assert page.evaluate("scrollY") == scrolled
    assert weights(svg) != before

    page.touchscreen.tap(*on_screen(svg, data, data["keys"][data["names"].index("book")]))
    expect(page).to_have_url(re.compile(r"query=book"))
    at_the_book = weights(svg)

    swipe([-0.8, 0.6], -60)
    page.wait_for_function(f"scrollY > {scrolled}")
    assert weights(svg) == at_the_book

    target = svg.locator("[data-part=query] path").last.bounding_box()
    assert target is not None
    assert min(target["width"], target["height"]) >= 24
    for control in page.locator(f"{FIGURE} :is(button, select)").all():
        box = control.bounding_box()
        assert box is not None
        assert box["height"] >= 24
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert watch.errors == []
    context.close()


def test_the_keyboard_moves_the_query_and_a_screen_reader_hears_where(
    watch: Watch, page: Page, address: str
) -> None:
    svg = explore(page, address + PATH)
    _, across, up = sliders(page)
    before = weights(svg)
    across.focus()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    expect(across).to_have_attribute("aria-valuetext", "0.15")
    expect(up).to_have_attribute("aria-valuetext", "0.15")
    ring = svg.locator("[data-part=query] path").first
    assert ring.evaluate("e => getComputedStyle(e).outlineStyle") == "solid"
    expect(page.get_by_role("status").filter(has_text="Query")).to_have_text(
        re.compile(r"^Query at 0\.15, 0\.15\. Score: Gaussian\. .*cup 0\.\d\d.* red 0\.\d\d")
    )
    said = page.get_by_role("status").filter(has_text="Query").text_content()
    assert svg.locator("desc").text_content() == said
    for _ in range(8):
        page.keyboard.press("Shift+ArrowRight")
    expect(across).to_have_attribute("aria-valuetext", "1.50")
    page.keyboard.press("Home")
    assert weights(svg) == before
    expect(page).to_have_url(address + PATH)


@pytest.mark.thorough
def test_an_address_opens_a_state_and_nonsense_does_no_harm(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    def state(parameters: str) -> tuple[str | None, ...]:
        explore(page, f"{address}{PATH}?{parameters}")
        heat, across, up = (one.get_attribute("aria-valuetext") for one in sliders(page))
        return across, up, heat, page.get_by_role("combobox", name="Score").input_value()

    start = state("")
    book = data["keys"][data["names"].index("book")]
    place = tuple(f"{number:.2f}".replace("-", "−") for number in book)
    assert state("query=book&temperature=0.1&score=dot_product") == (*place, "0.1", "dot_product")
    assert state("query=0.3,0.7&temperature=0.123") == ("0.30", "0.70", "0.123", start[3])
    assert state("query=-7,1e9&temperature=1e9") == ("−1.50", "1.00", "100", start[3])
    for nonsense in (
        "query=moon&temperature=cold&score=toString",
        "query=1,,2&temperature=-1&score=%3Cb%3E",
    ):
        assert state(nonsense) == start
    assert watch.errors == []


def test_it_speaks_chinese(watch: Watch, page: Page, address: str) -> None:
    svg = explore(page, f"{address}zh/{PATH}?query=cup")
    expect(page.get_by_role("group", name="探索注意力汇聚")).to_be_visible()
    shown = page.locator(f"{FIGURE} .explorer-controls")
    page.get_by_role("combobox", name="得分").select_option("点积")
    expect(page.get_by_role("status").filter(has_text="查询")).to_contain_text("得分：点积。")
    assert "咖啡杯 0." in (svg.locator("desc").text_content() or "")
    assert re.findall("[A-Za-z]{2,}", shown.inner_text()) == ["Shift", "Home"]
    expect(page).to_have_url(re.compile(r"\?query=cup&score=dot_product$"))


@pytest.mark.thorough
@pytest.mark.parametrize("width", [360, 1280])
def test_in_use_axe_finds_nothing_and_nothing_jumps(
    watch: Watch, page: Page, address: str, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.add_init_script("""window.shifts = [];
        new PerformanceObserver((list) => {
            for (const shift of list.getEntries()) shifts.push([shift.startTime, shift.value]);
        }).observe({ type: "layout-shift", buffered: true })""")
    page.goto(address + PATH)
    page.evaluate("document.fonts.ready.then(() => true)")
    loaded = page.evaluate("performance.now()")
    figure = page.locator(FIGURE)
    before = figure.bounding_box()
    figure.scroll_into_view_if_needed()
    page.get_by_role("slider", name="across").press("ArrowUp")
    after, controls, caption = (
        one.bounding_box()
        for one in (figure, figure.locator(".explorer-controls"), figure.locator("figcaption"))
    )
    assert before is not None
    assert after is not None
    assert controls is not None
    assert caption is not None
    assert after["height"] == before["height"]
    assert controls["y"] + controls["height"] <= caption["y"]
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        found = Axe().run(page, context=FIGURE, options=options).response["violations"]
        assert found == []
    assert page.evaluate(f"shifts.filter(([time]) => time > {loaded})") == []


def test_without_scripts_the_figure_stands(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PATH)
    expect(page.get_by_role("img", name="Five keys in a plane")).to_be_visible()
    expect(page.locator(".explorer-controls")).to_have_count(0)
    context.close()
