"""Figures of scenes, of the maps of attention over them, and of where the gaze goes."""

from .card import draw_card
from .explorer import draw_cues
from .feature_maps import draw_maps
from .handover import draw_handover
from .priority import draw_priority
from .scene import draw_scene
from .searches import draw_searches

__all__ = [
    "draw_card",
    "draw_cues",
    "draw_handover",
    "draw_maps",
    "draw_priority",
    "draw_scene",
    "draw_searches",
]
