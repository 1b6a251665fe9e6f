"""Attention pooling over keys that can be seen, and what lets a reader move its query.

Keys and query are places in a plane. What a figure shows of one query is computed here with
`attention_pooling`; a page hands the same keys and values to docs/assets/explorers/pooling.js.
"""

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.patches import Circle, PathPatch, Rectangle
from matplotlib.path import Path
from torch import Tensor

from ..pooling import Score, attention_pooling, dot_product, gaussian, scaled_dot_product
from ..style import BLUE, INK, PART, Figure, Language, in_both_languages, ink_on, look, words_in
from ..style import COLUMN as PHONE
from ..words import minus
from ..words.diagrams import PLANE
from ..words.names import label_in, labels_in
from .cells import CELLS, cells_data

SCORES = {
    "gaussian": gaussian,
    "dot_product": dot_product,
    "scaled_dot_product": scaled_dot_product,
}
WIDTH, LEFT, TABLE = PHONE, 0.3, 1.25
"""Of the figure, left of the plane, and of the table below it, in inches."""
LABELS, COLUMN, ROW = 0.52, 0.572, 0.25
"""The table: width of its labels and of a column, height of a row, in inches."""
FULL = 0.21
"""Radius of the disc of a weight of one, in inches."""
HANDLE = 0.1
"""Radius of the query, in inches."""
LINES = 7
"""Lines of equal weight; from each to the next the weight is halved."""
HALF = math.log(2)
QUERY = BLUE
"""The colour of the query, unlike those of the values and seen on light and dark."""


@in_both_languages
def draw_pooling(
    query: Tensor,
    keys: Tensor,
    values: Tensor,
    *,
    names: Sequence[str],
    features: Sequence[str],
    score: Score = gaussian,
    temperature: float = 1.0,
    lang: Language = "en",
) -> Figure:
    """Draw attention pooling of colours whose keys lie in a plane.

    The area of the disc at a key is its weight; in a ring that is full the weight is one.
    Thin lines join places of equal weight: one goes through the best key, and a key on the
    next would have half its weight. On a site the reader can move the query.

    Args:
        query: Shape (2,).
        keys: Shape (n, 2).
        values: Shape (n, 3): each value is a colour, red, green and blue in [0, 1].
        names: What each key belongs to.
        features: What the two numbers of a key stand for, the horizontal one first.
        score: `gaussian`, `dot_product` or `scaled_dot_product`.
        temperature: As in `attention_weights`.
        lang: "en" or "zh"; in Chinese, names and features that the package knows are translated.

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` or `score` is none of these, shapes and names do not fit, a key or
            the query is not finite, all keys are zero, a value is no colour, or as
            `attention_pooling`.

    Examples:
        >>> import torch
        >>> from attncues.diagrams import draw_pooling
        >>> figure = draw_pooling(
        ...     torch.tensor([0.5, 0.0]),
        ...     keys=torch.tensor([[1.0, 0.2], [-1.0, 0.4]]),
        ...     values=torch.tensor([[0.9, 0.2, 0.2], [0.2, 0.2, 0.2]]),
        ...     names=["cup", "book"],
        ...     features=["across", "up"],
        ... )
        >>> figure.savefig("pooling.svg")
    """
    words = words_in(lang, PLANE)
    _check(query, keys, values, names, features)
    scored = next((name for name, function in SCORES.items() if function is score), None)
    if scored is None:
        raise ValueError(f"score must be one of {', '.join(SCORES)}, got {score!r}")
    output, weights = attention_pooling(
        query[None], keys, values, score=score, temperature=temperature
    )
    shares, colour = weights[0].tolist(), output[0].tolist()
    called, axis_names = labels_in(lang, names), labels_in(lang, features)

    farthest = 0.4 * keys.abs().max().item()
    reach = [math.ceil(10 * (one + farthest)) / 10 for one in keys.abs().amax(dim=0).tolist()]
    unit = (WIDTH - LEFT - 0.04) / (2 * reach[0])
    plane_height, foot = 2 * reach[1] * unit, TABLE + 0.25
    height = foot + plane_height + 0.04
    with look():
        figure = Figure(figsize=(WIDTH, height))
        place = (LEFT / WIDTH, foot / height, 2 * reach[0] * unit / WIDTH, plane_height / height)
        axes = figure.add_axes(place)
        axes.set(xlim=(-reach[0], reach[0]), ylim=(-reach[1], reach[1]))
        axes.locator_params(nbins=3)
        inset = 0.08 / unit
        axes.text(reach[0] - inset, inset - reach[1], f"{axis_names[0]} →", ha="right")
        axes.text(inset - reach[0], reach[1] - inset, f"↑ {axis_names[1]}", va="top")
        _draw_plane(axes, unit, query, keys, values.tolist(), called, shares, score, temperature)
        _draw_table(figure, called, shares, values.tolist(), colour, words, lang)
    figure.title = words["title"]

    def listed(parts: Sequence[str], numbers: Sequence[float]) -> str:
        return words["and"].join(
            f"{part} {_number(number)}" for part, number in zip(parts, numbers, strict=True)
        )

    figure.description = words["story"].format(
        x=_number(query[0].item()),
        y=_number(query[1].item()),
        score=words[scored],
        temperature=f"{temperature:.3g}",
        weights=listed(called, shares),
        output=listed([label_in(lang, one) for one in ("red", "green", "blue")], colour),
    )
    points = 72.0
    figure.explorer = (
        "pooling",
        {
            "names": list(names),
            "features": list(features),
            "keys": keys.tolist(),
            "values": values.tolist(),
            "start": {"query": query.tolist(), "score": scored, "temperature": temperature},
            "reach": reach,
            "origin": [(LEFT + reach[0] * unit) * points, (0.04 + reach[1] * unit) * points],
            "unit": unit * points,
            "full": FULL * points,
            "handle": HANDLE * points,
            "lines": LINES,
            **cells_data(),
            "words": {
                one: PLANE[one]
                | {
                    name: label_in(one, name)
                    for name in [*names, *features, "red", "green", "blue"]
                }
                for one in ("en", "zh")
            },
        },
    )
    return figure


def _check(
    query: Tensor, keys: Tensor, values: Tensor, names: Sequence[str], features: Sequence[str]
) -> None:
    if keys.dim() != 2 or query.shape != (2,) or values.shape != (len(keys), 3):
        raise ValueError(
            f"query (2,), keys (n, 2) and values (n, 3) are needed, got {tuple(query.shape)}, "
            f"{tuple(keys.shape)} and {tuple(values.shape)}"
        )
    if len(names) != len(keys) or len(features) != 2:
        raise ValueError(
            f"{len(keys)} names and 2 features are needed, got {len(names)} and {len(features)}"
        )
    if not keys.isfinite().all() or not query.isfinite().all() or not keys.any():
        raise ValueError("query and keys must be finite, and one key must not be zero")
    if not (values >= 0).all() or not (values <= 1).all():
        raise ValueError("values are drawn as colours and must lie in [0, 1]")


def _draw_plane(
    axes: Axes,
    unit: float,
    query: Tensor,
    keys: Tensor,
    colours: Sequence[Sequence[float]],
    names: Sequence[str],
    shares: Sequence[float],
    score: Score,
    temperature: float,
) -> None:
    """Draw keys, weights and query; `unit` is that of the plane in inches."""
    inch = 1 / unit
    axes.plot(0, 0, "+", color=INK, markeredgewidth=0.6)
    curves: dict[str, tuple[Path, dict[str, Any]]] = {
        "levels": (_levels(query, keys, score, temperature), {"alpha": 0.3}),
        "rays": (_rays(query, keys, score), {"ls": ":"}),
        "arm": (_arm(query, score), {"ec": QUERY, "lw": 1.5}),
    }
    for name, (path, properties) in curves.items():
        curve = PathPatch(path, **{"fill": False, "ec": INK, "lw": 0.7} | properties)
        _part(axes.add_patch(curve), name)
    ink: dict[str, Any] = {"color": INK, "markeredgewidth": 0.6}
    axes.plot(*keys.T.tolist(), "o", markersize=2 * 72 * FULL, markerfacecolor="none", **ink)
    for number, (x, y) in enumerate(keys.tolist()):
        radius = FULL * inch * math.sqrt(shares[number])
        disc = Circle((x, y), radius, fc=colours[number], ec=INK, lw=0.6, zorder=2)
        _part(axes.add_patch(disc), f"disc-{number}")
        above, below = y + (FULL + 0.05) * inch, y - (FULL + 0.05) * inch
        axes.text(x, above, names[number], ha="center", fontsize=8)
        text = axes.text(x, below, _number(shares[number]), ha="center", va="top", fontsize=8)
        _part(text, f"share-{number}")
    axes.plot(*keys.T.tolist(), "o", markersize=2, markerfacecolor="white", **ink)
    x, y = query.tolist()
    handle = Circle((x, y), HANDLE * inch, fc=QUERY, ec="white", lw=1.5, zorder=4)
    _part(axes.add_patch(handle), "query")
    letter = axes.text(x, y - 0.035 * inch, "q", ha="center", color="white", fontsize=8, zorder=5)
    _part(letter, "letter", fontweight="bold")


def _levels(query: Tensor, keys: Tensor, score: Score, temperature: float) -> Path:
    """The places whose keys would have the best weight, half of it, a quarter, and so on."""
    best = score(query[None], keys).max().item()
    middle, length = np.array(query.tolist()), query.norm().item()
    long = 9 * keys.abs().max().item()
    circle = Path.unit_circle()
    parts = []
    for drop in range(LINES):
        level = best - drop * HALF * temperature
        if score is gaussian:
            place = middle + np.array(circle.vertices) * math.sqrt(max(-2 * level, 0.0))
            parts.append(Path(place, circle.codes))
        elif length:
            # q·k is the length of q times how far k reaches in its direction.
            far = level / score(query[None], query[None]).item() * middle
            across = np.array([-middle[1], middle[0]]) / length * long
            parts.append(Path(np.stack([far - across, far + across])))
    return Path.make_compound_path(*parts) if parts else Path([(0, 0)])


def _rays(query: Tensor, keys: Tensor, score: Score) -> Path:
    """What a score looks at: how far the keys are from the query, or from the origin."""
    start = query.tolist() if score is gaussian else [0.0, 0.0]
    return Path.make_compound_path(*(Path([start, key]) for key in keys.tolist()))


def _arm(query: Tensor, score: Score) -> Path:
    """The query as a vector, where its length and direction count."""
    return Path([query.tolist() if score is gaussian else [0.0, 0.0], query.tolist()])


def _draw_table(
    figure: Figure,
    names: Sequence[str],
    shares: Sequence[float],
    values: Sequence[Sequence[float]],
    output: Sequence[float],
    words: dict[str, str],
    lang: Language,
) -> None:
    """Draw the weights as one row of a heatmap, the values, and the output, in inches."""
    width, height = figure.get_size_inches()
    axes = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(0, height))
    axes.axis("off")
    ends = [TABLE - 0.27 - ROW * row - 0.06 * (row > 0) - 0.14 * (row > 1) for row in range(4)]
    for row, word in enumerate(("weights", "values", "output")):
        y = ends[row] - ROW / 2
        axes.text(LABELS - 0.05, y, words[word], ha="right", va="center", fontsize=8)

    def cell(column: int, row: int, colour: Any) -> Artist:
        corner = LABELS + COLUMN * column, ends[row] - ROW
        patch = Rectangle(corner, COLUMN, ROW, fc=colour, ec=INK, lw=0.6)
        return axes.add_patch(patch)

    for number, name in enumerate(names):
        x = LABELS + COLUMN * (number + 0.5)
        stacked = name.replace(" ", "\n")
        axes.text(x, ends[0] + 0.05, stacked, ha="center", fontsize=8, linespacing=1.0)
        colour = CELLS(shares[number])
        _part(cell(number, 0, colour), f"cell-{number}")
        text = axes.text(x, ends[0] - ROW / 2, _number(shares[number]), ha="center", va="center")
        _part(text, f"weight-{number}", color=ink_on([colour])[0], fontsize=8)
        cell(number, 1, values[number])
    _part(cell(0, 2, output), "output")
    for place, name in enumerate(("red", "green", "blue")):
        x = LABELS + COLUMN * (1.15 + 1.25 * place)
        told = f"{label_in(lang, name)} {_number(output[place])}"
        _part(axes.text(x, ends[2] - ROW / 2, told, va="center", fontsize=8), f"output-{place}")


def _part(artist: Artist, name: str, **properties: Any) -> None:
    """Name what changes with the query, so that a script finds it in the SVG."""
    artist.set(gid=f"{PART}{name}", **properties)


def _number(number: float) -> str:
    return minus(f"{number:z.2f}")
