"""Give each edition an index of its own, so that a search finds pages in its language."""

import json
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig

from .editions import DEFAULT_LANGUAGE


def part(config: MkDocsConfig) -> None:
    """Part the index that the search has written for all editions."""
    whole = Path(config.site_dir, "search", "search_index.json")
    index = json.loads(whole.read_text(encoding="utf-8"))
    editions = {path.name for path in Path(config.docs_dir).glob("??")} - {DEFAULT_LANGUAGE}
    parts: dict[str, list[dict[str, str]]] = {"": []}
    for entry in index["docs"]:
        edition, slash, rest = entry["location"].partition("/")
        if slash and edition in editions:
            parts.setdefault(edition, []).append(entry | {"location": rest})
        else:
            parts[""].append(entry)
    for edition, entries in parts.items():
        path = Path(config.site_dir, edition, "search", "search_index.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        content = json.dumps(index | {"docs": entries}, ensure_ascii=False, separators=(",", ":"))
        path.write_text(content, encoding="utf-8")
