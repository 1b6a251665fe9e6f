"""Live cells: a reader edits the code of a page and runs it, and what runs can reach nothing.

If one fails, serve the site and do on the page what the test does. The scripts are in docs/live/:
start.js, editor.js, python.js, worker.mjs and drawing.js; what a cell may use is in
docs/live/python/.
"""

import base64
import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.conftest import Watch
from tests.browser.test_heatmap_explorer import WCAG
from tests.conftest import thorough

PAGE = "visualising-attention/"
EDIT, RUN, STOP = ("Edit and run", "编辑并运行"), ("Run", "运行"), ("Stop", "停止")


@pytest.fixture
def quiet(watch: Watch) -> Iterator[Watch]:
    """See to it that nothing goes wrong in the browser."""
    yield watch
    assert watch.errors == []
    assert watch.foreign == []


def block(page: Page, name: str) -> Locator:
    """The published code of a live cell."""
    return page.locator(f".live:has(#code-{name}), .live#code-{name}")


def editor(page: Page, name: str) -> Locator:
    """The editor of a live cell, open or not."""
    return page.get_by_role("group", name=re.compile(rf"\b{name}\b"))


def edit(page: Page, name: str, *, lang: int = 0) -> Locator:
    """Open the editor of a cell."""
    block(page, name).get_by_role("button", name=EDIT[lang]).click()
    opened = editor(page, name)
    expect(opened.get_by_role("textbox")).to_be_focused()
    return opened


def run(cell: Locator, code: str | None = None, *, lang: int = 0) -> Locator:
    """Run a cell, with code in place of its own, and return what it shows."""
    if code is not None:
        cell.get_by_role("textbox").fill(code)
    cell.get_by_role("button", name=RUN[lang], exact=True).click()
    expect(cell.get_by_role("button", name=STOP[lang], exact=True)).to_have_count(0)
    return cell.locator(".live-result")


def test_nothing_is_loaded_before_a_reader_edits(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + PAGE)
    expect(block(page, "scores").get_by_role("button")).to_have_count(1 + 1)  # one copies
    loaded = {url.removeprefix(address) for url in quiet.addresses if "/live/" in url}
    assert loaded == {"live/start.js"}
    edit(page, "scores")
    expect(page.get_by_text("Python is ready").first).to_be_visible()
    loaded = {url.removeprefix(address) for url in quiet.addresses if "/live/" in url}
    assert len(loaded) == 5, loaded


@pytest.mark.parametrize(
    ("path", "lang"), thorough([(PAGE, 0), ("zh/" + PAGE, 1)], but=[("zh/" + PAGE, 1)])
)
def test_a_cell_runs_as_published_and_as_changed(
    quiet: Watch, page: Page, address: str, path: str, lang: int
) -> None:
    page.goto(address + path)
    published = block(page, "scores").locator("xpath=following-sibling::pre[1]").inner_text()
    assert published.startswith("tensor([[")
    cell = edit(page, "scores", lang=lang)
    expect(run(cell, lang=lang).locator("pre")).to_have_text(published)
    shown = run(cell, "print(keys.shape)\n2 * torch.ones(2), queries[0, 0] * 0", lang=lang)
    # Names of cells above are there, and what has run in the browser has no state.
    expect(shown).to_contain_text("name 'keys' isn't defined")
    shown = run(cell, "print(torch.eye(2))\n2 * torch.ones(2), 'text'", lang=lang)
    expect(shown.locator("pre")).to_have_text(
        "tensor([[1., 0.],\n        [0., 1.]])\n(tensor([2., 2.]), 'text')"
    )
    weights = edit(page, "four-queries", lang=lang)
    expect(run(weights, "scores.shape, weights.shape", lang=lang)).to_have_text(
        "(torch.Size([4, 6]), torch.Size([4, 6]))"
    )


def test_errors_have_the_words_of_the_package_and_their_line(
    quiet: Watch, page: Page, address: str
) -> None:
    page.goto(address + PAGE)
    cell = edit(page, "four-queries")
    shown = run(cell, "# a comment\n\nattention_weights(\n    queries, keys[:, :3]\n)")
    expect(shown).to_contain_text("ValueError: queries and keys must share a last dimension")
    shown.get_by_role("button", name=re.compile("Line [345]")).click()
    text = cell.get_by_role("textbox")
    expect(text).to_be_focused()
    chosen = text.evaluate("area => area.value.slice(area.selectionStart, area.selectionEnd)")
    assert chosen.strip() in {"attention_weights(", "queries, keys[:, :3]", ")"}
    expect(run(cell, "x = 1\ny = = 2")).to_contain_text("Line 2: SyntaxError")
    expect(run(cell, "torch.fft")).to_contain_text("download the page as a notebook")
    expect(run(cell, "import pandas")).to_contain_text("download the page as a notebook")
    expect(cell.get_by_role("status")).to_contain_text("download the page as a notebook")


@pytest.mark.thorough
def test_names_that_only_the_page_has_are_told_apart_from_mistakes(
    quiet: Watch, page: Page, address: str
) -> None:
    page.goto(address + "queries-keys-values/")
    cell = edit(page, "masked")
    shown = run(cell, "names, round(weights[0].sum().item(), 3)")
    expect(shown).to_contain_text("(['newspaper', 'paper', 'cup', 'notebook', 'book'], 1.0)")
    expect(run(cell, "scene")).to_contain_text("scene is on this page, but not in the small Python")
    expect(run(cell, "scen")).not_to_contain_text("on this page")


@pytest.mark.thorough
def test_an_endless_loop_is_stopped_and_the_page_lives_on(
    quiet: Watch, page: Page, address: str
) -> None:
    page.goto(address + PAGE)
    cell = edit(page, "scores")
    expect(cell).to_contain_text("Python is ready")
    cell.get_by_role("textbox").fill("print('begun')\nwhile True:\n    pass")
    page.keyboard.press("Control+Enter")
    stop = cell.get_by_role("button", name="Stop", exact=True)
    expect(cell.locator("pre")).to_have_text("begun\n")
    stop.click()
    expect(cell.locator(".live-error")).to_have_text("Stopped.")
    cell.get_by_role("textbox").focus()
    page.keyboard.press("Control+Enter")
    expect(cell.locator(".live-error")).to_have_text("Stopped after ten seconds.", timeout=20_000)
    expect(run(cell, "1 + 1")).to_have_text("2")


def test_a_heatmap_can_be_read(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + PAGE)
    cell = edit(page, "four-queries")
    shown = run(cell)
    figure = shown.locator("svg.heatmap-read")
    expect(figure).to_have_accessible_name("Heatmap of Queries by Keys")
    expect(figure).to_have_accessible_description(re.compile("4 rows .Queries. by 6 columns"))
    figure.focus()
    page.keyboard.press("ArrowRight")
    mine = shown.locator(".heatmap-value").inner_text()
    published = page.locator("svg[data-figure=four-queries]")
    published.scroll_into_view_if_needed()
    expect(published).to_have_class(re.compile("heatmap-read"))
    published.focus()
    page.keyboard.press("ArrowRight")
    theirs = published.locator("xpath=following-sibling::div[1]").locator(".heatmap-value")
    assert mine.startswith("Query 0, key 0: 0.")
    assert mine[:22] == theirs.inner_text()[:22]
    shown.get_by_role("button", name="Table").click()
    expect(shown.get_by_role("table").get_by_role("row")).to_have_count(5)
    assert "heatmap=live" not in page.url

    run(cell, "show_heatmaps(weights.reshape(1, 1, 4, 6), 'Keys', 'Queries', mask=weights > 0.1)")
    shown.get_by_role("button", name="Table").click()
    expect(shown.get_by_role("table")).to_contain_text("masked")


@pytest.mark.thorough
def test_an_edit_survives_a_reload_until_it_is_reset(
    quiet: Watch, page: Page, address: str
) -> None:
    page.goto(address + PAGE)
    cell = edit(page, "scores")
    text = cell.get_by_role("textbox")
    published = text.input_value()
    text.fill("'mine'")
    page.reload()
    cell = edit(page, "scores")
    expect(text).to_have_value("'mine'")
    expect(cell).to_contain_text("This is your edit from before.")
    other = edit(page, "weights")
    expect(other.get_by_role("textbox")).not_to_have_value("'mine'")
    cell.get_by_role("button", name="Reset").click()
    expect(text).to_have_value(published)
    page.keyboard.press("Control+z")
    expect(text).to_have_value("'mine'")
    page.keyboard.press("Control+Shift+z")
    cell.get_by_role("button", name="Reset").click()
    page.reload()
    edit(page, "scores")
    expect(text).to_have_value(published)


@pytest.mark.thorough
def test_a_link_carries_an_edit_and_runs_nothing(quiet: Watch, page: Page, address: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(address + PAGE)
    cell = edit(page, "scores")
    cell.get_by_role("textbox").fill("print('键 <b>')")
    cell.get_by_role("button", name="Copy link").click()
    expect(cell.get_by_role("button", name="Copied")).to_be_visible()
    link = page.evaluate("navigator.clipboard.readText()")
    assert link.startswith(address + PAGE + "#live=scores:")
    cell.get_by_role("button", name="Reset").click()

    other = page.context.new_page()
    other.goto(link)
    cell = editor(other, "scores")
    expect(cell).to_contain_text("It has not run: read it before you run it.")
    expect(cell).to_contain_text("Python is ready")
    expect(cell.get_by_role("textbox")).to_have_value("print('键 <b>')")
    expect(cell.locator(".live-result")).to_be_empty()
    expect(run(cell).locator("pre")).to_have_text("键 <b>\n")
    # Another link on the same page, and one that is damaged.
    code = base64.urlsafe_b64encode(b"1 + 2").decode().rstrip("=")
    other.evaluate("hash => { location.hash = hash; }", f"live=scores:{code}")
    expect(cell.get_by_role("textbox")).to_have_value("1 + 2")
    expect(cell.locator(".live-result")).to_be_empty()
    other.evaluate("location.hash = 'live=scores:_____'")
    expect(cell.get_by_role("textbox")).to_have_value("1 + 2")


def test_keys_alone_do_everything(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + PAGE)
    block(page, "scores").get_by_role("button", name=EDIT[0]).focus()
    page.keyboard.press("Enter")
    cell = editor(page, "scores")
    text = cell.get_by_role("textbox")
    expect(text).to_be_focused()
    expect(text).to_have_accessible_description(re.compile("Tab indents; Esc leaves"))
    page.keyboard.press("Control+a")
    page.keyboard.type("for i in range(2):\nprint(i)")
    expect(text).to_have_value("for i in range(2):\n    print(i)")
    page.keyboard.press("Shift+Tab")
    expect(text).to_have_value("for i in range(2):\nprint(i)")
    page.keyboard.press("Home")
    page.keyboard.press("Tab")
    expect(text).to_have_value("for i in range(2):\n    print(i)")
    page.keyboard.press("Control+a")
    page.keyboard.press("Tab")
    assert all(line.startswith("    ") for line in text.input_value().splitlines())
    page.keyboard.press("Control+z")
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Enter")
    expect(cell.locator("pre")).to_have_text("0\n1\n")
    expect(cell.get_by_role("status")).to_contain_text("Done: 0 1")
    page.keyboard.press("Escape")
    expect(cell.get_by_role("button", name="Run", exact=True)).to_be_focused()
    for name in ("Reset", "Copy link", "Close"):
        page.keyboard.press("Tab")
        expect(cell.get_by_role("button", name=name)).to_be_focused()
    page.keyboard.press("Enter")
    expect(block(page, "scores").get_by_role("button", name=EDIT[0])).to_be_focused()
    expect(cell).to_have_count(0)


REACHED = """\
import js, jsffi
for name in dir(js):
    if name[:2] != "__": print("js has", name)
for name in ("fetch", "XMLHttpRequest", "WebSocket", "indexedDB", "postMessage", "constructor"):
    try:
        getattr(js, name)
        print("js has", name)
    except AttributeError:
        pass
function = jsffi.to_js([1]).constructor
try:
    print("made", function.constructor("return 1"))
except Exception as error:
    print("refused")
"""


def test_what_runs_reaches_nothing(quiet: Watch, page: Page, address: str) -> None:
    page.goto(address + PAGE)
    cell = edit(page, "scores")
    expect(run(cell, REACHED).locator("pre")).to_have_text("refused\n")
    # What is left in the worker, seen from JavaScript.
    left: dict[str, Any] = json.loads(
        page.evaluate(
            """() => new Promise((resolve) => {
              const probe = `
                const known = ["fetch", "XMLHttpRequest", "WebSocket", "EventSource",
                  "importScripts", "indexedDB", "caches", "Worker", "SharedWorker", "URL",
                  "BroadcastChannel", "WebTransport", "navigator", "cookieStore", "Blob",
                  "postMessage", "setTimeout", "eval", "Request", "Response", "MessageChannel",
                  "RTCPeerConnection", "FileReaderSync"];
                const tell = globalThis.postMessage.bind(globalThis);
                const { addEventListener } = globalThis;
                addEventListener("message", () => tell({ probe: JSON.stringify(
                  Object.fromEntries(known.map((name) => [name, typeof globalThis[name]]))) }));
              `;
              const text = probe + attncues.given.worker;
              const url = URL.createObjectURL(new Blob([text], { type: "text/javascript" }));
              const worker = new Worker(url);
              worker.onmessage = ({ data }) => {
                if (data.ready) worker.postMessage({ question: '{"code": "1", "prelude": []}' });
                else if (data.probe) window.seen = data.probe;
                if (data.answer) resolve(window.seen);
              };
              fetch(attncues.wasm).then((it) => it.arrayBuffer()).then((wasm) =>
                worker.postMessage({ wasm, files: attncues.given.files }));
            })"""
        )
    )
    there = {name for name, kind in left.items() if kind != "undefined"}
    assert there == set(), "take it away in docs/live/worker.mjs"
    policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
    assert policy and "'wasm-unsafe-eval'" in policy and "'unsafe-eval'" not in policy


@pytest.mark.thorough
def test_only_pages_with_live_cells_allow_webassembly(
    quiet: Watch, page: Page, address: str
) -> None:
    for path, live in ((PAGE, True), ("cues/", False), ("zh/" + PAGE, True), ("", False)):
        page.goto(address + path)
        policy = page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        assert policy and ("wasm" in policy) == live, path
        assert (page.locator(".live-edit").count() > 0) == live, path


@pytest.mark.thorough
@pytest.mark.parametrize("lang", [0, 1])
def test_a_phone_edits_by_touch(browser: Browser, address: str, lang: int) -> None:
    context = browser.new_context(
        viewport={"width": 360, "height": 740}, has_touch=True, reduced_motion="reduce"
    )
    watch = Watch(context, address)
    page = context.new_page()
    page.goto(address + ("zh/" if lang else "") + PAGE)
    block(page, "four-queries").get_by_role("button", name=EDIT[lang]).tap()
    cell = editor(page, "four-queries")
    cell.get_by_role("button", name=RUN[lang], exact=True).tap()
    figure = cell.locator("svg.heatmap-read")
    expect(figure).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    letters = figure.evaluate(
        """svg => Math.min(...[...svg.querySelectorAll("text")].map((one) =>
             parseFloat(getComputedStyle(one).fontSize) * svg.getScreenCTM().a))"""
    )
    assert letters >= 10
    box = figure.locator("image").first.bounding_box()
    assert box
    page.touchscreen.tap(box["x"] + 3, box["y"] + 3)
    words = "查询 0，键 0：" if lang else "Query 0, key 0: "
    expect(cell.locator(".heatmap-value")).to_contain_text(words)
    assert watch.errors == []
    context.close()


@pytest.mark.thorough
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("lang", [0, 1])
def test_the_editor_is_accessible(browser: Browser, address: str, lang: int, scheme: Any) -> None:
    context = browser.new_context(color_scheme=scheme, reduced_motion="reduce")
    page = context.new_page()
    page.goto(address + ("zh/" if lang else "") + PAGE)
    run(edit(page, "four-queries", lang=lang), lang=lang)
    wrong = edit(page, "scores", lang=lang)
    run(wrong, "1 / 0", lang=lang)
    expect(page.locator("svg.heatmap-read").first).to_be_attached()
    rules = {"runOnly": {"type": "tag", "values": WCAG}}
    found = Axe().run(page, options=rules)
    assert found.response["violations"] == [], found.generate_report()
    context.close()


def test_without_scripts_the_cell_is_as_published(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(address + PAGE)
    expect(block(page, "scores")).to_contain_text("queries @ keys.T")
    expect(page.get_by_text(EDIT[0])).to_have_count(0)
    context.close()
