"""The parts of a heatmap figure: panels, labels, bars and notes, each drawn where a layout says.

The axes of the panels measure points from the upper left corner, so an image, a frame, a
tick and a value are all placed by the numbers of the layout.
"""

import functools
from collections.abc import Sequence
from itertools import chain
from math import ceil
from typing import Any, TypeAlias

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import Colormap, ListedColormap, LogNorm, Normalize
from matplotlib.figure import Figure
from matplotlib.patches import Patch, Rectangle
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from . import style
from .grids import Array, Flags, Grid
from .images import CellImage
from .layouts import (
    ASCENT,
    BAR_SIZE,
    EDGE,
    LABEL_SIZE,
    LINE,
    NOTE_SIZE,
    PAD,
    TICK,
    TICK_SIZE,
    VALUE_SIZE,
    Layout,
    fit,
    text_width,
    widest,
)
from .scales import PercentileNorm, ink_on, unlike

Norms: TypeAlias = list[list[Normalize]]
"""A norm for each panel, by row and column; the same one where they share a scale."""
BarTicks: TypeAlias = list[tuple[float, str]]

SMALLEST_DOT = 0.6
"""Cells smaller than this, in points, are drawn in blocks."""
MOST_WRITTEN = 80
"""Values are written into no more cells than this."""


def block_of(layout: Layout) -> tuple[int, int]:
    """How many cells down and across share one dot, because they are too small to see."""
    across, down = layout.cell
    return max(1, ceil(SMALLEST_DOT / down)), max(1, ceil(SMALLEST_DOT / across))


def draw_panels(
    axes: Axes,
    layout: Layout,
    grid: Grid,
    norms: Norms,
    colours: Colormap,
    specials: dict[str, Flags],
) -> None:
    """Draw the values, the special cells in colours of their own, and the frames."""
    width, height = layout.panel
    block = block_of(layout)
    special_colours = ListedColormap(unlike(colours, len(specials)) or ["none"])
    special_norm = Normalize(-0.5, max(len(specials), 1) - 0.5)
    frames = []
    for i, y in enumerate(layout.tops):
        for j, x in enumerate(layout.lefts):
            extent = (x, x + width, y + height, y)
            values, own, rest = grid.values[i, j], None, None
            if specials:
                own = np.full(values.shape, np.nan, dtype=np.float32)
                for code, flags in enumerate(specials.values()):
                    own[flags[i, j]] = code
                values = np.where(np.isnan(own), values, np.nan)
            drawn = _in_blocks(values, block)
            if own is not None and not np.isnan(own).all():
                # Of a block, masked cells give way to values; cells that are odd do not.
                odd = _in_blocks(np.where(grid.masked[i, j], np.nan, own), block)
                rest = np.where(np.isnan(drawn), _in_blocks(own, block), odd)
                drawn = np.where(np.isnan(rest), drawn, np.nan)
            axes.add_image(CellImage(axes, drawn, extent, norms[i][j], colours))
            if rest is not None:
                axes.add_image(CellImage(axes, rest, extent, special_norm, special_colours))
            frames.append(Rectangle((x, y), width, height))
    axes.add_collection(
        PatchCollection(
            frames, facecolor="none", edgecolor=style.INK, linewidth=0.6, clip_on=False
        ),
        autolim=False,
    )


def _in_blocks(values: Array, block: tuple[int, int]) -> Array:
    """Keep of each block the value of the largest magnitude; NaN only where all are."""
    if block == (1, 1):
        return values
    beyond = [(0, -side % size) for side, size in zip(values.shape, block, strict=True)]
    whole = np.pad(values, beyond, constant_values=np.nan)
    high, low = whole, whole
    for axis, size in enumerate(block):
        parts = [(slice(None),) * axis + (slice(start, None, size),) for start in range(size)]
        high = functools.reduce(np.fmax, (high[part] for part in parts))
        low = functools.reduce(np.fmin, (low[part] for part in parts))
    strongest: Array = np.asarray(np.where(-low > high, low, high))
    return strongest


def write_values(
    axes: Axes,
    layout: Layout,
    grid: Grid,
    norms: Norms,
    colours: Colormap,
    specials: dict[str, Flags],
) -> None:
    """Write each value into its cell, if all of them have room."""
    shown = functools.reduce(np.logical_and, (~flags for flags in specials.values()), grid.shown)
    values = grid.values[shown] if grid.values.size <= MOST_WRITTEN else np.array([])
    if not 0 < values.size <= MOST_WRITTEN:
        return
    even = type(norms[0][0]) is Normalize and 0.1 <= np.abs(values).max() < 1000
    whole = bool((values == np.round(values)).all())
    pattern = "{:.0f}" if whole else "{:.2f}" if even else "{:.2g}"
    texts: NDArray[Any] = np.full(grid.values.shape, "", dtype=object)
    texts[shown] = [_signed(pattern.format(value)) for value in values]
    room = layout.cell[0] - 2 * PAD >= widest(sorted(set(texts[shown])), VALUE_SIZE)
    if not (room and layout.cell[1] >= VALUE_SIZE + PAD):
        return
    for i, j in np.ndindex(texts.shape[:2]):
        inks = ink_on(colours(norms[i][j](np.where(shown[i, j], grid.values[i, j], 0))))
        for (row, column), ink in zip(np.ndindex(texts.shape[2:]), inks, strict=True):
            if texts[i, j, row, column]:
                axes.text(
                    layout.lefts[j] + (column + 0.5) * layout.cell[0],
                    layout.tops[i] + (row + 0.5) * layout.cell[1],
                    str(texts[i, j, row, column]),
                    color=ink,
                    fontsize=VALUE_SIZE,
                    ha="center",
                    va="center_baseline",
                )


def _signed(text: str) -> str:
    """Write a minus sign, but none before what has been rounded to zero."""
    return text.replace("-", "−") if float(text) else text.replace("-", "")


def draw_labels(
    axes: Axes,
    layout: Layout,
    keys: Sequence[str],
    queries: Sequence[str],
    xlabel: str,
    ylabel: str,
    titles: Sequence[Sequence[str]] | None,
) -> None:
    """Label the keys below, the queries at the left, and the panels above."""
    axes.spines[:].set_visible(False)
    axes.set_xticks(
        [x + (key + 0.5) * layout.cell[0] for x in layout.lefts for key in layout.key_ticks],
        [keys[key] for key in layout.key_ticks] * len(layout.lefts),
        parse_math=False,
    )
    if layout.upright:
        # Anchored at the tick: a text of signs that the font lacks ends there, too.
        upright: dict[str, Any] = {"rotation": 90, "rotation_mode": "anchor"}
        upright |= {"ha": "right", "va": "center_baseline"}
        for label in axes.get_xticklabels():
            label.set(**upright)
    axes.set_yticks(
        [y + (query + 0.5) * layout.cell[1] for y in layout.tops for query in layout.query_ticks],
        [queries[query] for query in layout.query_ticks] * len(layout.tops),
        parse_math=False,
    )
    # Their places are said, not left to matplotlib, which would measure every tick for them.
    text, size = fit(xlabel, layout.width - 2 * EDGE, LABEL_SIZE)
    at = _within(layout.across / 2, text_width(text, size), layout.left, layout.width)
    # By its baseline, as the font may lack its signs, and then has no height for them.
    axes.set_xlabel(text, fontsize=size, va="baseline", parse_math=False)
    down = layout.xlabel_below + ASCENT * size
    axes.xaxis.set_label_coords(at / layout.across, -down / layout.down)
    text, size = fit(ylabel, layout.height - 2 * EDGE, LABEL_SIZE)
    at = _within(layout.down / 2, text_width(text, size), layout.bottom, layout.height)
    axes.set_ylabel(text, fontsize=size, parse_math=False)
    axes.yaxis.set_label_coords(-layout.ylabel_left / layout.across, at / layout.down)
    stride = layout.lefts[1] - PAD if len(layout.lefts) > 1 else layout.width
    for y, row in zip(layout.tops, titles or [], strict=False):
        for x, title in zip(layout.lefts, row, strict=True):
            middle = x + layout.panel[0] / 2
            edge = min(layout.left + middle, layout.width - layout.left - middle) - EDGE
            text, size = fit(title, min(stride, 2 * edge), LABEL_SIZE)
            axes.text(
                middle,
                y - PAD,
                text,
                fontsize=size,
                ha="center",
                va="baseline",
                parse_math=False,
            )


def _within(middle: float, length: float, before: float, whole: float) -> float:
    """Move the middle of a text as far as the edges of the figure ask for."""
    first = length / 2 + EDGE - before
    last = whole - before - EDGE - length / 2
    return min(max(middle, first), max(last, first))


def bar_ticks(norm: Normalize, *, ends: bool) -> BarTicks:
    """Choose what stands at a colour bar, and at which values."""
    low, high = float(norm.vmin or 0), float(norm.vmax or 0)
    if ends:
        places = np.array([low, high])
    elif isinstance(norm, LogNorm):
        powers = 10.0 ** np.arange(ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
        apart = 0.1 * np.log(high / low)
        inner = (np.log(powers / low) > apart) & (np.log(high / powers) > apart)
        places = np.array([low, *powers[inner], high])
    elif isinstance(norm, PercentileNorm) or type(norm) is not Normalize:
        places = np.unique(norm.inverse(np.linspace(0, 1, 5)))
    else:
        locator = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10])
        places = np.asarray(locator.tick_values(low, high))
        slack = 1e-9 * (high - low)
        places = places[(places >= low - slack) & (places <= high + slack)]
    for digits in range(3 if ends or type(norm) is not Normalize else 6, 17):
        labels = [f"{at + 0.0:.{digits}g}" for at in places]
        if len(set(labels)) == len(labels):
            break
    return [(float(at), _signed(label)) for at, label in zip(places, labels, strict=True)]


def draw_bars(
    axes: Axes, layout: Layout, norms: Norms, colours: Colormap, ticks: list[list[BarTicks]]
) -> None:
    """Draw one bar beside all panels, or, where they have more scales than one, one beside each."""
    if len(layout.bars) == 1:
        _draw_bar(axes, layout.bars[0], norms[0][0], colours, ticks[0][0], TICK_SIZE)
        return
    for bar, norm, ends in zip(layout.bars, chain(*norms), chain(*ticks), strict=True):
        _draw_bar(axes, bar, norm, colours, ends, BAR_SIZE)


def _draw_bar(
    axes: Axes,
    bar: tuple[float, float, float, float],
    norm: Normalize,
    colours: Colormap,
    ticks: BarTicks,
    size: float,
) -> None:
    x, y, width, height = bar
    ramp = norm.inverse(np.linspace(1, 0, 128)[:, None])
    axes.add_image(CellImage(axes, ramp, (x, x + width, y + height, y), norm, colours))
    step = ceil(len(ticks) * (size + PAD) / height)
    chosen = ticks[::step] if size == TICK_SIZE else ticks
    heights = [y + height * (1 - float(norm(at))) for at, _ in chosen]
    lines = [[(x + width, at), (x + width + TICK / 2, at)] for at in heights]
    outline = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    axes.add_collection(
        LineCollection([outline, *lines], colors=style.INK, linewidths=0.6, clip_on=False),
        autolim=False,
    )
    for at, (_, label) in zip(heights, chosen, strict=True):
        place = "center" if size == TICK_SIZE else "top" if at == y else "bottom"
        axes.text(x + width + TICK, at, label, fontsize=size, va=place)


def draw_notes(
    figure: Figure, layout: Layout, notes: Sequence[str], specials: Sequence[str], colours: Colormap
) -> None:
    """Write below the figure what its colours need to be understood."""
    for number, note in enumerate(reversed(notes)):
        text, size = fit(note, layout.width - 2 * EDGE, NOTE_SIZE)
        place = EDGE / layout.width, (EDGE + number * LINE) / layout.height
        figure.text(*place, text, fontsize=size, va="bottom")
    if not specials:
        return
    patches = [
        Patch(facecolor=colour, edgecolor=style.INK, linewidth=0.4, label=name)
        for name, colour in zip(specials, unlike(colours, len(specials)), strict=True)
    ]
    figure.legend(
        handles=patches,
        loc="lower left",
        bbox_to_anchor=(EDGE / layout.width, (EDGE - 2 + len(notes) * LINE) / layout.height),
        ncols=len(patches),
        frameon=False,
        fontsize=NOTE_SIZE,
        borderpad=0,
        borderaxespad=0,
        handlelength=1,
        handleheight=1,
        columnspacing=1,
    )
