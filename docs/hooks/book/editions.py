"""The editions of the site: which English page a translation was made from, and if it is stale.

A translated page states `source:` in its front matter, the start of a hash of the English
page. If the English page has changed since, the build shows a note above the translation.

    python docs/hooks/book/editions.py list         what is stale, missing or orphaned; also of
                                                    the reference, in docs/docstrings.csv
    python docs/hooks/book/editions.py diff PAGE    what changed in the English page since
    python docs/hooks/book/editions.py check PAGE   what the two pages do not share
    python docs/hooks/book/editions.py done PAGE    mark a translation as brought up to date

PAGE is the translation, such as zh/cues.md. Without a command, this lists. Without a PAGE,
`check` compares all translations that are not stale, as a build does.

Before `done` marks a translation, both pages must have the same claims, numbers, formulas and
references. Then it shows each sentence with a claim or a computed number beside its twin, and
asks if both say the same: that, no program can tell. What neither edition has changed since the
translation was last marked is not asked again. `--yes` answers for a script, once someone has
read the sentences.
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

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for a run as a script
from book import docstrings, parallel

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
    return _stated(page.read_text(encoding="utf-8"))


def _stated(page: str) -> str | None:
    found = SOURCE.search(page.partition("\n---\n")[0])
    return found[1] if found else None


def speak(config: MkDocsConfig) -> None:
    """Tell the reference its language.

    mkdocstrings 1.0 asks for it before mkdocs-static-i18n 1.3 has set it.
    """
    reference: Any = config.plugins["mkdocstrings"]
    reference.handlers._locale = config.theme["language"]


def english(page: Page, config: MkDocsConfig) -> Path:
    """The English page of a page."""
    return Path(config.docs_dir, DEFAULT_LANGUAGE, *page.file.src_uri.split("/")[1:])


def is_stale(page: Page, config: MkDocsConfig) -> bool:
    """Whether the English page of a translation has changed since."""
    if language(page.file) == DEFAULT_LANGUAGE:
        return False
    source = english(page, config)
    return not source.is_file() or stamp(source.read_bytes()) != str(page.meta.get("source"))


def differences(page: Page, config: MkDocsConfig) -> Iterator[str]:
    """Yield what a translation does not share with its English page.

    One that is stale may use other words and lack whole paragraphs, but in the paragraphs that
    both have, the claims and numbers are the same. One that states no version is a draft.
    """
    if language(page.file) != DEFAULT_LANGUAGE and page.meta.get("source"):
        there = Path(config.docs_dir, page.file.src_uri)
        yield from _compare(there, english(page, config), stale=is_stale(page, config))


def _compare(there: Path, here: Path, *, stale: bool = False) -> Iterator[str]:
    pages = [path.read_text(encoding="utf-8") for path in (here, there)]
    if stale and not parallel.match(*pages):
        return
    for difference in parallel.differences(*pages):
        if not (stale and difference.kind == "word"):
            yield str(difference)


def note_if_stale(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Say above a translation that the English page has changed since."""
    if not is_stale(page, config):
        return markdown
    labels = config.extra["labels"]
    note = f'!!! warning "{labels["stale"]}"\n    {labels["stale_hint"]}\n\n'
    return re.sub(r"^# .+\n", lambda title: f"{title[0]}\n{note}", markdown, count=1, flags=re.M)


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
    for commit, content in _versions(here):
        if stamp(content) == stated(there):
            before, after = content.decode().splitlines(), here.read_text("utf-8").splitlines()
            return "\n".join(difflib.unified_diff(before, after, commit[:9], "now", lineterm=""))
    name = f"{there.parent.name}/{there.name}"
    return (
        f"{name} does not state an English page that git knows, so there is nothing to compare "
        f"it with. Read it beside {DEFAULT_LANGUAGE}/{here.name}; once they say the same:\n"
        f"    python docs/hooks/book/editions.py done {name}"
    )


def to_read(there: Path, here: Path) -> list[parallel.Pair]:
    """The sentences whose claims must be compared, but those that stand as they were compared."""
    mark = stated(there)
    english = [page for _, page in _versions(here) if stamp(page) == mark]
    marked = [page for _, page in _versions(there) if mark and _stated(page.decode()) == mark]
    read = [
        set(page.decode().splitlines())
        for page in [*english[:1], *marked[-1:]]  # the oldest that states it
    ]
    pairs = parallel.sentences(here.read_text("utf-8"), there.read_text("utf-8"))
    if not (english and marked):
        return list(pairs)
    return [
        pair
        for pair in pairs
        if not all(
            set(said.splitlines()) <= known
            for said, known in zip((pair.english, pair.translated), read, strict=True)
        )
    ]


def _versions(page: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the commits that changed a page, the newest first, and the page in each."""
    for commit in _git(["git", "log", "--format=%H", "--", page.name], page).decode().split():
        yield commit, _git(["git", "show", f"{commit}:./{page.name}"], page)


def _git(command: list[str], page: Path) -> bytes:
    return subprocess.run(command, cwd=page.parent, capture_output=True, check=False).stdout


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python docs/hooks/book/editions.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = ["list", "diff", "check", "done"]
    parser.add_argument("command", nargs="?", default="list", choices=commands)
    parser.add_argument("page", nargs="?", help="such as zh/cues.md")
    parser.add_argument("--yes", action="store_true", help="the sentences have been read: mark it")
    options = parser.parse_args(arguments)
    known = {name: (state, there, here) for state, name, there, here in translations(DOCS)}
    if options.command == "list":
        for name, (state, _, _) in known.items():
            if state != "current":
                print(f"{state:9}{name}")
        for difference in docstrings.differences(DOCS):
            print(f"stale    {difference}")
        current = sum(state == "current" for state, _, _ in known.values())
        print(f"{current} of {len(known)} pages are up to date")
        return 0
    if options.command == "check" and not options.page:
        names = [name for name, (state, _, _) in known.items() if state == "current"]
        apart = [name for name in names if _say_differences(name, *known[name][1:])]
        print(
            f"{len(names) - len(apart)} of {len(names)} translations that are not stale "
            "have the same claims, numbers, formulas and references as the English page"
        )
        texts = list(docstrings.differences(DOCS))
        print(*texts, sep="\n" if texts else "", end="\n" if texts else "")
        return int(bool(apart or texts))
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
    if _say_differences(options.page, there, here):
        return 1
    if options.command == "check":
        print(f"{options.page} has the same claims, numbers, formulas and references")
        return 0
    if not _agreed(options.page, to_read(there, here), options.yes):
        return 1
    text, line = there.read_text(encoding="utf-8"), f"source: {stamp(here.read_bytes())}"
    if stated(there):
        text = SOURCE.sub(line, text, count=1)
    else:
        text = text.replace("---\n", f"---\n{line}\n", 1)
    there.write_text(text, encoding="utf-8")
    print(f"{options.page} is up to date with {here.name}")
    return 0


def _say_differences(name: str, there: Path, here: Path) -> bool:
    """Print what a translation does not share with its English page; tell if there is any."""
    found = list(_compare(there, here))
    for difference in found:
        print(f"{name}, {difference}\n")
    return bool(found)


def _agreed(name: str, pairs: list[parallel.Pair], read: bool) -> bool:
    """Show sentences beside their twins, and ask of each pair if both claim the same."""
    asking = sys.stdin.isatty() and not read
    apart = []
    for at, pair in enumerate(pairs, start=1):
        print(f"\n{at} of {len(pairs)}\n{pair}")
        if asking and not _yes("Do both claim the same? [Y/n] "):
            apart.append(pair)
    if apart:
        places = ", ".join(str(pair.lines[1]) for pair in apart)
        print(f"\n{name} is not marked. Mend what differs and try again; its lines: {places}")
    elif pairs and not asking and not read:
        print(
            f"\n{name} is not marked: nobody could be asked, since this is no terminal. Once "
            "someone has read these sentences and both editions claim the same, add --yes"
        )
        return False
    return not apart


def _yes(question: str) -> bool:
    """Ask until the answer is yes or no; Enter is yes, and an end of the input is no."""
    while True:
        try:
            answer = input(question).strip().lower()
        except EOFError:
            return False
        if answer in ("", "y", "yes", "n", "no"):
            return answer[:1] != "n"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
