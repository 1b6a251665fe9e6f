"""Heatmaps of attention weights: one scale, one colour bar, any number of panels.

All panels are drawn as one image in one pair of axes, so the cost grows with the number
of cells and not, as with a pair of axes each, with the square of the number of panels.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any, TypeAlias

import matplotlib
import numpy as np
import torch
from matplotlib.collections import PatchCollection
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle
from numpy.typing import NDArray

from . import style

Grid: TypeAlias = NDArray[np.float64]
"""Matrices of shape (rows, columns, queries, keys)."""

POINTS_PER_INCH = 72.0

# Lengths of the layout, in points.
LABELS_LEFT, LABELS_BELOW, TITLES_ABOVE, EDGE = 34.0, 32.0, 16.0, 5.0
BAR_GAP, BAR_WIDTH, BAR_LABELS = 10.0, 8.0, 28.0
PANEL_GAP = 9.0


def show_heatmaps(
    matrices: Any,
    xlabel: str,
    ylabel: str,
    titles: Sequence[str] | None = None,
    figsize: tuple[float, float] = (2.5, 2.5),
    cmap: str = "Reds",
    **options: Any,
) -> None:
    """Show heatmaps of matrices below the cell of a notebook.

    Takes the calls of the textbook's function of that name, and puts one scale under all
    panels.

    Args:
        matrices: As in `draw_heatmaps`.
        xlabel: The label of the keys.
        ylabel: The label of the queries.
        titles: One title for each column of panels.
        figsize: Width and height in inches that the figure may take.
        cmap: The name of a matplotlib colormap.
        **options: Handed on to `draw_heatmaps`.

    Raises:
        TypeError: As `draw_heatmaps`.
        ValueError: As `draw_heatmaps`.
    """
    from IPython.display import display

    display(draw_heatmaps(matrices, xlabel, ylabel, titles, figsize, cmap, **options))


def draw_heatmaps(
    matrices: Any,
    xlabel: str = "Keys",
    ylabel: str = "Queries",
    titles: Sequence[str] | None = None,
    figsize: tuple[float, float] | None = None,
    cmap: str = "Reds",
) -> style.Figure:
    """Draw matrices as a grid of heatmaps that share one scale and one colour bar.

    Args:
        matrices: Shape (rows, columns, queries, keys): anything that converts to an array
            of numbers. Three dimensions are one row of panels, two are one panel.
        xlabel: The label of the keys.
        ylabel: The label of the queries.
        titles: One title for each column of panels.
        figsize: Width and height in inches that the figure may take; cells are square, so
            it takes less of one of them. Chosen from the grid if not given.
        cmap: The name of a matplotlib colormap.

    Returns:
        A figure that the caller owns; it is registered nowhere and needs no closing.

    Raises:
        TypeError: The matrices are not numbers.
        ValueError: Their shape is not accepted, a side is zero, the number of titles is
            not the number of columns, or the figure has no room for its panels.
    """
    grid = _as_grid(matrices)
    rows, columns, queries, keys = grid.shape
    if titles is not None and len(titles) != columns:
        raise ValueError(
            f"titles needs one title for each column of panels: {columns}, got {len(titles)}"
        )
    with style.look():
        layout = _Layout.of(grid.shape, figsize, titled=titles is not None)
        figure = style.Figure(figsize=layout.figsize)
        axes = figure.add_axes(layout.place(0, 0, layout.width, layout.height))
        image = axes.imshow(
            _tile(grid, layout),
            cmap=matplotlib.colormaps[cmap].with_extremes(bad=(0, 0, 0, 0)),
            norm=_norm(grid),
            interpolation="none",
            aspect="auto",
        )
        corners = [(x - 0.5, y - 0.5) for y in layout.tops for x in layout.lefts]
        frames = [Rectangle(corner, keys, queries) for corner in corners]
        axes.add_collection(
            PatchCollection(
                frames, facecolor="none", edgecolor=style.INK, linewidth=0.6, clip_on=False
            )
        )
        axes.spines[:].set_visible(False)
        key_ticks, query_ticks = _ticks(keys, layout.cell), _ticks(queries, layout.cell)
        axes.set_xticks([x + key for x in layout.lefts for key in key_ticks], key_ticks * columns)
        axes.set_yticks(
            [y + query for y in layout.tops for query in query_ticks], query_ticks * rows
        )
        axes.set(xlabel=xlabel, ylabel=ylabel)
        for x, title in zip(layout.lefts, titles or [], strict=False):
            middle = (x + (keys - 1) / 2, -0.5)
            axes.annotate(title, middle, (0, 5), textcoords="offset points", ha="center")
        bar = figure.add_axes(layout.place(layout.width + BAR_GAP, 0, BAR_WIDTH, layout.height))
        figure.colorbar(image, cax=bar)
    panels = "1 panel" if rows * columns == 1 else f"{rows} by {columns} panels"
    figure.title = f"Heatmap of {ylabel} by {xlabel}"
    figure.description = (
        f"{panels} of {queries} {ylabel} (rows) by {keys} {xlabel} (columns); "
        f"values from {grid.min():.3g} to {grid.max():.3g}."
    )
    return figure


@dataclass(frozen=True)
class _Layout:
    """Where things stand: lengths in points, `lefts` and `tops` in cells of the canvas."""

    figsize: tuple[float, float]
    cell: float
    canvas: tuple[int, int]
    lefts: list[int]
    tops: list[int]

    @classmethod
    def of(
        cls, shape: tuple[int, ...], figsize: tuple[float, float] | None, *, titled: bool
    ) -> "_Layout":
        rows, columns, queries, keys = shape
        beside = LABELS_LEFT + BAR_GAP + BAR_WIDTH + BAR_LABELS
        above = TITLES_ABOVE if titled else EDGE
        if figsize is None:
            cell = {1: 170.0, 2: 120.0}.get(columns, 90.0) / max(queries, keys)
        else:
            wide = figsize[0] * POINTS_PER_INCH - beside
            high = figsize[1] * POINTS_PER_INCH - LABELS_BELOW - above
            if wide <= 0 or high <= 0:
                raise ValueError(
                    f"figsize {figsize} leaves no room for panels: labels and colour bar take "
                    f"{beside / POINTS_PER_INCH:.1f} by "
                    f"{(LABELS_BELOW + above) / POINTS_PER_INCH:.1f} inches"
                )
            # Gaps are whole cells: guess the cell from panels that share three quarters.
            cell = 0.75 * min(wide / (columns * keys), high / (rows * queries))
        gap = ceil(PANEL_GAP / cell)
        canvas = rows * (queries + gap) - gap, columns * (keys + gap) - gap
        if figsize is not None:
            cell = min(wide / canvas[1], high / canvas[0])
        return cls(
            figsize=(
                (canvas[1] * cell + beside) / POINTS_PER_INCH,
                (canvas[0] * cell + LABELS_BELOW + above) / POINTS_PER_INCH,
            ),
            cell=cell,
            canvas=canvas,
            lefts=[column * (keys + gap) for column in range(columns)],
            tops=[row * (queries + gap) for row in range(rows)],
        )

    @property
    def width(self) -> float:
        return self.canvas[1] * self.cell

    @property
    def height(self) -> float:
        return self.canvas[0] * self.cell

    def place(
        self, x: float, y: float, width: float, height: float
    ) -> tuple[float, float, float, float]:
        """Turn points from the grid's lower left corner into shares of the figure."""
        across, up = (side * POINTS_PER_INCH for side in self.figsize)
        return (LABELS_LEFT + x) / across, (LABELS_BELOW + y) / up, width / across, height / up


def _as_grid(matrices: Any) -> Grid:
    """Copy what the caller gave into an array of four dimensions."""
    given = type(matrices).__name__
    if isinstance(matrices, torch.Tensor):
        matrices = matrices.detach().to("cpu", torch.float64).numpy()
    try:
        grid = np.array(matrices, dtype=np.float64)
    except (TypeError, ValueError):
        raise TypeError(
            "matrices must be numbers in a rectangular array of shape "
            f"(rows, columns, queries, keys), got a {given} that is not"
        ) from None
    if not 2 <= grid.ndim <= 4 or 0 in grid.shape:
        raise ValueError(
            "matrices must have the shape (rows, columns, queries, keys), (columns, queries, keys) "
            f"or (queries, keys) and no side of zero, got {grid.shape}"
        )
    return grid.reshape((1,) * (4 - grid.ndim) + grid.shape)


def _norm(grid: Grid) -> Normalize:
    """Make the one scale of all panels; it includes zero, so colour means amount."""
    low, high = min(grid.min(), 0.0), max(grid.max(), 0.0)
    return Normalize(low, high if high > low else 1.0)


def _tile(grid: Grid, layout: _Layout) -> Grid:
    """Lay the panels out on one canvas, with NaN between them."""
    queries, keys = grid.shape[2:]
    canvas = np.full(layout.canvas, np.nan)
    for row, y in zip(grid, layout.tops, strict=True):
        for matrix, x in zip(row, layout.lefts, strict=True):
            canvas[y : y + queries, x : x + keys] = matrix
    return canvas


def _ticks(count: int, cell: float) -> list[int]:
    """Choose whole numbers 0, step, 2 step ... that do not collide at this cell size."""
    room = 6.0 * len(str(count - 1)) + 4.0
    steps = (digit * 10**power for power in range(len(str(count)) + 1) for digit in (1, 2, 5))
    return list(range(0, count, next(s for s in steps if s * cell >= room or s >= count)))
