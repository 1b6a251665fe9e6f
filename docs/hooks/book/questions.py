"""Questions that answer after a choice, with an answer that code decides.

    /// ask | Would a red cup win among red things?
        answer: red_cup_wins_among_red_things

    ( ) yes | Yes, as red draws the gaze.

    Salience is a contrast, and there is none.

    (x) no | No, it has nothing of its own.

    Everything is red there.
    ///

`answer` names a whole number, a text or a truth value that a cell of the page leaves. Each
option states a value of it before the bar, then its words, and below them why it is right or
wrong. The marked option must be the one whose value the code finds, or the build fails.

Without any script an option is a line that opens: it tells whether it was right, and why.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.facts import Fact
from engine.markup import find

from .telling import NAMES, tells

OPENING = r"^///[ ]*ask[ ]*\|[ ]*(?P<question>[^\n]+?)[ ]*$"
ANSWER = re.compile(r"^[ ]{4}answer: *(?P<name>\w+) *$")
OPTION = re.compile(r"^\((?P<mark>[ x])\) (?P<value>[^|]+?) *\| *(?P<words>.+?) *$")


@dataclass(frozen=True)
class Option:
    """A choice: its value in code, its words, and why it is right or wrong."""

    marked: bool
    value: str
    words: str
    reason: str


@dataclass(frozen=True)
class Question:
    """A question, the name of what decides it, its options, and where it stands."""

    text: str
    answer: str
    options: tuple[Option, ...]
    lines: tuple[int, int]
    """Its first line, and the one behind its last, from 0."""

    @property
    def key(self) -> tuple[str, list[tuple[bool, str]]]:
        """What both editions share."""
        return self.answer, [(option.marked, option.value) for option in self.options]


def read(markdown: str) -> list[Question]:
    """Read the questions of a page."""
    lines, found = markdown.split("\n"), []
    for opening in find(OPENING, markdown):
        start = markdown.count("\n", 0, opening.start())
        end = _end(lines, start)
        answer = ANSWER.match(lines[start + 1]) if start + 1 < end else None
        options = tuple(_options(lines[start + 1 : end]))
        name = answer["name"] if answer else ""
        found.append(Question(opening["question"], name, options, (start, end + 1)))
    return found


def _end(lines: list[str], start: int) -> int:
    """Return the line that closes a block; blocks may stand in it."""
    depth = 0
    for at in range(start, len(lines)):
        if re.match(r"///[ ]*\w", lines[at]):
            depth += 1
        elif re.match(r"///[ ]*$", lines[at]):
            depth -= 1
        if not depth:
            return at
    return len(lines) - 1


def _options(lines: list[str]) -> Iterator[Option]:
    starts = [(at, match) for at, line in enumerate(lines) if (match := OPTION.match(line))]
    ends = [*(at for at, _ in starts[1:]), len(lines)]
    for (at, match), end in zip(starts, ends, strict=True):
        reason = "\n".join(lines[at + 1 : end]).strip()
        yield Option(match["mark"] == "x", match["value"], match["words"], reason)


def wrong(
    question: Question, values: Mapping[str, Fact], language: str, *, decided: bool = True
) -> Iterator[str]:
    """Yield what is wrong with a question.

    Args:
        question: The question.
        values: What the cells of its page leave, by name.
        language: That of its words.
        decided: Whether its cells have run, so that its answer can be told.
    """
    said = f"the question “{question.text}”"
    options = question.options
    marked = [option for option in options if option.marked]
    if len(options) < 2 or len(marked) != 1:
        yield (
            f"{said} has {len(options)} options, {len(marked)} of them marked: write each as "
            "( ) value | words, and exactly one as (x) value | words"
        )
        return
    for option in options:
        if not option.reason:
            yield f"{said} does not tell below “{option.words}” why that is right or wrong"
        named = tells(option.value.replace("_", " "), "en").keys() & set(NAMES)
        if missing := named - tells(option.words, language).keys():
            yield (
                f"{said} has “{option.words}” for {option.value}, and does not say "
                f"{', '.join(sorted(missing))}: are options swapped?"
            )
    if not decided:
        return
    value = values.get(question.answer)
    if value is None or isinstance(value, float):
        yield (
            f"{said} names {question.answer or 'nothing'} as its answer: write    answer: name "
            "right below it, with the name of a whole number, a text or a bool that a cell leaves"
        )
        return
    found = [option for option in options if option.value == written(value)]
    if found != marked:
        yield (
            f"{said} marks {marked[0].value}, but {question.answer} is {written(value)}: its "
            "options or the code are wrong"
        )


def written(value: Fact) -> str:
    """Write a value as an option states it."""
    return {True: "yes", False: "no"}[value] if isinstance(value, bool) else str(value)


def differences(here: str, english: str) -> Iterator[str]:
    """Yield what the questions of a translation do not share with those of its English page."""
    ours, theirs = ([question.key for question in read(page)] for page in (here, english))
    for number, (one, other) in enumerate(zip(ours, theirs, strict=False), start=1):
        if one != other:
            yield f"question {number} has the answer and options {one}, in English {other}"
    if len(ours) != len(theirs):
        yield f"there are {len(ours)} questions, and on the English page {len(theirs)}"


def put_in(markdown: str, questions: list[Question], labels: Mapping[str, str]) -> str:
    """Write each question as lines that open."""
    lines = markdown.split("\n")
    for question in reversed(questions):
        parts = [f"{question.text}\n{{: .asked }}"]
        for option in question.options:
            kind = "right" if option.marked else "wrong"
            # A block does not go on in the paragraph of the verdict.
            gap = "\n\n" if option.reason.startswith("///") else "\n"
            reason = f"**{labels[kind]}**{gap}{option.reason}"
            parts.append(f"/// details | {option.words}\n    type: {kind}\n\n{reason}\n///")
        start, end = question.lines
        lines[start:end] = "\n\n".join(parts).split("\n")
    return "\n".join(lines)
