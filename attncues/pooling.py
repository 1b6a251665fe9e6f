"""Average, max and attention pooling: three ways to turn many values into one.

All three take `values` of shape (..., places, features) and pool over the places.
Average and max pooling look at the values alone.
Attention pooling also looks at a query, and that is the whole difference.
"""

import math
from collections.abc import Callable
from typing import TypeAlias

import numpy as np
import torch
from torch import Tensor

from .numbers import DTYPES, all_finite, check_dense, check_number

Score: TypeAlias = Callable[[Tensor, Tensor], Tensor]
"""Maps queries (..., queries, d) and keys (..., keys, d) to scores (..., queries, keys)."""


def average_pooling(values: Tensor) -> Tensor:
    """Average the values over their places.

    Args:
        values: Shape (..., places, features), floating point.

    Returns:
        Shape (..., features).

    Raises:
        ValueError: `values` has fewer than two dimensions, no places, or is not floating point.
        TypeError: `values` is not a tensor.

    Examples:
        >>> import torch
        >>> from attncues import average_pooling
        >>> average_pooling(torch.tensor([[1.0, 10.0], [3.0, 20.0]]))
        tensor([ 2., 15.])
    """
    _check_places("values", values)
    pooled = values.mean(dim=-2)
    if all_finite(pooled):
        return pooled
    return _between(values, (values.double() / values.shape[-2]).sum(dim=-2))


def max_pooling(values: Tensor) -> Tensor:
    """Take the largest value of each feature over the places.

    Args:
        values: Shape (..., places, features), floating point.

    Returns:
        Shape (..., features).

    Raises:
        ValueError: `values` has fewer than two dimensions, no places, or is not floating point.
        TypeError: `values` is not a tensor.

    Examples:
        >>> import torch
        >>> from attncues import max_pooling
        >>> max_pooling(torch.tensor([[1.0, 20.0], [3.0, 10.0]]))
        tensor([ 3., 20.])
    """
    _check_places("values", values)
    return values.amax(dim=-2)


def dot_product(queries: Tensor, keys: Tensor) -> Tensor:
    """Score each key for each query by their inner product, `q·k`.

    Args:
        queries: Shape (..., queries, d).
        keys: Shape (..., keys, d).

    Returns:
        Scores of shape (..., queries, keys); in float64 if the given dtype has no numbers as
            large as they are.

    Raises:
        ValueError: The last dimensions differ, the leading ones do not broadcast, the
            dtypes differ, or float64 has no numbers as large as the scores.
        TypeError: One of them is not a tensor.

    Examples:
        >>> import torch
        >>> from attncues import dot_product
        >>> keys = torch.tensor([[2.0, 0.0], [1.0, 5.0]])
        >>> dot_product(torch.tensor([[1.0, 0.0]]), keys)
        tensor([[2., 1.]])
    """
    _check_pair(queries, keys)
    return _in_range(lambda q, k: q @ k.transpose(-2, -1), queries, keys)


def scaled_dot_product(queries: Tensor, keys: Tensor) -> Tensor:
    """Score each key for each query by `q·k / √d` (Vaswani et al. 2017, equation 1).

    The division keeps the variance of the scores near one when the entries of queries
    and keys are independent with variance one, whatever their dimension d.

    Args:
        queries: Shape (..., queries, d).
        keys: Shape (..., keys, d).

    Returns:
        Scores of shape (..., queries, keys); in float64 if the given dtype has no numbers as
            large as they are.

    Raises:
        ValueError: The last dimensions differ, the leading ones do not broadcast, the
            dtypes differ, or float64 has no numbers as large as the scores.
        TypeError: One of them is not a tensor.

    Examples:
        >>> import torch
        >>> from attncues import scaled_dot_product
        >>> scaled_dot_product(torch.ones(1, 4), torch.tensor([[1.0] * 4, [3.0] * 4]))
        tensor([[2., 6.]])
    """
    _check_pair(queries, keys)
    # Scaled before the product, which in half precision could overflow.
    root = math.sqrt(queries.shape[-1])
    return _in_range(lambda q, k: (q / root) @ k.transpose(-2, -1), queries, keys)


def gaussian(queries: Tensor, keys: Tensor) -> Tensor:
    """Score each key for each query by `−‖q − k‖² / 2`.

    With these scores attention pooling is Nadaraya-Watson kernel regression with a
    Gaussian kernel whose variance is the temperature.

    Args:
        queries: Shape (..., queries, d).
        keys: Shape (..., keys, d).

    Returns:
        Scores of shape (..., queries, keys); in float64 if the given dtype has no numbers as
            large as they are.

    Raises:
        ValueError: The last dimensions differ, the leading ones do not broadcast, the
            dtypes differ, or float64 has no numbers as large as the scores.
        TypeError: One of them is not a tensor.

    Examples:
        >>> import torch
        >>> from attncues import gaussian
        >>> gaussian(torch.tensor([[0.0]]), torch.tensor([[1.0], [2.0]]))
        tensor([[-0.5000, -2.0000]])
    """
    _check_pair(queries, keys)
    return _in_range(
        lambda q, k: -(q.unsqueeze(-2) - k.unsqueeze(-3)).square().sum(dim=-1) / 2, queries, keys
    )


def attention_weights(
    queries: Tensor,
    keys: Tensor,
    *,
    score: Score = scaled_dot_product,
    temperature: float = 1.0,
    mask: Tensor | None = None,
) -> Tensor:
    """Turn the match between queries and keys into a distribution over the keys.

    The weights are `softmax(score(q, k) / temperature)`, taken over the keys, so each
    query's weights are non-negative and sum to one.

    Args:
        queries: Shape (..., queries, d), floating point.
        keys: Shape (..., keys, d), floating point.
        score: The scoring function; any function of that kind will do. A score of −inf
            masks a key.
        temperature: Greater than zero. Towards zero all weight goes to the best key;
            towards infinity it is spread evenly.
        mask: Boolean, broadcasts to (..., queries, keys); `True` marks a key that the
            query may attend to. Other keys get a weight of exactly zero.

    Returns:
        Weights of shape (..., queries, keys), of the dtype of the queries.

    Raises:
        ValueError: Shapes do not fit, there is no key, a query has no key that it may
            attend to, the temperature is not greater than zero, or scores are NaN, infinite
            or further apart than float64 has numbers for.
        TypeError: The mask is not boolean, queries or keys are not tensors, the temperature
            is not a number, or the score does not return floating-point numbers.

    Examples:
        >>> import torch
        >>> from attncues import attention_weights, dot_product
        >>> query, keys = torch.tensor([[2.0, 0.0]]), torch.eye(2)
        >>> attention_weights(query, keys, score=dot_product).round(decimals=2)
        tensor([[0.8800, 0.1200]])
        >>> attention_weights(query, keys, temperature=0.01).round(decimals=2)
        tensor([[1., 0.]])
        >>> attention_weights(query, keys, mask=torch.tensor([False, True]))
        tensor([[0., 1.]])
    """
    _check_places("queries", queries, may_be_empty=True)
    _check_places("keys", keys)
    check_number("temperature", temperature)
    if not temperature > 0:
        raise ValueError(
            f"temperature must be greater than 0, got {temperature!r}; "
            "a very small one gives all weight to the best key"
        )
    scores = score(queries, keys)
    _check_scores(scores, queries, keys)
    allowed = None if mask is None else _fit_mask(mask, scores)
    if scores.dtype in (torch.float16, torch.bfloat16):
        scores = scores.float()
    weights = _softmax(scores, allowed, temperature)
    if not 1e-30 < temperature < 1e30 or not all_finite(weights):
        weights = _softmax(*_in_double(scores, allowed), temperature)
    return weights.to(queries.dtype)


def attention_pooling(
    queries: Tensor,
    keys: Tensor,
    values: Tensor,
    *,
    score: Score = scaled_dot_product,
    temperature: float = 1.0,
    mask: Tensor | None = None,
) -> tuple[Tensor, Tensor]:
    """Average the values, weighted by how well their keys match each query.

    Args:
        queries: Shape (..., queries, d), floating point.
        keys: Shape (..., keys, d), floating point.
        values: Shape (..., keys, features): one value for each key.
        score: See `attention_weights`.
        temperature: See `attention_weights`.
        mask: See `attention_weights`.

    Returns:
        The output of shape (..., queries, features) and the weights of shape
            (..., queries, keys).

    Raises:
        ValueError: As `attention_weights`, and if keys and values differ in number.
        TypeError: As `attention_weights`.

    Examples:
        >>> import torch
        >>> from attncues import attention_pooling
        >>> query, keys = torch.tensor([[2.0, 0.0]]), torch.eye(2)
        >>> output, weights = attention_pooling(query, keys, torch.tensor([[10.0], [20.0]]))
        >>> output.round(decimals=1), weights.round(decimals=2)
        (tensor([[12.]]), tensor([[0.8000, 0.2000]]))
    """
    _check_places("values", values)
    if isinstance(keys, Tensor) and keys.dim() >= 2 and keys.shape[-2] != values.shape[-2]:
        raise ValueError(
            f"each key needs one value, got {keys.shape[-2]} keys {_shape(keys)} "
            f"and {values.shape[-2]} values {_shape(values)}"
        )
    weights = attention_weights(queries, keys, score=score, temperature=temperature, mask=mask)
    _check_dtype("keys", keys, "values", values)
    _check_broadcast("weights", weights, "values", values)
    pooled = weights @ values
    if all_finite(pooled):
        return pooled, weights
    size = values.double().abs().amax().clamp(min=1)
    return _between(values, weights.double() @ (values.double() / size) * size), weights


def _in_range(score: Score, queries: Tensor, keys: Tensor) -> Tensor:
    """Score in the dtype that is given, or in float64 if some scores are too large for it."""
    scores = score(queries, keys)
    if all_finite(scores):
        return scores
    scores = score(queries.double(), keys.double())
    if not all_finite(scores) and all_finite(queries) and all_finite(keys):
        raise ValueError(
            "queries and keys are so large that float64 has no numbers for their scores; "
            "divide them by their largest entry"
        )
    return scores


def _softmax(scores: Tensor, allowed: Tensor | None, temperature: float) -> Tensor:
    shown = scores if allowed is None else torch.where(allowed, scores, -math.inf)
    # Softmax ignores a constant, so the best score is moved to zero before the division:
    # even the smallest temperature then divides 0 by a positive number, never inf by inf.
    cooled = (scores - shown.amax(dim=-1, keepdim=True).detach()) / float(temperature)
    if allowed is not None:
        cooled = torch.where(allowed, cooled, -math.inf)
    return torch.softmax(cooled, dim=-1)


def _in_double(scores: Tensor, allowed: Tensor | None) -> tuple[Tensor, Tensor]:
    """Convert scores whose softmax leaves their dtype, and tell which of them count.

    Raises:
        ValueError: It leaves float64, too.
    """
    scores = scores.double()
    used = scores != -math.inf
    if allowed is not None:
        used &= allowed
    best = torch.where(used, scores, -math.inf).amax(dim=-1, keepdim=True)
    if not all_finite(best) or (used & ~(scores - best).isfinite()).any():
        raise ValueError(
            "scores must be finite and less than 1.7e308 apart, and each query needs one that is "
            "not −inf; look for NaN, infinity and very large numbers in queries and keys"
        )
    return scores, used


def _between(values: Tensor, pooled: Tensor) -> Tensor:
    """Keep an average, computed in float64, between the ends of what it averages."""
    low, high = values.double().aminmax(dim=-2)
    if pooled.dim() == values.dim():  # one average for each query
        low, high = low.unsqueeze(-2), high.unsqueeze(-2)
    return pooled.clamp(low, high).to(values.dtype)


def _shape(tensor: Tensor) -> str:
    return f"of shape {tuple(tensor.shape)}"


def _check_places(name: str, tensor: Tensor, *, may_be_empty: bool = False) -> None:
    """Check that `tensor` is a floating-point tensor (..., places, features)."""
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a torch.Tensor, got {type(tensor).__name__}")
    check_dense(name, tensor)
    if tensor.dim() < 2:
        raise ValueError(
            f"{name} must have at least two dimensions (..., places, features), "
            f"got one {_shape(tensor)}; add the missing one with unsqueeze"
        )
    if tensor.dtype not in DTYPES:
        raise ValueError(
            f"{name} must be floating point of 16, 32 or 64 bits, got {tensor.dtype}; "
            "convert with .float()"
        )
    if tensor.shape[-2] == 0 and not may_be_empty:
        raise ValueError(f"{name} has no places to pool over, got one {_shape(tensor)}")


def _check_pair(queries: Tensor, keys: Tensor) -> None:
    """Check that queries and keys live in one space and their batches broadcast."""
    _check_places("queries", queries, may_be_empty=True)
    _check_places("keys", keys)
    if queries.shape[-1] != keys.shape[-1] or queries.shape[-1] == 0:
        raise ValueError(
            "queries and keys must share a last dimension of at least one, got "
            f"{queries.shape[-1]} (queries {_shape(queries)}) and {keys.shape[-1]} "
            f"(keys {_shape(keys)})"
        )
    _check_dtype("queries", queries, "keys", keys)
    _check_broadcast("queries", queries, "keys", keys)


def _check_dtype(one: str, first: Tensor, other: str, second: Tensor) -> None:
    if first.dtype != second.dtype:
        raise ValueError(
            f"{one} and {other} must have one dtype, got {first.dtype} and {second.dtype}; "
            "convert one with .to()"
        )


def _check_scores(scores: Tensor, queries: Tensor, keys: Tensor) -> None:
    """Check what a scoring function returned."""
    if not isinstance(scores, Tensor) or scores.dtype not in DTYPES:
        given = scores.dtype if isinstance(scores, Tensor) else type(scores).__name__
        raise TypeError(f"score must return a floating-point tensor, it returned {given}")
    check_dense("the result of score", scores)
    batch = np.broadcast_shapes(queries.shape[:-2], keys.shape[:-2])
    expected = batch + queries.shape[-2:-1] + keys.shape[-2:-1]
    if tuple(scores.shape) != tuple(expected):
        raise ValueError(
            f"score must return (..., queries, keys), here {tuple(expected)}; "
            f"it returned one {_shape(scores)}"
        )


def _check_broadcast(one: str, first: Tensor, other: str, second: Tensor) -> None:
    try:
        np.broadcast_shapes(first.shape[:-2], second.shape[:-2])
    except ValueError:
        raise ValueError(
            f"the leading dimensions of {one} {_shape(first)} and {other} {_shape(second)} "
            "do not broadcast"
        ) from None


def _fit_mask(mask: Tensor, scores: Tensor) -> Tensor:
    """Return the mask with one entry for each score, each row with at least one `True`."""
    if not isinstance(mask, Tensor) or mask.dtype != torch.bool:
        given = mask.dtype if isinstance(mask, Tensor) else type(mask).__name__
        raise TypeError(
            f"mask must be a boolean tensor (True marks a key that may be attended to), got {given}"
        )
    check_dense("mask", mask)
    try:
        shape = np.broadcast_shapes(mask.shape, scores.shape)
    except ValueError:
        shape = ()
    if shape[-2:] != scores.shape[-2:]:
        raise ValueError(f"mask {_shape(mask)} does not broadcast to the scores {_shape(scores)}")
    mask = mask.expand(shape)
    blocked = ~mask.any(dim=-1)
    if blocked.any():
        first = tuple(blocked.nonzero()[0].tolist())
        raise ValueError(
            f"{int(blocked.sum())} of {blocked.numel()} queries have every key masked "
            f"(the first at {first}); softmax over nothing is undefined, so leave at least one key"
        )
    return mask
