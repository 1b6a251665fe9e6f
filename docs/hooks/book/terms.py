"""The first mention of a term on a page is a link that says what the term means.

The meaning stands in the attribute `data-means`, and the style sheet shows it as long as a
pointer or the focus rests on the link, which leads to the term in the glossary. The page that
explains a term has such a link only after that, and there is none in headings and code.
"""

import html
import re
from collections.abc import Iterable

from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page

from .glossary import Term, place

_PARTS = re.compile(r"(<!--.*?-->|<svg[\s>].*?</svg>|<[^>]*>)", re.DOTALL)
_NO_MENTION = re.compile(
    r"<(?:(?:a|button|code|h[1-6]|math|pre|script|style|summary|svg)\b"
    r'|\w+ class="(?:asked|opening)")'
)
_VOID = ("br", "hr", "img", "input", "link", "meta")


def explain(content: str, page: Page, files: Files, terms: Iterable[Term]) -> str:
    """Make the first mention of each term a link that says what it means.

    Args:
        content: The HTML of a page.
        page: The page.
        files: Those of its edition.
        terms: Those of the glossary, in the language of the page.
    """
    by_name = {form: term for term in terms for form in _forms(term.name)}
    glossary = next((file for file in files if file.src_uri.endswith("/glossary.md")), None)
    if not by_name or glossary is None:
        return content
    there = glossary.url_relative_to(page.file)
    longest_first = sorted(by_name, key=len, reverse=True)
    mention = re.compile("|".join(map(_bounded, longest_first)), re.IGNORECASE)
    linked: set[str] = set()
    own = page.file.src_uri.rpartition("/")[2]
    sections = [""]

    def link(match: re.Match[str]) -> str:
        term = by_name[match[0].lower()]
        explaining, _, section = term.explained.partition("#")
        if term.name in linked or (explaining == own and section not in sections[:-1]):
            return match[0]
        linked.add(term.name)
        means = html.escape(term.meaning)
        address = f"{there}#{place(term)}"
        return f'<a class="term" href="{address}" data-means="{means}">{match[0]}</a>'

    parts = _PARTS.split(content)
    open_tags: list[tuple[str, bool]] = []  # names, and whether no mention in them counts
    for at, part in enumerate(parts):
        if at % 2 == 0:
            if not (open_tags and open_tags[-1][1]):
                parts[at] = mention.sub(link, part)
        elif not part.endswith("</svg>") and (tag := re.match(r"<(/?)(\w+)", part)):
            if tag[1]:
                while open_tags and open_tags.pop()[0] != tag[2]:
                    pass
            elif tag[2] not in _VOID and not part.endswith("/>"):
                inside = bool(open_tags and open_tags[-1][1])
                open_tags.append((tag[2], inside or _NO_MENTION.match(part) is not None))
            if heading := re.match(r'<h[23] id="([^"]*)"', part):
                sections.append(heading[1])
    return "".join(parts)


def _forms(name: str) -> list[str]:
    """Return a term as it may be written: in English, also of several."""
    name = name.lower()
    if not name.isascii():
        return [name]
    return [name, re.sub(r"(?<=[^aeiou])y$", "ie", name) + "s"]


def _bounded(form: str) -> str:
    """Write a form as a pattern: a word in Latin letters is whole, and so is a single sign."""
    if form.isascii():
        return rf"(?<![\w-]){re.escape(form)}(?![\w-])"
    return rf"(?<![\u4e00-\u9fff]){form}(?![\u4e00-\u9fff])" if len(form) == 1 else re.escape(form)
