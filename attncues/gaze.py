"""Figures of scenes, of the maps of attention over them, and of where the gaze goes."""

from collections.abc import Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any, Literal

import numpy as np
import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection
from matplotlib.colors import Normalize
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from torch import Tensor

from . import style
from .images import CellImage, Photograph
from .names import NAMES
from .saliency import CHANNELS, fixate, handover, mix
from .scenes import Box, Scene
from .style import DARK, GREY, RED, Language

WIDE = 3.4
"""Width of a scene or a map in inches: that of a phone, so two fit side by side elsewhere."""
COLOURS = colormaps["Reds"].resampled(64)

_STEPS = 6
"""A pixel of a scene is drawn in so many steps."""

WORDS: dict[str, dict[str, str]] = {
    "en": NAMES["en"]
    | {
        "target": "target",
        "and": ", ",
        "the": "the {name}",
        "distractor": "a distractor",
        "scene": "A scene",
        "photograph": "A photograph",
        "map": "A priority map",
        "with gaze": " with the gaze on it",
        "between": " ",
        "pixels": "{width} by {height} pixels.",
        "nothing": "Priority is the same everywhere: nothing stands out.",
        "priority": "priority",
        "weight": "weight",
        "contains": "In the picture: {things}.",
        "items": "In the picture: {count} discs, one of them the target, {where}.",
        "thing": "{name} ({where})",
        "rests": "The gaze rests on {on}, {where}.",
        "goes": "The gaze goes to {path}.",
        "step": "{on} ({where})",
        "no object": "the ground between objects",
        "a place": "a place",
        "strongest": "Highest priority at each object, as a share of the highest of all: {shares}.",
        "peak": "Priority is highest {where}, and falls to {low:.2f} of that at its lowest.",
        "share": "{name} {share:.2f}",
        "elsewhere": "elsewhere",
        "top left": "at the top left",
        "top": "at the top",
        "top right": "at the top right",
        "left": "at the left",
        "middle": "in the middle",
        "right": "at the right",
        "bottom left": "at the bottom left",
        "bottom": "at the bottom",
        "bottom right": "at the bottom right",
        "maps": "Six feature maps",
        "response": "response",
        "responds": "Strongest response of each map: {shares}.",
        "volition": "volition",
        "wins": "highest priority",
        "handover": "Priority as volition rises",
        "falls": "As volition rises from 0 to 1, the highest priority at the cup goes from "
        "{cup_start:.2f} to {cup_end:.2f} and that at the {target} goes from {start:.2f} to "
        "{end:.2f}. The gaze goes over to the {target} at {point:.2f}.",
        "searches": "Fixations until the target is found",
        "number": "items in the display",
        "fixations": "fixations to find the target",
        "feature": "feature",
        "conjunction": "conjunction",
        "guided": "conjunction, guided",
        "chance": "looking in random order",
        "chance line": "In random order it would take half of the items and a half more.",
        "counts": "{name}: {counts}.",
        "count": "{fixations:.1f} fixations among {items} items",
    },
    "zh": NAMES["zh"]
    | {
        "target": "目标",
        "and": "、",
        "the": "{name}",
        "distractor": "干扰项",
        "scene": "场景",
        "photograph": "照片",
        "map": "优先级图",
        "with gaze": "与注视点",
        "between": "",
        "pixels": "{width} × {height} 像素。",
        "nothing": "各处优先级相同，没有突出之处。",
        "priority": "优先级",
        "weight": "权重",
        "contains": "画面中有：{things}。",
        "items": "画面中有 {count} 个圆点，其中一个是目标，位于{where}。",
        "thing": "{name}（{where}）",
        "rests": "目光落在{on}（{where}）。",
        "goes": "目光依次落在：{path}。",
        "step": "{on}（{where}）",
        "no object": "物体之外",
        "a place": "一处",
        "strongest": "各物体上的最高优先级（占全图最高值的比例）：{shares}。",
        "peak": "优先级在{where}最高，最低处是最高处的 {low:.2f} 倍。",
        "share": "{name} {share:.2f}",
        "elsewhere": "其他地方",
        "top left": "左上",
        "top": "上方",
        "top right": "右上",
        "left": "左侧",
        "middle": "中间",
        "right": "右侧",
        "bottom left": "左下",
        "bottom": "下方",
        "bottom right": "右下",
        "maps": "六幅特征图",
        "response": "响应",
        "responds": "各图的最强响应：{shares}。",
        "volition": "自主性",
        "wins": "最高优先级",
        "handover": "自主性上升时的优先级",
        "falls": "自主性从 0 升到 1 时，咖啡杯上的最高优先级从 {cup_start:.2f} "
        "变为 {cup_end:.2f}，{target}上的从 {start:.2f} 变为 {end:.2f}。"
        "自主性达到 {point:.2f} 时，目光转到{target}上。",
        "searches": "找到目标所需的注视次数",
        "number": "画面中的项目数",
        "fixations": "找到目标的注视次数",
        "feature": "特征搜索",
        "conjunction": "联合搜索",
        "guided": "有引导的联合搜索",
        "chance": "随机顺序",
        "chance line": "按随机顺序一个个看，平均注视次数是项目数加一之后的一半。",
        "counts": "{name}：{counts}。",
        "count": "{items} 个项目需 {fixations:.1f} 次注视",
    },
}


@style.in_both_languages
def draw_scene(
    scene: Scene | Tensor, path: Sequence[tuple[int, int]] = (), *, lang: Language = "en"
) -> style.Figure:
    """Draw a scene or a photograph, and the gaze on it.

    Args:
        scene: A scene, drawn sharp, or the pixels of a photograph, shape (H, W, 3) in [0, 1].
        path: The rows and columns that are looked at, in order; a single one for one gaze.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        TypeError: `scene` is neither.
        ValueError: `lang` is none of these, or the photograph has another shape, dtype or range.

    Examples:
        >>> from attncues.gaze import draw_scene
        >>> from attncues.saliency import fixate, priority
        >>> from attncues.scenes import desk
        >>> scene = desk()
        >>> figure = draw_scene(scene, path=[fixate(priority(scene.image))])
        >>> figure.savefig("desk.svg")
    """
    words = style.words_in(lang, WORDS)
    if isinstance(scene, Tensor):
        _check_photograph(scene)
    elif not isinstance(scene, Scene):
        raise TypeError(f"a Scene or a torch.Tensor can be drawn, got {type(scene).__name__}")
    pixels = scene.image if isinstance(scene, Scene) else scene.detach().cpu().float()
    height, width = pixels.shape[:2]
    with style.look():
        figure, axes = _canvas(height, width)
        if isinstance(scene, Scene):
            axes.add_artist(_Drawing(scene))
            _frame_target(axes, scene)
            seen, told = "scene", _name_objects(scene, words)
        else:
            axes.add_artist(Photograph(axes, pixels.numpy(), (0, width, height, 0)))
            seen, told = "photograph", words["pixels"].format(width=width, height=height)
        _mark(axes, path)
    figure.title = words[seen] + (words["with gaze"] if path else "")
    figure.description = _sentences(
        words, told, _describe_path(path, scene, (height, width), words)
    )
    return figure


@style.in_both_languages
def draw_priority(
    priority_map: Tensor,
    path: Sequence[tuple[int, int]] = (),
    *,
    scene: Scene | None = None,
    label: Literal["priority", "weight"] = "priority",
    lang: Language = "en",
) -> style.Figure:
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
        ValueError: `lang` is none of these, or the map is of another shape than (H, W) and,
            if there is one, the scene.

    Examples:
        >>> from attncues.gaze import draw_priority
        >>> from attncues.saliency import priority, scan_path
        >>> from attncues.scenes import desk
        >>> scene = desk()
        >>> seen = priority(scene.image)
        >>> figure = draw_priority(seen, scan_path(seen, 3), scene=scene)
    """
    words = style.words_in(lang, WORDS)
    if priority_map.dim() != 2:
        raise ValueError(f"a priority map has shape (H, W), got {tuple(priority_map.shape)}")
    height, width = priority_map.shape
    if scene is not None and (size := scene.image.shape[:2]) != priority_map.shape:
        raise ValueError(f"the map is {height} × {width}, the scene {size[0]} × {size[1]}")
    top = priority_map.max().item()
    with style.look():
        figure, axes = _canvas(height, width, below=0.36)
        axes.add_artist(_map(axes, priority_map, top))
        if scene is not None:
            _outline(axes, scene, words)
        _mark(axes, path)
        _bar(figure, top, words[label])
    figure.title = words["map"] + (words["with gaze"] if path else "")
    figure.description = _sentences(
        words,
        _describe_map(priority_map, scene, words),
        _describe_path(path, scene, (height, width), words),
    )
    return figure


def draw_card(scene: Scene, priority_map: Tensor) -> style.Figure:
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
    with style.look():
        figure = style.Figure(figsize=(6, 3.15), facecolor=style.NAVY)
        left, right = (
            _panel(figure, (x, (3.15 - tall) / 2, wide, tall), height, width) for x in (0.16, 3.08)
        )
        left.add_artist(_Drawing(scene))
        right.add_artist(_map(right, priority_map, priority_map.max().item()))
        for axes in (left, right):
            _mark(axes, [fixate(priority_map)])
    return figure


@style.in_both_languages
def draw_maps(maps: Tensor, *, lang: Language = "en") -> style.Figure:
    """Draw the six feature maps of an image, on one scale.

    Args:
        maps: Shape (6, H, W), from `saliency.feature_maps`.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, or the maps are of another shape.

    Examples:
        >>> from attncues.gaze import draw_maps
        >>> from attncues.saliency import feature_maps
        >>> from attncues.scenes import desk
        >>> figure = draw_maps(feature_maps(desk().image))
    """
    words = style.words_in(lang, WORDS)
    if maps.dim() != 3 or maps.shape[0] != len(CHANNELS):
        raise ValueError(f"feature maps have shape (6, H, W), got {tuple(maps.shape)}")
    height, width = maps.shape[1:]
    top = maps.max().item()
    across, down = 1.5, 1.5 * height / width
    with style.look():
        size = (3 * across + 0.2, 2 * (down + 0.22) + 0.42)
        figure = style.Figure(figsize=size)
        for number, (name, one) in enumerate(zip(CHANNELS, maps, strict=True)):
            row, column = divmod(number, 3)
            x, y = column * (across + 0.1), size[1] - (row + 1) * (down + 0.22)
            axes = _panel(figure, (x, y, across, down), height, width)
            axes.set_title(words[name], pad=3)
            axes.add_artist(_map(axes, one, top, rows=30))
        _bar(figure, top, words["response"])
    figure.title = words["maps"]
    peaks = maps.amax((-2, -1)).tolist()
    shares = _shares(dict(zip(CHANNELS, peaks, strict=True)), words)
    figure.description = words["responds"].format(shares=shares)
    return figure


@style.in_both_languages
def draw_handover(
    seen: Tensor, wanted: Tensor, scene: Scene, target: str = "book", *, lang: Language = "en"
) -> style.Figure:
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
    words = style.words_in(lang, WORDS)
    if target not in scene.boxes:
        raise ValueError(f"the scene has {', '.join(scene.boxes)}, got {target!r}")
    if (start := scene.object_at(*fixate(seen))) != "cup":
        raise ValueError(f"the gaze begins on {start or 'no object'}, not on the cup")
    point = handover(seen, wanted, scene.boxes[target])
    steps = torch.linspace(0, 1, 21).tolist()
    curves: dict[str, list[float]] = {"cup": [], target: [], "elsewhere": []}
    for step in steps:
        best = _best(mix(seen, wanted, step), scene)
        curves["cup"].append(best["cup"])
        curves[target].append(best[target])
        others = (value for name, value in best.items() if name not in ("cup", target))
        curves["elsewhere"].append(max(others))
    with style.look():
        figure = style.Figure(figsize=(4.6, 3.1))
        height, width = seen.shape
        for number, step in enumerate((0, 0.25, 0.5, 0.75, 1)):
            axes = _panel(figure, (0.46 + 0.76 * number, 2.5, 0.72, 0.48), height, width)
            one = mix(seen, wanted, step)
            axes.add_artist(_map(axes, one, one.max().item(), rows=20))
            row, column = fixate(one)
            axes.plot(column, row, "o", markersize=4, color=DARK, markeredgecolor="white")
        # Each map stands above its volition.
        axes = figure.add_axes((0.82 / 4.6, 0.45 / 3.1, 3.04 / 4.6, 1.85 / 3.1))
        looks = {"cup": (RED, "-"), target: (style.INK, "-"), "elsewhere": (GREY, ":")}
        ends = _spread({name: curve[-1] for name, curve in curves.items()}, apart=0.085)
        for name, curve in curves.items():
            colour, dashes = looks[name]
            axes.plot(steps, curve, dashes, color=colour, linewidth=1.6)
            axes.annotate(
                words[name],
                (1, ends[name]),
                (4, 0),
                textcoords="offset points",
                va="center",
                fontsize=8,
            )
        axes.axvline(point, color=style.INK, linewidth=0.6, linestyle=(0, (4, 3)))
        axes.annotate(f"{point:.2f}", (point, 0), (4, 4), textcoords="offset points", fontsize=8)
        _plain(axes, words["volition"], words["wins"])
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


@style.in_both_languages
def draw_searches(
    searches: Mapping[str, Mapping[int, float]], *, lang: Language = "en"
) -> style.Figure:
    """Draw the number of fixations that searches take, by the number of items.

    Args:
        searches: Mean fixations by number of items, for some of "feature", "conjunction" and
            "guided".
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` or the name of a search is none of these, or there is no search.

    Examples:
        >>> from attncues.gaze import draw_searches
        >>> figure = draw_searches({"feature": {4: 1, 8: 1}, "conjunction": {4: 2.5, 8: 4.5}})
    """
    words = style.words_in(lang, WORDS)
    looks = {"feature": (style.INK, "o-"), "conjunction": (RED, "s-"), "guided": (GREY, "^:")}
    if not searches or not set(searches) <= set(looks):
        raise ValueError(
            f"searches are named {', '.join(looks)}; got {', '.join(searches) or 'none'}"
        )
    searches = {name: dict(sorted(counts.items())) for name, counts in searches.items()}
    with style.look():
        figure = style.Figure(figsize=(4.4, 2.9))
        axes = figure.add_axes((0.12, 0.17, 0.85, 0.79))
        items = sorted({number for counts in searches.values() for number in counts})
        chance = [(number + 1) / 2 for number in items]
        axes.plot(items, chance, color=GREY, linewidth=5, alpha=0.35, label=words["chance"])
        for name, counts in searches.items():
            colour, line = looks[name]
            numbers, fixations = list(counts), list(counts.values())
            axes.plot(numbers, fixations, line, color=colour, markersize=5, label=words[name])
        axes.legend(frameon=False, fontsize=8, loc="upper left")
        _plain(axes, words["number"], words["fixations"])
        axes.set(xticks=items, ylim=(0, None))
    figure.title = words["searches"]
    told = [
        words["counts"].format(
            name=words[name],
            counts=words["and"].join(
                words["count"].format(items=number, fixations=count)
                for number, count in counts.items()
            ),
        )
        for name, counts in searches.items()
    ]
    figure.description = _sentences(words, *told, words["chance line"])
    return figure


class _Drawing(PolyCollection):
    """The shapes of a scene, written into SVG with few digits."""

    def __init__(self, scene: Scene) -> None:
        colours = [shape.color for shape in scene.shapes]
        super().__init__(
            [shape.corners for shape in scene.shapes], facecolors=colours, linewidths=0
        )
        self.shapes = scene.shapes

    def draw(self, renderer: Any) -> None:
        """Draw the shapes; in SVG in whole steps, which need few digits."""
        if not hasattr(renderer, "writer") or self.axes is None:
            super().draw(renderer)
            return
        (x, y), (right, below) = self.axes.transData.transform([(0, 0), (1, 1)])
        across, down = (right - x) / _STEPS, (y - below) / _STEPS
        place = f"matrix({across:.5g} 0 0 {down:.5g} {x:.5g} {renderer.height - y:.5g})"
        writer = renderer.writer
        writer.start("g", transform=place)
        for color, shapes in groupby(self.shapes, key=lambda shape: shape.color):
            fill = "".join(f"{round(255 * part):02x}" for part in color)
            outlines = "".join(_outline_path(shape.corners) for shape in shapes)
            writer.element("path", d=outlines, fill=f"#{fill}")
        writer.end("g")


def _outline_path(corners: Sequence[tuple[float, float]]) -> str:
    """Write a polygon as its first corner and the way from each corner to the next."""
    points = [(round(_STEPS * x), round(_STEPS * y)) for x, y in corners]
    ways = [(c - a, d - b) for (a, b), (c, d) in pairwise(points)]
    numbers = " ".join(str(number) for way in ways for number in way if any(way))
    return f"M{points[0][0]} {points[0][1]}l{numbers}z".replace(" -", "-")


def _canvas(height: int, width: int, below: float = 0.0) -> tuple[style.Figure, Axes]:
    """Make a figure for one picture; its axes count pixels."""
    tall = WIDE * height / width
    figure = style.Figure(figsize=(WIDE, tall + below))
    return figure, _panel(figure, (0, below, WIDE, tall), height, width)


def _panel(
    figure: style.Figure, place: tuple[float, float, float, float], height: int, width: int
) -> Axes:
    """Add axes at (left, bottom, width, height) in inches that count pixels."""
    across, down = figure.get_size_inches()
    left, bottom, wide, tall = place
    axes = figure.add_axes((left / across, bottom / down, wide / across, tall / down))
    axes.set(xlim=(0, width), ylim=(height, 0), xticks=[], yticks=[])
    axes.axis("off")
    return axes


def _map(axes: Axes, values: Tensor, top: float, rows: int = 40) -> CellImage:
    """Draw a map on a scale from zero; it is smooth, so about so many rows of it are enough."""
    height, width = values.shape
    down = min(height, rows)
    across = max(1, min(width, round(down * width / height)))
    sampled = torch.nn.functional.interpolate(
        values.detach().cpu().float()[None, None], (down, across), mode="area"
    )
    norm = Normalize(0, top if top > 0 else 1.0)
    extent = (0, width, height, 0)
    return CellImage(axes, sampled[0, 0].numpy(), extent, norm, COLOURS, smooth=True)


def _mark(axes: Axes, path: Sequence[tuple[int, int]]) -> None:
    """Mark the places of a gaze: rings that show on every ground, numbered if several."""
    if not path:
        return
    if len(path) == 1:
        axes.add_line(_Gaze(*path[0]))
        return
    x, y = [column + 0.5 for _, column in path], [row + 0.5 for row, _ in path]
    for colour, width in (("white", 3.4), (DARK, 1.4)):
        axes.plot(x, y, color=colour, linewidth=width / 1.6)
        axes.plot(
            x,
            y,
            "o",
            markersize=14,
            markeredgecolor=colour,
            markeredgewidth=width,
            markerfacecolor="none",
        )
    for number, place in enumerate(zip(x, y, strict=True), start=1):
        axes.annotate(
            str(number),
            place,
            (9, 7),
            textcoords="offset points",
            color=DARK,
            fontsize=8,
            ha="center",
            va="center_baseline",
            bbox={"facecolor": "white", "boxstyle": "circle,pad=0.15", "linewidth": 0},
        )


class _Gaze(Line2D):
    """A ring and a dot in it, in SVG as circles in a group that a script can move."""

    def __init__(self, row: int, column: int) -> None:
        super().__init__([column + 0.5], [row + 0.5], linestyle="none", marker="o")

    def draw(self, renderer: Any) -> None:
        """Draw both, first their white edges, then the ink."""
        looks = [
            (size, edge, colour, colour if filled else "none")
            for colour, width in (("#ffffff", 3.4), (DARK, 1.4))
            for size, edge, filled in ((14, width, False), (3.5 + width, 0.0, True))
        ]
        if not hasattr(renderer, "writer") or self.axes is None:
            for size, edge, colour, fill in looks:
                self.set(markersize=size, markeredgewidth=edge)
                self.set(markeredgecolor=colour, markerfacecolor=fill)
                super().draw(renderer)
            return
        x, y = self.axes.transData.transform(self.get_xydata())[0]
        place = f"translate({x:.5g} {renderer.height - y:.5g})"
        renderer.writer.start("g", {"class": "gaze"}, transform=place)
        for size, edge, colour, fill in looks:
            line = {"stroke": colour, "stroke-width": f"{edge:g}"} if edge else {}
            renderer.writer.element("circle", "", {"r": f"{size / 2:g}", "fill": fill, **line})
        renderer.writer.end("g")


def _frame_target(axes: Axes, scene: Scene) -> None:
    """Frame the target of a search, which a reader could miss as well."""
    if "target" in scene.boxes:
        top, bottom, left, right = scene.boxes["target"]
        axes.add_patch(
            Rectangle(
                (left - 3, top - 3),
                right - left + 6,
                bottom - top + 6,
                fill=False,
                edgecolor="white",
                linewidth=1,
                linestyle=(0, (3, 2)),
            )
        )


def _spread(places: Mapping[str, float], apart: float) -> dict[str, float]:
    """Move labels up until each is so far above the one below it."""
    spread: dict[str, float] = {}
    below = -apart
    for name, place in sorted(places.items(), key=lambda item: item[1]):
        below = spread[name] = max(place, below + apart)
    return spread


def _outline(axes: Axes, scene: Scene, words: Mapping[str, str]) -> None:
    for name, (top, bottom, left, right) in scene.boxes.items():
        axes.add_patch(
            Rectangle(
                (left, top),
                right - left,
                bottom - top,
                fill=False,
                edgecolor=DARK,
                linewidth=0.5,
                alpha=0.6,
            )
        )
        if name in words:
            axes.text(
                left + 1.5,
                top + 2,
                words[name],
                color=DARK,
                fontsize=6.5,
                va="top",
                bbox={"facecolor": "white", "alpha": 0.7, "linewidth": 0, "pad": 0.6},
            )


def _bar(figure: style.Figure, top: float, label: str) -> None:
    """Draw a scale from zero along the lower edge."""
    across, down = figure.get_size_inches()
    axes = figure.add_axes((0.9 / across, 0.22 / down, (across - 1.8) / across, 0.08 / down))
    axes.add_artist(
        CellImage(axes, np.linspace(0, 1, 64)[None], (0, 1, 1, 0), Normalize(0, 1), COLOURS)
    )
    axes.set(xlim=(0, 1), ylim=(1, 0), yticks=[], xticks=[0, 0.5, 1])
    axes.set_xticklabels([f"{share * top:.2g}" for share in (0, 0.5, 1)])
    axes.tick_params(length=2, pad=1.5)
    axes.set_ylabel(label, rotation=0, ha="right", va="center", labelpad=6, fontsize=8)


def _plain(axes: Axes, xlabel: str, ylabel: str) -> None:
    axes.spines[["top", "right"]].set_visible(False)
    axes.set_xlabel(xlabel, labelpad=2)
    axes.set_ylabel(ylabel)


def _best(priority_map: Tensor, scene: Scene) -> dict[str, float]:
    """The highest priority at each object, and outside of all."""
    rest = priority_map.clone()
    best = {}
    for name, (top, bottom, left, right) in scene.boxes.items():
        best[name] = priority_map[top:bottom, left:right].max().item()
        rest[top:bottom, left:right] = 0
    return best | {"elsewhere": rest.max().item()}


def _where(row: float, column: float, size: tuple[int, int], words: Mapping[str, str]) -> str:
    down = ("top", "", "bottom")[min(2, int(3 * row / size[0]))]
    across = ("left", "", "right")[min(2, int(3 * column / size[1]))]
    return words[f"{down} {across}".strip() or "middle"]


def _where_is(box: Box, scene: Scene, words: Mapping[str, str]) -> str:
    top, bottom, left, right = box
    height, width = scene.image.shape[:2]
    return _where((top + bottom) / 2, (left + right) / 2, (height, width), words)


def _name_objects(scene: Scene, words: Mapping[str, str]) -> str:
    if "target" in scene.boxes:
        where = _where_is(scene.boxes["target"], scene, words)
        return words["items"].format(count=len(scene.boxes), where=where)
    things = [
        words["thing"].format(name=words[name], where=_where_is(box, scene, words))
        for name, box in scene.boxes.items()
    ]
    return words["contains"].format(things=words["and"].join(things))


def _describe_path(
    path: Sequence[tuple[int, int]],
    scene: Scene | Tensor | None,
    size: tuple[int, int],
    words: Mapping[str, str],
) -> str:
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


def _sentences(words: Mapping[str, str], *told: str) -> str:
    return words["between"].join(sentence for sentence in told if sentence)


def _describe_map(priority_map: Tensor, scene: Scene | None, words: Mapping[str, str]) -> str:
    low, top = (end.item() for end in priority_map.aminmax())
    if not low < top:
        return words["nothing"]
    if scene is None:
        row, column = fixate(priority_map)
        where = _where(row, column, (priority_map.shape[0], priority_map.shape[1]), words)
        return words["peak"].format(where=where, low=low / top)
    best = {name: value / top for name, value in _best(priority_map, scene).items()}
    return words["strongest"].format(shares=_shares(best, words))


def _check_photograph(pixels: Tensor) -> None:
    if pixels.dim() != 3 or pixels.shape[-1] != 3:
        raise ValueError(f"a photograph has shape (H, W, 3), got {tuple(pixels.shape)}")
    if not pixels.is_floating_point():
        raise ValueError(f"a photograph is floating point in [0, 1], got {pixels.dtype}")
    low, high = (end.item() for end in pixels.detach().aminmax())
    if not (low >= 0 and high <= 1):
        raise ValueError(f"a photograph lies in [0, 1], got values from {low} to {high}")


def _shares(values: Mapping[str, float], words: Mapping[str, str]) -> str:
    ordered = sorted(values.items(), key=lambda item: -item[1])
    return words["and"].join(
        words["share"].format(name=words.get(name, name), share=value) for name, value in ordered
    )
