"""Heatmaps that are each stretched to their own range: what goes wrong in many figures."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.colors import Normalize

from ..heatmaps.grid import Grid
from ..style import COLUMN, Figure, Language, in_both_languages, look, words_in
from ..style.images import MOST_COLOURS, CellImage
from ..words import Count
from ..words.diagrams import STRETCHED
from ..words.names import labels_in


@in_both_languages
def draw_stretched(
    matrices: Any,
    titles: Sequence[str] | None = None,
    cmap: str = "Reds",
    *,
    lang: Language = "en",
) -> Figure:
    """Draw one row of heatmaps, each stretched to its own range, with a bar for the last only.

    This is what a loop over `imshow` with one `colorbar` after it does.

    Args:
        matrices: As in `draw_heatmaps`, with one row of panels.
        titles: One title for each panel.
        cmap: The name of a colormap of matplotlib.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns.

    Raises:
        ValueError: There is more than one row of panels, the titles do not fit, or `lang` is
            none of these.

    Examples:
        >>> from attncues.diagrams import draw_stretched
        >>> figure = draw_stretched([[[[0.1, 0.2]], [[0.1, 0.9]]]], titles=["weak", "strong"])
        >>> figure.savefig("stretched.svg")
    """
    words = words_in(lang, STRETCHED)
    titles = None if titles is None else labels_in(lang, titles)
    grid = Grid.of(matrices)
    rows, columns, queries, keys = map(Count, grid.values.shape)
    if rows != 1 or (titles is not None and len(titles) != columns):
        raise ValueError(
            f"one row of panels and a title for each can be drawn, got {rows} rows of {columns} "
            f"panels and {columns if titles is None else len(titles)} titles"
        )
    colours = colormaps[cmap].resampled(MOST_COLOURS)
    with look():
        side = min(1.7, (COLUMN - 1) / columns - 0.2) / max(queries, keys)
        figure = Figure(figsize=(1 + columns * (side * keys + 0.2), 0.6 + side * queries))
        edges = {"left": 0.02, "right": 0.96, "bottom": 0.06, "top": 0.86}
        axes = figure.subplots(1, columns, squeeze=False, gridspec_kw=edges)[0]
        for number, panel in enumerate(axes):
            values = grid.values[0, number]
            low, high = float(np.nanmin(values)), float(np.nanmax(values))
            norm, extent = Normalize(low, high), (0, keys, queries, 0)
            image = CellImage(panel, values, extent, norm, colours)
            panel.add_image(image)
            panel.set(xlim=(0, keys), ylim=(queries, 0), aspect=1, xticks=[], yticks=[])
            panel.set_title(titles[number] if titles else "")
        bar = figure.colorbar(image, ax=axes, shrink=0.8)
        # Its colours as cells, too, so that a page on dark paper turns them with those it explains.
        for drawn in bar.ax.collections:
            drawn.set_visible(False)
        ramp = np.linspace(high, low, colours.N)[:, None]
        bar.ax.add_image(CellImage(bar.ax, ramp, (0, 1, low, high), norm, colours))
    figure.title = words["title"]
    figure.description = words["story"].format(
        columns=columns, queries=queries, keys=keys, low=low, high=high
    )
    return figure
