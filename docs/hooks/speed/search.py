"""Keep what the search found in a page for the next build.

Reading all pages took a fifth of a warm build.
"""

import json
from functools import partial
from typing import Any

from engine.kept import cache, digest, keep, made_by, recall
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from .pages import NOTHING

MADE_BY = made_by(__file__)


def keep_entries(config: MkDocsConfig) -> None:
    """Let the search's index recall the entries of pages."""
    search: Any = config.plugins["material/search"]
    index = search.search_index
    vars(index)["add_entry_from_context"] = partial(add, index, config)


def add(index: Any, config: MkDocsConfig, page: Page) -> None:
    """Stand in for the index's own method: add the sections of a page.

    The content of a page whose HTML is known ends here: Material 9.8.1 would look through it for
    what only the search reads.
    """
    stated = [page.meta.get(name) for name in ("tags", "search")]
    title = str(page.meta.get("title", page.title))
    state = [digest(page.content or ""), page.url, title, stated, MADE_BY]
    path = cache(config) / "search" / f"{digest(json.dumps(state, default=str))}.json"
    if (content := recall(path)) is not None:
        index.entries += json.loads(content)
    else:
        before = len(index.entries)
        type(index).add_entry_from_context(index, page)
        keep(path, json.dumps(index.entries[before:]).encode())
    if page.meta.get("template") == NOTHING:
        page.content = ""
