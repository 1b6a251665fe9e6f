"""Diagrams of attention pooling, translation, hard attention, and heatmaps that mislead."""

from .learning import draw_rewards
from .looking import draw_glimpses
from .plane import draw_pooling
from .practising import draw_practice
from .query_keys_values import draw_framework
from .stretched import draw_stretched
from .translating import draw_translation

__all__ = [
    "draw_framework",
    "draw_glimpses",
    "draw_pooling",
    "draw_practice",
    "draw_rewards",
    "draw_stretched",
    "draw_translation",
]
