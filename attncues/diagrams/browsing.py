"""The heads of a language model by what they do, and all their maps for a reader to browse.

A figure shows how much of each kind a head is; a page hands the maps of several passages to
docs/assets/explorers/heads.js, one file for each, which a reader fetches by choosing it.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any, get_args

import torch
from torch import Tensor

from ..heatmaps import draw_heatmaps
from ..style import COLUMN, Explorer, Figure, Language, in_both_languages
from ..words.diagrams import HEADS
from ..words.names import label_in

STEPS = 255
"""A weight of one, as a byte."""


@in_both_languages
def draw_heads(
    kinds: Mapping[str, Tensor],
    passages: Mapping[str, tuple[Sequence[str], Tensor]],
    *,
    lang: Language = "en",
) -> Figure:
    """Draw how much of each kind the heads of a language model are.

    On a site the reader can browse the maps of all heads over some passages.

    Args:
        kinds: Of each kind the scores of all heads, shape (layers, heads).
        passages: Of each passage its n tokens, and the weights of all heads over them, shape
            (layers, heads, n, n): zero where a token would look ahead.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: Scores or weights differ in their layers and heads, or a passage has not
            as many tokens as its weights.

    Examples:
        >>> import torch
        >>> from attncues.diagrams import draw_heads
        >>> weights = torch.eye(3).expand(2, 4, 3, 3)
        >>> figure = draw_heads({"first token": torch.rand(2, 4)}, {"abc": ("abc", weights)})
        >>> figure.savefig("heads.svg")
    """
    shapes = {tuple(scores.shape) for scores in kinds.values()}
    shapes |= {tuple(weights.shape[:-2]) for _, weights in passages.values()}
    if len(shapes) != 1 or {len(shape) for shape in shapes} != {2}:
        raise ValueError(
            "scores and weights need the same layers and heads, got those of shape "
            f"{' and '.join(map(str, sorted(shapes)))}"
        )
    for name, (tokens, weights) in passages.items():
        if weights.shape[-2:] != (len(tokens), len(tokens)):
            raise ValueError(
                f"{len(tokens)} tokens of {name!r} need weights of shape (layers, heads, "
                f"{len(tokens)}, {len(tokens)}), got {tuple(weights.shape)}"
            )
    figure = draw_heatmaps(
        torch.stack([scores.T for scores in kinds.values()]).unsqueeze(
            1
        ),  # (kinds, 1, heads, layers)
        xlabel="Layers",
        ylabel="Heads",
        titles=list(kinds),
        vmin=0,
        vmax=1,
        figsize=(COLUMN, 9.0),
        lang=lang,
    )
    figure.explorer = partial(_explorer, dict(kinds), dict(passages))
    return figure


def as_bytes(weights: Tensor) -> bytes:
    """Write weights (layers, heads, n, n) as a byte each, row by row, without what lies ahead."""
    size = weights.shape[-1]
    seen = torch.ones(size, size, dtype=torch.bool).tril()
    return bytes((weights[..., seen] * STEPS).round().to(torch.uint8).flatten().tolist())


def _explorer(
    kinds: dict[str, Tensor], passages: dict[str, tuple[Sequence[str], Tensor]]
) -> Explorer:
    layers, heads = next(iter(kinds.values())).shape
    later: dict[str, dict[str, Any]] = {
        name: {
            "tokens": list(tokens),
            "weights": b64encode(as_bytes(weights)).decode("ascii"),
        }
        for name, (tokens, weights) in passages.items()
    }
    return "heads", {
        "layers": layers,
        "heads": heads,
        "kinds": {
            name: [round(score, 3) for score in scores.flatten().tolist()]
            for name, scores in kinds.items()
        },
        "later": later,
        "words": {
            one: HEADS[one] | {name: label_in(one, name) for name in (*kinds, *passages)}
            for one in get_args(Language)
        },
    }
