"""The picture that goes with links to a site."""

from torch import Tensor

from ..saliency import fixate
from ..scenes import Scene
from ..style import NAVY, Figure, look
from .artists import Drawing, map_image, mark, panel


def draw_card(scene: Scene, priority_map: Tensor) -> Figure:
    """Draw a scene beside its priority map, without a word, as a picture for links to a site.

    Args:
        scene: What is seen.
        priority_map: Shape (H, W), none negative, of the scene.

    Returns:
        A figure that the caller owns, of 1200 × 630 pixels at 200 dots an inch.
    """
    height, width = priority_map.shape
    wide = 2.76
    tall = wide * height / width
    with look():
        figure = Figure(figsize=(6, 3.15), facecolor=NAVY)
        left, right = (
            panel(figure, (x, (3.15 - tall) / 2, wide, tall), height, width) for x in (0.16, 3.08)
        )
        left.add_artist(Drawing(scene))
        right.add_artist(map_image(right, priority_map, priority_map.max().item()))
        for axes in (left, right):
            mark(axes, [fixate(priority_map)])
    return figure
