"""Figures of priority maps."""

from collections.abc import Mapping, Sequence
from typing import Literal

from matplotlib.axes import Axes
from torch import Tensor

from ..scenes import Scene
from ..style import DARK, Figure, Language, in_both_languages, look, words_in
from ..words.gaze import WORDS
from .artists import Place, canvas, check_map, frame, map_image, mark, scale_bar
from .telling import sentences, tell_map, tell_path


@in_both_languages
def draw_priority(
    priority_map: Tensor,
    path: Sequence[Place] = (),
    *,
    scene: Scene | None = None,
    label: Literal["priority", "weight"] = "priority",
    lang: Language = "en",
) -> Figure:
    """Draw a priority map, the gaze on it, and the boxes of a scene's objects.

    Args:
        priority_map: Shape (H, W), none negative; drawn on a scale from zero to its largest
            value.
        path: The rows and columns that are looked at, in order.
        scene: Whose objects to outline.
        label: What the scale is named.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, a value is negative or not finite, or the map is of
            another shape than (H, W) and, if there is one, the scene.

    Examples:
        >>> from attncues.gaze import draw_priority
        >>> from attncues.saliency import priority, scan_path
        >>> from attncues.scenes import desk
        >>> scene = desk()
        >>> seen = priority(scene.image)
        >>> figure = draw_priority(seen, scan_path(seen, 3), scene=scene)
    """
    words = words_in(lang, WORDS)
    if priority_map.dim() != 2:
        raise ValueError(f"a priority map has shape (H, W), got {tuple(priority_map.shape)}")
    height, width = priority_map.shape
    if scene is not None and (size := scene.image.shape[:2]) != priority_map.shape:
        raise ValueError(f"the map is {height} × {width}, the scene {size[0]} × {size[1]}")
    check_map(priority_map)
    top = priority_map.max().item()
    with look():
        figure, axes = canvas(height, width, below=0.36)
        axes.add_artist(map_image(axes, priority_map, top))
        if scene is not None:
            _outline(axes, scene, words)
        mark(axes, path)
        scale_bar(figure, top, words[label])
    figure.title = words["map"] + (words["with gaze"] if path else "")
    figure.description = sentences(
        words,
        tell_map(priority_map, scene, words),
        tell_path(path, scene, (height, width), words),
    )
    return figure


def _outline(axes: Axes, scene: Scene, words: Mapping[str, str]) -> None:
    for name, box in scene.boxes.items():
        frame(axes, box, edgecolor=DARK, linewidth=0.5, alpha=0.6)
        if name in words:
            top, _, left, _ = box
            axes.text(
                left + 1.5,
                top + 2,
                words[name],
                color=DARK,
                fontsize=8,
                va="top",
                bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.6},
            )
