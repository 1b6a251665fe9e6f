"""All that is decided about a figure of heatmaps, before anything is painted or said.

What paints, describes and serves a figure reads a `Plan`, so all three tell of the same thing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, partial, reduce
from itertools import chain
from typing import Any, Literal, TypeAlias

import matplotlib
import numpy as np
from matplotlib.colors import Colormap, LogNorm, Normalize, TwoSlopeNorm
from numpy.typing import NDArray

from ..style.images import MOST_COLOURS
from ..words import Language
from ..words.heatmaps import NOTES, PANELS
from ..words.names import label_in
from .grid import Array, Choice, Flags, Grid, is_layers
from .labels import Titles, named_by, names_from, plain, short, titles_from
from .layout import PAD, VALUE_SIZE, Layout, lay_out, widest
from .scales import (
    SIGNED_CMAP,
    NormName,
    PercentileNorm,
    Ticks,
    bar_ticks,
    check_ends,
    clips,
    make_norm,
    written,
)

Scale: TypeAlias = Literal["shared", "panel"]

MOST_WRITTEN = 80
"""Values are written into no more cells than this."""

MOST_ACROSS = 8
"""A single row of more panels wraps, if it falls into equal rows of at least four.

One of fewer wraps into pairs, if nobody says how wide the figure may be.
"""


class _Default(str):
    """A default that can be told from the same text given by the caller."""

    __slots__ = ()


REDS = _Default("Reds")


@dataclass(frozen=True)
class Plan:
    """What a figure shows, what everything is called, how it is coloured, where it stands.

    Attributes:
        grid: The values, by row and column of panels.
        lang: The language of all texts.
        title: What the figure is called.
        xlabel: The label of the keys.
        ylabel: The label of the queries.
        titles: The titles of the panels by row and column; empty below the first row if each
            stands for its column.
        row_titles: The titles of the rows of panels, if they have some.
        key_names: The names of the keys, if they have some.
        query_names: The names of the queries, if they have some.
        colours: The colormap; what has no colour in it is clear.
        norms: A scale for each panel, by row and column; the same one where they share it.
        ticks: What stands at the colour bar of each panel.
        panel_bars: Whether each panel has a scale and a bar of its own.
        specials: Cells that have no place on the scale, by the name of their kind.
        notes: What stands below the figure, so that its colours are understood.
        texts: What is written into each cell, if there is room.
        layout: Where everything stands.
    """

    grid: Grid
    lang: Language
    title: str
    xlabel: str
    ylabel: str
    titles: list[list[str]] | None
    row_titles: list[str] | None
    key_names: list[str] | None
    query_names: list[str] | None
    colours: Colormap
    norms: list[list[Normalize]]
    ticks: list[list[Ticks]]
    panel_bars: bool
    specials: dict[str, Flags]
    notes: list[str]
    texts: NDArray[Any] | None
    layout: Layout

    @cached_property
    def key_labels(self) -> list[str]:
        """What stands at the keys: their names, or their numbers."""
        return _numbered(self.key_names, self.grid.values.shape[3])

    @cached_property
    def query_labels(self) -> list[str]:
        """What stands at the queries: their names, or their numbers."""
        return _numbered(self.query_names, self.grid.values.shape[2])


def decide(
    matrices: Any,
    xlabel: str,
    ylabel: str,
    titles: Titles | None = None,
    figsize: tuple[float, float] | None = None,
    cmap: str | Colormap = REDS,
    *,
    scale: Scale = "shared",
    vmin: float | None = None,
    vmax: float | None = None,
    norm: NormName | Normalize = "linear",
    mask: Any = None,
    batch: int | None = None,
    layer: Choice | None = None,
    head: Choice | None = None,
    xticklabels: Sequence[str] | None = None,
    yticklabels: Sequence[str] | None = None,
    lang: Language = "en",
) -> Plan:
    """Decide everything; see `draw_heatmaps` for the arguments and for what is refused."""
    _check_choices(scale, lang)
    check_ends(vmin, vmax)
    grid, words = Grid.of(matrices, mask, batch), NOTES[lang]
    whole = grid
    for axis, (name, choice) in enumerate((("layer", layer), ("head", head))):
        grid = grid if choice is None else grid.chosen(axis, name, choice)
    row_names, head_names = _layers_and_heads(matrices, whole, layer, head, lang)
    xlabel, ylabel = label_in(lang, plain(xlabel)), label_in(lang, plain(ylabel))
    panel_titles, row_titles = titles_from(titles, grid.values.shape, lang)
    row_titles = row_titles or (
        None if panel_titles and any(map(any, panel_titles[1:])) else row_names
    )
    if panel_titles is None and head_names:
        panel_titles = [head_names, *[[""] * len(head_names)] * (len(grid.values) - 1)]
    if across := _wrapped(grid, roomy=figsize is not None):
        numbered = [PANELS[lang]["column"].format(j=j) for j in range(grid.values.shape[1])]
        flat = panel_titles[0] if panel_titles else numbered
        panel_titles = [flat[start : start + across] for start in range(0, len(flat), across)]
        row_titles = row_titles and row_titles * len(panel_titles)
        grid = grid.reshaped(len(panel_titles), across)
    rows, columns, queries, keys = grid.values.shape
    xticklabels = named_by(matrices, "columns") if xticklabels is None else xticklabels
    yticklabels = named_by(matrices, "index") if yticklabels is None else yticklabels
    key_names = names_from("xticklabels", xticklabels, keys, lang)
    query_names = names_from("yticklabels", yticklabels, queries, lang)

    signed = isinstance(cmap, _Default) and norm == "linear" and _has_signs(grid, vmin, vmax)
    colours = _colormap(SIGNED_CMAP if signed else cmap)
    norm_of = partial(make_norm, signed=signed, vmin=vmin, vmax=vmax, norm=norm)
    panel_bars = scale == "panel" and rows * columns > 1 and (vmin is None or vmax is None)
    if panel_bars:
        cells = [zip(*row, strict=True) for row in zip(grid.values, grid.shown, strict=True)]
        shown = [[values[flags] for values, flags in row] for row in cells]
        norms = [[norm_of(values) for values in row] for row in shown]
        clipped = any(map(clips, chain(*norms), chain(*shown)))
    else:
        norms = [[norm_of(grid.visible)] * columns] * rows
        clipped = clips(norms[0][0], grid.visible)
    ticks = [[bar_ticks(one, ends=panel_bars) for one in row] for row in norms]
    specials = _specials(grid, norms, words)
    notes = [words["panel"]] if panel_bars else []
    notes += _notes(norms[0][0], grid.visible, clipped=clipped, words=words)

    lay = partial(
        lay_out,
        grid.values.shape,
        figsize=figsize,
        keys=_numbered(key_names, keys),
        queries=_numbered(query_names, queries),
        tokens=(key_names is not None, query_names is not None),
        titles=panel_titles,
        row_titles=row_titles,
        xlabel=xlabel,
        bar_labels=[label for row in ticks for bar in row for _, label in bar],
        panel_bars=panel_bars,
    )
    layout = lay(notes=len(notes) + bool(specials))
    if layout.block != (1, 1):
        layout = lay(notes=len(notes) + bool(specials) + 1)
        down, across = layout.block
        notes.append(words["block"].format(down=down, across=across))
    return Plan(
        grid=grid,
        lang=lang,
        title=words["title"].format(xlabel=xlabel, ylabel=ylabel),
        xlabel=xlabel,
        ylabel=ylabel,
        titles=panel_titles,
        row_titles=row_titles,
        key_names=key_names,
        query_names=query_names,
        colours=colours,
        norms=norms,
        ticks=ticks,
        panel_bars=panel_bars,
        specials=specials,
        notes=notes,
        texts=_texts(grid, norms[0][0], specials, layout),
        layout=layout,
    )


def _check_choices(scale: str, lang: str) -> None:
    if scale not in ("shared", "panel"):
        raise ValueError(f"scale is {scale!r}; accepted are 'shared' and 'panel'")
    if lang not in NOTES:
        raise ValueError(f"lang is {lang!r}; accepted are {' and '.join(map(repr, NOTES))}")


def _numbered(names: list[str] | None, count: int) -> list[str]:
    return [short(name) for name in names] if names else [str(number) for number in range(count)]


def _layers_and_heads(
    matrices: Any, grid: Grid, layer: Choice | None, head: Choice | None, lang: Language
) -> tuple[list[str] | None, list[str] | None]:
    """Name rows and columns of panels, if they are known to be layers and heads."""
    if not is_layers(matrices) and layer is None and head is None:
        return None, None
    words = PANELS[lang]

    def names(name: str, choice: Choice | None, count: int) -> list[str]:
        if choice == "mean":
            return [words[f"mean {name}"].format(n=count)]
        numbers = range(count) if choice is None else [choice % count]
        return [words[name].format(n=number) for number in numbers]

    layers, heads = grid.values.shape[:2]
    known = is_layers(matrices) or layers > 1
    return names("layer", layer, layers) if known else None, names("head", head, heads)


def _wrapped(grid: Grid, *, roomy: bool) -> int:
    """Choose how many of the panels of a single long row stand side by side; 0 if all do."""
    rows, columns = grid.values.shape[:2]
    if rows > 1 or columns <= MOST_ACROSS:
        return 2 if rows == 1 and columns > 2 and columns % 2 == 0 and not roomy else 0
    return next((n for n in range(MOST_ACROSS, 3, -1) if columns % n == 0), 0)


def _has_signs(grid: Grid, vmin: float | None, vmax: float | None) -> bool:
    """Whether there are values below zero, and zero lies inside a scale with these ends."""
    below = bool(grid.visible.size) and bool(grid.visible.min() < 0)
    return below and (vmin is None or vmin < 0) and (vmax is None or vmax > 0)


def _colormap(cmap: str | Colormap) -> Colormap:
    """Find a colormap; gaps and special cells are drawn by others, so they are clear in it."""
    if isinstance(cmap, str):
        if cmap not in matplotlib.colormaps:
            raise ValueError(f"cmap is {str(cmap)!r}, which is no colormap of matplotlib")
        cmap = matplotlib.colormaps[cmap]
    if not isinstance(cmap, Colormap):
        raise TypeError(f"cmap must be a colormap or its name, got {type(cmap).__name__}")
    return cmap.resampled(min(cmap.N, MOST_COLOURS)).with_extremes(bad=(0, 0, 0, 0))


def _specials(grid: Grid, norms: list[list[Normalize]], words: dict[str, str]) -> dict[str, Flags]:
    """Find cells that have no place on the scale, by the names that the legend gives them."""
    found = {words["masked"]: grid.masked}
    values, seen = grid.values, ~grid.masked
    if not grid.whole:
        odd = {"NaN": np.isnan(values), "∞": values == np.inf, "−∞": values == -np.inf}
        present = [name for name, flags in odd.items() if (flags & seen).any()]
        found[", ".join(present)] = ~np.isfinite(values) & seen
    if isinstance(norms[0][0], LogNorm):
        found[words["zero"]] = (values == 0) & seen
    elif type(norms[0][0]) not in (Normalize, PercentileNorm, TwoSlopeNorm):
        off = np.zeros(values.shape, dtype=bool)
        for i, j in np.ndindex(values.shape[:2]):
            placed: Any = np.ma.masked_invalid(norms[i][j](values[i, j]))
            off[i, j] = np.ma.getmaskarray(placed) & grid.shown[i, j]
        found[words["off"]] = off
    return {name: flags for name, flags in found.items() if flags.any()}


def _notes(norm: Normalize, values: Array, *, clipped: bool, words: dict[str, str]) -> list[str]:
    """Say what the colours of a scale mean, where that is not the plain amount from zero."""
    notes = []
    if isinstance(norm, LogNorm | PercentileNorm):
        notes.append(words["log" if isinstance(norm, LogNorm) else "percentile"])
    elif type(norm) not in (Normalize, TwoSlopeNorm):
        notes.append(words["other"].format(name=type(norm).__name__))
    elif norm.vmin is not None and float(norm.vmin) > 0 and values.size:
        notes.append(words["start"].format(low=float(norm.vmin)))
    if clipped:
        notes.append(words["beyond"])
    return notes


def _texts(
    grid: Grid, norm: Normalize, specials: dict[str, Flags], layout: Layout
) -> NDArray[Any] | None:
    """Write down the value of each cell that has a place on the scale, if all have room."""
    if grid.values.size > MOST_WRITTEN:
        return None
    shown = reduce(np.logical_and, (~flags for flags in specials.values()), grid.shown)
    values = grid.values[shown]
    if not values.size:
        return None
    even = type(norm) is Normalize and 0.1 <= np.abs(values).max() < 1000
    whole = bool((values == np.round(values)).all())
    pattern = "{:.0f}" if whole else "{:.2f}" if even else "{:.2g}"
    texts: NDArray[Any] = np.full(grid.values.shape, "", dtype=object)
    texts[shown] = [written(pattern.format(value)) for value in values]
    wide = layout.cell[0] - PAD >= widest(sorted(set(texts[shown])), VALUE_SIZE)
    return texts if wide and layout.cell[1] >= VALUE_SIZE + PAD else None
