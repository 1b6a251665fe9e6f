"""Heatmaps as they are often drawn, to show next to honest ones what goes wrong."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from . import style
from .grids import Grid
from .names import names_of
from .style import Language

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "title": "Heatmaps, each with a scale of its own",
        "story": "{columns} panels of {queries} rows by {keys} columns, each stretched to its own "
        "range. The only colour bar, from {low:.3g} to {high:.3g}, is that of the last panel.",
    },
    "zh": {
        "title": "各有色阶的热图",
        "story": "{columns} 幅热图，每幅 {queries} 行 {keys} 列，各自拉伸到自己的数值范围。"
        "唯一的颜色条从 {low:.3g} 到 {high:.3g}，只属于最后一幅。",
    },
}


@style.in_both_languages
def draw_misleading(
    matrices: Any,
    titles: Sequence[str] | None = None,
    cmap: str = "Reds",
    *,
    lang: Language = "en",
) -> style.Figure:
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
        >>> from attncues.misleading import draw_misleading
        >>> figure = draw_misleading([[[[0.1, 0.2]], [[0.1, 0.9]]]], titles=["weak", "strong"])
        >>> figure.savefig("misleading.svg")
    """
    words = style.words_in(lang, WORDS)
    titles = None if titles is None else names_of(titles, lang)
    grid = Grid.of(matrices)
    rows, columns, queries, keys = grid.values.shape
    if rows != 1 or (titles is not None and len(titles) != columns):
        raise ValueError(
            f"one row of panels and a title for each can be drawn, got {rows} rows of {columns} "
            f"panels and {columns if titles is None else len(titles)} titles"
        )
    with style.look():
        side = 1.7 / max(queries, keys)
        figure = style.Figure(figsize=(1 + columns * (side * keys + 0.4), 0.9 + side * queries))
        axes = figure.subplots(1, columns, squeeze=False)[0]
        for number, panel in enumerate(axes):
            image = panel.imshow(grid.values[0, number], cmap=cmap, interpolation="none")
            panel.set(xticks=[], yticks=[], title=titles[number] if titles else "")
        figure.colorbar(image, ax=axes, shrink=0.8)
    low, high = np.min(grid.values[0, -1]), np.max(grid.values[0, -1])
    figure.title = words["title"]
    figure.description = words["story"].format(
        columns=columns, queries=queries, keys=keys, low=low, high=high
    )
    return figure
