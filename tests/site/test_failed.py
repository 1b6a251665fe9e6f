"""What is wrong is not published, and the message says where it is.

If one fails, the build now lets through what it used to refuse, or says it in other words: mend
the build before the words of the test. Cells are run by docs/hooks/runs.py, pages are looked at by
the other files of docs/hooks, and links by MkDocs as `validation` in mkdocs.yml says.
"""

import re

from tests.conftest import Built, Project

PAGE = "docs/en/third.md"
CELL = "largest = max(row)"

FAILURES = {
    "raises": ("1 / 0", "ZeroDivisionError: division by zero"),
    "warns": ("import warnings; warnings.warn('old ways')", "wrote to stderr"),
    "hangs": ("while True: pass", "still running after its limit of 9 s"),
    "kills-its-kernel": ("import os; os._exit(3)", "the kernel died"),
}
"""What cells do, and what the build says of it."""

WRONG = {
    "unknown-fact": ("The answer is {{ answer:.2f }}.", "'answer'"),
    "list-as-fact": ("It is {{ row }}.", "'row'"),
    "wrong-format": ("It is {{ largest:d }}.", "{{ largest:d }}"),
    "filter": ("It is {{largest | round}}.", "{{largest | round}} is not a fact"),
    "lone-tick": ("A lone ` tick.\n\nIt is {{ answer }}, says `code`.", "'answer'"),
    "two-cells-assign": ("```python\nlargest = 3\n```", "'largest' is assigned in two cells"),
    "unknown-command": ("$\\undefined{x}$", "\\undefined{x}"),
    "left-alone": ("$\\left( x$", "\\left( x"),
    "tilde-fence": ("~~~python\n1 / 0\n~~~", "is shown and not run"),
    "fence-in-list": ("1. A step:\n\n    ```python\n    1 / 0\n    ```", "is shown and not run"),
    "not-python": ("```sh\nls\n```", "```{.sh}"),
    "idle-caption": ('```python caption="Nothing"\nx = 1\n```', "shows nothing for its caption"),
    "misspelt": ('```python capton="Nothing"\nx = 1\n```', "its fence states capton"),
    "no-list": (
        '```python tags="hide-input"\nx = 1\n```',
        "its fence cannot be read: 'hide-input' is not of type 'array'; write options as",
    ),
    "number": ("```python caption=3\nx = 1\n```", "its fence states caption=3; write caption="),
    "no-words": (
        "```python\nfrom attncues import draw_heatmaps\ndraw_heatmaps([row])\n```",
        'alt="..."',
    ),
    "pixels": (
        "```python\nimport matplotlib.pyplot as plt\nplt.plot([1])\nplt.show()\n```",
        "a cell shows image/png",
    ),
}
"""What stands on pages with a cell, and what the build says of it."""

WRONG_WITHOUT_CELLS = {
    "code": ("```python\n1 / 0\n```", "is shown and not run"),
    "fact": ("It is {{ largest }}.", "'largest'"),
}
"""The same for pages without one."""


def says(result: Built, place: str, message: str) -> bool:
    """Tell if the build complains of a place with these words, loud enough to fail for it."""
    complaints = re.findall(r"^(?:ERROR|WARNING)(?:.|\n(?!INFO|WARNING|ERROR))*", result.log, re.M)
    return any(place in complaint and message in complaint for complaint in complaints)


def test_cells_that_fail_fail_the_build_and_are_all_named(small: Project) -> None:
    small.edit("mkdocs.yml", "cell_timeout: 120", "cell_timeout: 9")
    text = (small.folder / PAGE).read_text(encoding="utf-8")
    line = text[: text.index("row = ")].count("\n") + 1
    for name, (code, _) in FAILURES.items():
        (small.folder / f"docs/en/{name}.md").write_text(text.replace(CELL, f"{CELL}\n{code}"))
    result = small.build()
    assert result.code != 0
    for name, (_, message) in FAILURES.items():
        assert says(result, f"{name}.md, cell 1 (line {line})", message), result.log


def test_errors_in_both_editions_are_named_in_one_build(small: Project) -> None:
    for lang in ("en", "zh"):
        small.append(f"docs/{lang}/third.md", f"\nIt is {{{{ unknown_{lang} }}}}.\n")
    result = small.build()
    assert result.code != 0
    for lang in ("en", "zh"):
        assert says(result, f"{lang}/third.md", f"'unknown_{lang}'"), result.log


def test_a_kernel_that_does_not_start_fails_the_build(small: Project) -> None:
    small.edit("docs/hooks/runs.py", "STARTUP = 60", "STARTUP = 0.01")
    result = small.build()
    assert result.code != 0
    assert "its kernel did not start within 0.01 s" in result.log


def test_a_failed_run_is_not_remembered(small: Project) -> None:
    small.edit(PAGE, CELL, f"{CELL}\n1 / 0")
    assert small.build().code != 0
    assert small.build().code != 0


def test_what_is_wrong_on_pages_fails_the_build_and_is_all_named(small: Project) -> None:
    text = (small.folder / PAGE).read_text(encoding="utf-8")
    for name, (wrong, _) in WRONG.items():
        (small.folder / f"docs/en/{name}.md").write_text(f"{text}\n{wrong}\n", encoding="utf-8")
    for name, (wrong, _) in WRONG_WITHOUT_CELLS.items():
        (small.folder / f"docs/en/{name}.md").write_text(f"# Words\n\n{wrong}\n")
    result = small.build()
    assert result.code != 0
    for name, (_, message) in (WRONG | WRONG_WITHOUT_CELLS).items():
        assert says(result, f"{name}.md", message), result.log


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


def test_names_that_a_page_takes_do_no_harm(small: Project) -> None:
    small.append(PAGE, "\n```python\nmap = print = sorted = json = 10**5000\n```\n")
    result = small.build()
    assert result.code == 0, result.log
