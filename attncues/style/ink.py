"""The look: ink, colours, font and lines, the same in every figure."""

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

import matplotlib
import numpy as np
from numpy.typing import NDArray

INK = "#010203"
"""The colour of lines and text; `currentColor` in SVG, all but black elsewhere."""

RED, BLUE, GREY = "#d9483b", "#2a6fd0", "#808488"
"""Colours that can be seen on light and on dark paper; the site's style sheet names them, too."""
GOLD = "#d99a00"
"""With the three above: told apart with each kind of colour blindness, on light and on dark."""
DARK = "#1b1f24"
"""Ink on paper that is light in every theme, such as that of a map."""
NAVY = "#20304a"
"""The colour of the site's head."""

FONT = "DejaVu Sans"
"""The font that matplotlib ships, so a layout is the same on every machine."""

COLUMN = 3.4
"""Width in inches of the text column on a phone, of 360 pixels with its margins.

A figure that is no wider keeps the size of its text there: 8 points are 10.7 pixels.
"""

LOOK: Any = {
    **dict.fromkeys(["text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color"], INK),
    **dict.fromkeys(["ytick.color", "xtick.labelcolor", "ytick.labelcolor"], INK),
    "figure.facecolor": "none",
    "axes.facecolor": "none",
    "savefig.facecolor": "none",
    "font.family": FONT,
    "font.size": 9,
    "axes.titlesize": 9,
    "axes.labelsize": 9,
    "xtick.labelsize": 8,
    "ytick.labelsize": 8,
    "axes.linewidth": 0.6,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "xtick.major.pad": 2,  # with the size above, heatmaps.layout.TICK
    "ytick.major.pad": 2,
    "axes.unicode_minus": True,
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "svg.hashsalt": "attncues",
}


@contextlib.contextmanager
def look() -> Iterator[None]:
    """Draw in the site's look, whatever the settings outside, and leave those as they were.

    Examples:
        >>> from attncues import style
        >>> with style.look():
        ...     figure = style.Figure(figsize=(2, 2))
        ...     lines = figure.add_subplot().plot([1, 2, 4])
        ...
        >>> figure.title, figure.description = "A curve", "It rises ever faster."
    """
    with matplotlib.rc_context():
        matplotlib.rcdefaults()
        matplotlib.rcParams.update(LOOK)
        yield


def ink_on(colours: Sequence[Sequence[float]] | NDArray[Any]) -> list[str]:
    """Return black or white for each colour, whichever contrasts more (WCAG 2, 1.4.3)."""
    rgb = np.asarray(colours)[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    # Contrast with white, 1.05 / (l + 0.05), equals that with black, (l + 0.05) / 0.05, here.
    return ["white" if one < 0.179 else "black" for one in luminance.ravel()]
