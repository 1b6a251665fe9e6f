"""The gallery: every figure of the pages, small, with its call, its source and its files.

Nothing is drawn for it. A figure comes from the run of its page, and the fence of its cell
names the function of `attncues.figures` that draws it again elsewhere.
"""

import ast
import base64
import difflib
import html
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from editions import DEFAULT_LANGUAGE
from mkdocs.config.defaults import MkDocsConfig

PARTS = "application/vnd.attncues.figure+json"
"""What a figure brings besides its SVG: see `attncues.style.PARTS`."""


@dataclass(frozen=True)
class Entry:
    """A figure that stands on a page, and what its run left of it."""

    name: str
    alt: str
    page: str
    place: str
    """Where on it, as a link."""
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


def functions(root: Path) -> dict[str, str]:
    """The figures that the package draws, in the order of the chapter, and their code."""
    source = (root / "attncues" / "figures.py").read_text(encoding="utf-8")
    lines = source.splitlines()
    return {
        node.name.replace("_", "-"): "\n".join(lines[node.lineno - 1 : node.end_lineno])
        for node in ast.parse(source).body
        if isinstance(node, ast.FunctionDef)
        and any(getattr(decorator, "id", "") == "figure" for decorator in node.decorator_list)
    }


def misnamed(stated: str, shown: int, known: Collection[str]) -> str | None:
    """Return what is wrong with the names that a fence states for its figures, if anything is."""
    names = stated.split()
    if len(names) != shown:
        return f"a cell shows {shown} figures and names {len(names)}: {stated}"
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=3) or sorted(known)
            return f"attncues.figures draws no {name!r}; it draws {', '.join(near)}"
    return None


def links(stated: str, label: str) -> Iterator[str]:
    """Link the figures of a cell to their places in the gallery."""
    names = stated.split()
    for number, name in enumerate(names, start=1):
        yield f"[{label}{f' {number}' if len(names) > 1 else ''}](gallery.md#{name})"


def markdown(
    entries: Iterable[Entry], titles: dict[str, str], code: dict[str, str], config: MkDocsConfig
) -> str:
    """Write the gallery: the figures of one page after the other."""
    blocks, page = [], ""
    for entry in entries:
        if entry.page != page:
            page = entry.page
            blocks.append(f"## {titles[page]} {{#{Path(page).stem}}}")
        blocks.append(_markdown(entry, code[entry.name], config))
    return "\n\n".join(blocks)


def _markdown(entry: Entry, code: str, config: MkDocsConfig) -> str:
    labels = config.extra["labels"]
    size = re.search(r'<svg[^>]* width="([\d.]+)pt" height="([\d.]+)pt"', entry.svg)
    assert size is not None
    width, height = (round(float(length) * 4 / 3) for length in size.groups())
    source = "attncues/figures.py"
    if config.edit_uri_template:
        source = f"[{source}]({str(config.edit_uri_template).replace('docs/{path}', source)})"
    files = " ".join(
        f"[{kind.upper()}{labels['in_english'] if '.en.' in name else ''}](figures/{name})"
        f'{{ download="{name}" }}'
        for kind, name, _ in entry.downloads()
    )
    option, argument = "", ""
    if entry.lang != DEFAULT_LANGUAGE:
        option, argument = f" --lang {entry.lang}", f'lang="{entry.lang}"'
    picture = f"![{html.escape(entry.alt)}](figures/{entry.name}.svg)"
    return f"""\
<div class="entry" id="{entry.name}" markdown="1">

[{picture}{{ loading=lazy width={width} height={height} }}]({entry.place})

**{entry.name}**
{files}

`python -m attncues figures {entry.name}{option}`

/// details | `attncues.figures.{entry.name.replace("-", "_")}({argument})`
    type: code

{source}, [`{entry.drawn_by}`][{entry.drawn_by}]

````{{.python}}
{code}
````
///

</div>"""


def entries(
    page: str, cells: Iterable[tuple[dict[str, Any], list[dict[str, Any]]]], known: Collection[str]
) -> Iterator[Entry]:
    """Yield the named figures of a page, from what its fences state and its cells showed."""
    lang = page.split("/")[0]
    kind = "image/svg+xml" if lang == DEFAULT_LANGUAGE else f"image/svg+xml;lang={lang}"
    for stated, outputs in cells:
        names = stated.get("figure", "").split()
        shown = [data for one in outputs if PARTS in (data := one.get("data", {}))]
        for name, data in zip(names, shown, strict=False):
            if name in known:
                place = f"{Path(page).name}#{names[0]}"
                yield Entry(name, stated.get("alt", ""), page, place, data[kind], **data[PARTS])
