"""The words of all figures, in two languages: what a figure says is written here alone.

`names` holds what figures call things. The sentences of each room, with placeholders for what
is computed, stand in the module of its name.
"""

import re
from collections.abc import Mapping
from typing import Literal, TypeAlias

Language: TypeAlias = Literal["en", "zh"]
"""The languages that figures speak."""
_FORBIDDEN = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\ud800-\\udfff\\ufffe\\uffff]")


def words_in(lang: Language, table: Mapping[str, dict[str, str]]) -> dict[str, str]:
    """Return the words of a language, or say which there are."""
    if lang not in table:
        raise ValueError(f"lang must be one of {', '.join(map(repr, table))}, got {lang!r}")
    return table[lang]


class Count(int):
    """A number of things, after which a sentence can choose between one word and another.

    Examples:
        >>> from attncues.words import Count
        >>> [f"{n} {n:row|rows}" for n in (Count(1), Count(2))]
        ['1 row', '2 rows']
    """

    def __format__(self, spec: str) -> str:
        one, bar, several = spec.partition("|")
        if not bar:
            return super().__format__(spec)
        return one if self == 1 else several


def minus(text: str) -> str:
    """Write a minus sign where a program writes a hyphen."""
    return text.replace("-", "−")


def legible(text: str) -> str:
    """Give signs that XML forbids a shape: control pictures, and U+FFFD where there is none."""
    return _FORBIDDEN.sub(lambda m: chr(0x2400 + ord(m[0])) if m[0] < " " else "\ufffd", text)
