"""Put computed numbers into sentences: `{{ name }}` or `{{ name:.2f }}`.

A fact is a plain value (int, float, str, bool) that a page's own cells leave in a
top-level name. What follows the colon is Python's format specification.
"""

import ast
import difflib
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from runs import Fact

_CODE_OR_FACT = re.compile(
    r"^(?P<fence>`{3,}|~{3,}).*?^(?P=fence)[`~]*\s*?$"  # a fenced block
    r"|(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"  # a code span
    r"|\{\{\s+(?P<name>[A-Za-z_]\w*)(?::(?P<spec>[^{}]*?))?\s+\}\}",
    re.DOTALL | re.MULTILINE,
)


class FactError(Exception):
    """A sentence asks for a fact that its page does not state."""


def fill(text: str, facts: Mapping[str, Fact]) -> str:
    """Replace each fact that the text names by its value, except in code.

    Raises:
        FactError: There is no such fact, or its format does not fit.
    """

    def value(match: re.Match[str]) -> str:
        name, spec = match["name"], match["spec"] or ""
        if name is None:
            return match[0]
        if name not in facts:
            near = difflib.get_close_matches(name, facts, n=3) or sorted(facts)
            known = ", ".join(near) if near else "none: the page has no cells that leave one"
            raise FactError(
                f"a sentence names the fact {name!r}, which the page's cells do not leave "
                f"as an int, float, str or bool; facts here: {known}"
            )
        try:
            written = format(facts[name], spec)
        except ValueError as error:
            raise FactError(f"the fact {match[0]} cannot be written: {error}") from None
        # A minus sign, where a program writes a hyphen.
        return re.sub(r"^-(?=\d)", "−", written) if type(facts[name]) in (int, float) else written

    return _CODE_OR_FACT.sub(value, text)


def unambiguous(facts: Mapping[str, Fact], cells: Iterable[str]) -> dict[str, Fact]:
    """Keep the facts that one cell alone assigns: of others no sentence could say which."""
    assigned = Counter(
        name
        for cell in cells
        for name in {
            node.id
            for node in ast.walk(ast.parse(cell))
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        }
    )
    return {name: value for name, value in facts.items() if assigned[name] <= 1}
