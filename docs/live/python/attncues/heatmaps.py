"""Heatmaps of live cells: what they show, for the page to draw as it draws all heatmaps."""

import torch
from torch import NOT_HERE, NotHereError, Tensor

shown = []
"""Heatmaps that the cell has shown so far."""


class Figure:
    """A heatmap as data."""

    def __init__(self, data):
        self.data = data


def draw_heatmaps(
    matrices,
    xlabel="Keys",
    ylabel="Queries",
    titles=None,
    figsize=None,
    cmap="Reds",
    scale="shared",
    vmin=None,
    vmax=None,
    norm="linear",
    mask=None,
    xticklabels=None,
    yticklabels=None,
    **others,
):
    """Say what a heatmap of (..., queries, keys) shows: see `attncues.draw_heatmaps`."""
    for name in others:
        raise NotHereError(NOT_HERE.format("the argument " + name + " of heatmaps"))
    if norm != "linear" or cmap != "Reds":
        raise NotHereError(NOT_HERE.format("another norm or cmap of heatmaps"))
    if scale not in ("shared", "panel"):
        raise ValueError("scale is %r; accepted are 'shared' and 'panel'" % scale)
    if isinstance(matrices, (list, tuple)):
        matrices = torch.tensor(matrices)
    if not isinstance(matrices, Tensor):
        raise TypeError("matrices must be a tensor, got " + type(matrices).__name__)
    shape = tuple(matrices.shape)
    if not 2 <= len(shape) <= 4:
        raise ValueError(
            "matrices must have shape (queries, keys), (columns, queries, keys) or "
            "(rows, columns, queries, keys), got %s" % (shape,)
        )
    if not matrices.numel():
        raise ValueError("matrices of shape %s have no cells to draw" % (shape,))
    rows, columns, queries, keys = (1,) * (4 - len(shape)) + shape
    for name, labels, count in (
        ("xticklabels", xticklabels, keys),
        ("yticklabels", yticklabels, queries),
    ):
        if labels is not None and len(labels) != count:
            raise ValueError("%s needs %d names, got %d" % (name, count, len(labels)))
    if titles is not None and len(titles) not in (columns, rows * columns):
        raise ValueError("titles must be %d, one for each column, got %d" % (columns, len(titles)))
    values = [[_number(one) for one in panel] for panel in _panels(matrices, queries * keys)]
    if mask is not None:
        hidden = _panels(mask.expand(matrices.shape), queries * keys)
        values = [
            [one if seen else None for one, seen in zip(panel, flags)]
            for panel, flags in zip(values, hidden)
        ]
    return Figure(
        {
            "shape": [queries, keys],
            "values": values,
            "grid": [rows, columns],
            "xlabel": str(xlabel),
            "ylabel": str(ylabel),
            "titles": None if titles is None else [str(one) for one in titles],
            "columns": None if xticklabels is None else [str(one) for one in xticklabels],
            "rows": None if yticklabels is None else [str(one) for one in yticklabels],
            "scale": scale,
            "vmin": vmin,
            "vmax": vmax,
        }
    )


def show_heatmaps(
    matrices, xlabel, ylabel, titles=None, figsize=(2.5, 2.5), cmap="Reds", **options
):
    """Show a heatmap below the cell: see `attncues.show_heatmaps`."""
    shown.append(draw_heatmaps(matrices, xlabel, ylabel, titles, figsize, cmap, **options).data)


def _panels(tensor, size):
    data = tensor.flatten().tolist()
    return [data[start : start + size] for start in range(0, len(data), size)]


def _number(value):
    if isinstance(value, (bool, int)):
        return int(value)
    if value != value:
        return "NaN"
    if value in (torch.inf, -torch.inf):
        return "∞" if value > 0 else "−∞"
    return value
