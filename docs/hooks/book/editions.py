"""The editions of the site: which English page a translation was made from, and if it is stale.

A translated page states `source:` in its front matter, the start of a hash of the English
page. If the English page has changed since, the build shows a note above the translation.

    python docs/hooks/book/editions.py list         what is stale, missing or orphaned
    python docs/hooks/book/editions.py diff PAGE    what changed in the English page since
    python docs/hooks/book/editions.py done PAGE    mark a translation as brought up to date

PAGE is the translation, such as zh/cues.md. Without a command, this lists.
"""

import argparse
import difflib
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File
from mkdocs.structure.pages import Page

DEFAULT_LANGUAGE = "en"
SOURCE = re.compile(r"^source: *([0-9a-f]+) *$", re.MULTILINE)
DOCS = Path(__file__).resolve().parents[2]


def language(file: File) -> str:
    """The language of a page, the first folder of its path."""
    return file.src_uri.split("/")[0]


def stamp(content: bytes) -> str:
    """What a translation states of the English page that it was made from."""
    return hashlib.sha256(content).hexdigest()[:16]


def stated(page: Path) -> str | None:
    """The stamp that a translation carries."""
    front = page.read_text(encoding="utf-8").partition("\n---\n")[0]
    found = SOURCE.search(front)
    return found[1] if found else None


def speak(config: MkDocsConfig) -> None:
    """Tell the reference its language.

    mkdocstrings 1.0 asks for it before mkdocs-static-i18n 1.3 has set it.
    """
    reference: Any = config.plugins["mkdocstrings"]
    reference.handlers._locale = config.theme["language"]


def note_if_stale(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Say above a translation that the English page has changed since."""
    if language(page.file) == DEFAULT_LANGUAGE:
        return markdown
    english = Path(config.docs_dir, DEFAULT_LANGUAGE, *page.file.src_uri.split("/")[1:])
    if english.is_file() and stamp(english.read_bytes()) == str(page.meta.get("source")):
        return markdown
    labels = config.extra["labels"]
    note = f'!!! warning "{labels["stale"]}"\n    {labels["stale_hint"]}\n\n'
    return re.sub(r"^# .+\n", lambda title: f"{title[0]}\n{note}", markdown, count=1, flags=re.M)


def join_lines(html: str, page: Page) -> str:
    """Join the lines of Chinese: between its sentences stands no space."""
    if language(page.file) != "zh":
        return html
    return re.sub(r"([，。：；？！、”）》…](?:</\w+>)*)\n", r"\1", html)


def keep_one_404(output: str, template_name: str, config: MkDocsConfig) -> str:
    """Keep the page for wrong addresses in the default language: a server has only one."""
    other = config.theme["language"] != DEFAULT_LANGUAGE
    return "" if template_name == "404.html" and other else output


def translations(docs: Path) -> Iterator[tuple[str, str, Path, Path]]:
    """Yield state, name, translation and English page for each page of either."""
    english = docs / DEFAULT_LANGUAGE
    for edition in sorted(path for path in docs.glob("??") if path != english):
        names = {
            path.relative_to(folder)
            for folder in (english, edition)
            for path in folder.rglob("*.md")
        }
        for name in sorted(names):
            there, here = edition / name, english / name
            if not there.exists():
                state = "missing"
            elif not here.exists():
                state = "orphaned"
            else:
                state = "current" if stated(there) == stamp(here.read_bytes()) else "stale"
            yield state, f"{edition.name}/{name.as_posix()}", there, here


def changes(there: Path, here: Path) -> str:
    """What changed in the English page since the translation was made from it."""
    log = ["git", "log", "--format=%H", "--", here.name]
    for commit in _git(log, here).decode().split():
        content = _git(["git", "show", f"{commit}:./{here.name}"], here)
        if stamp(content) == stated(there):
            before, after = content.decode().splitlines(), here.read_text("utf-8").splitlines()
            return "\n".join(difflib.unified_diff(before, after, commit[:9], "now", lineterm=""))
    name = f"{there.parent.name}/{there.name}"
    return (
        f"{name} does not state an English page that git knows, so there is nothing to compare "
        f"it with. Read it beside {DEFAULT_LANGUAGE}/{here.name}; once they say the same:\n"
        f"    python docs/hooks/book/editions.py done {name}"
    )


def _git(command: list[str], page: Path) -> bytes:
    return subprocess.run(command, cwd=page.parent, capture_output=True, check=False).stdout


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python docs/hooks/book/editions.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("command", nargs="?", default="list", choices=["list", "diff", "done"])
    parser.add_argument("page", nargs="?", help="such as zh/cues.md")
    options = parser.parse_args(arguments)
    known = {name: (state, there, here) for state, name, there, here in translations(DOCS)}
    if options.command == "list":
        for name, (state, _, _) in known.items():
            if state != "current":
                print(f"{state:9}{name}")
        current = sum(state == "current" for state, _, _ in known.values())
        print(f"{current} of {len(known)} pages are up to date")
        return 0
    if options.page not in known:
        near = difflib.get_close_matches(options.page or "", known, n=1) or sorted(known)[:1]
        parser.error(f"there is no such pair of pages: {options.page}; did you mean {near[0]}?")
    state, there, here = known[options.page]
    absent, other = (there, here) if state == "missing" else (here, there)
    if state in ("missing", "orphaned"):
        absent, other = (path.relative_to(DOCS.parent) for path in (absent, other))
        parser.error(f"there is no {absent} yet: copy {other} to it, and translate what you can")
    if options.command == "diff":
        print(changes(there, here))
        return 0
    text, line = there.read_text(encoding="utf-8"), f"source: {stamp(here.read_bytes())}"
    if stated(there):
        text = SOURCE.sub(line, text, count=1)
    else:
        text = text.replace("---\n", f"---\n{line}\n", 1)
    there.write_text(text, encoding="utf-8")
    print(f"{options.page} is up to date with {here.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
