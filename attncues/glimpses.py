"""Figures of hard attention: where a network looks, and how it learns to."""

from collections.abc import Mapping, Sequence

import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from . import style
from .glimpse import SIDE, SIGNS, STEP, WINDOW, Batch, Looker, place_centres
from .images import CellImage
from .style import BLUE, GREY, RED, Language

WORDS: dict[str, dict[str, str]] = {
    "en": {
        "image": "image",
        "weights": "weights",
        "glimpse": "glimpse",
        "looks": "Where a network looks",
        "look": "Image {number}: the middle of the sign is at row {row:.1f}, column {column:.1f}; "
        "the glimpse, at a distance of {distance:.1f} pixels, has a weight of {weight:.2f}.",
        "rewards": "Reward during training",
        "step": "step",
        "reward": "share of right names",
        "hard": "hard attention",
        "no baseline": "hard, no baseline",
        "soft": "soft attention",
        "chance": "guessing",
        "curve": "{name}: at first {first:.2f}, half of the way to the end at step {half}, "
        "at the end {last:.2f}.",
        "between": " ",
    },
    "zh": {
        "image": "图像",
        "weights": "权重",
        "glimpse": "一瞥",
        "looks": "网络看向何处",
        "look": "图像 {number}：符号中心在第 {row:.1f} 行、第 {column:.1f} 列；一瞥落在距它 "
        "{distance:.1f} 像素处，权重为 {weight:.2f}。",
        "rewards": "训练中的奖励",
        "step": "步",
        "reward": "答对的比例",
        "hard": "硬注意力",
        "no baseline": "硬注意力，无基线",
        "soft": "软注意力",
        "chance": "随机猜测",
        "curve": "{name}：开始时 {first:.2f}，在第 {half} 步走完从开始到结束的一半，"
        "结束时 {last:.2f}。",
        "between": "",
    },
}


@style.in_both_languages
def draw_glimpses(
    looker: Looker, batch: Batch, count: int = 4, *, lang: Language = "en"
) -> style.Figure:
    """Draw images, the attention weights of their places, and the window that is looked at.

    Args:
        looker: A network.
        batch: Images, of which the first are drawn.
        count: How many.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, or there are fewer images.

    Examples:
        >>> from attncues.glimpse import draw_batch, train
        >>> from attncues.glimpses import draw_glimpses
        >>> figure = draw_glimpses(train(steps=100).looker, draw_batch(4, seed=1))
    """
    words = style.words_in(lang, WORDS)
    if not 1 <= count <= len(batch.images):
        raise ValueError(f"from 1 to {len(batch.images)} images can be drawn, got {count}")
    with torch.no_grad():
        weights = looker.weights(batch.images[:count])
    places = weights.argmax(-1)
    windows = looker.windows(batch.images[:count])
    grey, reds = colormaps["Greys_r"].resampled(64), colormaps["Reds"].resampled(64)
    norm, side = Normalize(0, 1), SIDE // STEP
    told = []
    with style.look():
        tile, gap, left, top = 0.95, 0.1, 0.7, 0.1
        height = 2 * tile + 0.55 + 2 * gap + top
        width = left + count * (tile + gap)
        figure = style.Figure(figsize=(width, height))

        def panel(column: int, y: float, extent: float, shrink: float = 1.0) -> Axes:
            x = left + column * (tile + gap) + tile * (1 - shrink) / 2
            axes = figure.add_axes(
                (x / width, y / height, shrink * tile / width, shrink * tile / height)
            )
            axes.set(xlim=(0, extent), ylim=(extent, 0), xticks=[], yticks=[])
            axes.axis("off")
            return axes

        rows = {
            "image": height - top - tile,
            "weights": height - top - gap - 2 * tile,
            "glimpse": 0.0,
        }
        for name, y in rows.items():
            middle = y + (0.275 if name == "glimpse" else tile / 2)
            figure.text(0.02, middle / height, words[name], va="center")
        for column in range(count):
            axes = panel(column, rows["image"], SIDE)
            image = batch.images[column].numpy()
            axes.add_artist(CellImage(axes, image, (0, SIDE, SIDE, 0), norm, grey))
            row, across = (place_centres()[places[column]] + 0.5).tolist()
            corner = (across - WINDOW / 2, row - WINDOW / 2)
            for colour, line in (("white", 3.0), (RED, 1.5)):
                axes.add_patch(
                    Rectangle(corner, WINDOW, WINDOW, fill=False, edgecolor=colour, lw=line)
                )
            axes = panel(column, rows["weights"], side)
            shares = weights[column].reshape(side, side).numpy()
            axes.add_artist(CellImage(axes, shares, (0, side, side, 0), norm, reds))
            axes = panel(column, 0.0, WINDOW, shrink=0.55 / tile)
            window = windows[column, places[column]].reshape(WINDOW, WINDOW).numpy()
            axes.add_artist(CellImage(axes, window, (0, WINDOW, WINDOW, 0), norm, grey))
            centre = batch.centres[column]
            told.append(
                words["look"].format(
                    number=column + 1,
                    row=centre[0].item(),
                    column=centre[1].item(),
                    distance=(place_centres()[places[column]] - centre).norm().item(),
                    weight=weights[column].max().item(),
                )
            )
    figure.title = words["looks"]
    figure.description = words["between"].join(told)
    return figure


@style.in_both_languages
def draw_rewards(
    rewards: Mapping[str, Sequence[float]], *, over: int = 20, lang: Language = "en"
) -> style.Figure:
    """Draw how the reward rises during training.

    Args:
        rewards: The reward of each step, for some of "hard", "no baseline" and "soft".
        over: So many steps are averaged.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` or a name is none of these, or there are fewer steps than that.

    Examples:
        >>> from attncues.glimpse import train
        >>> from attncues.glimpses import draw_rewards
        >>> rewards = {kind: train(kind=kind, steps=100).rewards for kind in ("hard", "soft")}
        >>> figure = draw_rewards(rewards)
    """
    words = style.words_in(lang, WORDS)
    looks = {"hard": (RED, "-"), "no baseline": (GREY, "--"), "soft": (BLUE, "-.")}
    if not rewards or not set(rewards) <= set(looks):
        raise ValueError(
            f"trainings are named {', '.join(looks)}; got {', '.join(rewards) or 'none'}"
        )
    if not 1 <= over <= min(map(len, rewards.values())):
        raise ValueError(f"from 1 step to all steps can be averaged, got {over}")
    told = []
    with style.look():
        figure = style.Figure(figsize=(4.4, 2.7))
        axes = figure.add_axes((0.12, 0.17, 0.85, 0.79))
        chance = 1 / len(SIGNS)
        axes.axhline(chance, color=GREY, linewidth=4, alpha=0.3, label=words["chance"])
        for name, each in rewards.items():
            colour, dashes = looks[name]
            blocks = (
                torch.tensor(each[: len(each) // over * over], dtype=torch.float64)
                .reshape(-1, over)
                .mean(-1)
            )
            steps = [over * (block + 1) for block in range(len(blocks))]
            axes.plot(steps, blocks.tolist(), dashes, color=colour, label=words[name])
            first, last = blocks[0].item(), blocks[-1].item()
            way = (blocks - first) * (last - first)
            half = steps[int((way >= (last - first) ** 2 / 2).int().argmax())]
            told.append(words["curve"].format(name=words[name], first=first, half=half, last=last))
        axes.legend(frameon=False, fontsize=8, loc="center right")
        axes.spines[["top", "right"]].set_visible(False)
        axes.set(ylim=(0, 1.03), xlabel=words["step"], ylabel=words["reward"])
    figure.title = words["rewards"]
    figure.description = words["between"].join(told)
    return figure
