"""What panels, queries and keys are called: labels of all kinds, checked, each on one line."""

from collections.abc import Sequence
from typing import Any, TypeAlias

from ..words import Language, legible
from ..words.names import labels_in

Titles: TypeAlias = Sequence[str] | Sequence[Sequence[str]]
"""One for each column of panels, for each row, or for each panel."""


LONGEST = 24
"""So many letters of a name stand at a tick; who reads cell by cell is told the whole."""


def plain(text: Any) -> str:
    """Write a label on one line; tokens may hold signs that no drawing has a shape for."""
    return legible("".join(repr(sign)[1:-1] if sign < " " else sign for sign in str(text)))


def visible(name: Any) -> str:
    """Write a name so that it can be seen, even if it is empty or blank."""
    text = plain(name)
    return text if text.strip() else "␣" * len(text) or '""'


def short(name: str) -> str:
    """Shorten a name to what there is room for at a tick."""
    return name if len(name) <= LONGEST else name[: LONGEST - 1].rstrip() + "…"


def named_by(matrices: Any, attribute: str) -> list[Any] | None:
    """Return the labels that a data frame brings, unless they only number its rows or columns."""
    if not hasattr(matrices, "to_numpy") or not hasattr(matrices, attribute):
        return None
    names = list(getattr(matrices, attribute))
    return None if names == list(range(len(names))) else names


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
    return labels_in(lang, [visible(name) for name in named])


def titles_from(
    titles: Any, shape: tuple[int, ...], lang: Language
) -> tuple[list[list[str]] | None, list[str] | None]:
    """Sort titles into those of panels, by row and column, and those of rows.

    Those of columns stand in the first row.
    """
    if titles is None:
        return None, None
    rows, columns = shape[:2]
    flat = [] if isinstance(titles, str) or not isinstance(titles, Sequence) else list(titles)
    if flat and all(isinstance(row, list | tuple) for row in flat):
        if len(flat) == rows and all(len(row) == columns for row in flat):
            return [labels_in(lang, [plain(title) for title in row]) for row in flat], None
    elif len(flat) in (columns, rows * columns):
        shown = labels_in(lang, [plain(title) for title in flat])
        shown += [""] * (rows * columns - len(shown))
        return [shown[row * columns :][:columns] for row in range(rows)], None
    elif len(flat) == rows:
        return None, labels_in(lang, [plain(title) for title in flat])
    given = f"{len(flat)} of them" if flat else repr(titles)
    raise ValueError(
        f"titles needs one for each of {columns} columns of panels, for each of {rows} rows, "
        f"or for each of {rows} × {columns} panels, got {given}"
    )
