"""Posner's experiment: what people see, what a model takes from it, and how fast it reacts."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from ..orienting import STEP, Reactions, Traces
from ..style import (
    BLUE,
    COLUMN,
    GOLD,
    GREY,
    INK,
    RED,
    Figure,
    Language,
    in_both_languages,
    look,
    words_in,
)
from ..words import Count
from ..words.diagrams import ORIENTING

DRAWN = 15
"""Of so many steps of a trace one is drawn."""
BOXES = (-1.0, 1.0)
"""Where the left and the right box have their middle; the cross is at zero."""


@in_both_languages
def draw_trials(*, lang: Language = "en") -> Figure:
    """Draw what is seen in a trial: a cue, and then a target where it said or elsewhere.

    Args:
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these.

    Examples:
        >>> from attncues.diagrams import draw_trials
        >>> figure = draw_trials()
        >>> figure.savefig("trials.svg")
    """
    words = words_in(lang, ORIENTING)
    with look():
        figure = Figure(figsize=(COLUMN, 1.5))
        for row, cue in enumerate(("flash", "arrow")):
            for column, frame in enumerate(("cue", "valid", "invalid")):
                place = (0.15 + 0.285 * column, 0.48 - 0.44 * row, 0.27, 0.36)
                axes = figure.add_axes(place)
                _screen(
                    axes, cue if frame == "cue" else None, {"valid": 0, "invalid": 1}.get(frame)
                )
                if row == 0:
                    axes.set_title(words[f"{frame} frame"], fontsize=8, pad=3)
                if column == 0:
                    figure.text(0.135, place[1] + 0.18, words[cue], ha="right", va="center")
    figure.title = words["trials"]
    figure.description = words["trials story"]
    return figure


def _screen(axes: Axes, cue: str | None, target: int | None) -> None:
    """Draw two boxes and the cross between them, with a cue or a target, or neither."""
    axes.set(xlim=(-1.75, 1.75), ylim=(-0.75, 0.75), xticks=[], yticks=[], aspect="equal")
    for side, middle in enumerate(BOXES):
        lit = cue == "flash" and side == 0
        colour, width = (GOLD, 4) if lit else (INK, 0.9)
        corner = (middle - 0.42, -0.42)
        box = Rectangle(corner, 0.84, 0.84, fill=False, edgecolor=colour, linewidth=width)
        axes.add_patch(box)
    if cue == "arrow":
        pointing = {"arrowstyle": "-|>", "color": GOLD, "linewidth": 2.5, "mutation_scale": 12}
        axes.annotate("", (-0.42, 0), (0.42, 0), arrowprops=pointing)
    else:
        axes.plot(0, 0, "+", color=INK, markersize=6)
    if target is not None:
        axes.plot(BOXES[target], 0, "o", color=BLUE if target else RED, markersize=9)


@in_both_languages
def draw_orienting(traces: Traces, reactions: Reactions, *, lang: Language = "en") -> Figure:
    """Draw what a cue does to the priority of its side, and below it how fast reactions are.

    Args:
        traces: From `orienting.traces`.
        reactions: From `orienting.react`, of the same cue.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these.

    Examples:
        >>> from attncues.diagrams import draw_orienting
        >>> from attncues.orienting import react, traces
        >>> cue = {"flash": True, "validity": 0.5}
        >>> figure = draw_orienting(traces(800, **cue), react(range(0, 801, 100), **cue))
    """
    words = words_in(lang, ORIENTING)
    last = reactions.delays[-1]
    with look():
        figure = Figure(figsize=(COLUMN, 3.5))
        above = figure.add_axes((0.17, 0.67, 0.6, 0.3))
        priority = traces.priority[::DRAWN]
        times = [DRAWN * STEP * number for number in range(len(priority))]
        parts = {"reflex": (GOLD, traces.reflex), "goal": (BLUE, traces.goal)}
        parts["inhibition"] = (GREY, -traces.inhibition)
        for name, (colour, whole) in parts.items():
            trace = whole[::DRAWN]
            if trace.any():
                above.fill_between(times, trace.tolist(), color=colour, alpha=0.35, linewidth=0)
                if name == "reflex":
                    at, height = int(trace.argmax()), trace.max().item()
                else:  # in the area where it is wide, below the line of priority
                    at = len(times) * (6 if name == "goal" else 4) // 10
                    height = trace[at].item()
                    height = 0.4 * height if name == "goal" else height - 0.2
                _label(above, words[name], times[at], height)
        above.plot(times, priority.tolist(), color=INK, linewidth=1.6)
        _label(above, words["sum"], last, priority[-1].item())
        above.axhline(0, color=INK, linewidth=0.5)
        above.set(xlim=(0, last), ylim=(-0.75, 1.1), xticks=[], yticks=[0])
        above.set_ylabel(words["priority"])

        below = figure.add_axes((0.17, 0.13, 0.6, 0.48))
        lines = {"invalid": (BLUE, "s--", reactions.invalid), "valid": (RED, "o-", reactions.valid)}
        below.axhline(reactions.neutral, color=GREY, linewidth=4, alpha=0.35)
        ends = {name: line[-1] for name, (_, _, line) in lines.items()}
        ends["neutral"] = reactions.neutral
        for colour, dashes, line in lines.values():
            below.plot(reactions.delays, line, dashes, color=colour, markersize=4, clip_on=False)
        lowest = -float("inf")
        for name, end in sorted(ends.items(), key=lambda one: one[1]):
            lowest = max(end, lowest + 11)
            _label(below, words[name], last, lowest)
        below.set(xlim=(0, last), ylim=(265, 365), xlabel=words["delay"])
        below.set_ylabel(words["reaction"])
        for axes in (above, below):
            axes.spines[["top", "right"]].set_visible(False)
    gains = [other - told for told, other in zip(reactions.valid, reactions.invalid, strict=True)]
    figure.title = words["orienting"]
    figure.description = words["orienting story"].format(
        neutral=reactions.neutral,
        gains=words["and"].join(
            words["faster" if round(gain) >= 0 else "slower"].format(
                delay=delay, gain=abs(round(gain))
            )
            for delay, gain in zip(reactions.delays, gains, strict=True)
        ),
    )
    return figure


def _label(axes: Axes, text: str, x: float, y: float) -> None:
    """Write a name beside the point that it names."""
    axes.annotate(text, (x, y), (5, 0), textcoords="offset points", va="center", fontsize=8)


@in_both_languages
def draw_history(
    cup: Sequence[float], book: Sequence[float], task: int, *, lang: Language = "en"
) -> Figure:
    """Draw how the habit of a task outlasts it: the priorities of cup and book, look by look.

    Args:
        cup: The highest priority at the cup at each look.
        book: That at the book.
        task: For so many looks the book was wanted.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, or cup and book differ in looks.

    Examples:
        >>> from attncues.diagrams import draw_history
        >>> figure = draw_history([0.2, 0.6, 1.0], [0.8, 0.7, 0.3], task=1)
    """
    words = words_in(lang, ORIENTING)
    if len(cup) != len(book):
        raise ValueError(f"got {len(cup)} looks for the cup and {len(book)} for the book")
    looks = range(1, len(cup) + 1)
    lasting = sum(of_book > of_cup for of_cup, of_book in list(zip(cup, book, strict=True))[task:])
    with look():
        figure = Figure(figsize=(COLUMN, 2.2))
        axes = figure.add_axes((0.16, 0.21, 0.68, 0.75))
        axes.axvspan(0.5, task + 0.5, color=GREY, alpha=0.18, linewidth=0)
        axes.text((task + 1) / 2, 1.08, words["wanted"], ha="center", va="center", fontsize=8)
        after = (task + 0.5 + len(cup) + 0.5) / 2
        axes.text(after, 1.08, words["not wanted"], ha="center", va="center", fontsize=8)
        for name, colour, dashes, line in (("cup", RED, "-", cup), ("book", INK, "--", book)):
            axes.plot(looks, line, dashes, color=colour, linewidth=1.6)
            _label(axes, words[name], len(cup), line[-1])
        axes.spines[["top", "right"]].set_visible(False)
        axes.set(xlim=(0.5, len(cup) + 0.2), ylim=(0, 1.15), yticks=[0, 0.5, 1])
        axes.set(xlabel=words["look"], ylabel=words["wins"])
    figure.title = words["history"]
    figure.description = words["history story"].format(task=Count(task), lasting=Count(lasting))
    return figure
