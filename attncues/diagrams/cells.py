"""The colours of `draw_heatmaps` from zero to one, for figures and for their explorers."""

from typing import Any

from matplotlib import colormaps
from matplotlib.colors import to_hex

from ..style import ink_on
from ..style.images import MOST_COLOURS

CELLS = colormaps["Reds"].resampled(MOST_COLOURS)


def cells_data() -> dict[str, Any]:
    """Return all colours as hexadecimal digits, and the first on which text is white."""
    colours = [CELLS(place) for place in range(CELLS.N)]
    return {
        "cells": "".join(to_hex(colour)[1:] for colour in colours),
        "white": ink_on(colours).index("white"),
    }
