"""Find in outputs what tells of the machine that builds: its folders, its user, its name."""

import contextlib
import functools
import getpass
import json
import re
import socket
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

SAY_NOTHING = {"", "localhost", "root", "runner", "user"}
"""Names that very many machines have."""


def leaks(outputs: Sequence[Mapping[str, Any]], book: str) -> Iterator[str]:
    """Yield what outputs tell of the machine.

    Args:
        outputs: As Jupyter notes them.
        book: Its own text and code. A name that stands there may stand in outputs, too:
            someone who is called Desk can build a book on desks.
    """
    text = json.dumps([[one.get("text"), one.get("data")] for one in outputs], ensure_ascii=False)
    text = re.sub(r"[A-Za-z0-9+/=]{200,}", "", text)  # pictures in base 64 may hold anything
    for kind, folder in _folders():
        if _stands_in(folder, text):
            yield f"the {kind} of this machine, {folder}"
    words = re.sub(r"<[^>]*>", " ", text)
    for kind, name in _names():
        if _stands_in(name, words) and not _stands_in(name, book):
            yield f"the name of this {kind}, {name}"


def _stands_in(value: str, text: str) -> bool:
    return re.search(rf"(?<![\w/-]){re.escape(value)}(?![\w-])", text) is not None


def _folders() -> Iterator[tuple[str, str]]:
    temporary = tempfile.gettempdir()
    for folder in {temporary, str(Path(temporary).resolve())}:
        yield "temporary folder", folder
    with contextlib.suppress(RuntimeError):  # none is known
        if (home := str(Path.home())) != "/":
            yield "home folder", home


@functools.cache
def _names() -> list[tuple[str, str]]:
    host = socket.gethostname()
    found = [("machine", host), ("machine", host.partition(".")[0])]
    with contextlib.suppress(OSError, KeyError, ImportError):  # a user without a name
        found.append(("user", getpass.getuser()))
    return [(kind, name) for kind, name in found if name not in SAY_NOTHING]
