"""Part Chinese into words for the search, and remember how for the next build.

The search plugin of Material parts words with jieba, whose dictionary takes half a second
to load. A build that meets no new text does not load it.
"""

import json
from importlib.metadata import version
from pathlib import Path

import jieba
from kept import cache, keep, recall
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority

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


def part(run: str) -> list[str]:
    dictionary = jieba.dt
    if not dictionary.initialized:
        # jieba's own way keeps a copy of nine megabytes, trusts it whatever is in it, and
        # is no quicker with it.
        source = dictionary.get_dict_file()
        dictionary.FREQ, dictionary.total = dictionary.gen_pfdict(source)
        dictionary.initialized = True
    words: list[str] = jieba.lcut(run)
    return words


def on_config(config: MkDocsConfig) -> None:
    jieba.cut = cut
    if (content := recall(_kept(config))) is not None:
        remembered.update(json.loads(content))


@event_priority(-200)  # after the search has parted every page
def on_post_build(config: MkDocsConfig) -> None:
    content = json.dumps(met, ensure_ascii=False, sort_keys=True).encode()
    if recall(_kept(config)) != content:
        keep(_kept(config), content)


def _kept(config: MkDocsConfig) -> Path:
    return cache(config) / "words" / f"{version('jieba')}.json"
