"""Heatmaps that mislead are drawn as they often are, and say what they do."""

import pytest
import torch

from attncues.diagrams import draw_stretched
from attncues.style import svg

PAIR = torch.tensor([[[0.1, 0.2]], [[0.1, 0.9]]], dtype=torch.float64)


def test_each_panel_has_its_own_range_and_only_the_last_a_bar() -> None:
    figure = draw_stretched(PAIR, titles=["weak", "strong"])
    one, other, bar = figure.axes
    assert [axes.get_title() for axes in (one, other)] == ["weak", "strong"]
    assert [axes.images[0].get_clim() for axes in (one, other)] == [(0.1, 0.2), (0.1, 0.9)]
    assert bar.get_ylim() == (0.1, 0.9)


def test_a_cell_without_a_number_is_left_out_of_the_range() -> None:
    figure = draw_stretched([[[0.1, float("nan")], [0.5, 0.9]]])
    assert figure.axes[0].images[0].get_clim() == (0.1, 0.9)
    assert "from 0.1 to 0.9" in figure.description


def test_it_says_what_it_does() -> None:
    assert draw_stretched(PAIR).description == (
        "2 panels of 1 row by 2 columns, each stretched to its own range. "
        "The only colour bar, from 0.1 to 0.9, is that of the last panel."
    )
    assert draw_stretched(PAIR[:1].transpose(1, 2)).description == (
        "1 panel of 2 rows by 1 column, stretched to its own range. "
        "The only colour bar, from 0.1 to 0.2, is that of the panel."
    )


def test_a_page_on_dark_paper_can_turn_its_cells_and_its_bar() -> None:
    written = svg(draw_stretched(PAIR))
    assert written.count('class="reds"') == written.count("<image") == 3


def test_it_speaks_chinese() -> None:
    written = svg(draw_stretched(PAIR, ["high temperature", "low temperature"], lang="zh"))
    assert "高温" in written
    assert "2 幅热图，每幅 1 行 2 列" in written


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="got 2 rows of 1 panels"):
        draw_stretched(PAIR[:, None])
    with pytest.raises(ValueError, match="2 panels and 1 titles"):
        draw_stretched(PAIR, ["alone"])
