"""Heatmaps of attention weights that cannot mislead, at any size.

They share one scale and one colour bar unless the caller says otherwise, and then the figure
says so. A figure is planned first (`plan`); it is painted, described and made readable from
that plan alone.
"""

from collections.abc import Sequence
from typing import Any

from matplotlib.colors import Colormap, Normalize

from ..showing import show
from ..style import Figure, Language, in_both_languages
from .description import describe
from .grid import Choice
from .labels import Titles
from .painting import paint
from .plan import REDS, Scale, decide
from .reading import reader_of
from .scales import NormName

__all__ = ["describe_heatmaps", "draw_heatmaps", "show_heatmaps"]


def show_heatmaps(
    matrices: Any,
    xlabel: str,
    ylabel: str,
    titles: Titles | None = None,
    figsize: tuple[float, float] | None = (2.5, 2.5),
    cmap: str | Colormap = REDS,
    **options: Any,
) -> None:
    """Show heatmaps of matrices: in a notebook below the cell, in a script in a window.

    Takes every call of the function of that name in *Dive into Deep Learning*. A script
    without a screen shows nothing; to keep a figure, use `draw_heatmaps` and `savefig`.

    Args:
        matrices: As in `draw_heatmaps`.
        xlabel: The label of the keys.
        ylabel: The label of the queries.
        titles: As in `draw_heatmaps`.
        figsize: Width and height in inches that the figure may take.
        cmap: As in `draw_heatmaps`.
        **options: Handed on to `draw_heatmaps`.

    Raises:
        TypeError: As `draw_heatmaps`.
        ValueError: As `draw_heatmaps`.

    Examples:
        >>> import torch
        >>> from attncues import show_heatmaps
        >>> weights = torch.eye(10).reshape(1, 1, 10, 10)
        >>> show_heatmaps(weights, xlabel="Keys", ylabel="Queries")
    """
    show(draw_heatmaps(matrices, xlabel, ylabel, titles, figsize, cmap, **options))


@in_both_languages
def draw_heatmaps(
    matrices: Any,
    xlabel: str = "Keys",
    ylabel: str = "Queries",
    titles: Titles | None = None,
    figsize: tuple[float, float] | None = None,
    cmap: str | Colormap = REDS,
    *,
    scale: Scale = "shared",
    vmin: float | None = None,
    vmax: float | None = None,
    norm: NormName | Normalize = "linear",
    mask: Any = None,
    batch: int | None = None,
    layer: Choice | None = None,
    head: Choice | None = None,
    xticklabels: Sequence[str] | None = None,
    yticklabels: Sequence[str] | None = None,
    lang: Language = "en",
) -> Figure:
    """Draw matrices as a grid of heatmaps.

    All panels share one scale and one colour bar, so a colour means the same number
    everywhere. The scale includes zero, so colour means amount. Values are written into
    the cells where there is room.

    Args:
        matrices: Shape (rows, columns, queries, keys); three dimensions are one row of
            panels, two are one panel. Real numbers as a tensor of any device and
            precision, an array, a data frame, nested lists, or what transformer libraries
            return: a tuple of per-layer tensors of shape (batch, heads, queries, keys), or
            such a tuple for each step of generation. Steps are joined, and keys that a step
            could not see are masked. A single row of many panels wraps.
        xlabel: The label of the keys.
        ylabel: The label of the queries.
        titles: One title for each column of panels, for each row, or for each panel. If not
            given, layers and heads are named where they are known.
        figsize: Width and height in inches that the figure may take; cells are square, so
            it takes less of one of them. Chosen from the grid if not given.
        cmap: A colormap of matplotlib or its name. If not given, signed values get a
            diverging one with zero in the middle, others `Reds`.
        scale: "shared", or "panel" for a scale and a bar for each panel.
        vmin: The lower end of a linear scale.
        vmax: The upper end.
        norm: "linear", "log", "percentile" (colour by rank), or a norm of matplotlib.
        mask: Boolean, broadcasts to the matrices; `True` marks a cell that counts, as in
            `attention_weights`. Other cells are drawn in a colour of their own. For layers
            it may be the padding mask of the tokenizer, of shape (batch, keys).
        batch: Of layers of a batch, the number of one of it.
        layer: Of the rows, which are layers, the number of one, or "mean" for their mean.
        head: Of the columns, which are heads, the number of one, or "mean".
        xticklabels: A name for each key, such as its token; a data frame brings its own. Long
            names are shortened.
        yticklabels: A name for each query.
        lang: The language of notes and of the description, "en" or "zh". In Chinese, labels
            that the package knows, such as "Keys", are translated.

    Returns:
        A figure that the caller owns; it is registered nowhere and needs no closing.

    Raises:
        TypeError: The matrices are not real numbers, or the mask is not boolean.
        ValueError: A shape, a number of titles or labels, an end of the scale, a size or a
            name does not fit; the message says what was given and what is accepted.

    Examples:
        >>> import torch
        >>> from attncues import draw_heatmaps
        >>> draw = torch.Generator().manual_seed(0)
        >>> heads = torch.softmax(torch.randn(2, 4, 10, 10, generator=draw), dim=-1)
        >>> figure = draw_heatmaps(heads, titles=[f"Head {head}" for head in range(4)])
        >>> figure.savefig("heads.svg")
        >>> figure = draw_heatmaps(heads, scale="panel", mask=torch.ones(10, 10).tril().bool())
    """
    plan = decide(
        matrices,
        xlabel,
        ylabel,
        titles,
        figsize,
        cmap,
        scale=scale,
        vmin=vmin,
        vmax=vmax,
        norm=norm,
        mask=mask,
        batch=batch,
        layer=layer,
        head=head,
        xticklabels=xticklabels,
        yticklabels=yticklabels,
        lang=lang,
    )
    figure = paint(plan)
    figure.title = plan.title
    figure.description = describe(plan)
    figure.explorer = reader_of(plan)
    return figure


def describe_heatmaps(
    matrices: Any,
    xlabel: str = "Keys",
    ylabel: str = "Queries",
    titles: Titles | None = None,
    *,
    scale: Scale = "shared",
    mask: Any = None,
    batch: int | None = None,
    layer: Choice | None = None,
    head: Choice | None = None,
    xticklabels: Sequence[str] | None = None,
    yticklabels: Sequence[str] | None = None,
    lang: Language = "en",
) -> str:
    r"""Say in a few sentences what `draw_heatmaps` draws of the same arguments.

    Figures carry this text as their description. See `draw_heatmaps` for the arguments.

    Returns:
        Plain text: the grid, the sizes, the range, what is masked or not finite, and where
            the rows are strongest. Rows and columns are counted from zero.

    Raises:
        TypeError: As `draw_heatmaps`.
        ValueError: As `draw_heatmaps`.

    Examples:
        >>> import torch
        >>> from attncues import describe_heatmaps
        >>> print(describe_heatmaps(torch.eye(3)).replace(". ", ".\n"))
        One heatmap: 3 rows (Queries) by 3 columns (Keys).
        Values run from 0 to 1.
        Each row is strongest at the column of its own number.
    """
    plan = decide(
        matrices,
        xlabel,
        ylabel,
        titles,
        scale=scale,
        mask=mask,
        batch=batch,
        layer=layer,
        head=head,
        xticklabels=xticklabels,
        yticklabels=yticklabels,
        lang=lang,
    )
    return describe(plan)
