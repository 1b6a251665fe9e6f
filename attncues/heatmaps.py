"""Heatmaps of attention weights that cannot mislead, at any size.

All panels are images in one pair of axes, so the cost grows with the number of cells and
not, as with a pair of axes each, with the square of the number of panels. They share one
scale and one colour bar unless the caller says otherwise, and then the figure says so.
"""

from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import matplotlib
import numpy as np
from matplotlib.colors import Colormap, LogNorm, Normalize, TwoSlopeNorm

from . import style
from .descriptions import describe
from .grids import Array, Flags, Grid
from .images import MOST_COLOURS
from .layouts import POINTS_PER_INCH, Layout, lay_out
from .names import name_of, names_of
from .panels import (
    bar_ticks,
    block_of,
    draw_bars,
    draw_labels,
    draw_notes,
    draw_panels,
    write_values,
)
from .readers import reader_of
from .scales import SIGNED_CMAP, NormName, PercentileNorm, check_ends, make_norm
from .showing import show
from .style import Language

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
        "other": "scale: {name}",
        "beyond": "Values beyond the ends of a scale have the colours of its ends.",
        "start": "The scale starts at {low:.3g}, not at zero.",
        "off": "not on this scale",
        "title": "Heatmap of {ylabel} by {xlabel}",
    },
    "zh": {
        "masked": "已遮盖",
        "zero": "0，不在对数色阶上",
        "panel": "每幅热图各有自己的色阶。",
        "block": "每个点显示 {down} × {across} 个单元格中最强的一个。",
        "log": "对数色阶",
        "percentile": "按百分位着色",
        "other": "色阶：{name}",
        "beyond": "超出色阶两端的数值使用两端的颜色。",
        "start": "色阶从 {low:.3g} 开始，而不是从零开始。",
        "off": "不在此色阶上",
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

    Examples:
        >>> import torch
        >>> from attncues import show_heatmaps
        >>> weights = torch.eye(10).reshape(1, 1, 10, 10)
        >>> show_heatmaps(weights, xlabel="Keys", ylabel="Queries")
    """
    show(draw_heatmaps(matrices, xlabel, ylabel, titles, figsize, cmap, **options))


@style.in_both_languages
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
        lang: The language of notes and of the description, "en" or "zh". In Chinese, labels
            that the package knows, such as "Keys", are translated.

    Returns:
        A figure that the caller owns; it is registered nowhere and needs no closing.

    Raises:
        TypeError: The matrices are not real numbers, or the mask is not boolean.
        ValueError: A shape, a number of titles or labels, an end of the scale, a size or a
            name does not fit; the message says what was given and what is accepted.

    Examples:
        >>> import torch
        >>> from attncues import draw_heatmaps
        >>> draw = torch.Generator().manual_seed(0)
        >>> heads = torch.softmax(torch.randn(2, 4, 10, 10, generator=draw), dim=-1)
        >>> figure = draw_heatmaps(heads, titles=[f"Head {head}" for head in range(4)])
        >>> figure.savefig("heads.svg")
        >>> figure = draw_heatmaps(heads, scale="panel", mask=torch.ones(10, 10).tril().bool())
    """
    _check_choices(scale, lang)
    check_ends(vmin, vmax)
    grid = Grid.of(matrices, mask)
    xlabel, ylabel = name_of(_plain(xlabel), lang), name_of(_plain(ylabel), lang)
    panel_titles = _titles(titles, grid.values.shape, lang)
    key_names = _names("xticklabels", xticklabels, grid.values.shape[3], lang)
    query_names = _names("yticklabels", yticklabels, grid.values.shape[2], lang)
    shown = grid.visible
    signed = bool(
        cmap is REDS
        and norm == "linear"
        and shown.size
        and shown.min() < 0
        and (vmin is None or vmin < 0)
        and (vmax is None or vmax > 0)
    )
    colours = _colormap(SIGNED_CMAP if signed else cmap)

    def norm_of(values: Array) -> Normalize:
        return make_norm(values, signed=signed, vmin=vmin, vmax=vmax, norm=norm)

    rows, columns, queries, keys = grid.values.shape
    key_labels = key_names or [str(key) for key in range(keys)]
    query_labels = query_names or [str(query) for query in range(queries)]
    same = vmin is not None and vmax is not None
    panel_bars = scale == "panel" and rows * columns > 1 and not same
    if panel_bars:
        norms = [
            [norm_of(values[show]) for values, show in zip(*row, strict=True)]
            for row in zip(grid.values, grid.shown, strict=True)
        ]
        scaled = [
            (norms[i][j], grid.values[i, j][grid.shown[i, j]]) for i, j in np.ndindex(rows, columns)
        ]
    else:
        norms = [[norm_of(shown)] * columns] * rows
        scaled = [(norms[0][0], shown)]
    ticks = [[bar_ticks(one, ends=panel_bars) for one in row] for row in norms]
    specials = _specials(grid, norms, lang)
    notes = [NOTES[lang]["panel"]] if panel_bars else []
    notes += _notes(norms[0][0], shown, clipped=any(_clips(n, v) for n, v in scaled), lang=lang)

    def layout_with(lines: int) -> Layout:
        return lay_out(
            grid.values.shape,
            figsize=figsize,
            keys=key_labels,
            queries=query_labels,
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
        write_values(axes, layout, grid, norms, colours, specials)
        draw_labels(axes, layout, key_labels, query_labels, xlabel, ylabel, panel_titles)
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
    figure.explorer = reader_of(
        grid,
        layout,
        figure.title,
        xlabel,
        ylabel,
        titles=panel_titles,
        xticklabels=key_names,
        yticklabels=query_names,
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
    r"""Say in a few sentences what `draw_heatmaps` draws of the same arguments.

    Figures carry this text as their description. See `draw_heatmaps` for the arguments.

    Returns:
        Plain text: the grid, the sizes, the range, what is masked or not finite, and where
            the rows are strongest. Rows and columns are counted from zero.

    Raises:
        TypeError: As `draw_heatmaps`.
        ValueError: As `draw_heatmaps`.

    Examples:
        >>> import torch
        >>> from attncues import describe_heatmaps
        >>> print(describe_heatmaps(torch.eye(3)).replace(". ", ".\n"))
        One heatmap: 3 rows (Queries) by 3 columns (Keys).
        Values run from 0 to 1.
        Each row is strongest at the column of its own number.
    """
    _check_choices(scale, lang)
    grid = Grid.of(matrices, mask)
    xlabel, ylabel = name_of(_plain(xlabel), lang), name_of(_plain(ylabel), lang)
    return describe(
        grid,
        xlabel,
        ylabel,
        titles=_titles(titles, grid.values.shape, lang),
        xticklabels=_names("xticklabels", xticklabels, grid.values.shape[3], lang),
        yticklabels=_names("yticklabels", yticklabels, grid.values.shape[2], lang),
        panel_scales=scale == "panel",
        lang=lang,
    )


def _check_choices(scale: str, lang: str) -> None:
    if scale not in ("shared", "panel"):
        raise ValueError(f"scale is {scale!r}; accepted are 'shared' and 'panel'")
    if lang not in NOTES:
        raise ValueError(f"lang is {lang!r}; accepted are {' and '.join(map(repr, NOTES))}")


def _plain(text: Any) -> str:
    """Write a label on one line; tokens may hold signs that no drawing has a shape for."""
    shown = "".join(chr(0x2400 + ord(s)) if ord(s) < 32 else s for s in str(text))
    whole = shown.encode("utf-8", "replace").decode("utf-8")
    return "".join("\ufffd" if ord(s) & 0xFFFE == 0xFFFE else s for s in whole)


def _names(argument: str, names: Any, count: int, lang: Language) -> list[str] | None:
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
    return names_of([_plain(name) for name in named], lang)


def _titles(titles: Any, shape: tuple[int, ...], lang: Language) -> list[list[str]] | None:
    """Sort titles by row and column of panels; those of columns stand in the first row."""
    if titles is None:
        return None
    rows, columns = shape[:2]
    flat = [] if isinstance(titles, str) or not isinstance(titles, Sequence) else list(titles)
    if flat and all(isinstance(row, list | tuple) for row in flat):
        if len(flat) == rows and all(len(row) == columns for row in flat):
            return [names_of([_plain(title) for title in row], lang) for row in flat]
    elif len(flat) in (columns, rows * columns):
        shown = names_of([_plain(title) for title in flat], lang)
        shown += [""] * (rows * columns - len(shown))
        return [shown[row * columns :][:columns] for row in range(rows)]
    given = f"{len(flat)} of them" if flat else repr(titles)
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


def _specials(grid: Grid, norms: list[list[Normalize]], lang: Language) -> dict[str, Flags]:
    """Find cells that have no place on the scale, by the names that the legend gives them."""
    found = {NOTES[lang]["masked"]: grid.masked}
    values, seen = grid.values, ~grid.masked
    if not grid.whole:
        odd = {"NaN": np.isnan(values), "∞": values == np.inf, "−∞": values == -np.inf}
        present = [name for name, flags in odd.items() if (flags & seen).any()]
        found[", ".join(present)] = ~np.isfinite(values) & seen
    if isinstance(norms[0][0], LogNorm):
        found[NOTES[lang]["zero"]] = (values == 0) & seen
    elif type(norms[0][0]) not in (Normalize, PercentileNorm, TwoSlopeNorm):
        off = np.zeros(values.shape, dtype=bool)
        for i, j in np.ndindex(values.shape[:2]):
            placed: Any = np.ma.masked_invalid(norms[i][j](values[i, j]))
            off[i, j] = np.ma.getmaskarray(placed) & grid.shown[i, j]
        found[NOTES[lang]["off"]] = off
    return {name: flags for name, flags in found.items() if flags.any()}


def _clips(norm: Normalize, values: Array) -> bool:
    """Whether values lie beyond the ends of their scale, by more than rounding."""
    if not values.size or norm.vmin is None or norm.vmax is None:
        return False
    if isinstance(norm, LogNorm) and not (values := values[values > 0]).size:
        return False
    low, high = float(norm.vmin), float(norm.vmax)
    slack = 1e-6 * (high - low)
    return bool(values.min() < low - slack or values.max() > high + slack)


def _notes(norm: Normalize, values: Array, *, clipped: bool, lang: Language) -> list[str]:
    """Say what the colours of a scale mean, where that is not the plain amount from zero."""
    words, notes = NOTES[lang], []
    if isinstance(norm, LogNorm | PercentileNorm):
        notes.append(words["log" if isinstance(norm, LogNorm) else "percentile"])
    elif type(norm) not in (Normalize, TwoSlopeNorm):
        notes.append(words["other"].format(name=type(norm).__name__))
    elif norm.vmin is not None and float(norm.vmin) > 0 and values.size:
        notes.append(words["start"].format(low=float(norm.vmin)))
    if clipped:
        notes.append(words["beyond"])
    return notes
