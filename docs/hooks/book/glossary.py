"""The terms of the book, one for each idea: their meanings, other names and explanations.

`docs/glossary.csv` feeds the page of terms, their first mentions on other pages (`terms.py`),
the search (`search_index.py`) and the test that keeps other names out of Chinese prose.
"""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

from .editions import DEFAULT_LANGUAGE

COLUMNS = {"en": ("English", "also", "meaning"), "zh": ("中文", "又称", "释义")}
"""Of each language: the term, its other names, what it means."""
LABELS = {"en": (" Also: ", ", ", "."), "zh": ("又称：", "、", "。")}


@dataclass(frozen=True)
class Term:
    """A term in one language, and where a page explains it."""

    name: str
    other: tuple[str, ...]
    """Other names in this language."""
    meaning: str
    foreign: str
    """The term in the other language."""
    names: tuple[str, ...]
    """All by which someone may search for it, in both languages; the term comes first."""
    english: str
    explained: str
    """A page and an anchor, such as `cues.md#two-components`."""


def terms(docs: Path, language: str) -> list[Term]:
    """Read the terms in the words of a language; a site without the file has none."""
    path = docs / "glossary.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as stream:
        return [_term(row, language) for row in csv.DictReader(stream)]


def avoided(docs: Path) -> dict[str, str]:
    """Return the words that Chinese pages do not use, each with the term to use instead."""
    with (docs / "glossary.csv").open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    return {word: row["中文"] for row in rows for word in row["avoid"].split("|") if word}


def _term(row: dict[str, str], language: str) -> Term:
    own = COLUMNS[language]
    (foreign,) = (columns for key, columns in COLUMNS.items() if key != language)
    name, other, meaning = (row[column] for column in own)
    listed = "|".join(row[column] for column in ("English", "中文", own[1], foreign[1], "avoid"))
    names = dict.fromkeys([name, *filter(None, listed.split("|"))])
    return Term(
        name,
        tuple(filter(None, other.split("|"))),
        meaning,
        row[foreign[0]],
        tuple(names),
        row["English"],
        row["explained"],
    )


def place(term: Term) -> str:
    """Where a term stands on the page of terms, in every language."""
    return re.sub(r"\W+", "-", term.english.lower())


def markdown(docs: Path, language: str) -> str:
    """Write the terms as a list of definitions, each a link to where it is explained."""
    also, comma, stop = LABELS[language]
    lang = "en" if language != DEFAULT_LANGUAGE else "zh-CN"
    lines = []
    for term in terms(docs, language):
        foreign = f' <span lang="{lang}">{term.foreign}</span>' * (term.foreign != term.name)
        other = f"{also}{comma.join(term.other)}{stop}" if term.other else ""
        lines += [
            f"[**{term.name}**]({term.explained}){{#{place(term)}}}{foreign}",
            f":   {term.meaning}{other}",
            "",
        ]
    return "\n".join(lines)
