"""Find at once what a build or a reviewer would find later: python docs/hooks/check.py FILE ...

Pages are read as the build reads them, and no cell is run. `.pre-commit-config.yaml` gives
this the files that are in git.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File
from mkdocs.utils.meta import get_data
from notebooks import Notebook, shown_and_not_run
from runs import CellError

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
LARGEST = 500_000
"""Bytes of a file in git."""
PICTURES = {".gif", ".jpeg", ".jpg", ".pdf", ".png", ".svg", ".webp"}


def in_file(path: Path) -> Iterator[str]:
    """Yield what is wrong with a file, whatever it holds, and what mends it."""
    name = path.relative_to(ROOT).as_posix()
    remove = f"take it out of git with: git rm --cached {name}"
    if path.suffix == ".ipynb":
        yield f"{name}: the build makes notebooks from pages; {remove}"
    elif path.suffix in PICTURES and not path.is_relative_to(DOCS / "assets"):
        yield f"{name}: figures are drawn while the site is built; {remove}"
    elif path.stat().st_size > LARGEST:
        yield f"{name}: {path.stat().st_size:,} bytes, at most {LARGEST:,} belong in git; {remove}"


def in_page(path: Path) -> Iterator[str]:
    """Yield what is wrong with a page, and what mends it."""
    file = File(path.relative_to(DOCS).as_posix(), str(DOCS), "", use_directory_urls=True)
    notebook = Notebook.read(file, DOCS.parent / ".cache" / "cells")
    markdown, front = get_data(file.content_string)
    found = [*_about_description(front.get("description"))]
    if notebook is None:
        found += shown_and_not_run(markdown)
    elif isinstance(notebook.result, CellError):
        yield str(notebook.result)
    else:
        for cell in notebook.cells:
            code = cell.cell_type == "code"
            found += _without_words(cell) if code else shown_and_not_run(cell.source)
    yield from (f"{file.src_uri}: {message}" for message in found)


def _about_description(description: Any) -> Iterator[str]:
    """Search engines and link previews show it."""
    if not 5 < len(str(description or "")) < 200:
        yield (
            "the front matter needs a description of one sentence, below 200 characters: write "
            "`description: What the page tells.` between two lines `---` at its top; put the "
            "text in quotes if it has a colon and a space, which YAML takes for a new key"
        )


def _without_words(cell: Any) -> Iterator[str]:
    """A cell that ends by drawing has words for those who cannot see."""
    match ast.parse(cell.source).body:
        case [*_, ast.Expr(ast.Call(ast.Name(name)))] if name.startswith(
            ("draw_", "show_")
        ) and not cell.metadata.get("alt"):
            yield f'the figure of {name} needs words: add alt="..." to the fence of its cell'


def main(names: Iterable[str]) -> int:
    found: list[str] = []
    for path in (Path(name).resolve() for name in names):
        found += in_file(path)
        if path.suffix == ".md" and path.is_relative_to(DOCS):
            found += in_page(path)
    for finding in found:
        print(finding)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
