"""Turn pages that are notebooks into pages of the site, with what their cells computed.

mkdocs-jupyter recognises such pages and publishes their executed notebooks. Its own HTML
passes by the site's Markdown, so here a page becomes Markdown again, and MkDocs renders
it as it renders every page: with checked links, anchors, admonitions and a contents list.
mkdocs-jupyter 0.27 (Python 3.12) can send Markdown cells through MkDocs itself.
"""

import ast
import html
import logging
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urljoin

import jupytext
import nbformat
from facts import FactError, fill, unambiguous
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data
from runs import CellError, Fact, Job, Run, Runs

log = logging.getLogger("mkdocs.hooks.notebooks")

KERNELSPEC = {"display_name": "Python 3", "language": "python", "name": "python3"}

serving = False
executed: dict[str, "Notebook"] = {}
"""The notebooks of this build, by the path of their page."""
folder = tempfile.TemporaryDirectory(prefix="attncues-notebooks-")
"""Where mkdocs-jupyter finds the executed notebooks that it publishes."""


@dataclass
class Notebook:
    """A page with cells, and what came out of them."""

    job: Job
    cells: list[Any]
    result: Run | CellError | None

    @classmethod
    def read(cls, file: File) -> "Notebook | None":
        """Read a page; `None` if its front matter names no kernel."""
        text = file.content_string
        _, front = get_data(text)
        if "kernelspec" not in front.get("jupyter", {}):
            return None
        cells = [cell for cell in jupytext.reads(text, fmt="md").cells if cell.cell_type != "raw"]
        sources = [cell.source for cell in cells if cell.cell_type == "code"]
        lines, place = [], 0
        for source in sources:
            found = text.find(source, place)
            place = found if found >= 0 else place
            lines.append(text.count("\n", 0, place) + 1)
        job = Job(file.src_uri, tuple(sources), tuple(lines))
        return cls(job, cells, _not_python(job))


def _not_python(job: Job) -> CellError | None:
    for number, source in enumerate(job.cells):
        try:
            ast.parse(source)
        except SyntaxError as error:
            hint = "not plain Python; to show code without running it, write its fence as ```{.sh}"
            return CellError(job, number, f"{error.msg}: {hint}")
    return None


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global serving
    serving = command == "serve"


@event_priority(-200)  # after mkdocs-static-i18n has chosen this edition's files (-100)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    root = Path(config.config_file_path).parent
    runs = Runs(root / "attncues", root / ".cache" / "runs", config.extra["cell_timeout"])
    executed.clear()
    for file in files.documentation_pages():
        if (notebook := Notebook.read(file)) is not None:
            executed[file.src_uri] = notebook
    jobs = [notebook.job for notebook in executed.values() if notebook.result is None]
    failed = [notebook.result for notebook in executed.values() if notebook.result is not None]
    try:
        if failed and not serving:
            raise PluginError(str(failed[0]))
        results = runs.run(jobs, stop_at_error=not serving)
    except CellError as error:
        raise PluginError(str(error)) from None
    for notebook in executed.values():
        notebook.result = notebook.result or results[notebook.job.key]
        if isinstance(notebook.result, CellError):
            log.error(str(notebook.result))
    runs.forget_unused()
    return files


@event_priority(100)  # before plugins that change Markdown
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    notebook = executed.get(page.file.src_uri)
    if notebook is None:
        return _fill(markdown, {}, page)
    # mkdocs-jupyter put a renderer of its own on the page; MkDocs' own shall render it.
    vars(page).pop("render", None)
    if isinstance(notebook.result, CellError):
        return _failure(notebook.result)
    assert notebook.result is not None
    facts = unambiguous(notebook.result.facts, notebook.job.cells)
    results = enumerate(notebook.result.outputs, start=1)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number}"
        if cell.cell_type == "markdown":
            cell.source = _fill(cell.source, facts, page)
            continue
        for text in ("caption", "alt"):
            if text in cell.metadata:
                cell.metadata[text] = _fill(cell.metadata[text], facts, page)
        cell.execution_count, outputs = next(results)
        cell.outputs = [nbformat.from_dict(output) for output in outputs]
        for output in cell.outputs:
            _name_figure(output, cell.metadata, page)
    page.file.abs_src_path = str(_write_notebook(page, notebook, config.extra["labels"]))
    page.meta["notebook"] = Path(page.file.abs_src_path).name
    return "\n\n".join(
        block
        for number, cell in enumerate(notebook.cells)
        for block in _blocks(cell, number, config.extra["labels"])
    )


@event_priority(100)
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    notebook = executed.get(page.file.src_uri)
    if notebook is None or isinstance(notebook.result, CellError):
        return html

    def show(match: re.Match[str]) -> str:
        output = notebook.cells[int(match[1])].outputs[int(match[2])]
        return _show(output, config.extra["labels"])

    return re.sub(r'<div data-output="(\d+)-(\d+)"></div>', show, html)


def _fill(text: str, facts: dict[str, Fact], page: Page) -> str:
    try:
        return fill(text, facts)
    except FactError as error:
        _complain(page, str(error))
        return text


def _complain(page: Page, message: str) -> None:
    """Fail a build; in a preview say what is wrong and go on."""
    message = f"{page.file.src_uri}: {message}"
    if not serving:
        raise PluginError(message)
    log.error(message)


def _failure(error: CellError) -> str:
    """What `mkdocs serve` shows in the place of a page whose cells failed."""
    return f"# {error.args[0]}\n\n````text\n{error.traceback}\n````"


def _name_figure(output: Any, metadata: Any, page: Page) -> None:
    """Give an SVG the name that the fence of its cell states."""
    data = output.get("data", {})
    if "image/svg+xml" not in data:
        return
    data.pop("image/png", None)
    if "alt" not in metadata:
        _complain(page, 'a figure needs words: add alt="..." to the fence of its cell')
        return
    title = f"<title>{html.escape(metadata['alt'])}</title>"
    svg = data["image/svg+xml"]
    data["image/svg+xml"] = re.sub(r"<title ?/>|<title>.*?</title>", lambda _: title, svg, count=1)


def _write_notebook(page: Page, notebook: Notebook, labels: dict[str, str]) -> Path:
    """Write the executed notebook where mkdocs-jupyter will publish it from."""
    metadata = {"kernelspec": KERNELSPEC, "language_info": {"name": "python"}}
    hint = nbformat.v4.new_markdown_cell(labels["notebook_hint"], id="hint")
    cells = [hint, *(_for_jupyter(cell, page) for cell in notebook.cells)]
    content = nbformat.v4.new_notebook(cells=cells, metadata=metadata)
    path = Path(folder.name, page.file.src_uri).with_suffix(".ipynb")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(nbformat.writes(content) + "\n", encoding="utf-8")
    return path


def _for_jupyter(cell: Any, page: Page) -> Any:
    """Turn what only the site understands, blocks and links between pages, into plain Markdown."""
    if cell.cell_type != "markdown":
        return cell
    text = re.sub(r"^/{3,} *\w+ *\| *(.+)$(\n    \w+: .*$)*", r"**\1**", cell.source, flags=re.M)
    text = re.sub(r"^/{3,} *$", "", text, flags=re.M)
    base = urljoin(page.canonical_url or "", "." if page.is_index else "..")

    def link(match: re.Match[str]) -> str:
        if not page.canonical_url:
            return match["text"]
        name = "" if match["page"] == "index" else f"{match['page']}/"
        return f"[{match['text']}]({base}{name}{match['anchor'] or ''})"

    pattern = r"\[(?P<text>[^\]]+)\]\((?P<page>[\w/-]+)\.md(?P<anchor>#[^)]*)?\)"
    return nbformat.v4.new_markdown_cell(re.sub(pattern, link, text).strip(), id=cell.id)


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
        caption = f'<figcaption markdown="span">{cell.metadata["caption"]}</figcaption>'
        yield "\n\n".join(['<figure class="computed" markdown="1">', *shown, caption, "</figure>"])
    else:
        yield from shown


def _show(output: Any, labels: dict[str, str]) -> str:
    data = output.get("data", {})
    if "image/svg+xml" in data:
        return str(data["image/svg+xml"]).replace("<svg ", "<svg data-search-exclude ", 1)
    if "text/html" in data:
        return str(data["text/html"])
    text = html.escape(output.text if output.output_type == "stream" else data["text/plain"])
    label = html.escape(labels["output"])
    return (
        f'<pre class="output" tabindex="0" role="group" aria-label="{label}">{text.rstrip()}</pre>'
    )
