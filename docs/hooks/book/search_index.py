"""What the search of each edition reads: its pages, and in them the terms of the glossary.

The script that searches is `docs/assets/search.js`. The entry of a section that explains a term
begins with what the glossary says of it, so that each name of the term is found there.
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from material.plugins.search import plugin
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files

from . import glossary
from .editions import DEFAULT_LANGUAGE

WEIGHTS = {
    "": 0.6,  # the first page, which tells of everything
    "glossary": 0.3,
    "references": 0.05,
    "api": 0.02,
    "contributing": 0.01,
    "maintaining": 0.01,
}
"""What a match on a page counts, by the first word of its name; on a page of the chapter, 1."""


def leave_chinese_whole() -> None:
    """Keep Material from parting Chinese into words, which it does where jieba is installed."""
    plugin.jieba = None


def leave_out_theirs(files: Files) -> None:
    """Keep Material's script that searches, and its words of thirty languages, out of the site."""
    theirs = ("assets/javascripts/lunr/", "assets/javascripts/workers/")
    for file in [one for one in files if one.src_uri.startswith(theirs)]:
        files.remove(file)


def part(config: MkDocsConfig) -> None:
    """Part the index that the search has written for all editions."""
    whole = Path(config.site_dir, "search", "search_index.json")
    index = json.loads(whole.read_text(encoding="utf-8"))
    editions = {path.name for path in Path(config.docs_dir).glob("??")} - {DEFAULT_LANGUAGE}
    parts: dict[str, list[dict[str, Any]]] = {"": []}
    for entry in index["docs"]:
        edition, slash, rest = entry["location"].partition("/")
        if slash and edition in editions:
            parts.setdefault(edition, []).append(entry | {"location": rest})
        else:
            parts[""].append(entry)
    for edition, entries in parts.items():
        path = Path(config.site_dir, edition, "search", "search_index.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        docs = list(_weighed(entries, config, edition or DEFAULT_LANGUAGE))
        content = json.dumps(index | {"docs": docs}, ensure_ascii=False, separators=(",", ":"))
        path.write_text(content, encoding="utf-8")


def leave_out(page: str) -> str:
    """Keep a label that comes with each figure out of the index."""
    label = r'(<details class="code">\s*<summary)>'
    return re.sub(label, r'\1 data-search-exclude="true">', page)


def _weighed(
    entries: list[dict[str, Any]], config: MkDocsConfig, language: str
) -> Iterator[dict[str, Any]]:
    """Give each entry its weight and the terms that it explains."""
    explained: dict[str, list[glossary.Term]] = {}
    for term in glossary.terms(Path(config.docs_dir), language):
        page, hash_, anchor = term.explained.partition("#")
        address = page.removesuffix(".md") + ("/" if config.use_directory_urls else ".html")
        explained.setdefault(address + hash_ + anchor, []).append(term)
    for entry in entries:
        name = entry["location"].split("#")[0].strip("/").removesuffix(".html").split("-")[0]
        if name in WEIGHTS:
            entry["weight"] = WEIGHTS[name]
        if terms := explained.get(entry["location"]):
            said = [html.escape(_said(one, language), quote=False) for one in terms]
            text = "".join(f"<p>{one}</p>" for one in said) + entry["text"]
            entry |= {"text": text, "terms": [one.names for one in terms]}
        yield entry


def _said(term: glossary.Term, language: str) -> str:
    """Say a term, its other names and its meaning; Chinese readers know the English, too."""
    if language == DEFAULT_LANGUAGE:
        names = f" ({', '.join(term.other)})" if term.other else ""
        return f"{term.name}{names}: {term.meaning}"
    known = [term.foreign] * (term.foreign != term.name) + [*term.other]
    return f"{term.name}{'（' + '、'.join(known) + '）' if known else ''}：{term.meaning}"
