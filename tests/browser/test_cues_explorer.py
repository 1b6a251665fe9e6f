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
from attncues.saliency import bottom_up, feature_maps, fixate, learn_objects, mix, top_down
from attncues.scenes import desk, desk_pair
from attncues.style import Language
from tests.browser.conftest import Watch
from tests.browser.test_site import WCAG

SET = """({volition, target, grey}) => {
  const [slider, select, cup] = document.querySelectorAll(".cues :is(input, select)");
  [slider.value, select.value, cup.checked] = [volition, target, grey];
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const { map, row, column } = document.querySelector("[data-explorer=cues]").explored;
  const bytes = new Uint8Array(Float32Array.from(map).buffer);
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096) {
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  }
  return { gaze: [row, column], map: btoa(text) };
}"""
GAZES = """({volitions, ...rest}) => volitions.map((volition) => {
  const [slider, select, cup] = document.querySelectorAll(".cues :is(input, select)");
  [slider.value, select.value, cup.checked] = [volition, rest.target, rest.grey];
  slider.dispatchEvent(new Event("input", { bubbles: true }));
  const { row, column } = document.querySelector("[data-explorer=cues]").explored;
  return [row, column];
})"""


class Reader:
    """What a reader finds below the desk."""

    def __init__(self, page: Page, lang: Language = "en") -> None:
        zh = lang == "zh"
        self.controls = page.get_by_role("group", name="提示" if zh else "Cues")
        self.volition = page.get_by_role("slider", name="自主性" if zh else "Volition")
        self.target = page.get_by_role("combobox", name="找" if zh else "looking for the")
        self.grey = page.get_by_role("switch", name="去掉" if zh else "without its colour")
        self.reset = page.get_by_role("button", name="重置" if zh else "Reset", exact=True)
        self.why = self.controls.locator("p").first
        self.desk, self.map = (page.locator("figure:has(.cues) > svg").nth(k) for k in (0, 1))


def test_mouse_and_keyboard_move_the_gaze(watch: Watch, page: Page, address: str) -> None:
    page.goto(address)
    reader = Reader(page)
    expect(reader.why).to_have_text("Gaze: cup. Just looking: nothing stands out more.")
    expect(reader.volition).to_have_attribute("aria-valuetext", "just looking")
    # What the build has drawn stays until someone touches it; then the script draws the same.
    gaze = place(reader)
    reader.reset.click()
    expect(reader.why).to_have_text("Gaze: cup. Just looking: nothing stands out more.")
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

    reader.target.select_option("cup")
    reader.grey.click()
    expect(reader.why).to_have_text(re.compile("^Gaze: book. .* for being like a cup.$"))
    assert red.count() == 0
    expect(page).to_have_url(re.compile(r"\?volition=0\.99&target=cup&cup=grey$"))
    expect(reader.controls.get_by_role("status")).to_have_text(reader.why.inner_text())

    reader.reset.focus()
    page.keyboard.press("Enter")
    expect(page).to_have_url(address)
    expect(reader.why).to_have_text("Gaze: cup. Just looking: nothing stands out more.")
    assert (picture(reader), place(reader), red.count()) == (drawn, gaze, cup)
    assert watch.errors == []
    assert watch.foreign == []


def picture(reader: Reader) -> str | None:
    return reader.map.locator("image").first.get_attribute("href")


def place(reader: Reader) -> list[Any]:
    return [svg.locator(".gaze").bounding_box() for svg in (reader.desk, reader.map)]


@pytest.mark.parametrize(("asked", "takes"), [("reduce", "0s"), ("no-preference", "0.1s")])
def test_the_gaze_moves_at_once_for_who_asks_for_less_motion(
    watch: Watch, page: Page, address: str, asked: Literal["reduce", "no-preference"], takes: str
) -> None:
    page.emulate_media(reduced_motion=asked)
    page.goto(address)
    gaze = Reader(page).desk.locator(".gaze")
    expect(gaze).to_have_css("transition-duration", takes)


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
    expect(reader.why).to_have_text("目光落在书上。一心找书：在模型看来，没有哪里更像。")
    box = reader.volition.bounding_box()
    assert box
    assert box["height"] >= 24
    page.touchscreen.tap(box["x"] + box["width"] / 4, box["y"] + box["height"] / 2)
    expect(reader.why).to_have_text(
        re.compile("^目光落在咖啡杯上。这里的优先级由两部分相加：显眼占")
    )
    reader.target.select_option("笔记本")
    reader.grey.tap()
    expect(reader.why).to_have_text(re.compile("^目光落在报纸上。.*像笔记本占"))
    expect(page).to_have_url(re.compile(r"\?volition=0\.\d+&target=notebook&cup=grey#"))
    told, spoken = reader.why.inner_text(), reader.volition.get_attribute("aria-valuetext")
    assert spoken
    assert re.fullmatch(r"0\.\d\d，介于只是看看和一心找笔记本之间", spoken)

    page.reload()
    expect(reader.why).to_have_text(told)
    expect(reader.grey).to_be_checked()
    expect(reader.target).to_have_value("notebook")
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
        expect(reader.target).to_have_value(target)
    assert said(reader) == package_says(reader, "newspaper", "en")
    assert watch.errors == []


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


SHIFTS = """new PerformanceObserver((list) => {
  window.shifted = (window.shifted ?? []).concat(list.getEntries().flatMap((entry) =>
    entry.sources.map(({ node }) => node).filter((node) => node?.parentElement?.closest("article"))
      .map((node) => node.outerHTML ?? node.data)));
}).observe({ type: "layout-shift", buffered: true })"""
FULLEST = """controls => {
  const [slider, select] = controls.querySelectorAll("input, select");
  let most = 0;
  for (const { value } of select.options) {
    for (const volition of [0, 0.3, 1]) {
      [slider.value, select.value] = [volition, value];
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      most = Math.max(most, controls.scrollHeight);
    }
  }
  return most - controls.clientHeight;
}"""


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
    assert controls.evaluate(FULLEST) <= 0
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_axe_finds_nothing_in_use(watch: Watch, page: Page, address: str) -> None:
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    for width, scheme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 740})
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        page.goto(address + "?volition=0.4&target=paper&cup=grey")
        reader = Reader(page)
        reader.volition.focus()
        results = Axe().run(page, context="figure:has(.cues)", options=options)
        assert results.response["violations"] == []
        for control in (reader.volition, reader.target, reader.grey, reader.reset):
            box = control.bounding_box()
            assert box
            assert min(box["height"], box["width"]) >= 24


def test_without_scripts_the_figure_stands_alone(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address)
    figure = page.locator("figure:has([data-explorer=cues])")
    expect(figure.get_by_role("img").first).to_be_visible()
    drawing = figure.locator("svg").last.bounding_box()
    caption = figure.locator("figcaption").bounding_box()
    assert drawing
    assert caption
    assert caption["y"] - (drawing["y"] + drawing["height"]) < 40
    context.close()
