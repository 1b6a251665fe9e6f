"""Keep for the next build what pages become: first their content, then their whole HTML.

The content of a page depends on its text, on whether its English page has changed since, on
what its cells showed, and on what all pages share: settings, names of pages and of figures,
the steps of a build themselves. Its HTML also depends on what other pages are called, on
templates, and on the files that live cells load. What a page does besides is kept with it and
done again: the files that it publishes, its notebook, what it tells plugins.

A page of which anything is wrong is not kept, so that each build says so. (What is kept does
not go for the option `backlinks` of mkdocstrings, nor for one object on two pages.)
"""

import ast
import functools
import json
import logging
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from book import editions, embeds, formulas, gallery, live
from engine import complaints
from engine.kept import cache, digest, installed, keep, recall
from engine.pages import Notebook, Pages
from engine.published import noted, publish
from engine.runs import Run
from jinja2 import ChoiceLoader, DictLoader, Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page, log
from mkdocs.structure.toc import AnchorLink, get_toc

ENGINE = Page.__module__.split(".")[0]  # mkdocs, or properdocs
NOTHING = "nothing.html"
"""The template of a page whose HTML is known."""
TOLD = ("math", "minutes", "notebook")
"""What steps write into the front matter of a page, for the template."""

Record = dict[str, Any]


class Warnings(logging.Handler):
    """How many warnings there were."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: D102
        self.count += 1


WARNINGS = Warnings()
logging.getLogger(ENGINE).addHandler(WARNINGS)


class Kept:
    """What is known of the pages of an edition, and what this build learns of them."""

    def __init__(
        self, pages: Pages, figures: list[gallery.Entry], config: MkDocsConfig, files: Files
    ) -> None:
        self.pages, self.figures, self.config, self.files = pages, figures, config, files
        self.folder = cache(config)
        self.package = pages.runs.settings.package
        self.sources = _texts(self.package)
        self.shared = _shared(figures, config, files)
        self.keys: dict[str, str] = {}
        self.known: dict[str, Record] = {}
        self.known_outputs: dict[str, Record] = {}
        self.told: dict[str, list[Any]] = {}
        self.wrong = 0

    # How it compares with its English page.

    def compare(self, page: Page, english: str, look: Callable[[], Iterable[str]]) -> list[str]:
        """Return what a look at both finds, without looking where both are as they were."""
        key = digest(json.dumps([english, page.file.src_uri, page.file.content_string, made_by()]))
        if (content := recall(path := self.folder / "compared" / f"{key}.json")) is None:
            keep(path, content := json.dumps(list(look())).encode())
        return list(json.loads(content))

    # Its content.

    def knows(self, page: Page) -> bool:
        """Tell whether the content of a page is known; else begin to learn it."""
        name = page.file.src_uri
        notebook = self.pages.notebooks.get(name)
        vars(page)["render"] = functools.partial(self._render, page)
        self.wrong = _warnings()
        noted.clear()
        if notebook is not None and (notebook.wrong or not isinstance(notebook.result, Run)):
            return False
        key = self.keys[name] = digest(json.dumps(self._seen(page, notebook)))
        if (record := self._recall("pages", key)) is None:
            return False
        page.meta |= record["meta"]
        if notebook is not None:
            notebook.shown[:] = record["shown"]
            notebook.places, notebook.claims.marked = record["places"], record["marked"]
            self.pages.write_notebook(page, record["notebook"])
        self.known[name] = record
        return True

    def content(self, page: Page) -> str | None:
        """Return the content of a page, if it is known."""
        record = self.known.get(page.file.src_uri)
        return record["content"] if record else None

    def keep_content(self, page: Page, html: str) -> None:
        """Keep what a page has become, unless something is wrong with it."""
        name = page.file.src_uri
        if name not in self.keys:
            return
        # With `--verbose`, MkDocs does not note links to anchors; with `serve --quiet`, nobody
        # hears of warnings. mkdocstrings may have read the package after an edit.
        whole = page.links_to_anchors is not None and log.isEnabledFor(logging.WARNING)
        documented = "::: " in (page.markdown or "")
        same = not documented or self.sources == _texts(self.package)
        if not whole or not same or self.wrong != _warnings():
            del self.keys[name]
            return
        record = _rendered(page) | {
            "content": html,
            "told": self.told.pop(name),
            "meta": {key: page.meta[key] for key in TOLD if key in page.meta},
        }
        if (notebook := self.pages.notebooks.get(name)) is not None:
            record["shown"], record["places"] = notebook.shown, notebook.places
            record["marked"] = notebook.claims.marked
            record["notebook"] = Path(str(page.file.abs_src_path)).read_text(encoding="utf-8")
        self._keep("pages", self.keys[name], record)

    def _seen(self, page: Page, notebook: Notebook | None) -> list[Any]:
        """All that the content of a page depends on."""
        text = page.file.content_string
        stale = editions.is_stale(page, self.config)
        seen: list[Any] = [self.shared, page.file.src_uri, page.file.url, text, stale]
        if notebook is not None:
            cells = notebook.cells.values()
            seen += [(one.name, one.source, sorted(one.tags), one.line) for one in cells]
            seen.append(_stamp(notebook))
        if "{{gallery}}" in text:
            seen += [gallery.told(self.figures), *map(_stamp, self.pages.notebooks.values())]
        if "{formula" in text:
            seen.append(sorted(formulas.functions(self.sources.values())))
        if documented := _documented(text):
            seen += _behind(documented, self.sources)
        return seen

    def _render(self, page: Page, config: MkDocsConfig, files: Files) -> None:
        """Stand in for `Page.render`."""
        name = page.file.src_uri
        if (record := self.known.get(name)) is not None:
            _restore(page, record, config, files)
            return
        with _listening(config) as told:
            Page.render(page, config, files)
        self.told[name] = told

    # Its HTML.

    def recall_outputs(self, env: Environment) -> None:
        """Find the pages whose whole HTML is known, and have nothing made for them."""
        env.loader = ChoiceLoader([DictLoader({NOTHING: ""}), env.loader or DictLoader({})])
        pages = [file.page for file in self.files.documentation_pages() if file.page]
        shared = digest(json.dumps([_aside(self.config), [_face(page) for page in pages]]))
        for page in pages:
            if (name := page.file.src_uri) in self.keys and name not in complaints.of:
                seen = [self.keys[name], shared, page.content, *self._loaded(name)]
                key = self.keys[name] = digest(json.dumps(seen))
                if (record := self._recall("html", key)) is not None:
                    self.known_outputs[name] = record
                    page.meta["template"] = NOTHING

    def output(self, page: Page, embedded: dict[str, str]) -> str | None:
        """Return the HTML of a page, if it is known; else begin to learn it.

        Args:
            page: The page.
            embedded: The page of each embed of this edition, which this adds to.
        """
        self.wrong = _warnings()
        noted.clear()
        if (record := self.known_outputs.get(page.file.src_uri)) is None:
            return None
        embedded |= dict.fromkeys(embeds.places(record["published"]), page.url)
        return str(record["output"])

    def keep_output(self, page: Page, output: str) -> None:
        """Keep the HTML of a page, unless something is wrong with it."""
        name = page.file.src_uri
        if name in self.keys and name not in complaints.of and self.wrong == _warnings():
            self._keep("html", self.keys[name], {"output": output})

    def _loaded(self, name: str) -> list[Any]:
        """What a page with live cells loads."""
        notebook = self.pages.notebooks.get(name)
        return live.loaded(self.config) if notebook is not None and live.cells_of(notebook) else []

    # Both.

    def _recall(self, kind: str, key: str) -> Record | None:
        """Return what was kept, and publish what belongs to it, if all of that is there."""
        if (content := recall(self.folder / kind / f"{key}.json")) is None:
            return None
        record: Record = json.loads(content)
        published = {
            address: recall(self.folder / "published" / stamp)
            for address, stamp in record["published"].items()
        }
        if None in published.values():
            return None
        for address, bytes_ in published.items():
            publish(bytes_ or b"", address, self.config)
        return record

    def _keep(self, kind: str, key: str, record: Record) -> None:
        stamps = {address: digest(content) for address, content in noted.items()}
        for address, stamp in stamps.items():
            keep(self.folder / "published" / stamp, noted[address])
        content = json.dumps(record | {"published": stamps})
        keep(self.folder / kind / f"{key}.json", content.encode())


def _warnings() -> int:
    return WARNINGS.count + complaints.count


def _stamp(notebook: Notebook) -> str:
    return notebook.result.stamp if isinstance(notebook.result, Run) else ""


def _shared(figures: list[gallery.Entry], config: MkDocsConfig, files: Files) -> str:
    """The digest of what the contents of all pages of an edition depend on."""
    names = [
        name if isinstance(name, str) else type(name).__name__
        for name in config.markdown_extensions
    ]
    settings: list[Any] = [
        config.mdx_configs,
        config.validation,
        config.plugins["mkdocstrings"].config,
    ]
    settings += [config.extra, config.site_url, str(config.edit_uri_template)]
    settings += [config.theme.name, config.theme["language"], complaints.serving]
    settings.append(Path(config.config_file_path).read_text(encoding="utf-8"))
    site = [(file.src_uri, file.url) for file in files]
    there = [(one.name, one.page, {k: sorted(v) for k, v in one.files.items()}) for one in figures]
    tables = [path.read_text("utf-8") for path in sorted(Path(config.docs_dir).glob("*.csv"))]
    return digest(json.dumps([made_by(), names, repr(settings), site, there, tables]))


@functools.cache
def made_by() -> list[str]:
    """Name the steps of a build, and all that is installed."""
    hooks = Path(__file__).parents[1]
    return [*installed(), *(digest(file.read_bytes()) for file in sorted(hooks.rglob("*.py")))]


def _aside(config: MkDocsConfig) -> list[str]:
    """The digests of the templates."""
    templates = Path(config.docs_dir, "overrides")
    return [digest(path.read_bytes()) for path in sorted(templates.rglob("*")) if path.is_file()]


def _face(page: Page) -> list[str]:
    """What other pages show of a page."""
    others = {name: file.src_uri for name, file in vars(page.file).get("alternates", {}).items()}
    links = [page.url, str(page.title), str(page.canonical_url), str(page.edit_url)]
    return [*links, json.dumps(page.meta, default=str), repr(others)]


def _texts(package: Path) -> dict[str, str]:
    """The code of a package, by file; also the settings of ruff, which lays out signatures."""
    root = package.parent
    files = [*sorted(package.rglob("*.py")), *root.glob("pyproject.toml")]
    return {path.relative_to(root).as_posix(): path.read_text(encoding="utf-8") for path in files}


def _documented(markdown: str) -> list[str]:
    """The objects that a page of the reference documents."""
    return re.findall(r"^::: ([\w.]+)", markdown, re.MULTILINE)


def _behind(documented: Sequence[str], sources: Mapping[str, str]) -> list[str]:
    """What the documentation of objects is read from: their modules, and what they import."""
    found: set[str] = {"pyproject.toml"} & sources.keys()
    asked = set(documented)
    waiting = list(asked)
    while waiting:
        for file in _files(waiting.pop(), sources):
            if file not in found:
                found.add(file)
                names = set(_imported(sources[file], tuple(file.split("/")[:-1]))) - asked
                asked |= names
                waiting += names
    return [f"{file} {digest(sources[file])}" for file in sorted(found)]


def _files(name: str, sources: Mapping[str, str]) -> Iterable[str]:
    """The file of a module, or those of a package; of an object, those of its module."""
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        path = "/".join(parts[:length])
        if f"{path}.py" in sources:
            return [f"{path}.py"]
        if f"{path}/__init__.py" in sources:
            inside = [file for file in sources if file.startswith(f"{path}/")]
            return inside if length > 1 else [f"{path}/__init__.py"]
    return []


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


def _rendered(page: Page) -> Record:
    return {
        "toc": [_token(item) for item in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()},
    }


def _restore(page: Page, record: Record, config: MkDocsConfig, files: Files) -> None:
    page.content = record["content"]
    page.toc = get_toc(record["toc"])
    page._title_from_render = record["title"]
    page.present_anchor_ids = set(record["anchors"])
    links: dict[str, dict[str, str]] = record["links"]
    page.links_to_anchors = {files.src_uris[name]: anchors for name, anchors in links.items()}
    registers = _registers(config)
    for name, arguments, named in record["told"]:
        first = [page] if name == "register_anchor" else []
        getattr(registers[name], name)(*first, *arguments, **named)


def _token(item: AnchorLink) -> Record:
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
