"""How a network with hard attention learns to look."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from ..glimpse import SIGNS
from ..style import BLUE, COLUMN, GREY, RED, Figure, Language, in_both_languages, look, words_in
from ..words.diagrams import GLIMPSES


@in_both_languages
def draw_rewards(
    rewards: Mapping[str, Sequence[float]], *, over: int = 20, lang: Language = "en"
) -> Figure:
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
        >>> from attncues.diagrams import draw_rewards
        >>> rewards = {kind: train(kind=kind, steps=100).rewards for kind in ("hard", "soft")}
        >>> figure = draw_rewards(rewards)
    """
    words = words_in(lang, GLIMPSES)
    looks = {"hard": (RED, "-"), "no baseline": (GREY, "--"), "soft": (BLUE, "-.")}
    if not rewards or not set(rewards) <= set(looks):
        raise ValueError(
            f"trainings are named {', '.join(looks)}; got {', '.join(rewards) or 'none'}"
        )
    if not 1 <= over <= min(map(len, rewards.values())):
        raise ValueError(f"from 1 step to all steps can be averaged, got {over}")
    told = []
    with look():
        figure = Figure(figsize=(COLUMN, 2.7))
        axes = figure.add_axes((0.14, 0.17, 0.83, 0.79))
        chance = 1 / len(SIGNS)
        axes.axhline(chance, color=GREY, linewidth=4, alpha=0.3, label=words["chance"])
        for name, each in rewards.items():
            colour, dashes = looks[name]
            means = _averages(each, over)
            steps = [over * (number + 1) for number in range(len(means))]
            axes.plot(steps, means.tolist(), dashes, color=colour, label=words[name])
            first, last = means[0].item(), means[-1].item()
            half = steps[_half_way(means)]
            told.append(words["curve"].format(name=words[name], first=first, half=half, last=last))
        axes.legend(frameon=False, fontsize=8, loc="center right")
        axes.spines[["top", "right"]].set_visible(False)
        axes.set(ylim=(0, 1.03), xlabel=words["step"], ylabel=words["reward"])
    figure.title = words["rewards"]
    figure.description = words["between"].join(told)
    return figure


def _averages(rewards: Sequence[float], over: int) -> Tensor:
    """Average so many steps at a time; what is left at the end is left out."""
    whole = rewards[: len(rewards) // over * over]
    return torch.tensor(whole, dtype=torch.float64).reshape(-1, over).mean(-1)


def _half_way(means: Tensor) -> int:
    """Find the first that is at least half of the way from the first to the last."""
    way = means[-1] - means[0]
    return int(((means - means[0]) * way >= way**2 / 2).int().argmax())
