"""A reader composes a sentence, and the page translates it as the package would.

If one fails, serve the site and do on the page what the test does. The script is
docs/assets/explorers/translator.js; what it computes, attncues.translation computes too.
"""

import json
import random
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
import torch
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from attncues.threads import one_thread
from attncues.translation import (
    ADJECTIVES,
    ADJECTIVES_BEFORE,
    ARTICLES,
    FRAMES,
    HELD_OUT,
    NOUNS,
    Translator,
    corpus,
    sentence_of,
)
from tests.browser.conftest import Watch
from tests.browser.test_site import WCAG
from tests.conftest import Project

PATH = "exercises/"
RED_CUP = "the red cup is not on the black table"
Words = tuple[str, ...]


def explore(page: Page, url: str) -> Locator:
    """Open the solution and go to the translator."""
    page.goto(url)
    page.locator("details.solution").first.evaluate("fold => { fold.open = true; }")
    page.locator("figure:has([data-explorer=translator])").scroll_into_view_if_needed()
    box = page.locator(".translator")
    expect(box).to_be_visible()
    return box


def asked(box: Locator) -> str:
    return " ".join((box.locator("p[lang=en]").text_content() or "").split())


def rows(box: Locator) -> Locator:
    """The rows of the map that are written."""
    return box.locator("tbody tr:not(.unwritten)")


def answer(box: Locator) -> Locator:
    return box.locator("p[lang=fr]")


def looks(box: Locator) -> Locator:
    return box.locator(".looks")


def composer(box: Locator) -> dict[str, Locator]:
    return {
        "frame": box.get_by_role("combobox", name="Sentence"),
        **{
            f"{which} {part}": box.get_by_role("group", name=f"{which} noun phrase").get_by_role(
                "combobox", name=part
            )
            for which in ("First", "Second")
            for part in ("article", "adjective", "noun")
        },
    }


@pytest.fixture(scope="module")
def data(built: Project) -> dict[str, Any]:
    """What the page hands to the script."""
    (file,) = (built.site / "assets" / "data").glob("translator-*.js")
    found: dict[str, Any] = json.loads(file.read_text()[len("attncues.data(") : -len(");\n")])
    return found


@pytest.fixture(scope="module")
def translator(data: dict[str, Any]) -> Translator:
    """The translator of the page, from the weights that the page hands out."""
    made = Translator(corpus().train)
    assert (made.source_tokens, made.target_tokens) == (data["source"], data["target"])
    shapes = {name: one.shape for name, one in made.state_dict().items()}
    made.load_state_dict(
        {
            name: torch.from_numpy(np.frombuffer(b64decode(text), "<f4").copy()).view(shapes[name])
            for name, text in data["weights"].items()
        }
    )
    return made.eval()


CHOOSE = """(box, chosen) => {
    const choices = [...box.querySelectorAll("select")];
    choices.forEach((choice, at) => { choice.value = chosen[at]; });
    choices[0].dispatchEvent(new Event("change"));
    return {
        weights: JSON.parse(box.dataset.weights),
        target: [...box.querySelectorAll("tbody button")].map((one) => one.textContent),
        right: !box.querySelector(".wrong"),
        cells: [...box.querySelectorAll("tbody tr")].map((row) =>
            [...row.querySelectorAll("td")].map((cell) => Number(cell.textContent))),
        source: box.querySelector("p").innerText,
    };
}"""


LOADED = "performance.getEntriesByType('resource').map(({ name }) => name)"


@pytest.mark.thorough
@one_thread()
def test_tokens_and_weights_are_those_of_torch(
    watch: Watch, page: Page, address: str, translator: Translator
) -> None:
    draw = random.Random(0)
    adjectives = ["", *ADJECTIVES, *ADJECTIVES_BEFORE]
    chosen: list[list[str]] = []
    for number in range(500):
        frame = list(FRAMES)[number % 4]
        one, other = draw.sample(list(NOUNS), 2)
        held_out = next(adjective for adjective, noun in HELD_OUT if noun == one)
        chosen.append(
            [
                frame,
                draw.choice(list(ARTICLES)),
                draw.choice(adjectives) if number % 3 else held_out,
                one,
                "the" if frame == "of" else draw.choice(list(ARTICLES)),
                draw.choice(adjectives),
                other,
            ]
        )
    pairs = [
        sentence_of(frame, (a, b or None, c), (d, e or None, f))
        for frame, a, b, c, d, e, f in chosen
    ]
    box = explore(page, address + PATH)
    found = [box.evaluate(CHOOSE, one) for one in chosen]
    for pair, one, there in zip(
        pairs, found, translator.translate_all([pair.source for pair in pairs]), strict=True
    ):
        assert one["source"].split() == list(pair.source)
        assert one["target"] == list(there.target)
        shown = torch.tensor(one["weights"])
        torch.testing.assert_close(shown[:, :-1], there.weights, atol=1e-5, rtol=0)
        torch.testing.assert_close(shown.sum(-1), torch.ones(len(shown)))  # with the end
        torch.testing.assert_close(torch.tensor(one["cells"]), there.weights, atol=0.0051, rtol=0)
        assert one["right"] == (there.target == pair.target)
    assert watch.errors == []


def test_the_page_and_the_browser_have_one_translator(
    watch: Watch, page: Page, address: str, translator: Translator
) -> None:
    there = translator.translate(RED_CUP)
    page.goto(address + PATH)
    drawing = page.locator("svg[data-explorer=translator]")
    assert f"({there.weights.max().item():.3g})" in (drawing.locator("desc").text_content() or "")
    share = there.weights[there.target.index("sur")].max().item()
    expect(page.locator("article")).to_contain_text(f"sur puts {share:.0%} of its weight on the")

    assert [name for name in page.evaluate(LOADED) if "translator" in name] == []  # until wanted
    box = explore(page, address + PATH)
    assert [name for name in page.evaluate(LOADED) if "data/translator-" in name]
    assert asked(box) == RED_CUP
    expect(answer(box)).to_have_text(re.compile(rf"^{' '.join(there.target)}\s+Correct"))
    expect(rows(box)).to_have_count(len(there.target))


@pytest.mark.thorough
def test_the_mouse_composes_steps_and_reads(watch: Watch, page: Page, address: str) -> None:
    box = explore(page, address + PATH)
    choose = composer(box)
    expect(looks(box)).to_have_text(re.compile(r"^noire looks at black, 0\.\d\d\.$"))

    choose["First adjective"].select_option("big")
    expect(answer(box)).to_contain_text("la grande tasse n' est pas sur la table noire")
    expect(page).to_have_url(
        re.compile(r"\?translator=the\+big\+cup\+is\+not\+on\+the\+black\+table$")
    )
    rows(box).nth(1).hover()
    expect(looks(box)).to_contain_text("grande looks at big, ")
    tinted = box.locator("p[lang=en] span").evaluate_all(
        "words => words.map((word) => Number(word.style.getPropertyValue('--weight')))"
    )
    assert max(tinted) == tinted[1] > 0.8
    page.mouse.move(0, 0)
    expect(looks(box)).to_contain_text("noire looks at black, ")
    rows(box).nth(2).locator("td").first.click()
    page.mouse.move(0, 0)
    expect(looks(box)).to_contain_text("tasse looks at cup, ")

    step = box.get_by_role("button", name="Step")
    for written in (["la"], ["la", "grande"], ["la", "grande", "tasse"]):
        step.click()
        expect(answer(box)).to_have_text(f"{' '.join(written)} …")
        expect(rows(box)).to_have_count(len(written))
        page.mouse.move(0, 0)
        expect(looks(box)).to_contain_text(f"{written[-1]} looks at ")
    box.get_by_role("button", name="Play").click()  # at once, where no motion is wanted
    expect(answer(box)).to_contain_text("Correct")
    assert watch.errors == []


@pytest.mark.thorough
def test_every_choice_keeps_to_the_grammar(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    box = explore(page, address + PATH)
    choose = composer(box)
    expect(choose["Second noun"].locator("option[value=cup]")).to_be_disabled()
    expect(choose["First noun"].locator("option[value=table]")).to_be_disabled()
    choose["Second article"].select_option("a")
    choose["frame"].select_option(label="… of … is here")
    assert asked(box) == "the red cup of the black table is here"
    expect(choose["Second article"].locator("option[value=a]")).to_be_disabled()
    choose["Second noun"].select_option("book")
    expect(answer(box)).to_contain_text("la tasse rouge du livre noir est ici")
    choose["frame"].select_option(label="I see … and …")
    expect(choose["Second article"].locator("option[value=a]")).to_be_enabled()
    seen = set()
    for _ in range(30):
        box.get_by_role("button", name="Another sentence").click()
        sentence = asked(box)
        assert any(re.fullmatch(pattern, sentence) for pattern in data["patterns"].values())
        nouns = [word for word in sentence.split() if word in NOUNS]
        assert len(set(nouns)) == 2
        seen.add(sentence)
    assert len(seen) > 25
    assert watch.errors == []


def test_the_keyboard_composes_and_a_screen_reader_hears_where_it_looks(
    watch: Watch, page: Page, address: str
) -> None:
    box = explore(page, address + PATH)
    said = box.get_by_role("status")
    composer(box)["First noun"].focus()
    page.keyboard.press("Home")
    assert asked(box).startswith("the red book is not on")
    expect(said).to_have_text(
        re.compile(r"^noire looks at black, 0\.\d\d\. le livre rouge .*Correct")
    )
    box.locator("tbody button[tabindex='0']").focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowDown")
    expect(looks(box)).to_contain_text("livre looks at book, ")
    page.keyboard.press("ArrowDown")
    expect(said).to_have_text(re.compile(r"^rouge looks at red, 0\.\d\d\.$"))
    expect(box.get_by_role("button", name="rouge")).to_be_focused()
    page.keyboard.press("End")
    page.keyboard.press("ArrowDown")
    expect(box.get_by_role("button", name="noire")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    expect(box.get_by_role("button", name="Step")).to_be_focused()
    page.keyboard.press("Enter")
    expect(answer(box)).to_have_text("le …")
    names = box.get_by_role("table").get_by_role("columnheader")
    expect(names).to_have_text(
        ["the", "red", "book", *["is", "not", "on", "the", "black", "table"]]
    )
    expect(box.get_by_role("rowheader", name="le")).to_be_visible()


@pytest.mark.thorough
def test_with_motion_it_writes_token_by_token(browser: Browser, address: str) -> None:
    context = browser.new_context(reduced_motion="no-preference")
    watch = Watch(context, address)
    page = context.new_page()
    page.clock.install()
    box = explore(page, f"{address}{PATH}?translator=the+cat+is+on+a+chair")
    expect(answer(box)).to_contain_text("le chat est sur une chaise")
    page.clock.pause_at("2100-01-01")
    composer(box)["First noun"].select_option("cup")
    expect(answer(box)).to_have_text("…")
    for written in ("la …", "la tasse …", "la tasse est …"):
        page.clock.run_for(450)
        expect(answer(box)).to_have_text(written)
    box.get_by_role("button", name="Pause").click()
    page.clock.run_for(5000)
    expect(answer(box)).to_have_text("la tasse est …")
    expect(box.get_by_role("status")).to_have_text(re.compile("^est looks at "))
    box.get_by_role("button", name="Play").click()
    page.clock.run_for(5000)
    expect(answer(box)).to_contain_text("la tasse est sur une chaise")
    expect(box.get_by_role("button", name="Play")).to_be_visible()
    box.get_by_role("button", name="Play").click()
    expect(answer(box)).to_have_text("…")
    assert watch.errors == []
    context.close()


def test_a_wrong_translation_is_called_wrong(
    watch: Watch, page: Page, address: str, data: dict[str, Any]
) -> None:
    swapped = [{"rouge": "verte", "verte": "rouge"}.get(word, word) for word in data["target"]]
    body = f"attncues.data({json.dumps({**data, 'target': swapped})});"
    page.route("**/data/translator-*.js", lambda route: route.fulfill(body=body))
    box = explore(page, address + PATH)
    expect(box.locator(".wrong strong")).to_have_text(
        "Wrong: by the grammar it is la tasse rouge n' est pas sur la table noire."
    )
    composer(box)["First adjective"].select_option("big")
    expect(answer(box)).to_contain_text("Correct")
    expect(box.locator(".wrong")).to_have_count(0)


@pytest.mark.thorough
def test_an_address_opens_a_sentence_and_nonsense_does_no_harm(
    watch: Watch, page: Page, address: str
) -> None:
    page.goto(f"{address}{PATH}?translator=I+see+a+small+cat+and+the+letter")
    box = page.locator(".translator")
    expect(box).to_be_in_viewport()  # in a solution that was closed
    expect(answer(box)).to_contain_text("je vois un petit chat et la lettre")
    composer(box)["First adjective"].select_option("")
    expect(page).to_have_url(re.compile(r"translator=I\+see\+a\+cat\+and\+the\+letter$"))
    page.reload()
    expect(answer(page.locator(".translator"))).to_contain_text("je vois un chat et la lettre")
    for nonsense in ("the+cat+is+on+the+cat", "%3Cb%3E", "I+see", "a+cat+of+a+table+is+here"):
        assert asked(explore(page, f"{address}{PATH}?translator={nonsense}")) == RED_CUP
    assert watch.errors == []


def test_it_speaks_chinese(watch: Watch, page: Page, address: str) -> None:
    box = explore(page, f"{address}zh/{PATH}?translator=the+cat+is+on+a+chair")
    expect(box).to_have_accessible_name("自己造句，看它怎样译出")
    expect(looks(box)).to_have_text(re.compile(r"^写 chaise 时，看的是 chair（0\.\d\d）。$"))
    first = box.get_by_role("group", name="第一个名词短语")
    first.get_by_role("combobox", name="形容词").select_option("（无）")
    first.get_by_role("combobox", name="名词", exact=True).select_option("book")
    expect(answer(box)).to_contain_text("le livre est sur une chaise 译对了")
    expect(box.get_by_role("button", name="下一步")).to_be_visible()
    assert re.findall("[A-Za-z]{2,}", box.locator(".hint").inner_text()) == []


@pytest.mark.thorough
@pytest.mark.parametrize(("width", "touch"), [(360, True), (1280, False)])
def test_in_use_axe_finds_nothing_and_nothing_jumps(
    browser: Browser, address: str, width: int, touch: bool
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 740}, has_touch=touch, reduced_motion="reduce"
    )
    watch = Watch(context, address)
    page = context.new_page()
    page.goto(address + PATH)
    page.locator("details.solution").first.evaluate("fold => { fold.open = true; }")
    figure = page.locator("figure:has([data-explorer=translator])")
    before = figure.bounding_box()
    figure.scroll_into_view_if_needed()
    box = page.locator(".translator")
    expect(box).to_be_visible()
    act: Callable[[Locator], None] = Locator.tap if touch else Locator.click
    for which, noun in (("First", "newspaper"), ("Second", "notebook")):
        composer(box)[f"{which} adjective"].select_option("white")
        composer(box)[f"{which} noun"].select_option(noun)
    act(rows(box).nth(1).get_by_role("button"))
    expect(looks(box)).to_contain_text("journal looks at newspaper, ")
    after = figure.bounding_box()
    assert before is not None
    assert after is not None
    assert after["height"] == before["height"]
    assert page.evaluate("document.documentElement.scrollWidth") == width
    edges = box.bounding_box()
    for part in box.locator("table, button:visible, select").all():
        one = part.bounding_box()
        assert one is not None
        assert edges is not None
        assert one["x"] >= edges["x"] - 0.5
        assert one["x"] + one["width"] <= edges["x"] + edges["width"] + 0.5
        assert one["height"] >= 24
    sizes = box.locator("*").evaluate_all(
        "all => all.map((one) => parseFloat(getComputedStyle(one).fontSize))"
    )
    assert min(sizes) >= 10
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
        found = Axe().run(page, context=".translator", options=options).response["violations"]
        assert found == []
    act(box.get_by_role("button", name="Another sentence"))
    expect(answer(box)).to_contain_text("Correct")
    again = figure.bounding_box()
    assert again is not None and again["height"] == after["height"]
    assert watch.errors == []
    context.close()


def test_without_scripts_the_figure_stands(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PATH)
    page.locator("details.solution > summary").first.click()
    expect(page.get_by_role("img", name="A heatmap of a translation")).to_be_visible()
    expect(page.locator(".translator")).to_have_count(0)
    context.close()
