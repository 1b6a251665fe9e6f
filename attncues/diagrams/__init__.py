"""Diagrams of pooling, cueing, translation, heads, hard attention, and misleading heatmaps."""

from .browsing import draw_heads
from .learning import draw_formation, draw_rewards
from .looking import draw_glimpses
from .moving import draw_moves
from .orienting import draw_history, draw_orienting, draw_trials
from .plane import draw_pooling
from .practising import draw_practice
from .query_keys_values import draw_framework
from .stretched import draw_stretched
from .translating import draw_translation

__all__ = [
    "draw_formation",
    "draw_framework",
    "draw_glimpses",
    "draw_heads",
    "draw_history",
    "draw_moves",
    "draw_orienting",
    "draw_pooling",
    "draw_practice",
    "draw_rewards",
    "draw_stretched",
    "draw_translation",
    "draw_trials",
]
