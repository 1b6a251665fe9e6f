"""Where a translator looks, and what lets a reader give it sentences of the grammar.

What a figure shows of one sentence comes from `Translator.translate`; a page hands the weights
of the same translator to docs/assets/explorers/translator.js, which does what it does.
"""

import re
from base64 import b64encode
from collections.abc import Iterable
from functools import partial
from typing import get_args

from ..heatmaps import draw_heatmaps
from ..style import Explorer, Figure, Language, in_both_languages
from ..translation import (
    ADJECTIVES,
    ADJECTIVES_BEFORE,
    ARTICLES,
    END,
    FRAMES,
    MOST_TOKENS,
    NOUNS,
    START,
    Translator,
)
from ..words.diagrams import TRANSLATION
from ..words.names import label_in
from .cells import cells_data

KEYS, QUERIES = "Source tokens: keys and values", "Target tokens: queries"


def _phrase(articles: Iterable[str]) -> str:
    """What finds a noun phrase, and in it article, adjective and noun."""
    adjectives = [*ADJECTIVES, *ADJECTIVES_BEFORE]
    return f"({'|'.join(articles)})(?: ({'|'.join(adjectives)}))? ({'|'.join(NOUNS)})"


PATTERNS = {
    name: source.format(_phrase(ARTICLES), _phrase(["the"] if name == "of" else ARTICLES))
    for name, (source, _) in FRAMES.items()
}
"""Of each frame, what finds articles, adjectives and nouns in its sentences."""


@in_both_languages
def draw_translation(translator: Translator, sentence: str, *, lang: Language = "en") -> Figure:
    """Draw where a translator looks while it translates a sentence.

    Each row is a step of decoding: its weights over the source tokens. On a site the reader
    can compose other sentences.

    Args:
        translator: One that knows all words of the grammar.
        sentence: One of the grammar, as those of `translation.corpus`.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, the sentence is not of the grammar, or the
            translator lacks some of its words.

    Examples:
        >>> from attncues.diagrams import draw_translation
        >>> from attncues.translation import corpus, train
        >>> translator = train(data=corpus(train=100, test=0), epochs=2)
        >>> figure = draw_translation(translator, "the red cup is on the table")
        >>> figure.savefig("translation.svg")
    """
    if not any(re.fullmatch(pattern, sentence) for pattern in PATTERNS.values()):
        raise ValueError(
            f"a sentence of the grammar is needed, such as 'the red cup is on the table'; "
            f"got {sentence!r}"
        )
    words = {word for source, _ in FRAMES.values() for word in source.split()} - {"{}"}
    words |= {*ARTICLES, *ADJECTIVES, *ADJECTIVES_BEFORE, *NOUNS}
    if unknown := sorted(words - set(translator.source_tokens)):
        raise ValueError(f"the translator has not learned {', '.join(unknown)}")
    translation = translator.translate(sentence)
    figure = draw_heatmaps(
        translation.weights,
        xlabel=KEYS,
        ylabel=QUERIES,
        vmin=0,
        vmax=1,
        xticklabels=translation.source,
        yticklabels=translation.target,
        lang=lang,
    )
    figure.explorer = partial(_explorer, translator, sentence)
    return figure


def _explorer(translator: Translator, sentence: str) -> Explorer:
    """Gather the translator, the grammar and what is said of both."""
    return "translator", {
        "weights": {
            name: b64encode(one.numpy().astype("<f4").tobytes()).decode("ascii")
            for name, one in translator.state_dict().items()
        },
        "source": translator.source_tokens,
        "target": translator.target_tokens,
        "start": START,
        "end": END,
        "most": MOST_TOKENS,
        "sentence": sentence,
        "patterns": PATTERNS,
        "frames": FRAMES,
        "articles": ARTICLES,
        "following": ADJECTIVES,
        "preceding": ADJECTIVES_BEFORE,
        "nouns": NOUNS,
        **cells_data(),
        "words": {
            one: TRANSLATION[one] | {"keys": label_in(one, KEYS), "queries": label_in(one, QUERIES)}
            for one in get_args(Language)
        },
    }
