"""Figures as files: the format, the theme, and the same bytes each time."""

import contextlib
from collections.abc import Iterator
from io import BytesIO
from typing import Literal, TypeAlias

from matplotlib.colors import to_rgb, to_rgba
from matplotlib.figure import Figure

from .ink import DARK, INK, look
from .markup import svg, themed_svg

Theme: TypeAlias = Literal["auto", "light", "dark"]
Kind: TypeAlias = Literal["svg", "png", "pdf"]

THEMES: dict[Theme, tuple[str, str]] = {
    "auto": (DARK, "#fff"),  # in SVG only until a page says otherwise
    "light": (DARK, "#fff"),
    "dark": ("#e6ebf2", "#14181f"),
}
"""The colours of ink and paper."""

DPI = 200


def render(figure: Figure, kind: Kind = "svg", *, theme: Theme = "auto", dpi: float = DPI) -> bytes:
    """Write a figure as the content of a file; the same figure gives the same bytes.

    Args:
        figure: Any matplotlib figure. What is drawn in ink is written in the ink of the theme;
            the figure itself stays as it is.
        kind: The format.
        theme: "auto" is dark ink on white, which in SVG follows a page that it stands in;
            "light" and "dark" stay what they are.
        dpi: Dots an inch, for PNG and for images in PDF.

    Returns:
        The bytes of the file.

    Raises:
        FontError: The figure has text that no font on this machine can draw in PNG and PDF.
    """
    ink, paper = THEMES[theme]
    if kind == "svg":
        return (svg(figure) if theme == "auto" else themed_svg(figure, ink, paper)).encode()
    content = BytesIO()
    no_date: dict[str, None] = {"CreationDate": None} if kind == "pdf" else {"Software": None}
    with look(), _dipped(figure, ink):
        figure.savefig(content, format=kind, dpi=dpi, facecolor=paper, metadata=no_date)
    return content.getvalue()


@contextlib.contextmanager
def _dipped(figure: Figure, ink: str) -> Iterator[None]:
    """Give everything that is drawn in ink another ink meanwhile."""
    artists = figure.findobj()
    # Getters and setters do not undo each other: "face" and "auto" would become colours.
    before = [{name: own for name, own in vars(one).items() if "color" in name} for one in artists]
    try:
        for artist in artists:
            for part in ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor"):
                get, set_ = (getattr(artist, f"{verb}_{part}", None) for verb in ("get", "set"))
                if get is None or set_ is None:
                    continue
                with contextlib.suppress(ValueError):  # several colours, or none
                    *colour, alpha = to_rgba(get())
                    if tuple(colour) == to_rgb(INK):
                        set_((*to_rgb(ink), alpha))
        yield
    finally:
        for artist, own in zip(artists, before, strict=True):
            vars(artist).update(own)
