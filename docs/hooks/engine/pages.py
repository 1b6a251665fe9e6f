"""Turn pages that cite cells into pages of the site, with what their cells computed.

    /// cell | first-look second-look
        alt: What the figure shows

    A caption, if there is one.
    ///

The block becomes the code of the cells and what they show, as Markdown, and MkDocs renders
it as it renders every page: with checked links, anchors, admonitions and a contents list.
The executed notebook of the page is written, too; mkdocs-jupyter publishes it.
"""

import contextlib
import functools
import html
import json
import posixpath
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from . import claims, temporary
from .cells import Cell, ScriptError, read_cells
from .claims import Claims
from .complaints import complain, complain_at, report
from .facts import NO_FACTS, Facts
from .markup import fences, find, substitute
from .runs import CellError, Job, Run, Runs

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
BLOCK = (
    r"^///[ ]*cell[ ]*\|(?P<names>[^\n]*)\n"
    r"(?P<stated>(?:[ ]{4}[^\n]*\n)*)"
    r"(?P<caption>(?s:.*?))^///[ ]*$"
)
ATTRIBUTES = "attributes"
"""Where an output holds attributes for its SVG on the page; the notebook has none of them."""
CONTROL = r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]"
"""Characters that HTML and XML refuse."""
SIGNS = {chr(code): chr(0x2400 + code) for code in range(0x20)} | {"\x7f": "\u2421"}
"""What is written for them."""
CHECKS = '<div data-checks="1"></div>'
"""Where the checks of a page stand."""
NOTHING = Run([], {}, {}, {})
OPENED = r"^[ ]*///[ ]*cell\b[^\n]*$"


@dataclass
class Block:
    """A place of a page that shows cells.

    Attributes:
        cells: The cells that it cites.
        alt: What its figures show, for those who cannot see them.
        caption: The words below what is shown, in Markdown.
        shown: What each of the cells showed.
    """

    cells: list[Cell]
    alt: str
    caption: str
    shown: list[list[dict[str, Any]]]

    @property
    def outputs(self) -> list[dict[str, Any]]:
        """What the cells showed, in one list."""
        return [output for outputs in self.shown for output in outputs]

    @property
    def name(self) -> str:
        """Its name as a place of the page: that of its first cell."""
        return self.cells[0].name


@dataclass
class Notebook:
    """A page with cells, and what came out of them.

    Attributes:
        page: The path of the page.
        cells: Its cells by name, in the order of the script.
        result: What came out of them.
        facts: What its sentences may name.
        claims: What its sentences may claim.
        broken: The cell that is wrong, if one is.
        wrong: What is wrong with it, or with the whole script.
        before: What came out when nothing was wrong yet, in this preview.
        shown: The outputs that its HTML has a place for.
        places: Where its HTML shows the code of each cell.
    """

    page: str
    cells: dict[str, Cell]
    result: Run | CellError
    facts: Facts = NO_FACTS
    claims: Claims = field(default_factory=Claims)
    broken: str = ""
    wrong: str = ""
    before: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    shown: list[str] = field(default_factory=list)
    places: dict[str, str] = field(default_factory=dict)

    def outputs(self, cell: Cell) -> list[dict[str, Any]]:
        """Return what a cell showed, to be changed; if the page is wrong, what it showed before."""
        return [
            output | ({"data": dict(output["data"])} if "data" in output else {})
            for output in self._all_outputs().get(cell.name, [])
        ]

    def _all_outputs(self) -> dict[str, list[dict[str, Any]]]:
        if isinstance(self.result, CellError):
            return self.before
        return dict(zip(self.cells, self.result.outputs, strict=True))

    def after(self, other: "Notebook | None") -> "Notebook":
        """Return this page that is wrong, and show of another what it cannot show itself."""
        if other is None:
            return self
        return replace(
            self,
            cells=self.cells or other.cells,
            facts=other.facts,
            claims=other.claims,
            before=other._all_outputs(),
        )

    def lacks(self, block: Block) -> bool:
        """Whether a block cannot be shown whole, since a cell is wrong."""
        names = {cell.name for cell in block.cells}
        wrong = isinstance(self.result, CellError)
        return wrong and (self.broken in names or not names <= self.before.keys())


class Pages:
    """The pages with cells of one edition.

    Args:
        runs: What runs cells.
        scripts: The folder of their scripts, within the folder of the package.
    """

    def __init__(self, runs: Runs, scripts: str) -> None:
        self.runs = runs
        self.folder = runs.settings.package / scripts
        self.known_as = f"{runs.settings.package.name}/{scripts}"
        self.notebooks: dict[str, Notebook] = {}
        self.right: dict[str, Notebook] = {}  # as they were when nothing was wrong with them
        self.memory: dict[Job, Run | CellError] = {}
        self.folder_of_notebooks = temporary.folder("notebooks")

    def script(self, file: File) -> Path:
        """Where the cells of a page stand, if it has any: `an-idea.md` has `an_idea.py`."""
        return self.folder / f"{Path(file.src_uri).stem.replace('-', '_')}.py"

    def is_notebook(self, file: File) -> bool:
        """Whether a page has cells, or has been executed."""
        executed = str(file.abs_src_path).endswith(".ipynb")
        return file.is_documentation_page() and (executed or self._has_cells(file))

    def _has_cells(self, file: File) -> bool:
        return file.src_uri.count("/") == 1 and self.script(file).is_file()

    def warm_up(self) -> None:
        """Begin to import what cells import, if any cell has to run."""
        jobs = []
        for script in sorted(self.folder.glob("[a-z]*.py")):
            known_as = f"{self.known_as}/{script.name}"
            with contextlib.suppress(ScriptError):  # told of later
                jobs.append(Job(known_as, tuple(read_cells(script, known_as))))
        if not self.runs.knows(jobs):
            self.runs.warm_up()

    def run(self, files: Files, *, remember: bool) -> None:
        """Run the cells of all pages that have some, unless it is known what comes out.

        Args:
            files: Those of the edition.
            remember: Whether what one edition has run serves the next without a cache.
        """
        self.notebooks.clear()
        jobs: dict[str, Job] = {}
        for file in files.documentation_pages():
            if self._has_cells(file):
                known_as = f"{self.known_as}/{self.script(file).name}"
                try:
                    job = Job(known_as, tuple(read_cells(self.script(file), known_as)))
                except ScriptError as error:
                    report(str(error))
                    unreadable = _unreadable(file, known_as, error)
                    self.notebooks[file.src_uri] = unreadable.after(self.right.get(file.src_uri))
                else:
                    jobs[file.src_uri] = job
        missing = [job for job in dict.fromkeys(jobs.values()) if job not in self.memory]
        results = self.memory | dict(zip(missing, self.runs.run(missing), strict=True))
        self.memory = results if remember else {}
        for page, job in jobs.items():
            result = results[job]
            cells = {cell.name: cell for cell in job.cells}
            notebook = self.notebooks[page] = Notebook(page, cells, result)
            if isinstance(result, CellError):
                report(str(result))
                notebook.broken, notebook.wrong = result.cell, str(result)
                self.notebooks[page] = notebook.after(self.right.get(page))
            else:
                self.right[page] = notebook
                words = result.words.get(page.split("/")[0], {})
                sources = [cell.source for cell in job.cells]
                notebook.facts = Facts.of({**result.facts, **words}, sources)
                notebook.claims = Claims.of(job.cells, notebook.facts, result.compared)

    def uncited(self, files: Files, docs: Path) -> Iterator[str]:
        """Yield what is wrong with cells that no edition of their page shows."""
        for file in files.documentation_pages():
            if (notebook := self.notebooks.get(file.src_uri)) is None:
                continue
            editions = docs.glob(f"*/{file.src_uri.partition('/')[2]}")
            cited = {name for edition in editions for name in _cited(edition)}
            for cell in notebook.cells.values():
                if cell.name not in cited and "hide-cell" not in cell.tags:
                    yield (
                        f"{self.known_as}/{self.script(file).name}, line {cell.line}: no page "
                        f'shows the cell {cell.name}; cite it, or give it tags=["hide-cell"]'
                    )

    def blocks(self, notebook: Notebook, markdown: str) -> Iterator[Block]:
        """Yield the blocks of a page that can be read; the others are complained of later."""
        for match in _blocks(markdown):
            block, _ = _block(match, notebook)
            if block is not None:
                yield block

    def to_markdown(
        self,
        markdown: str,
        page: Page,
        files: Files,
        config: MkDocsConfig,
        *,
        dress: Callable[[Block, Page], None],
        captions: Callable[[Block], Iterable[str]],
    ) -> str:
        """Return the Markdown of a page with its cells, and write its executed notebook.

        Args:
            markdown: That of the page, as its author wrote it.
            page: The page; its source becomes the notebook.
            files: Those of the edition.
            config: Of the site.
            dress: Called with each block and the page, before it is shown: it chooses among
                outputs, changes them, and complains of what it does not like.
            captions: Called with each block that has a caption; returns more lines for it.
        """
        for message in shown_and_not_run(markdown):
            complain(page, message)
        notebook = self.notebooks.get(page.file.src_uri)
        if notebook is None:
            if blocks := _blocks(markdown):
                names = [name for block in blocks for name in block["names"].split()]
                report(stub := self._stub(names, page, Path(config.docs_dir)))
                markdown = _under_title(markdown, stub)
            elif any(_opened(markdown)):
                known_as = f"{self.known_as}/{self.script(page.file).name}"
                complain(page, f"it shows cells and has none: write them into {known_as}")
            return self._filled(markdown, page, Notebook(page.file.src_uri, {}, NOTHING))
        if not notebook.cells:
            return _under_title(markdown, notebook.wrong)
        markdown = self._filled(markdown, page, notebook)
        notebook.shown.clear()
        notebook.places.clear()
        labels = config.extra["labels"]
        parts: list[str | Block] = []
        cited: Counter[str] = Counter()
        written, end = "", 0
        for match in _blocks(markdown):
            prose = markdown[end : match.start()]
            end = match.end()
            parts.append(prose)
            written += prose
            block, wrong = _block(match, notebook)
            for message in wrong:
                complain(page, message)
            if unknown := [name for name in match["names"].split() if name not in notebook.cells]:
                wrong.append(self._stub(unknown, page, Path(config.docs_dir), notebook.cells))
                report(wrong[-1])
            if wrong:
                written += _told("\n".join(wrong))
            elif block is not None and notebook.lacks(block):
                block.shown = [[] for _ in block.cells]
                cited.update(cell.name for cell in block.cells)
                written += _written(block, notebook, labels, captions)
                if any(cell.name == notebook.broken for cell in block.cells):
                    written += f"\n\n{_told(notebook.wrong)}"
            elif block is not None:
                if shown_late := _out_of_order(block, notebook, cited):
                    complain(page, f"{shown_late} is shown after a cell that runs after it")
                cited.update(cell.name for cell in block.cells)
                dress(block, page)
                _check(block, page)
                parts.append(block)
                written += _written(block, notebook, labels, captions)
        written += markdown[end:]
        parts.append(markdown[end:])
        for prose in (part for part in parts if isinstance(part, str)):
            for opening in _opened(prose):
                complain(
                    page,
                    f"a block of cells begins at the margin with /// cell | name and ends with "
                    f"a line of ///; this one does not: {opening.strip()}",
                )
        for name, count in cited.items():
            if count > 1:
                complain(page, f"the cell {name} is shown {count} times")
        if notebook.wrong:
            return written if notebook.broken in cited else _under_title(written, notebook.wrong)
        self.write_notebook(page, self._notebook(page, parts, notebook, files, config))
        return f"{written.rstrip()}\n\n{CHECKS}\n" if notebook.claims.marked else written

    def _filled(self, markdown: str, page: Page, notebook: Notebook) -> str:
        """Put facts into sentences, and make claims links; complain of what is wrong with them."""
        if not notebook.wrong:
            for place, message in notebook.claims.wrong(markdown):
                complain_at(page, markdown, place, message)
        markdown = substitute(r"^    alt: [^\n]*$", lambda alt: claims.spoken(alt[0]), markdown)
        return notebook.facts.fill(
            notebook.claims.to_html(markdown),
            lambda message: None if notebook.wrong else complain(page, message),
        )

    def put_in(self, output: str, page: Page, labels: Mapping[str, str]) -> str:
        """Put in what cells showed and decided, after the search has read the page's words."""
        notebook = self.notebooks.get(page.file.src_uri)
        if notebook is None:
            return output
        output = output.replace(CHECKS, notebook.claims.checks(labels, notebook.places))
        place = re.compile(r'<div data-output="(\d+)"></div>')
        return place.sub(lambda match: notebook.shown[int(match[1])], output)

    def _stub(self, unknown: list[str], page: Page, docs: Path, known: Iterable[str] = ()) -> str:
        """Say how to write cells that a page cites; of all its editions, the same."""
        name = page.file.src_uri.partition("/")[2]
        citing = [
            edition.relative_to(docs).as_posix()
            for edition in sorted(docs.glob(f"*/{name}"))
            if not _cited(edition).isdisjoint(unknown)
        ]
        script = f"{self.known_as}/{self.script(page.file).name}"
        there = f" There are {', '.join(known)}." if known else ""
        stub = "\n\n".join(f'    # %% {one}\n    "What it shows"' for one in unknown)
        return (
            f"{', '.join(citing)}: there is no cell {' '.join(unknown)}.{there} "
            f"To write it, put this into {script}, in the order of the page:\n\n{stub}\n"
        )

    def write_notebook(self, page: Page, content: str) -> None:
        """Write the executed notebook of a page where mkdocs-jupyter will publish it from."""
        path = Path(self.folder_of_notebooks.name, page.file.src_uri).with_suffix(".ipynb")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        page.file.abs_src_path = str(path)
        page.meta["notebook"] = path.name

    def _notebook(
        self,
        page: Page,
        parts: list[str | Block],
        notebook: Notebook,
        files: Files,
        config: MkDocsConfig,
    ) -> str:
        """Write the executed notebook of a page as JSON."""
        cells = [_prose("hint", config.extra["labels"]["notebook_hint"])]
        numbers = {name: number for number, name in enumerate(notebook.cells, start=1)}
        hidden = [cell for cell in notebook.cells.values() if "hide-cell" in cell.tags]
        for place, part in enumerate(parts):
            if isinstance(part, str):
                if text := _for_jupyter(part, page, files, config):
                    cells.append(_prose(f"prose-{place}", text))
                continue
            for cell, outputs in zip(part.cells, part.shown, strict=True):
                while hidden and numbers[hidden[0].name] < numbers[cell.name]:
                    first = hidden.pop(0)
                    cells.append(_code(first, numbers[first.name], []))
                cells.append(_code(cell, numbers[cell.name], outputs))
        metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
        content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
        # nbformat would check it three times, for a tenth of a warm build; a test checks it.
        return json.dumps(content, ensure_ascii=False) + "\n"


def _out_of_order(block: Block, notebook: Notebook, cited: Iterable[str]) -> str | None:
    """Name the first cell that a page shows later than it runs."""
    order = list(notebook.cells)
    last = max((order.index(name) for name in cited), default=-1)
    for cell in block.cells:
        if (place := order.index(cell.name)) < last:
            return cell.name
        last = place
    return None


def _blocks(markdown: str) -> list[re.Match[str]]:
    return find(BLOCK, markdown)


def _cited(page: Path) -> frozenset[str]:
    """The names of the cells that a page cites."""
    return _cited_in(page.read_text(encoding="utf-8"))


@functools.lru_cache(256)
def _cited_in(markdown: str) -> frozenset[str]:
    return frozenset(name for block in _blocks(markdown) for name in block["names"].split())


def _block(match: re.Match[str], notebook: Notebook) -> tuple[Block | None, list[str]]:
    """Read a block; return also what is wrong with it."""
    names, wrong = match["names"].split(), []
    if not names:
        there = ", ".join(notebook.cells)
        wrong.append(f"a block names no cell; there are {there}")
    for name in names:
        if name in notebook.cells and "hide-cell" in notebook.cells[name].tags:
            wrong.append(f"the cell {name} is hidden and shown: take its tag hide-cell away")
    lines = match["stated"].splitlines()
    stated = [line.removeprefix("    alt: ") for line in lines if line.startswith("    alt: ")]
    if len(lines) > len(stated) or len(stated) > 1:
        wrong.append(
            f"the block of {match['names'].strip()} states one line of alt and nothing else; "
            "its caption stands below that, after a blank line"
        )
    if re.search(r"^/{3}", match["caption"], re.MULTILINE):  # it went on to the end of another
        wrong.append(f"a block is not closed, by a line of ///: {match[0].splitlines()[0]}")
    if wrong or not set(names) <= notebook.cells.keys():
        return None, wrong
    cells = [notebook.cells[name] for name in names]
    shown = [notebook.outputs(cell) for cell in cells]
    return Block(cells, "".join(stated), match["caption"].strip(), shown), wrong


def _opened(markdown: str) -> Iterator[str]:
    """Yield the openings of blocks of cells."""
    for match in find(OPENED, markdown):
        yield match[0]


def shown_and_not_run(text: str) -> Iterator[str]:
    """Yield what is wrong with code that is not run and does not say so in its fence."""
    for info in fences(text):
        if re.match(r"(python|py)\b", info, re.IGNORECASE):
            yield (
                f"a fence of {info!r} is shown and not run: a cell stands in the script of the "
                "page, which cites it with /// cell | name; write ```{.python} to only show it"
            )


def _written(
    block: Block,
    notebook: Notebook,
    labels: dict[str, str],
    captions: Callable[[Block], Iterable[str]],
) -> str:
    """Write a block as Markdown; outputs that are not Markdown follow after rendering."""
    seen = [cell for cell in block.cells if "hide-input" not in cell.tags]
    folded = [cell for cell in block.cells if "hide-input" in cell.tags]
    above = [_code_of(seen, notebook, "python")] if seen else []
    # Nine slashes, so that the block may stand in blocks of the page.
    opening = f"///////// details | {labels['code']}\n    type: code\n\n"
    # Without colours, which would be a tenth of the page.
    below = [f"{opening}{_code_of(folded, notebook, 'text')}\n/////////"] if folded else []
    shown = []
    for output in block.outputs:
        if "text/markdown" in output.get("data", {}):
            shown.append(_joined(output["data"]["text/markdown"]))
        else:
            shown.append(f'<div data-output="{len(notebook.shown)}"></div>')
            notebook.shown.append(_show(output, labels, len(notebook.shown)))
    if not (shown and block.caption):
        return "\n\n".join([*above, *shown, *below])
    # By lines, as sentences are: in some languages no space stands between them.
    caption = "\n".join([block.caption, *captions(block)])
    opening = f'<figure class="computed" id="{block.name}" markdown="1">'
    closing = f'<figcaption markdown="span">{caption}</figcaption>\n\n</figure>'
    return "\n\n".join([*above, opening, *shown, closing, *below])


def _code_of(cells: list[Cell], notebook: Notebook, language: str) -> str:
    """Write the code of cells as one fence, and note where it stands."""
    place = f"code-{cells[0].name}"
    notebook.places.update({cell.name: place for cell in cells})
    source = "\n".join(cell.source for cell in cells)
    live = " .live" if any("live" in cell.tags for cell in cells) else ""
    return f"````{{.{language}{live} #{place}}}\n{source}\n````"


def _unreadable(file: File, known_as: str, reason: ScriptError) -> Notebook:
    cell = Cell("script", "", frozenset(), 1)
    error = CellError(Job(known_as, (cell,)), 0, str(reason))
    return Notebook(file.src_uri, {}, error, broken=reason.cell, wrong=str(reason))


def _under_title(markdown: str, wrong: str) -> str:
    """Say what is wrong where a page begins."""
    title = re.search(r"^# .+\n", markdown, re.MULTILINE)
    end = title.end() if title else 0
    return f"{markdown[:end]}\n{_told(wrong)}\n{markdown[end:]}"


def _told(wrong: str) -> str:
    """What stands in the place of what is wrong."""
    return f"````text\n{wrong}\n````\n"


def _check(block: Block, page: Page) -> None:
    """Complain of outputs that a page cannot show, and of words without any."""
    for name in ("caption", "alt"):
        if (words := claims.words(getattr(block, name))) and not block.outputs:
            complain(page, f"the cell {block.name} shows nothing for its {name} {words!r}")
    for output in block.outputs:
        data = output.get("data", {})
        for kind in ("image/svg+xml", "text/html", "text/markdown"):
            if (match := re.search(CONTROL, _joined(data.get(kind, "")))) is not None:
                complain(
                    page,
                    f"the cell {block.name} shows {kind} that holds {match[0]!r}, "
                    "which no page may",
                )
                data[kind] = re.sub(CONTROL, "\ufffd", _joined(data[kind]))
        if "image/svg+xml" in data:
            data.pop("image/png", None)
            if not block.alt:
                complain(
                    page,
                    f"the figure {block.name} needs words: right below /// cell | {block.name}, "
                    "without a blank line, write four spaces and alt: What it shows",
                )
            data["image/svg+xml"] = _named(_joined(data["image/svg+xml"]), block.alt)
        elif output["output_type"] != "stream" and (
            any(kind.startswith("image/") for kind in data)
            or not {"text/html", "text/markdown", "text/plain"} & set(data)
        ):
            complain(page, f"the cell {block.name} shows {', '.join(sorted(data))}, not an SVG")


def _named(svg: str, alt: str) -> str:
    """Put the name of a figure where a screen reader finds it."""
    svg = re.sub(r"<title ?/>|<title>.*?</title>", "", svg, count=1)
    title = f"<title>{html.escape(alt)}</title>"
    return re.sub(r"<svg[^>]*>", lambda start: start[0] + title, svg, count=1)


def _joined(text: str | list[str]) -> str:
    return text if isinstance(text, str) else "".join(text)


def _prose(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _code(cell: Cell, number: int, outputs: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "cell_type": "code",
        "id": cell.name,
        "metadata": {"tags": sorted(cell.tags)} if cell.tags else {},
        "execution_count": number,
        "source": cell.source,
        "outputs": outputs,
    }


def _for_jupyter(prose: str, page: Page, files: Files, config: MkDocsConfig) -> str:
    """Turn what only the site understands, blocks and links between pages, into plain Markdown."""

    def link(match: re.Match[str]) -> str:
        target = posixpath.join(posixpath.dirname(page.file.src_uri), match["page"])
        file = files.get_file_from_path(posixpath.normpath(target))
        if file is None or not config.site_url:
            return match["text"]
        address = urljoin(config.site_url, file.url) + (match["anchor"] or "")
        return f"[{match['text']}]({address})"

    opening, closing = r"^/{3,} *\w+ *\| *(?P<title>.+)$(?:\n    \w+: .*$)*", r"^/{3,} *$"
    text = substitute(opening, lambda match: f"**{match['title']}**", prose)
    text = substitute(closing, lambda _: "", text)
    text = claims.words(text)
    links = r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<page>[\w./-]+\.md)(?P<anchor>#[^)]*)?\)"
    return substitute(links, link, text).strip()


def _show(output: dict[str, Any], labels: dict[str, str], number: int) -> str:
    """Write an output as HTML."""
    attributes, data = output.pop(ATTRIBUTES, ""), output.get("data", {})
    if "image/svg+xml" in data:
        svg = data["image/svg+xml"].replace("<svg", f"<svg {attributes}".rstrip(), 1)
        # Within a page, HTML says what it is.
        svg = svg.replace(' xmlns="http://www.w3.org/2000/svg"', "", 1)
        # The same figure may stand on a page twice; its identifiers may not.
        return re.sub(r"(?<=[\"#])[0-9a-f]{8}-(\d+)(?=[\")])", rf"f{number}-\1", svg)
    if "text/html" in data:
        return _joined(data["text/html"])
    stream = output["output_type"] == "stream"
    text = _printable(_joined(output["text"] if stream else data.get("text/plain", "")))
    label = html.escape(labels["output"])
    return (
        f'<pre class="output" tabindex="0" role="group" aria-label="{label}">'
        f"{html.escape(text).rstrip()}</pre>"
    )


def _printable(text: str) -> str:
    """Do with text what a terminal does; show signs of control that are left as signs."""
    text = re.sub(r"\x1b\[[0-?]*[ -/]*[@-~]", "", text)  # colours
    text = re.sub(r"(?m)^[^\n]*\r(?!\n)", "", text.replace("\r\n", "\n"))  # a line begun anew
    return re.sub(CONTROL, lambda match: SIGNS.get(match[0], "\ufffd"), text)
