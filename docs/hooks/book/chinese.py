"""What a Chinese page must not contain: the rules of contributing.md that a program can check.

    python docs/hooks/book/chinese.py check            all Chinese pages
    python docs/hooks/book/chinese.py check PAGE ...   such as zh/cues.md

Each finding names the line, the words and what to write instead. Spaces between Chinese and
Latin are no concern of an author: `typesetting.py` sets them while the site is built.
"""

import argparse
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1]))  # for a run as a script
from engine.markup import substitute

from book import glossary, parallel

DOCS = Path(__file__).resolve().parents[2]
END = r"(?=[，。；：、？！）”\]]|之间|左右|以后|之后|[到和与时的了]|$)"
WORDS = (
    (r"(?<!“)(?:只是看看|一心找\w)", "put the name of a state into quotes, as in “只是看看”"),
    (r"零(?![件星散])", "write the number as 0"),
    (
        rf"(?:[为是于到从作了过至近全都好])一(?!开始){END}|[两三四五六七八九十]个一(?!个)"
        r"|(?<![十百])一左右",
        "write it as 1",
    ),
    (
        r"[一二两三四五六七八九十几每哪这那各多同] ?样(?:东西|纸)",
        "call it 物体, and count it with 个",
    ),
    (r"翻译器", "call it 翻译模型"),
    (r"张(?:[^，。；、：张 ]{0,3}(?<!书)图(?![片像]))", "count maps and figures with 幅"),
    (r"个[^，。；、：个]{0,4}咖啡杯", "count cups with 只"),
    (r"[\u4e00-\u9fff][,;:?!]|[,;:?!][\u4e00-\u9fff]", "use full-width punctuation"),
)
"""Words or signs, and what to do about them."""
NOT_PROSE = (
    r"\A---\n(?s:.*?)\n---\n|\$\$(?s:.*?)\$\$|\$[^$\n]+\$|\{\{.*?\}\}|\{[^}\n]*\}|\]\([^)\n]*\)"
    r"|<[^>\n]*>|https?://\S+|^[ ]*/{3,}.*$|^:::.*$|^[ ]{4,6}(?:type|options|members|show_\w+):.*$"
    r"|^!!! \w+|^[ ]{4}alt:"
)
EMPHASIS = re.compile(r"(?<![*\\])(\*{1,2})(?![*\s])([^*\n]+)(?<!\s)\1(?!\*)")


@dataclass(frozen=True)
class Finding:
    """A place that offends against a rule, and what mends it."""

    line: int
    words: str
    remedy: str

    def __str__(self) -> str:
        return f"line {self.line}: “{self.words}”: {self.remedy}"


def findings(page: str, terms: list[glossary.Term], avoid: dict[str, str]) -> list[Finding]:
    """List what is wrong in a page, in the order of its lines.

    Args:
        page: Markdown in Chinese.
        terms: Those of the glossary, in Chinese.
        avoid: Words that no page uses, and the term for each.
    """
    prose = _prose(page)
    return sorted(
        [
            *_words(page, prose, avoid),
            *_pronouns(page),
            *_colons(prose),
            *_halves(prose, terms),
            *_names(prose),
        ],
        key=lambda finding: finding.line,
    )


def _prose(page: str) -> str:
    """Blank all that is no prose; the rest stays in its place."""
    prose = substitute(NOT_PROSE, _blank, page)
    return re.sub(r"^([ ]*)(`{3,})[^\n]*\n(?s:.*?)^\1\2[ ]*$|`[^`\n]+`", _blank, prose, flags=re.M)


def _blank(match: re.Match[str]) -> str:
    return re.sub(r"[^\n]", " ", match[0])


def _at(text: str, place: int) -> int:
    return text.count("\n", 0, place) + 1


def _words(page: str, prose: str, avoid: dict[str, str]) -> Iterator[Finding]:
    rules = [*WORDS, *((re.escape(word), f"write {term}") for word, term in avoid.items())]
    for pattern, remedy in rules:
        for match in re.finditer(pattern, prose, re.MULTILINE):
            start = max(page.rfind("\n", 0, match.start()) + 1, match.start() - 6)
            shown = page[start : match.end() + 6].partition("\n")[0].strip()
            yield Finding(_at(prose, match.start()), shown, remedy)
    for match in re.finditer(r"(?:\}\}|\d) ?乘 ?(?:\{\{|\d)", page):
        yield Finding(_at(page, match.start()), match[0], "write × for 乘, as in 8×8")


def _pronouns(page: str) -> Iterator[Finding]:
    for paragraph in parallel.paragraphs(page):
        count = "".join(paragraph.lines).count("它")
        if paragraph.sort not in ("code", "formula") and count > 2:
            yield Finding(
                paragraph.first,
                paragraph.lines[0].strip()[:16],
                f"这一段有 {count} 个“它”: name the thing, or join sentences; two are enough",
            )


def _colons(prose: str) -> Iterator[Finding]:
    for number, line in enumerate(prose.splitlines(), start=1):
        for sentence in re.split(r"[。？！|]", line):
            if sentence.count("：") > 1:
                remedy = "one colon a sentence is enough: part it, or join with a comma"
                yield Finding(number, re.sub(r"\s+", " ", sentence).strip()[:30], remedy)


def _halves(prose: str, terms: list[glossary.Term]) -> Iterator[Finding]:
    """Look for emphasis that begins or ends inside a term, as in *非自主性*提示."""
    names = {name for term in terms for name in (term.name, *term.other) if len(name) > 2}
    longest_first = sorted(names, key=len, reverse=True)
    for number, line in enumerate(prose.splitlines(), start=1):
        plain, edges = "", []
        place = 0
        for match in EMPHASIS.finditer(line):
            plain += line[place : match.start()]
            edges.append((len(plain), match[0]))
            plain += match[2]
            edges.append((len(plain), match[0]))
            place = match.end()
        plain += line[place:]
        for edge, words in edges:
            for name in longest_first:
                if any(
                    found.start() < edge < found.end()
                    for found in re.finditer(re.escape(name), plain)
                ):
                    yield Finding(number, words, f"emphasise the whole word, {name}")
                    break


def _names(prose: str) -> Iterator[Finding]:
    """Look for people without their original names where a page first names them."""
    known: set[str] = set()
    for match in re.finditer(r"[\u4e00-\u9fff]{1,6}·(?:[A-Z]\. ?)?[\u4e00-\u9fff]{1,5}", prose):
        last = match[0].rpartition("·")[2]
        if not known & {last, last[:2]} and not re.search(
            r"·[^，。、；]{1,12}（[A-Z]", prose[match.start() : match.end() + 20]
        ):
            yield Finding(
                _at(prose, match.start()), match[0], "add the original name, as in 西蒙（Simon）"
            )
        known |= {last, last[:2]}


def check(docs: Path, pages: list[str]) -> Iterator[tuple[str, Finding]]:
    """Yield page and finding, page by page."""
    terms, avoid = glossary.terms(docs, "zh"), glossary.avoided(docs)
    for name in pages:
        text = (docs / name).read_text(encoding="utf-8")
        used = {} if name.endswith("glossary.md") else avoid
        for finding in findings(text, terms, used):
            yield name, finding


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python docs/hooks/book/chinese.py",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    known = sorted(f"zh/{path.name}" for path in (DOCS / "zh").glob("*.md"))
    parser.add_argument("command", choices=["check"])
    parser.add_argument("pages", nargs="*", metavar="PAGE", help="such as zh/cues.md")
    options = parser.parse_args(arguments)
    if unknown := set(options.pages) - set(known):
        parser.error(f"there is no page {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    found = list(check(DOCS, options.pages or known))
    for name, finding in found:
        print(f"docs/{name}, {finding}")
    if found:
        print(f"{len(found)} places to mend; see “翻译” in docs/zh/contributing.md")
    return int(bool(found))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
