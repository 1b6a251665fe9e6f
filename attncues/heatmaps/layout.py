"""Where the parts of a heatmap figure stand. All lengths are points, 72 to the inch."""

import heapq
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import ceil

from matplotlib.font_manager import FontProperties, findfont, get_font

from ..style import COLUMN, FONT

POINTS_PER_INCH = 72.0
MOST_INCHES = 1000
LABEL_SIZE, TICK_SIZE, VALUE_SIZE, NOTE_SIZE = 9.0, 8.0, 8.0, 8.0
SMALLEST_SIZE = 5.0
EDGE, PAD, TICK, LINE = 5.0, 3.0, 5.0, 13.0
ASCENT = 0.8  # of the size of a font
BAR_GAP, BAR_WIDTH = 10.0, 8.0
PANEL_BAR_GAP, PANEL_BAR_WIDTH = 3.0, 4.0
PANEL_GAP = 9.0
SMALLEST_DOT = 0.6
"""Cells smaller than this are drawn in blocks."""
SMALLEST_SIDE = 24.0
"""A panel is at least so wide and high; where cells would be too thin for that, they stretch."""
SMALLEST_FITTED = 64.0
"""Panels shrink to no less than this so that a figure fits a phone."""


@lru_cache(maxsize=4096)
def text_width(text: str, size: float) -> float:
    """Measure a text in points; signs that are full-width or not in the font are one size wide."""
    font = get_font(findfont(FontProperties(family=FONT)))
    known = font.get_charmap()
    narrow = "".join(
        sign
        for sign in text
        if ord(sign) in known and unicodedata.east_asian_width(sign) not in "WF"
    )
    font.set_size(size, 72)
    font.set_text(narrow)
    return float(font.get_width_height()[0]) / 64 + (len(text) - len(narrow)) * size


def widest(texts: Sequence[str], size: float) -> float:
    """Measure the widest of some texts, among those with the most letters."""
    longest = heapq.nlargest(24, texts, key=lambda text: len(text.encode()))
    return max((text_width(text, size) for text in longest), default=0.0)


def fit(text: str, room: float, size: float) -> tuple[str, float]:
    """Make a text fit: smaller down to `SMALLEST_SIZE`, and then shorter."""
    width = text_width(text, size)
    if width <= room:
        return text, size
    size = max(SMALLEST_SIZE, size * room / width)
    while len(text) > 1 and text_width(text, size) > room:
        text = text.removesuffix("…")[:-1].rstrip() + "…"
    return text, size


def thin(labels: Sequence[str], needs: float, cell: float, *, few: bool) -> list[int]:
    """Choose every first, second, fifth, tenth ... label, so that each has the room it needs.

    Numbers explain themselves, so a few of them will do; of names all that fit are shown.
    """
    least = max(needs / cell, len(labels) / 6 if few else 0)
    steps = (digit * 10**power for power in range(len(str(len(labels))) + 1) for digit in (1, 2, 5))
    step = next(step for step in steps if step >= min(least, len(labels)))
    return list(range(0, len(labels), step))


@dataclass(frozen=True)
class Layout:
    """The places of panels, labels and bars.

    Attributes:
        width: Of the figure.
        height: Of the figure.
        left: From the figure's left edge to the panels.
        bottom: From the figure's lower edge to the panels.
        cell: Width and height of a cell.
        panel: Width and height of a panel.
        lefts: From the left edge of the panels to each column of them.
        tops: From the upper edge of the panels to each row of them.
        key_ticks: The keys that have a label.
        query_ticks: The queries that have a label.
        upright: Whether the labels of the keys stand upright.
        xlabel_below: From the panels down to the label of the keys.
        ylabel_left: From the panels left to the label of the queries.
        bars: The colour bars: left, top, width and height, from the upper left corner of
            the panels.
    """

    width: float
    height: float
    left: float
    bottom: float
    cell: tuple[float, float]
    panel: tuple[float, float]
    lefts: list[float]
    tops: list[float]
    key_ticks: list[int]
    query_ticks: list[int]
    upright: bool
    xlabel_below: float
    ylabel_left: float
    bars: list[tuple[float, float, float, float]]

    @property
    def across(self) -> float:
        """The width of all panels together, with what stands beside the last."""
        return self.lefts[-1] + self.panel[0]

    @property
    def down(self) -> float:
        """The height of all panels together."""
        return self.tops[-1] + self.panel[1]

    @property
    def block(self) -> tuple[int, int]:
        """How many cells down and across share one dot, because they are too small to see."""
        across, down = self.cell
        return max(1, ceil(SMALLEST_DOT / down)), max(1, ceil(SMALLEST_DOT / across))

    def place(
        self, x: float, y: float, width: float, height: float
    ) -> tuple[float, float, float, float]:
        """Turn a box, from the lower left corner of the panels, into shares of the figure."""
        return (
            (self.left + x) / self.width,
            (self.bottom + y) / self.height,
            width / self.width,
            height / self.height,
        )


def lay_out(
    shape: tuple[int, ...],
    *,
    figsize: tuple[float, float] | None,
    keys: Sequence[str],
    queries: Sequence[str],
    tokens: tuple[bool, bool],
    titles: Sequence[Sequence[str]] | None,
    row_titles: Sequence[str] | None,
    xlabel: str,
    bar_labels: Sequence[str],
    panel_bars: bool,
    notes: int,
) -> Layout:
    """Find a place for everything.

    Args:
        shape: Rows and columns of panels, queries, keys.
        figsize: Width and height in inches that the figure may take, or `None`.
        keys: The labels of the keys.
        queries: The labels of the queries.
        tokens: Whether the keys and the queries are names, of which as many as possible
            shall be read.
        titles: The titles of the panels by row and column; empty below the first row if
            each stands for its column.
        row_titles: The titles of the rows, which stand upright beside them.
        xlabel: The label below the panels.
        bar_labels: The labels of the colour bar, or of the bars of all panels.
        panel_bars: Whether each panel has its own bar.
        notes: How many lines of notes stand below.

    Raises:
        ValueError: The figure size is no pair of positive numbers, or leaves no room.
    """
    rows, columns, query_count, key_count = shape
    key_width = widest(keys, TICK_SIZE)
    bar_text = widest(bar_labels, TICK_SIZE)
    ylabel_left = TICK + widest(queries, TICK_SIZE) + PAD + (LINE if row_titles else 0.0)
    left = EDGE + LINE + ylabel_left
    if panel_bars:
        bar, right = PANEL_BAR_GAP + PANEL_BAR_WIDTH + TICK + bar_text, EDGE
    else:
        bar, right = 0.0, BAR_GAP + BAR_WIDTH + TICK + bar_text + EDGE
    top = EDGE + (LINE if titles else PAD)
    title_line = LINE if titles and any(any(row) for row in titles[1:]) else 0.0
    gaps = PANEL_GAP + bar, PANEL_GAP + title_line

    def xlabel_below(upright: bool) -> float:
        return TICK + (key_width if upright else TICK_SIZE + PAD) + PAD

    def below(upright: bool) -> float:
        return xlabel_below(upright) + LINE + notes * LINE + EDGE

    if figsize is None:
        cell = _comfortable_cell(shape, any(tokens))
        # On a phone's column a figure of its width keeps the size of its text.
        beside = left + columns * bar + (columns - 1) * PANEL_GAP + right
        fitted = (COLUMN * POINTS_PER_INCH - beside) / (columns * key_count)
        if fitted * key_count >= SMALLEST_FITTED and (fitted >= TICK_SIZE + 3 or not any(tokens)):
            cell = min(cell, fitted)
        panel = max(cell * key_count, SMALLEST_SIDE), max(cell * query_count, SMALLEST_SIDE)
        if titles:
            # Room for titles up to twice as wide as a panel; longer ones shrink.
            title_width = max(widest(row, LABEL_SIZE) for row in titles) + PAD
            gaps = max(gaps[0], min(title_width, 2 * panel[0]) - panel[0]), gaps[1]
        upright = tokens[0] and key_width + PAD > panel[0] / key_count
    else:
        upright = False
        for upright in (False, True):
            room = _room(figsize, left + bar + right, top + below(upright))
            gaps = (
                bar + min(PANEL_GAP, room[0] / 4 / columns),
                min(PANEL_GAP, room[1] / 4 / rows) + title_line,
            )
            across = (room[0] - (columns - 1) * gaps[0]) / columns
            down = (room[1] - (rows - 1) * gaps[1]) / rows
            cell = min(across / key_count, down / query_count)
            if cell <= 0:
                raise _too_small(figsize)
            if not (tokens[0] and key_width + PAD > cell):
                break
        panel = cell * key_count, cell * query_count
    size = panel[0] / key_count, panel[1] / query_count
    width = left + columns * panel[0] + (columns - 1) * gaps[0] + bar + right
    if figsize is None:
        width = max(width, text_width(xlabel, LABEL_SIZE) + 2 * EDGE)
    lefts = [column * (panel[0] + gaps[0]) for column in range(columns)]
    tops = [row * (panel[1] + gaps[1]) for row in range(rows)]
    if panel_bars:
        bars = [
            (x + panel[0] + PANEL_BAR_GAP, y, PANEL_BAR_WIDTH, panel[1])
            for y in tops
            for x in lefts
        ]
    else:
        bars = [(lefts[-1] + panel[0] + BAR_GAP, 0.0, BAR_WIDTH, tops[-1] + panel[1])]
    return Layout(
        width=width,
        height=top + rows * panel[1] + (rows - 1) * gaps[1] + below(upright),
        left=left,
        bottom=below(upright),
        cell=size,
        panel=panel,
        lefts=lefts,
        tops=tops,
        key_ticks=thin(
            keys, TICK_SIZE + 1 if upright else key_width + PAD, size[0], few=not tokens[0]
        ),
        query_ticks=thin(queries, TICK_SIZE + 1, size[1], few=not tokens[1]),
        upright=upright,
        xlabel_below=xlabel_below(upright),
        ylabel_left=ylabel_left,
        bars=bars,
    )


def _comfortable_cell(shape: tuple[int, ...], tokens: bool) -> float:
    """Choose the side of a cell when nobody says how large the figure may be."""
    rows, columns, queries, keys = shape
    longest = max(queries, keys)
    side = {1: 170.0, 2: 120.0}.get(columns, 90.0)
    if rows == columns == 1 and longest > 256:
        side = 340.0
    cell = side / longest
    return max(cell, TICK_SIZE + 3) if tokens and longest <= 40 else cell


def _room(
    figsize: tuple[float, float], beside: float, above_and_below: float
) -> tuple[float, float]:
    """The width and height that a figure of this size leaves to its panels."""
    try:
        wide, high = (float(side) * POINTS_PER_INCH for side in figsize)
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"figsize must be width and height in inches, got {figsize!r}") from None
    if max(wide, high) > MOST_INCHES * POINTS_PER_INCH:
        raise ValueError(f"figsize must be at most {MOST_INCHES} inches a side, got {figsize!r}")
    if not (wide > beside and high > above_and_below):
        raise _too_small(figsize, beside, above_and_below)
    return wide - beside, high - above_and_below


def _too_small(figsize: object, beside: float = 0.0, above_and_below: float = 0.0) -> ValueError:
    takes = ""
    if beside:
        inches = beside / POINTS_PER_INCH, above_and_below / POINTS_PER_INCH
        takes = f": labels and bar alone take {inches[0]:.1f} by {inches[1]:.1f} inches"
    return ValueError(f"figsize {figsize} leaves no room for the panels{takes}")
