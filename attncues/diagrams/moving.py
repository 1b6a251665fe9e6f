"""How much a model's output moves when the weights of single heads are changed."""

from collections.abc import Mapping

from torch import Tensor

from ..style import BLUE, COLUMN, GOLD, RED, Figure, Language, in_both_languages, look, words_in
from ..words.diagrams import MOVES


@in_both_languages
def draw_moves(peaks: Tensor, moves: Mapping[str, Tensor], *, lang: Language = "en") -> Figure:
    """Draw how much the output moves with each head, beside how strong its weights are.

    Args:
        peaks: The largest weight of a row, averaged over the rows of each head: shape (heads,).
        moves: How much probability goes elsewhere when a head is "silenced", "flattened" or
            "permuted": shape (heads,) for some of these.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` or a name is none of these, or there is not a number for each head.

    Examples:
        >>> import torch
        >>> from attncues.diagrams import draw_moves
        >>> figure = draw_moves(torch.tensor([0.4, 0.9]), {"silenced": torch.tensor([0.2, 0.0])})
    """
    words = words_in(lang, MOVES)
    looks = {"silenced": (RED, "o"), "flattened": (BLUE, "s"), "permuted": (GOLD, "^")}
    if not moves or not set(moves) <= set(looks):
        raise ValueError(f"moves are named {', '.join(looks)}; got {', '.join(moves) or 'none'}")
    if peaks.dim() != 1 or any(each.shape != peaks.shape for each in moves.values()):
        raise ValueError(f"a number is needed for each of {peaks.numel()} heads")
    told = []
    with look():
        figure = Figure(figsize=(COLUMN, 2.9))
        axes = figure.add_axes((0.16, 0.17, 0.8, 0.79))
        for name, each in moves.items():
            colour, marker = looks[name]
            axes.plot(
                peaks.tolist(),
                each.tolist(),
                marker,
                color=colour,
                markersize=4,
                alpha=0.8,
                label=words[name],
            )
            told.append(
                words["each"].format(
                    name=words[name],
                    count=len(each),
                    least=each.min().item(),
                    most=each.max().item(),
                )
            )
        axes.legend(frameon=False, fontsize=8)
        axes.spines[["top", "right"]].set_visible(False)
        axes.set(xlabel=words["peak"], ylabel=words["moved"])
        axes.set_xlim(0, 1.03)
        axes.set_ylim(bottom=0)
    figure.title = words["title"]
    figure.description = words["and"].join(told)
    return figure
