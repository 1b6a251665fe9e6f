"""Keep what the Markdown of a page became for the next build.

Rendering took two fifths of a warm build. What a page becomes depends on its Markdown, on
the other pages that it may link to, and on the libraries that render.
"""

import json
import logging
import re
from functools import partial
from importlib.metadata import version
from typing import Any

from kept import cache, digest, keep, recall
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page, log
from mkdocs.structure.toc import AnchorLink, get_toc

ENGINE = Page.__module__.split(".")[0]  # mkdocs, or properdocs
LIBRARIES = (ENGINE, "markdown", "pymdown-extensions", "pygments", "mkdocs-autorefs")
VERSIONS = [f"{name} {version(name)}" for name in LIBRARIES]
TELLING = re.compile(r"^:::|\[\]\(\)\{", re.MULTILINE)
"""What tells a plugin something while it is rendered: docstrings, and anchors for autorefs."""


class Heard(logging.Handler):
    """Whether there was a warning."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.anything = False

    def emit(self, record: logging.LogRecord) -> None:  # noqa: D102
        self.anything = True


@event_priority(-200)  # after all that changes Markdown
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> None:
    if not TELLING.search(markdown):
        vars(page)["render"] = partial(render, page)


def render(page: Page, config: MkDocsConfig, files: Files) -> None:
    """Stand in for `Page.render`; a page that warns is rendered, and warns, each time."""
    names = [
        name if isinstance(name, str) else type(name).__name__
        for name in config.markdown_extensions
    ]
    settings = [names, repr(config.mdx_configs), repr(config.validation), VERSIONS]
    site = [(file.src_uri, file.url) for file in files]
    state = [page.file.src_uri, page.markdown, site, settings]
    path = cache(config) / "pages" / f"{digest(json.dumps(state))}.json"
    if (content := recall(path)) is not None:
        _restore(page, json.loads(content), files)
        return
    heard = Heard()
    log.addHandler(heard)
    try:
        Page.render(page, config, files)
    finally:
        log.removeHandler(heard)
    if not heard.anything:
        keep(path, json.dumps(_rendered(page)).encode())


def _rendered(page: Page) -> dict[str, Any]:
    return {
        "content": page.content,
        "toc": [_token(item) for item in page.toc],
        "title": page._title_from_render,
        "anchors": sorted(page.present_anchor_ids or ()),
        "links": {file.src_uri: links for file, links in (page.links_to_anchors or {}).items()},
    }


def _restore(page: Page, rendered: dict[str, Any], files: Files) -> None:
    page.content = rendered["content"]
    page.toc = get_toc(rendered["toc"])
    page._title_from_render = rendered["title"]
    page.present_anchor_ids = set(rendered["anchors"])
    links: dict[str, dict[str, str]] = rendered["links"]
    page.links_to_anchors = {files.src_uris[name]: anchors for name, anchors in links.items()}


def _token(item: AnchorLink) -> dict[str, Any]:
    children = [_token(child) for child in item.children]
    return {"name": item.title, "id": item.id, "level": item.level, "children": children}
