"""Attention cues: pooling, heatmaps and the figures of the documentation site.

draw_heatmaps(matrices, ...)         draw attention weights as a matplotlib figure
show_heatmaps(matrices, ...)         show that figure, in a notebook or in a window
describe_heatmaps(matrices, ...)     say in words what it shows
attention_weights(queries, keys)     compute how much weight each query gives to each key
attention_pooling(queries, keys, values)    average values by it; also average_pooling, max_pooling

For example: draw_heatmaps(model(**tokens, output_attentions=True).attentions, layer=0).
help(attncues.draw_heatmaps) says more of each. `python -m attncues figures` writes figures.

These names are loaded when they are first used, so `import attncues` is quick
and a program that only pools never loads matplotlib.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .heatmaps import describe_heatmaps, draw_heatmaps, show_heatmaps
    from .pooling import (
        attention_pooling,
        attention_weights,
        average_pooling,
        dot_product,
        gaussian,
        max_pooling,
        scaled_dot_product,
    )

__version__ = "0.1.0"

__all__ = [
    "attention_pooling",
    "attention_weights",
    "average_pooling",
    "describe_heatmaps",
    "dot_product",
    "draw_heatmaps",
    "gaussian",
    "max_pooling",
    "scaled_dot_product",
    "show_heatmaps",
]

_IN_HEATMAPS = {"describe_heatmaps", "draw_heatmaps", "show_heatmaps"}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    module = "heatmaps" if name in _IN_HEATMAPS else "pooling"
    value = getattr(import_module(f".{module}", __name__), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
