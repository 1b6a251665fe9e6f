"""Moved to `words.names`."""

from .words.names import *  # noqa: F403
from .words.names import NAMES as NAMES
from .words.names import singular as singular
from .words.names import label_in, labels_in


def name_of(text, lang):  # type: ignore
    return label_in(lang, text)


def names_of(texts, lang):  # type: ignore
    return labels_in(lang, texts)
