"""What a page needs so that its readers can read a heatmap cell by cell."""

from collections.abc import Callable, Sequence

import numpy as np

from .grids import Grid
from .layouts import Layout
from .names import singular
from .style import Explorer, Language

MOST_CELLS = 65_536
"""A figure with more cells stays a picture: its data would weigh more than the site's pages."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "column": "Panel {j}",
        "panel": "Row {i}, column {j}",
        "row": "{title}, row {i}",
    },
    "zh": {
        "column": "第 {j} 幅",
        "panel": "第 {i} 行第 {j} 列",
        "row": "{title}，第 {i} 行",
    },
}
ODD = {"nan": "NaN", "inf": "∞", "-inf": "−∞"}


def reader_of(
    grid: Grid,
    layout: Layout,
    title: str,
    xlabel: str,
    ylabel: str,
    *,
    titles: Sequence[Sequence[str]] | None = None,
    xticklabels: Sequence[str] | None = None,
    yticklabels: Sequence[str] | None = None,
    lang: Language = "en",
) -> Callable[[], Explorer] | None:
    """Gather what `docs/assets/explorers/heatmap.js` makes a figure readable with.

    Nothing is written out before a page asks, so a figure costs no more than a copy of its
    values.

    Args:
        grid: The values that are drawn.
        layout: Where they are drawn.
        title: What the figure is called.
        xlabel: The label of the columns.
        ylabel: The label of the rows.
        titles: The titles of the panels, by row and column.
        xticklabels: The names of the columns.
        yticklabels: The names of the rows.
        lang: The language of all these.

    Returns:
        A function for `Figure.explorer`, or `None` if there are more than `MOST_CELLS`
            cells. Its data holds the values of each panel, row by row, to seven digits:
            `None` where a cell is masked, a text where it is not finite. What depends on
            the language stands below its name: labels, and the name, left, top, width and
            height of each panel in the units of the SVG.
    """
    if grid.values.size > MOST_CELLS:
        return None
    rows, columns, queries, keys = grid.values.shape
    values, masked = grid.values.copy(), grid.masked.copy()

    def read() -> Explorer:
        top = layout.height - layout.bottom - layout.down
        panels = [
            [
                _panel(titles, i, j, rows, columns, lang),
                *(round(at, 4) for at in (layout.left + x, top + y, *layout.panel)),
            ]
            for i, y in enumerate(layout.tops)
            for j, x in enumerate(layout.lefts)
        ]
        said = {
            "title": title,
            "row": singular(ylabel),
            "column": singular(xlabel),
            "rows": yticklabels,
            "columns": xticklabels,
            "panels": panels,
        }
        numbers = [
            [_number(value, hidden) for value, hidden in zip(panel, hides, strict=True)]
            for panel, hides in zip(
                values.reshape(rows * columns, -1).tolist(),
                masked.reshape(rows * columns, -1).tolist(),
                strict=True,
            )
        ]
        return "heatmap", {"shape": [queries, keys], "values": numbers, lang: said}

    return read


def _number(value: float, hidden: bool) -> float | str | None:
    if hidden:
        return None
    return float(f"{value:.7g}") if np.isfinite(value) else ODD[str(value)]


def _panel(
    titles: Sequence[Sequence[str]] | None, i: int, j: int, rows: int, columns: int, lang: Language
) -> str:
    """Name a panel by its title, or by its place, counted from zero."""
    words = WORDS[lang]
    title = titles[i][j] if titles else ""
    above = titles[0][j] if titles and not any(map(any, titles[1:])) else ""
    if rows > 1 and above:
        return words["row"].format(title=above, i=i)
    if title or rows == columns == 1:
        return title
    return words["column" if rows == 1 else "panel"].format(i=i, j=j)
