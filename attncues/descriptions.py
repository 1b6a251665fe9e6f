"""Heatmaps in words, from the numbers that are drawn, for those who cannot see them."""

from collections.abc import Sequence

import numpy as np

from .grids import Grid
from .style import Language

FEW = 8
"""So many rows are described one by one."""

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "one": "One heatmap: {queries} rows ({ylabel}) by {keys} columns ({xlabel}).",
        "many": "{rows} by {columns} heatmaps, each {queries} rows ({ylabel}) by {keys} columns "
        "({xlabel}).",
        "range": "Values run from {low} to {high}.",
        "constant": "Every value shown is {low}.",
        "nothing": "No cell has a finite value to show.",
        "masked": "{count} of {total} cells are masked ({share:.0%}).",
        "odd": "{count} of {total} cells not finite.",
        "diagonal": "Each row is strongest at the column of its own number.",
        "even": "Within each row all values are equal.",
        "several": "Row {row} is equally strong at several columns ({value}).",
        "row": "Row {row} is strongest at column {column} ({value}).",
        "strongest": "The strongest cell is at row {row}, column {column} ({value}){panel}.",
        "panel": " of the panel in row {i}, column {j}{title}",
        "title": " (“{title}”)",
        "label": "{number} “{label}”",
        "scale": "Each panel has a scale of its own.",
        "between": " ",
    },
    "zh": {
        "one": "一幅热图：{queries} 行（{ylabel}），{keys} 列（{xlabel}）。",
        "many": "{rows} 行 {columns} 列热图，每幅 {queries} 行（{ylabel}）、"
        "{keys} 列（{xlabel}）。",
        "range": "数值从 {low} 到 {high}。",
        "constant": "显示的数值都是 {low}。",
        "nothing": "没有可显示的有限数值。",
        "masked": "{total} 个单元格中有 {count} 个被遮盖（{share:.0%}）。",
        "odd": "{total} 个单元格中有 {count} 个不是有限数值。",
        "diagonal": "每一行都在与自己编号相同的列上最强。",
        "even": "每一行内的数值都相等。",
        "several": "第 {row} 行在多列上同样最强（{value}）。",
        "row": "第 {row} 行在第 {column} 列最强（{value}）。",
        "strongest": "最强的单元格在{panel}第 {row} 行、第 {column} 列（{value}）。",
        "panel": "第 {i} 行第 {j} 列的热图{title}中",
        "title": "“{title}”",
        "label": "{number}（{label}）",
        "scale": "每幅热图各有自己的色阶。",
        "between": "",
    },
}


def describe(
    grid: Grid,
    xlabel: str,
    ylabel: str,
    *,
    titles: Sequence[Sequence[str]] | None = None,
    xticklabels: Sequence[str] | None = None,
    yticklabels: Sequence[str] | None = None,
    panel_scales: bool = False,
    lang: Language = "en",
) -> str:
    """Say in a few sentences what a grid of heatmaps shows.

    Rows, columns and panels are counted from zero, as on the axes and in the code.

    Args:
        grid: The values that are drawn.
        xlabel: The label of the columns.
        ylabel: The label of the rows.
        titles: The titles of the panels, by row and column.
        xticklabels: The names of the columns.
        yticklabels: The names of the rows.
        panel_scales: Whether each panel has a scale of its own.
        lang: "en" or "zh".

    Returns:
        Plain text: the grid, the sizes, the range, the share of masked cells and of cells
            that are not finite, and where the rows are strongest.
    """
    words = WORDS[lang]
    rows, columns, queries, keys = grid.values.shape
    names = {"queries": queries, "keys": keys, "xlabel": xlabel, "ylabel": ylabel}
    single = rows * columns == 1
    said = [words["one" if single else "many"].format(rows=rows, columns=columns, **names)]
    shown = grid.shown
    if not grid.visible.size:
        return words["between"].join([*said, words["nothing"]])

    low, high = grid.visible.min(), grid.visible.max()
    said.append(words["constant" if low == high else "range"].format(low=_g(low), high=_g(high)))
    if panel_scales and not single:
        said.append(words["scale"])
    if grid.masked.any():
        count, total = int(grid.masked.sum()), grid.values.size
        said.append(words["masked"].format(count=count, total=total, share=count / total))
    if odd := 0 if grid.whole else int((~np.isfinite(grid.values) & ~grid.masked).sum()):
        said.append(words["odd"].format(count=odd, total=grid.values.size))
    if low == high:
        return words["between"].join(said)

    values = grid.values if grid.whole else np.where(shown, grid.values, -np.inf)
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
            if shown[0, 0, row, column]:
                kind = "row" if alone[0, 0, row] else "several"
                said.append(
                    words[kind].format(
                        row=place(row, yticklabels),
                        column=place(int(column), xticklabels),
                        value=_g(values[0, 0, row, column]),
                    )
                )
    else:
        i, j, row, column = (int(n) for n in np.unravel_index(values.argmax(), values.shape))
        title = words["title"].format(title=titles[i][j]) if titles and titles[i][j] else ""
        panel = "" if single else words["panel"].format(i=i, j=j, title=title)
        said.append(
            words["strongest"].format(
                row=place(row, yticklabels),
                column=place(column, xticklabels),
                value=_g(high),
                panel=panel,
            )
        )
    return words["between"].join(said)


def _g(value: float) -> str:
    return f"{value:.3g}".replace("-", "−")
