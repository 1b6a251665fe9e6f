"""The figure of the kinds of heads, and what a page gets so that a reader can browse all heads."""

from base64 import b64decode
from typing import Any

import numpy as np
import pytest
import torch

from attncues.diagrams import draw_heads
from attncues.diagrams.browsing import as_bytes
from tests.unit.test_heatmaps import images, values

DRAW = torch.Generator().manual_seed(0)
KINDS = {name: torch.rand(3, 2, generator=DRAW) for name in ("induction", "first token")}
SCORES = torch.randn(3, 2, 5, 5, generator=DRAW)
WEIGHTS = SCORES.masked_fill(~torch.ones(5, 5).tril().bool(), -torch.inf).softmax(-1)
PASSAGES = {"a sentence": (list("abcde"), WEIGHTS), "code": (list("xy"), WEIGHTS[..., :2, :2])}


def test_each_kind_is_a_map_of_layers_by_heads_on_one_scale() -> None:
    figure = draw_heads(KINDS, PASSAGES)
    first, second, _bar = images(figure)
    np.testing.assert_allclose(values(first), KINDS["induction"].T, atol=1e-6)
    np.testing.assert_allclose(values(second), KINDS["first token"].T, atol=1e-6)
    assert first.norm.vmin == 0 and first.norm.vmax == 1
    assert "each 2 rows (Heads) by 3 columns (Layers)" in figure.description
    assert "层" in draw_heads(KINDS, PASSAGES, lang="zh").description


def test_a_passage_comes_as_bytes_within_half_a_step_of_its_weights() -> None:
    kept = np.frombuffer(as_bytes(WEIGHTS), dtype=np.uint8) / 255
    rows = [WEIGHTS[..., query, : query + 1] for query in range(5)]
    expected = torch.cat(rows, dim=-1).numpy().ravel()
    assert kept.shape == (3 * 2 * 15,)
    np.testing.assert_allclose(kept, expected, atol=0.5 / 255 + 1e-7)


def test_a_page_gets_the_kinds_at_once_and_each_passage_by_itself() -> None:
    explorer: Any = draw_heads(KINDS, PASSAGES).explorer
    kind, data = explorer()
    assert (kind, data["layers"], data["heads"]) == ("heads", 3, 2)
    assert data["kinds"]["induction"] == pytest.approx(KINDS["induction"].ravel(), abs=5e-4)
    assert data["later"]["code"]["tokens"] == ["x", "y"]
    assert b64decode(data["later"]["a sentence"]["weights"]) == as_bytes(WEIGHTS)


@pytest.mark.parametrize(
    ("kinds", "passages", "message"),
    [
        ({}, {}, "same layers and heads, got those of shape $"),
        (KINDS | {"code": torch.rand(2, 2)}, {}, r"\(2, 2\) and \(3, 2\)"),
        (KINDS, {"code": ("ab", WEIGHTS[:2])}, r"\(2, 2\) and \(3, 2\)"),
        ({"code": torch.rand(3)}, {}, r"of shape \(3,\)"),
        (KINDS, {"code": ("abc", WEIGHTS)}, r"3 tokens of 'code' need .*, got \(3, 2, 5, 5\)"),
    ],
)
def test_what_does_not_fit_is_named(kinds: Any, passages: Any, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        draw_heads(kinds, passages)
