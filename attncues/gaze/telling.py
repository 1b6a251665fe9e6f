"""Scenes, maps and gazes in words, from what is drawn."""

from collections.abc import Mapping, Sequence

from torch import Tensor

from ..saliency import fixate
from ..scenes import Box, Scene
from ..words import Count
from .artists import Place


def best_of(priority_map: Tensor, scene: Scene) -> dict[str, float]:
    """Find the highest priority at each object, and outside of all."""
    rest = priority_map.clone()
    best = {}
    for name, (top, bottom, left, right) in scene.boxes.items():
        best[name] = priority_map[top:bottom, left:right].max().item()
        rest[top:bottom, left:right] = 0
    return best | {"elsewhere": rest.max().item()}


def tell_objects(scene: Scene, words: Mapping[str, str]) -> str:
    """Say which objects there are, and where."""
    if "target" in scene.boxes:
        where = _where_is(scene.boxes["target"], scene, words)
        return words["items"].format(count=Count(len(scene.boxes)), where=where)
    things = [
        words["thing"].format(name=words[name], where=_where_is(box, scene, words))
        for name, box in scene.boxes.items()
    ]
    return words["contains"].format(things=words["and"].join(things))


def tell_map(priority_map: Tensor, scene: Scene | None, words: Mapping[str, str]) -> str:
    """Say where priority is high."""
    low, top = (end.item() for end in priority_map.aminmax())
    if not low < top:
        return words["nothing"]
    if scene is None:
        height, width = priority_map.shape
        where = _where(*fixate(priority_map), (height, width), words)
        return words["peak"].format(where=where, low=low / top)
    best = {name: value / top for name, value in best_of(priority_map, scene).items()}
    return words["strongest"].format(shares=tell_shares(best, words))


def tell_shares(values: Mapping[str, float], words: Mapping[str, str]) -> str:
    """List names with their shares, the largest first."""
    ordered = sorted(values.items(), key=lambda item: -item[1])
    return words["and"].join(
        words["share"].format(name=words.get(name, name), share=value) for name, value in ordered
    )


def tell_path(
    path: Sequence[Place],
    scene: Scene | Tensor | None,
    size: tuple[int, int],
    words: Mapping[str, str],
) -> str:
    """Say on what the gaze rests, or where it goes."""
    steps = []
    for row, column in path:
        on = words["a place"]
        if isinstance(scene, Scene):
            name = scene.object_at(row, column)
            if name is None:
                on = words["no object"]
            elif name in words:
                on = words["the"].format(name=words[name])
            else:
                on = words["distractor"]
        steps.append((on, _where(row, column, size, words)))
    if not steps:
        return ""
    if len(steps) == 1:
        return words["rests"].format(on=steps[0][0], where=steps[0][1])
    named = words["and"].join(words["step"].format(on=on, where=where) for on, where in steps)
    return words["goes"].format(path=named)


def sentences(words: Mapping[str, str], *told: str) -> str:
    """Join sentences, of which some may be empty."""
    return words["between"].join(sentence for sentence in told if sentence)


def _where(row: float, column: float, size: tuple[int, int], words: Mapping[str, str]) -> str:
    down = ("top", "", "bottom")[min(2, int(3 * row / size[0]))]
    across = ("left", "", "right")[min(2, int(3 * column / size[1]))]
    return words[f"{down} {across}".strip() or "middle"]


def _where_is(box: Box, scene: Scene, words: Mapping[str, str]) -> str:
    top, bottom, left, right = box
    height, width = scene.image.shape[:2]
    return _where((top + bottom) / 2, (left + right) / 2, (height, width), words)
