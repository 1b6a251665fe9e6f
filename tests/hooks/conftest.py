"""The engine's parts, without a site around them."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs" / "hooks"))

from engine import complaints
from engine.cells import Cell
from engine.pages import Pages
from engine.runs import CellError, Job, Run, Runs, Settings
from mkdocs.config.base import load_config
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

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


SCRIPT = """
# %% first
x = 1.5
print("one", x)

# %% drawn tags=["hide-input"]
from IPython.display import SVG, Markdown

SVG('<svg width="9"><title>old</title><path id="0123abcd-1" d="M0 0"/></svg>')

# %% silent
y = 2

# %% worded
Markdown("*so* it is")

# %% hidden tags=["hide-cell"]
z = 3
"""
LABELS = {
    "code": "Code",
    "output": "Output",
    "notebook_hint": "Install it.",
    "claims": "{} checks",
    "claims_hint": "By code.",
    "claim_cell": "Its cell",
    "claim_close": "Close",
}


class Site:
    """Pages around one script, in two editions."""

    def __init__(self, book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
        self.said: set[str] = set()
        monkeypatch.setattr(complaints, "said", self.said)
        self.folder = book.folder
        (book.package / "chapter").mkdir()
        self.script(SCRIPT)
        self.pages = Pages(book.runs(), "chapter")
        self.config = load_config(
            config_file=str(self._write("mkdocs.yml", "site_name: A book\nplugins: []\n")),
            docs_dir=str(self.folder / "docs"),
            extra={"labels": LABELS},
        )

    def _write(self, name: str, text: str) -> Path:
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        (self.folder / "docs").mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def script(self, text: str) -> None:
        self._write("small_package/chapter/a_page.py", text)

    def build(self, text: str, name: str = "a-page", other: str = "") -> tuple[str, str]:
        """Return a page's Markdown and HTML; another edition may cite cells, too."""
        self._write(f"docs/zh/{name}.md", other)
        self._write(f"docs/en/{name}.md", text)
        docs, site = str(self.folder / "docs"), str(self.folder / "site")
        file = File(f"en/{name}.md", docs, site, use_directory_urls=True)
        files = Files([file])
        self.pages.run(files, remember=False)
        for message in self.pages.uncited(files, self.folder / "docs"):
            complaints.report(message)
        page = Page(None, file, self.config)
        markdown = self.pages.to_markdown(
            text,
            page,
            files,
            self.config,
            dress=lambda block, page: None,
            captions=lambda block: [f"({block.name})"],
        )
        self.notebook = str(page.file.abs_src_path)
        return markdown, self.pages.put_in(markdown, page, LABELS)


@pytest.fixture
def site(book: Book, monkeypatch: pytest.MonkeyPatch) -> Site:
    return Site(book, monkeypatch)
