"""SVG that can stand in a page: the same bytes on every run, and nothing that reaches beyond it."""

import hashlib
import re
import warnings
from collections import Counter
from io import StringIO
from xml.etree import ElementTree

from matplotlib.figure import Figure

from ..words import legible
from .ink import DARK, FONT, INK, look

PART = "part-"
"""An artist whose gid begins so has the rest in its SVG as `data-part`, for scripts."""
PAPER = "paper"
"""The class of the background, which the site's style sheet clears."""

_SVG = "http://www.w3.org/2000/svg"
_HREF = "{http://www.w3.org/1999/xlink}href"


def svg(figure: Figure) -> str:
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
    return _text(element_of(figure))


def themed_svg(figure: Figure, ink: str, paper: str) -> str:
    """Write a figure as an element of fixed colours, which no page changes."""
    root = element_of(figure, ink=ink)
    (background,) = (one for one in root if one.get("class") == PAPER)
    del background.attrib["class"]
    background.set("fill", paper)
    return _text(root)


def element_of(figure: Figure, *, ink: str = "currentColor") -> ElementTree.Element:
    """Write a figure as an element, with this for its ink."""
    written = StringIO()
    no_date = dict.fromkeys(["Creator", "Date", "Format", "Type"])
    with look(), warnings.catch_warnings():
        # Text stays text: the reader's fonts draw it, whatever this machine's lack.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        figure.savefig(written, format="svg", metadata=no_date)
    text = legible(written.getvalue())
    root = ElementTree.fromstring(text)
    _tidy(root, hashlib.sha256(text.encode()).hexdigest()[:8], ink)
    paper = ElementTree.Element(f"{{{_SVG}}}rect", width="100%", height="100%")
    paper.attrib |= {"class": PAPER, "fill": "#fff"}
    title, description = (ElementTree.Element(f"{{{_SVG}}}{tag}") for tag in ("title", "desc"))
    title.text = legible(getattr(figure, "title", ""))
    description.text = legible(getattr(figure, "description", ""))
    root[:0] = [title, description, paper]
    return root


def _short(path: str) -> str:
    """Write a path in hundredths, and without spaces and lines that say nothing."""
    path = re.sub(r"\s*([A-Za-z])\s*", r"\1", _rounded(path)).strip()
    # A line back to the start says what the z behind it says.
    return re.sub(r"M([^A-Za-z]+)([^MZz]*)L\1z", r"M\1\2z", path)


def _rounded(text: str) -> str:
    """Write the numbers of a text in hundredths of a point, which nobody sees."""
    text = re.sub(r"\d+\.\d{3,}", lambda number: f"{float(number[0]):.2f}", text)
    text = re.sub(r"(\.\d*?)0+(?![\de])", r"\1", text)
    return re.sub(r"\.(?!\d)", "", text)


def _text(root: ElementTree.Element) -> str:
    ElementTree.register_namespace("", _SVG)
    written = ElementTree.tostring(root, encoding="unicode", short_empty_elements=True)
    # The background of axes is drawn without any colour.
    written = re.sub(r'<path d="[^"]*" style="fill:none" />', "", written).replace(" />", "/>")
    # matplotlib puts each artist into a group, which says nothing without a name.
    return re.sub(r"<g>(<path[^<]*/>|<text[^<]*</text>|<g/>)?</g>", r"\1", written)


def _tidy(root: ElementTree.Element, prefix: str, ink: str) -> None:
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
    # For pages, which draw it larger, and leave out what is far from the window.
    width, height = root.attrib["viewBox"].split()[2:]
    root.set("style", f"--width: {root.get('width')}; aspect-ratio: {width} / {height}")
    root.attrib.pop("version", None)

    targets = set()
    for element in root.iter():
        for attribute, value in element.attrib.items():
            targets |= set(re.findall(r"url\(#([^)]+)\)", value))
            if attribute == _HREF and value.startswith("#"):
                targets.add(value[1:])
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
                value = re.sub(r"(?<=[:;]) ", "", value.replace(INK, ink))
            elif attribute == "d":
                value = _short(value)
            elif attribute in ("x", "y"):
                value = _rounded(value)
            element.set(attribute, value)
        if re.fullmatch(r"rotate\(-?0 .*\)", element.get("transform", "")):
            del element.attrib["transform"]
    _share_styles(root)


def _share_styles(root: ElementTree.Element) -> None:
    """Say once, on the root, how most texts and lines are drawn, and on others what differs."""
    texts = list(root.iter(f"{{{_SVG}}}text"))
    for name in ("font-size", "text-anchor"):
        _share(root, texts, name)
    lines = [
        one for one in root.iter() if "stroke" in one.attrib or "stroke:" in one.get("style", "")
    ]
    for line in lines:
        if "stroke-linejoin:" not in (style := line.get("style", "")):
            line.set(
                "style", f"{style};stroke-linejoin:{root.attrib['stroke-linejoin']}".strip(";")
            )
    _share(root, lines, "stroke-linejoin")


def _share(root: ElementTree.Element, elements: list[ElementTree.Element], name: str) -> None:
    """Say on the root what most of these elements, which all say something, say of a style."""
    pattern = re.compile(rf"(?:^|(?<=;)){name}:([^;]*)(?:;|$)")
    said = [pattern.search(element.get("style", "")) for element in elements]
    if not elements or not all(said):
        return
    ((most, _),) = Counter(match[1] for match in said if match).most_common(1)
    root.set(name, most)
    for element, match in zip(elements, said, strict=True):
        if match and match[1] == most:
            left = pattern.sub("", element.attrib.pop("style")).strip(";")
            if left:
                element.set("style", left)
