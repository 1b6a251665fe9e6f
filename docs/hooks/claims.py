"""Find sentences of the chapter that look like results and that nothing holds to the code.

A sentence that counts, compares, names a winner or says never, all or only states a result,
unless it states something of somebody or by definition. So it carries a fact or a mark: see
`engine/claims.py`. A link to the references says whose statement it is. Only the English
pages are looked through: a translation carries the same claims in the same paragraphs.

    python docs/hooks/claims.py             the pages of the chapter
    python docs/hooks/claims.py PAGE ...    such as cues.md
"""

import argparse
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from book.telling import PLACES, RESULTS, sentences, tells
from engine.claims import MARK
from engine.markup import substitute

ENGLISH = Path(__file__).resolve().parents[1] / "en"
CHAPTER = (
    "index.md",
    "cues.md",
    "cues-in-the-laboratory.md",
    "visual-search.md",
    "queries-keys-values.md",
    "visualising-attention.md",
    "reading-heatmaps.md",
    "hard-attention.md",
    "transformers.md",
    "language-model.md",
    "summary.md",
    "exercises.md",
    "translator.md",
    "more-exercises.md",
    "practice.md",
    "teaching.md",
)
HELD = re.compile(r"\x00|\{\{|references\.md#")


def unheld(markdown: str) -> Iterator[tuple[int, str]]:
    """Yield line and words of each sentence that looks like a result, and that nothing holds."""
    held = substitute(MARK, lambda mark: re.sub(r"[^\n]+", "\x00", mark[0]), sentences(markdown))
    picture = False
    for number, line in enumerate(held.splitlines(), start=1):
        opening = markdown.splitlines()[number - 1]
        if opening.startswith("///"):
            picture = opening.startswith("/// cell")
        if HELD.search(line) or line.rstrip().endswith("?"):
            continue
        said = tells(re.sub(r"\]\([^)]*\)|\$[^$]*\$|`[^`]*`|<[^>]*>", "", line), "en")
        if said.keys() & {*RESULTS, *(PLACES if picture else ())}:
            yield number, line.strip()


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python docs/hooks/claims.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("pages", nargs="*", default=CHAPTER, help="such as cues.md")
    total = 0
    for page in parser.parse_args(arguments).pages:
        if not (path := ENGLISH / page).is_file():
            parser.error(f"there is no page docs/en/{page}")
        for line, sentence in unheld(path.read_text(encoding="utf-8")):
            print(f"docs/en/{page}, line {line}: {sentence}")
            total += 1
    print(f"{total} sentences look like results and carry neither a fact nor a mark")
    return 1 if total else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
