"""One look for every figure: ink that follows the page's theme, and SVG that repeats.

A figure is drawn in `INK`. When it is written as SVG that colour becomes `currentColor`,
and its background a rectangle of the class `paper`. Alone, it is dark on white; a page that
clears the paper and sets the colour has lines and text like those of its own words, be it
light or dark.
Text stays text: it can be selected, translated and read aloud, and needs no font of the
machine that drew it.
"""

import base64
import contextlib
import hashlib
import os
import re
import warnings
from collections.abc import Callable, Iterator, Mapping
from functools import cache, wraps
from io import BytesIO, StringIO
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeAlias, cast
from xml.etree import ElementTree

import matplotlib
from matplotlib import font_manager
from matplotlib.artist import Artist
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure as MatplotlibFigure
from matplotlib.text import Text

INK = "#010203"
"""The colour of lines and text; `currentColor` in SVG, all but black elsewhere."""

RED, BLUE, GREY = "#d9483b", "#2a6fd0", "#808488"
"""Colours that can be seen on light and on dark paper; the site's style sheet names them, too."""
DARK = "#1b1f24"
"""Ink on paper that is light in every theme, such as that of a map."""
NAVY = "#20304a"
"""The colour of the site's head."""

Language: TypeAlias = Literal["en", "zh"]
"""The languages that figures speak."""

Theme: TypeAlias = Literal["auto", "light", "dark"]
Kind: TypeAlias = Literal["svg", "png", "pdf"]

THEMES: dict[Theme, tuple[str, str]] = {
    "auto": ("#1b1f24", "#fff"),  # in SVG only until a page says otherwise
    "light": ("#1b1f24", "#fff"),
    "dark": ("#e6ebf2", "#14181f"),
}
"""The colours of ink and paper."""

DPI = 200
PARTS = "application/vnd.attncues.figure+json"
"""The MIME type of what a site needs of a figure besides its SVG; see `_repr_mimebundle_`."""

FONT = "DejaVu Sans"
"""The font that matplotlib ships, so a layout is the same on every machine."""

Explorer: TypeAlias = tuple[str, dict[str, Any]]
"""What lets a reader of a site touch a figure: the kind of explorer, and its data."""

EXPLORER = "application/vnd.attncues.explorer+json"
"""The type of the data with which a page of a site makes a figure an explorer."""

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
    "xtick.major.pad": 2,  # with the size above, layouts.TICK
    "ytick.major.pad": 2,
    "axes.unicode_minus": True,
    "svg.fonttype": "none",
    "svg.image_inline": True,
    "svg.hashsalt": "attncues",
}

PART = "part-"
"""An artist whose gid begins so has the rest in its SVG as `data-part`, for scripts."""

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"


def words_in(lang: Language, table: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """Return the words of a language, or say which there are."""
    if lang not in table:
        raise ValueError(f"lang must be one of {', '.join(map(repr, table))}, got {lang!r}")
    return table[lang]


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


class FontError(RuntimeError):
    """No font on this machine has the signs of a figure's text."""


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
    """The function that drew the figure, with its module; set by `in_both_languages`."""

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
        if kind in ("svg", "svgz") or not _has_chinese(self):
            super().savefig(fname, **options)
            return
        font = _chinese_font()
        if font is None:
            raise FontError(
                f"this figure has Chinese text, and no font for it is installed to write {kind}; "
                "on Debian or Ubuntu: apt install fonts-noto-cjk. SVG needs no font"
            )
        texts = self.findobj(Text)
        before = [text.get_fontfamily() for text in texts]
        for text in texts:
            text.set_fontfamily([FONT, font])
        try:
            super().savefig(fname, **options)
        finally:
            for text, family in zip(texts, before, strict=True):
                text.set_fontfamily(family)

    def _repr_mimebundle_(self, **_: Any) -> dict[str, Any]:
        """Show the figure in each edition of a site, when one is built from this run."""
        languages = os.environ.get("ATTNCUES_EDITIONS", "").split()
        editions = {one: self.again(cast(Language, one)) for one in languages if self.again}
        bundle: dict[str, Any] = {
            f"image/svg+xml;lang={one}": svg(figure) for one, figure in editions.items()
        }
        # One file of data serves all editions: what they have in common is there once.
        for figure in (self, *editions.values()) if languages else ():
            if explorer := figure.explorer:
                kind, data = explorer() if callable(explorer) else explorer
                bundle.setdefault(EXPLORER, {"kind": kind, "data": {}})["data"] |= data
        if editions and self.again and "figure" in os.environ.get("CELL_TAGS", "").split():
            editions["en"] = self.again("en")  # this one keeps its ink, for its own SVG
            files = {one: _downloads(figure) for one, figure in editions.items()}
            bundle[PARTS] = {"drawn_by": self.drawn_by, "files": files}
        return bundle


def _downloads(figure: Figure) -> dict[str, str]:
    """Write a figure as PNG and PDF, in base 64; without a font for its text, as neither."""
    try:
        kinds: tuple[Kind, ...] = ("png", "pdf")
        return {kind: base64.b64encode(render(figure, kind)).decode("ascii") for kind in kinds}
    except FontError:
        return {}


def _has_chinese(figure: MatplotlibFigure) -> bool:
    return any(re.search("[\u4e00-\u9fff]", text.get_text()) for text in figure.findobj(Text))


@cache
def _chinese_font() -> str | None:
    """The name of an installed font with Chinese signs, if there is one."""
    known = (
        *("Noto Sans CJK", "Noto Sans SC", "Source Han Sans", "WenQuanYi", "PingFang"),
        *("Hiragino Sans GB", "Microsoft YaHei", "SimHei", "Droid Sans Fallback"),
    )

    def first(fonts: font_manager.FontManager) -> str | None:
        names = sorted({font.name for font in fonts.ttflist})
        return next((name for name in names if name.startswith(known)), None)

    if (found := first(font_manager.fontManager)) is None:
        # matplotlib keeps its list of fonts; one installed since is only in a new list.
        fonts = font_manager.FontManager()
        if (found := first(fonts)) is not None:
            font_manager.fontManager.ttflist = fonts.ttflist
    return found


P = ParamSpec("P")


def in_both_languages(draw: Callable[P, Figure]) -> Callable[P, Figure]:
    """Let the figures of a function with an argument `lang` be drawn again in another."""

    @wraps(draw)
    def drawn(*args: P.args, **kwargs: P.kwargs) -> Figure:
        figure = draw(*args, **kwargs)
        redraw = cast(Callable[..., Figure], draw)
        figure.again = lambda lang: redraw(*args, **{**kwargs, "lang": lang})
        figure.drawn_by = f"{draw.__module__}.{draw.__qualname__}"
        return figure

    return drawn


def svg(figure: MatplotlibFigure) -> str:
    """Write a figure as one `<svg>` element that can stand in a page or in a file.

    The same figure gives the same bytes, on every run. Identifiers are unique to the
    figure, so several can share a page, and no style of it reaches beyond it.

    Args:
        figure: Any matplotlib figure; a `Figure` brings its title and description.

    Returns:
        The element, with `role="img"`, `<title>` and `<desc>`.

    Examples:
        >>> from attncues import draw_heatmaps, style
        >>> markup = style.svg(draw_heatmaps([[0.2, 0.8]]))
        >>> markup.startswith("<svg"), "<desc>" in markup
        (True, True)
    """
    written = StringIO()
    no_date = dict.fromkeys(["Creator", "Date", "Format", "Type"])
    with look(), warnings.catch_warnings():
        # Text stays text: the reader's fonts draw it, whatever this machine's lack.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure.savefig(written, format="svg", metadata=no_date)
    root = ElementTree.fromstring(written.getvalue())
    _tidy(root, prefix=hashlib.sha256(written.getvalue().encode()).hexdigest()[:8])
    paper = ElementTree.Element(f"{{{_SVG}}}rect", width="100%", height="100%")
    paper.attrib |= {"class": "paper", "fill": "#fff"}
    title, description = (ElementTree.Element(f"{{{_SVG}}}{tag}") for tag in ("title", "desc"))
    title.text = getattr(figure, "title", "")
    description.text = getattr(figure, "description", "")
    root[:0] = [title, description, paper]
    ElementTree.register_namespace("", _SVG)
    return ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)


def render(
    figure: MatplotlibFigure, kind: Kind = "svg", *, theme: Theme = "auto", dpi: float = DPI
) -> bytes:
    """Write a figure as the content of a file; the same figure gives the same bytes.

    Args:
        figure: Any matplotlib figure. For PNG and PDF its ink takes the colour of the theme.
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
        written = svg(figure)
        if theme != "auto":
            written = written.replace('class="paper" fill="#fff"', f'fill="{paper}"')
            written = written.replace("currentColor", ink)
        return written.encode()
    with look():
        for artist in figure.findobj():
            _dip(artist, ink)
        content = BytesIO()
        no_date: dict[str, None] = {"CreationDate": None} if kind == "pdf" else {"Software": None}
        figure.savefig(content, format=kind, dpi=dpi, facecolor=paper, metadata=no_date)
        return content.getvalue()


def _dip(artist: Artist, ink: str) -> None:
    """Give an artist another ink, where it is drawn in ink at all."""
    for part in ("color", "facecolor", "edgecolor", "markerfacecolor", "markeredgecolor"):
        get, set_ = (getattr(artist, f"{verb}_{part}", None) for verb in ("get", "set"))
        if get is None or set_ is None:
            continue
        with contextlib.suppress(ValueError):  # several colours, or none
            if to_rgba(get()) == to_rgba(INK):
                set_(ink)


def _tidy(root: ElementTree.Element, prefix: str) -> None:
    """Make what matplotlib wrote fit for standing inside a page."""
    # matplotlib styles "*", which inside a page would be every line of the page.
    for defs in root.findall(f"{{{_SVG}}}defs"):
        for rule in defs.findall(f"{{{_SVG}}}style"):
            defs.remove(rule)
        if not len(defs):
            root.remove(defs)
    root.set("role", "img")
    root.set("font-family", f"{FONT}, sans-serif")
    root.set("stroke-linejoin", "round")
    root.set("color", DARK)
    root.attrib.pop("version", None)

    markup = ElementTree.tostring(root, encoding="unicode")
    targets = {*re.findall(r"url\(#([^)]+)\)", markup), *re.findall(r'href="#([^"]+)"', markup)}
    names = {target: f"{prefix}-{number}" for number, target in enumerate(sorted(targets))}
    for element in root.iter():
        element.text = (element.text or "").strip() or None
        element.tail = None
        if element.get("id") in names:
            element.set("id", names[element.attrib["id"]])
        elif (name := element.attrib.pop("id", "")).startswith(PART):
            element.set("data-part", name.removeprefix(PART))
        if (link := element.attrib.pop(_HREF, None)) is not None:
            link = "#" + names[link[1:]] if link.startswith("#") else re.sub(r"\s", "", link)
            element.set("href", link)
        for attribute, value in element.attrib.items():
            value = re.sub(r"url\(#([^)]+)\)", lambda m: f"url(#{names[m[1]]})", value)
            if attribute == "style":
                value = re.sub(r"font-family:[^;]*;?\s*", "", value)
                value = value.replace(INK, "currentColor")
            element.set(attribute, value)
        if re.fullmatch(r"rotate\(-?0 .*\)", element.get("transform", "")):
            del element.attrib["transform"]
