"""What is wrong is not published, and the message says where it is.

If one fails, the build now lets through what it used to refuse, or says it in other words: mend
the build before the words of the test. tests/hooks looks at the parts of docs/hooks/engine one by
one; here is what all of them, docs/hooks/book and MkDocs say in one build.
"""

import re

import pytest

from tests.conftest import Built, Project

THIRD = "attncues/chapter/third.py"
CELL = "largest = max(row)"
FACTS = "\nIt is {{{{ unknown_{lang} }}}}.\n"
WRONG = {
    "$\\undefined{x}$": "\\undefined{x}",
    "$\\left( x$": "\\left( x",
    "$x${formula=gauss}": "no function of attncues is called 'gauss'",
    "$$\ny = 2 x\n$$": "names the function that it describes",
    "```python\n1 / 0\n```": "a fence of 'python' is shown and not run",
    "It is {{ largest }}.": "'largest'",
    "/// cell | row\n///": "there is no cell row",
    "[gone](gone.md)": "'gone.md'",
    "[gone](second.md#lost)": "'second.md#lost'",
    "![gone](gone.png)": "'gone.png'",
}
"""What stands on a page without cells, and what the build says of it."""


def says(result: Built, place: str, message: str) -> bool:
    """Tell if the build complains of a place with these words, loud enough to fail for it."""
    complaints = re.findall(r"^(?:ERROR|WARNING)(?:.|\n(?!INFO|WARNING|ERROR))*", result.log, re.M)
    return any(place in complaint and message in complaint for complaint in complaints)


@pytest.mark.thorough
def test_all_that_is_wrong_is_named_in_one_build_and_in_the_next(small: Project) -> None:
    small.edit(THIRD, CELL, f"{CELL}\n1 / 0")
    small.append(THIRD, "\n# %% lost\nrow\n")
    figure = 'heatmap tags=["figure"]'
    small.edit("attncues/chapter/index.py", "heatmap", figure)
    small.edit("attncues/chapter/second.py", 'identity tags=["hide-input"]', figure)
    for lang in ("en", "zh"):
        small.edit(f"docs/{lang}/second.md", "| identity", "| heatmap")
        small.append(f"docs/{lang}/second.md", FACTS.format(lang=lang))
    small.append("docs/en/summary.md", "".join(f"\n{wrong}\n" for wrong in WRONG))
    small.edit("docs/zh/summary.md", "description", "describes")
    for _ in range(2):  # a failed run is not remembered
        result = small.build()
        assert result.code != 0
        assert says(result, f"{THIRD}, line 4, cell row", "ZeroDivisionError"), result.log
        assert says(result, f"{THIRD}, line 10", "no page shows the cell lost"), result.log
        assert says(result, "two figures are called heatmap", "second.md"), result.log
        for message in WRONG.values():
            assert says(result, "en/summary.md", message), f"{message}\n{result.log}"
        assert says(result, "zh/summary.md", "needs a description"), result.log
        for lang in ("en", "zh"):
            assert says(result, f"{lang}/second.md", f"'unknown_{lang}'"), result.log


@pytest.mark.thorough
def test_a_limit_of_the_settings_ends_a_cell(small: Project) -> None:
    small.edit("mkdocs.yml", "cell_timeout: 120", "cell_timeout: 0.5")
    small.append(THIRD, "\n# %% endless\nwhile True:\n    pass\n")
    for lang in ("en", "zh"):
        small.append(f"docs/{lang}/third.md", "\n/// cell | endless\n///\n")
    result = small.build()
    assert result.code != 0
    assert says(result, THIRD, "cell endless: still running after its limit of 0.5 s"), result.log


@pytest.mark.thorough
def test_quiet_is_as_strict(small: Project) -> None:
    small.append("docs/en/third.md", "\n[gone](gone.md)\n")
    assert small.build("--quiet").code != 0
