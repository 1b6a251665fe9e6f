"""The framework of queries, keys and values, drawn from a real computation."""

from collections.abc import Sequence
from typing import Any

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle
from torch import Tensor

from ..pooling import attention_pooling, dot_product
from ..style import INK, Figure, Language, in_both_languages, ink_on, look, words_in
from ..words import minus
from ..words.diagrams import FRAMEWORK
from ..words.names import label_in

CELL = 0.17
"""Height of one number of a query or a key, in inches."""
FIRST, APART = 1.7, 0.72
"""Middle of the first key, and from one key to the next, in inches."""
SIGNED = colormaps["RdBu_r"]
POSITIVE = colormaps["Reds"]


@in_both_languages
def draw_framework(
    query: Tensor,
    keys: Tensor,
    values: Tensor,
    *,
    names: Sequence[str],
    features: Sequence[str],
    temperature: float = 1.0,
    lang: Language = "en",
) -> Figure:
    """Draw how a query turns keys and values into an output, with all its numbers.

    The weights are those of `attention_pooling` with inner products as scores.

    Args:
        query: Shape (d,).
        keys: Shape (n, d), none negative.
        values: Shape (n, 3): each value is a colour, red, green and blue in [0, 1].
        names: What each key belongs to.
        features: What each number of a query or key stands for.
        temperature: As in `attention_weights`.
        lang: "en" or "zh"; in Chinese, names and features that the package knows are translated.

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, shapes and names do not fit, a key is negative, the
            query is not finite, or a value is no colour.

    Examples:
        >>> import torch
        >>> from attncues.diagrams import draw_framework
        >>> figure = draw_framework(
        ...     torch.tensor([2.0, 0.0]),
        ...     keys=torch.eye(2),
        ...     values=torch.tensor([[0.9, 0.2, 0.2], [0.2, 0.2, 0.2]]),
        ...     names=["cup", "book"],
        ...     features=["red", "dark"],
        ... )
        >>> figure.savefig("framework.svg")
    """
    words = words_in(lang, FRAMEWORK)
    if keys.dim() != 2 or query.shape != keys.shape[1:] or values.shape != (len(keys), 3):
        raise ValueError(
            f"query (d,), keys (n, d) and values (n, 3) are needed, got {tuple(query.shape)}, "
            f"{tuple(keys.shape)} and {tuple(values.shape)}"
        )
    count, size = keys.shape
    if len(names) != count or len(features) != size:
        raise ValueError(
            f"{count} names and {size} features are needed, got {len(names)} and {len(features)}"
        )
    if not (keys >= 0).all() or not query.isfinite().all():
        raise ValueError("keys must not be negative, and the query must be finite")
    if not (values >= 0).all() or not (values <= 1).all():
        raise ValueError("values are drawn as colours and must lie in [0, 1]")
    output, weights = attention_pooling(
        query[None], keys, values, score=dot_product, temperature=temperature
    )
    scores = dot_product(query[None], keys)[0].tolist()
    shares = weights[0].tolist()
    with look():
        figure = Figure(figsize=(FIRST + APART * (count - 0.4), 2.9 + CELL * size))
        axes = _inches(figure)
        top = figure.get_figheight() - 0.4
        _strip(axes, 0.72, top, query.tolist(), SIGNED, signed=True)
        axes.text(0.72, top + 0.08, words["query"], ha="center", fontweight="bold")
        for row, feature in enumerate(features):
            text = label_in(lang, feature)
            y = top - CELL * (row + 0.5)
            axes.text(0.44, y, text, ha="right", va="center", fontsize=7)
        foot = top - CELL * size
        lines = {"scores": foot - 0.22, "weights": foot - 0.78, "values": foot - 1.16}
        for name, y in lines.items():
            axes.text(0.05, y, words[name], va="center", fontweight="bold")
        y = top - CELL * size / 2
        axes.text(1.21, y, words["keys"], va="center", ha="center", fontweight="bold")
        strongest = keys.max().item()
        middle = FIRST + APART * (count - 1) / 2
        for place, name in enumerate(names):
            x = FIRST + APART * place
            heading = label_in(lang, name).replace(" ", "\n")
            axes.text(x, top + 0.08, heading, ha="center", fontsize=8, linespacing=1.0)
            _strip(axes, x, top, keys[place].tolist(), POSITIVE, largest=strongest)
            axes.text(x, lines["scores"], minus(f"{scores[place]:.2f}"), ha="center",
                      va="center", fontsize=8)  # fmt: skip
            bar = 0.42 * shares[place]
            axes.add_patch(
                Rectangle((x - 0.14, lines["weights"] - 0.06), 0.28, bar, color=INK, lw=0)
            )
            axes.text(x, lines["weights"] - 0.15, f"{shares[place]:.2f}", ha="center", fontsize=8,
                      va="center")  # fmt: skip
            _patch(axes, x, lines["values"], values[place].tolist())
            axes.plot([x, middle], [lines["values"] - 0.12, 0.34], color=INK,
                      linewidth=max(0.4, 5 * shares[place]), alpha=0.55,
                      solid_capstyle="butt")  # fmt: skip
        axes.text(0.05, 0.22, words["output"], va="center", fontweight="bold")
        _patch(axes, middle, 0.22, output[0].tolist())
    figure.title = words["title"]
    called = [label_in(lang, name) for name in names]
    ordered = sorted(zip(called, shares, strict=True), key=lambda pair: -pair[1])
    told = [f"{name} {share:.2f}" for name, share in ordered]
    closest = int((values - output).norm(dim=-1).argmin())
    figure.description = words["story"].format(
        count=count, weights=words["and"].join(told), best=called[closest]
    )
    return figure


def _inches(figure: Figure) -> Axes:
    """Axes over the whole figure that count inches from the lower left corner."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    return axes


def _strip(
    axes: Axes,
    x: float,
    top: float,
    numbers: Sequence[float],
    colours: Any,
    *,
    signed: bool = False,
    largest: float = 0.0,
) -> None:
    """A column of cells, each with its number."""
    largest = largest or max(abs(number) for number in numbers) or 1.0
    width = 0.42
    for row, number in enumerate(numbers):
        share = (number / largest + 1) / 2 if signed else number / largest
        colour = colours(share)
        y = top - CELL * (row + 1)
        axes.add_patch(Rectangle((x - width / 2, y), width, CELL, facecolor=colour, lw=0))
        ink = ink_on([colour])[0]
        text = minus(f"{number:.2f}")
        axes.text(x, y + CELL / 2, text, ha="center", va="center", fontsize=7, color=ink)
    axes.add_patch(
        Rectangle(
            (x - width / 2, top - CELL * len(numbers)),
            width,
            CELL * len(numbers),
            fill=False,
            edgecolor=INK,
            linewidth=0.6,
        )
    )


def _patch(axes: Axes, x: float, y: float, color: Sequence[float]) -> None:
    axes.add_patch(
        Rectangle(
            (x - 0.21, y - 0.12),
            0.42,
            0.24,
            facecolor=tuple(color),
            edgecolor=INK,
            linewidth=0.6,
        )
    )
