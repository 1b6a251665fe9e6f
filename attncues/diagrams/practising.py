"""How a network learns where to look: its gaze on images that it has not seen, step by step.

On a site a reader goes through the steps and plays against each: a page hands the same networks
to docs/assets/explorers/glimpse.js, which computes what `Looker` computes.
"""

from base64 import b64encode
from collections.abc import Mapping
from functools import partial
from typing import Any, get_args

import torch
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from numpy.typing import NDArray
from torch import Tensor

from ..glimpse import PLACES, SIDE, SIGNS, STEP, WINDOW, Batch, Looker, place_centres, spread
from ..style import Explorer, Figure, Language, in_both_languages, look, words_in
from ..style.images import CellImage
from ..words.diagrams import EXPLORER_OF_GLIMPSES, PRACTICE
from .cells import CELLS

AROUND = 2 * SIDE // STEP + 1
"""Cells down and across, each as large as a place, that hold all glimpses around a sign."""


@in_both_languages
def draw_practice(lookers: Mapping[int, Looker], batch: Batch, *, lang: Language = "en") -> Figure:
    """Draw where networks look, one below each number of training steps.

    At the top are the weights of the places of the first image. Below, all images lie upon
    each other with their signs in the middle: what share of the glimpses falls how far from it.

    Args:
        lookers: Networks by the steps that they were trained for.
        batch: Images that none of them has seen.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, or there are no networks.

    Examples:
        >>> from attncues.glimpse import draw_batch, train
        >>> from attncues.diagrams import draw_practice
        >>> lookers = {steps: train(steps=steps).looker for steps in (1, 100)}
        >>> figure = draw_practice(lookers, draw_batch(20, seed=1))
    """
    words = words_in(lang, PRACTICE)
    if not lookers:
        raise ValueError("at least one network is needed, got none")
    side, tile, gap = SIDE // STEP, 0.62, 0.05
    told = []
    with look():
        width, height = len(lookers) * (tile + gap), 2 * tile + 0.78
        figure = Figure(figsize=(width, height))

        def panel(column: int, y: float, low: float, high: float) -> Axes:
            x = gap / 2 + column * (tile + gap)
            axes = figure.add_axes((x / width, y / height, tile / width, tile / height))
            axes.set(xlim=(low, high), ylim=(high, low), xticks=[], yticks=[])
            return axes

        for column, (steps, looker) in enumerate(lookers.items()):
            weights = looker.weights(batch.images).detach()
            axes = panel(column, tile + 0.3, 0, side)
            shares = weights[0].reshape(side, side).numpy()
            extent = (0.0, float(side), float(side), 0.0)
            axes.add_artist(CellImage(axes, shares, extent, Normalize(0, 1), CELLS))
            axes.set_title(words["step"].format(step=steps), fontsize=8, pad=3)
            apart = place_centres() - batch.centres[:, None]
            axes = panel(column, 0.02, 0, AROUND)
            shares = _around(weights, apart).numpy()
            extent = (0.0, float(AROUND), float(AROUND), 0.0)
            axes.add_artist(CellImage(axes, shares, extent, Normalize(0, 1), CELLS))
            told.append(
                words["story"].format(
                    step=steps,
                    places=PLACES,
                    spread=spread(weights).mean().item(),
                    distance=(weights * apart.norm(dim=-1)).sum(-1).mean().item(),
                )
            )
        count = len(batch.images)
        for name, y in (("one", 2 * tile + 0.62), ("all", tile + 0.15)):
            text = words[name].format(count=count)
            figure.text(0.5, y / height, text, ha="center", va="center", fontsize=8)
    figure.title = words["title"]
    figure.description = words["between"].join(told)
    figure.explorer = partial(_explorer, lookers, batch)
    return figure


def _around(weights: Tensor, apart: Tensor) -> Tensor:
    """Share the glimpses out among the cells around the sign, which is in the middle one.

    Args:
        weights: Shape (n, 36).
        apart: From sign to place in pixels, down and across, shape (n, 36, 2).

    Returns:
        Shape (13, 13), sums to one.
    """
    down, across = (apart / STEP).round().long().unbind(-1)
    cells = (down + AROUND // 2) * AROUND + across + AROUND // 2
    shares = torch.zeros(AROUND**2).index_add(0, cells.flatten(), weights.flatten())
    return (shares / len(weights)).reshape(AROUND, AROUND)


def _text(numbers: NDArray[Any]) -> str:
    """Write numbers as their bytes, in base 64."""
    return b64encode(numbers.tobytes()).decode("ascii")


def _explorer(lookers: Mapping[int, Looker], batch: Batch) -> Explorer:
    """Gather the networks, the images and what is said of both."""
    return "glimpse", {
        "steps": list(lookers),
        "lookers": [
            {name: _text(one.numpy().astype("<f4")) for name, one in looker.state_dict().items()}
            for looker in lookers.values()
        ],
        "side": SIDE,
        "step": STEP,
        "window": WINDOW,
        "images": _text((batch.images * 255).round().to(torch.uint8).numpy()),
        "labels": batch.labels.tolist(),
        "centres": batch.centres.tolist(),
        "signs": SIGNS.int().tolist(),
        "words": {one: EXPLORER_OF_GLIMPSES[one] for one in get_args(Language)},
    }
