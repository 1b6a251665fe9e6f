"""How networks learn to look: one with hard attention, and two heads that repeat."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from ..glimpse import SIGNS
from ..style import (
    BLUE,
    COLUMN,
    GREY,
    INK,
    RED,
    Figure,
    Language,
    in_both_languages,
    look,
    words_in,
)
from ..words.diagrams import FORMATION, GLIMPSES


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


@in_both_languages
def draw_formation(
    steps: Sequence[int], shares: Mapping[str, Sequence[float]], *, lang: Language = "en"
) -> Figure:
    """Draw how two heads form, and what the answers gain from it.

    Args:
        steps: When it was measured.
        shares: What was measured each time, from 0 to 1: of the weight of the first head,
            "previous" is on the token before; of that of the second, "follower" on tokens that
            follow an earlier one like it; and of the answers, "repeats" are such a token.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` or a name is none of these, or there is not a share for each step.

    Examples:
        >>> from attncues.diagrams import draw_formation
        >>> figure = draw_formation([0, 20], {"previous": [0.1, 0.8], "repeats": [0.0, 0.9]})
    """
    words = words_in(lang, FORMATION)
    looks = {"previous": (BLUE, "--"), "follower": (RED, "-."), "repeats": (INK, "-")}
    if not shares or not set(shares) <= set(looks):
        raise ValueError(f"shares are named {', '.join(looks)}; got {', '.join(shares) or 'none'}")
    if any(len(line) != len(steps) for line in shares.values()):
        raise ValueError(f"a share is needed for each of {len(steps)} steps")
    told = []
    with look():
        figure = Figure(figsize=(COLUMN, 2.5))
        axes = figure.add_axes((0.15, 0.18, 0.81, 0.78))
        for name, line in shares.items():
            colour, dashes = looks[name]
            axes.plot(steps, line, dashes, color=colour, label=words[name])
            told.append(
                words["curve"].format(
                    name=words[name].replace("\n", " "),
                    first=line[0],
                    half=steps[_half_way(torch.tensor(line))],
                    last=line[-1],
                )
            )
        axes.legend(frameon=False, fontsize=8, loc="lower right")
        axes.spines[["top", "right"]].set_visible(False)
        axes.set(ylim=(0, 1.03), xlabel=words["step"], ylabel=words["share"])
    figure.title = words["title"]
    figure.description = words["and"].join(told)
    return figure


def _averages(rewards: Sequence[float], over: int) -> Tensor:
    """Average so many steps at a time; what is left at the end is left out."""
    whole = rewards[: len(rewards) // over * over]
    return torch.tensor(whole, dtype=torch.float64).reshape(-1, over).mean(-1)


def _half_way(means: Tensor) -> int:
    """Find the first that is at least half of the way from the first to the last."""
    way = means[-1] - means[0]
    return int(((means - means[0]) * way >= way**2 / 2).int().argmax())
