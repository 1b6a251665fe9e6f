"""What live cells use of the package: its own `pooling`, and heatmaps as data for the page."""

from torch import NOT_HERE, NotHereError

from .heatmaps import draw_heatmaps, show_heatmaps
from .pooling import (
    attention_pooling,
    attention_weights,
    average_pooling,
    dot_product,
    gaussian,
    max_pooling,
    scaled_dot_product,
)

__all__ = [
    "attention_pooling",
    "attention_weights",
    "average_pooling",
    "dot_product",
    "draw_heatmaps",
    "gaussian",
    "max_pooling",
    "scaled_dot_product",
    "show_heatmaps",
]


def __getattr__(name):
    if name[:2] == "__":
        raise AttributeError(name)
    raise NotHereError(NOT_HERE.format("attncues." + name))
