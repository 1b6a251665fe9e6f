"""Hold sentences to the code: `[The cup wins]{claim=cup_wins}`.

A claim is a bool that one of the page's cells leaves in a top-level name, like a fact. A
sentence whose claim is false, missing or no bool fails the build. What a sentence states
that no cell of ours decides, it states as somebody's or by definition:

    [words]{source=james-1890}     an entry of the references says so
    [words]{definition}            it is so by definition or construction
    [words]{figure=cell-name}      it only names the figure of this cell

The words are Markdown, and may hold facts and links.
"""

import ast
import difflib
import functools
import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from .cells import Cell
from .facts import NO_FACTS, Facts, assigned
from .markup import find, substitute

MARK = (
    r"\[(?P<words>(?:[^\[\]]|\[[^\[\]]*\])+)\]"
    r"\{[ ]*(?:(?P<kind>claim|source|figure)=(?P<name>[\w-]+)|definition)[ ]*\}"
)
NAMED = re.compile(r"\{\{\s*([A-Za-z_]\w*)[^{}]*\}\}|\{[ ]*claim=(\w+)[ ]*\}")
"""Facts and claims, in the order of a text."""


@dataclass(frozen=True)
class Claim:
    """A bool that a cell leaves.

    Attributes:
        cell: The cell that decides it.
        code: The statement that decides it.
        holds: Its value.
        compared: What its comparisons compared: code, and its values in short.
    """

    cell: Cell
    code: str
    holds: bool
    compared: Sequence[tuple[str, str]]


@dataclass
class Claims:
    """The claims of a page.

    Attributes:
        known: All bools that its cells leave, by name.
        facts: All plain values that they leave.
        marked: The words of each claim that the page makes, in its order.
    """

    known: Mapping[str, Claim] = field(default_factory=dict)
    facts: Facts = NO_FACTS
    marked: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        cells: Sequence[Cell],
        facts: Facts,
        compared: Mapping[str, Sequence[tuple[str, str]]],
    ) -> "Claims":
        """Find the statement that decides each bool."""
        known = {}
        for cell in cells:
            for code, names in _statements(cell.source):
                for name in names:
                    if isinstance(value := facts.values.get(name), bool):
                        known[name] = Claim(cell, code, value, compared.get(name, ()))
        return cls(known, facts)

    def wrong(self, markdown: str) -> Iterator[tuple[int, str]]:
        """Yield the place of each claim that does not hold, and what is wrong with it."""
        for match in marks(markdown):
            if match["kind"] != "claim":
                continue
            name, words = match["name"], plain(match["words"])
            if name in self.facts.ambiguous:
                wrong = f"two cells assign {name}: give each its own name"
            elif (claim := self.known.get(name)) is None:
                wrong = self._missing(name)
            elif not claim.holds:
                wrong = f"the cell {claim.cell.name} finds it false: {claim.code}"
                if claim.compared:
                    wrong += f", with {told(claim.compared)}"
            elif re.search(r"\]\(|\]\[", match["words"]):
                wrong = "a claim opens its check, so it cannot hold a link: mark less of it"
            else:
                continue
            yield match.start(), f"“{words}” claims {name}; {wrong}"

    def _missing(self, name: str) -> str:
        if name in self.facts.values:
            return f"that is {self.facts.values[name]!r}, no bool: compare it in a cell"
        near = difflib.get_close_matches(name, self.known, n=3) or sorted(self.known)
        return f"no cell leaves that as a bool; there are {', '.join(near) or 'none'}"

    def to_html(self, markdown: str) -> str:
        """Make each claim a link to its check, and leave of other marks the words alone.

        A claim that does not hold, which only a preview shows, says so in its place.
        """

        def written(match: re.Match[str]) -> str:
            words = match["words"]
            if match["kind"] != "claim":
                return words
            if (claim := self.known.get(match["name"])) is None or not claim.holds:
                code = claim.code if claim else match["name"]
                return f'<mark class="false">{words}<code>{html.escape(code)}</code></mark>'
            first = match["name"] not in self.marked
            self.marked.setdefault(match["name"], words)
            number = list(self.marked).index(match["name"]) + 1  # short: it is written often
            place = f' id="c{number}"' if first else ""
            return f'<a class="claim"{place} href="#k{number}">{words}</a>'

        self.marked.clear()
        return substitute(MARK, written, markdown)

    def _said(self, words: str) -> str:
        """Write the words of a claim without their emphasis."""
        words = self.facts.fill(words, lambda wrong: None)
        return html.escape(re.sub(r"(\*\*?|`|\$)(.+?)\1", r"\2", words), quote=False)

    def checks(self, labels: Mapping[str, str], shown: Mapping[str, str]) -> str:
        """Write what decided each claim of the page, as HTML.

        Args:
            labels: Words in the language of the page.
            shown: Where on the page each cell stands, by its name.
        """
        if not self.marked:
            return ""
        entries = []
        for number, (name, words) in enumerate(self.marked.items(), start=1):
            claim = self.known[name]
            values = f"<span>{html.escape(told(claim.compared))}</span>" if claim.compared else ""
            if (place := shown.get(claim.cell.name)) is not None:
                values += f'<a href="#{place}">{labels["claim_cell"]}</a>'
            entries.append(
                f'<li id="k{number}"><a href="#c{number}">{self._said(words)}</a>'
                f"<code>{html.escape(claim.code)}</code>{values}</li>"
            )
        summary = labels["claims"].format(len(entries))
        return (
            f'<details class="checks" data-close="{labels["claim_close"]}">'
            f"<summary>{summary}</summary>"
            f"<p>{labels['claims_hint']}</p><ul>{''.join(entries)}</ul></details>"
        )


def marks(markdown: str) -> list[re.Match[str]]:
    """Find the marks of a text, except in code."""
    return find(MARK, markdown)


def plain(markdown: str) -> str:
    """Leave the words of each mark alone."""
    return substitute(MARK, lambda match: match["words"], markdown)


def spoken(markdown: str) -> str:
    """Leave what a screen reader shall say: the words without marks and emphasis."""
    return re.sub(r"\*([^*\s](?:[^*]*[^*\s])?)\*", r"\1", plain(markdown))


def words(text: str) -> str:
    """Leave the words of each claim alone that `to_html` has made a link."""
    return re.sub(r'<(a|mark) class="(?:claim|false)"[^>]*>(.*?)</\1>', r"\2", text)


def told(compared: Sequence[tuple[str, str]]) -> str:
    """Write what was compared as a line of text."""
    return ", ".join(f"{code} = {value}" for code, value in compared)


def binds(text: str, cells: Sequence[Cell]) -> bool:
    """Whether a text names something that these cells decide, or one of them as its figure."""
    decided = {name for cell in cells for _, names in _statements(cell.source) for name in names}
    named = {fact or claim for fact, claim in NAMED.findall(text)}
    figures = {match["name"] for match in marks(text) if match["kind"] == "figure"}
    return bool(named & decided or figures & {cell.name for cell in cells})


@functools.cache
def _statements(source: str) -> tuple[tuple[str, frozenset[str]], ...]:
    """The statements of a cell, and the names that each assigns."""
    lines = source.encode().splitlines(True)  # Python counts columns in bytes

    def code(one: ast.stmt) -> str:
        *before, last = lines[one.lineno - 1 : one.end_lineno]
        text = b"".join([*before, last[: one.end_col_offset]])  # without a comment behind it
        return text[one.col_offset :].decode()

    return tuple((code(one), assigned(one)) for one in ast.parse(source).body)
