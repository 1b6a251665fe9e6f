"""How priority passes from the cup to a target: computed by `follow`, then drawn."""

from dataclasses import dataclass

import torch
from matplotlib.lines import Line2D
from torch import Tensor

from ..saliency import fixate, handover, mix
from ..scenes import Scene
from ..style import (
    COLUMN,
    DARK,
    GREY,
    INK,
    RED,
    Figure,
    Language,
    in_both_languages,
    look,
    words_in,
)
from ..words.gaze import WORDS
from .artists import centre, label_axes, map_image, panel
from .telling import best_of


@dataclass(frozen=True)
class Course:
    """The highest priorities as volition rises.

    Attributes:
        volitions: From 0 to 1.
        curves: The highest priority at each volition: at the cup, at the target, elsewhere.
        point: The volition at which the gaze goes over to the target.
    """

    volitions: list[float]
    curves: dict[str, list[float]]
    point: float


def follow(seen: Tensor, wanted: Tensor, scene: Scene, target: str) -> Course:
    """Compute how priority moves; see `draw_handover` for arguments and what is refused."""
    if target not in scene.boxes:
        raise ValueError(f"the scene has {', '.join(scene.boxes)}, got {target!r}")
    if (start := scene.object_at(*fixate(seen))) != "cup":
        raise ValueError(f"the gaze begins on {start or 'no object'}, not on the cup")
    point = handover(seen, wanted, scene.boxes[target])
    volitions = torch.linspace(0, 1, 21).tolist()
    curves: dict[str, list[float]] = {"cup": [], target: [], "elsewhere": []}
    for volition in volitions:
        best = best_of(mix(seen, wanted, volition), scene)
        curves["cup"].append(best.pop("cup"))
        curves[target].append(best.pop(target))
        curves["elsewhere"].append(max(best.values()))
    return Course(volitions, curves, point)


@in_both_languages
def draw_handover(
    seen: Tensor, wanted: Tensor, scene: Scene, target: str = "book", *, lang: Language = "en"
) -> Figure:
    """Draw how priority moves from the cup to a target as volition rises.

    Args:
        seen: Shape (H, W), from `saliency.bottom_up`.
        wanted: Shape (H, W), from `saliency.top_down`.
        scene: Where the cup and the target are.
        target: The object that is looked for.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, there is no such object, the gaze is not on the
            cup at volition 0, or it does not go over to the target.

    Examples:
        >>> from attncues.gaze import draw_handover
        >>> from attncues.saliency import bottom_up, feature_maps, target_weights, top_down
        >>> from attncues.scenes import desk
        >>> before, now = desk(seed=1), desk(seed=0)
        >>> weights = target_weights(feature_maps(before.image), before.boxes["book"])
        >>> maps = feature_maps(now.image)
        >>> figure = draw_handover(bottom_up(maps), top_down(maps, weights), now, "book")
    """
    words = words_in(lang, WORDS)
    course = follow(seen, wanted, scene, target)
    curves, point = course.curves, course.point
    with look():
        figure = Figure(figsize=(COLUMN, tall := 2.9))
        height, width = seen.shape
        steps = (0, 0.25, 0.5, 0.75, 1)
        maps = [mix(seen, wanted, step) for step in steps]
        top = max(one.max().item() for one in maps)
        # Each map stands above its volition.
        left, pitch, wide = 0.46, 0.65, 0.61
        places: list[tuple[float, float]] = []
        for number, one in enumerate(maps):
            x, down = left + pitch * number - wide / 2, wide * height / width
            axes = panel(figure, (x, tall - 0.02 - down, wide, down), height, width)
            axes.add_artist(map_image(axes, one, top, rows=20))
            column, row = centre(fixate(one))
            places.append((x + wide * column / width, tall - 0.02 - down * row / height))
        across, up = zip(*places, strict=True)
        gazes = Line2D(across, up, linestyle="none", marker="o", markersize=4, color=DARK)
        gazes.set(markeredgecolor="white", transform=figure.dpi_scale_trans)
        figure.add_artist(gazes)
        axes = figure.add_axes((left / COLUMN, 0.45 / tall, 4 * pitch / COLUMN, 1.9 / tall))
        looks = {"cup": (RED, "-"), target: (INK, "-"), "elsewhere": (GREY, ":")}
        # The cup falls and the others rise: each has its name above it, where it is high.
        named = {"cup": (2, "left", 4), target: (18, "right", 4), "elsewhere": (17, "right", 4)}
        for name, curve in curves.items():
            colour, dashes = looks[name]
            axes.plot(course.volitions, curve, dashes, color=colour, linewidth=1.6)
            at, side, above = named[name]
            away = 4 if side == "left" else -4
            axes.annotate(
                words[name],
                (course.volitions[at], curve[at]),
                (away, above),
                textcoords="offset points",
                ha=side,
                fontsize=8,
            )
        axes.axvline(point, color=INK, linewidth=0.6, linestyle=(0, (4, 3)))
        axes.annotate(f"{point:.2f}", (point, 0), (4, 4), textcoords="offset points", fontsize=8)
        label_axes(axes, words["volition"], words["wins"])
        axes.set(xlim=(0, 1), ylim=(0, 1.03), xticks=[0, 0.25, 0.5, 0.75, 1], yticks=[0, 0.5, 1])
    figure.title = words["handover"]
    figure.description = words["falls"].format(
        target=words[target],
        cup_start=curves["cup"][0],
        cup_end=curves["cup"][-1],
        start=curves[target][0],
        end=curves[target][-1],
        point=point,
    )
    return figure
