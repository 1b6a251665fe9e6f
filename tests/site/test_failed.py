"""What is wrong is not published, and the message says where it is.

If one fails, the build now lets through what it used to refuse, or says it in other words: mend
the build before the words of the test. Cells are run by docs/hooks/runs.py, pages are looked at by
the other files of docs/hooks, and links by MkDocs as `validation` in mkdocs.yml says.
"""

import pytest

from tests.conftest import Project

PAGE = "docs/en/third.md"
CELL = "largest = max(row)"


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("while True: pass", "still running after its limit of 9 s"),
        ("import os; os._exit(3)", "the kernel died"),
    ],
    ids=["raises", "hangs", "kills its kernel"],
)
def test_a_failing_cell_fails_the_build(small: Project, code: str, message: str) -> None:
    small.edit("mkdocs.yml", "cell_timeout: 120", "cell_timeout: 9")
    small.edit(PAGE, CELL, f"{CELL}\n{code}")
    result = small.build()
    assert result.code != 0
    text = (small.folder / PAGE).read_text(encoding="utf-8")
    line = text[: text.index("row = ")].count("\n") + 1
    assert f"third.md, cell 1 (line {line})" in result.log
    assert message in result.log


def test_a_kernel_that_does_not_start_fails_the_build(small: Project) -> None:
    small.edit("docs/hooks/runs.py", "STARTUP = 60", "STARTUP = 0.01")
    result = small.build()
    assert result.code != 0
    assert "its kernel did not start within 0.01 s" in result.log


def test_a_failed_run_is_not_remembered(small: Project) -> None:
    small.edit(PAGE, CELL, f"{CELL}\n1 / 0")
    assert small.build().code != 0
    assert small.build().code != 0


def test_a_warning_in_a_cell_fails_the_build(small: Project) -> None:
    small.edit(PAGE, CELL, f"{CELL}\nimport warnings; warnings.warn('old ways')")
    result = small.build()
    assert result.code != 0
    assert "wrote to stderr" in result.log
    assert "old ways" in result.log


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("The answer is {{ answer:.2f }}.", "'answer'"),
        ("It has {{ matrix }}.", "'matrix'"),
        ("It is {{ largest:d }}.", "{{ largest:d }}"),
        ("It is {{largest | round}}.", "{{largest | round}} is not a fact"),
        ("A lone ` tick.\n\nIt is {{ answer }}, says `code`.", "'answer'"),
        ("$\\undefined{x}$", "\\undefined{x}"),
        ("$\\left( x$", "\\left( x"),
        ("~~~python\n1 / 0\n~~~", "is shown and not run"),
        ("1. A step:\n\n    ```python\n    1 / 0\n    ```", "is shown and not run"),
        ('```python caption="Nothing"\nx = 1\n```', "shows nothing for its caption"),
        ('```python capton="Nothing"\nx = 1\n```', "its fence states capton"),
        (
            '```python tags="hide-input"\nx = 1\n```',
            "its fence cannot be read: 'hide-input' is not of type 'array'; write options as",
        ),
        ("```python caption=3\nx = 1\n```", "its fence states caption=3; write caption="),
        (
            "```python\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n```",
            "a cell shows image/png",
        ),
    ],
)
def test_a_page_that_points_at_nothing_fails_the_build(
    small: Project, text: str, message: str
) -> None:
    small.append(PAGE, f"\n{text}\n")
    result = small.build()
    assert result.code != 0
    assert message in result.log
    assert "third.md" in result.log


def test_links_that_lead_nowhere_fail_the_build_and_are_all_named(small: Project) -> None:
    small.append(PAGE, "\n[gone](gone.md), [gone](second.md#lost), ![gone](gone.png)\n")
    result = small.build()
    assert result.code != 0
    for target in ("'gone.md'", "'second.md#lost'", "'gone.png'"):
        assert any(target in line and "third.md" in line for line in result.log.splitlines()), (
            target
        )


def test_quiet_is_as_strict(small: Project) -> None:
    small.append(PAGE, "\n[gone](gone.md)\n")
    assert small.build("--quiet").code != 0


def test_code_on_a_page_without_a_kernel_fails_the_build(small: Project) -> None:
    small.append("docs/en/summary.md", "\n```python\n1 / 0\n```\n")
    result = small.build()
    assert result.code != 0
    assert "is shown and not run" in result.log


def test_names_that_a_page_takes_do_no_harm(small: Project) -> None:
    small.append(PAGE, "\n```python\nmap = print = sorted = json = 10**5000\n```\n")
    result = small.build()
    assert result.code == 0, result.log


def test_a_fact_on_a_page_without_cells_fails_the_build(small: Project) -> None:
    small.append("docs/en/summary.md", "\nIt is {{ largest }}.\n")
    result = small.build()
    assert result.code != 0
    assert "summary.md" in result.log


def test_a_fact_that_two_cells_assign_fails_the_build(small: Project) -> None:
    small.append(PAGE, "\n```python\nlargest = 3\n```\n")
    result = small.build()
    assert result.code != 0
    assert "'largest' is assigned in two cells" in result.log


def test_a_figure_without_words_fails_the_build(small: Project) -> None:
    small.append(
        PAGE, "\n```python\nfrom attncues import draw_heatmaps\ndraw_heatmaps([row])\n```\n"
    )
    result = small.build()
    assert result.code != 0
    assert 'alt="..."' in result.log
    assert "third.md" in result.log


def test_a_cell_that_is_not_python_is_named(small: Project) -> None:
    small.append(PAGE, "\n```sh\nls\n```\n")
    result = small.build()
    assert result.code != 0
    assert "not plain Python" in result.log
    assert "third.md, cell 2" in result.log
    assert "```{.sh}" in result.log
