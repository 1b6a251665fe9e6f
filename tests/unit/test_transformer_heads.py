"""Scores of kinds of heads, and interventions, on weights whose kind is known and on the model."""

import functools

import pytest
import torch
from torch import Tensor

from attncues.transformer import (
    LanguageModel,
    first_token,
    flatten,
    induction,
    loss,
    moved,
    on_places,
    permute,
    previous_token,
    repeat_random,
    silence,
    weights_and_norms,
)

N = 10


@functools.cache
def model() -> LanguageModel:
    return LanguageModel()


def looking(*columns: int) -> Tensor:
    """Weights (10, 10) all of which are at one place in each row."""
    return torch.eye(N)[list(columns)]


def test_each_kind_of_head_has_the_full_score_of_its_own_kind() -> None:
    back = looking(0, *range(N - 1))
    sink = looking(*[0] * N)
    follower = looking(0, 0, 0, 0, 0, 1, 2, 3, 4, 5)
    assert previous_token(back) == induction(follower) == first_token(sink) == 1
    assert induction(back) == induction(sink) == 0
    assert previous_token(sink) == pytest.approx(1 / (N - 1))
    marks = torch.arange(N) == 3
    assert on_places(looking(0, 0, 0, 3, 3, 3, 3, 3, 3, 3), marks) == 1
    assert on_places(sink, marks) == 0
    assert induction(torch.stack([follower, sink])).tolist() == [1, 0]


def test_the_model_has_heads_of_these_kinds() -> None:
    weights = model()(repeat_random(2, 25, seed=1)).weights.mean(0)
    assert induction(weights)[18, 6] == induction(weights).max() > 0.8
    assert previous_token(weights)[16, 0] == previous_token(weights).max() > 0.8
    assert first_token(weights).mean() > 0.4


def test_random_tokens_repeat_and_a_seed_decides_them() -> None:
    tokens = repeat_random(3, 7, seed=4)
    assert torch.equal(tokens[:, :7], tokens[:, 7:])
    assert torch.equal(tokens, repeat_random(3, 7, seed=4))
    assert not torch.equal(tokens, repeat_random(3, 7, seed=5))


def test_what_cannot_be_drawn_or_measured_is_refused_in_a_sentence() -> None:
    for count, length in ((0, 3), (3, 0), (-1, 3)):
        with pytest.raises(ValueError, match="at least one row of one token is needed, got"):
            repeat_random(count, length, seed=0)
    for places in (torch.zeros(N, dtype=torch.bool), torch.arange(N) == N - 1):
        with pytest.raises(ValueError, match="a place before the last token is needed"):
            on_places(torch.eye(N), places)
    with pytest.raises(TypeError, match="seed must be a whole number"):
        permute(torch.eye(N), seed=0.5)  # type: ignore[arg-type]


def test_what_has_been_changed_is_still_a_distribution_over_what_may_be_seen() -> None:
    weights = torch.rand(2, N, N, generator=torch.Generator().manual_seed(0)).tril()
    weights /= weights.sum(-1, keepdim=True)
    shuffled = permute(weights, seed=0)
    assert torch.equal(shuffled.sort(-1).values, weights.sort(-1).values)
    assert not torch.equal(shuffled, weights)
    for changed in (shuffled, flatten(weights)):
        assert torch.equal(changed, changed.tril())
        assert torch.allclose(changed.sum(-1), torch.ones(2, N))
    assert flatten(weights)[0, 3].tolist() == [0.25] * 4 + [0] * 6


def test_without_induction_heads_repeated_tokens_surprise() -> None:
    tokens = repeat_random(1, 25, seed=2)
    heads = [(18, 6), (17, 4), (17, 3), (17, 5)]
    with_them = loss(model()(tokens).logits, tokens)
    without = loss(model()(tokens, silence(heads)).logits, tokens)
    assert with_them.shape == (1, 49)
    assert with_them[:, 25:].mean() < 5 < without[:, 25:].mean()
    expected = -model()(tokens).logits.log_softmax(-1)[0, 30, tokens[0, 31]]
    assert with_them[0, 30] == pytest.approx(expected.item(), abs=1e-3)


def test_a_change_of_one_head_is_measured_by_itself() -> None:
    tokens = model().read("The red cup on the desk")
    both = moved(model(), tokens, [(0, 8), (18, 6)], torch.zeros_like)
    assert torch.allclose(both[1:], moved(model(), tokens, [(18, 6)], torch.zeros_like), atol=1e-4)
    assert both[0] > 0.02
    nothing = moved(model(), tokens, [(0, 8)], lambda weights: weights)
    assert nothing.item() < 1e-4
    changed = model()(tokens, silence([(0, 8)])).logits.softmax(-1)
    distance = (changed - model()(tokens).logits.softmax(-1))[1:].abs().sum(-1).mean() / 2
    assert both[0].item() == pytest.approx(distance.item(), abs=1e-4)


def test_norms_are_those_of_what_each_token_brings() -> None:
    run = model()(model().read("The red cup on the desk"))
    shares = weights_and_norms(model(), run)
    assert torch.allclose(shares.sum(-1), torch.ones(30, 9, 6), atol=1e-5)
    brought = run.values[5, 2] @ model().output_matrices()[5, 2]
    sizes = torch.stack(
        [
            (weight * brought).norm()
            for weight, brought in zip(run.weights[5, 2, -1], brought, strict=True)
        ]
    )
    assert torch.allclose(shares[5, 2, -1], sizes / sizes.sum(), atol=1e-5)


def test_a_head_that_copies_favours_what_it_has_read() -> None:
    tokens = model().read("The red cup on the desk caught my eye, and I drank from the red")
    run = model()(tokens)
    added = run.weights[23, 2, -1] @ run.values[23, 2] @ model().output_matrices()[23, 2]
    assert " cup" in model().promoted(added, 3)
