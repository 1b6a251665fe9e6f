"""Whether a page and its translation claim the same: the same marks, numbers and formulas.

Both are parted into paragraphs, and these are paired in their order. In each pair the marked
claims, the facts, the numbers, the formulas, the code and the references must be the same, one
after another, whatever words stand between them. Numbers count in digits and in words of both
languages: “a hundred thousand” is 十万, 100,000 and $10^5$; “half” is 一半, “twice” is 两倍.

So must the words that `telling.py` calls steady, wherever they stand in a sentence: a red cup is
red in both.

Languages differ in what they say with a number: “both”, “once”, “first”, 一个. Such words may
have a counterpart, and need none. Where English says “3 of 5”, Chinese names the 5 first.

What no program can tell is a claim turned into its opposite; `editions.py done` asks for that.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from engine.markup import substitute

from book.numerals import Token, numbers
from book.telling import NO_WORDS, OPPOSITES, ORDERED, STEADY, TURNS, places, tells


@dataclass(frozen=True)
class Paragraph:
    """Lines of a page that belong together, and what sort of paragraph they make."""

    sort: str
    lines: tuple[str, ...]
    first: int
    """The number of its first line."""

    def line_at(self, offset: int) -> int:
        """Where in the paragraph a character stands, counted from 0."""
        return "\n".join(self.lines).count("\n", 0, offset)


@dataclass(frozen=True)
class Difference:
    """What a page and its translation do not share."""

    kind: str
    english: str
    translated: str
    lines: tuple[int, int]
    sentences: tuple[str, str]

    def __str__(self) -> str:
        there, here = (
            f"“{said}”" if said else "nothing" for said in (self.english, self.translated)
        )
        return (
            f"line {self.lines[1]}, beside line {self.lines[0]} of the English page: another "
            f"{self.kind}. The English page has {there}, the translation {here}.\n"
            f"    {self.sentences[0]}\n"
            f"    {self.sentences[1]}\n"
            "Let both say the same, in the same order; see “Translate” in docs/en/contributing.md"
        )


@dataclass(frozen=True)
class Pair:
    """A sentence of a page and its twin, and the lines where they stand."""

    english: str
    translated: str
    lines: tuple[int, int]

    def __str__(self) -> str:
        return f"{self.lines[0]:>5}  {self.english}\n{self.lines[1]:>5}  {self.translated}"


# Paragraphs

_OPENINGS = (
    ("heading", re.compile(r"#{1,6} "), True),
    ("row of a table", re.compile(r"\|"), True),
    ("alternative text", re.compile(r"    alt:"), True),
    ("answer", re.compile(r"    answer:"), True),
    ("option", re.compile(r"\([ x]\) "), True),
    ("block", re.compile(r"/{3,}|!!! |::: "), True),
    ("item of a list", re.compile(r" *(?:[*+-]|\d+\.) "), False),
    ("definition", re.compile(r": "), False),
)
"""What opens a paragraph of its own, and whether it is one line."""


def paragraphs(page: str) -> list[Paragraph]:
    """Part a page into its paragraphs: each heading, item, row, caption and text is one."""
    found: list[Paragraph] = []
    lines: list[str] = []
    sort, first, until = "", 0, ""

    def end() -> None:
        nonlocal lines, sort, until
        if lines:
            found.append(Paragraph(sort, tuple(lines), first))
        lines, sort, until = [], "", ""

    page = substitute(r"<!--(?s:.*?)-->", lambda comment: "\n" * comment[0].count("\n"), page)
    front = re.match(r"---\n.*?\n---\n", page, re.DOTALL)
    head = front[0].count("\n") if front else 0
    for number, line in enumerate(page.splitlines(), start=1):
        if number <= head:
            if line.startswith("description:"):
                found.append(Paragraph("description", (line,), number))
            continue
        if until:
            lines.append(line)
            if line.strip() == until:
                end()
            continue
        if not line.strip():
            end()
            continue
        if fence := re.match(r" *(`{3,}|~{3,}|\$\$)", line):
            end()
            sort, first, until = "formula" if fence[1] == "$$" else "code", number, fence[1]
            lines.append(line)
            continue
        for opened, pattern, alone in _OPENINGS:
            if pattern.match(line):
                end()
                sort, first = opened, number
                lines.append(line)
                if alone:
                    end()
                break
        else:
            if not lines:
                sort, first = "text", number
            lines.append(line)
    end()
    return found


def pairs(english: str, translated: str) -> Iterator[tuple[Paragraph, Paragraph]]:
    """Yield the paragraphs of a page beside those of its translation, as far as they match."""
    for there, here in zip(paragraphs(english), paragraphs(translated), strict=False):
        if there.sort != here.sort:
            return
        yield there, here


def match(english: str, translated: str) -> bool:
    """Whether two pages have the same paragraphs, one after another."""
    return [one.sort for one in paragraphs(english)] == [one.sort for one in paragraphs(translated)]


def sentences(english: str, translated: str) -> Iterator[Pair]:
    """Yield what a reader compares: the sentences that claim something, beside their twins.

    A sentence is a line. Where one edition has more of them, the whole paragraph is shown.
    """
    for there, here in pairs(english, translated):
        beside = list(enumerate(zip(there.lines, here.lines, strict=False)))
        if len(there.lines) != len(here.lines):
            beside = [(0, ("\n".join(there.lines), "\n".join(here.lines)))]
        for at, (one, other) in beside:
            if there.sort != "code" and _claims(f"{one}\n{other}"):
                yield Pair(one, other, (there.first + at, here.first + at))


def _claims(text: str) -> bool:
    return any(part["claim"] or part["fact"] for part in _PARTS.finditer(text))


# What must be the same

_CODE = r"(?<!`)(?P<ticks>`+)(?!`).+?(?<!`)(?P=ticks)(?!`)"
_FORMULA = r"\$\$.+?\$\$|\$[^$\n]+\$"
_FACT = r"\{\{.*?\}\}"
_MARK = r"\{(?:claim|figure|formula)=[^}]+\}|\{derivation\}"
_REFERENCE = r"\]\((?P<target>[^()\s]*(?:\([^)]*\)[^()\s]*)*)\)|\[\^[\w-]+\]"
_OTHER = r"<[^>]+>|\{[#.:][^}]*\}|\{source=[^}]+\}|\{definition\}"  # what only English says
_PARTS = re.compile(
    f"(?P<code>{_CODE})|(?P<formula>{_FORMULA})|(?P<fact>{_FACT})|(?P<claim>{_MARK})"
    f"|(?P<reference>{_REFERENCE})|(?P<other>{_OTHER})",
    re.DOTALL,
)
KINDS = ("claim", "fact", "number", "formula", "code", "reference")


def tokens(paragraph: Paragraph) -> dict[str, list[Token]]:
    """Tell what a paragraph has that its twin must have, too: for each kind, in order."""
    found: dict[str, list[Token]] = {kind: [] for kind in KINDS}
    text = "\n".join(paragraph.lines)
    if text.startswith("```{.text}"):  # with words of its language
        return found
    if paragraph.sort == "code" or text.startswith(("/// cell", "::: ")):
        found["code"] = [Token(frozenset({text}), text, 0, len(text))]
        return found
    if paragraph.sort == "item of a list":
        text = re.sub(r"^( *)\d+\.", lambda mark: " " * len(mark[0]), text)

    def part(match: re.Match[str]) -> str:
        kind = str(match.lastgroup)
        kind = next(name for name in (*KINDS, "other") if match.groupdict().get(name))
        value: Fraction | str = re.sub(r"\s+", " ", match["target"] or match[0])
        if kind == "fact":
            value = re.sub(r"\s", "", match[0])
        if kind == "formula":
            value = re.sub(r"\\text\{[^}]*\}", r"\\text{}", str(value))
            power = re.fullmatch(r"\$(\d+(?:\.\d+)?)(?:\^\{?(\d+)\}?)?\$", match[0])
            if power:
                kind, value = "number", Fraction(power[1]) ** int(power[2] or 1)
        if kind != "other":
            written = match["target"] or match[0]
            token = Token(frozenset({value}), written, match.start(), match.end())
            found[kind].append(token)
        # A place-holder as long as what it holds the place of; a number may stand before it.
        return "\x00" * len(match[0]) if kind != "other" else " " * len(match[0])

    plain = _PARTS.sub(part, text)
    found["number"] = sorted([*found["number"], *numbers(plain)], key=lambda token: token.start)
    for kind in ("fact", "number"):
        found[kind] = _whole_first(found[kind], plain)
    return found


def _whole_first(found: list[Token], text: str) -> list[Token]:
    """Put “3 of 5” into the order of 5 个中的 3 个."""
    ordered = list(found)
    for at, (part, whole) in enumerate(pairwise(found)):
        if re.fullmatch(
            r"\s+(?:out )?of\s+(?:the |all |these |its )?", text[part.end : whole.start]
        ):
            ordered[at : at + 2] = [whole, part]
    return ordered


# Comparison


def differences(english: str, translated: str) -> Iterator[Difference]:
    """Yield what a page and its translation do not share, the first of each kind and paragraph."""
    matching = 0
    for there, here in pairs(english, translated):
        matching += 1
        left, right = tokens(there), tokens(here)
        for tokens_of in (left, right):
            tokens_of["code"].sort(key=lambda token: token.written)
        for kind in KINDS:
            if (apart := _first_apart((there, here), left[kind], right[kind])) is not None:
                yield _difference(kind, (there, here), apart)
        yield from _words_apart(there, here)
    rest = [paragraphs(page)[matching:][:1] for page in (english, translated)]
    if any(rest):
        shown = [
            (one[0].sort, one[0].first, one[0].lines[0]) if one else ("", page.count("\n"), "")
            for one, page in zip(rest, (english, translated), strict=True)
        ]
        yield Difference(
            "paragraph; what follows was not compared",
            shown[0][0],
            shown[1][0],
            (shown[0][1], shown[1][1]),
            (shown[0][2], shown[1][2]),
        )


def _words_apart(there: Paragraph, here: Paragraph) -> Iterator[Difference]:
    """Yield words that one edition alone says, or that the other turns, sentence by sentence."""
    if there.sort in ("code", "formula", "block", "heading"):
        return
    beside = list(enumerate(zip(there.lines, here.lines, strict=False)))
    if len(there.lines) != len(here.lines):
        beside = [(0, ("\n".join(there.lines), "\n".join(here.lines)))]
    for at, (one, other) in beside:
        spoken = _spoken(one), _spoken(other)
        left, right = _told(spoken[0]), _told(spoken[1])
        lines, shown = (there.first + at, here.first + at), (one.strip(), other.strip())
        for told in left.keys() ^ right.keys():
            if told in STEADY or (told in ORDERED and told in right):
                yield Difference("word", left.get(told, ""), right.get(told, ""), lines, shown)
        for pair in dict.fromkeys((*OPPOSITES, *TURNS)):
            if not {*pair} <= left.keys() | right.keys():
                continue
            said = [[places(text, told) for text in spoken] for told in pair]
            once = all(len(where) == 1 for both in said for where in both)
            turned = once and (said[0][0] < said[1][0]) != (said[0][1] < said[1][1])
            if pair in TURNS and turned:
                yield Difference("word", left[pair[0]], right[pair[1]], lines, shown)
            if pair not in OPPOSITES:
                continue
            for (told, opposite), (mine, its) in ((pair, said), (pair[::-1], said[::-1])):
                if mine[0] and not mine[1] and len(its[1]) > len(its[0]):
                    yield Difference("word", left[told], right[opposite], lines, shown)


def _spoken(text: str) -> dict[str, str]:
    """Return what is said in each language: a Chinese sentence may cite English words."""
    plain = re.sub(NO_WORDS, " ", text.replace("*", ""))
    return {"en": re.sub(r"[^\x00-\x7f]", " ", plain), "zh": plain}


def _told(spoken: dict[str, str]) -> dict[str, str]:
    """Tell what a sentence says in either language."""
    return tells(spoken["en"], "en") | tells(spoken["zh"], "zh")


def _difference(
    kind: str, pair: tuple[Paragraph, Paragraph], apart: tuple[Token | None, Token | None]
) -> Difference:
    """Show a difference with the sentences that it stands in, or that stand beside it."""
    at = [
        paragraph.line_at(token.start) if token else None
        for paragraph, token in zip(pair, apart, strict=True)
    ]
    lines = [
        min(next(place for place in (one, other, 0) if place is not None), len(page.lines) - 1)
        for one, other, page in zip(at, reversed(at), pair, strict=True)
    ]
    return Difference(
        kind,
        apart[0].written if apart[0] else "",
        apart[1].written if apart[1] else "",
        (pair[0].first + lines[0], pair[1].first + lines[1]),
        (pair[0].lines[lines[0]].strip(), pair[1].lines[lines[1]].strip()),
    )


def _beside(pair: tuple[Paragraph, Paragraph], one: Token, other: Token) -> bool:
    """Whether two words stand in the same sentence, as far as can be told."""
    there, here = pair
    even = len(there.lines) == len(here.lines)
    return not even or there.line_at(one.start) == here.line_at(other.start)


def _first_apart(
    pair: tuple[Paragraph, Paragraph], left: list[Token], right: list[Token]
) -> tuple[Token | None, Token | None] | None:
    """Align two sequences so that as little as possible is left over; show the first of that.

    A word that needs no counterpart can only be that of a word in its own sentence.
    """
    least = [[0] * (len(right) + 1) for _ in range(len(left) + 1)]

    def ways(at: int, to: int) -> Iterator[tuple[int, int, int]]:
        """Yield what a step costs, and where it leads."""
        one = left[at] if at < len(left) else None
        other = right[to] if to < len(right) else None
        if one and other:
            same, needed = bool(one.values & other.values), one.needed and other.needed
            if needed or (same and _beside(pair, one, other)):
                yield int(not same), at + 1, to + 1
        if one:
            yield int(one.needed), at + 1, to
        if other:
            yield int(other.needed), at, to + 1

    for at in reversed(range(len(left) + 1)):
        for to in reversed(range(len(right) + 1)):
            costs = [cost + least[to_at][to_to] for cost, to_at, to_to in ways(at, to)]
            least[at][to] = min(costs, default=0)
    at = to = 0
    while least[at][to]:
        cost, next_at, next_to = min(
            (cost, at_then, to_then)
            for cost, at_then, to_then in ways(at, to)
            if cost + least[at_then][to_then] == least[at][to]
        )
        if cost:
            return left[at] if next_at > at else None, right[to] if next_to > to else None
        at, to = next_at, next_to
    return None
