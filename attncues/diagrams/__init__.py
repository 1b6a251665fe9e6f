"""Diagrams of attention pooling, of hard attention, and of heatmaps that mislead."""

from .learning import draw_rewards
from .looking import draw_glimpses
from .plane import draw_pooling
from .query_keys_values import draw_framework
from .stretched import draw_stretched

__all__ = ["draw_framework", "draw_glimpses", "draw_pooling", "draw_rewards", "draw_stretched"]
