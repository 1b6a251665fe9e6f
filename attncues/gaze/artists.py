"""What figures of gazes are made of: scenes, maps, marks, outlines and bars."""

from collections.abc import Sequence
from itertools import groupby, pairwise
from typing import Any, TypeAlias

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from torch import Tensor

from ..scenes import Box, Scene
from ..style import COLUMN, DARK, Figure
from ..style.images import CellImage

COLOURS = colormaps["Reds"].resampled(64)
GAZE = "gaze"
"""The class of the mark of a gaze in SVG, by which a script finds and moves it."""

Place: TypeAlias = tuple[int, int]
"""Row and column of a pixel."""

_STEPS = 6
"""A pixel of a scene is drawn in so many steps."""


def canvas(height: int, width: int, below: float = 0.0) -> tuple[Figure, Axes]:
    """Make a figure for one picture; its axes count pixels."""
    tall = COLUMN * height / width
    figure = Figure(figsize=(COLUMN, tall + below))
    return figure, panel(figure, (0, below, COLUMN, tall), height, width)


def panel(
    figure: Figure, place: tuple[float, float, float, float], height: int, width: int
) -> Axes:
    """Add axes at (left, bottom, width, height) in inches that count pixels."""
    across, down = figure.get_size_inches()
    left, bottom, wide, tall = place
    axes = figure.add_axes((left / across, bottom / down, wide / across, tall / down))
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    axes.axis("off")
    return axes


def centre(place: Place) -> tuple[float, float]:
    """Return x and y of the middle of a pixel, in axes that count pixels."""
    row, column = place
    return column + 0.5, row + 0.5


class Drawing(PolyCollection):
    """The shapes of a scene, written into SVG with few digits."""

    def __init__(self, scene: Scene) -> None:
        colours = [shape.color for shape in scene.shapes]
        super().__init__(
            [shape.corners for shape in scene.shapes], facecolors=colours, linewidths=0
        )
        self.shapes = scene.shapes

    def draw(self, renderer: Any) -> None:
        """Draw the shapes; in SVG in whole steps, which need few digits."""
        if not hasattr(renderer, "writer") or self.axes is None:
            super().draw(renderer)
            return
        (x, y), (right, below) = self.axes.transData.transform([(0, 0), (1, 1)])
        across, down = (right - x) / _STEPS, (y - below) / _STEPS
        place = f"matrix({across:.5g} 0 0 {down:.5g} {x:.5g} {renderer.height - y:.5g})"
        writer = renderer.writer
        writer.start("g", transform=place)
        for color, shapes in groupby(self.shapes, key=lambda shape: shape.color):
            fill = "".join(f"{round(255 * part):02x}" for part in color)
            outlines = "".join(_way_around(shape.corners) for shape in shapes)
            writer.element("path", d=outlines, fill=f"#{fill}")
        writer.end("g")


def _way_around(corners: Sequence[tuple[float, float]]) -> str:
    """Write a polygon as its first corner and the way from each corner to the next."""
    points = [(round(_STEPS * x), round(_STEPS * y)) for x, y in corners]
    ways = [(c - a, d - b) for (a, b), (c, d) in pairwise(points)]
    numbers = " ".join(str(number) for way in ways for number in way if any(way))
    return f"M{points[0][0]} {points[0][1]}l{numbers}z".replace(" -", "-")


class Gaze(Line2D):
    """A ring and a dot in it, in SVG as circles in a group that a script can move."""

    def __init__(self, place: Place) -> None:
        x, y = centre(place)
        super().__init__([x], [y], linestyle="none", marker="o")

    def draw(self, renderer: Any) -> None:
        """Draw both, first their white edges, then the ink."""
        looks = [
            (size, edge, colour, colour if filled else "none")
            for colour, width in (("#ffffff", 3.4), (DARK, 1.4))
            for size, edge, filled in ((14, width, False), (3.5 + width, 0.0, True))
        ]
        if not hasattr(renderer, "writer") or self.axes is None:
            for size, edge, colour, fill in looks:
                self.set(markersize=size, markeredgewidth=edge)
                self.set(markeredgecolor=colour, markerfacecolor=fill)
                super().draw(renderer)
            return
        x, y = self.axes.transData.transform(self.get_xydata())[0]
        place = f"translate({x:.5g} {renderer.height - y:.5g})"
        renderer.writer.start("g", {"class": GAZE}, transform=place)
        for size, edge, colour, fill in looks:
            line = {"stroke": colour, "stroke-width": f"{edge:g}"} if edge else {}
            renderer.writer.element("circle", "", {"r": f"{size / 2:g}", "fill": fill, **line})
        renderer.writer.end("g")


def mark(axes: Axes, path: Sequence[Place]) -> None:
    """Mark the places of a gaze: rings that show on every ground, numbered if several."""
    if not path:
        return
    if len(path) == 1:
        axes.add_line(Gaze(path[0]))
        return
    x, y = zip(*map(centre, path), strict=True)
    for colour, width in (("white", 3.4), (DARK, 1.4)):
        axes.plot(x, y, color=colour, linewidth=width / 1.6)
        axes.plot(
            x,
            y,
            "o",
            markersize=14,
            markeredgecolor=colour,
            markeredgewidth=width,
            markerfacecolor="none",
        )
    for number, place in enumerate(zip(x, y, strict=True), start=1):
        axes.annotate(
            str(number),
            place,
            (9, 7),
            textcoords="offset points",
            color=DARK,
            fontsize=8,
            ha="center",
            va="center_baseline",
            bbox={"facecolor": "white", "boxstyle": "circle,pad=0.15", "linewidth": 0},
        )


def check_map(values: Tensor) -> None:
    """Refuse a map that no scale from zero can show.

    Raises:
        ValueError: A value is negative or not finite.
    """
    low, high = (end.item() for end in values.detach().aminmax())
    if not (low >= 0 and high < float("inf")):
        raise ValueError(f"a map is finite and not negative, got values from {low:g} to {high:g}")


def map_image(axes: Axes, values: Tensor, top: float, rows: int = 40) -> CellImage:
    """Draw a map on a scale from zero, in so many rows; each cell keeps the peak of its pixels."""
    height, width = values.shape
    down = min(height, rows)
    across = max(1, min(width, round(down * width / height)))
    pixels = values.detach().cpu().float()[None]
    sampled = torch.nn.functional.adaptive_max_pool2d(pixels, (down, across))
    norm = Normalize(0, top if top > 0 else 1.0)
    extent = (0, width, height, 0)
    return CellImage(axes, sampled[0].numpy(), extent, norm, COLOURS, smooth=True)


def scale_bar(figure: Figure, top: float, label: str) -> None:
    """Draw a scale from zero along the lower edge."""
    across, down = figure.get_size_inches()
    axes = figure.add_axes((0.9 / across, 0.22 / down, (across - 1.8) / across, 0.08 / down))
    axes.add_artist(
        CellImage(axes, np.linspace(0, 1, 64)[None], (0, 1, 1, 0), Normalize(0, 1), COLOURS)
    )
    axes.set(xlim=(0, 1), ylim=(1, 0), yticks=[], xticks=[0, 0.5, 1])
    axes.set_xticklabels([f"{share * top:.2g}" for share in (0, 0.5, 1)])
    axes.tick_params(length=2, pad=1.5)
    axes.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=6, fontsize=8)


def frame(axes: Axes, box: Box, *, apart: float = 0.0, **look: Any) -> None:
    """Draw a rectangle around a box, so many pixels from it."""
    top, bottom, left, right = box
    axes.add_patch(
        Rectangle(
            (left - apart, top - apart),
            right - left + 2 * apart,
            bottom - top + 2 * apart,
            fill=False,
            **look,
        )
    )


def label_axes(axes: Axes, xlabel: str, ylabel: str) -> None:
    """Label the axes of a plot, and leave the other two sides open."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(xlabel, labelpad=2)
    axes.set_ylabel(ylabel)
