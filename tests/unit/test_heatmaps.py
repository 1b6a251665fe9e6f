"""One scale, one bar, the right numbers in the right places."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.image import AxesImage
from numpy.typing import NDArray

from attncues import draw_heatmaps, show_heatmaps
from attncues.style import Figure


def image(figure: Figure) -> AxesImage:
    (only,) = figure.axes[0].images
    return only


def drawn(figure: Figure) -> NDArray[np.float64]:
    """The canvas that the panels stand on, NaN between them."""
    array: Any = image(figure).get_array()
    return np.ma.filled(np.ma.asarray(array, dtype=np.float64), np.nan)


def cells(figure: Figure) -> NDArray[np.float64]:
    """The drawn values, without the gaps, in reading order."""
    canvas = drawn(figure)
    return canvas[~np.isnan(canvas)]


def labels(axes: Axes) -> tuple[list[str], list[str]]:
    return (
        [text.get_text() for text in axes.get_xticklabels()],
        [text.get_text() for text in axes.get_yticklabels()],
    )


@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 5), (4, 2, 3, 5), (1, 1, 1, 1)])
def test_every_value_is_drawn(shape: tuple[int, ...]) -> None:
    values = torch.arange(1, 1 + int(np.prod(shape)), dtype=torch.float64).reshape(shape)
    assert sorted(cells(draw_heatmaps(values))) == sorted(values.flatten().tolist())


def test_panels_stand_in_their_rows_and_columns() -> None:
    values = torch.arange(2 * 3).reshape(2, 3, 1, 1).expand(2, 3, 4, 4)
    array = drawn(draw_heatmaps(values))
    rows = [row[~np.isnan(row)] for row in array]
    seen = [list(dict.fromkeys(row)) for row in rows if row.size]
    assert list(map(list, dict.fromkeys(map(tuple, seen)))) == [[0, 1, 2], [3, 4, 5]]


def test_all_panels_share_one_scale_that_starts_at_zero() -> None:
    figure = draw_heatmaps(torch.stack([torch.full((2, 2), 0.5), torch.full((2, 2), 8.0)]))
    assert image(figure).get_clim() == (0.0, 8.0)
    bar = figure.axes[1]
    assert bar.get_ylim() == (0.0, 8.0)
    assert len(figure.axes) == 2


def test_negative_values_keep_zero_on_the_scale() -> None:
    assert image(draw_heatmaps([[-2.0, -1.0]])).get_clim() == (-2.0, 0.0)


def test_nothing_but_zeros_still_has_a_scale() -> None:
    assert image(draw_heatmaps(torch.zeros(2, 2))).get_clim() == (0.0, 1.0)


@pytest.mark.parametrize("keys", [1, 4, 10, 37, 150, 1000])
def test_ticks_are_whole_and_do_not_collide(keys: int) -> None:
    figure = draw_heatmaps(torch.ones(4, keys))
    axes = figure.axes[0]
    texts = [text for text in axes.get_xticklabels() if text.get_text()]
    assert [int(text.get_text()) for text in texts] == [round(x) for x in axes.get_xticks()]
    boxes = [text.get_window_extent() for text in texts]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_titles_and_labels() -> None:
    figure = draw_heatmaps(torch.ones(2, 3, 4, 4), "to", "from", ["a", "b", "c"])
    axes = figure.axes[0]
    assert (axes.get_xlabel(), axes.get_ylabel()) == ("to", "from")
    assert [text.get_text() for text in axes.texts] == ["a", "b", "c"]


@pytest.mark.parametrize("shape", [(1, 1, 10, 10), (2, 4, 10, 10), (12, 12, 8, 8), (1, 1, 2, 60)])
@pytest.mark.parametrize("figsize", [None, (2.5, 2.5), (7.0, 3.5)])
def test_nothing_leaves_the_figure(shape: tuple[int, ...], figsize: Any) -> None:
    figure = draw_heatmaps(torch.ones(shape), titles=["t"] * shape[1], figsize=figsize)
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0) >= -0.01
    assert box.x1 <= width + 0.01
    assert box.y1 <= height + 0.01
    if figsize:
        assert (width, height) <= figsize


def test_what_is_given_is_left_as_it_was() -> None:
    values = torch.rand(3, 3, requires_grad=True)
    before = values.detach().clone()
    draw_heatmaps(values)
    array = values.detach().numpy()
    draw_heatmaps(array)
    assert torch.equal(values, before)
    assert values.requires_grad


def test_show_heatmaps_takes_the_textbook_call(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Figure] = []
    monkeypatch.setattr("IPython.display.display", shown.append)
    identity = torch.eye(10).reshape((1, 1, 10, 10))
    show_heatmaps(identity, xlabel="Keys", ylabel="Queries")
    (figure,) = shown
    assert cells(figure).sum() == 10


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: draw_heatmaps(torch.ones(3)), ValueError, r"must have the shape .* got \(3,\)"),
        (lambda: draw_heatmaps(torch.ones(1, 1, 1, 1, 1)), ValueError, "must have the shape"),
        (lambda: draw_heatmaps(torch.ones(0, 3)), ValueError, r"no side of zero, got \(0, 3\)"),
        (lambda: draw_heatmaps([[1.0], [1.0, 2.0]]), TypeError, "rectangular"),
        (lambda: draw_heatmaps([["a"]]), TypeError, "numbers .* got a list"),
        (
            lambda: draw_heatmaps(torch.ones(2, 2), titles=["a", "b"]),
            ValueError,
            "panels: 1, got 2",
        ),
        (lambda: draw_heatmaps(torch.ones(2, 2), figsize=(1, 1)), ValueError, "leaves no room"),
    ],
)
def test_what_cannot_be_drawn_is_named(call: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        call()
