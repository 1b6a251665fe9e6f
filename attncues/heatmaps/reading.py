"""What a page needs so that its readers can read a heatmap cell by cell."""

from collections.abc import Callable

import numpy as np

from ..style import Explorer
from ..words.heatmaps import PANELS
from ..words.names import singular
from .plan import Plan

MOST_CELLS = 65_536
"""A figure with more cells stays a picture: its data would weigh more than the site's pages."""

ODD = {"nan": "NaN", "inf": "∞", "-inf": "−∞"}


def reader_of(plan: Plan) -> Callable[[], Explorer] | None:
    """Gather what `docs/assets/explorers/heatmap.js` makes a figure readable with.

    Nothing is written out before a page asks.

    Returns:
        A function for `Figure.explorer`, or `None` if there are more than `MOST_CELLS`
            cells. Its data holds the values of each panel, row by row, to seven digits:
            `None` where a cell is masked, a text where it is not finite. What depends on
            the language stands below its name: labels, and the name, left, top, width and
            height of each panel in the units of the SVG.
    """
    if plan.grid.values.size > MOST_CELLS:
        return None
    return lambda: _explorer(plan)


def _explorer(plan: Plan) -> Explorer:
    grid, layout = plan.grid, plan.layout
    rows, columns, queries, keys = grid.values.shape
    top = layout.height - layout.bottom - layout.down
    panels = [
        [
            _name(plan, i, j),
            *(round(at, 4) for at in (layout.left + x, top + y, *layout.panel)),
        ]
        for i, y in enumerate(layout.tops)
        for j, x in enumerate(layout.lefts)
    ]
    said = {
        "title": plan.title,
        "row": singular(plan.ylabel),
        "column": singular(plan.xlabel),
        "rows": plan.query_names,
        "columns": plan.key_names,
        "panels": panels,
    }
    numbers = [
        [_number(value, hidden) for value, hidden in zip(panel, hides, strict=True)]
        for panel, hides in zip(
            grid.values.reshape(rows * columns, -1).tolist(),
            grid.masked.reshape(rows * columns, -1).tolist(),
            strict=True,
        )
    ]
    return "heatmap", {"shape": [queries, keys], "values": numbers, plan.lang: said}


def _number(value: float, hidden: bool) -> float | str | None:
    if hidden:
        return None
    return float(f"{value:.7g}") if np.isfinite(value) else ODD[str(value)]


def _name(plan: Plan, i: int, j: int) -> str:
    """Name a panel by its title, or by its place, counted from zero."""
    words, titles = PANELS[plan.lang], plan.titles
    rows, columns = plan.grid.values.shape[:2]
    title = titles[i][j] if titles else ""
    if plan.row_titles:
        row = plan.row_titles[i]
        column = title or (titles[0][j] if titles else words["column"].format(j=j))
        return words["both"].format(row=row, title=column) if columns > 1 or titles else row
    above = titles[0][j] if titles and not any(map(any, titles[1:])) else ""
    if rows > 1 and above:
        return words["row"].format(title=above, i=i)
    if title or rows == columns == 1:
        return title
    return words["column" if rows == 1 else "panel"].format(i=i, j=j)
