"""Keep for the next build what pages become: first their content, then their whole HTML.

The content of a page depends on its text, on whether its English page has changed since, on
what its cells left, and on what all pages share: settings, names of pages and of figures, the
steps of a build themselves. Its HTML also depends on what the menu says of all pages, on
templates, and on the files that live cells load. What a page does besides is kept with it and
done again: the files that it publishes, its notebook, what it tells plugins.

If anything is said while a page is made, it is not kept, so that each build says it. (What is
kept does not go for the option `backlinks` of mkdocstrings, nor for one object on two pages.)
"""

import functools
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
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
from mkdocs.structure.files import Files, InclusionLevel
from mkdocs.structure.pages import Page, log
from mkdocs.structure.toc import AnchorLink, get_toc

from . import reference

ENGINE = Page.__module__.split(".")[0]  # mkdocs, or properdocs
NOTHING = "nothing.html"
"""The template of a page whose HTML is known."""
HOOKS = Path(__file__).parents[1]
STEPS = [*installed(), *(digest(file.read_bytes()) for file in sorted(HOOKS.rglob("*.py")))]
"""The steps of a build as they were loaded, and all that is installed."""
OUT = InclusionLevel.EXCLUDED
TOLD = ("math", "minutes", "notebook")
"""What steps write into the front matter of a page, for the template."""

Record = dict[str, Any]


class Said(logging.Handler):
    """How many messages there were that someone may want to read in each build."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.count = 0

    def emit(self, record: logging.LogRecord) -> None:  # noqa: D102
        self.count += 1


SAID = Said()
logging.getLogger(ENGINE).addHandler(SAID)


def _said() -> int:
    return SAID.count + complaints.count


_settings: list[Any] = [None, ""]


def settings_file(config: MkDocsConfig) -> str:
    """Return the text of mkdocs.yml as it was when this was first asked of a configuration.

    The first question is asked when MkDocs has just read it; while cells run it may change.
    """
    if _settings[0] is not config:
        _settings[:] = config, Path(config.config_file_path).read_text(encoding="utf-8")
    return str(_settings[1])


def compare(
    page: Page, english: Path, config: MkDocsConfig, look: Callable[[], Iterable[str]]
) -> list[str]:
    """Return what a look at two editions of a page finds; where both are as they were, recall it.

    Args:
        page: The translation.
        english: The English page.
        config: Of the site.
        look: Yields the differences.
    """

    def texts() -> list[str]:
        return [page.file.src_uri, page.file.content_string, english.read_text(encoding="utf-8")]

    seen = texts()
    path = cache(config) / "compared" / f"{digest(json.dumps([seen, STEPS]))}.json"
    if (content := recall(path)) is not None:
        return list(json.loads(content))
    found = list(look())
    if seen == texts():
        keep(path, json.dumps(found).encode())
    return found


class Kept:
    """What is known of the pages of an edition, and what this build learns of them."""

    def __init__(
        self, pages: Pages, figures: list[gallery.Entry], config: MkDocsConfig, files: Files
    ) -> None:
        self.pages, self.figures, self.config, self.files = pages, figures, config, files
        self.package = pages.runs.settings.package
        self.read = _read(self.package, config)
        self.shared = _shared(figures, config, files, self.read)
        self.contents: dict[str, str] = {}  # keys, by page
        self.outputs: dict[str, str] = {}
        self.known: dict[str, Record] = {}
        self.known_outputs: dict[str, Record] = {}
        self.told: dict[str, list[Any]] = {}
        self.learned: dict[Path, bytes] = {}
        self.said = 0

    def finish(self) -> None:
        """Keep what was learned, unless a file that it comes from was edited meanwhile."""
        if self.learned and self.read == _read(self.package, self.config):
            for path, content in self.learned.items():
                keep(path, content)
        self.learned.clear()

    # The content of a page.

    def knows(self, page: Page, markdown: str) -> bool:
        """Tell whether the content of a page is known; else begin to learn it."""
        name = page.file.src_uri
        notebook = self.pages.notebooks.get(name)
        vars(page)["render"] = functools.partial(self._render, page)
        record = None
        if notebook is None or (not notebook.wrong and isinstance(notebook.result, Run)):
            self.contents[name] = digest(json.dumps(self._seen(page, markdown, notebook)))
            record = self._recall("pages", self.contents[name])
        self.said = _said()
        noted.clear()
        if record is None:
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

    def learn_content(self, page: Page, html: str) -> None:
        """Learn what a page has become, unless something was said of it."""
        name = page.file.src_uri
        if name not in self.contents:
            return
        # With `--verbose`, MkDocs does not note links to anchors; with `serve --quiet`, nobody
        # hears of warnings.
        whole = page.links_to_anchors is not None and log.isEnabledFor(logging.WARNING)
        if not whole or self.said != _said():
            del self.contents[name]
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
        self._learn("pages", self.contents[name], record)

    def _seen(self, page: Page, markdown: str, notebook: Notebook | None) -> list[Any]:
        """All that the content of a page depends on."""
        stale = editions.is_stale(page, self.config)
        seen: list[Any] = [self.shared, page.file.src_uri, page.file.url, markdown, stale]
        seen.append(_stated(page))
        if notebook is not None:
            cells = notebook.cells.values()
            seen += [(one.name, one.source, sorted(one.tags)) for one in cells]
            seen.append(_left(notebook))
        if "{{gallery}}" in markdown:
            seen += [gallery.told(self.figures), *map(_left, self.pages.notebooks.values())]
        if "{formula" in markdown:
            seen.append(self._functions)
        if documented := reference.DOCUMENTED.findall(markdown):
            seen += reference.behind(documented, self.package.parent, self.read["package"])
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
        env.get_template(NOTHING)  # compiled, and kept, by each build alike
        pages = [file.page for file in self.files.documentation_pages() if file.page]
        shared = digest(json.dumps([self.read["beside"], [_menu(page) for page in pages]]))
        for page in pages:
            if (name := page.file.src_uri) not in self.contents or name in complaints.of:
                continue
            content = digest(page.content or "")
            seen = [self.contents[name], shared, content, *_head(page), *self._loaded(name)]
            key = self.outputs[name] = digest(json.dumps(seen))
            if (record := self._recall("html", key)) is not None:
                self.known_outputs[name] = record
                page.meta["template"] = NOTHING

    def output(self, page: Page, embedded: dict[str, str]) -> str | None:
        """Return the HTML of a page, if it is known; else begin to learn it.

        Args:
            page: The page.
            embedded: The page of each embed of this edition, which this adds to.
        """
        self.said = _said()
        noted.clear()
        if (record := self.known_outputs.get(page.file.src_uri)) is None:
            return None
        for place in embeds.places(record["published"]):
            embeds.take(place, page, embedded)
        return str(record["output"])

    def learn_output(self, page: Page, output: str) -> None:
        """Learn the HTML of a page, unless something was said of it."""
        if (key := self.outputs.get(page.file.src_uri)) is not None and self.said == _said():
            self._learn("html", key, {"output": output})

    def _loaded(self, name: str) -> list[str]:
        """What a page with live cells loads."""
        notebook = self.pages.notebooks.get(name)
        return self._all_loaded if notebook is not None and live.cells_of(notebook) else []

    @functools.cached_property
    def _functions(self) -> list[str]:
        return sorted(formulas.functions(self.package))

    @functools.cached_property
    def _all_loaded(self) -> list[str]:
        return live.loaded(self.config)

    # Both.

    def _recall(self, kind: str, key: str) -> Record | None:
        """Return what was kept, and publish what belongs to it, if all of that is there."""
        folder = cache(self.config)
        if (content := recall(folder / kind / f"{key}.json")) is None:
            return None
        record: Record = json.loads(content)
        published = {}
        for address, stamp in record["published"].items():
            if (file := recall(folder / "published" / stamp)) is None:
                return None
            published[address] = file
        for address, file in published.items():
            publish(file, address, self.config)
        return record

    def _learn(self, kind: str, key: str, record: Record) -> None:
        folder = cache(self.config)
        stamps = {address: digest(content) for address, content in noted.items()}
        self.learned |= {
            folder / "published" / stamp: noted[address] for address, stamp in stamps.items()
        }
        content = json.dumps(record | {"published": stamps})
        self.learned[folder / kind / f"{key}.json"] = content.encode()


def _left(notebook: Notebook) -> list[Any]:
    """What the cells of a page left."""
    stamp = notebook.result.stamp if isinstance(notebook.result, Run) else ""
    return [stamp, sorted(notebook.facts.ambiguous)]


def _read(package: Path, config: MkDocsConfig) -> dict[str, dict[str, str]]:
    """The digests of all files that pages are made from, by what may change with them.

    The package: the reference. Tables: the content of pages. What lies beside: their HTML.
    """
    docs = Path(config.docs_dir)
    ruff = package.parent / "pyproject.toml"  # it lays out signatures
    return {
        "package": _digests(package.parent, [*package.rglob("*.py"), *[ruff] * ruff.is_file()]),
        "tables": _digests(docs, docs.glob("*.csv")),
        "beside": _digests(docs, [*docs.glob("overrides/**/*"), *docs.glob("live/**/*")]),
    }


def _digests(root: Path, files: Iterable[Path]) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): digest(path.read_bytes())
        for path in sorted(files)
        if not path.name.startswith(".") and path.is_file()
    }


def _shared(
    figures: list[gallery.Entry],
    config: MkDocsConfig,
    files: Files,
    read: Mapping[str, Mapping[str, str]],
) -> str:
    """The digest of what the contents of all pages of an edition depend on."""
    names = [
        name if isinstance(name, str) else type(name).__name__
        for name in config.markdown_extensions
    ]
    settings = [
        settings_file(config),
        config.mdx_configs,
        config.validation,
        config.plugins["mkdocstrings"].config,
        config.extra,
        config.site_url,
        str(config.edit_uri_template),
        config.theme.name,
        config.theme["language"],
        complaints.serving,
    ]
    site = [(file.src_uri, file.url) for file in files if file.inclusion is not OUT]
    there = [(one.name, one.page, {k: sorted(v) for k, v in one.files.items()}) for one in figures]
    return digest(json.dumps([STEPS, names, repr(settings), site, there, read["tables"]]))


def _menu(page: Page) -> list[Any]:
    """What the menu, and the way through the chapter, say of a page."""
    stated = ("minutes", "aside", "icon", "status", "subtitle")
    return [page.url, str(page.title), *(str(page.meta.get(name)) for name in stated)]


def _head(page: Page) -> list[Any]:
    """What a page says of itself besides its content."""
    twins = {name: file.src_uri for name, file in vars(page.file).get("alternates", {}).items()}
    links = [str(page.canonical_url), str(page.edit_url), twins]
    return [*links, _stated(page)]


def _stated(page: Page) -> str:
    """The front matter of a page, and what steps added to it."""
    return json.dumps(page.meta, default=str, sort_keys=True)


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
