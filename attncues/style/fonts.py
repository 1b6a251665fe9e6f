"""A font for Chinese text, looked for once such text is drawn."""

import contextlib
import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from matplotlib import font_manager
from matplotlib.figure import Figure
from matplotlib.text import Text

SIMPLIFIED = (
    *("Noto Sans CJK SC", "Noto Sans SC", "Source Han Sans SC", "Source Han Sans CN"),
    *("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "SimHei"),
    *("WenQuanYi Micro Hei", "WenQuanYi Zen Hei", "Droid Sans Fallback"),
)
"""Fonts with the signs as they are written in mainland China, the best first.

The same families have cuts for Hong Kong, Taiwan, Japan and Korea, which write some signs
another way.
"""
_FILES = re.compile(
    r"(?i)(noto ?sans(cjk|sc)|source ?han ?sans|pingfang|hiragino sans gb|msyh|simhei|wqy"
    r"|droidsansfallback).*\.(ttf|ttc|otf|otc)"
)
"""The names of the files that may hold them."""
_IGNORED = "MPL_IGNORE_SYSTEM_FONTS"
"""Where this is set, matplotlib 3.11 neither lists the machine's fonts nor draws with one."""


class FontError(RuntimeError):
    """No font on this machine has the signs of a figure's text."""


def has_chinese(figure: Figure) -> bool:
    """Say whether a figure has text that needs such a font."""
    return any(re.search("[\u4e00-\u9fff]", text.get_text()) for text in figure.findobj(Text))


@cache
def chinese_font() -> str | None:
    """Return the name of an installed font for Simplified Chinese, if there is one.

    matplotlib may not know it: its list of fonts may be older than the font, or leave out those
    of the machine, since to list them it would open them all. So files of the right names are
    looked for, and told to matplotlib.
    """
    if (found := _known()) is None:
        for path in _files():
            with contextlib.suppress(OSError, RuntimeError):  # no font, or a damaged one
                font_manager.fontManager.addfont(path)
        found = _known()
    return found


@contextlib.contextmanager
def in_use() -> Iterator[None]:
    """Let matplotlib draw with the fonts of the machine that it knows."""
    ignored = os.environ.pop(_IGNORED, None)
    try:
        yield
    finally:
        if ignored is not None:
            os.environ[_IGNORED] = ignored


def _known() -> str | None:
    names = {font.name for font in font_manager.fontManager.ttflist}
    return next((name for name in SIMPLIFIED if name in names), None)


def _files() -> list[Path]:
    found = {path for folder in folders() for path in folder.rglob("*") if _FILES.match(path.name)}
    return sorted(found)


def folders() -> list[Path]:
    """Return the folders in which systems keep fonts; not all are there on each."""
    named = [
        *font_manager.X11FontDirectories,
        *font_manager.OSXFontDirectories,
        *font_manager.MSUserFontDirectories,
        r"C:\Windows\Fonts",
    ]
    return [Path(name) for name in named if Path(name).is_dir()]
