"""Pages cite cells by name, and what is wrong with that is said with the page and its mending.

If one fails, see docs/hooks/engine/pages.py.
"""

import json
import re
from pathlib import Path

import pytest

from tests.hooks.conftest import SCRIPT, Site

ALL = """
/// cell | first
///

/// cell | drawn
    alt: A path

The path is {{ x }} long.
///

/// cell | silent
///

/// cell | worded
///
"""


def test_a_page_shows_code_outputs_captions_and_facts(site: Site) -> None:
    markdown, html = site.build(ALL)
    assert site.said == set()
    assert '````{.python #code-first}\nx = 1.5\nprint("one", x)\n````' in markdown
    assert "details | Code" in markdown
    assert "*so* it is" in markdown
    assert "one 1.5</pre>" in html
    assert "one 1.5" not in markdown  # the search reads words, not outputs
    assert '<figure class="computed" id="drawn"' in markdown
    assert "The path is 1.5 long.\n(drawn)</figcaption>" in markdown
    assert "<title>A path</title>" in html
    assert "<title>old</title>" not in html.partition("</figure>")[0].partition("<figure")[2]
    assert re.search(r'id="f\d+-1"', html)


def test_code_that_asks_for_it_is_folded_below_what_it_shows(site: Site) -> None:
    markdown, _ = site.build(ALL.replace("first\n///\n\n/// cell | drawn", "first drawn"))
    assert site.said == set()
    above, _, below = markdown.partition("</figure>")
    assert "x = 1.5" in above and "details" not in above
    assert "details | Code" in below and "import SVG" in below


def test_the_notebook_has_the_cells_that_are_shown_with_their_outputs(site: Site) -> None:
    site.build(ALL + "\n[Here](a-page.md) it ends.\n")
    cells = json.loads(Path(site.notebook).read_text(encoding="utf-8"))["cells"]
    assert cells[0]["source"] == "Install it."
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert [cell["id"] for cell in code] == ["first", "drawn", "silent", "worded"]
    assert [cell["execution_count"] for cell in code] == [1, 2, 3, 4]
    assert code[0]["outputs"][0]["text"] == "one 1.5\n"
    assert cells[-1]["source"] == "Here it ends."


def test_a_hidden_cell_is_in_the_notebook_before_those_that_need_it(site: Site) -> None:
    hidden = '# %% secret tags=["hide-cell"]\nw = 4\n\n'
    site.script(SCRIPT.replace("# %% silent", f"{hidden}# %% silent"))
    site.build(ALL)
    cells = json.loads(Path(site.notebook).read_text(encoding="utf-8"))["cells"]
    code = [cell["id"] for cell in cells if cell["cell_type"] == "code"]
    assert code == ["first", "drawn", "secret", "silent", "worded"]


def test_a_page_shows_cells_in_the_order_in_which_they_run(site: Site) -> None:
    silent = "/// cell | silent\n///\n\n"
    site.build(silent + ALL.replace(silent, ""))
    assert "en/a-page.md: first is shown after a cell that runs after it" in site.said


WRONG = {
    "no name": ("/// cell |\n///\n", "a block names no cell; there are first"),
    "twice": ("/// cell | first\n///\n", "the cell first is shown 2 times"),
    "hidden": ("/// cell | hidden\n///\n", "the cell hidden is hidden and shown: take its tag"),
    "unclosed": ("/// cell | first\n\nWords.\n", "a block of cells begins at the margin"),
    "options": (
        "/// cell | first\n    type: code\n///\n",
        "the block of first states one line of alt",
    ),
    "fence": ("```python\n1 / 0\n```\n", "a fence of 'python' is shown and not run"),
    "tildes": ("1. A step:\n\n    ~~~py\n    1 / 0\n    ~~~\n", "a fence of 'py' is shown and not"),
    "fact": ("It is {{ w }}.\n", "a sentence names the fact 'w'"),
}
NOT_RIGHT = {
    "no alt": ("    alt: A path\n", "", "the figure drawn needs words: right below"),
    "caption": ("silent\n", "silent\n\nNothing to see.\n", "silent shows nothing for its caption"),
    "alt": ("silent\n", "silent\n    alt: A gap\n", "silent shows nothing for its alt 'A gap'"),
    "not closed": (
        "| first\n///\n",
        "| first\n",
        "a block is not closed, by a line of ///: /// cell | first",
    ),
    "not closed before another": (
        "| first\n///\n",
        "| first\n\n/// details | More\n\nWords.\n///\n",
        "a block is not closed, by a line of ///: /// cell | first",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_block_is_said_with_the_page(site: Site, name: str) -> None:
    text, message = WRONG[name]
    site.build(f"{ALL}\n{text}")
    assert [one for one in site.said if one.startswith(f"en/a-page.md: {message}")], site.said


@pytest.mark.parametrize("name", NOT_RIGHT)
def test_what_is_not_right_is_said_with_the_page(site: Site, name: str) -> None:
    old, new, message = NOT_RIGHT[name]
    assert old in ALL
    site.build(ALL.replace(old, new), other=ALL)
    assert [one for one in site.said if message in one and "en/a-page.md: " in one], site.said


def test_all_that_is_wrong_is_said_at_once(site: Site) -> None:
    site.build(ALL + "".join(f"\n{text}" for text, _ in WRONG.values() if "Words." not in text))
    assert len(site.said) >= len(WRONG) - 1


def test_a_cell_that_no_edition_shows_is_named(site: Site) -> None:
    without = ALL.replace("/// cell | silent\n///\n", "")
    site.build(without, other=ALL)
    assert site.said == set()
    site.build(without, other=without)
    [said] = site.said
    assert said == (
        "small_package/chapter/a_page.py, line 12: no page shows the cell silent; cite it, or "
        'give it tags=["hide-cell"]'
    )


def test_a_page_without_a_script_that_cites_cells_is_told_where_to_write_it(site: Site) -> None:
    markdown, _ = site.build("# B\n\n/// cell | first\n///\n", name="b-page")
    [said] = site.said
    assert markdown.startswith(f"# B\n\n````text\n{said}")
    assert said.startswith("en/b-page.md: there is no cell first. To write it, put this into ")
    assert "small_package/chapter/b_page.py, in the order of the page:\n\n    # %% first" in said


def test_a_cell_that_is_not_there_is_told_once_with_a_stub_and_in_its_place(site: Site) -> None:
    text = f"/// cell | fist\n///\n\nAnd on.\n{ALL}"
    markdown, html = site.build(text, other=text)
    [said] = site.said
    assert said.startswith("en/a-page.md, zh/a-page.md: there is no cell fist. There are first, d")
    stub = '# %% fist\n    "What it shows"\n'
    assert stub in said
    assert stub in markdown.partition("And on.")[0]
    assert "one 1.5</pre>" in html


@pytest.mark.parametrize("broken", ["1 / 0", "y ="])
def test_a_broken_cell_shows_its_error_in_its_place_and_the_rest_as_it_was(
    site: Site, broken: str
) -> None:
    title = "# A page\n"
    site.build(title + ALL)
    site.script(SCRIPT.replace("y = 2", broken))
    site.said.clear()
    markdown, html = site.build(title + ALL)
    [said] = site.said
    before, _, after = markdown.partition(f"\n````text\n{said}\n````\n")
    assert "The path is 1.5 long." in before
    assert after.endswith("\n\n*so* it is\n")
    assert "one 1.5</pre>" in html
    assert "<title>A path</title>" in html


def test_a_cell_that_was_broken_from_the_start_leaves_the_prose(site: Site) -> None:
    site.script(SCRIPT.replace("y = 2", "1 / 0"))
    markdown, _ = site.build("# A page\n" + ALL)
    [said] = site.said
    before, _, after = markdown.partition(said)
    assert before.startswith("# A page\n")
    assert "print" in before
    assert 'Markdown("*so* it is")' in after


@pytest.mark.parametrize(
    ("script", "message"),
    [
        (SCRIPT.replace("y = 2", "1 / 0"), "line 12, cell silent: ZeroDivisionError"),
        (SCRIPT.replace("y = 2", "y ="), "line 12, cell silent: invalid syntax"),
        (SCRIPT.replace("silent", "first"), "line 11: the name first is taken"),
        ("x = 1\n", "line 1: the script has no cell"),
    ],
)
def test_a_page_whose_script_fails_shows_why_and_recovers(
    site: Site, script: str, message: str
) -> None:
    site.script(script)
    markdown, _ = site.build("# A page\n" + ALL)
    assert any(message in said for said in site.said), site.said
    assert markdown.startswith("# A page\n")
    assert message in markdown
    site.said.clear()
    site.script(SCRIPT)
    assert "*so* it is" in site.build(ALL)[0]
    assert site.said == set()


def test_what_no_file_can_hold_is_refused(site: Site) -> None:
    site.script(SCRIPT.replace('"one", x', r'"\ud800", x'))
    site.build(ALL)
    [said] = site.said
    assert "line 3, cell first: UnicodeEncodeError: 'utf-8' codec can't encode" in said


def test_signs_of_control_are_obeyed_or_shown(site: Site) -> None:
    printed = r'"\x1b[31mred\x1b[0m", "9 %\r10 %\r\ndone\a\b\x00\x9b"'
    site.script(SCRIPT.replace('"one", x', printed))
    _, html = site.build(ALL)
    assert ">10 %\ndone␇␈␀\ufffd</pre>" in html
    site.script(SCRIPT.replace('"one", x', r'"\x1b[31mred\x1b[0m"'))
    assert ">red</pre>" in site.build(ALL)[1]
    assert site.said == set()


@pytest.mark.parametrize("sign", [r"\x00", r"\x1b", r"\ud800"])
def test_signs_of_control_in_pictures_and_html_are_refused(site: Site, sign: str) -> None:
    shown = f"from IPython.display import HTML\nHTML('<b>{sign}</b>')"
    site.script(SCRIPT.replace("y = 2", shown))
    _, html = site.build(ALL)
    [said] = site.said
    assert f"the cell silent shows text/html that holds '{sign}', which no page may" in said
    assert "<b>\ufffd</b>" in html


def test_pixels_are_refused(site: Site) -> None:
    pixels = "from IPython.display import Image\nImage(b'\\x89PNG', format='png')"
    site.script(SCRIPT.replace("y = 2", pixels))
    site.build(ALL)
    [said] = site.said
    assert "the cell silent shows image/png, text/plain, not an SVG" in said
