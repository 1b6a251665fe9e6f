"""Figures of the package on the pages: each in the language of its page, and some to be touched.

A run draws a figure once for all editions. What it brings besides its SVG has MIME types of
its own: see `attncues.style`.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine import claims
from engine.complaints import complain
from engine.kept import digest
from engine.pages import ATTRIBUTES, Block
from engine.published import publish
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from .editions import DEFAULT_LANGUAGE, language

PARTS = "application/vnd.attncues.figure+json"
"""Where a figure was drawn, and its files for download."""
EXPLORER = "application/vnd.attncues.explorer+json"
"""What makes a figure an explorer."""
FIGURE = re.compile(r'(<figure class="computed"[^>]*)>(.*?)(?=<figcaption|</figure>)', re.DOTALL)
MAP = re.compile(r'(<svg [^>]*)(?=>(?:(?!</svg>).)*? class="(?:reds|diverging)")', re.DOTALL)
LARGE = 100_000
"""A figure of more characters stands beside its page as a file, that a page stays light."""


def dress(block: Block, page: Page, config: MkDocsConfig) -> None:
    """Choose the edition of each figure of a block, and publish what makes it an explorer."""
    for cell, outputs in zip(block.cells, block.shown, strict=True):
        figures = [output for output in outputs if "image/svg+xml" in output.get("data", {})]
        if "figure" in cell.tags and len(figures) != 1:
            complain(page, f"the cell {cell.name} is tagged as a figure, and shows {len(figures)}")
        for output in figures:
            output["data"].pop(PARTS, None)
            _choose_edition(output["data"], page)
            svg = output["data"].get("image/svg+xml", "")
            if "figure" in cell.tags and len(svg) > LARGE:
                output["data"]["image/svg+xml"] = _from_its_file(svg, cell.name, page)
            if (explorer := output["data"].pop(EXPLORER, None)) is not None:
                published = _publish(explorer, page, config)
                output[ATTRIBUTES] = f'data-figure="{cell.name}" {published}'


def state_kinds(html: str) -> str:
    """State on each figure what is in it, and on the page if it opens with the desk.

    The style sheet could look itself, with `:has`; then each change of a page, and there are
    dozens while it loads, would have the browser style all of it again.
    """

    def stated(figure: re.Match[str]) -> str:
        opening, inside = figure.groups()
        if explorer := re.search(r'<svg[^>]* data-explorer="(\w+)"', inside):
            opening += f' data-kind="{explorer[1]}"'
        elif inside.count("<svg") > 1:
            opening += " data-many"
        return opening + ">" + MAP.sub(r"\1 data-map", inside)

    if 'class="desk"' in html:
        html = html.replace("<body ", "<body data-desk ", 1)
    return FIGURE.sub(stated, html)


def insist_on_words(blocks: Iterable[Block], page: Page) -> None:
    """Complain of a caption or an alternative text that would fit any figure."""
    for block in blocks:
        if not any("image/svg+xml" in output.get("data", {}) for output in block.outputs):
            continue
        for what, words in (("alternative text", block.alt), ("caption", block.caption)):
            if words and not claims.binds(words, block.cells):
                complain(
                    page,
                    f"the {what} of the figure {block.name} would fit another: let it state a "
                    f"fact or a claim of its cells, or mark [its words]{{figure={block.name}}}",
                )


def _choose_edition(data: dict[str, Any], page: Page) -> None:
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


def _from_its_file(svg: str, name: str, page: Page) -> str:
    """Keep the size and the words of a figure, and take its picture from the file for download."""
    lang = language(page.file)
    edition = "" if lang == DEFAULT_LANGUAGE else f"{lang}/"
    address = get_relative_url(f"{edition}figures/{name}.svg", page.url)
    opening = svg[: svg.index("</desc>") + len("</desc>")].replace("<svg", "<svg data-file", 1)
    cells = re.search(r'<image\b[^>]*( class="[^"]+")', svg)
    look = cells[1] if cells else ""  # turns on dark paper, and all of the picture with it
    return f'{opening}<image href="{address}"{look} width="100%" height="100%"/></svg>'


def _publish(explorer: Any, page: Page, config: MkDocsConfig) -> str:
    """Write the data of an explorer; return the attributes that lead a script to it.

    What stands in the data under `later` gets files of its own, which a reader may ask for;
    their names take its place.
    """
    kind, data = explorer["kind"], dict(explorer["data"])
    if "later" in data:
        data["later"] = {
            name: Path(_write(kind, part, config)).name for name, part in data["later"].items()
        }
    name = _write(kind, data, config)
    return f'data-explorer="{kind}" data-source="{get_relative_url(name, page.url)}"'


def _write(kind: str, data: Any, config: MkDocsConfig) -> str:
    """Write data as a script, which a page on a disk can load too; return its address."""
    content = f"attncues.data({json.dumps(data, separators=(',', ':'))});\n".encode()
    return publish(content, f"assets/data/{kind}-{digest(content)[:12]}.js", config)
