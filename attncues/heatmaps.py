"""Heatmaps of attention weights that cannot mislead, at any size.

All panels are images in one pair of axes, so the cost grows with the number of cells and
not, as with a pair of axes each, with the square of the number of panels. They share one
scale and one colour bar unless the caller says otherwise, and then the figure says so.
"""

import sys
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import matplotlib
import numpy as np
from matplotlib.colors import Colormap, LogNorm, Normalize

from . import style
from .descriptions import Language, describe
from .grids import Array, Flags, Grid
from .images import MOST_COLOURS
from .layouts import POINTS_PER_INCH, Layout, lay_out
from .panels import (
    bar_ticks,
    block_of,
    draw_bars,
    draw_labels,
    draw_notes,
    draw_panels,
    write_values,
)
from .scales import SIGNED_CMAP, NormName, PercentileNorm, make_norm

Titles: TypeAlias = Sequence[str] | Sequence[Sequence[str]]
Scale: TypeAlias = Literal["shared", "panel"]


class _Default(str):
    """A default that can be told from the same text given by the caller."""

    __slots__ = ()


REDS = _Default("Reds")


NOTES: dict[str, dict[str, str]] = {
    "en": {
        "masked": "masked",
        "zero": "0, not on a log scale",
        "panel": "Each panel has a scale of its own.",
        "block": "Each dot shows the strongest of {down} × {across} cells.",
        "log": "log scale",
        "percentile": "colour by percentile",
        "title": "Heatmap of {ylabel} by {xlabel}",
    },
    "zh": {
        "masked": "已遮盖",
        "zero": "0，不在对数色阶上",
        "panel": "每幅热图各有自己的色阶。",
        "block": "每个点显示 {down} × {across} 个单元格中最强的一个。",
        "log": "对数色阶",
        "percentile": "按百分位着色",
        "title": "{ylabel}与{xlabel}的热图",
    },
}


def show_heatmaps(
    matrices: Any,
    xlabel: str,
    ylabel: str,
    titles: Titles | None = None,
    figsize: tuple[float, float] | None = (2.5, 2.5),
    cmap: str | Colormap = REDS,
    **options: Any,
) -> None:
    """Show heatmaps of matrices: in a notebook below the cell, in a script in a window.

    Takes every call of the function of that name in *Dive into Deep Learning*. A script
    without a screen shows nothing; to keep a figure, use `draw_heatmaps` and `savefig`.

    Args:
        matrices: As in `draw_heatmaps`.
        xlabel: The label of the keys.
        ylabel: The label of the queries.
        titles: As in `draw_heatmaps`.
        figsize: Width and height in inches that the figure may take.
        cmap: As in `draw_heatmaps`.
        **options: Handed on to `draw_heatmaps`.

    Raises:
        TypeError: As `draw_heatmaps`.
        ValueError: As `draw_heatmaps`.
    """
    figure = draw_heatmaps(matrices, xlabel, ylabel, titles, figsize, cmap, **options)
    if _in_notebook():
        from IPython.display import display

        display(figure)
    elif _has_screen():
        from matplotlib import pyplot

        window = pyplot.figure(figsize=figure.get_size_inches(), facecolor="white")
        figure.set_facecolor("white")
        figure.set_canvas(window.canvas)
        window.canvas.figure = figure
        pyplot.show()
        pyplot.close(window.number)


def _in_notebook() -> bool:
    """Whether a kernel shows what is displayed; a terminal would only name it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def _has_screen() -> bool:
    """Whether the backend of matplotlib opens windows; others would warn of it."""
    from matplotlib.backends.registry import BackendFilter, backend_registry

    interactive: list[str] = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    return matplotlib.get_backend().lower() in interactive


def draw_heatmaps(
    matrices: Any,
    xlabel: str = "Keys",
    ylabel: str = "Queries",
    titles: Titles | None = None,
    figsize: tuple[float, float] | None = None,
    cmap: str | Colormap = REDS,
    *,
    scale: Scale = "shared",
    vmin: float | None = None,
    vmax: float | None = None,
    norm: NormName | Normalize = "linear",
    mask: Any = None,
    xticklabels: Sequence[str] | None = None,
    yticklabels: Sequence[str] | None = None,
    lang: Language = "en",
) -> style.Figure:
    """Draw matrices as a grid of heatmaps.

    All panels share one scale and one colour bar, so a colour means the same number
    everywhere. The scale includes zero, so colour means amount. Values are written into
    the cells where there is room.

    Args:
        matrices: Shape (rows, columns, queries, keys); three dimensions are one row of
            panels, two are one panel. Real numbers as a tensor of any device and
            precision, an array, nested lists, or the tuple of per-layer tensors of shape
            (1, heads, queries, keys) that transformer libraries return.
        xlabel: The label of the keys.
        ylabel: The label of the queries.
        titles: One title for each column of panels, or one for each panel.
        figsize: Width and height in inches that the figure may take; cells are square, so
            it takes less of one of them. Chosen from the grid if not given.
        cmap: A colormap of matplotlib or its name. If not given, signed values get a
            diverging one with zero in the middle, others `Reds`.
        scale: "shared", or "panel" for a scale and a bar for each panel.
        vmin: The lower end of a linear scale.
        vmax: The upper end.
        norm: "linear", "log", "percentile" (colour by rank), or a norm of matplotlib.
        mask: Boolean, broadcasts to the matrices; `True` marks a cell that counts, as in
            `attention_weights`. Other cells are drawn in a colour of their own.
        xticklabels: A name for each key, such as its token.
        yticklabels: A name for each query.
        lang: The language of notes and of the description, "en" or "zh".

    Returns:
        A figure that the caller owns; it is registered nowhere and needs no closing.

    Raises:
        TypeError: The matrices are not real numbers, or the mask is not boolean.
        ValueError: A shape, a number of titles or labels, an end of the scale, a size or a
            name does not fit; the message says what was given and what is accepted.
    """
    if scale not in ("shared", "panel"):
        raise ValueError(f"scale is {scale!r}; accepted are 'shared' and 'panel'")
    grid = Grid.of(matrices, mask)
    panel_titles = _titles(titles, grid.values.shape)
    key_names = _names("xticklabels", xticklabels, grid.values.shape[3])
    query_names = _names("yticklabels", yticklabels, grid.values.shape[2])
    shown = grid.visible
    signed = bool(cmap is REDS and norm == "linear" and shown.size and shown.min() < 0)
    colours = _colormap(SIGNED_CMAP if signed else cmap)

    def norm_of(values: Array) -> Normalize:
        return make_norm(values, signed=signed, vmin=vmin, vmax=vmax, norm=norm)

    rows, columns, queries, keys = grid.values.shape
    panel_bars = scale == "panel" and rows * columns > 1
    if panel_bars:
        norms = [
            [norm_of(v[s]) for v, s in zip(*row, strict=True)]
            for row in zip(grid.values, grid.shown, strict=True)
        ]
    else:
        norms = [[norm_of(shown)] * columns] * rows
    ticks = [[bar_ticks(one, ends=panel_bars) for one in row] for row in norms]
    specials = _specials(grid, norms[0][0], lang)
    notes = [NOTES[lang]["panel"]] if panel_bars else []
    if isinstance(norms[0][0], LogNorm | PercentileNorm):
        notes.append(NOTES[lang]["log" if isinstance(norms[0][0], LogNorm) else "percentile"])

    def layout_with(lines: int) -> Layout:
        return lay_out(
            grid.values.shape,
            figsize=figsize,
            keys=key_names or [str(key) for key in range(keys)],
            queries=query_names or [str(query) for query in range(queries)],
            tokens=(key_names is not None, query_names is not None),
            titles=panel_titles,
            xlabel=xlabel,
            bar_labels=[label for row in ticks for bar in row for _, label in bar],
            panel_bars=panel_bars,
            notes=lines,
        )

    layout = layout_with(len(notes) + bool(specials))
    if block_of(layout) != (1, 1):
        layout = layout_with(len(notes) + bool(specials) + 1)
        down, across = block_of(layout)
        notes.append(NOTES[lang]["block"].format(down=down, across=across))

    with style.look():
        size = layout.width / POINTS_PER_INCH, layout.height / POINTS_PER_INCH
        figure = style.Figure(figsize=size)
        axes = figure.add_axes(layout.place(0, 0, layout.across, layout.down))
        axes.set(xlim=(0, layout.across), ylim=(layout.down, 0))
        draw_panels(axes, layout, grid, norms, colours, specials)
        write_values(axes, layout, grid, norms, colours)
        draw_labels(
            axes,
            layout,
            key_names or [str(key) for key in range(keys)],
            query_names or [str(query) for query in range(queries)],
            xlabel,
            ylabel,
            panel_titles,
        )
        draw_bars(axes, layout, norms, colours, ticks)
        draw_notes(figure, layout, notes, list(specials), colours)
    figure.title = NOTES[lang]["title"].format(xlabel=xlabel, ylabel=ylabel)
    figure.description = describe(
        grid,
        xlabel,
        ylabel,
        titles=panel_titles,
        xticklabels=key_names,
        yticklabels=query_names,
        panel_scales=panel_bars,
        lang=lang,
    )
    return figure


def describe_heatmaps(
    matrices: Any,
    xlabel: str = "Keys",
    ylabel: str = "Queries",
    titles: Titles | None = None,
    *,
    scale: Scale = "shared",
    mask: Any = None,
    xticklabels: Sequence[str] | None = None,
    yticklabels: Sequence[str] | None = None,
    lang: Language = "en",
) -> str:
    """Say in a few sentences what `draw_heatmaps` draws of the same arguments.

    Figures carry this text as their description. See `draw_heatmaps` for the arguments.

    Returns:
        Plain text: the grid, the sizes, the range, what is masked or not finite, and where
            the rows are strongest. Rows and columns are counted from zero.

    Raises:
        TypeError: As `draw_heatmaps`.
        ValueError: As `draw_heatmaps`.
    """
    grid = Grid.of(matrices, mask)
    return describe(
        grid,
        xlabel,
        ylabel,
        titles=_titles(titles, grid.values.shape),
        xticklabels=_names("xticklabels", xticklabels, grid.values.shape[3]),
        yticklabels=_names("yticklabels", yticklabels, grid.values.shape[2]),
        panel_scales=scale == "panel",
        lang=lang,
    )


def _names(argument: str, names: Sequence[str] | None, count: int) -> list[str] | None:
    """Check the names of keys or queries."""
    if names is None:
        return None
    if isinstance(names, str) or len(names) != count:
        raise ValueError(
            f"{argument} needs {count} names, one for each, got "
            f"{repr(names) if isinstance(names, str) else len(names)}"
        )
    return [str(name) for name in names]


def _titles(titles: Titles | None, shape: tuple[int, ...]) -> list[list[str]] | None:
    """Sort titles by row and column of panels; those of columns stand in the first row."""
    if titles is None:
        return None
    rows, columns = shape[:2]
    flat = [] if isinstance(titles, str) else list(titles)
    if flat and all(not isinstance(row, str) for row in flat):
        if len(flat) == rows and all(len(row) == columns for row in flat):
            return [[str(title) for title in row] for row in flat]
    elif len(flat) == columns:
        return [[str(title) for title in flat], *[[""] * columns for _ in range(rows - 1)]]
    elif len(flat) == rows * columns:
        return [[str(t) for t in flat[row * columns :][:columns]] for row in range(rows)]
    given = repr(titles) if isinstance(titles, str) else f"{len(titles)} of them"
    raise ValueError(
        f"titles needs one for each of {columns} columns of panels, or one for each of "
        f"{rows} × {columns} panels, got {given}"
    )


def _colormap(cmap: str | Colormap) -> Colormap:
    """Find a colormap; gaps and special cells are drawn by others, so they are clear in it."""
    if isinstance(cmap, str):
        if cmap not in matplotlib.colormaps:
            raise ValueError(f"cmap is {str(cmap)!r}, which is no colormap of matplotlib")
        cmap = matplotlib.colormaps[cmap]
    return cmap.resampled(min(cmap.N, MOST_COLOURS)).with_extremes(bad=(0, 0, 0, 0))


def _specials(grid: Grid, norm: Normalize, lang: Language) -> dict[str, Flags]:
    """Find cells that have no place on the scale, by the names that the legend gives them."""
    found = {NOTES[lang]["masked"]: grid.masked}
    seen = ~grid.masked
    if not grid.whole:
        values = grid.values
        odd = {"NaN": np.isnan(values), "∞": values == np.inf, "−∞": values == -np.inf}
        present = [name for name, flags in odd.items() if (flags & seen).any()]
        found[", ".join(present)] = ~np.isfinite(grid.values) & seen
    if isinstance(norm, LogNorm):
        found[NOTES[lang]["zero"]] = (grid.values == 0) & seen
    return {name: flags for name, flags in found.items() if flags.any()}
