"""The files that pages of the reference are made from, by the objects that they document."""

import ast
import functools
import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

DOCUMENTED = re.compile(r"^\s*(?:#{1,6} *)?::: ?([\w.]+)", re.MULTILINE)
"""An object that a page documents."""


def behind(documented: Sequence[str], root: Path, sources: Mapping[str, str]) -> list[Any]:
    """What the documentation of objects is read from: their modules, and what they import.

    Also the first module of each package, which may give an object another name.
    """
    found = {file for file in sources if not file.endswith(".py") or file.endswith("__init__.py")}
    seen: set[str] = set()
    asked = set(documented)
    waiting = list(asked)
    while waiting:
        for file in _files(waiting.pop(), sources):
            if file not in seen:
                seen.add(file)
                names = set(_imported(root, file, sources[file])) - asked
                asked |= names
                waiting += names
    return sorted((file, sources[file]) for file in found | seen)


def _files(name: str, sources: Mapping[str, str]) -> Iterable[str]:
    """The file of a module, or those of a package; of an object, those of its module."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        if f"{path}.py" in sources:
            return [f"{path}.py"]
        if f"{path}/__init__.py" in sources:
            inside = [file for file in sources if file.startswith(f"{path}/")]
            return inside if length > 1 else [f"{path}/__init__.py"]
    return []


@functools.cache
def _imported(root: Path, file: str, stamp: str) -> list[str]:
    """The modules that a file, of this digest, imports from its package, or names from them."""
    package = file.split("/")[:-1]
    try:
        tree = ast.parse((root / file).read_bytes())
    except (OSError, SyntaxError, ValueError):  # who renders the page says so
        return []
    names = []
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            start = package[: len(package) - node.level + 1]
            base = [*start, *(node.module or "").split(".")] if node.module else start
            names += [".".join([*base, alias.name]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package[0]):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names
