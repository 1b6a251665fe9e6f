"""Cells with names, in the scripts that hold them.

A line `# %% name` opens a cell, which ends where the next one begins. Tags may follow the
name, as Jupytext writes them: `# %% name tags=["hide-input"]`.
"""

import ast
import functools
import json
import re
from dataclasses import dataclass
from pathlib import Path

OPENING = re.compile(r"^#[ ]?%%(?P<name>[^\n]*?)(?: tags=(?P<tags>[^\n]*?))?[ ]*$", re.MULTILINE)
PLAIN = "a cell is plain Python, without % or !"
TAGS = {"figure", "hide-input", "hide-cell", "live"}
"""A figure has a name of its own; input can be folded; a hidden cell runs and is not shown; a
reader can change a live one and run it on the page."""


class ScriptError(Exception):
    """A script that cannot be parted into cells; the message says where and why."""

    def __init__(self, message: str, cell: str = "") -> None:
        super().__init__(message)
        self.cell = cell


@dataclass(frozen=True)
class Cell:
    """Code that runs as one piece, and the line of its script where it begins."""

    name: str
    source: str
    tags: frozenset[str]
    line: int


def read_cells(path: Path, known_as: str) -> list[Cell]:
    """Part a script into its cells; errors call it by the name it is known by.

    Raises:
        ScriptError: There is no cell, or code above the first. A cell has no name or that of
            another, a tag is unknown, or the code is not Python.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise ScriptError(f"{known_as}: {error}") from None
    return list(_cells(text, known_as))


@functools.cache  # each edition asks, and each build of a preview
def _cells(text: str, known_as: str) -> tuple[Cell, ...]:
    openings = list(OPENING.finditer(text))
    if not openings:
        raise ScriptError(f"{known_as}, line 1: the script has no cell; # %% name opens one")
    _insist_on_no_code(text[: openings[0].start()], known_as)
    ends = [opening.start() for opening in openings[1:]] + [len(text)]
    cells: dict[str, Cell] = {}
    for opening, end in zip(openings, ends, strict=True):
        line = text.count("\n", 0, opening.end()) + 2
        where = f"{known_as}, line {line - 1}"
        name = opening["name"].strip()
        if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
            raise ScriptError(f"{where}: a cell needs a name such as first-look, got {name!r}")
        if name in cells:
            raise ScriptError(f"{where}: the name {name} is taken by the cell above it")
        tags = _tags(opening["tags"], where)
        body = text[opening.end() + 1 : end]
        source = body.strip("\n")
        line += len(body) - len(body.lstrip("\n"))
        cells[name] = Cell(name, source, tags, line)
        try:
            ast.parse(source)
        except SyntaxError as error:
            line += (error.lineno or 1) - 1
            raise ScriptError(
                f"{known_as}, line {line}, cell {name}: {error.msg}; {PLAIN}", name
            ) from None
    return tuple(cells.values())


def _insist_on_no_code(head: str, known_as: str) -> None:
    """Allow a docstring and comments above the first cell: what stands there does not run."""
    try:
        statements = ast.parse(head).body
    except SyntaxError as error:
        raise ScriptError(f"{known_as}, line {error.lineno}: {error.msg}") from None
    for statement in statements:
        if not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)):
            raise ScriptError(
                f"{known_as}, line {statement.lineno}: code stands above the first cell, "
                "where it does not run"
            )


def _tags(stated: str | None, where: str) -> frozenset[str]:
    try:
        tags = frozenset(json.loads(stated or "[]"))
    except (ValueError, TypeError):
        raise ScriptError(f'{where}: tags are written as tags=["hide-input"]') from None
    if unknown := tags - TAGS:
        known = ", ".join(sorted(TAGS))
        raise ScriptError(
            f"{where}: unknown tags {', '.join(map(str, unknown))}; known are {known}"
        )
    return tags
