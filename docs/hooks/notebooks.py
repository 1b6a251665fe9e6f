"""Turn pages that are notebooks into pages of the site, with what their cells computed.

mkdocs-jupyter recognises such pages and publishes their executed notebooks. Its own HTML
passes by the site's Markdown, so here a page becomes Markdown again, and MkDocs renders
it as it renders every page: with checked links, anchors, admonitions and a contents list.
mkdocs-jupyter 0.27 (Python 3.12) can send Markdown cells through MkDocs itself.
"""

import ast
import html
import json
import posixpath
import re
import runpy
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import gallery
import jupytext
import nbformat
import preview
from editions import DEFAULT_LANGUAGE, language
from facts import NO_FACTS, Fact, FactError, Facts
from kept import cache, digest, keep, recall
from markup import fences, substitute
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, write_file
from mkdocs.utils.meta import get_data
from preview import complain, report
from runs import CellError, Job, Run, Runs

VERSIONS = [
    *(f"{name} {version(name)}" for name in ("jupytext", "nbformat")),
    digest(Path(__file__).read_bytes()),
]
FORMAT = {"extension": ".md", "format_name": "markdown"}
KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}
EXPLORER = "application/vnd.attncues.explorer+json"
"""The type of what makes a figure an explorer: see attncues.style.Figure.explorer."""
OPTIONS = {"alt": '"..."', "caption": '"..."', "figure": '"..."', "tags": '["..."]'}
"""What the fence of a cell may state, and how."""

executed: dict[str, "Notebook"] = {}
"""The notebooks of this build, by the path of their page."""
shared: dict[str, Run | CellError] = {}
"""What one edition of a build has run, for the next, even where no cache can be written."""
figures: dict[str, str] = {}
"""The figures that the package draws by name, and their code."""
folder = tempfile.TemporaryDirectory(prefix="attncues-notebooks-")
"""Where mkdocs-jupyter finds the executed notebooks that it publishes."""


@dataclass
class Notebook:
    """A page with cells, and what came out of them."""

    job: Job
    cells: list[Any]
    result: Run | CellError | None
    facts: Facts = NO_FACTS
    explorers: dict[tuple[int, int], Any] = field(default_factory=dict)
    """What makes outputs explorers, by their cell and their place in it."""

    @classmethod
    def read(cls, file: File, folder: Path) -> "Notebook | None":
        """Read a page; `None` if its front matter names no kernel."""
        if not is_notebook(file):
            return None
        text = file.content_string
        try:
            cells = _cells(text, folder)
        except Exception as error:  # jupytext raises whatever it stumbles over
            return _unreadable(file.src_uri, text, error)
        sources = [cell.source for cell in cells if cell.cell_type == "code"]
        lines, place = [], 0
        for source in sources:
            place = text.find(f"\n{source}\n```", place) + 1
            lines.append(text.count("\n", 0, place) + 1)
        job = Job(file.src_uri, tuple(sources), tuple(lines))
        return cls(job, cells, _not_python(job) or _misstated(job, cells))


def _cells(text: str, folder: Path) -> list[Any]:
    """Part a page into cells, or recall how it was parted."""
    path = folder / f"{digest(json.dumps([text, VERSIONS]))}.json"
    if (content := recall(path)) is None:
        cells = jupytext.reads(text, FORMAT).cells
        if cells and cells[0].cell_type == "raw":  # front matter for MkDocs
            del cells[0]
        for number, cell in enumerate(cells):
            cell.id = f"cell-{number}"  # in the place of jupytext's random ones
            cell.metadata.pop("lines_to_next_cell", None)  # jupytext's way to keep blank lines
        content = json.dumps(cells).encode()
        keep(path, content)
    return [nbformat.from_dict(cell) for cell in json.loads(content)]


def _unreadable(page: str, text: str, error: Exception) -> Notebook:
    """Say which fence jupytext cannot read."""
    lines: list[int] = []
    for fence in re.finditer(r"^```python\b.*$", text, re.MULTILINE):
        lines.append(text.count("\n", 0, fence.start()) + 1)
        try:
            jupytext.reads(f"{fence[0]}\n```", FORMAT)
        except Exception as found:
            error = found
            break
    written = ", ".join(f"{name}={how}" for name, how in OPTIONS.items())
    reason = f"its fence cannot be read: {str(error).splitlines()[0]}; write options as {written}"
    job = Job(page, (), tuple(lines or [1]))
    return Notebook(job, [], CellError(job, len(job.lines) - 1, reason))


def _not_python(job: Job) -> CellError | None:
    for number, source in enumerate(job.cells):
        try:
            ast.parse(source)
        except SyntaxError as error:
            hint = "not plain Python; to show code without running it, write its fence as ```{.sh}"
            return CellError(job, number, f"{error.msg}: {hint}")
    return None


def _misstated(job: Job, cells: list[Any]) -> CellError | None:
    """What the fence of a cell states is neither misspelt nor of another kind."""
    for number, cell in enumerate(cell for cell in cells if cell.cell_type == "code"):
        for name, value in cell.metadata.items():
            if name not in OPTIONS:
                hint = f"known are {', '.join(OPTIONS)}"
                return CellError(job, number, f"its fence states {name}; {hint}")
            if not isinstance(value, list if name == "tags" else str):
                hint = f"write {name}={OPTIONS[name]}"
                return CellError(job, number, f"its fence states {name}={value!r}; {hint}")
    return None


@event_priority(100)  # before mkdocs-jupyter asks
def on_config(config: MkDocsConfig) -> None:
    # mkdocs-jupyter 0.26.3 parses each page as a notebook, many times, to see if it is one.
    plugin: Any = config.plugins["mkdocs-jupyter"]
    plugin.should_include = is_notebook


def is_notebook(file: File) -> bool:
    """Whether a page names a kernel in its front matter, or has been executed."""
    if not file.is_documentation_page():
        return False
    if str(file.abs_src_path).endswith(".ipynb"):
        return True
    _, front = get_data(file.content_string)
    return "kernelspec" in (front.get("jupyter") or {})


@event_priority(-200)  # after mkdocs-static-i18n has chosen this edition's files (-100)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    root = Path(config.config_file_path).parent
    runs = Runs(root / "attncues", cache(config) / "runs", config.extra["cell_timeout"])
    executed.clear()
    for file in files.documentation_pages():
        if (notebook := Notebook.read(file, cache(config) / "cells")) is not None:
            executed[file.src_uri] = notebook
    jobs = [notebook.job for notebook in executed.values() if notebook.result is None]
    results = shared | runs.run([job for job in jobs if job.key not in shared])
    if not preview.serving:
        shared.update(results)
    module = root / "attncues" / "names.py"
    names = runpy.run_path(str(module), {"__package__": "attncues"})["NAMES"]
    for notebook in executed.values():
        notebook.result = notebook.result or results[notebook.job.key]
        if isinstance(notebook.result, CellError):
            report(str(notebook.result))
        else:
            notebook.facts = _facts(notebook, names)
    figures.clear()
    figures.update(gallery.functions(root))
    for entry in _entries():
        for _, name, content in entry.downloads():
            file = File.generated(config, f"{entry.lang}/figures/{name}", content=content)
            file.dest_uri = file.src_uri.removeprefix(f"{DEFAULT_LANGUAGE}/")
            files.append(file)
    return files


def _entries() -> list[gallery.Entry]:
    """Return the named figures of this edition, each once, in the order of the chapter."""
    found: list[gallery.Entry] = []
    for page, notebook in executed.items():
        if isinstance(notebook.result, Run):
            stated = [cell.metadata for cell in notebook.cells if cell.cell_type == "code"]
            cells = zip(stated, notebook.result.outputs, strict=True)
            found += gallery.entries(page, cells, figures)
    # The first page shows figures of later ones: their place is there.
    placed = {entry.name: entry for entry in found}
    return [placed[name] for name in figures if name in placed]


def _gallery(page: Page, config: MkDocsConfig) -> str:
    entries = _entries()
    entries = [replace(one, alt=_fill(one.alt, executed[one.page].facts, page)) for one in entries]
    titles = {}
    for name in {entry.page for entry in entries}:
        first = executed[name].cells[0].source
        heading = re.search(r"^# (.+?)(?: *\{#.*)?$", first, re.MULTILINE)
        titles[name] = heading[1] if heading else name
    return gallery.markdown(entries, titles, figures, config)


@event_priority(100)  # before plugins that change Markdown
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    notebook = executed.get(page.file.src_uri)
    if notebook is None:
        if "kernelspec" in page.meta:
            complain(page, "kernelspec belongs under jupyter: in the front matter")
        for message in shown_and_not_run(markdown):
            complain(page, message)
        if "{{gallery}}" in markdown:
            return markdown.replace("{{gallery}}", _gallery(page, config))
        return _fill(markdown, NO_FACTS, page)
    # mkdocs-jupyter put a renderer of its own on the page; MkDocs' own shall render it.
    vars(page).pop("render", None)
    if isinstance(notebook.result, CellError):
        return _failure(notebook.result)
    assert notebook.result is not None
    results = enumerate(notebook.result.outputs, start=1)
    for number, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            cell.execution_count, outputs = next(results)
            cell.outputs = [nbformat.from_dict(output) for output in outputs]
            for place, output in enumerate(cell.outputs):
                if explorer := output.get("data", {}).pop(EXPLORER, None):
                    notebook.explorers[number, place] = explorer
            _prepare(cell, notebook.facts, page)
        else:
            for message in shown_and_not_run(cell.source):
                complain(page, message)
            cell.source = _fill(cell.source, notebook.facts, page)
    page.file.abs_src_path = str(_write_notebook(page, notebook, files, config))
    page.meta["notebook"] = Path(page.file.abs_src_path).name
    return "\n\n".join(
        block
        for number, cell in enumerate(notebook.cells)
        for block in _blocks(cell, number, config.extra["labels"])
    )


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Put in what the cells computed, after the search has read the page's words."""
    notebook = executed.get(page.file.src_uri)
    if notebook is None or isinstance(notebook.result, CellError):
        return output

    def show(match: re.Match[str]) -> str:
        cell, place = int(match[1]), int(match[2])
        shown = _show(notebook.cells[cell].outputs[place], config.extra["labels"])
        if (explorer := notebook.explorers.get((cell, place))) is not None:
            shown = shown.replace("<svg ", f"<svg {_publish(explorer, page, config)} ", 1)
        # The same figure may stand on a page twice; its identifiers may not.
        return re.sub(r"(?<=[\"#])([0-9a-f]{8}-\d+)(?=[\")])", rf"\1-{cell}-{place}", shown)

    return re.sub(r'<div data-output="(\d+)-(\d+)"></div>', show, output)


def _publish(explorer: Any, page: Page, config: MkDocsConfig) -> str:
    """Write the data of an explorer; return the attributes that lead a script to it."""
    kind, data = explorer["kind"], json.dumps(explorer["data"], separators=(",", ":"))
    content = f"attncues.data({data});\n".encode()
    name = f"assets/data/{kind}-{digest(content)[:12]}.js"
    if not (path := Path(config.site_dir, name)).exists():  # both editions show the same
        write_file(content, str(path))
    return f'data-explorer="{kind}" data-source="{get_relative_url(name, page.url)}"'


def _facts(notebook: Notebook, names: dict[str, dict[str, str]]) -> Facts:
    """Tell what sentences of a page may name; names among it in the language of the page."""
    assert isinstance(notebook.result, Run)
    here = names.get(notebook.job.page.split("/")[0], {})
    values: dict[str, Fact] = {
        name: here.get(value, value) if isinstance(value, str) else value
        for name, value in notebook.result.facts.items()
    }
    return Facts.of(values, notebook.job.cells)


def _fill(text: str, facts: Facts, page: Page) -> str:
    try:
        return facts.fill(text)
    except FactError as error:
        complain(page, str(error))
        return text


def shown_and_not_run(text: str) -> Iterator[str]:
    """Yield what is wrong with code that is not run and does not say so in its fence."""
    for info in fences(text):
        if re.match(r"(python|py)\b", info, re.IGNORECASE):
            yield (
                f"a fence of {info!r} is shown and not run: a cell starts with ```python at the "
                "beginning of a line of a page with a kernel; write ```{.python} to only show it"
            )


def _failure(error: CellError) -> str:
    """What stands in the place of a page whose cells failed."""
    return f"# {error.args[0]}\n\n````text\n{error.traceback}\n````"


def _prepare(cell: Any, facts: Facts, page: Page) -> None:
    """Fill in what the fence of a cell states, and give its figures their names."""
    for text in ("caption", "alt"):
        if text in cell.metadata:
            cell.metadata[text] = _fill(cell.metadata[text], facts, page)
            if not cell.outputs:
                complain(page, f"a cell shows nothing for its {text} {cell.metadata[text]!r}")
    shown = sum("image/svg+xml" in output.get("data", {}) for output in cell.outputs)
    stated = cell.metadata.get("figure", "")
    if stated and (wrong := gallery.misnamed(stated, shown, figures)):
        complain(page, wrong)
    for output in cell.outputs:
        data = output.get("data", {})
        data.pop(gallery.PARTS, None)
        if "image/svg+xml" in data:
            data.pop("image/png", None)
            _choose_edition(data, page)
            if not cell.metadata.get("alt"):
                complain(page, 'a figure needs words: add alt="..." to the fence of its cell')
            data["image/svg+xml"] = _named(data["image/svg+xml"], cell.metadata.get("alt", ""))
        elif output.output_type != "stream" and (
            any(kind.startswith("image/") for kind in data)
            or not {"text/html", "text/markdown", "text/plain"} & set(data)
        ):
            kinds = ", ".join(sorted(data))
            complain(page, f"a cell shows {kinds}; draw on attncues.style.Figure to show an SVG")


def _choose_edition(data: dict[str, Any], page: Page) -> None:
    """Keep a figure in the language of the page: a run draws it once for each edition."""
    editions = {
        kind.rpartition("=")[2]: data.pop(kind)
        for kind in list(data)
        if kind.startswith("image/svg+xml;lang=")
    }
    if (lang := language(page.file)) != DEFAULT_LANGUAGE:
        if lang not in editions:
            complain(page, f"a figure does not speak {lang}: see attncues.style.in_both_languages")
            return
        data["image/svg+xml"] = editions[lang]


def _named(svg: str, alt: str) -> str:
    """Put the name of a figure where a screen reader finds it."""
    svg = re.sub(r"<title ?/>|<title>.*?</title>", "", svg, count=1)
    title = f"<title>{html.escape(alt)}</title>"
    return re.sub(r"<svg[^>]*>", lambda start: start[0] + title, svg, count=1)


def _write_notebook(page: Page, notebook: Notebook, files: Files, config: MkDocsConfig) -> Path:
    """Write the executed notebook where mkdocs-jupyter will publish it from."""
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    hint = _cell("hint", config.extra["labels"]["notebook_hint"])
    cells = [hint, *(_for_jupyter(cell, page, files, config) for cell in notebook.cells)]
    content = {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    path = Path(folder.name, page.file.src_uri).with_suffix(".ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    # nbformat would check it three times, for a tenth of a warm build; a test checks it.
    path.write_text(json.dumps(content, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def _cell(name: str, source: str) -> dict[str, Any]:
    return {"cell_type": "markdown", "id": name, "metadata": {}, "source": source}


def _for_jupyter(cell: Any, page: Page, files: Files, config: MkDocsConfig) -> Any:
    """Turn what only the site understands, blocks and links between pages, into plain Markdown."""
    if cell.cell_type != "markdown":
        return cell

    def link(match: re.Match[str]) -> str:
        target = posixpath.join(posixpath.dirname(page.file.src_uri), match["page"])
        file = files.get_file_from_path(posixpath.normpath(target))
        if file is None or not config.site_url:
            return match["text"]
        address = urljoin(config.site_url, file.url) + (match["anchor"] or "")
        return f"[{match['text']}]({address})"

    opening, closing = r"^/{3,} *\w+ *\| *(?P<title>.+)$(?:\n    \w+: .*$)*", r"^/{3,} *$"
    text = substitute(opening, lambda match: f"**{match['title']}**", cell.source)
    text = substitute(closing, lambda _: "", text)
    links = r"(?<!!)\[(?P<text>[^\]]+)\]\((?P<page>[\w./-]+\.md)(?P<anchor>#[^)]*)?\)"
    source = substitute(links, link, text).strip()
    return _cell(cell.id, source)


def _blocks(cell: Any, number: int, labels: dict[str, str]) -> Iterator[str]:
    """Write a cell as Markdown; outputs that are not Markdown follow after rendering."""
    if cell.cell_type == "markdown":
        yield cell.source
        return
    code = f"````python\n{cell.source}\n````"
    if "hide-input" in cell.metadata.get("tags", []):
        # Nine slashes, so that the block may stand in blocks of the page.
        code = f"///////// details | {labels['code']}\n    type: code\n\n{code}\n/////////"
    yield code
    shown = [
        output.data["text/markdown"]
        if "text/markdown" in output.get("data", {})
        else f'<div data-output="{number}-{place}"></div>'
        for place, output in enumerate(cell.outputs)
    ]
    if shown and "caption" in cell.metadata:
        stated = cell.metadata.get("figure", "")
        place = f' id="{stated.split()[0]}"' if stated else ""
        # By lines, as sentences are: in Chinese no space stands between them.
        caption = "\n".join([cell.metadata["caption"], *gallery.links(stated, labels["source"])])
        opening = f'<figure class="computed"{place} markdown="1">'
        closing = f'<figcaption markdown="span">{caption}</figcaption>\n\n</figure>'
        yield "\n\n".join([opening, *shown, closing])
    else:
        yield from shown


def _show(output: Any, labels: dict[str, str]) -> str:
    data = output.get("data", {})
    if "image/svg+xml" in data:
        return str(data["image/svg+xml"])
    if "text/html" in data:
        return str(data["text/html"])
    text = html.escape(output.text if output.output_type == "stream" else data["text/plain"])
    label = html.escape(labels["output"])
    return (
        f'<pre class="output" tabindex="0" role="group" aria-label="{label}">{text.rstrip()}</pre>'
    )
