"""A reader browses the heads of a language model, in passages that are loaded when chosen.

If one fails, serve the site and do on the page what the test does. The script is
docs/assets/explorers/heads.js; the weights are those of attncues.transformer.
"""

import gzip
import json
import re
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from attncues.transformer import LanguageModel
from tests.browser.conftest import Watch
from tests.browser.test_site import WCAG
from tests.conftest import Project

PATH = "language-model/"
HEADS = 9


def explore(page: Page, url: str) -> Locator:
    page.goto(url)
    page.locator("figure:has(> [data-explorer=heads])").scroll_into_view_if_needed()
    box = page.locator(".heads")
    expect(box).to_have_attribute("data-passage", re.compile("."))
    return box


def tokens(box: Locator) -> Locator:
    return box.locator(".tokens button")


def small(box: Locator) -> Locator:
    return box.locator(".all button")


def named(box: Locator) -> Locator:
    return box.locator(".name")


def told(box: Locator) -> Locator:
    return box.locator(".told")


@pytest.fixture(scope="module")
def data(built: Project) -> dict[str, Any]:
    """What the page hands to the script: the file that names the others, which it leads to."""
    folder = built.site / "assets" / "data"
    files = {
        path.name: json.loads(path.read_text()[len("attncues.data(") : -len(");\n")])
        for path in folder.glob("heads-*.js")
    }
    (found,) = (one for one in files.values() if "later" in one)
    return {**found, "later": {name: files[file] for name, file in found["later"].items()}}


def text_of(names: list[str]) -> str:
    """Put tokens together, of which some are named by their bytes."""
    parts = (bytes.fromhex(n.strip("⟨⟩")) if n[0] == "⟨" else n.encode() for n in names)
    return b"".join(parts).decode()


SHOWN = """(box) => {
    const canvas = box.querySelector(".map canvas");
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    return [...data].filter((_, at) => at % 4 === 3).map((one) => one / 255);
}"""


@pytest.mark.thorough
def test_maps_are_those_of_the_model_in_each_passage(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    box = explore(page, address + PATH)
    passages = list(data["later"].values())
    assert len(passages) >= 4
    model = LanguageModel()
    heads = [(0, 8), (17, 4), (18, 6), (29, 0)]
    for place, (passage, (layer, head)) in enumerate(zip(passages, heads, strict=True)):
        names = passage["tokens"]
        page.goto(address + PATH + f"?heads={place}.{layer}.{head}")
        expect(named(box)).to_contain_text(f"layer {layer}, head {head}")
        expect(tokens(box)).to_have_count(len(names))
        expected = model(model.read(text_of(names))).weights[layer, head]
        found = torch.tensor(box.evaluate(SHOWN)).view(len(names), -1)
        torch.testing.assert_close(found, expected, atol=0.5 / 255 + 1e-3, rtol=0)
    assert watch.errors == []


@pytest.mark.thorough
def test_order_brings_the_best_of_a_kind_to_the_front(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    box = explore(page, address + PATH)
    for kind, scores in data["kinds"].items():
        box.get_by_label("Order").select_option(kind)
        best = sorted(range(len(scores)), key=lambda at: -scores[at])
        order = small(box).evaluate_all("all => all.map((one) => Number(one.dataset.at))")
        assert [scores[at] for at in order] == [scores[at] for at in best]
        layer, head = divmod(order[0], HEADS)
        expect(named(box)).to_contain_text(f"layer {layer}, head {head}")
        expect(named(box)).to_contain_text(f"{scores[order[0]]:.2f}")
    box.get_by_label("Order").select_option("")
    assert small(box).first.get_attribute("aria-label") == "layer 0, head 0"
    assert watch.errors == []


def test_a_token_tells_where_it_looks_and_who_looks_at_it(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    box = explore(page, address + PATH + "?heads=0.16.0")  # looks at the token before
    names = [name.strip() for name in next(iter(data["later"].values()))["tokens"]]
    tokens(box).nth(5).hover()
    expect(told(box)).to_contain_text(f"“{names[5]}” looks at “{names[4]}” (")
    expect(told(box)).to_contain_text(f"looked at most by “{names[6]}” (")
    tokens(box).nth(3).click()
    expect(tokens(box).nth(3)).to_have_attribute("aria-pressed", "true")
    box.locator(".map").hover(position={"x": 2, "y": 2})
    expect(told(box)).to_contain_text(f"“{names[0]}” looks at “{names[0]}” (1.00)")
    page.mouse.move(0, 0)
    expect(told(box)).to_contain_text(f"“{names[3]}” looks at “{names[2]}”")
    assert watch.errors == []


def test_keys_move_among_heads_and_tokens_and_the_address_follows(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    box = explore(page, address + PATH + "?heads=0.3.0")
    box.get_by_role("button", name="layer 3, head 0", exact=True).focus()
    page.keyboard.press("ArrowRight")
    expect(named(box)).to_contain_text("layer 3, head 1")
    page.keyboard.press("ArrowDown")  # three layers stand side by side
    expect(named(box)).to_contain_text("layer 6, head 1")
    page.keyboard.press("End")
    expect(named(box)).to_contain_text("layer 29, head 8")
    expect(page).to_have_url(re.compile(r"\?heads=0\.29\.8$"))
    page.keyboard.press("Tab")
    page.keyboard.press("Home")
    expect(tokens(box).first).to_be_focused()
    expect(box.locator("[role=status]")).to_contain_text("looks at")
    box.get_by_label("Passage").select_option(index=1)
    expect(page).to_have_url(re.compile(r"\?heads=1\.29\.8$"))
    names = list(data["later"].values())[1]["tokens"]
    expect(tokens(box)).to_have_count(len(names))
    page.go_back()
    expect(page).to_have_url(re.compile(r"\?heads=0\.29\.8$"))
    expect(tokens(box)).to_have_count(len(next(iter(data["later"].values()))["tokens"]))
    assert watch.errors == []


@pytest.mark.thorough
@pytest.mark.parametrize("search", ["?heads=9.0.0", "?heads=0.30.0", "?heads=", "?heads=x.y.z"])
def test_an_address_that_names_nothing_shows_the_start(
    watch: Watch, page: Page, address: str, data: dict[str, Any], search: str
) -> None:
    first = next(iter(data["kinds"].values()))
    layer, head = divmod(first.index(max(first)), HEADS)
    box = explore(page, address + PATH + search)
    expect(named(box)).to_contain_text(f"layer {layer}, head {head}")
    assert watch.errors == []


@pytest.mark.thorough
def test_a_passage_that_cannot_be_loaded_is_told_and_can_be_tried_again(
    page: Page, address: str, data: dict[str, Any]
) -> None:
    box = explore(page, address + PATH)
    count = tokens(box).count()
    page.route("**/assets/data/heads-*.js", lambda route: route.abort())
    box.get_by_label("Passage").select_option(index=1)
    expect(named(box)).to_contain_text("could not be loaded")
    expect(tokens(box)).to_have_count(count)
    page.unroute("**/assets/data/heads-*.js")
    box.get_by_label("Passage").select_option(index=0)
    box.get_by_label("Passage").select_option(index=1)
    expect(tokens(box)).to_have_count(len(list(data["later"].values())[1]["tokens"]))


def fetched(page: Page) -> list[str]:
    """Return which files of the browser of heads the page has loaded, in their order."""
    found = page.evaluate("performance.getEntriesByType('resource').map(({ name }) => name)")
    names = [url.rpartition("/")[2] for url in found if "/assets/" in url]
    return [name for name in names if re.fullmatch(r"heads(-\w+)?\.js", name)]


def test_it_loads_one_passage_at_a_time(page: Page, address: str, built: Project) -> None:
    page.goto(address + PATH)
    page.wait_for_load_state("networkidle")
    assert fetched(page) == []
    box = explore(page, address + PATH)
    assert len(fetched(page)) == 3, "the script, the kinds of all heads, and the first passage"
    box.get_by_label("Passage").select_option(index=3)
    expect(box).to_have_attribute("data-passage", "a sentence in Chinese")
    script, *content = sorted(fetched(page), key=lambda name: name != "heads.js")
    assert len(content) == 3
    for name in content:
        assert (built.site / "assets" / "data" / name).stat().st_size <= 200_000, name
    assert len(gzip.compress((built.site / "assets" / "explorers" / script).read_bytes())) < 4096


@pytest.mark.thorough
@pytest.mark.parametrize("lang", ["", "zh/"])
@pytest.mark.parametrize(("width", "touch"), [(360, True), (1280, False)])
def test_it_fits_and_axe_finds_nothing_while_it_is_used(
    browser: Browser, address: str, lang: str, width: int, touch: bool
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 740}, has_touch=touch, reduced_motion="reduce"
    )
    watch, page = Watch(context, address), context.new_page()
    page.goto(address + lang + PATH)
    figure = page.locator("figure:has(> [data-explorer=heads])")
    before = figure.bounding_box()
    box = explore(page, address + lang + PATH)
    for at in (1, 3):
        box.locator("select").first.select_option(index=at)
        expect(box).to_have_attribute("data-passage", re.compile("pattern|Chinese|code"))
        head = small(box).nth(4)
        (head.tap if touch else head.click)()
        token = tokens(box).nth(2)
        (token.tap if touch else token.click)()
        expect(token).to_have_attribute("aria-pressed", "true")
        after = figure.bounding_box()
        assert before and after and after["height"] == pytest.approx(before["height"], abs=1)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        sizes = box.locator("*").evaluate_all(
            "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert min(sizes) >= 10
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light")
            options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
            found = Axe().run(page, context=".heads", options=options).response["violations"]
            assert found == []
    assert watch.errors == []
    context.close()


def test_without_scripts_the_figure_stands(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PATH)
    drawing = page.locator("svg[data-explorer=heads]")
    expect(drawing).to_be_visible()
    assert "9 rows (Heads) by 30 columns (Layers)" in (drawing.locator("desc").text_content() or "")
    expect(page.locator(".heads")).to_have_count(0)
    context.close()
