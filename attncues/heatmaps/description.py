"""Heatmaps in words, from the numbers that are drawn, for those who cannot see them."""

from collections.abc import Sequence

import numpy as np

from ..words import Count, minus
from ..words.heatmaps import DESCRIPTION
from .plan import Plan

FEW = 8
"""So many rows are described one by one."""


def describe(plan: Plan) -> str:
    """Say in a few sentences what a figure of heatmaps shows.

    Rows, columns and panels are counted from zero, as on the axes and in the code.

    Returns:
        Plain text: the grid, the sizes, the range, the share of masked cells and of cells
            that are not finite, and where the rows are strongest.
    """
    words, grid = DESCRIPTION[plan.lang], plan.grid
    rows, columns, queries, keys = map(Count, grid.values.shape)
    single = rows * columns == 1
    said = [
        words["one" if single else "many"].format(
            rows=rows,
            columns=columns,
            queries=queries,
            keys=keys,
            xlabel=plan.xlabel,
            ylabel=plan.ylabel,
        )
    ]
    if not grid.visible.size:
        return words["between"].join([*said, words["nothing"]])

    low, high = grid.visible.min(), grid.visible.max()
    said.append(words["constant" if low == high else "range"].format(low=_g(low), high=_g(high)))
    if plan.panel_bars:
        said.append(words["scale"])
    total = grid.values.size
    if grid.masked.any():
        count = int(grid.masked.sum())
        said.append(words["masked"].format(count=count, total=total, share=count / total))
    if odd := 0 if grid.whole else int((~np.isfinite(grid.values) & ~grid.masked).sum()):
        said.append(words["odd"].format(count=odd, total=total))
    if low == high:
        return words["between"].join(said)

    values = grid.values if grid.whole else np.where(grid.shown, grid.values, -np.inf)
    best = values.argmax(axis=-1)

    def place(number: int, labels: Sequence[str] | None) -> str:
        label = labels[number] if labels else ""
        return words["label"].format(number=number, label=label) if label else str(number)

    first = grid.values[..., :1]
    alone = (values == values.max(axis=-1, keepdims=True)).sum(axis=-1) == 1
    if grid.whole and (grid.values == first).all():
        said.append(words["even"])
    elif queries == keys and alone.all() and (best == np.arange(queries)).all():
        said.append(words["diagonal"])
    elif single and queries <= FEW:
        for row, column in enumerate(best[0, 0]):
            if grid.shown[0, 0, row, column]:
                kind = "row" if alone[0, 0, row] else "several"
                said.append(
                    words[kind].format(
                        row=place(row, plan.query_names),
                        column=place(int(column), plan.key_names),
                        value=_g(values[0, 0, row, column]),
                    )
                )
    else:
        i, j, row, column = (int(n) for n in np.unravel_index(values.argmax(), values.shape))
        title = plan.titles[i][j] if plan.titles else ""
        if plan.row_titles:
            above = title or (plan.titles[0][j] if plan.titles else "")
            title = words["comma"].join(filter(None, [plan.row_titles[i], above]))
        title = words["title"].format(title=title) if title else ""
        panel = "" if single else words["panel"].format(i=i, j=j, title=title)
        said.append(
            words["strongest"].format(
                row=place(row, plan.query_names),
                column=place(column, plan.key_names),
                value=_g(high),
                panel=panel,
            )
        )
    return words["between"].join(said)


def _g(value: float) -> str:
    return minus(f"{value:.3g}")
