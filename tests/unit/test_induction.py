"""Two layers of attention learn to repeat, and each of them is needed for it."""

import functools
from itertools import pairwise

import pytest
import torch
from torch import Tensor

from attncues.diagrams import draw_formation
from attncues.induction import (
    LENGTH,
    LONGEST,
    PHRASES,
    Change,
    Repeater,
    draw_lessons,
    draw_texts,
    followers,
    read,
    repeats,
    train,
)
from attncues.threads import one_thread

UNSEEN = draw_texts(200, seed=12345)
SEEDS = range(5)


@functools.cache
def trained(seed: int) -> Repeater:
    return train(seed)


def without(layer: int) -> Change:
    return lambda number, weights: weights * (number != layer)


# The texts


def test_a_text_is_made_of_its_phrases() -> None:
    for text in UNSEEN.tolist():
        start, *letters = text
        assert start == 0
        assert 0 not in letters
        assert len(set(letters)) <= PHRASES * LONGEST
        # A letter has one follower inside its phrase, and three at its end.
        after: dict[int, set[int]] = {}
        for one, other in pairwise(letters):
            after.setdefault(one, set()).add(other)
        assert sum(len(each) > 1 for each in after.values()) <= PHRASES
        assert max(map(len, after.values())) <= PHRASES


def test_texts_differ_and_a_seed_decides_them() -> None:
    assert torch.equal(draw_texts(5, seed=3), draw_texts(5, seed=3))
    assert not torch.equal(draw_texts(5, seed=3), draw_texts(5, seed=4))
    assert len({tuple(text) for text in UNSEEN.tolist()}) == len(UNSEEN)


@pytest.mark.thorough
def test_a_training_learns_from_its_lessons_in_their_order() -> None:
    lessons = draw_lessons(2, seed=3)
    assert lessons.shape == (64, LENGTH + 1)
    assert torch.equal(lessons[:, :-1], draw_texts(64, seed=3))
    used: list[Tensor] = []
    before: list[Tensor] = []

    def note(layer: int, weights: Tensor) -> Tensor:
        used.append(weights)
        return weights

    train(
        seed=3,
        steps=2,
        change=note,
        watch=lambda step, model: before.append(model(lessons[32 * step :][:32, :-1]).weights),
    )
    for step in (0, 1):
        assert torch.equal(used[2 * step], before[step][:, 0])
    with pytest.raises(ValueError, match="at least one"):
        draw_lessons(0, seed=3)


def test_followers_come_after_an_earlier_letter_that_is_the_same() -> None:
    marked = followers(read("abcab"))[0]
    # Places: start, a, b, c, a, b.
    assert marked.nonzero().tolist() == [[4, 2], [5, 3]]
    places = followers(UNSEEN)
    for text, row, column in places.nonzero()[:500].tolist():
        assert 0 < column <= row
        assert UNSEEN[text, column - 1] == UNSEEN[text, row]


def test_what_is_no_text_is_refused() -> None:
    for text in ("ab c", "x" * LENGTH, "é"):
        with pytest.raises(ValueError, match="at most 23 letters"):
            read(text)
    with pytest.raises(ValueError, match="at least one"):
        draw_texts(0, seed=0)
    with pytest.raises(ValueError, match="at least one"):
        train(steps=0)


# The model


def test_nothing_is_known_of_what_comes_later() -> None:
    model = Repeater()
    other = UNSEEN.clone()
    other[:, 12:] = 1
    before, after = (model(texts).scores[:, :12] for texts in (UNSEEN, other))
    assert torch.allclose(before, after)


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
def test_it_learns_to_repeat_and_needs_both_layers(seed: int) -> None:
    model = trained(seed)
    assert repeats(model, UNSEEN) > 0.97
    assert repeats(model, UNSEEN, without(0)) < 1 / 3
    assert repeats(model, UNSEEN, without(1)) < 1 / 10


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
def test_the_first_head_looks_one_back_and_the_second_at_followers(seed: int) -> None:
    run = trained(seed)(UNSEEN)
    first, second = run.weights.unbind(1)
    # The last token is no key to any later one, so its first row need not learn anything.
    assert first[:, :-1].diagonal(-1, 1, 2).mean() > 0.7
    places = followers(UNSEEN)
    assert (second * places).sum(-1)[places.any(-1)].mean() > 0.85


@pytest.mark.thorough
@pytest.mark.parametrize("seed", SEEDS)
def test_what_has_nothing_to_find_looks_at_the_start_whose_value_is_small(seed: int) -> None:
    run = trained(seed)(UNSEEN)
    new = ~followers(UNSEEN).any(-1)
    new[:, 0] = False
    assert run.weights[:, 1, :, 0][new].mean() > 0.5
    norms = run.values[:, 1].norm(dim=-1)
    assert norms[:, 0].mean() < norms[:, 1:].mean() / 2


@pytest.mark.thorough
def test_before_training_it_does_not_repeat_and_with_even_weights_it_never_learns_to() -> None:
    def even(layer: int, weights: Tensor) -> Tensor:
        same = torch.ones_like(weights).tril()
        return same / same.sum(-1, keepdim=True)

    assert repeats(Repeater(), UNSEEN) < 0.3
    assert repeats(train(0, change=even), UNSEEN, even) < 1 / 3


def test_training_repeats_itself_and_leaves_the_generator_of_others_alone() -> None:
    torch.manual_seed(5)
    expected = torch.rand(1)
    torch.manual_seed(5)
    one, other = train(1, steps=5), train(1, steps=5)
    assert torch.equal(torch.rand(1), expected)
    with one_thread():
        assert torch.equal(one(UNSEEN).scores, other(UNSEEN).scores)


def test_who_watches_sees_each_step() -> None:
    seen: list[int] = []
    train(0, steps=4, watch=lambda step, model: seen.append(step))
    assert seen == [0, 1, 2, 3]


def test_the_figure_of_its_formation_tells_when_it_happens() -> None:
    shares = {"previous": [0.1, 0.4, 0.9], "follower": [0.1, 0.2, 0.9]}
    figure = draw_formation([0, 10, 20], shares)
    assert "looks at followers: 0.10 at first, half of the way at step 20" in figure.description
    assert figure.again is not None
    assert "后继" in figure.again("zh").description
    with pytest.raises(ValueError, match="shares are named"):
        draw_formation([0], {"other": [0.0]})
    with pytest.raises(ValueError, match="each of 2 steps"):
        draw_formation([0, 1], {"previous": [0.0]})
