"""Put computed numbers into sentences: `{{ name }}` or `{{ name:.2f }}`.

A fact is a plain value (int, float, str, bool) that one of a page's cells leaves in a
top-level name. What follows the colon is Python's format specification.
"""

import ast
import difflib
import functools
import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from .markup import substitute

Fact: TypeAlias = int | float | str | bool


class FactError(Exception):
    """A sentence asks for a fact that its page does not state."""


@dataclass(frozen=True)
class Facts:
    """The facts of a page, and the names that more than one of its cells assigns."""

    values: Mapping[str, Fact]
    ambiguous: frozenset[str]

    @classmethod
    def of(cls, values: Mapping[str, Fact], cells: Iterable[str]) -> "Facts":
        """Tell which of these values a sentence may name, from the cells that left them."""
        counts = Counter(name for cell in cells for name in _assigned(cell))
        return cls(values, frozenset(name for name, count in counts.items() if count > 1))

    def fill(self, text: str, complain: Callable[[str], None]) -> str:
        """Replace each fact that the text names by its value, except in code.

        Args:
            text: Markdown.
            complain: Told of each fact that is not there, that two cells assign, or that
                cannot be written; it stays as it is.
        """

        def written(match: re.Match[str]) -> str:
            try:
                return self._written(match)
            except FactError as error:
                complain(str(error))
                return match[0]

        return substitute(r"\{\{.*?\}\}", written, text)

    def _written(self, match: re.Match[str]) -> str:
        parts = re.fullmatch(r"\{\{\s*([A-Za-z_]\w*)(?::([^{}]*?))?\s*\}\}", match[0])
        if parts is None:
            raise FactError(
                f"{match[0]} is not a fact: write {{{{ name }}}} or {{{{ name:.2f }}}}, "
                "and compute what it needs in a cell"
            )
        name, spec = parts[1], parts[2] or ""
        if name in self.ambiguous:
            raise FactError(f"the fact {name!r} is assigned in two cells: give each its own name")
        if name not in self.values:
            near = difflib.get_close_matches(name, self.values, n=3) or sorted(self.values)
            raise FactError(
                f"a sentence names the fact {name!r}, which no cell leaves as an int, float, str "
                f"or bool; facts here: {', '.join(near) or 'none'}"
            )
        value = self.values[name]
        number = isinstance(value, int | float)
        if isinstance(value, float) and not math.isfinite(value):
            raise FactError(f"the fact {name!r} is {value}, which no sentence should say")
        try:
            written = format(value, spec)
        except (ValueError, OverflowError) as error:
            raise FactError(f"the fact {match[0]} cannot be written: {error}") from None
        # A minus sign, where a program writes a hyphen.
        return re.sub(r"^-(?=[\d.])", "−", written) if number else written


NO_FACTS = Facts({}, frozenset())


@functools.cache  # both editions have the same cells
def _assigned(cell: str) -> frozenset[str]:
    return assigned(ast.parse(cell))


def assigned(code: ast.AST) -> frozenset[str]:
    """The names that code assigns, outside the bodies of functions and comprehensions."""
    names: set[str] = set()
    nodes = [code]
    while nodes:
        node = nodes.pop()
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            names.add(node.id)
        inner = ast.FunctionDef | ast.Lambda | ast.ClassDef | ast.ListComp | ast.SetComp
        if not isinstance(node, inner | ast.DictComp | ast.GeneratorExp):
            nodes += ast.iter_child_nodes(node)
    return frozenset(names)
