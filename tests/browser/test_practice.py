"""Exercises that answer: a reader writes, presses Check, and reads what became of each case.

If one fails, serve the site and do on the page what the test does. The script is
docs/live/practice.js; what it says of a reader's code is in attncues/practice.py.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from attncues.practice import EXERCISES, WORDS
from tests.browser.conftest import Watch
from tests.browser.test_heatmap_explorer import WCAG
from tests.conftest import thorough

PAGES = [("practice/", "en"), ("zh/practice/", "zh")]
TITLES = {"softmax": ("Softmax", "Softmax"), "scores": ("Three kinds of score", "三种得分")}
SAID = {
    "en": {
        "check": "Check",
        "edit": "Edit and run",
        "none": "0 of 7 cases pass.",
        "solved": "Solved: all 7 cases pass.",
        "part": "2 of 6 cases pass.",
        "before": "Solved before.",
        "progress": "1 of 5 exercises solved.",
        "nothing": "0 of 5 exercises solved.",
        "save": "Save a copy",
        "erase": "Erase all",
        "erased": "Erased.",
        "early": "Your code stops before the check.",
        "line": "✗ Line 2: NameError: ",
    },
    "zh": {
        "check": "检查",
        "edit": "编辑并运行",
        "none": "7 个用例通过了 0 个。",
        "solved": "已完成：7 个用例全部通过。",
        "part": "6 个用例通过了 2 个。",
        "before": "以前完成过。",
        "progress": "5 道练习完成了 1 道。",
        "nothing": "5 道练习完成了 0 道。",
        "save": "保存副本",
        "erase": "全部清除",
        "erased": "已清除。",
        "early": "代码还没运行到检查就中断了。",
        "line": "✗ 第 2 行：NameError：",
    },
}
WRONG = "def softmax(scores):\n    return scores.softmax(dim=0)"
RIGHT = "def softmax(scores):\n    return scores.softmax(dim=-1)"


@pytest.fixture
def quiet(watch: Watch) -> Iterator[Watch]:
    """See to it that nothing goes wrong in the browser."""
    yield watch
    assert watch.errors == []
    assert watch.foreign == []


def answers(page: Page, exercise: str) -> Locator:
    """The place below a starter where the check is, and what it says."""
    return page.locator(".practice").nth(list(EXERCISES).index(exercise))


def check(page: Page, exercise: str, lang: str) -> Locator:
    """Press Check, and return the answers once they are there."""
    row = answers(page, exercise)
    row.get_by_role("button", name=SAID[lang]["check"]).click()
    expect(row.get_by_role("listitem").first).to_be_visible(timeout=20_000)
    return row


def write(page: Page, exercise: str, code: str, lang: str) -> Locator:
    """Put code into the editor of an exercise, which opens if it is not open."""
    area = page.get_by_role("textbox", name=re.compile(f"{exercise}-starter"))
    if not area.count():
        block = page.locator(f".live:has(#code-{exercise}-starter), #code-{exercise}-starter.live")
        block.get_by_role("button", name=SAID[lang]["edit"]).click()
    area.fill(code)
    return area


@pytest.mark.parametrize(("path", "lang"), thorough(PAGES, but=PAGES[1:]))
def test_an_exercise_is_solved_by_keyboard(
    quiet: Watch, page: Page, address: str, path: str, lang: str
) -> None:
    page.goto(address + path)
    said = SAID[lang]
    row = answers(page, "softmax")
    button = row.get_by_role("button", name=said["check"])
    expect(button).to_have_accessible_description(re.compile("Softmax"))
    button.focus()
    page.keyboard.press("Enter")
    expect(row.get_by_text(said["none"]).first).to_be_visible(timeout=20_000)
    expect(row.get_by_role("listitem")).to_have_count(7)
    expect(button).to_be_focused()

    page.keyboard.press("Shift+Tab")
    expect(page.get_by_role("button", name=said["edit"]).first).to_be_focused()
    page.keyboard.press("Enter")
    area = page.get_by_role("textbox", name=re.compile("softmax-starter"))
    expect(area).to_be_focused(timeout=20_000)
    for code, summary in ((WRONG, None), (RIGHT, said["solved"])):
        area.focus()
        page.keyboard.press("Control+A")
        page.keyboard.insert_text(code)
        page.keyboard.press("Escape")
        while not button.evaluate("button => button === document.activeElement"):
            page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        if summary is None:
            # The fault is named, and told to those who do not see it.
            expect(row.get_by_role("listitem").nth(1)).to_contain_text(WORDS[lang]["first axis"])
            expect(row.get_by_role("status")).to_contain_text(WORDS[lang]["first axis"])
        else:
            expect(row.get_by_role("status")).to_contain_text(summary)
    expect(row.get_by_text("✗")).to_have_count(0)
    expect(page.get_by_text(said["progress"])).to_be_visible()


@pytest.mark.parametrize(("path", "lang"), thorough(PAGES, but=PAGES[:1]))
def test_a_part_passes_and_what_stops_early_is_said_with_its_line(
    quiet: Watch, page: Page, address: str, path: str, lang: str
) -> None:
    page.goto(address + path)
    row = check(page, "scores", lang)
    expect(row).to_contain_text(SAID[lang]["part"])
    expect(row.get_by_text("✓")).to_have_count(2)
    expect(row.get_by_text(WORDS[lang]["still the dot product"])).to_have_count(2)
    write(page, "scores", "# mine\nnothing_such", lang)
    row = check(page, "scores", lang)
    expect(row).to_contain_text(SAID[lang]["early"])
    expect(row.get_by_role("listitem")).to_contain_text(SAID[lang]["line"])


@pytest.mark.thorough
def test_a_loop_without_end_is_stopped(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + "practice/")
    write(page, "softmax", "while True:\n    pass", "en")
    row = answers(page, "softmax")
    row.get_by_role("button", name="Check").click()
    row.get_by_role("button", name="Stop").click(timeout=20_000)
    expect(row).to_contain_text("Stopped.")
    write(page, "softmax", RIGHT, "en")
    expect(check(page, "softmax", "en")).to_contain_text(SAID["en"]["solved"])


@pytest.mark.thorough
def test_progress_and_code_stay_until_they_are_erased(
    quiet: Watch, page: Page, address: str, tmp_path: Path
) -> None:
    page.goto(address + "practice/")
    said = SAID["en"]
    expect(page.get_by_text(said["nothing"])).to_be_visible()
    write(page, "softmax", RIGHT, "en")
    check(page, "softmax", "en")
    write(page, "scores", "# later", "en")
    expect(page.get_by_text(said["progress"])).to_be_visible()

    # Another visit, and the other language, where the code is not on the page before it is asked.
    page.reload()
    expect(answers(page, "softmax")).to_contain_text(said["before"])
    page.goto(address + "zh/practice/")
    expect(page.get_by_text(SAID["zh"]["progress"])).to_be_visible()
    row = check(page, "softmax", "zh")
    expect(row).to_contain_text(SAID["zh"]["solved"])
    expect(page.get_by_role("textbox", name=re.compile("softmax-starter"))).to_have_value(RIGHT)
    expect(row.get_by_role("button")).to_be_focused()

    with page.expect_download() as saved:
        page.get_by_role("button", name=SAID["zh"]["save"]).click()
    saved.value.save_as(tmp_path / "mine.json")
    mine = json.loads((tmp_path / "mine.json").read_text("utf-8"))
    assert mine["solved"] == ["softmax-starter"]
    assert mine["code"] == {"softmax-starter": RIGHT, "scores-starter": "# later"}

    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name=SAID["zh"]["erase"]).click()
    expect(page.get_by_text(SAID["zh"]["progress"])).to_be_visible()
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name=SAID["zh"]["erase"]).click()
    expect(page.get_by_text(SAID["zh"]["erased"])).to_be_attached()
    expect(page.get_by_text(SAID["zh"]["nothing"])).to_be_visible()
    # The code as published is back, and nothing is left.
    expect(page.get_by_role("textbox", name=re.compile("softmax-starter"))).not_to_have_value(RIGHT)
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.startsWith('attncues'))")
    assert kept == []
    page.reload()
    expect(page.get_by_text(SAID["zh"]["nothing"])).to_be_visible()


def test_little_is_loaded_before_a_reader_checks(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + "practice/")
    expect(page.get_by_role("button", name="Check")).to_have_count(5)
    loaded = {url: len(body) for url, body in quiet.bodies().items() if "/live/" in url}
    assert sum(loaded.values()) < 12_000, loaded
    page.goto(address + "more-exercises/")
    expect(page.locator(".live-edit").first).to_be_attached()
    assert [url for url in quiet.addresses if "/live/" in url] == [*loaded]  # none that is new


@pytest.mark.parametrize(("path", "lang"), thorough(PAGES, but=PAGES[:1]))
def test_tasks_hints_and_solutions_can_be_read_without_scripts(
    browser: Browser, browser_context_args: Any, address: str, path: str, lang: str
) -> None:
    context = browser.new_context(**{**browser_context_args, "java_script_enabled": False})
    page = context.new_page()
    page.goto(address + path)
    expect(page.get_by_role("button", name=SAID[lang]["check"])).to_have_count(0)
    for hint in page.locator("details.question").all():
        if hint.locator("xpath=ancestor::details").count() == 0:
            steps = [hint, *hint.locator("details.question").all()]
            for step in steps:  # one within the other
                step.locator("> summary").click()
            expect(steps[-1].locator("> p").first).to_be_visible()
    for solution in page.locator("details.solution").all():
        solution.locator("> summary").click()
        expect(solution.locator("pre").first).to_be_visible()
    assert page.locator("details.solution").count() == len(EXERCISES)
    assert page.locator("a[href$='.ipynb']").count()
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize(("path", "lang"), PAGES)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_answers_fit_a_phone_and_have_no_barriers(
    browser: Browser, browser_context_args: Any, address: str, path: str, lang: str, scheme: Any
) -> None:
    sizes = {"viewport": {"width": 360, "height": 740}, "color_scheme": scheme}
    context = browser.new_context(**{**browser_context_args, **sizes})
    page = context.new_page()
    page.goto(address + path)
    write(page, "softmax", WRONG, lang)
    check(page, "softmax", lang)
    check(page, "pooling", lang)
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    button = answers(page, "pooling").get_by_role("button").bounding_box()
    assert button is not None and button["height"] >= 24
    for details in page.locator("details.question, details.solution").all():
        details.evaluate("fold => { fold.open = true; }")
    options = {"runOnly": {"type": "tag", "values": WCAG}, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    assert found == [], [(one["id"], one["nodes"][0]["html"][:200]) for one in found]
    context.close()
