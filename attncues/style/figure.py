"""A figure that says what it shows, in each language, to a page and to a file."""

import base64
import contextlib
import copy
import os
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeAlias, cast

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.text import Text
from torch import Tensor

from ..words import Language
from . import fonts
from .export import Kind, render
from .ink import FONT
from .markup import svg

Explorer: TypeAlias = tuple[str, dict[str, Any]]
"""What lets a reader of a site touch a figure: the kind of explorer, and its data."""

EXPLORER = "application/vnd.attncues.explorer+json"
"""The MIME type of the data with which a page of a site makes a figure an explorer."""
PARTS = "application/vnd.attncues.figure+json"
"""The MIME type of what a site needs of a figure besides its SVG; see `_repr_mimebundle_`."""
EDITIONS = "ATTNCUES_EDITIONS"
"""The variable that names the languages, besides English, of a site that is being built."""
TAGS = "CELL_TAGS"
"""The variable that names the tags of the cell that runs: `figure` for one of the gallery."""


class Figure(MatplotlibFigure):
    """A matplotlib figure that says in words what it shows, and shows itself as SVG.

    Attributes:
        title: A short name for the figure; the `<title>` of its SVG.
        description: What can be seen, for those who cannot see it; the `<desc>` of its SVG.
    """

    title: str = ""
    description: str = ""
    again: Callable[[Language], "Figure"] | None = None
    """Draws the same figure in another language; set by `in_both_languages`."""
    explorer: Explorer | Callable[[], Explorer] | None = None
    """What lets a reader of a site touch the figure, or what makes it once a page asks."""
    drawn_by: str = ""
    """The function that drew the figure, with the room that exports it; set as `again`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        FigureCanvasAgg(self)

    def _repr_svg_(self) -> str:
        return svg(self)

    def savefig(self, fname: Any, **options: Any) -> None:
        """Save the figure, as matplotlib does.

        SVG needs no font: its text is drawn where it is read. Other formats need one that
        has the signs of the text.

        Raises:
            FontError: The figure has Chinese text, the format is not SVG, and no font on
                this machine has Chinese signs.
        """
        kind = str(options.get("format") or Path(str(fname)).suffix.lstrip(".") or "png").lower()
        if kind in ("svg", "svgz") or not fonts.has_chinese(self):
            super().savefig(fname, **options)
            return
        font = fonts.chinese_font()
        if font is None:
            raise fonts.FontError(
                f"this figure has Chinese text, and no font for it is installed to write {kind}; "
                "on Debian or Ubuntu: apt install fonts-noto-cjk. SVG needs no font"
            )
        with contextlib.ExitStack() as back:
            back.enter_context(fonts.in_use())
            for text in self.findobj(Text):
                back.callback(text.set_fontfamily, text.get_fontfamily())
                text.set_fontfamily([FONT, font])
            super().savefig(fname, **options)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Show the figure in each edition of a site, when one is built from this run."""
        languages = os.environ.get(EDITIONS, "").split()
        editions = {one: self.again(cast(Language, one)) for one in languages if self.again}
        bundle: dict[str, Any] = {
            f"image/svg+xml;lang={one}": svg(figure) for one, figure in editions.items()
        }
        # One file of data serves all editions: what they have in common is there once.
        for figure in (self, *editions.values()) if languages else ():
            if explorer := figure.explorer:
                kind, data = explorer() if callable(explorer) else explorer
                bundle.setdefault(EXPLORER, {"kind": kind, "data": {}})["data"] |= data
        if editions and "figure" in os.environ.get(TAGS, "").split():
            files = {one: _downloads(figure) for one, figure in {**editions, "en": self}.items()}
            bundle[PARTS] = {"drawn_by": self.drawn_by, "files": files}
        return bundle


def _downloads(figure: Figure) -> dict[str, str]:
    """Write a figure as PNG and PDF, in base 64; without a font for its text, as neither."""
    try:
        kinds: tuple[Kind, ...] = ("png", "pdf")
        return {kind: base64.b64encode(render(figure, kind)).decode("ascii") for kind in kinds}
    except fonts.FontError:
        return {}


P = ParamSpec("P")


def in_both_languages(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let the figures of a function with an argument `lang` be drawn again in another.

    A figure keeps a copy of what it was drawn from: whoever changes a tensor afterwards changes
    no figure.
    """

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        own_args, own_kwargs = kept(args), kept(kwargs)
        figure = draw(*own_args, **own_kwargs)
        redraw = cast(Callable[..., Figure], draw)
        figure.again = lambda lang: redraw(*own_args, **{**own_kwargs, "lang": lang})
        figure.drawn_by = f"{_room(draw.__module__)}.{draw.__qualname__}"
        return figure

    return drawn


def kept(given: Any) -> Any:
    """Copy what its owner could change; tensors are copied without their history."""
    if isinstance(given, Tensor):
        return given.detach().clone()
    if type(given) in (list, tuple):
        fixed = set(map(type, given)) <= {bool, int, float, str}
        return type(given)(given if fixed else map(kept, given))
    if type(given) is dict:
        return {name: kept(one) for name, one in given.items()}
    try:
        return copy.deepcopy(given)
    except Exception:  # a thing of one's own that holds what cannot be copied
        return given


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])
