"""The parts of a Markdown text that are code, and those that are not."""

import re
from collections.abc import Callable, Iterator

_CODE = (
    r"^(?P<indent>[ ]*)(?P<fence>`{3,}|~{3,})(?P<info>[^\n]*)\n(?s:.*?)^[ ]*(?P=fence)[`~]*[ ]*$"
    r"|(?<!`)(?P<ticks>`+)(?!`)(?:(?!\n[ ]*\n)(?s:.))+?(?<!`)(?P=ticks)(?!`)"  # in one paragraph
)


def substitute(pattern: str, change: Callable[[re.Match[str]], str], text: str) -> str:
    """Change each match of a pattern that does not stand in code; it may contain code."""

    def changed(match: re.Match[str]) -> str:
        return match[0] if match["fence"] or match["ticks"] else change(match)

    return re.sub(f"{pattern}|{_CODE}", changed, text, flags=re.MULTILINE)


def find(pattern: str, text: str) -> list[re.Match[str]]:
    """Return the matches of a pattern that do not stand in code."""
    found: list[re.Match[str]] = []

    def note(match: re.Match[str]) -> str:
        found.append(match)
        return match[0]

    substitute(pattern, note, text)
    return found


def fences(text: str) -> Iterator[str]:
    """Yield what stands behind the opening of each fenced block, such as `python`."""
    for code in re.finditer(_CODE, text, re.MULTILINE):
        if code["fence"]:
            yield code["info"].strip()
