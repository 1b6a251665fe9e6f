"""What the reference says, in Chinese: docstrings stay English, `docs/docstrings.csv` has the rest.

The table has a line for each paragraph of a docstring that a page of the reference shows, and for
each description of an argument, a result or an error. It is kept by the English words, so a
paragraph that has changed is shown in English until its line has changed, too;
`editions.py list` names it.
"""

import csv
import functools
import html as entities
import io
import re
from collections.abc import Iterator
from pathlib import Path

import griffe

from .numerals import numbers

DOCUMENTED = re.compile(r"^::: (\S+)\n(?:    .*\n)*?      members: \[(.*?)\]", re.MULTILINE)
PARAGRAPH = re.compile(r"<p>((?:(?!<p>).)*?)</p>", re.DOTALL)
BASES = re.compile(r'(<p class="doc doc-class-bases">\s*)Bases:\s*')
"""What mkdocstrings 1.0 says in English in every language."""
DEFAULT = re.compile(r",\s*默认：\s*(<code>.*?</code>)\s*\)", re.DOTALL)
"""What it sets in Chinese as in English, with a comma and spaces."""
SIGNS = re.compile("[·√‖²Σᵀα∇÷×−/]")
"""Signs of formulas."""


def translations(docs: Path) -> dict[str, str]:
    """Read the Chinese of each English paragraph, the latter without its marks."""
    path = docs / "docstrings.csv"
    if not path.is_file():  # as in a site without a reference
        return {}
    return _table(path.read_text(encoding="utf-8"))


@functools.lru_cache(1)  # every page asks
def _table(text: str) -> dict[str, str]:
    return {_plain(row["English"]): row["中文"] for row in csv.DictReader(io.StringIO(text))}


def translate(html: str, docs: Path) -> str:
    """Put what a page of the reference says into Chinese, as far as it is translated."""
    known = translations(docs)

    def translated(match: re.Match[str]) -> str:
        english = re.sub(r"\s+", " ", entities.unescape(re.sub(r"<[^>]+>", "", match[1]))).strip()
        return f"<p>{_html(known[english])}</p>" if english in known else match[0]

    html = DEFAULT.sub(r"，默认：\1)", PARAGRAPH.sub(translated, html))
    return BASES.sub(r"\1基类：", html)


def differences(docs: Path) -> Iterator[str]:
    """Yield what the reference shows and the table lacks, and what only the table has.

    A translation has the numbers that its English has in digits, and the signs of its formulas.
    """
    known = translations(docs)
    said = dict(_said(docs))
    for english, name in said.items():
        if english not in known:
            yield f"{name}: docs/docstrings.csv has no translation of “{english}”"
        elif lost := _lost(english, known[english]):
            yield (
                f"{name}: docs/docstrings.csv leaves {', '.join(lost)} out of the translation "
                f"of “{english}”"
            )
    for english in known.keys() - said.keys():
        yield f"docs/docstrings.csv: no docstring of the reference says “{english}” any more"


def _lost(english: str, translated: str) -> list[str]:
    there = {value for number in numbers(translated) for value in number.values}
    written = [one for one in numbers(english) if one.needed and re.search(r"\d", one.written)]
    signs = sorted(set(SIGNS.findall(english)) - set(SIGNS.findall(translated)))
    return [*(one.written.strip() for one in written if not one.values & there), *signs]


def _said(docs: Path) -> Iterator[tuple[str, str]]:
    """Yield each paragraph that the reference shows, and the object that it belongs to."""
    pages = [path.read_text(encoding="utf-8") for path in sorted((docs / "en").glob("*.md"))]
    shown = [found for page in pages for found in DOCUMENTED.findall(page)]
    packages = {module.partition(".")[0] for module, _ in shown}
    loaded = {name: griffe.load(name, search_paths=[docs.parent]) for name in packages}
    for module, members in shown:
        package, _, path = module.partition(".")
        documented = loaded[package][path] if path else loaded[package]
        yield from _paragraphs(documented)
        for name in re.split(r",\s*", members):
            yield from _of(documented[name])


def _of(documented: griffe.Object | griffe.Alias) -> Iterator[tuple[str, str]]:
    yield from _paragraphs(documented)
    if documented.is_class:
        for name, member in documented.members.items():
            if not re.match("_[^_]", name):
                yield from _of(member)


def _paragraphs(documented: griffe.Object | griffe.Alias) -> Iterator[tuple[str, str]]:
    if documented.docstring is not None:
        for section in documented.docstring.parse("google", warnings=False):
            if section.kind is griffe.DocstringSectionKind.text:
                texts = [section.value]
            elif section.kind is griffe.DocstringSectionKind.examples:
                texts = [text for kind, text in section.value if kind is not section.kind]
            else:
                texts = [element.description for element in section.value]
            for text in texts:
                for paragraph in re.split(r"\n\s*\n", text):
                    yield _plain(paragraph), documented.path


def _plain(text: str) -> str:
    """Take the marks from Markdown."""
    return re.sub(r"\s+", " ", re.sub(r"`|(?<!\w)\*(?=\w)|(?<=\w)\*(?!\w)", "", text)).strip()


def _html(text: str) -> str:
    text = entities.escape(text, quote=False)
    text = re.sub(r"`([^`]+)`", r"<code>\1</code>", text)
    return re.sub(r"\*([^*]+)\*", r"<em>\1</em>", text)
