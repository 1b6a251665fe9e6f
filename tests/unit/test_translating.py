"""The figure of a translation shows what the translator does, and hands it to the page."""

import functools
import re
from base64 import b64decode
from typing import Any

import numpy as np
import pytest
import torch

from attncues.diagrams import draw_translation
from attncues.style import svg
from attncues.translation import Corpus, Pair, Translator, corpus, sentence_of, train

SENTENCE = "the red cup is not on the black table"


@functools.cache
def translator() -> Translator:
    return train(data=corpus(train=150, test=0), epochs=15)


def data() -> dict[str, Any]:
    explorer = draw_translation(translator(), SENTENCE).explorer
    assert callable(explorer)
    kind, found = explorer()
    assert kind == "translator"
    return found


@pytest.mark.thorough
def test_it_shows_the_weights_of_the_translation() -> None:
    translation = translator().translate(SENTENCE)
    drawn = draw_translation(translator(), SENTENCE)
    strongest = f"{translation.weights.max().item():.3g}"
    assert strongest in drawn.description
    texts = re.findall(r">([^<>]+)</text>", svg(drawn))
    for word in (*translation.source, *translation.target):
        assert word in texts
    assert "Target tokens: queries" in texts
    assert "目标词元：查询" in svg(draw_translation(translator(), SENTENCE, lang="zh"))


def test_a_page_gets_every_weight_as_it_was_learned() -> None:
    found, learned = data(), translator().state_dict()
    assert found["weights"].keys() == learned.keys()
    size = 0
    for name, text in found["weights"].items():
        numbers = np.frombuffer(b64decode(text), dtype="<f4")
        assert torch.equal(torch.from_numpy(numbers.copy()), learned[name].flatten())
        size += len(text)
    assert size < 200 * 1024
    assert (found["source"], found["target"]) == (
        translator().source_tokens,
        translator().target_tokens,
    )


def test_patterns_take_every_sentence_apart_into_what_it_was_made_of() -> None:
    patterns = data()["patterns"]
    sentences = corpus()
    for pair in (*sentences.train, *sentences.test):
        ((frame, found),) = (
            (frame, match)
            for frame, pattern in patterns.items()
            if (match := re.fullmatch(pattern, " ".join(pair.source)))
        )
        a, b, c, d, e, f = found.groups()
        assert sentence_of(frame, (a, b, c), (d, e, f)) == pair


@pytest.mark.parametrize(
    "sentence", ["", "the cat", "the cat is a table", "the cat of a table is here", "I see"]
)
def test_what_is_no_sentence_of_the_grammar_is_refused(sentence: str) -> None:
    with pytest.raises(ValueError, match=r"a sentence of the grammar is needed.*got"):
        draw_translation(translator(), sentence)


def test_a_translator_that_lacks_words_is_refused() -> None:
    cats = Corpus((Pair(("the", "cat"), ("le", "chat")),), ())
    with pytest.raises(ValueError, match="has not learned I, a, and, big, black, book"):
        draw_translation(train(data=cats, epochs=1), SENTENCE)
