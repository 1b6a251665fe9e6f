"""The scripts of the chapter: those who read them see the same, and each runs by itself.

If one fails, compare docs/hooks/engine/cells.py, which parts scripts for pages, with
attncues/figures.py, which does it for the command, and PAGES in attncues/chapter with `nav` in
mkdocs.yml.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from engine.cells import read_cells
from mkdocs.utils.yaml import yaml_load

from attncues import chapter, figures
from tests.conftest import ROOT

FOLDER = Path(chapter.__file__).parent


@pytest.mark.parametrize("page", chapter.PAGES)
def test_the_command_and_the_pages_see_the_same_cells(page: str) -> None:
    path = FOLDER / f"{page}.py"
    cells = read_cells(path, path.name)
    text = path.read_text(encoding="utf-8")
    theirs = list(figures._cells(text, str(path)))
    assert [name for name, _, _ in theirs] == [cell.name for cell in cells]
    for cell, (_, _, last) in zip(cells, theirs, strict=True):
        body = ast.parse(cell.source).body
        assert (last is not None) == bool(body and isinstance(body[-1], ast.Expr)), cell.name
    tagged = [cell.name for cell in cells if "figure" in cell.tags]
    listed = [
        name for name in figures.FIGURES if figures.page_of(name) == figures._page(page).title
    ]
    assert listed == tagged


def test_the_scripts_are_in_the_order_of_the_pages() -> None:
    nav = yaml_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["nav"]
    names = [name.removesuffix(".md").replace("-", "_") for name in flat(nav)]
    assert list(chapter.PAGES) == [name for name in names if (FOLDER / f"{name}.py").is_file()]
    scripts = {path.stem for path in FOLDER.glob("*.py")} - {"__init__"}
    assert scripts == set(chapter.PAGES), "a script without a page, or not in PAGES"


def flat(nav: object) -> list[str]:
    """Return the files of a navigation, in their order."""
    if isinstance(nav, str):
        return [nav]
    parts = nav.values() if isinstance(nav, dict) else nav
    assert isinstance(parts, list | type({}.values()))
    return [name for part in parts for name in flat(part)]


@pytest.mark.thorough
@pytest.mark.parametrize("page", ["index", "visualising_attention"])
def test_a_script_runs_by_itself(page: str, tmp_path: Path) -> None:
    command = [sys.executable, str(FOLDER / f"{page}.py")]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert (result.returncode, result.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []
