"""Time heatmaps beside the textbook's way and seaborn's: python tests/bench/heatmaps.py.

The textbook's way is a pair of axes and an image for each panel, the colour bar made for
the last one. Each line is one run of each, on this machine, one after the other. Those
that would take minutes are left out; --all runs them, too.
"""

import io
import sys
import time
from collections.abc import Callable

import matplotlib
import seaborn
import torch
from matplotlib import pyplot
from matplotlib.figure import Figure

from attncues import draw_heatmaps
from attncues.style import svg

SHAPES = [
    (1, 1, 10, 10),
    (1, 1, 300, 330),
    (1, 1, 4096, 4096),
    (2, 4, 10, 10),
    (4, 4, 64, 64),
    (12, 12, 64, 64),
    (24, 16, 64, 64),
    (24, 16, 128, 128),
]
SLOW = {"textbook": (144, 10**9), "seaborn": (16, 10**5)}
"""Panels and cells beyond which a way takes minutes."""


def ours(matrices: torch.Tensor) -> Figure:
    """Draw with this package."""
    return draw_heatmaps(matrices)


def textbook(matrices: torch.Tensor) -> Figure:
    """Draw a pair of axes for each panel, each with its own scale."""
    rows, columns = matrices.shape[:2]
    figure, grid = pyplot.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes, matrix in zip(grid.flat, matrices.flatten(0, 1), strict=True):
        image = axes.imshow(matrix.numpy(), cmap="Reds")
    for axes in grid[-1]:
        axes.set_xlabel("Keys")
    for axes in grid[:, 0]:
        axes.set_ylabel("Queries")
    figure.colorbar(image, ax=grid, shrink=0.6)
    return figure


def with_seaborn(matrices: torch.Tensor) -> Figure:
    """Draw each panel with seaborn.heatmap."""
    rows, columns = matrices.shape[:2]
    figure, grid = pyplot.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    for axes, matrix in zip(grid.flat, matrices.flatten(0, 1), strict=True):
        seaborn.heatmap(matrix.numpy(), ax=axes, cmap="Reds", square=True)
    return figure


def measure(draw: Callable[[torch.Tensor], Figure], matrices: torch.Tensor) -> list[float]:
    """Return seconds to build, to write SVG and PNG, and the bytes of the SVG."""
    start = time.perf_counter()
    figure = draw(matrices)
    built = time.perf_counter()
    if draw is ours:
        written = len(svg(figure).encode())
    else:
        stream = io.BytesIO()
        figure.savefig(stream, format="svg")
        written = len(stream.getvalue())
    vector = time.perf_counter()
    figure.savefig(io.BytesIO(), format="png")
    pixels = time.perf_counter()
    pyplot.close(figure)
    return [built - start, vector - built, pixels - vector, written / 1000]


def main() -> None:
    """Print the table."""
    matplotlib.use("agg")
    ways = {"ours": ours, "textbook": textbook, "seaborn": with_seaborn}
    for draw in ways.values():  # import and warm up
        measure(draw, torch.rand(1, 1, 3, 3))
    columns = ["build s", "SVG s", "PNG s", "SVG kB", "build + SVG"]
    print(f"{'shape':<20}{'way':<10}" + "".join(f"{column:>12}" for column in columns))
    for shape in SHAPES:
        matrices = torch.softmax(torch.randn(shape, generator=torch.Generator().manual_seed(0)), -1)
        base = 0.0
        for name, draw in ways.items():
            panels, cells = SLOW.get(name, (sys.maxsize, sys.maxsize))
            slow = shape[0] * shape[1] > panels or matrices.numel() > cells
            if slow and "--all" not in sys.argv:
                continue
            row = measure(draw, matrices)
            total = row[0] + row[1]
            base = base or total
            figures = "".join(f"{value:>12.3f}" for value in row[:3]) + f"{row[3]:>12.0f}"
            print(f"{shape!s:<20}{name:<10}{figures}{total / base:>11.1f}x", flush=True)


if __name__ == "__main__":
    main()
