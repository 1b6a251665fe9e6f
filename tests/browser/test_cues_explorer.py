"""The desk that a reader can touch: it computes what the package computes, and tells it.

If one fails, serve the site and do on the page what the test does. The script is
docs/assets/explorers/cues.js; what it computes, attncues computes too.
"""

import base64
import re
from typing import Any, Literal

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from attncues.gaze import draw_priority, draw_scene
from attncues.saliency import (
    bottom_up,
    feature_maps,
    fixate,
    handover,
    learn_objects,
    mix,
    top_down,
)
from attncues.scenes import desk, desk_pair
from attncues.style import Language
from tests.browser.conftest import Watch
from tests.browser.test_site import WCAG

SET = """({volition, target, grey}) => {
  const [slider, cup] = document.querySelectorAll(".cues input");
  document.querySelector(`.cues-things [data-thing=${target}]`).click();
  [slider.value, cup.checked] = [volition, grey];
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const { map, row, column, parts } = document.querySelector("[data-explorer=cues]").explored;
  const bytes = new Uint8Array(Float32Array.from(map).buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return { gaze: [row, column], parts, map: btoa(text) };
}"""
GAZES = """({volitions, ...rest}) => {
  const [slider, cup] = document.querySelectorAll(".cues input");
  document.querySelector(`.cues-things [data-thing=${rest.target}]`).click();
  return volitions.map((volition) => {
    [slider.value, cup.checked] = [volition, rest.grey];
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const { row, column } = document.querySelector("[data-explorer=cues]").explored;
    return [row, column];
  });
}"""


class Reader:
    """What a reader finds below the desk."""

    def __init__(self, page: Page, lang: Language = "en") -> None:
        zh = lang == "zh"
        self.controls = page.get_by_role("group", name="提示" if zh else "Cues")
        self.volition = page.get_by_role("slider", name="自主性" if zh else "Volition")
        self.things = page.get_by_role("group", name="书桌" if zh else "The desk")
        self.table = self.things.get_by_role("button", name="只是看看" if zh else "Just look")
        self.grey = page.get_by_role("switch", name="去掉" if zh else "without its colour")
        self.reset = page.get_by_role("button", name="重置" if zh else "Reset", exact=True)
        self.why = self.controls.locator("p").first
        self.bars = page.locator(".cues-bars")
        self.desk, self.map = (page.locator("figure:has(.cues) > svg").nth(k) for k in (0, 1))

    def thing(self, name: str) -> Locator:
        """What is clicked to look for it."""
        return self.things.locator(f"[data-thing={name}]")


def test_the_things_on_the_desk_are_the_controls(watch: Watch, page: Page, address: str) -> None:
    page.goto(address)
    reader = Reader(page)
    expect(reader.table).to_have_attribute("aria-pressed", "true")
    before = float(reader.bars.locator("[data-thing=cup] > :nth-child(3)").inner_text())
    assert before == 1

    book = reader.things.get_by_role("button", name="Look for the book")
    box = reader.desk.bounding_box()
    assert box
    # The middle of the book, where its picture is.
    page.mouse.click(box["x"] + box["width"] * 109 / 240, box["y"] + box["height"] * 52 / 160)
    expect(reader.why).to_have_text(re.compile("^Gaze: book. Looking for the book"))
    expect(book).to_have_attribute("aria-pressed", "true")
    expect(reader.table).to_have_attribute("aria-pressed", "false")
    expect(reader.volition).to_have_value("1")
    expect(page).to_have_url(re.compile(r"\?volition=1$"))

    reader.thing("newspaper").focus()
    page.keyboard.press("Enter")
    expect(reader.why).to_have_text(re.compile("^Gaze: newspaper. Looking for the newspaper"))
    expect(reader.bars).to_contain_text("being like a newspaper")

    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] * 0.97)  # the table
    expect(reader.why).to_have_text("Gaze: cup. Just looking: nothing else stands out as much.")
    expect(reader.volition).to_have_value("0")
    assert watch.errors == []


def test_the_slider_marks_where_attention_changes_hands(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(address)
    reader = Reader(page)
    mark = reader.controls.get_by_text("the gaze moves at")
    maps = feature_maps(desk().image)
    for target in ("book", "newspaper"):
        reader.thing(target).click()
        point = handover(bottom_up(maps), top_down(maps, learned()[target]), desk().boxes[target])
        expect(mark).to_have_text(f"the gaze moves at {point:.2f}")
        track, there = reader.volition.bounding_box(), mark.bounding_box()
        assert track
        assert there
        thumb = 24
        at = track["x"] + thumb / 2 + point * (track["width"] - thumb)
        assert there["x"] + there["width"] / 2 == pytest.approx(at, abs=2)
        # A little below it the gaze is not there yet, a little above it is.
        for volition, on in ((point - 0.01, "cup"), (point + 0.01, target)):
            reader.volition.fill(f"{volition:.2f}")
            expect(reader.why).to_have_text(re.compile(f"^Gaze: {on}"))
    reader.thing("cup").click()  # where the gaze is from the start
    expect(mark).to_be_hidden()
    reader.grey.click()
    reader.thing("book").click()
    expect(mark).to_be_visible()


def test_bars_are_the_parts_of_the_priority_of_each_thing(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(address)
    reader = Reader(page)
    reader.thing("book").click()
    reader.volition.fill("0.3")
    maps = feature_maps(desk().image)
    for name, (salience, match) in parts(maps, "book", 0.3).items():
        line = reader.bars.locator(f"[data-thing={name}]")
        expect(line).to_contain_text(
            f"{salience:.2f} for standing out, {match:.2f} for being like a book"
        )
        track = line.locator(".bar").bounding_box()
        assert track
        for kind, share in (("seen", salience), ("wanted", match)):
            bar = line.locator(f".{kind}").bounding_box()
            assert bar
            assert bar["width"] == pytest.approx(share * track["width"], abs=2)


def parts(maps: torch.Tensor, target: str, volition: float) -> dict[str, tuple[float, float]]:
    """Of the highest priority of each thing, what is salience and what is match."""
    seen, wanted = bottom_up(maps), top_down(maps, learned()[target])
    salience, match = (1 - volition) * seen / seen.max(), volition * wanted / wanted.max()
    found = {}
    for name, (top, bottom, left, right) in desk().boxes.items():
        there = [part[top:bottom, left:right].flatten() for part in (salience, match)]
        best = (there[0] + there[1]).argmax()
        found[name] = (there[0][best].item(), there[1][best].item())
    return found


def test_mouse_and_keyboard_move_the_gaze(watch: Watch, page: Page, address: str) -> None:
    page.goto(address)
    reader = Reader(page)
    expect(reader.why).to_have_text("Gaze: cup. Just looking: nothing else stands out as much.")
    expect(reader.volition).to_have_attribute("aria-valuetext", "just looking")
    # What the build has drawn stays until someone touches it; then the script draws the same.
    gaze = place(reader)
    reader.reset.click()
    expect(reader.why).to_have_text("Gaze: cup. Just looking: nothing else stands out as much.")
    for there, here in zip(gaze, place(reader), strict=True):
        assert here == pytest.approx(there, abs=0.5)
    drawn, gaze = picture(reader), place(reader)
    red = reader.desk.locator("[fill='#e63329']")
    cup = red.count()
    assert cup

    box = reader.volition.bounding_box()
    assert box
    reader.volition.click(position={"x": box["width"] * 0.6, "y": box["height"] / 2})
    expect(reader.why).to_have_text(re.compile(r"^Gaze: book. Its priority: 0\.\d\d for standing"))
    expect(reader.volition).to_have_attribute(
        "aria-valuetext", re.compile(r"^0\.\d\d, between just looking and looking for the book$")
    )
    expect(page).to_have_url(re.compile(r"\?volition=0\.\d+$"))
    assert picture(reader) != drawn
    assert place(reader) != gaze

    reader.volition.press("End")
    expect(reader.why).to_have_text(re.compile("^Gaze: book. Looking for the book: to the model"))
    expect(reader.volition).to_have_attribute(
        "aria-valuetext", "looking for the book and nothing else"
    )
    reader.volition.press("ArrowLeft")
    expect(reader.controls.get_by_text("0.99", exact=True)).to_be_visible()

    reader.thing("cup").click()
    reader.volition.press("ArrowLeft")
    reader.grey.click()
    expect(reader.why).to_have_text(re.compile("^Gaze: book. .* for being like a cup.$"))
    assert red.count() == 0
    expect(page).to_have_url(re.compile(r"\?volition=0\.99&target=cup&cup=grey$"))
    expect(reader.controls.get_by_role("status")).to_have_text(reader.why.inner_text())

    reader.reset.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(address)
    expect(reader.why).to_have_text("Gaze: cup. Just looking: nothing else stands out as much.")
    assert (picture(reader), place(reader), red.count()) == (drawn, gaze, cup)
    assert watch.errors == []
    assert watch.foreign == []


def picture(reader: Reader) -> str | None:
    return reader.map.locator("image").first.get_attribute("href")


def place(reader: Reader) -> list[Any]:
    """Where the gaze is in both figures, wherever the page is scrolled to."""
    return [
        svg.evaluate(
            """svg => {
                const [gaze, all] = [svg.querySelector(".gaze"), svg]
                    .map(one => one.getBoundingClientRect());
                return [gaze.x - all.x, gaze.y - all.y, gaze.width, gaze.height];
            }"""
        )
        for svg in (reader.desk, reader.map)
    ]


@pytest.mark.parametrize(("asked", "takes"), [("reduce", "0s"), ("no-preference", "0.18s")])
def test_the_gaze_moves_at_once_for_who_asks_for_less_motion(
    watch: Watch, page: Page, address: str, asked: Literal["reduce", "no-preference"], takes: str
) -> None:
    page.emulate_media(reduced_motion=asked)
    page.goto(address)
    gaze = Reader(page).desk.locator(".gaze")
    expect(gaze).to_have_css("transition-duration", takes)


@pytest.mark.thorough
def test_a_finger_does_the_same_and_the_address_can_be_handed_on(
    browser: Browser, address: str
) -> None:
    context = browser.new_context(has_touch=True, viewport={"width": 360, "height": 740})
    watch = Watch(context, address)
    page = context.new_page()
    page.goto(address + "zh/cues/#you-want-to-read")
    page.locator("[data-explorer=cues]").scroll_into_view_if_needed()
    reader = Reader(page, "zh")
    reader.volition.scroll_into_view_if_needed()
    expect(reader.why).to_have_text("目光落在书上。“一心找书”：在模型看来，没有哪里更像。")
    box = reader.volition.bounding_box()
    assert box
    assert box["height"] >= 24
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(reader.why).to_have_text(
        re.compile("^目光落在咖啡杯上。这里的优先级是两部分之和：显眼占")
    )
    reader.thing("notebook").tap()
    expect(reader.why).to_have_text(re.compile("一心找笔记本"))  # the slider may move with it
    reader.volition.tap()
    reader.grey.tap()
    expect(reader.why).to_have_text(re.compile("^目光落在报纸上。.*像笔记本占"))
    expect(page).to_have_url(re.compile(r"\?volition=0\.\d+&target=notebook&cup=grey#"))
    told, spoken = reader.why.inner_text(), reader.volition.get_attribute("aria-valuetext")
    assert spoken
    assert re.fullmatch(r"0\.\d\d，介于“只是看看”和“一心找笔记本”之间", spoken)

    page.reload()
    expect(reader.why).to_have_text(told)
    expect(reader.grey).to_be_checked()
    expect(reader.thing("notebook")).to_have_attribute("aria-pressed", "true")
    assert said(reader) == package_says(reader, "notebook", "zh")
    assert watch.errors == []
    context.close()


def said(reader: Reader) -> list[str | None]:
    return [svg.locator("desc").text_content() for svg in (reader.desk, reader.map)]


def learned() -> dict[str, torch.Tensor]:
    """What the page has learned of each object, on other desks."""
    lessons = [desk(seed) for seed in range(1000, 1005)]
    images = torch.stack([lesson.image for lesson in lessons])
    return learn_objects(images, [lesson.boxes for lesson in lessons])


def package_says(reader: Reader, target: str, lang: Language) -> list[str | None]:
    """What the package says of the grey desk."""
    _, scene = desk_pair()
    maps = feature_maps(scene.image)
    volition = float(reader.volition.input_value())
    wanted = top_down(maps, learned()[target])
    map_ = mix(bottom_up(maps), wanted, volition)
    gaze = [fixate(map_)]
    return [
        draw_scene(scene, gaze, lang=lang).description,
        draw_priority(map_, gaze, scene=scene, lang=lang).description,
    ]


@pytest.mark.thorough
def test_nonsense_in_the_address_is_ignored_and_too_much_is_clamped(
    watch: Watch, page: Page, address: str
) -> None:
    reader = Reader(page)
    for query, volition, target, told in (
        ("volition=much&target=toString&cup=blue", "0", "book", "Gaze: cup. Just looking"),
        ("volition=Infinity", "0", "book", "Gaze: cup. Just looking"),
        ("volition=7&target=newspaper&cup=grey", "1", "newspaper", "Gaze: newspaper. Looking"),
    ):
        page.goto(f"{address}?{query}")
        expect(reader.why).to_have_text(re.compile(f"^{told}"))
        expect(reader.volition).to_have_value(volition)
        sought = reader.things.locator("[data-thing][aria-pressed=true]")
        assert sought.evaluate_all("all => all.map(one => one.dataset.thing)") == (
            [target] if float(volition) else []
        )
    assert said(reader) == package_says(reader, "newspaper", "en")
    assert watch.errors == []


@pytest.mark.thorough
def test_the_page_computes_what_the_package_computes(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(address)
    expect(Reader(page).why).to_be_visible()
    volitions = [step / 50 for step in range(51)]
    weights = learned()
    for grey, scene in enumerate(desk_pair()):
        maps = feature_maps(scene.image)
        seen = bottom_up(maps)
        for target in scene.boxes:
            wanted = top_down(maps, weights[target])
            setting = {"target": target, "grey": bool(grey)}
            gazes = page.evaluate(GAZES, setting | {"volitions": volitions})
            ours = [list(fixate(mix(seen, wanted, volition))) for volition in volitions]
            assert gazes == ours, setting
            for volition in (0.0, 0.37, 1.0):
                answer = page.evaluate(SET, setting | {"volition": volition})
                map_ = np.frombuffer(base64.b64decode(answer["map"]), "<f4").reshape(160, 240)
                torch.testing.assert_close(
                    torch.tensor(map_), mix(seen, wanted, volition), atol=1e-5, rtol=0
                )
                for name, both in parts(maps, target, volition).items():
                    assert answer["parts"][name] == pytest.approx(both, abs=1e-4), (setting, name)


SHIFTS = """new PerformanceObserver((list) => {
  window.shifted = (window.shifted ?? []).concat(list.getEntries().flatMap((entry) =>
    entry.sources.map(({ node }) => node).filter((node) => node?.parentElement?.closest("article"))
      .map((node) => node.outerHTML ?? node.data)));
}).observe({ type: "layout-shift", buffered: true })"""
FULLEST = """figure => {
  const height = figure.getBoundingClientRect().height;
  const slider = figure.querySelector(".cues [type=range]");
  let most = 0;
  for (const thing of figure.querySelectorAll("[data-thing]:is(button)")) {
    thing.click();
    for (const volition of [0, 0.3, 1]) {
      slider.value = volition;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      most = Math.max(most, figure.getBoundingClientRect().height);
    }
  }
  return most - height;
}"""


@pytest.mark.thorough
@pytest.mark.parametrize(("path", "width"), [("", 1280), ("", 360), ("zh/", 360), ("zh/", 760)])
def test_nothing_on_the_page_moves_when_the_controls_come(
    watch: Watch, page: Page, address: str, path: str, width: int
) -> None:
    page.add_init_script(SHIFTS)
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(address + path)
    controls: Locator = Reader(page, "zh" if path else "en").controls
    expect(controls.locator("p").first).not_to_be_empty()
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.shifted ?? []") == []
    assert page.locator("figure:has(.cues)").evaluate(FULLEST) <= 1
    assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.thorough
def test_axe_finds_nothing_in_use(watch: Watch, page: Page, address: str) -> None:
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(address + "?volition=0.4&target=paper&cup=grey")
        reader = Reader(page)
        reader.volition.focus()
        results = Axe().run(page, context="figure:has(.cues)", options=options)
        assert results.violations_count == 0, results.generate_report()
        for control in (
            reader.volition,
            *reader.things.get_by_role("button").all(),
            reader.grey,
            reader.reset,
        ):
            box = control.bounding_box()
            assert box
            assert min(box["height"], box["width"]) >= 24


def test_without_scripts_the_figure_stands_alone(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    figure = page.locator("figure:has([data-explorer=cues])")
    expect(figure.get_by_role("img").first).to_be_visible()
    boxes = [svg.bounding_box() for svg in figure.locator("svg").all()]
    caption = figure.locator("figcaption").bounding_box()
    assert caption
    lowest = max(box["y"] + box["height"] for box in boxes if box)
    assert 0 <= caption["y"] - lowest < 40
    context.close()
