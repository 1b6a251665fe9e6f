"""The translator translates, and looks where it should."""

import functools
import re
from itertools import pairwise

import pytest
import torch

from attncues.translation import (
    ADJECTIVES,
    HELD_OUT,
    START,
    Corpus,
    Pair,
    Translator,
    corpus,
    sentence_of,
    train,
)

DATA = corpus()


@functools.cache
def translator() -> Translator:
    return train(seed=1)  # the page trains with 0


@functools.cache
def beginner() -> Translator:
    """What has been hardly trained does all but translate."""
    return train(seed=1, epochs=1)


# The sentences


def test_no_test_sentence_and_no_pair_of_words_of_it_was_learned() -> None:
    assert len({pair.source for pair in DATA.train}) == 600
    assert len({pair.source for pair in DATA.test}) == 200
    learned = {two for pair in DATA.train for two in pairwise(pair.source)}
    assert not learned & HELD_OUT
    assert all(set(pairwise(pair.source)) & HELD_OUT for pair in DATA.test)
    words = {word for pair in DATA.train for word in pair.source}
    assert all(set(pair.source) <= words for pair in DATA.test)


@pytest.mark.parametrize(
    ("english", "french"),
    [
        (r"the red cup is on", r"la tasse rouge est sur"),
        (r"a black (cup|chair|letter|table)", r"une \w+ noire"),
        (r"a small (book|cat|newspaper|notebook)", r"un petit \w+"),
        (r"of the (\w+ )?(book|cat|newspaper|notebook) is", r" du "),
        (r"of the (\w+ )?(cup|chair|letter|table) is", r" de la "),
        (r"is not on", r" n' est pas sur "),
    ],
)
def test_the_grammar_is_french(english: str, french: str) -> None:
    pairs = [
        pair for pair in (*DATA.train, *DATA.test) if re.search(english, " ".join(pair.source))
    ]
    assert pairs
    for pair in pairs:
        assert re.search(french, " ".join(pair.target)), pair


def test_alignments_cross_and_are_not_one_to_one() -> None:
    lengths = {(len(pair.source), len(pair.target)) for pair in DATA.train}
    assert any(source < target for source, target in lengths)
    assert any(source > target for source, target in lengths)


def test_a_sentence_can_be_composed() -> None:
    cat, chair = ("the", "black", "cat"), ("a", "big", "chair")
    written = {
        frame: " ".join(sentence_of(frame, chair, cat).target)
        for frame in ("on", "not on", "of", "see")
    }
    assert written == {
        "on": "une grande chaise est sur le chat noir",
        "not on": "une grande chaise n' est pas sur le chat noir",
        "of": "une grande chaise du chat noir est ici",
        "see": "je vois une grande chaise et le chat noir",
    }
    assert sentence_of("of", cat, ("the", None, "chair")).target[-5:] == (
        *("de", "la", "chaise"),
        *("est", "ici"),
    )


def test_a_seed_decides_the_sentences() -> None:
    assert corpus(3, train=20, test=5) == corpus(3, train=20, test=5)
    assert corpus(3, train=20, test=5) != corpus(4, train=20, test=5)


# Translating


@pytest.mark.thorough
def test_it_translates_what_it_has_not_seen_and_looks_across_the_noun() -> None:
    written = translator().translate_all([pair.source for pair in DATA.test])
    right = sum(one.target == pair.target for one, pair in zip(written, DATA.test, strict=True))
    assert right / len(DATA.test) > 0.95
    english = {french: word for word, forms in ADJECTIVES.items() for french in forms}
    looks = [
        one.source[one.weights[step].argmax()] == english[token]
        for one in written
        for step, token in enumerate(one.target)
        if token in english
    ]
    assert len(looks) > 150
    assert sum(looks) / len(looks) > 0.95


@pytest.mark.thorough
def test_one_sentence_is_translated_as_among_others() -> None:
    sentence = "the red cup is not on the black table"
    alone = translator().translate(sentence)
    assert " ".join(alone.target) == "la tasse rouge n' est pas sur la table noire"
    assert alone.weights.shape == (len(alone.target), len(alone.source))
    others = [("the", "cat", "is", "on", "a", "small", "green", "table"), ("I", "see")]
    among = translator().translate_all([*others, tuple(sentence.split())])[-1]
    assert among.target == alone.target
    torch.testing.assert_close(among.weights, alone.weights, atol=1e-5, rtol=1e-4)


def test_weights_are_distributions_that_leave_out_padding() -> None:
    encoded = beginner().encode([("the", "cup", "is", "on", "the", "table"), ("I", "see")])
    assert encoded.mask[:, 0].sum(-1).tolist() == [7, 3]  # with the end
    tokens = torch.full((2,), beginner().target_tokens.index(START))
    step = beginner().step(tokens, encoded.state, encoded)
    assert (step.weights[~encoded.mask] == 0).all()
    torch.testing.assert_close(step.weights.sum(-1), torch.ones(2, 1))
    torch.testing.assert_close(step.context, (step.weights @ encoded.values)[:, 0])


def test_a_training_repeats_and_leaves_the_random_numbers_of_others_alone() -> None:
    small = corpus(train=60, test=0)
    torch.manual_seed(3)
    before = torch.random.get_rng_state()
    one, two = (train(1, data=small, epochs=2) for _ in range(2))
    assert torch.equal(torch.random.get_rng_state(), before)
    assert all(torch.equal(a, b) for a, b in zip(one.parameters(), two.parameters(), strict=True))


def test_progress_is_reported() -> None:
    lines: list[str] = []
    train(data=corpus(train=60, test=0), epochs=10, report=lines.append)
    assert [line.split(":")[0].split() for line in lines] == [
        ["epoch", str(epoch), "of", "10"] for epoch in (2, 4, 6, 8, 10)
    ]


# Errors


def test_words_that_were_not_learned_are_named() -> None:
    with pytest.raises(ValueError, match=r"not learned: 'purple', 'dog'; known are I, a, and"):
        beginner().translate("the purple dog is here")


def test_an_empty_sentence_is_refused() -> None:
    with pytest.raises(ValueError, match="no word"):
        beginner().translate("  ")


def test_numbers_that_cannot_be_drawn_or_trained_are_refused() -> None:
    with pytest.raises(ValueError, match="2000 and 500"):
        corpus(train=2001)
    with pytest.raises(ValueError, match="at least one of each"):
        train(data=Corpus((), ()))
    with pytest.raises(ValueError, match="0 epochs"):
        train(data=Corpus((Pair(("a",), ("un",)),), ()), epochs=0)
