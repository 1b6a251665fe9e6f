"""Paint a plan: panels, values, labels, bars and notes, each where its layout says.

All panels are images in one pair of axes, so the cost grows with the number of cells and
not, as with a pair of axes each, with the square of the number of panels. The axes measure
points from the upper left corner of the panels, so an image, a frame, a tick and a value are
all placed by the numbers of the layout.
"""

import functools
from itertools import chain
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection, PatchCollection
from matplotlib.colors import Colormap, ListedColormap, Normalize
from matplotlib.patches import Patch, Rectangle

from ..style import INK, Figure, ink_on, look
from ..style.images import CellImage
from .grid import Array
from .layout import (
    ASCENT,
    EDGE,
    LABEL_SIZE,
    LINE,
    NOTE_SIZE,
    PAD,
    POINTS_PER_INCH,
    TICK,
    TICK_SIZE,
    VALUE_SIZE,
    fit,
    text_width,
)
from .plan import Plan
from .scales import Ticks, unlike


def paint(plan: Plan) -> Figure:
    """Paint all that a plan names."""
    layout = plan.layout
    with look():
        size = layout.width / POINTS_PER_INCH, layout.height / POINTS_PER_INCH
        figure = Figure(figsize=size)
        axes = figure.add_axes(layout.place(0, 0, layout.across, layout.down))
        axes.set(xlim=(0, layout.across), ylim=(layout.down, 0))
        _paint_panels(axes, plan)
        _write_values(axes, plan)
        _label_ticks(axes, plan)
        _label_axes(axes, plan)
        _write_titles(axes, plan)
        _paint_bars(axes, plan)
        _write_notes(figure, plan)
    return figure


def _paint_panels(axes: Axes, plan: Plan) -> None:
    """Draw the values, the special cells in colours of their own, and the frames."""
    grid, layout, specials = plan.grid, plan.layout, plan.specials
    width, height = layout.panel
    special_colours = ListedColormap(unlike(plan.colours, len(specials)) or ["none"])
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
            drawn = _in_blocks(values, layout.block)
            if own is not None and not np.isnan(own).all():
                # Of a block, masked cells give way to values; cells that are odd do not.
                odd = _in_blocks(np.where(grid.masked[i, j], np.nan, own), layout.block)
                rest = np.where(np.isnan(drawn), _in_blocks(own, layout.block), odd)
                drawn = np.where(np.isnan(rest), drawn, np.nan)
            axes.add_image(CellImage(axes, drawn, extent, plan.norms[i][j], plan.colours))
            if rest is not None:
                axes.add_image(CellImage(axes, rest, extent, special_norm, special_colours))
            frames.append(Rectangle((x, y), width, height))
    axes.add_collection(
        PatchCollection(frames, facecolor="none", edgecolor=INK, linewidth=0.6, clip_on=False),
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


def _write_values(axes: Axes, plan: Plan) -> None:
    """Write each value into its cell, in ink that contrasts with it."""
    if plan.texts is None:
        return
    layout, grid = plan.layout, plan.grid
    for i, j in np.ndindex(plan.texts.shape[:2]):
        values = np.where(plan.texts[i, j] != "", grid.values[i, j], 0)
        inks = ink_on(plan.colours(plan.norms[i][j](values)))
        for (row, column), ink in zip(np.ndindex(values.shape), inks, strict=True):
            if text := str(plan.texts[i, j, row, column]):
                axes.text(
                    layout.lefts[j] + (column + 0.5) * layout.cell[0],
                    layout.tops[i] + (row + 0.5) * layout.cell[1],
                    text,
                    color=ink,
                    fontsize=VALUE_SIZE,
                    ha="center",
                    va="center_baseline",
                )


def _label_ticks(axes: Axes, plan: Plan) -> None:
    """Label the keys below and the queries at the left."""
    layout, keys, queries = plan.layout, plan.key_labels, plan.query_labels
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


def _label_axes(axes: Axes, plan: Plan) -> None:
    """Say what keys and queries are."""
    layout = plan.layout
    # Their places are said, not left to matplotlib, which would measure every tick for them.
    text, size = fit(plan.xlabel, layout.width - 2 * EDGE, LABEL_SIZE)
    at = _within(layout.across / 2, text_width(text, size), layout.left, layout.width)
    # By its baseline, as the font may lack its signs, and then has no height for them.
    axes.set_xlabel(text, fontsize=size, va="baseline", parse_math=False)
    down = layout.xlabel_below + ASCENT * size
    axes.xaxis.set_label_coords(at / layout.across, -down / layout.down)
    text, size = fit(plan.ylabel, layout.height - 2 * EDGE, LABEL_SIZE)
    at = _within(layout.down / 2, text_width(text, size), layout.bottom, layout.height)
    axes.set_ylabel(text, fontsize=size, parse_math=False)
    axes.yaxis.set_label_coords(-layout.ylabel_left / layout.across, at / layout.down)


def _write_titles(axes: Axes, plan: Plan) -> None:
    """Write the titles above the panels."""
    layout = plan.layout
    stride = layout.lefts[1] - PAD if len(layout.lefts) > 1 else layout.width
    for y, row in zip(layout.tops, plan.titles or [], strict=False):
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
    for y, title in zip(layout.tops, plan.row_titles or [], strict=False):
        text, size = fit(title, layout.panel[1] + PAD, LABEL_SIZE)
        beside: dict[str, Any] = {"rotation": 90, "rotation_mode": "anchor", "ha": "center"}
        at = PAD + LABEL_SIZE * ASCENT - layout.ylabel_left, y + layout.panel[1] / 2
        axes.text(*at, text, fontsize=size, va="baseline", parse_math=False, **beside)


def _within(middle: float, length: float, before: float, whole: float) -> float:
    """Move the middle of a text as far as the edges of the figure ask for."""
    first = length / 2 + EDGE - before
    last = whole - before - EDGE - length / 2
    return min(max(middle, first), max(last, first))


def _paint_bars(axes: Axes, plan: Plan) -> None:
    """Draw one bar beside all panels, or, where they have more scales than one, one beside each."""
    scales = zip(chain(*plan.norms), chain(*plan.ticks), strict=True)
    for bar, (norm, ticks) in zip(plan.layout.bars, scales, strict=False):
        _paint_bar(axes, bar, norm, plan.colours, ticks, only_ends=plan.panel_bars)


def _paint_bar(
    axes: Axes,
    bar: tuple[float, float, float, float],
    norm: Normalize,
    colours: Colormap,
    ticks: Ticks,
    *,
    only_ends: bool,
) -> None:
    x, y, width, height = bar
    ramp = norm.inverse(np.linspace(1, 0, 128)[:, None])
    axes.add_image(CellImage(axes, ramp, (x, x + width, y + height, y), norm, colours))
    step = ceil(len(ticks) * (TICK_SIZE + PAD) / height)
    chosen = ticks if only_ends else ticks[::step]
    heights = [y + height * (1 - float(norm(at))) for at, _ in chosen]
    lines = [[(x + width, at), (x + width + TICK / 2, at)] for at in heights]
    outline = [(x, y), (x + width, y), (x + width, y + height), (x, y + height), (x, y)]
    axes.add_collection(
        LineCollection([outline, *lines], colors=INK, linewidths=0.6, clip_on=False),
        autolim=False,
    )
    for at, (_, label) in zip(heights, chosen, strict=True):
        place = "center" if not only_ends else "top" if at == y else "bottom"
        axes.text(x + width + TICK, at, label, fontsize=TICK_SIZE, va=place)


def _write_notes(figure: Figure, plan: Plan) -> None:
    """Write below the figure what its colours need to be understood."""
    layout, notes, specials = plan.layout, plan.notes, plan.specials
    for number, note in enumerate(reversed(notes)):
        text, size = fit(note, layout.width - 2 * EDGE, NOTE_SIZE)
        place = EDGE / layout.width, (EDGE + number * LINE) / layout.height
        figure.text(*place, text, fontsize=size, va="bottom")
    if not specials:
        return
    patches = [
        Patch(facecolor=colour, edgecolor=INK, linewidth=0.4, label=name)
        for name, colour in zip(specials, unlike(plan.colours, len(specials)), strict=True)
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
