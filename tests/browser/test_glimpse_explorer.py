"""A reader goes through the training of a network that looks once, and looks before it does.

If one fails, serve the site and do on the page what the test does. The script is
docs/assets/explorers/glimpse.js; what it computes, attncues.glimpse computes too.
"""

import gzip
import json
import re
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect
from torch import Tensor

from attncues.glimpse import (
    Batch,
    Looker,
    draw_batch,
    place_centres,
    rewards_everywhere,
    spread,
)
from attncues.threads import one_thread
from tests.browser.conftest import Watch
from tests.browser.test_site import WCAG
from tests.conftest import Project

PATH = "hard-attention/"
FIGURE = "figure:has(svg[data-explorer=glimpse])"


def explore(page: Page, url: str) -> Locator:
    page.goto(url)
    page.locator(FIGURE).scroll_into_view_if_needed()
    box = page.locator(".glimpse")
    expect(box).to_be_visible()
    return box


def told(box: Locator) -> Locator:
    return box.locator(".told")


def place(box: Locator, number: int) -> Locator:
    return box.get_by_role("group", name="where to look").get_by_role("button").nth(number)


@pytest.fixture(scope="module")
def data(built: Project) -> dict[str, Any]:
    """What the page hands to the script."""
    (file,) = (built.site / "assets" / "data").glob("glimpse-*.js")
    found: dict[str, Any] = json.loads(file.read_text()[len("attncues.data(") : -len(");\n")])
    return found


@pytest.fixture(scope="module")
def lookers(data: dict[str, Any]) -> dict[int, Looker]:
    """The networks of the page by their steps, from the weights that it hands out."""
    made = {}
    for steps, weights in zip(data["steps"], data["lookers"], strict=True):
        looker = Looker()
        shapes = {name: one.shape for name, one in looker.state_dict().items()}
        looker.load_state_dict(
            {
                name: torch.from_numpy(np.frombuffer(b64decode(text), "<f4").copy()).view(
                    shapes[name]
                )
                for name, text in weights.items()
            }
        )
        made[steps] = looker.requires_grad_(False)
    return made


@pytest.fixture(scope="module")
def batch(data: dict[str, Any]) -> Batch:
    """The images of the page."""
    pixels = np.frombuffer(b64decode(data["images"]), np.uint8).copy()
    images = torch.from_numpy(pixels).view(-1, data["side"], data["side"]) / 255
    return Batch(images, torch.tensor(data["labels"]), torch.tensor(data["centres"]))


SHOWN = """(box, stage) => {
    const slider = box.querySelector("[type=range]");
    slider.value = stage;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    const another = [...box.querySelectorAll(".explorer-controls button")][1];
    const found = [];
    for (let image = 0; image < 60; image++) {
        found.push({ ...box.explored, said: box.querySelector(".network span").textContent });
        another.click();
    }
    return found;
}"""


@one_thread()
@pytest.mark.thorough
def test_weights_and_answers_are_those_of_torch_on_every_image_at_every_step(
    watch: Watch, page: Page, address: str, lookers: dict[int, Looker], batch: Batch
) -> None:
    box = explore(page, address + PATH)
    signs = ["ring", "cross", "disc", "F"]
    count = len(batch.images)
    assert len(lookers) >= 4
    assert count == 60
    for stage, looker in enumerate(lookers.values()):
        found = box.evaluate(SHOWN, stage)
        weights = looker.weights(batch.images)
        named = looker.read(looker.windows(batch.images)).softmax(-1)
        for image in range(count):
            one = found[image]
            close(one["weights"], weights[image])
            close(one["named"], named[image])
            best = named[image, weights[image].argmax()]
            right = best.argmax() == batch.labels[image]
            assert one["said"].startswith(f"{signs[int(best.argmax())]}, {best.max().item():.2f}")
            assert ("correct" in one["said"]) == right
        away = (place_centres() - batch.centres[:, None]).norm(dim=-1)
        expected = {
            "right": weights * rewards_everywhere(looker, batch),
            "distance": weights * away,
        }
        totals = found[0]["totals"]
        for name, numbers in expected.items():
            assert totals[name] == pytest.approx(numbers.sum(-1).mean().item(), abs=1e-3)
        assert totals["spread"] == pytest.approx(spread(weights).mean().item(), abs=1e-3)
    assert watch.errors == []


def close(found: Any, there: Tensor) -> None:
    torch.testing.assert_close(torch.tensor(found), there, atol=1e-4, rtol=0)


def test_the_images_are_those_that_the_page_speaks_of(
    batch: Batch, lookers: dict[int, Looker]
) -> None:
    unseen = draw_batch(len(batch.images), seed=1)
    assert torch.equal(unseen.labels, batch.labels)
    assert (unseen.images - batch.images).abs().max() <= 0.5 / 255 + 1e-6
    for looker in lookers.values():
        rounded, drawn = looker.weights(batch.images), looker.weights(unseen.images)
        assert (rounded - drawn).abs().max() < 0.05


def test_training_moves_the_gaze_and_narrows_the_choice(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    box = explore(page, address + PATH)
    slider = box.get_by_role("slider", name="Training step")
    sums = box.locator(".glimpse-around span")
    last = box.locator("[role=status]")
    expect(told(box)).to_contain_text(f"after step {data['steps'][0]}")
    among = []
    for steps in data["steps"]:
        expect(slider).to_have_attribute("aria-valuetext", str(steps))
        expect(told(box)).to_contain_text(f"after step {steps}")
        found = re.search(r"among ([\d.]+) places", sums.inner_text())
        assert found
        among.append(float(found[1]))
        slider.press("ArrowRight")
    assert among == sorted(among, reverse=True)
    assert among[0] > 30
    assert among[-1] < 2
    expect(last).to_contain_text("The network looks at row")
    assert watch.errors == []


@pytest.mark.thorough
def test_it_learns_before_the_eyes_of_the_reader(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    page.clock.install()
    box = explore(page, address + PATH)
    page.clock.pause_at(page.evaluate("Date.now() / 1000") + 10)
    box.get_by_role("button", name="Watch it learn").click()
    for steps in data["steps"][1:3]:
        expect(told(box)).to_contain_text(f"after step {steps}")
        page.clock.run_for(1500)
    box.get_by_role("button", name="Pause").click()
    page.clock.run_for(60_000)
    expect(told(box)).to_contain_text(f"after step {data['steps'][3]}")
    box.get_by_role("button", name="Watch it learn").click()
    page.clock.run_for(60_000)
    expect(told(box)).to_contain_text(f"after step {data['steps'][-1]}")
    expect(box.get_by_role("button", name="Watch it learn")).to_be_visible()
    assert watch.errors == []


def test_a_reader_looks_before_the_network_and_both_are_scored(
    watch: Watch, page: Page, address: str, lookers: dict[int, Looker], batch: Batch
) -> None:
    box = explore(page, address + PATH)
    box.get_by_role("slider", name="Training step").press("End")
    looker = list(lookers.values())[-1]
    weights, rewards = looker.weights(batch.images), rewards_everywhere(looker, batch)
    theirs = rewards.gather(1, weights.argmax(-1)[:, None])[:, 0]
    own = network = 0
    # By mouse at the sign, by keys far from it, and by mouse again.
    for games, image in enumerate((1, 2, 3), start=1):
        box.get_by_role("button", name="Your turn").click()
        expect(told(box)).to_contain_text("a blurred view")
        expect(box.locator(".network")).to_contain_text("waits for you")
        expect(box.locator(".theirs")).to_be_hidden()
        expect(box.locator(".glimpse-stage i:visible")).to_have_count(0)
        names = box.locator(".glimpse-stage button").evaluate_all(
            "all => all.map((one) => one.ariaLabel)"
        )
        assert not [name for name in names if "weight" in name]
        if games == 2:
            page.keyboard.press("Home")
            for _ in range(6):
                page.keyboard.press("ArrowUp")
            page.keyboard.press("ArrowRight")
            looked = 1
            page.keyboard.press("Enter")
        else:
            looked = int(rewards[image].argmax())
            place(box, looked).click()
        expect(box.locator(".theirs")).to_be_visible()
        expect(box.locator(".ours")).to_be_visible()
        row, column = looked // 6 + 1, looked % 6 + 1
        expect(told(box)).to_contain_text(f"From your glimpse, at row {row}, column {column}")
        right = bool(rewards[image, looked])
        verdict = box.locator(".you")
        (expect(verdict).to_contain_text if right else expect(verdict).not_to_contain_text)(
            "correct"
        )
        own, network = own + int(right), network + int(theirs[image])
        expect(box.locator(".games")).to_have_text(
            f"You {own} of {games}, the network {network} of {games}"
        )
        expect(page).to_have_url(re.compile(rf"\?glimpse=800,{image + 1},{looked}$"))
    assert own >= 2
    # Looking on, once the network has shown its place, does not count.
    place(box, 35).click()
    expect(box.locator(".games")).to_contain_text("of 3, ")
    # Nor does going back to a state.
    page.go_back()
    expect(box.locator(".games")).to_contain_text("of 3, ")
    assert watch.errors == []


@pytest.mark.thorough
@pytest.mark.parametrize(
    "search", ["?glimpse=7,99,77", "?glimpse=", "?glimpse=800,0", "?glimpse=x"]
)
def test_an_address_that_names_nothing_shows_the_start(
    watch: Watch, page: Page, address: str, search: str
) -> None:
    box = explore(page, address + PATH + search)
    after = {"?glimpse=800,0": 800}.get(search, 1)
    expect(told(box)).to_contain_text(f"Image 1 of 60, after step {after}.")
    expect(box.locator(".ours")).to_be_hidden()
    assert watch.errors == []


@pytest.mark.thorough
def test_it_loads_little_and_only_near_the_figure(watch: Watch, page: Page, address: str) -> None:
    page.goto(address + PATH)
    page.wait_for_load_state("networkidle")
    assert not [url for url in watch.addresses if "glimpse" in url]
    ours = [
        body
        for url, body in watch.bodies().items()
        if url.endswith(".js") and "javascripts" not in url
    ]
    assert 0 < sum(len(gzip.compress(body)) for body in ours) < 20 * 1024
    with (
        page.expect_response("**/explorers/glimpse.js") as script,
        page.expect_response("**/assets/data/glimpse-*.js") as content,
    ):
        explore(page, address + PATH)
    for loaded, most in ((script, 6), (content, 160)):
        assert len(gzip.compress(loaded.value.body())) <= 1024 * most, loaded.value.url


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
    figure = page.locator(FIGURE)
    before = figure.bounding_box()
    figure.scroll_into_view_if_needed()
    box = page.locator(".glimpse")
    expect(box).to_be_visible()
    buttons = box.locator(".explorer-controls button")
    for state in ("watched", "hidden", "looked"):
        if state == "hidden":
            (buttons.nth(2).tap if touch else buttons.nth(2).click)()
        if state == "looked":
            there = box.locator(".glimpse-stage button").nth(14)
            (there.tap if touch else there.click)()
            expect(box.locator(".ours")).to_be_visible()
        after = figure.bounding_box()
        assert before and after and after["height"] == pytest.approx(before["height"], abs=1)
        assert page.evaluate("document.documentElement.scrollWidth") == width
        for button in box.get_by_role("button").all():
            size = button.bounding_box()
            assert size and min(size["width"], size["height"]) >= 24
        sizes = box.locator("*").evaluate_all(
            "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
        )
        assert min(sizes) >= 10
        for dark in (False, True):
            page.emulate_media(color_scheme="dark" if dark else "light")
            options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
            found = Axe().run(page, context=".glimpse", options=options).response["violations"]
            assert found == []
    assert watch.errors == []
    context.close()


def test_without_scripts_the_figure_stands(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PATH)
    drawing = page.locator("svg[data-explorer=glimpse]")
    expect(drawing).to_be_visible()
    assert "Step 800: the choice is among" in (drawing.locator("desc").text_content() or "")
    expect(page.locator(".glimpse")).to_have_count(0)
    context.close()
