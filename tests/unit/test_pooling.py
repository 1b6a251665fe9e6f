"""What must hold for any queries, keys and values."""

import math
from collections.abc import Callable
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention

from attncues.pooling import (
    attention_pooling,
    attention_weights,
    average_pooling,
    dot_product,
    gaussian,
    max_pooling,
    scaled_dot_product,
)

SCORES = [dot_product, scaled_dot_product, gaussian]
Score = Callable[[Tensor, Tensor], Tensor]
Triple = tuple[Tensor, Tensor, Tensor]


@st.composite
def triples(draw: st.DrawFn) -> Triple:
    """Queries, keys and values of any small shape, in double precision."""
    batch = draw(st.lists(st.integers(1, 3), max_size=2))
    queries, keys, d, features = (draw(st.integers(1, 6)) for _ in range(4))
    generator = torch.Generator().manual_seed(draw(st.integers(0, 2**32)))
    scale = draw(st.sampled_from([0.01, 1.0, 30.0]))

    def normal(*shape: int) -> Tensor:
        return scale * torch.randn(*batch, *shape, generator=generator, dtype=torch.float64)

    return normal(queries, d), normal(keys, d), normal(keys, features)


@given(triples(), st.sampled_from(SCORES), st.floats(1e-3, 1e3))
def test_weights_are_distributions(triple: Triple, score: Score, temperature: float) -> None:
    queries, keys, _ = triple
    weights = attention_weights(queries, keys, score=score, temperature=temperature)
    assert weights.shape == (*queries.shape[:-1], keys.shape[-2])
    assert (weights >= 0).all()
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones_like(weights[..., 0]))


@given(triples(), st.sampled_from(SCORES))
def test_the_order_of_the_pairs_changes_nothing(triple: Triple, score: Score) -> None:
    queries, keys, values = triple
    order = torch.randperm(keys.shape[-2], generator=torch.Generator().manual_seed(0))
    output, weights = attention_pooling(queries, keys, values, score=score)
    shuffled, moved = attention_pooling(
        queries, keys[..., order, :], values[..., order, :], score=score
    )
    torch.testing.assert_close(shuffled, output)
    torch.testing.assert_close(moved, weights[..., order])


@given(triples())
def test_it_agrees_with_torch(triple: Triple) -> None:
    queries, keys, values = triple
    output, _ = attention_pooling(queries, keys, values)
    torch.testing.assert_close(output, scaled_dot_product_attention(queries, keys, values))


@given(triples(), st.integers(0, 2**32))
def test_it_agrees_with_torch_under_a_mask(triple: Triple, seed: int) -> None:
    queries, keys, values = triple
    shape = (queries.shape[-2], keys.shape[-2])
    mask = torch.rand(shape, generator=torch.Generator().manual_seed(seed)) < 0.5
    mask[:, 0] = True
    output, weights = attention_pooling(queries, keys, values, mask=mask)
    expected = scaled_dot_product_attention(queries, keys, values, attn_mask=mask)
    torch.testing.assert_close(output, expected)
    assert (weights[~mask.expand_as(weights)] == 0).all()


@given(triples(), st.sampled_from(SCORES))
def test_towards_zero_the_best_key_takes_all(triple: Triple, score: Score) -> None:
    queries, keys, values = triple
    output, weights = attention_pooling(queries, keys, values, score=score, temperature=1e-300)
    best = score(queries, keys).argmax(dim=-1)
    assert torch.equal(weights.argmax(dim=-1), best)
    torch.testing.assert_close(weights.amax(dim=-1), torch.ones_like(weights[..., 0]))
    torch.testing.assert_close(output, torch.take_along_dim(values, best.unsqueeze(-1), dim=-2))


@given(triples(), st.sampled_from(SCORES), st.sampled_from([1e12, math.inf]))
def test_towards_infinity_it_is_average_pooling(
    triple: Triple, score: Score, temperature: float
) -> None:
    queries, keys, values = triple
    output, _ = attention_pooling(queries, keys, values, score=score, temperature=temperature)
    average = average_pooling(values).unsqueeze(-2).expand_as(output)
    torch.testing.assert_close(output, average, rtol=1e-6, atol=1e-6)


@given(triples())
def test_every_pooling_stays_between_the_smallest_and_the_largest_value(triple: Triple) -> None:
    queries, keys, values = triple
    low, high = values.amin(dim=-2), values.amax(dim=-2)
    output, _ = attention_pooling(queries, keys, values)
    for pooled in [average_pooling(values), max_pooling(values), *output.unbind(dim=-2)]:
        assert (pooled >= low - 1e-9).all()
        assert (pooled <= high + 1e-9).all()
    assert torch.equal(max_pooling(values), high)


def test_gaussian_scores_are_kernel_regression() -> None:
    places = torch.linspace(0, 1, 5).unsqueeze(-1)
    heights = places**2
    query = torch.tensor([[0.3]])
    output, _ = attention_pooling(query, places, heights, score=gaussian, temperature=0.04)
    kernel = torch.exp(-((places - 0.3) ** 2) / (2 * 0.2**2))
    torch.testing.assert_close(output[0], (kernel * heights).sum(dim=0) / kernel.sum())


def test_batches_broadcast() -> None:
    queries, keys, values = torch.randn(4, 1, 2, 3), torch.randn(5, 6, 3), torch.randn(6, 7)
    output, weights = attention_pooling(queries, keys, values)
    assert weights.shape == (4, 5, 2, 6)
    assert output.shape == (4, 5, 2, 7)
    mask = torch.ones(8, 1, 1, 1, 6, dtype=torch.bool)
    assert attention_weights(queries, keys, mask=mask).shape == (8, 4, 5, 2, 6)


def test_masked_keys_get_nothing_and_no_gradient() -> None:
    queries, keys = torch.randn(2, 3), torch.randn(4, 3, requires_grad=True)
    mask = torch.tensor([True, False, True, True])
    weights = attention_weights(queries, keys, mask=mask)
    assert (weights[:, 1] == 0).all()
    (weights**2).sum().backward()
    assert keys.grad is not None
    assert keys.grad.isfinite().all()
    assert (keys.grad[1] == 0).all()


@pytest.mark.parametrize("score", SCORES)
def test_gradients_are_right(score: Score) -> None:
    generator = torch.Generator().manual_seed(0)
    queries, keys, values = (
        torch.randn(*shape, dtype=torch.float64, generator=generator).requires_grad_()
        for shape in [(2, 3), (4, 3), (4, 2)]
    )
    assert torch.autograd.gradcheck(
        lambda q, k, v: attention_pooling(q, k, v, score=score, temperature=0.7)[0],
        (queries, keys, values),
    )


@given(triples(), st.sampled_from([1e-300, 1e-3, 1e39, math.inf]))
def test_any_temperature_goes_with_a_mask(triple: Triple, temperature: float) -> None:
    queries, keys, _ = (part.float() for part in triple)
    mask = torch.arange(keys.shape[-2]) % 2 == 0
    weights = attention_weights(queries, keys, temperature=temperature, mask=mask)
    assert (weights[..., ~mask] == 0).all()
    torch.testing.assert_close(weights.sum(dim=-1), torch.ones_like(weights[..., 0]))


def test_half_precision_does_not_overflow_where_torch_does_not() -> None:
    queries = torch.full((1, 64), 40.0, dtype=torch.float16)
    keys = torch.stack([queries[0], -queries[0]])
    assert attention_weights(queries, keys).tolist() == [[1.0, 0.0]]


def test_a_temperature_that_float32_can_only_round_counts_in_full() -> None:
    keys = torch.tensor([[0.0], [0.0], [5.8e-41]])
    weights = attention_weights(torch.ones(1, 1), keys, score=dot_product, temperature=1e-40)
    exact = torch.softmax(keys.double().flatten() / 1e-40, dim=0)
    assert (weights.double() - exact).abs().max() < 2e-7


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("temperature", [1e-300, 1.0, math.inf])
def test_every_precision_survives_extremes(dtype: torch.dtype, temperature: float) -> None:
    queries, keys = 20 * torch.randn(2, 3, dtype=dtype), 20 * torch.randn(4, 3, dtype=dtype)
    weights = attention_weights(queries, keys, temperature=temperature)
    assert weights.dtype == dtype
    torch.testing.assert_close(weights.float().sum(dim=-1), torch.ones(2), rtol=0.02, atol=0.02)


def test_any_function_may_score() -> None:
    def additive(queries: Tensor, keys: Tensor) -> Tensor:
        return torch.tanh(queries.sum(-1).unsqueeze(-1) + keys.sum(-1).unsqueeze(-2))

    weights = attention_weights(torch.randn(2, 3), torch.randn(4, 5), score=additive)
    assert weights.shape == (2, 4)


Q, K, V = torch.randn(2, 3), torch.randn(4, 3), torch.randn(4, 5)
LIST: Any = [[1.0]]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: attention_pooling(Q, torch.randn(4, 2), V),
            "share a last dimension of at least one, got 3",
        ),
        (lambda: attention_pooling(Q, K, V[:3]), "each key needs one value, got 4 keys"),
        (
            lambda: attention_weights(Q.double(), K),
            "one dtype, got torch.float64 and torch.float32",
        ),
        (lambda: attention_pooling(Q, K, V.double()), "keys and values must have one dtype"),
        (lambda: attention_weights(Q[:, :0], K[:, :0]), "at least one, got 0"),
        (lambda: dot_product(Q[0], K), "queries must have at least two dimensions"),
        (lambda: attention_weights(Q[0], K), "queries must have at least two dimensions"),
        (lambda: attention_weights(Q, K[:0]), "keys has no places to pool over"),
        (lambda: attention_weights(Q.long(), K), "queries must be floating point"),
        (lambda: attention_weights(Q, K, temperature=0), "temperature must be greater than 0"),
        (lambda: attention_weights(Q, K, temperature=-1), "temperature must be greater than 0"),
        (lambda: attention_weights(Q, K, temperature=math.nan), "got nan"),
        (
            lambda: attention_weights(Q, K, mask=torch.tensor([[True], [False]]).expand(2, 4)),
            r"1 of 2 queries have every key masked \(the first at \(1,\)\)",
        ),
        (
            lambda: attention_weights(Q, K, mask=torch.ones(2, 5, dtype=torch.bool)),
            r"mask of shape \(2, 5\) does not broadcast",
        ),
        (
            lambda: attention_weights(torch.randn(2, 2, 3), torch.randn(3, 4, 3)),
            "leading dimensions of queries",
        ),
        (
            lambda: attention_pooling(torch.randn(2, 2, 3), K, torch.randn(3, 4, 5)),
            "leading dimensions of weights",
        ),
        (
            lambda: attention_weights(Q, K, score=lambda q, k: q @ k.T.sum(-1, keepdim=True)),
            r"score must return .*here \(2, 4\); it returned one of shape \(2, 1\)",
        ),
        (lambda: average_pooling(V[:0]), "values has no places"),
        (lambda: max_pooling(V[:0]), "values has no places"),
        (lambda: max_pooling(torch.ones(3)), "at least two dimensions"),
    ],
)
def test_what_does_not_fit_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: attention_weights(Q, K, mask=torch.ones(2, 4)),
            "boolean tensor .* got torch.float",
        ),
        (lambda: attention_weights(Q, K, mask=LIST), "boolean tensor .* got list"),
        (lambda: attention_weights(LIST, K), "queries must be a torch.Tensor, got list"),
        (lambda: attention_pooling(Q, LIST, V), "keys must be a torch.Tensor, got list"),
        (lambda: dot_product(LIST, K), "queries must be a torch.Tensor, got list"),
        (lambda: average_pooling(LIST), "values must be a torch.Tensor, got list"),
        (lambda: attention_weights(Q, K, temperature=LIST), "must be a number, got list"),
        (lambda: attention_weights(Q, K, score=lambda q, k: LIST), "it returned list"),
        (lambda: attention_weights(Q, K, score=lambda q, k: (q @ k.T).int()), "torch.int32"),
    ],
)
def test_what_is_no_tensor_is_named(call: Callable[[], object], message: str) -> None:
    with pytest.raises(TypeError, match=message):
        call()


def test_vmap_does_what_a_leading_dimension_does() -> None:
    draw = torch.Generator().manual_seed(0)
    shapes = (5, 2, 3), (5, 4, 3), (5, 4, 2)
    queries, keys, values = (torch.randn(shape, generator=draw) for shape in shapes)
    for mapped, whole in zip(
        torch.func.vmap(attention_pooling)(queries, keys, values),
        attention_pooling(queries, keys, values),
        strict=True,
    ):
        torch.testing.assert_close(mapped, whole)
