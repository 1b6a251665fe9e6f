"""Exercises that answer: a reader's code is tried on cases, by `attncues/practice.py`.

The cell `NAME-starter`, which is live, is what a reader begins with, and `NAME-solution` is
ours. Both run in MicroPython while the site is built, on the same cases as a reader's code: the
solution must pass all, and the starter must not. (In torch the cells of the page check that.)

A page with such cells loads `docs/live/practice.js`, and the cases once a reader asks for them.
"""

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from engine.cells import Cell
from engine.complaints import report
from engine.kept import cache, digest, keep, recall
from engine.pages import Notebook, Pages
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from . import live

STARTER, SOLUTION = "-starter", "-solution"


def exercises(notebook: Notebook) -> Iterator[tuple[str, Cell, Cell]]:
    """Yield the name, the starter and the solution of each exercise of a page."""
    for cell in live.cells_of(notebook):
        if cell.name.endswith(STARTER):
            name = cell.name.removesuffix(STARTER)
            if (solution := notebook.cells.get(name + SOLUTION)) is None:
                report(f"the exercise {name} needs a cell {name}{SOLUTION}")
            else:
                yield name, cell, solution


def check(pages: Pages, config: MkDocsConfig) -> None:
    """Run solutions and starters in MicroPython, and report what is not as it must be."""
    asked: list[tuple[str, bool, dict[str, Any]]] = []
    for notebook in pages.notebooks.values():
        for name, starter, solution in exercises(notebook):
            before = [*live._state(notebook, starter)["lines"], prelude(config)]
            for lang in ("en", "zh"):
                for cell in (starter, solution):
                    code = f"{cell.source}\n{call(name, lang)}"
                    asked.append((name, cell is solution, {"code": code, "prelude": before}))
    if not asked:
        return
    files = live.python_files(config)
    questions = [question for _, _, question in asked]
    what = [files, questions, live._own("check.mjs"), live._own("worker.mjs")]
    binary = [live._digest(path) for path in live._micropython()]
    path = cache(config) / "live" / f"{digest(json.dumps([what, binary]))}.json"
    if (kept := recall(path)) is None:
        kept = json.dumps(live._run(files, questions)).encode()
        keep(path, kept)
    for (name, solves, _), answer in zip(asked, json.loads(kept), strict=True):
        which = "solution" if solves else "starter"
        said = answer["answer"]
        if said["error"]:
            report(f"the {which} of the exercise {name} raises in MicroPython: {said['error']}")
        elif ("✗" not in said["text"]) != solves:
            meant = "must pass every case" if solves else "must not pass every case"
            report(f"the {which} of the exercise {name} {meant} in MicroPython:\n{said['text']}")


def prelude(config: MkDocsConfig) -> str:
    """Write what runs before a reader's code: the cases, out of the way of its names."""
    source = json.dumps(_source(config), ensure_ascii=False)
    return f"_practice = {{}}\nexec({source}, _practice)"


def _source(config: MkDocsConfig) -> str:
    folder = Path(config.config_file_path).parent
    return (folder / "attncues" / "practice.py").read_text("utf-8")


def _words(config: MkDocsConfig) -> dict[str, dict[str, str]]:
    """Read what the page itself says of a check, by language, without loading torch."""
    spoken = ("colon", "solved", "some", "early", "line", "limit", "reader")
    for statement in ast.parse(_source(config)).body:
        match statement:
            case ast.Assign(targets=[ast.Name(id="WORDS")]):
                table: dict[str, dict[str, str]] = ast.literal_eval(statement.value)
                return {lang: {key: all_[key] for key in spoken} for lang, all_ in table.items()}
    raise ValueError("attncues/practice.py has no WORDS")


def call(name: str, lang: str) -> str:
    """Write what runs after a reader's code; `docs/live/practice.js` writes the same."""
    return f'_practice["check"]("{name}", globals(), "{lang}")'


def add(output: str, page: Page, pages: Pages, config: MkDocsConfig) -> str:
    """Let a page with exercises load what checks a reader's code, and publish that."""
    notebook = pages.notebooks.get(page.file.src_uri)
    if notebook is None or not any(exercises(notebook)):
        return output
    text = json.dumps({"prelude": prelude(config), **_words(config)}, ensure_ascii=False)
    addresses = {
        "src": live._publish(live._own("practice.js").encode(), "practice", "js", config),
        "data-cases": live._publish(f"attncues.data({text});\n".encode(), "cases", "js", config),
    }
    written = " ".join(
        f'{name}="{get_relative_url(url, page.url)}"' for name, url in addresses.items()
    )
    sheet = live._publish(live._own("practice.css").encode(), "practice", "css", config)
    link = f'<link rel="stylesheet" href="{get_relative_url(sheet, page.url)}">'
    output = output.replace("</head>", f"{link}</head>", 1)
    return output.replace("</body>", f"<script defer {written}></script></body>", 1)
