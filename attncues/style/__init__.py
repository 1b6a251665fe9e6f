"""One look for every figure: ink that follows the page's theme, and SVG that repeats.

A figure is drawn in `INK`. When it is written as SVG that colour becomes `currentColor`,
and its background a rectangle of the class `paper`. Alone, it is dark on white; a page that
clears the paper and sets the colour has lines and text like those of its own words, be it
light or dark.
Text stays text: it can be selected, translated and read aloud, and needs no font of the
machine that drew it.
"""

from ..words import Language, words_in
from .export import DPI, THEMES, Kind, Theme, render
from .figure import EXPLORER, PARTS, Explorer, Figure, in_both_languages
from .fonts import FontError
from .ink import BLUE, COLUMN, DARK, FONT, GOLD, GREY, INK, LOOK, NAVY, RED, ink_on, look
from .markup import PART, svg

__all__ = [
    "BLUE",
    "COLUMN",
    "DARK",
    "DPI",
    "EXPLORER",
    "FONT",
    "GOLD",
    "GREY",
    "INK",
    "LOOK",
    "NAVY",
    "PART",
    "PARTS",
    "RED",
    "THEMES",
    "Explorer",
    "Figure",
    "FontError",
    "Kind",
    "Language",
    "Theme",
    "in_both_languages",
    "ink_on",
    "look",
    "render",
    "svg",
    "words_in",
]
