"""Keep for the next build what is wrong with the sentences of a page; most often nothing is.

Comparing editions, and words with the names of claims, took half of a warm build. What comes
out depends on what was looked at and on the code that looks, which is all in this folder's parent.
"""

import functools
import json
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

from engine.kept import cache, digest, installed, keep, recall
from mkdocs.config.defaults import MkDocsConfig

Found = TypeVar("Found")


def remembered(
    config: MkDocsConfig, seen: list[Any], look: Callable[[], Iterable[Found]]
) -> list[Found]:
    """Return what a look finds, without looking where all that it sees is as it was.

    Args:
        config: Of the site.
        seen: All that the look depends on, as JSON has it.
        look: Yields what is wrong, as JSON has it.
    """
    path = cache(config) / "checked" / f"{digest(json.dumps([*seen, _made_by()]))}.json"
    if (content := recall(path)) is None:
        content = json.dumps(list(look())).encode()
        keep(path, content)
    return list(json.loads(content))


@functools.cache
def _made_by() -> list[str]:
    hooks = Path(__file__).parents[1]
    return [*installed(), *(digest(file.read_bytes()) for file in sorted(hooks.rglob("*.py")))]
