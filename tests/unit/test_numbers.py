"""Nothing silent: finite input gives finite results, and bad input an error in our words."""

import math
from collections.abc import Callable
from typing import cast

import pytest
import torch
from matplotlib.colors import LogNorm

import attncues
from attncues import (
    attention_weights,
    average_pooling,
    dot_product,
    draw_heatmaps,
    gaussian,
    glimpse,
    saliency,
    scaled_dot_product,
    scenes,
    translation,
)
from attncues.pooling import Score
from tests.properties import PROPERTIES, USUAL, Property, attempt

EXAMPLES = {"heatmaps_are_drawn_or_refused": 40}


@pytest.mark.parametrize("check", PROPERTIES, ids=lambda check: check.__name__)
def test_any_input(check: Property) -> None:
    attempt(check, EXAMPLES.get(check.__name__, 100))


def test_every_public_name_is_tried() -> None:
    assert {getattr(attncues, name) for name in attncues.__all__} <= set(USUAL)


Q = torch.eye(3, dtype=torch.float64)
F8 = torch.ones(2, 3).to(torch.float8_e5m2)
META = torch.ones(2, 3, device="meta")
ODD = torch.tensor([[1.0, math.nan]])
LOOKER = glimpse.Looker()
TRANSLATOR = translation.Translator([translation.Pair(("a",), ("b",))])


def far_apart(queries: torch.Tensor, keys: torch.Tensor) -> torch.Tensor:
    return (2 * dot_product(queries, keys) - 1) * 1.7e308


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32, torch.float64])
@pytest.mark.parametrize("score", [dot_product, scaled_dot_product, gaussian])
def test_large_queries_and_keys_find_their_key(dtype: torch.dtype, score: Score) -> None:
    size = 300 if dtype == torch.float16 else 1e20
    ours = torch.eye(8, dtype=torch.float64).mul(size).to(dtype)
    weights = attention_weights(ours, ours, score=score)
    torch.testing.assert_close(weights, torch.eye(8, dtype=dtype))
    assert score(ours, ours).isfinite().all()


def test_a_small_temperature_in_half_precision_is_the_one_given() -> None:
    keys = torch.tensor([[0.0], [2.0**-20]], dtype=torch.float16)
    query = torch.ones(1, 1, dtype=torch.float16)
    weights = attention_weights(query, keys, temperature=2.0**-20)
    assert weights[0, 1].item() == pytest.approx(math.e / (1 + math.e), abs=1e-3)


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: attention_weights(Q, Q, temperature=10**400), ValueError, "give a smaller"),
        (lambda: attention_weights(Q, Q, score=far_apart, temperature=1e300), ValueError, "apart"),
        (lambda: gaussian(1e200 * Q, Q), ValueError, "divide them by their largest entry"),
        (lambda: attention_weights(Q, math.nan * Q), ValueError, "look for NaN"),
        (lambda: dot_product(F8, F8), ValueError, "of 16, 32 or 64 bits, got torch.float8_e5m2"),
        (lambda: dot_product(META, META), ValueError, "meta device"),
        (lambda: average_pooling(Q.to_sparse()), ValueError, "dense tensor; convert"),
        (lambda: saliency.mix(torch.ones(3), torch.ones(3), 0.5), ValueError, "shape .*H, W"),
        (lambda: saliency.mix(ODD, ODD, 0.5), ValueError, "not finite"),
        (lambda: saliency.bottom_up(math.nan * torch.ones(6, 2, 2)), ValueError, "not finite"),
        (lambda: saliency.bottom_up(3e38 * torch.ones(6, 2, 2)), ValueError, "too large"),
        (lambda: saliency.scan_path(torch.eye(2), cast(int, 1.5)), TypeError, "whole number"),
        (lambda: saliency.scan_path(torch.eye(2), 1, radius=10**400), ValueError, "radius"),
        (lambda: LOOKER(torch.ones(2, 24, 24), torch.tensor([0, 36])), ValueError, "to 35"),
        (lambda: LOOKER(torch.ones(2, 24), torch.tensor([0, 1])), ValueError, "images must be"),
        (lambda: glimpse.draw_batch(cast(int, 1.5), 0), TypeError, "count must be a whole"),
        (lambda: scenes.desk(10**400), ValueError, "seed must lie"),
        (lambda: TRANSLATOR.translate(cast(str, None)), TypeError, "sentence must be a text"),
        (lambda: draw_heatmaps(Q, vmax=10**400), ValueError, "vmax must lie between"),
        (lambda: draw_heatmaps(Q, cmap=cast(str, 5)), TypeError, "cmap must be a colormap"),
        (lambda: draw_heatmaps(Q, figsize=(math.inf, 1)), ValueError, "at most 1000 inches"),
        (lambda: draw_heatmaps(1e308 * Q), ValueError, "too large for a scale"),
        (lambda: draw_heatmaps(Q, norm=LogNorm(-1, 1)), ValueError, "a log scale"),
        (lambda: draw_heatmaps([[300, 2e-308]], norm="log"), ValueError, "too far apart"),
        (lambda: draw_heatmaps(Q, vmax=1e-300), ValueError, "too narrow for values"),
    ],
)
def test_what_cannot_be_computed_is_refused_in_our_words(
    call: Callable[[], object], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        call()
