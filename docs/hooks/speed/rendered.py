"""Keep what the Markdown of a page became for the next build.

Rendering took more than half of a warm build. What a page becomes depends on its Markdown,
on the pages that it may link to, and on the libraries that render; for a page of the
reference also on the package. What it tells plugins meanwhile is kept with it. (That does
not go for the option `backlinks` of mkdocstrings, nor for one object on two pages.)
"""

import ast
import functools
import json
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from engine.kept import cache, digest, keep, made_by, recall
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page, log
from mkdocs.structure.toc import AnchorLink, get_toc

ENGINE = Page.__module__.split(".")[0]  # mkdocs, or properdocs
MADE_BY = made_by(__file__)


class Heard(logging.Handler):
    """Whether there was a warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.anything = False

    def emit(self, record: logging.LogRecord) -> None:  # noqa: D102
        self.anything = True


def keep_page(page: Page) -> None:
    """Let a page recall what its Markdown became."""
    vars(page)["render"] = partial(render, page)


def render(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Stand in for `Page.render`; a page that warns is rendered, and warns, each time."""
    documented = re.findall(r"^::: ([\w.]+)", page.markdown or "", re.MULTILINE)
    sources = _sources(documented, config)
    state = [*_state(page, config, files), sources]
    path = cache(config) / "pages" / f"{digest(json.dumps(state))}.json"
    if (content := recall(path)) is not None:
        _restore(page, json.loads(content), config, files)
        return
    heard = Heard()
    engine = logging.getLogger(ENGINE)
    engine.addHandler(heard)
    try:
        with _listening(config) as told:
            Page.render(page, config, files)
    finally:
        engine.removeHandler(heard)
    # With `--verbose`, MkDocs does not note links to anchors; with `serve --quiet`, nobody hears.
    whole = page.links_to_anchors is not None and log.isEnabledFor(logging.WARNING)
    # mkdocstrings may have read the package after an edit.
    same = sources == _sources(documented, config)
    if whole and same and not heard.anything:
        keep(path, json.dumps({**_rendered(page), "told": told}).encode())


def _state(page: Page, config: MkDocsConfig, files: Files) -> list[Any]:
    names = [
        name if isinstance(name, str) else type(name).__name__
        for name in config.markdown_extensions
    ]
    settings = [names, repr(config.mdx_configs), repr(config.validation), MADE_BY]
    site = [(file.src_uri, file.url) for file in files]
    options = repr(config.plugins["mkdocstrings"].config)
    return [page.file.src_uri, page.markdown, site, settings, options, config.theme["language"]]


def _sources(documented: Sequence[str], config: MkDocsConfig) -> list[str]:
    """What the documentation of these objects is read from: their modules, and what they import.

    Also the settings of ruff, which lays out signatures.
    """
    if not documented:
        return []
    root = Path(config.config_file_path).parent
    found: set[Path] = set()
    asked = set(documented)
    waiting = list(asked)
    while waiting:
        for file in _files(root, waiting.pop()):
            if file not in found:
                found.add(file)
                source = file.read_text(encoding="utf-8")
                names = set(_imported(source, _package(root, file))) - asked
                asked |= names
                waiting += names
    files = [*sorted(found), *root.glob("pyproject.toml")]
    return [f"{path.relative_to(root)} {digest(path.read_bytes())}" for path in files]


def _files(root: Path, name: str) -> list[Path]:
    """The file of a module, or those of a package; of an object, those of its module."""
    path = root.joinpath(*name.split("."))
    while path != root:
        if path.is_dir():
            return sorted(path.rglob("*.py")) if path.parent != root else [path / "__init__.py"]
        if path.with_suffix(".py").is_file():
            return [path.with_suffix(".py")]
        path = path.parent
    return []


def _package(root: Path, file: Path) -> tuple[str, ...]:
    """The parts of the name of the package that a file stands in."""
    return file.relative_to(root).parent.parts


@functools.cache
def _imported(source: str, package: tuple[str, ...]) -> list[str]:
    """The modules that a file imports from its own package, or names from them."""
    names = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            start = package[: len(package) - node.level + 1]
            base = [*start, *(node.module or "").split(".")] if node.module else list(start)
            names += [".".join([*base, alias.name]) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith(package[0]):
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


def _rendered(page: Page) -> dict[str, Any]:
    return {
        "content": page.content,
        "toc": [_token(item) for item in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()},
    }


def _restore(page: Page, rendered: dict[str, Any], config: MkDocsConfig, files: Files) -> None:
    page.content = rendered["content"]
    page.toc = get_toc(rendered["toc"])
    page._title_from_render = rendered["title"]
    page.present_anchor_ids = set(rendered["anchors"])
    links: dict[str, dict[str, str]] = rendered["links"]
    page.links_to_anchors = {files.src_uris[name]: anchors for name, anchors in links.items()}
    registers = _registers(config)
    for name, arguments, named in rendered["told"]:
        first = [page] if name == "register_anchor" else []
        getattr(registers[name], name)(*first, *arguments, **named)


def _token(item: AnchorLink) -> dict[str, Any]:
    children = [_token(child) for child in item.children]
    return {"name": item.title, "id": item.id, "level": item.level, "children": children}


def _registers(config: MkDocsConfig) -> dict[str, Any]:
    """Who is told of anchors and of documented objects, and by which method."""
    reference: Any = config.plugins["mkdocstrings"]
    autorefs = config.plugins["autorefs"]
    return {"register_anchor": autorefs, "register": reference.handlers.inventory}


@contextmanager
def _listening(config: MkDocsConfig) -> Iterator[list[Any]]:
    """Note what rendering a page tells plugins; the page itself is left out."""
    told: list[Any] = []

    def noting(method: Callable[..., None]) -> Callable[..., None]:
        def note(*arguments: Any, **named: Any) -> None:
            method(*arguments, **named)
            sayable = [one for one in arguments if not isinstance(one, Page)]
            told.append([method.__name__, sayable, named])

        return note

    registers = _registers(config)
    for name, owner in registers.items():
        vars(owner)[name] = noting(getattr(owner, name))
    try:
        yield told
    finally:
        for name, owner in registers.items():
            del vars(owner)[name]
