"""The examples of the API reference do what they show."""

import doctest
import re
from functools import reduce
from importlib import import_module
from pathlib import Path

import matplotlib
import pytest

import attncues
from tests.conftest import ROOT

REFERENCE = re.compile(r"^::: (\S+)\n(?:    .*\n)*?      members: \[(.*)\]$", re.MULTILINE)
LISTED = [
    f"{module}.{name}"
    for page in sorted((ROOT / "docs" / "en").glob("api*.md"))
    for module, names in REFERENCE.findall(page.read_text(encoding="utf-8"))
    for name in names.split(", ")
]
FUNCTIONS = [name for name in LISTED if name.rpartition(".")[2].islower()]


def named(name: str) -> object:
    package, module, *path = name.split(".")
    return reduce(getattr, path, import_module(f"{package}.{module}"))


def test_the_reference_lists_all_that_the_package_hands_on() -> None:
    assert len(FUNCTIONS) > 30
    missing = set(attncues.__all__) - {name.rpartition(".")[2] for name in FUNCTIONS}
    assert missing == set(), "list them under members: in docs/en/api*.md, and in docs/zh/api*.md"


CALLED = [
    "attncues.translation.Translator.translate",
    "attncues.transformer.language.LanguageModel",
    "attncues.transformer.translator.PortugueseTranslator.translate",
]


@pytest.mark.parametrize("name", [*FUNCTIONS, *CALLED])
def test_each_function_shows_itself_in_use(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)  # examples save figures
    matplotlib.use("agg")  # and open no window
    # As a reader pastes it: nothing is imported yet.
    example = doctest.DocTestParser().get_doctest(named(name).__doc__ or "", {}, name, name, 0)
    assert example.examples, f"add a section `Examples:` to the docstring of {name}"
    found: list[str] = []
    doctest.DocTestRunner().run(example, out=found.append)
    assert found == [], f"the example of {name} shows something else:\n{''.join(found)}"
