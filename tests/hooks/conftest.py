"""The engine's parts, without a site around them."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs" / "hooks"))

from engine.cells import Cell
from engine.runs import CellError, Job, Run, Runs, Settings

MODULE = """
from pathlib import Path

SIZE = 3

def read():
    return Path(__file__).with_name("sizes.csv").read_text()
"""
WORDS = """
NAMES = {"zh": {"cup": "杯子"}}
"""


class Book:
    """A package that cells may import, and what runs them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "small_package"
        self.package.mkdir()
        files = {"__init__.py": "", "sizes.py": MODULE, "sizes.csv": "1,2", "words.py": WORDS}
        for name, content in files.items():
            (self.package / name).write_text(content, encoding="utf-8")

    def runs(self, *, fork: bool = True, **options: Any) -> Runs:
        options = {"package": self.package, "preload": ("matplotlib.pyplot", "IPython"), **options}
        return Runs(Settings(**options), self.folder / "runs", fork=fork)

    def run(self, *cells: str, fork: bool = True, **options: Any) -> Run | CellError:
        """Run the cells of one page."""
        [result] = self.runs(fork=fork, **options).run([job(*cells)])
        return result

    def ok(self, *cells: str, **options: Any) -> Run:
        """Run cells in which nothing is wrong."""
        result = self.run(*cells, **options)
        assert isinstance(result, Run), str(result)
        return result

    def wrong(self, *cells: str, **options: Any) -> str:
        """Run cells in which something is wrong, and return what is said of it."""
        result = self.run(*cells, **options)
        assert isinstance(result, CellError), result
        return str(result)


def job(*cells: str, script: str = "small_package/chapter/page.py") -> Job:
    numbered = enumerate(cells, start=1)
    return Job(script, tuple(Cell(f"cell-{n}", cell, frozenset(), 10 * n) for n, cell in numbered))


def text_of(outputs: Sequence[Mapping[str, Any]]) -> str:
    """What a cell printed and showed, as text."""
    return "".join(one.get("text") or one["data"]["text/plain"] for one in outputs)


@pytest.fixture
def book(tmp_path: Path) -> Book:
    return Book(tmp_path)
