"""Figures of how long searches take."""

from collections.abc import Mapping

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
from ..words import Count
from ..words.gaze import WORDS
from .artists import label_axes
from .telling import sentences


@in_both_languages
def draw_searches(searches: Mapping[str, Mapping[int, float]], *, lang: Language = "en") -> Figure:
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
    words = words_in(lang, WORDS)
    looks = {"feature": (INK, "o-", 4), "conjunction": (RED, "s-", 5), "guided": (BLUE, "D:", 9)}
    if not searches or not set(searches) <= set(looks):
        raise ValueError(
            f"searches are named {', '.join(looks)}; got {', '.join(searches) or 'none'}"
        )
    searches = {name: dict(sorted(counts.items())) for name, counts in searches.items()}
    with look():
        figure = Figure(figsize=(COLUMN, 2.9))
        axes = figure.add_axes((0.13, 0.16, 0.84, 0.81))
        items = sorted({number for counts in searches.values() for number in counts})
        chance = [(number + 1) / 2 for number in items]
        axes.plot(items, chance, color=GREY, linewidth=5, alpha=0.35, label=words["chance"])
        for name, counts in searches.items():
            colour, line, size = looks[name]  # the guided one is large and hollow: others lie in it
            numbers, fixations = list(counts), list(counts.values())
            axes.plot(
                numbers,
                fixations,
                line,
                color=colour,
                markersize=size,
                markerfacecolor="none" if name == "guided" else colour,
                label=words[name],
            )
        axes.legend(frameon=False, fontsize=8, loc="upper left")
        label_axes(axes, words["number"], words["fixations"])
        axes.set(xticks=items, ylim=(0, None))
    figure.title = words["searches"]
    told = [
        words["counts"].format(
            name=words[name],
            counts=words["and"].join(
                words["count"].format(items=Count(number), fixations=count)
                for number, count in counts.items()
            ),
        )
        for name, counts in searches.items()
    ]
    figure.description = sentences(words, *told, words["chance line"])
    return figure
