"""A reader asks for an object, and each number of queries, keys and values follows.

If one fails, serve the site and do on the page what the test does. The script is
docs/assets/explorers/framework.js; what it computes, attncues.pooling computes too.
"""

import gzip
import itertools
import json
import re
from typing import Any

import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from attncues.pooling import attention_pooling, dot_product
from tests.browser.conftest import Watch
from tests.browser.test_site import WCAG
from tests.conftest import Project

PATH = "queries-keys-values/"
FIGURE = "figure:has([data-explorer=framework])"


def explore(page: Page, url: str) -> Locator:
    page.goto(url)
    page.evaluate("document.fonts.ready.then(() => true)")  # formulas change their height
    page.locator(FIGURE).scroll_into_view_if_needed()
    explorer = page.locator(".framework")
    expect(explorer).to_be_visible()
    return explorer


@pytest.fixture(scope="module")
def data(built: Project) -> dict[str, Any]:
    """What the page hands to the script."""
    (file,) = (built.site / "assets" / "data").glob("framework-*.js")
    found: dict[str, Any] = json.loads(file.read_text()[len("attncues.data(") : -len(");\n")])
    return found


def weights_of(explorer: Locator) -> list[float]:
    found: list[float] = json.loads(explorer.get_attribute("data-weights") or "")
    return found


CHOOSE = """(explorer, [query, power, masked]) => {
    explorer.querySelector(`[type=radio][value="${query}"]`).click();
    const heat = explorer.querySelector("[type=range]");
    heat.value = power;
    heat.dispatchEvent(new Event("input", { bubbles: true }));
    const objects = [...explorer.querySelectorAll("tbody button")];
    const wrong = (one) => (one.ariaPressed === "true") !== masked.includes(one.textContent);
    for (const open of ["true", "false"]) {
        objects.filter((one) => one.ariaPressed === open && wrong(one)).forEach((one) => {
            one.click();
        });
    }
    const read = (cells) => [...explorer.querySelectorAll(cells)].map((one) => one.textContent);
    const { weights, output } = explorer.dataset;
    return {
        weights: JSON.parse(weights),
        output: JSON.parse(output),
        "td.score": read("td.score"),
        ".framework-row b": read(".framework-row b"),
        "tfoot .value span": read("tfoot td.value span"),
        best: read("tr.best button"),
        swatch: getComputedStyle(explorer.querySelector("tfoot .value")).backgroundColor,
    };
}"""
"""Do what a reader does, and return what is seen then."""


def test_weights_and_output_are_those_of_the_package(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    explorer = explore(page, address + PATH)
    names = data["names"]
    keys, values = (torch.tensor(data[name], dtype=torch.float64) for name in ("keys", "values"))
    masks = [[], ["book"], ["cup", "newspaper"], ["book", "cup", "paper", "newspaper"]]
    powers = [-2.0, -1.25, -0.7, 0.0, 0.95, 2.0]
    for query, power, masked in itertools.product(data["queries"], powers, masks):
        seen = explorer.evaluate(CHOOSE, [query, power, masked])
        wanted = torch.tensor([data["queries"][query]], dtype=torch.float64)
        output, weights = attention_pooling(
            wanted, keys, values, score=dot_product, temperature=float(f"{10**power:.3g}"),
            mask=torch.tensor([name not in masked for name in names]),
        )  # fmt: skip
        scores = dot_product(wanted, keys)[0].tolist()
        shares, colour = weights[0].tolist(), output[0].tolist()
        assert seen["weights"] == pytest.approx(shares, abs=1e-6)
        assert seen["output"] == pytest.approx(colour, abs=1e-6)
        for cells, numbers in (
            ("td.score", scores), (".framework-row b", shares), ("tfoot .value span", colour),
        ):  # fmt: skip
            written = [float(text.replace("−", "-")) for text in seen[cells]]
            assert written == pytest.approx(numbers, abs=0.0051), (query, power, masked)
        best = max(set(names) - set(masked), key=lambda name: scores[names.index(name)])
        assert seen["best"] == [best]
        swatch = list(map(float, re.findall(r"\d+", seen["swatch"])))
        assert swatch == pytest.approx([255 * part for part in colour], abs=1)
    assert watch.errors == []


def test_bars_are_as_long_as_weights(watch: Watch, page: Page, address: str) -> None:
    explorer = explore(page, f"{address}{PATH}?framework=newspaper,0.5")
    weights = weights_of(explorer)
    for bars in ("tbody i", "tfoot i"):
        shares = explorer.locator(bars).evaluate_all(
            "all => all.map(e => e.getBoundingClientRect().width / e.parentElement.clientWidth)"
        )
        assert shares == pytest.approx(weights, abs=0.01)
    assert watch.errors == []


STREAMS = """explorer => {
    const [output] = [...explorer.querySelectorAll("tfoot td.value")].map(one =>
        one.getBoundingClientRect());
    const paths = [...explorer.querySelectorAll("path:nth-of-type(2n)")];
    return paths.map(path => {
        const { right } = path.getBoundingClientRect();
        const end = path.getPointAtLength(path.getTotalLength());
        const screen = end.matrixTransform(path.getScreenCTM());
        const inside = screen.y > output.top && screen.y < output.bottom;
        return {
            breadth: parseFloat(path.style.strokeWidth), colour: path.style.stroke, inside,
            attached: Math.abs(screen.x - output.right) < 1,
            fits: right <= explorer.querySelector(".framework-sum").getBoundingClientRect().right,
        };
    });
}"""


@pytest.mark.parametrize("width", [360, 768, 1280])
def test_each_value_flows_into_the_output_as_broad_as_its_weight(
    watch: Watch, page: Page, address: str, data: dict[str, Any], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    explorer = explore(page, f"{address}{PATH}?framework=book,0.5,paper")
    expect(explorer.locator("tr.masked")).to_have_count(1)
    page.wait_for_function(f"({STREAMS})(document.querySelector('.framework'))[0].attached")
    for query in ("newspaper", "cup"):
        explorer.locator(f"[type=radio][value={query}]").check()
        streams, weights = explorer.evaluate(STREAMS), weights_of(explorer)
        breadths = [stream["breadth"] for stream in streams]
        all_ = sum(breadths)
        assert all_ > 15
        assert [one / all_ for one in breadths] == pytest.approx(weights, abs=0.01)
        assert breadths[data["names"].index("paper")] == 0
        for stream, value in zip(streams, data["values"], strict=True):
            assert stream["inside"]
            assert stream["attached"]
            assert stream["fits"]
            shown = list(map(float, re.findall(r"[\d.]+", stream["colour"])))
            assert shown == pytest.approx([255 * part for part in value], abs=1)
    assert watch.errors == []


def test_each_step_lights_up_in_turn_with_the_present_numbers(
    watch: Watch, page: Page, address: str
) -> None:
    explorer = explore(page, f"{address}{PATH}?framework=cup,0.5")
    step = explorer.get_by_role("button", name="Step")
    told = explorer.locator("p").first
    weight = explorer.locator("tr.best .weight b").text_content()
    score = re.escape(explorer.locator("tr.best .score").text_content() or "")
    lit = [
        ("Query. .*: red and yellow most, bright least", "th.query:not(.lead), td.key"),
        (f"Scores. .*For the cup: .* ≈ {score}", "td.score"),
        (f"Weights. .*{score} ÷ 0\\.5 ≈ .* a weight of {weight}", "td.weight, .framework-row b"),
        ("Values. .*cup 1\\.00", "tbody td.value, .mix > span"),
        ("Output. .* ≈ 0\\.6\\d\\. .* closest to the cup", "tfoot .value"),
    ]
    outlined = "all => all.every(e => getComputedStyle(e).outlineStyle === 'solid')"
    for sentence, parts in [*lit, lit[0]]:
        step.press("Enter")
        expect(told).to_have_text(re.compile(sentence))
        expect(page.get_by_role("status").filter(has_text=told.inner_text())).to_be_attached()
        for other in (one for _, one in lit):
            assert explorer.locator(other).evaluate_all(outlined) == (other == parts)
    # The sentence follows the query: six equal numbers want nothing most.
    explorer.get_by_role("radio", name="nothing in particular").check()
    expect(told).to_have_text(re.compile("Six equal numbers"))
    explorer.get_by_role("button", name="Reset").click()
    expect(explorer).to_have_attribute("data-step", "0")
    expect(explorer.get_by_role("radio", name="book")).to_be_checked()
    expect(page).to_have_url(address + PATH)
    assert watch.errors == []


def test_it_plays_to_the_last_step_and_can_be_paused(
    watch: Watch, page: Page, address: str
) -> None:
    page.clock.install()
    explorer = explore(page, address + PATH)
    explorer.get_by_role("button", name="Play").click()
    expect(explorer).to_have_attribute("data-step", "1")
    page.clock.run_for(5100)
    expect(explorer).to_have_attribute("data-step", "2")
    explorer.get_by_role("button", name="Pause").click()
    page.clock.run_for(20000)
    expect(explorer).to_have_attribute("data-step", "2")
    explorer.get_by_role("button", name="Play").click()
    page.clock.run_for(60000)
    expect(explorer).to_have_attribute("data-step", "5")
    expect(explorer.get_by_role("button", name="Play")).to_be_visible()
    moving = "e => getComputedStyle(e).transitionDuration"
    assert explorer.locator("tbody i").first.evaluate(moving) == "0s"  # as this reader asks
    page.emulate_media(reduced_motion="no-preference")
    assert explorer.locator("tbody i").first.evaluate(moving) == "0.3s"
    assert watch.errors == []


def test_objects_are_masked_by_mouse_and_keyboard_but_one_stays(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    explorer = explore(page, address + PATH)
    book = explorer.get_by_role("button", name="mask book")
    book.click()
    expect(book).to_have_attribute("aria-pressed", "true")
    assert weights_of(explorer)[data["names"].index("book")] == 0
    expect(explorer.locator("tr.masked")).to_contain_text("masked")
    for name in ("newspaper", "cup", "notebook"):
        explorer.get_by_role("button", name=f"mask {name}").press("Enter")
    last = explorer.locator("tbody button[aria-pressed=false]")
    expect(last).to_have_text("paper")
    expect(last).to_have_attribute("aria-disabled", "true")
    assert sorted(weights_of(explorer)) == [0, 0, 0, 0, 1]
    last.press("Enter")
    expect(last).to_have_attribute("aria-pressed", "false")
    expect(explorer.locator("p").first).to_contain_text("cannot be masked")
    expect(page.get_by_role("status").filter(has_text="cannot be masked")).to_be_attached()
    expect(page).to_have_url(re.compile(r"\?framework=book,0\.2,book,newspaper,cup,notebook$"))
    book.press(" ")
    expect(book).to_have_attribute("aria-pressed", "false")
    assert weights_of(explorer)[data["names"].index("book")] > 0
    assert watch.errors == []


def test_the_keyboard_chooses_query_and_temperature(watch: Watch, page: Page, address: str) -> None:
    explorer = explore(page, address + PATH)
    explorer.get_by_role("radio", name="book").focus()
    page.keyboard.press("ArrowRight")
    expect(explorer.get_by_role("radio", name="cup")).to_be_checked()
    expect(page.get_by_role("status").filter(has_text="Most weight: cup, 1.00")).to_be_attached()
    heat = explorer.get_by_role("slider", name="temperature")
    heat.press("End")
    expect(heat).to_have_attribute("aria-valuetext", "100")
    heat.press("Home")
    expect(heat).to_have_attribute("aria-valuetext", "0.01")
    expect(explorer.locator(".heads")).to_contain_text("softmax(score ÷ 0.01)")
    expect(page).to_have_url(re.compile(r"\?framework=cup,0\.01$"))
    assert watch.errors == []


@pytest.mark.thorough
def test_an_address_opens_a_state_and_nonsense_does_no_harm(
    watch: Watch, page: Page, address: str
) -> None:
    def state(text: str) -> tuple[Any, ...]:
        explorer = explore(page, f"{address}{PATH}?framework={text}")
        return (
            explorer.locator("[type=radio]:checked").get_attribute("value"),
            explorer.get_by_role("slider").get_attribute("aria-valuetext"),
            explorer.locator("tbody button[aria-pressed=true]").all_text_contents(),
        )

    assert state("nothing+in+particular,0.05,cup,book") == (
        "nothing in particular", "0.05", ["cup", "book"]
    )  # fmt: skip
    assert state("cup,1e9") == ("cup", "100", [])
    for nonsense in (
        "moon,-1,sun", "toString,cold", "%3Cb%3E,,",
        "book,0.2,newspaper,paper,cup,notebook,book",
    ):  # fmt: skip
        assert state(nonsense) == ("book", "0.2", [])
    assert watch.errors == []


@pytest.mark.thorough
def test_on_a_phone_all_is_large_enough_and_within_the_page(browser: Browser, address: str) -> None:
    context = browser.new_context(viewport={"width": 360, "height": 740}, has_touch=True)
    watch = Watch(context, address)
    page = context.new_page()
    for edition in ("", "zh/"):
        explorer = explore(page, f"{address}{edition}{PATH}")
        explorer.locator("tbody button").nth(2).tap()
        expect(explorer.locator("tr.masked")).to_have_count(1)
        for control in explorer.locator("button, label").all():
            box = control.bounding_box()
            assert box is not None
            assert min(box["width"], box["height"]) >= 24, control.inner_text()
        sizes = explorer.evaluate(
            """explorer => [...explorer.querySelectorAll("*")]
                .filter(e => e.checkVisibility() && [...e.childNodes].some(one => one.data))
                .map(e => parseFloat(getComputedStyle(e).fontSize))"""
        )
        assert min(sizes) >= 10
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
        # An object's row stands above its key.
        name, key = (
            explorer.locator(f"tbody tr:first-child {one}").first.bounding_box()
            for one in ("th", "td.key")
        )
        assert name is not None
        assert key is not None
        assert key["y"] >= name["y"] + name["height"] - 1
    assert watch.errors == []
    context.close()


def test_it_speaks_chinese(watch: Watch, page: Page, address: str) -> None:
    explorer = explore(page, f"{address}zh/{PATH}?framework=cup,0.2,book")
    expect(page.get_by_role("group", name="探索查询、键与值")).to_be_visible()
    step = explorer.get_by_role("button", name="下一步")
    told = explorer.locator("p").first
    for start in ("查询。", "得分。", "权重。", "值。", "输出。"):
        step.click()
        expect(told).to_have_text(re.compile(start))
        assert set(re.findall("[A-Za-z]{2,}", explorer.inner_text())) == {"softmax"}
    expect(explorer.get_by_role("button", name="遮盖书")).to_have_attribute("aria-pressed", "true")
    assert watch.errors == []


@pytest.mark.thorough
@pytest.mark.parametrize("width", [360, 768, 1280, 1600])
@pytest.mark.parametrize("edition", ["", "zh/"])
def test_in_use_axe_finds_nothing_and_nothing_jumps(
    watch: Watch, page: Page, address: str, width: int, edition: str
) -> None:
    page.set_viewport_size({"width": width, "height": 740})
    page.goto(f"{address}{edition}{PATH}")
    page.evaluate("document.fonts.ready.then(() => true)")
    figure = page.locator(FIGURE)
    before = figure.bounding_box()
    figure.scroll_into_view_if_needed()
    explorer = page.locator(".framework")
    explorer.locator("tbody button").nth(1).click()
    longest = 0.0
    for _ in range(5):
        explorer.locator("button").nth(-3).click()
        told = explorer.locator("p").first.bounding_box()
        caption = figure.locator("figcaption").bounding_box()
        assert told is not None
        assert caption is not None
        longest = max(longest, told["y"] + told["height"] - caption["y"])
    assert longest <= 0, "the sentence runs into the caption"
    after = figure.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] == before["height"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    figure.evaluate("(one) => scrollTo(0, one.offsetTop - 80)")  # from below the bar of the site
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        found = Axe().run(page, context=FIGURE, options=options).response["violations"]
        assert found == []
    assert watch.errors == []


def test_without_scripts_the_figure_stands_and_can_be_read(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    for edition, alt in (("", "A query of six numbers"), ("zh/", "一个含六个数的查询")):
        page.goto(f"{address}{edition}{PATH}")
        figure = page.get_by_role("img", name=alt)
        expect(figure).to_be_visible()
        expect(page.locator(".framework")).to_have_count(0)
        box, size = figure.bounding_box(), figure.get_attribute("viewBox")
        assert box is not None
        assert box["x"] + box["width"] <= 360
        scale = box["width"] / float((size or "").split()[2])
        texts = [
            figure,
            *figure.locator("text").all(),
        ]  # most have that of the whole
        styles = [f"{t.get_attribute('font-size')} {t.get_attribute('style')}" for t in texts]
        sizes = [float(size) for style in styles for size in re.findall(r"([\d.]+)px", style)]
        assert scale * min(sizes) >= 10
    context.close()


@pytest.mark.thorough
def test_a_reader_loads_little_and_only_near_the_figure(
    watch: Watch, page: Page, address: str, built: Project, data: dict[str, Any]
) -> None:
    page.goto(address + PATH)
    page.wait_for_load_state("networkidle")
    assert not [url for url in watch.addresses if "framework" in url]
    with (
        page.expect_response("**/explorers/framework.js") as script,
        page.expect_response("**/assets/data/framework-*.js") as content,
    ):
        explore(page, address + PATH)
    for loaded, most in ((script, 6), (content, 3)):
        assert len(gzip.compress(loaded.value.body())) <= 1024 * most, loaded.value.url
