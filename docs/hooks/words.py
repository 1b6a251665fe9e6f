"""Part Chinese into words for the search, and remember how for the next build.

The search plugin of Material parts words with jieba, whose dictionary takes half a second
to load. A build that meets no new text does not load it.
"""

import contextlib
import json
import logging
from importlib.metadata import version
from pathlib import Path

import jieba
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from runs import write_whole

jieba.setLogLevel(logging.WARNING)
part = jieba.lcut
remembered: dict[str, list[str]] = {}
"""Runs of Chinese characters to their words, from an earlier build."""
met: dict[str, list[str]] = {}
"""Those that the builds of this process have met."""


def cut(text: bytes) -> list[str]:
    """Stand in for `jieba.cut`, as the search plugin calls it."""
    run = text.decode()
    if run not in met:
        met[run] = remembered.get(run) or part(run)
    return met[run]


def on_config(config: MkDocsConfig) -> None:
    cache = _cache(config)
    jieba.cut = cut
    jieba.dt.tmp_dir = str(cache.parent)  # where it leaves a quicker form of its dictionary
    with contextlib.suppress(OSError):  # jieba then keeps nothing
        cache.parent.mkdir(exist_ok=True)
    with contextlib.suppress(OSError, ValueError, TypeError, AttributeError):
        entries = json.loads(cache.read_text(encoding="utf-8")).items()
        remembered.update({run: words for run, words in entries if "".join(words) == run})


@event_priority(-200)  # after the search has parted every page
def on_post_build(config: MkDocsConfig) -> None:
    content = json.dumps(met, ensure_ascii=False, sort_keys=True).encode()
    cache = _cache(config)
    with contextlib.suppress(OSError):
        if not cache.exists() or cache.read_bytes() != content:
            write_whole(cache, content)


def _cache(config: MkDocsConfig) -> Path:
    root = Path(config.config_file_path).parent
    return root / ".cache" / f"words-{version('jieba')}.json"
