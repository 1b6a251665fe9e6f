"""What panels, queries and keys are called: labels of all kinds, checked, each on one line."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from ..words import Language
from ..words.names import labels_in

Titles: TypeAlias = Sequence[str] | Sequence[Sequence[str]]
"""One for each column of panels, or one for each panel."""


def plain(text: Any) -> str:
    """Write a label on one line; tokens may hold signs that no drawing has a shape for."""
    shown = "".join(chr(0x2400 + ord(s)) if ord(s) < 32 else s for s in str(text))
    whole = shown.encode("utf-8", "replace").decode("utf-8")
    return "".join("\ufffd" if ord(s) & 0xFFFE == 0xFFFE else s for s in whole)


def names_from(argument: str, names: Any, count: int, lang: Language) -> list[str] | None:
    """Check the names of keys or queries."""
    if names is None:
        return None
    try:
        named = [] if isinstance(names, str) else list(getattr(names, "tolist", lambda: names)())
    except TypeError:
        named = []
    if len(named) != count:
        given = len(named) if named else repr(names)
        raise ValueError(f"{argument} needs {count} names, one for each, got {given}")
    return labels_in(lang, [plain(name) for name in named])


def titles_from(titles: Any, shape: tuple[int, ...], lang: Language) -> list[list[str]] | None:
    """Sort titles by row and column of panels; those of columns stand in the first row."""
    if titles is None:
        return None
    rows, columns = shape[:2]
    flat = [] if isinstance(titles, str) or not isinstance(titles, Sequence) else list(titles)
    if flat and all(isinstance(row, list | tuple) for row in flat):
        if len(flat) == rows and all(len(row) == columns for row in flat):
            return [labels_in(lang, [plain(title) for title in row]) for row in flat]
    elif len(flat) in (columns, rows * columns):
        shown = labels_in(lang, [plain(title) for title in flat])
        shown += [""] * (rows * columns - len(shown))
        return [shown[row * columns :][:columns] for row in range(rows)]
    given = f"{len(flat)} of them" if flat else repr(titles)
    raise ValueError(
        f"titles needs one for each of {columns} columns of panels, or one for each of "
        f"{rows} × {columns} panels, got {given}"
    )
