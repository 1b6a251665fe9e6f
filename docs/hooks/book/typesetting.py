"""Set Chinese as it is set: spaces, line breaks and emphasis that no author should mind.

Between Chinese and Latin letters or digits stands one space, typed or not, also around code,
formulas and links. Between the lines of a paragraph stands none. A middle dot stays with the
sign before it, so that it begins no line. Emphasis of foreign words is marked as such, for the
style sheet to set in italics: Chinese has none.
"""

import re
from collections.abc import Iterable

from mkdocs.structure.pages import Page
from mkdocs.structure.toc import AnchorLink

_LEFT = ("pre", "script", "style", "svg")
"""Elements that are left as they are."""
_WITH_ALL_IN_IT = "|".join(rf"<{name}[\s>].*?</{name}>" for name in _LEFT)
_TAGS = re.compile(rf"(<!--.*?-->|{_WITH_ALL_IN_IT}|<[^>]*>)", re.DOTALL)
_NAME = re.compile(r"</?([\w-]*)")
_HAN = re.compile(r"[\u3400-\u9fff]")
_LATIN = re.compile(r"[A-Za-z0-9À-ɏͰ-Ͽ%]")
_INLINE = ("a", "abbr", "b", "button", "em", "i", "mark", "span", "strong", "sub", "sup")
_WHOLE = ("code", "math", "kbd")
"""Elements that count as Latin, whatever stands in them."""


def typeset(html: str, page: Page) -> str:
    """Set the HTML of a Chinese page, and what its menu calls the sections."""
    _set_titles(page.toc)
    return set_html(html)


def _set_titles(items: Iterable[AnchorLink]) -> None:
    for item in items:
        item.title = space(item.title)
        _set_titles(item.children)


def set_html(html: str) -> str:
    """Set HTML in Chinese."""
    html = re.sub(r"([，。：；？！、”）》…](?:</\w+>)*)\n", r"\1", html)
    html = re.sub(r"<em>([^<\u3400-\u9fff]+)</em>", r'<em class="foreign">\1</em>', html)
    html = re.sub(r"([\u3400-\u9fff])·", r'<span class="together">\1·</span>', html)
    return space(html)


def space(html: str) -> str:
    """Part Chinese from Latin by one space."""
    parts = [part for part in _TAGS.split(html) if part]
    out: list[str] = []
    before = ""  # the last sign that a reader sees in this line
    opened = -1  # where the tags begin that stand open before what comes next
    inside: list[str] = []
    for part in parts:
        if (tag := _NAME.match(part)) is not None:
            name, closing = tag[1].lower(), part.startswith("</")
            if name in _LEFT:
                pass
            elif name in _WHOLE and not part.endswith("/>"):
                if closing and name in inside:
                    while inside.pop() != name:
                        pass
                    before = before if inside else "a"
                elif not closing:
                    if not inside:
                        _part(out, opened if opened >= 0 else len(out), before, "a")
                        opened = -1
                    inside.append(name)
            elif not inside:
                if name not in _INLINE:
                    before, opened = "", -1
                elif not closing and opened < 0:
                    opened = len(out)
            out.append(part)
        elif inside:
            out.append(part)
        else:
            if part.strip() or before:
                _part(out, opened if opened >= 0 else len(out), before, part[0])
            text = re.sub(r"([\u3400-\u9fff])(?=[A-Za-z0-9À-ɏͰ-Ͽ])", r"\1 ", part)
            out.append(re.sub(r"([A-Za-z0-9À-ɏͰ-Ͽ%])(?=[\u3400-\u9fff])", r"\1 ", text))
            before, opened = part[-1], -1
    return "".join(out)


def _part(out: list[str], place: int, before: str, after: str) -> None:
    """Put a space at a place if it parts Chinese from Latin."""
    pairs = ((_HAN, _LATIN), (_LATIN, _HAN))
    if before and any(one.match(before) and other.match(after) for one, other in pairs):
        out.insert(place, " ")
