"""The gallery: every figure of the pages, small, with its call, its code and its files.

Nothing is drawn for it. A figure comes from the run of its page, from a cell with the tag
`figure`, and is called by the name of that cell.
"""

import base64
import functools
import html
import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine import claims
from engine.complaints import report
from engine.pages import Block, Pages
from engine.runs import Run
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from pygments import highlight
from pygments.formatters import HtmlFormatter
from pygments.lexers import PythonLexer

from .editions import DEFAULT_LANGUAGE
from .figures import PARTS


@dataclass(frozen=True)
class Entry:
    """A figure that stands on a page, and what its run left of it."""

    name: str
    alt: str
    page: str
    title: str
    """Of the page."""
    place: str
    """Where on it, as a link."""
    code: str
    svg: str
    drawn_by: str
    files: dict[str, dict[str, str]]
    """In base 64, by language and format."""

    @property
    def lang(self) -> str:
        """The language of its page."""
        return self.page.split("/")[0]

    def downloads(self) -> Iterator[tuple[str, str, bytes]]:
        """Yield format, file name and content; in English where there was no Chinese font."""
        yield "svg", f"{self.name}.svg", self.svg.encode()
        for kind in ("png", "pdf"):
            for edition, suffix in ((self.lang, ""), (DEFAULT_LANGUAGE, ".en")):
                if (content := self.files.get(edition, {}).get(kind)) is not None:
                    yield kind, f"{self.name}{suffix}.{kind}", base64.b64decode(content)
                    break


def told(found: Iterable[Entry]) -> list[Any]:
    """Return what the gallery tells of figures, but for their pictures."""
    return [
        (one.name, one.alt, one.page, one.title, one.place, one.code, one.drawn_by, _size(one.svg))
        for one in found
    ]


def links(block: Block, known: Collection[Entry], label: str) -> Iterator[str]:
    """Link the figures of a block to their places in the gallery."""
    there = {entry.name for entry in known}
    for cell in block.cells:
        if cell.name in there:
            yield f"[{label}](gallery.md#{cell.name}){{.get data-search-exclude=true}}"


def offer(output: str, found: Iterable[Entry], label: str, lang: str) -> str:
    """Put what can be had of the figures of a caption in the place of the links to them."""
    known = {entry.name: entry for entry in found}
    link = r'<a class="get"[^>]* href="([^"]*?)(gallery[^"#]*#)([\w-]+)">([^<]*)</a>'

    def opened(links: re.Match[str]) -> str:
        rows = re.findall(link, links[0])
        parts = [f'<details class="get"><summary>{label}</summary>']
        for above, gallery, name, code in rows:
            for kind, file, _ in known[name].downloads():
                parts.append(f'<a href="{above}figures/{file}" download>{kind.upper()}</a>')
            parts.append(f'<a href="{above}{gallery}{name}">{code}</a>')
            parts.append(f"<code>{_command(name, lang)}</code>")
        return "\n".join([*parts, "</details>"])

    return re.sub(f"(?:{link}\\s*)+", opened, output)


def _command(name: str, lang: str) -> str:
    """Write the call that draws a figure."""
    option = "" if lang == DEFAULT_LANGUAGE else f" --lang {lang}"
    return f"python -m attncues figures {name}{option}"


def entries(pages: Pages, files: Files, config: MkDocsConfig) -> list[Entry]:
    """Return the figures of an edition, in the order of the chapter."""
    found: dict[str, Entry] = {}
    order = list(_flat(config.nav))
    for file in sorted(
        files.documentation_pages(),
        key=lambda file: order.index(file.name + ".md") if file.name + ".md" in order else -1,
    ):
        notebook = pages.notebooks.get(file.src_uri)
        if notebook is None or not isinstance(notebook.result, Run):
            continue
        title = _title(file)
        for block in pages.blocks(notebook, file.content_string):
            for cell in block.cells:
                if "figure" not in cell.tags:
                    continue
                if not block.caption:
                    report(
                        f"{file.src_uri}: the figure {cell.name} needs a caption, to which the "
                        "gallery leads"
                    )
                if cell.name in found:
                    there = found[cell.name].page
                    report(f"two figures are called {cell.name}, on {there} and {file.src_uri}")
                for data in _figures(notebook.outputs(cell), file):
                    place = f"{Path(file.src_uri).name}#{block.name}"
                    found[cell.name] = Entry(
                        cell.name,
                        claims.spoken(block.alt),
                        file.src_uri,
                        title,
                        place,
                        cell.source,
                        **data,
                    )
    return list(found.values())


def _figures(outputs: list[dict[str, Any]], file: File) -> Iterator[dict[str, Any]]:
    lang = file.src_uri.split("/")[0]
    kind = "image/svg+xml" if lang == DEFAULT_LANGUAGE else f"image/svg+xml;lang={lang}"
    for output in outputs:
        data = output.get("data", {})
        if PARTS in data and kind in data:  # else the page complains
            yield {"svg": data[kind], **data[PARTS]}


def _flat(nav: Any) -> Iterator[str]:
    for item in nav if isinstance(nav, list) else nav.values() if isinstance(nav, dict) else []:
        if isinstance(item, str):
            yield item
        else:
            yield from _flat(item)


def downloads(found: Iterable[Entry], config: MkDocsConfig) -> Iterator[File]:
    """Yield the files of the figures, as files of the site."""
    for entry in found:
        for _, name, content in entry.downloads():
            file = File.generated(config, f"{entry.lang}/figures/{name}", content=content)
            file.dest_uri = file.src_uri.removeprefix(f"{DEFAULT_LANGUAGE}/")
            yield file


def markdown(found: Iterable[Entry], fill: Callable[[Entry], str], config: MkDocsConfig) -> str:
    """Write the gallery: the figures of one page after the other.

    Args:
        found: From `entries`.
        fill: Returns the words of a figure, with its facts.
        config: Of the site.
    """
    blocks, page = [], ""
    for entry in found:
        if entry.page != page:
            page = entry.page
            blocks.append(f"## {entry.title} {{#{Path(page).stem}}}")
        blocks.append(_markdown(entry, fill(entry), config))
    return "\n\n".join(blocks)


def _title(file: File) -> str:
    heading = re.search(r"^# (.+?)(?: *\{#.*)?$", file.content_string, re.MULTILINE)
    return heading[1] if heading else file.name


def _markdown(entry: Entry, alt: str, config: MkDocsConfig) -> str:
    labels = config.extra["labels"]
    width, height = _size(entry.svg)
    source = f"attncues/chapter/{Path(entry.page).stem.replace('-', '_')}.py"
    if config.edit_uri_template:
        source = f"[{source}]({str(config.edit_uri_template).replace('docs/{path}', source)})"
    files = " ".join(
        f"[{kind.upper()}{labels['in_english'] if '.en.' in name else ''}](figures/{name})"
        f'{{ download="{name}" }}'
        for kind, name, _ in entry.downloads()
    )
    argument = "" if entry.lang == DEFAULT_LANGUAGE else f'lang="{entry.lang}"'
    picture = f"![{html.escape(alt)}](figures/{entry.name}.svg)"
    return f"""\
<div class="entry" id="{entry.name}" markdown="1">

[{picture}{{ loading=lazy width={width} height={height} }}]({entry.place})

**{entry.name}**
{files}

`{_command(entry.name, entry.lang)}`

/// details | `attncues.figures.FIGURES["{entry.name}"]({argument})`
    type: code

{source}, [`{entry.drawn_by}`][{entry.drawn_by}]

<div data-code="{entry.name}"></div>
///

</div>"""


def _size(svg: str) -> list[int]:
    """Return width and height of a figure, in pixels."""
    size = re.search(r'<svg[^>]* width="([\d.]+)pt" height="([\d.]+)pt"', svg)
    assert size is not None
    return [round(float(length) * 4 / 3) for length in size.groups()]


def put_in_code(output: str, found: Iterable[Entry]) -> str:
    """Put the code of figures in their places.

    After the search has read the page: it would find each word of the code twice.
    """
    code = {entry.name: entry.code for entry in found}
    place = re.compile(r'<div data-code="([\w-]+)"></div>')
    return place.sub(lambda match: _highlighted(code[match[1]]), output)


@functools.cache
def _highlighted(code: str) -> str:
    return str(highlight(code, PythonLexer(), HtmlFormatter(wrapcode=True))).rstrip()
