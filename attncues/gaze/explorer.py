"""The desk that a reader can touch: its figures, and what a page needs to look at it anew.

A page of the site computes the same priority map as `saliency.priority`, from the same pixels
(docs/assets/explorers/cues.js); here is what it is given.
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from typing import Any

import torch
from matplotlib.colors import to_hex
from torch import Tensor

from ..saliency import (
    FLOOR,
    NEAR,
    SCALES,
    bottom_up,
    feature_maps,
    fixate,
    handover,
    learn_objects,
    mix,
    target_query,
    top_down,
)
from ..scenes import Box, Scene, desk, desk_pair
from ..style import Figure
from ..words.gaze import WORDS
from ..words.names import NAMES
from .artists import COLOURS
from .priority import draw_priority
from .scene import draw_scene

SAID = ("strongest", "share", "elsewhere", "and", "rests", "the", "between")
"""The words with which `draw_priority` describes a map."""
PLACES = [
    f"{down} {across}".strip() or "middle"
    for down in ("top", "", "bottom")
    for across in ("left", "", "right")
]
"""The ninths of a picture, row by row."""


def draw_cues(
    target: str | None = None, *, seed: int = 0, lessons: Sequence[int] = range(1000, 1005)
) -> tuple[Figure, Figure]:
    """Draw a desk with the gaze on it, and its priority map; on a site a reader can change both.

    Args:
        target: The object that is looked for, and nothing else counts; by default none is.
        seed: Of the desk, as in `scenes.desk`.
        lessons: Of the desks on which the objects have been seen before.

    Returns:
        Two figures that the caller owns; the map is the explorer.

    Raises:
        ValueError: There is no such object.

    Examples:
        >>> from attncues.gaze import draw_cues
        >>> scene, priority_map = draw_cues("book")
        >>> priority_map.savefig("priority.svg")
    """
    scene, without_colour = desk_pair(seed)
    if target is not None and target not in scene.boxes:
        raise ValueError(f"the desk has {', '.join(scene.boxes)}, got {target!r}")
    seen_before = [desk(lesson) for lesson in lessons]
    images = torch.stack([one.image for one in seen_before])
    weights = learn_objects(images, [one.boxes for one in seen_before])
    # At either end of volition the highest priority is one, so the scale holds for all between.
    volition, wanted = (0, "book") if target is None else (1, target)
    maps = feature_maps(scene.image)
    seen, match = bottom_up(maps), top_down(maps, weights[wanted])
    priority_map = mix(seen, match, volition)
    gaze = [fixate(priority_map)]
    figure = draw_priority(priority_map, gaze, scene=scene)
    parts = _parts(seen, match, volition, scene.boxes)
    start = {"volition": volition, "target": wanted, "parts": parts}
    figure.explorer = ("cues", _data(scene, without_colour, weights) | {"start": start})
    return draw_scene(scene, gaze), figure


def _parts(
    seen: Tensor, wanted: Tensor, volition: float, boxes: Mapping[str, Box]
) -> dict[str, list[float]]:
    """Part the priority at the best place of each object into salience and match."""
    shares = (1 - volition) * mix(seen, None, 0), volition * mix(wanted, None, 0)
    parts = {}
    for name, (top, bottom, left, right) in boxes.items():
        salience, match = (share[top:bottom, left:right].flatten() for share in shares)
        best = (salience + match).argmax()
        parts[name] = [round(share[best].item(), 4) for share in (salience, match)]
    return parts


def _handovers(scene: Scene, weights: dict[str, Tensor]) -> dict[str, float | None]:
    """Find where the gaze goes over to each object; none where it is from the start, or never."""
    maps = feature_maps(scene.image)
    seen = bottom_up(maps)
    points: dict[str, float | None] = {}
    for name, box in scene.boxes.items():
        try:
            points[name] = round(handover(seen, top_down(maps, weights[name]), box), 4)
        except ValueError:
            points[name] = None
    return points


def _data(scene: Scene, without_colour: Scene, weights: dict[str, Tensor]) -> dict[str, Any]:
    """What a page needs to compute the priority of each place, and to show and tell it."""
    height, width = scene.image.shape[:2]
    side = min(height, width)
    top, bottom, left, right = scene.boxes["cup"]
    return {
        "size": [height, width],
        "grey": _bytes(without_colour.image[..., 0]),
        "cup": _bytes(scene.image[top:bottom, left:right]),
        "boxes": {name: list(box) for name, box in scene.boxes.items()},
        "scales": [[centre * side, surround * side] for centre, surround in SCALES],
        "floor": FLOOR,
        "near": round(NEAR * side / 2),
        "handovers": {
            "colour": _handovers(scene, weights),
            "grey": _handovers(without_colour, weights),
        },
        "queries": {name: target_query(one).tolist() for name, one in weights.items()},
        "paint": {
            to_hex(one.color): to_hex(other.color)
            for one, other in zip(scene.shapes, without_colour.shapes, strict=True)
            if one.color != other.color
        },
        "colours": [to_hex(colour) for colour in COLOURS(range(COLOURS.N))],
        "words": {
            lang: {name: NAMES[lang][name] for name in scene.boxes}
            | {name: words[name] for name in SAID}
            | {"places": [words[place] for place in PLACES]}
            for lang, words in WORDS.items()
        },
    }


def _bytes(pixels: Tensor) -> str:
    """Write pixels in [0, 1], which come from bytes, as those bytes."""
    return b64encode((pixels * 255).round().to(torch.uint8).numpy().tobytes()).decode("ascii")
