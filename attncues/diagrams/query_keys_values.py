"""The framework of queries, keys and values, drawn from a real computation."""

from collections.abc import Mapping, Sequence
from typing import Any

from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap, to_hex
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path
from torch import Tensor

from ..pooling import attention_pooling, dot_product
from ..style import (
    BLUE,
    GOLD,
    GREY,
    INK,
    RED,
    Figure,
    Language,
    in_both_languages,
    ink_on,
    look,
    words_in,
)
from ..words import minus
from ..words.diagrams import EXPLORER_OF_FRAMEWORK, FRAMEWORK
from ..words.names import label_in

PIXEL = 1 / 96
"""A CSS pixel in inches: the figure is drawn so that it fits on a phone as it is."""
WIDTH, LEAST = 326.0, 7.6
"""Width of the figure in CSS pixels, and size of its text in points: ten CSS pixels."""
CELL, ROW = 17.0, 42.0
"""Height of a number, and from one object to the next."""
SCORE, BAR, SHARE, VALUE, EDGE = 128.0, 138.0, 221.0, 226.0, 307.0
"""Where scores end, bars begin, weights end, and values begin and end."""
FULL, MIX, LINE = 50.0, 68.0, 0.1
"""Length of the bar of a weight of one, where values begin side by side, the thinnest stream."""
QUERY, KEY, WEIGHT = BLUE, GOLD, RED
"""Each part has one colour; values have their own."""
SIGNED = LinearSegmentedColormap.from_list("signed", ["0.85", "white", QUERY])
"""Of a query: what is wanted stands out from what is not."""
POSITIVE = LinearSegmentedColormap.from_list("positive", ["white", KEY])
CELLS = colormaps["Reds"].resampled(50)
"""The colours of `draw_heatmaps`, from zero to one."""


@in_both_languages
def draw_framework(
    query: Tensor,
    keys: Tensor,
    values: Tensor,
    *,
    names: Sequence[str],
    features: Sequence[str],
    temperature: float = 1.0,
    queries: Mapping[str, Tensor] | None = None,
    lang: Language = "en",
) -> Figure:
    """Draw how a query turns keys and values into an output, with all its numbers.

    The weights are those of `attention_pooling` with inner products as scores.

    Args:
        query: Shape (d,).
        keys: Shape (n, d), none negative, one of them not zero.
        values: Shape (n, 3): each value is a colour, red, green and blue in [0, 1].
        names: What each key belongs to.
        features: What each number of a query or key stands for.
        temperature: As in `attention_weights`.
        queries: Among these, each of shape (d,), a reader of a site can choose; `query` is one
            of them.
        lang: "en" or "zh"; in Chinese, names and features that the package knows are translated.

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, shapes and names do not fit, a key is negative, all
            keys are zero, a query is not finite, `query` is not among `queries`, or a value is
            no colour.

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
    choice = dict(queries or {"": query})
    _check(query, keys, values, names, features, choice)
    start = next((name for name, one in choice.items() if one.equal(query)), None)
    if start is None:
        raise ValueError(f"query must be one of queries: {', '.join(choice)}")
    output, weights = attention_pooling(
        query[None], keys, values, score=dot_product, temperature=temperature
    )
    shares = weights[0].tolist()
    called = [label_in(lang, name) for name in names]
    strongest = keys.max().item()
    longest = max(one.abs().max().item() for one in choice.values()) or 1.0

    height = 84 + ROW * len(names) + 30
    with look():
        figure = Figure(figsize=(WIDTH * PIXEL, height * PIXEL))
        axes = figure.add_axes((0, 0, 1, 1), xlim=(0, WIDTH), ylim=(height, 0))
        axes.axis("off")
        _heading(axes, 0, 8, f"1 {words['query']}", QUERY)
        _text(axes, EDGE, 8, f"{words['temperature']} {temperature:g}", ha="right")
        across = (EDGE - 0.5) / len(features)
        for place, feature in enumerate(features):
            x = 0.5 + across * (place + 0.5)
            _text(axes, x, 25, label_in(lang, feature), ha="center")
        tints = [SIGNED((number / longest + 1) / 2) for number in query.tolist()]
        _cells(axes, 0.5, 33, across, query.tolist(), tints)
        _heading(axes, 0, 68, words["keys"], KEY)
        for step, name, x, colour in (
            (2, "scores", SCORE, INK),
            (3, "weights", SHARE, WEIGHT),
            (4, "values", EDGE, GREY),
        ):
            _heading(axes, x, 68, f"{step} {words[name]}", colour, ha="right")
        scores = dot_product(query[None], keys)[0].tolist()
        best = max(scores)
        middles = [84 + ROW * place + CELL / 2 for place in range(len(names))]
        for place, (name, y) in enumerate(zip(called, middles, strict=True)):
            top = y - CELL / 2
            weight = "bold" if scores[place] == best else "normal"
            _text(axes, 0, y, name, fontweight=weight)
            _text(axes, SCORE, y, _number(scores[place]), ha="right")
            bar = Rectangle((BAR, y - 5), FULL * shares[place], 10, color=WEIGHT, lw=0)
            axes.add_patch(bar)
            axes.plot([BAR, BAR], [y - 7, y + 7], color=INK, linewidth=0.6)
            _text(axes, SHARE, y, _number(shares[place]), ha="right", fontweight=weight)
            value = values[place].tolist()
            _cells(axes, VALUE, top, (EDGE - VALUE) / 3, value, [(*value, 1.0)] * 3)
            key = keys[place].tolist()
            _cells(axes, 0.5, top + CELL, across, key, [POSITIVE(one / strongest) for one in key])
        foot = height - CELL - 4
        axes.plot([VALUE, EDGE], [foot - 6] * 2, color=INK, linewidth=0.6)
        _heading(axes, 0, foot + CELL / 2, f"5 {words['output']}", INK)
        left, long = MIX, SHARE - MIX
        for value, share in zip(values.tolist(), shares, strict=True):
            axes.add_patch(Rectangle((left, foot), share * long, CELL, fc=value, ec=INK, lw=0.3))
            left += share * long
        axes.add_patch(Rectangle((MIX, foot), long, CELL, fill=False, ec=INK, lw=0.6))
        mixed = output[0].tolist()
        _cells(axes, VALUE, foot, (EDGE - VALUE) / 3, mixed, [(*mixed, 1.0)] * 3)
        _streams(axes, middles, foot, shares, values.tolist())
    figure.title = words["title"]
    ordered = sorted(zip(called, shares, strict=True), key=lambda pair: -pair[1])
    told = [f"{name} {share:.2f}" for name, share in ordered]
    closest = int((values - output).norm(dim=-1).argmin())
    figure.description = words["story"].format(
        count=len(names), weights=words["and"].join(told), best=called[closest]
    )
    if queries:
        figure.explorer = (
            "framework",
            {
                "queries": {name: one.tolist() for name, one in choice.items()},
                "keys": keys.tolist(),
                "values": values.tolist(),
                "names": list(names),
                "features": list(features),
                "start": {"query": start, "temperature": temperature, "masked": []},
                "cells": "".join(to_hex(CELLS(place))[1:] for place in range(CELLS.N)),
                "words": {
                    one: EXPLORER_OF_FRAMEWORK[one]
                    | {name: label_in(one, name) for name in [*names, *features, *choice]}
                    for one in ("en", "zh")
                },
            },
        )
    return figure


def _check(
    query: Tensor,
    keys: Tensor,
    values: Tensor,
    names: Sequence[str],
    features: Sequence[str],
    queries: Mapping[str, Tensor],
) -> None:
    asking = [query, *queries.values()]
    wrong = next((one for one in asking if one.shape != keys.shape[1:]), query)
    if keys.dim() != 2 or wrong.shape != keys.shape[1:] or values.shape != (len(keys), 3):
        raise ValueError(
            f"query (d,), keys (n, d) and values (n, 3) are needed, got {tuple(wrong.shape)}, "
            f"{tuple(keys.shape)} and {tuple(values.shape)}"
        )
    count, size = keys.shape
    if len(names) != count or len(features) != size:
        raise ValueError(
            f"{count} names and {size} features are needed, got {len(names)} and {len(features)}"
        )
    if not (keys >= 0).all() or not keys.any() or not all(one.isfinite().all() for one in asking):
        raise ValueError(
            "keys must not be negative, one must not be zero, and a query must be finite"
        )
    if not (values >= 0).all() or not (values <= 1).all():
        raise ValueError("values are drawn as colours and must lie in [0, 1]")


def _text(axes: Axes, x: float, y: float, text: str, **properties: Any) -> None:
    axes.text(x, y, text, va="center_baseline", fontsize=LEAST, **properties)


def _heading(axes: Axes, x: float, y: float, text: str, colour: str, ha: str = "left") -> None:
    """A word, and below it a line in the colour of what it names."""
    _text(axes, x, y, text, ha=ha, fontweight="bold")
    end = x + (28 if ha == "left" else -28)
    axes.plot([x, end], [y + 9] * 2, color=colour, linewidth=2, solid_capstyle="butt")


def _cells(
    axes: Axes, x: float, y: float, across: float, numbers: Sequence[float], colours: Sequence[Any]
) -> None:
    """Numbers in a row of cells, each on its colour; thin edges leave no seams."""
    for number, colour, ink in zip(numbers, colours, ink_on(colours), strict=True):
        axes.add_patch(Rectangle((x, y), across, CELL, color=colour, lw=0.3))
        _text(axes, x + across / 2, y + CELL / 2, _number(number), ha="center", color=ink)
        x += across
    whole = across * len(numbers)
    axes.add_patch(Rectangle((x - whole, y), whole, CELL, fill=False, ec=INK, lw=0.6))


def _streams(
    axes: Axes,
    middles: Sequence[float],
    foot: float,
    shares: Sequence[float],
    colours: Sequence[Sequence[float]],
) -> None:
    """Let each value flow into the output, in a stream as broad as its weight.

    A weight of one is as broad as the output is high. The last value takes the inner way.
    """
    inner = 0.0
    for middle, share, colour in reversed(list(zip(middles, shares, colours, strict=True))):
        broad = CELL * share
        turn = inner + broad / 2
        end, outside = foot + turn, EDGE + turn
        way = Path(
            [
                *[(EDGE, middle), (outside, middle), (outside, middle + turn)],
                *[(outside, end - turn), (outside, end), (EDGE, end)],
            ],
            [Path.MOVETO, Path.CURVE3, Path.CURVE3, Path.LINETO, Path.CURVE3, Path.CURVE3],
        )
        for width, ink in ((broad + 1, INK), (broad, colour)):
            if broad >= LINE:
                stream = PathPatch(way, fill=False, ec=ink, lw=width * 0.75, capstyle="butt")
                axes.add_patch(stream)
        inner += broad


def _number(number: float) -> str:
    return minus(f"{number:z.2f}")
