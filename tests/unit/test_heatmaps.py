"""What a heatmap promises: every value in its place, one scale, words for what it shows."""

import re
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise
from typing import Any
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from matplotlib import pyplot
from matplotlib.colors import BoundaryNorm, LogNorm, NoNorm, Normalize, PowerNorm, SymLogNorm
from numpy.typing import NDArray

from attncues import describe_heatmaps, draw_heatmaps, show_heatmaps
from attncues.heatmaps.layout import SMALLEST_DOT
from attncues.heatmaps.scales import PercentileNorm, unlike
from attncues.style import Figure, ink_on, svg
from attncues.style.images import CellImage
from tests.conftest import thorough

LAYERS = tuple(torch.softmax(torch.arange(64.0).sin().reshape(1, 4, 4, 4) * n, -1) for n in (1, 2))
"""What models return: a tensor for each layer."""
LAYERS_OF_TWO = tuple(layer.repeat(2, 1, 1, 1) for layer in LAYERS)


def images(figure: Figure) -> list[CellImage]:
    return [image for image in figure.axes[0].images if isinstance(image, CellImage)]


def values(image: CellImage) -> NDArray[np.float64]:
    array: Any = image.get_array()
    return np.ma.filled(np.ma.asarray(array, dtype=np.float64), np.nan)


def texts(figure: Figure) -> list[str]:
    axes = figure.axes[0]
    return [text.get_text() for text in [*axes.texts, *figure.texts]]


def legend(figure: Figure) -> list[str]:
    return [text.get_text() for legend in figure.legends for text in legend.get_texts()]


def limits(figure: Figure) -> tuple[float, float]:
    low, high = images(figure)[0].get_clim()
    assert low is not None
    assert high is not None
    return low, high


# What is accepted.

WEIGHTS = torch.softmax(torch.arange(24.0).reshape(2, 3, 2, 2).cos(), dim=-1)


@pytest.mark.parametrize(
    "given_as",
    [
        lambda w: w,
        lambda w: w.double(),
        lambda w: w.bfloat16(),
        lambda w: w.half(),
        lambda w: w.clone().requires_grad_(),
        lambda w: w.transpose(-2, -1).contiguous().transpose(-2, -1),
        lambda w: w.numpy(),
        lambda w: w.tolist(),
        lambda w: [list(row) for row in w],
        lambda w: [[panel.requires_grad_() for panel in row] for row in w.clone()],
        lambda w: tuple(row[None] for row in w),
        lambda w: torch.nn.Parameter(w),
        lambda w: np.ma.asarray(w.numpy()),
        lambda w: np.asfortranarray(w.numpy()),
    ],
)
def test_the_same_weights_in_any_form_are_the_same_figure(given_as: Callable[..., Any]) -> None:
    expected = images(draw_heatmaps(WEIGHTS))
    drawn = images(draw_heatmaps(given_as(WEIGHTS)))
    assert len(drawn) == len(expected) == 2 * 3 + 1
    for one, other in zip(drawn, expected, strict=True):
        np.testing.assert_allclose(values(one), values(other), atol=0.01)


@pytest.mark.parametrize(
    "dtype", [torch.uint8, torch.int8, torch.int16, torch.int32, torch.int64, torch.bool]
)
def test_whole_numbers_and_truth_values_are_drawn(dtype: torch.dtype) -> None:
    figure = draw_heatmaps(torch.eye(3).to(dtype))
    assert (values(images(figure)[0]) == np.eye(3)).all()


@pytest.mark.parametrize("shape", [(3, 5), (2, 3, 5), (4, 2, 3, 5), (1, 1, 1, 1), (1, 1, 1, 9)])
def test_every_panel_stands_in_its_place(shape: tuple[int, ...]) -> None:
    given = np.arange(1, 1 + int(np.prod(shape)), dtype=float).reshape(shape)
    *panels, _bar = images(draw_heatmaps(given))
    grid = given.reshape((1,) * (4 - len(shape)) + shape)
    assert len(panels) == grid.shape[0] * grid.shape[1]
    for image, matrix in zip(panels, grid.reshape(-1, *grid.shape[2:]), strict=True):
        assert (values(image) == matrix).all()
    lefts = [image.get_extent()[0] for image in panels]
    tops = [image.get_extent()[3] for image in panels]
    columns = grid.shape[1]
    assert all(a < b for a, b in pairwise(lefts[:columns]))
    assert all(a < b for a, b in pairwise(tops[::columns]))


def test_cells_are_square() -> None:
    left, right, lower, upper = images(draw_heatmaps(torch.ones(4, 9)))[0].get_extent()
    assert (right - left) / 9 == pytest.approx((lower - upper) / 4)


class OwnArray:
    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[Any]:
        return np.eye(2)


def test_whatever_converts_to_an_array_is_drawn() -> None:
    assert (values(images(draw_heatmaps(OwnArray()))[0]) == np.eye(2)).all()


@pytest.mark.parametrize(
    ("matrices", "error", "message"),
    [
        (torch.ones(3), ValueError, r"shape \(3,\); accepted are"),
        (torch.ones(1, 1, 1, 2, 2), ValueError, r"shape \(1, 1, 1, 2, 2\); accepted are"),
        (torch.ones(0, 3), ValueError, r"side of zero in \(0, 3\)"),
        ([], ValueError, r"shape \(0,\)"),
        ([[1.0], [1.0, 2.0]], ValueError, "ragged list"),
        ([torch.ones(2, 2), torch.ones(3, 3)], ValueError, "differ in shape"),
        ([["a"]], TypeError, "list of <U1, not of real numbers"),
        (None, ValueError, 'attn_implementation="eager"'),
        ((), ValueError, "output_attentions=True"),
        ((None, None), ValueError, "eager"),
        (LAYERS_OF_TWO, ValueError, r"batch of 2.*first with batch=0"),
        ((LAYERS, LAYERS[:1]), ValueError, r"2 steps of generation that differ in layers"),
        (OrderedDict(logits=1, attentions=LAYERS), TypeError, r"such as its \.attentions"),
        ("weights", TypeError, "str of <U7"),
        (torch.ones(2, 2, dtype=torch.complex64), TypeError, "complex64, not of real"),
        (np.ones((2, 2), dtype=complex), TypeError, "complex128, not of real"),
        (torch.eye(3).to_sparse(), TypeError, "sparse_coo; convert it to a dense one"),
        (torch.ones(2, 2, device="meta"), TypeError, "meta device"),
    ],
)
def test_what_cannot_be_drawn_is_named(matrices: Any, error: type[Exception], message: str) -> None:
    with pytest.raises(error, match=message):
        draw_heatmaps(matrices)


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"titles": list("abcd")}, ValueError, "2 × 3 panels, got 4 of them"),
        ({"titles": "abc"}, ValueError, "got 'abc'"),
        ({"titles": [["a", "b", "c"]]}, ValueError, "got 1 of them"),
        ({"xticklabels": ["a"]}, ValueError, "xticklabels needs 2 names, one for each, got 1"),
        ({"yticklabels": "ab"}, ValueError, "yticklabels needs 2 names"),
        ({"cmap": "Redz"}, ValueError, "'Redz', which is no colormap"),
        ({"scale": "row"}, ValueError, "'row'; accepted are 'shared' and 'panel'"),
        ({"norm": "cube"}, ValueError, "'cube'; accepted are"),
        ({"norm": "log", "vmin": 0.1}, ValueError, "vmin and vmax set a linear scale"),
        ({"vmin": 2.0, "vmax": 1.0}, ValueError, "from 2 to 1"),
        ({"vmin": "a"}, ValueError, "vmin must be a finite number, got 'a'"),
        ({"vmax": float("inf")}, ValueError, "vmax must be a finite number"),
        ({"lang": "fr"}, ValueError, "'fr'; accepted are 'en' and 'zh'"),
        ({"titles": 5}, ValueError, "got 5"),
        ({"xticklabels": 5}, ValueError, "xticklabels needs 2 names"),
        ({"figsize": (0.5, 0.5)}, ValueError, "leaves no room"),
        ({"figsize": 3}, ValueError, "width and height in inches, got 3"),
        ({"figsize": (3,)}, ValueError, "width and height in inches"),
        ({"mask": torch.ones(2, 2)}, TypeError, "mask must be boolean .* got float32"),
        ({"mask": torch.ones(1, 2).long()}, TypeError, r"mask\.bool\(\)"),
        ({"mask": np.ones((4, 2), dtype=bool)}, ValueError, r"mask\[:, None, None, :\]"),
        ({"layer": 2}, ValueError, "no layer 2: here are 2"),
        ({"head": -4}, ValueError, "no head -4: here are 3"),
        ({"head": "max"}, TypeError, 'a number or "mean"'),
        ({"layer": True}, TypeError, 'a number or "mean"'),
        ({"mask": np.ones((5, 5), dtype=bool)}, ValueError, r"mask of shape \(5, 5\)"),
    ],
)
def test_an_option_that_does_not_fit_is_named(
    options: dict[str, Any], error: type[Exception], message: str
) -> None:
    with pytest.raises(error, match=message):
        draw_heatmaps(WEIGHTS, **options)


@pytest.mark.thorough
@given(
    hnp.arrays(
        dtype=st.sampled_from([np.float32, np.float64, np.int64, np.bool_, np.float16]),
        shape=hnp.array_shapes(min_dims=2, max_dims=4, max_side=4),
        elements=None,
    ),
    st.sampled_from(["shared", "panel"]),
)
def test_no_input_that_passes_crashes_or_is_changed(array: NDArray[Any], scale: Any) -> None:
    before = array.copy()
    with np.errstate(all="ignore"):
        try:
            figure = draw_heatmaps(array, scale=scale)
        except ValueError as error:  # which says what to do
            most = np.abs(array[np.isfinite(array)].astype(float)).max()
            assert most > 1e300 or 0 < most < 1e-300
            remedy = "divide them by their largest" if most > 1 else "multiply very small values"
            assert remedy in str(error)
            return
        written = svg(figure)
    assert written.startswith("<svg")
    assert figure.description
    np.testing.assert_array_equal(array, before)


# What cannot mislead.


def test_all_panels_share_one_scale_that_starts_at_zero() -> None:
    figure = draw_heatmaps(torch.stack([torch.full((2, 2), 0.5), torch.full((2, 2), 8.0)]))
    assert len({id(image.norm) for image in images(figure)}) == 1
    assert limits(figure) == (0.0, 8.0)
    assert {"0", "8"} <= set(texts(figure))


def test_a_constant_matrix_reads_as_its_value() -> None:
    figure = draw_heatmaps(torch.full((3, 3), 0.1, dtype=torch.float64))
    assert limits(figure) == (0.0, 0.1)
    assert "0.10" in texts(figure)
    assert limits(draw_heatmaps(torch.zeros(2, 2))) == (0.0, 1.0)


def test_signed_values_have_zero_in_the_middle_unless_the_caller_chose() -> None:
    figure = draw_heatmaps([[-1.0, 3.0]])
    assert limits(figure) == (-3.0, 3.0)
    middle = images(figure)[0].cmap(0.5)
    assert min(middle[:3]) > 0.9
    assert limits(draw_heatmaps([[-1.0, 3.0]], cmap="Blues")) == (-1.0, 3.0)
    assert limits(draw_heatmaps([[-1.0, 3.0]], cmap="Reds")) == (-1.0, 3.0)


def test_the_ends_of_the_scale_can_be_set() -> None:
    assert limits(draw_heatmaps([[0.2, 0.4]], vmin=0.1, vmax=1)) == (0.1, 1.0)
    assert limits(draw_heatmaps([[0.2, 0.4]], vmax=1)) == (0.0, 1.0)
    assert limits(draw_heatmaps([[-0.2, 0.4]], vmax=2)) == (-2.0, 2.0)


@pytest.mark.parametrize("vmin", [None, -0.5])
@pytest.mark.parametrize("vmax", [None, 0.2, 5.0])
def test_zero_stays_white_whatever_the_ends(vmin: float | None, vmax: float | None) -> None:
    norm: Any = images(draw_heatmaps([[-1.0, 3.0]], vmin=vmin, vmax=vmax))[0].norm
    assert float(norm(0.0)) == pytest.approx(0.5)


def test_values_beyond_the_ends_and_a_start_above_zero_are_noted() -> None:
    figure = draw_heatmaps([[0.1, 0.9]], vmin=0.3, vmax=0.5)
    assert "The scale starts at 0.3, not at zero." in texts(figure)
    assert any(text.startswith("Values beyond the ends") for text in texts(figure))
    assert not any("beyond" in text for text in texts(draw_heatmaps([[0.1, 0.9]], vmax=1)))


@pytest.mark.parametrize("norm", [BoundaryNorm([0, 1, 2], 2), NoNorm()])
def test_a_norm_without_a_bar_is_refused(norm: Normalize) -> None:
    with pytest.raises(ValueError, match="no inverse to draw a bar from"):
        draw_heatmaps([[0.5, 1.5]], norm=norm)


def test_an_end_that_is_no_number_is_named_for_signed_values_too() -> None:
    end: Any = "a"
    with pytest.raises(ValueError, match="vmin must be a finite number, got 'a'"):
        draw_heatmaps([[-1.0, 1.0]], vmin=end)


def test_other_norms_are_named() -> None:
    assert "scale: SymLogNorm" in texts(draw_heatmaps([[-1.0, 100.0]], norm=SymLogNorm(0.1)))
    with pytest.raises(ValueError, match="no place for -1"):
        draw_heatmaps([[-1.0, 1.0]], norm=LogNorm())


def test_equal_values_share_the_middle_of_their_ranks() -> None:
    norm = PercentileNorm(np.r_[np.zeros(50), np.linspace(0.01, 1, 50)])
    assert float(norm(0.0)) == 0
    assert float(norm(0.5)) == pytest.approx(0.68, abs=0.03)


def test_a_rare_odd_cell_of_a_large_matrix_is_seen() -> None:
    given = torch.zeros(2000, 2000)
    given[5, 5] = float("nan")
    figure = draw_heatmaps(given)
    assert legend(figure) == ["NaN"]
    assert np.isfinite(values(images(figure)[1])).sum() == 1


@pytest.mark.parametrize(
    ("given", "written"),
    [(1e-9, "1e−09"), (-0.001, "−0.001"), (0.25, "0.25"), (123456.7, "1.2e+05"), (7.0, "7")],
)
def test_written_values_can_be_told_from_zero(given: float, written: str) -> None:
    assert written in texts(draw_heatmaps([[given, 0.0]]))


def test_a_scale_for_each_panel_says_so_and_has_a_bar_each() -> None:
    figure = draw_heatmaps(torch.tensor([[[[1.0]], [[10.0]]]]), scale="panel")
    assert "Each panel has a scale of its own." in texts(figure)
    one, ten, *bars = images(figure)
    assert len(bars) == 2
    assert [image.get_clim() for image in (one, ten)] == [(0.0, 1.0), (0.0, 10.0)]
    written = list(texts(figure))  # zero on both bars, each other end in a cell and on its bar
    assert [written.count(each) for each in ("0", "1", "10")] == [2, 2, 2]
    assert "scale of its own" in figure.description


def test_a_log_scale_says_so_and_shows_zero_apart() -> None:
    figure = draw_heatmaps([[0.0, 0.001], [0.1, 1.0]], norm="log")
    assert isinstance(images(figure)[0].norm, LogNorm)
    assert limits(figure) == (0.001, 1.0)
    assert "log scale" in texts(figure)
    assert {"0.001", "0.01", "0.1", "1"} <= set(texts(figure))
    assert legend(figure) == ["0, not on a log scale"]
    with pytest.raises(ValueError, match="no place for -1"):
        draw_heatmaps([[-1.0, 1.0]], norm="log")


def test_colour_by_percentile_says_so() -> None:
    given = np.arange(100.0).reshape(10, 10) ** 3
    figure = draw_heatmaps(given, norm="percentile")
    assert "colour by percentile" in texts(figure)
    norm = images(figure)[0].norm
    assert isinstance(norm, PercentileNorm)
    assert float(norm(np.median(given))) == pytest.approx(0.5, abs=0.01)
    np.testing.assert_allclose(norm.inverse(norm(given[5])), given[5])


def test_a_norm_of_the_caller_is_copied() -> None:
    norm = PowerNorm(0.5)
    figure = draw_heatmaps([[1.0, 4.0]], norm=norm)
    assert norm.vmax is None
    assert limits(figure) == (1.0, 4.0)


def test_masked_and_odd_cells_are_told_apart_and_named() -> None:
    given = torch.tensor([[0.0, float("nan")], [float("inf"), 1.0]])
    mask = torch.tensor([[True, True], [True, False]])
    figure = draw_heatmaps(given, mask=mask)
    assert legend(figure) == ["masked", "NaN, ∞"]
    assert limits(figure) == (0.0, 1.0)
    panel, special, _bar = images(figure)
    assert np.isnan(values(panel)).tolist() == [[False, True], [True, True]]
    masked, odd = values(special)[1, 1], values(special)[0, 1]
    assert values(special)[1, 0] == odd != masked
    colours = {tuple(special.cmap(special.norm(code))[:3]) for code in (masked, odd)}
    scale = images(figure)[0].cmap(np.linspace(0, 1, 100))[:, :3]
    assert len(colours) == 2
    for colour in colours:
        assert np.linalg.norm(scale - np.array(colour), axis=1).min() > 0.2
    assert "1 of 4 cells are masked (25%)." in figure.description
    assert "2 of 4 cells not finite." in figure.description


def test_a_masked_array_brings_its_mask() -> None:
    figure = draw_heatmaps(np.ma.masked_greater(np.array([[1.0, 5.0]]), 2))
    assert legend(figure) == ["masked"]
    assert limits(figure) == (0.0, 1.0)


@pytest.mark.parametrize("cmap", ["Reds", "Blues", "Greys", "viridis", "RdBu_r", "YlOrBr"])
def test_special_colours_are_unlike_any_colormap(cmap: str) -> None:
    colormap = matplotlib.colormaps[cmap]
    scale = colormap(np.linspace(0, 1, 256))[:, :3]
    for colour in unlike(colormap, 2):
        assert np.linalg.norm(scale - np.array(colour), axis=1).min() > 0.15


# What can be read.


@pytest.mark.parametrize("keys", [1, 4, 10, 37, 150, 1000])
def test_ticks_are_whole_and_do_not_collide(keys: int) -> None:
    axes = draw_heatmaps(torch.ones(4, keys)).axes[0]
    labels = axes.get_xticklabels()
    assert all(text.get_text() == str(int(text.get_text())) for text in labels)
    boxes = [text.get_window_extent() for text in labels]
    assert all(left.x1 < right.x0 for left, right in pairwise(boxes))


def test_tokens_stand_at_their_cells_and_are_thinned_when_they_would_collide() -> None:
    tokens = [f"token{n}" for n in range(60)]
    axes = draw_heatmaps(torch.ones(60, 60), xticklabels=tokens, yticklabels=tokens).axes[0]
    for labels, ticks in (
        (axes.get_xticklabels(), axes.get_xticks()),
        (axes.get_yticklabels(), axes.get_yticks()),
    ):
        names = [text.get_text() for text in labels]
        assert 10 < len(names) < 60
        side = cell_side(axes)
        assert [round(tick / side - 0.5) for tick in ticks] == [tokens.index(n) for n in names]
    boxes = [text.get_window_extent() for text in axes.get_yticklabels()]
    assert all(one.y0 > other.y1 - 1 for one, other in pairwise(boxes))


def cell_side(axes: Any) -> float:
    left, right, *_ = axes.images[0].get_extent()
    return float((right - left) / axes.images[0].get_array().shape[1])


def test_names_of_queries_alone_are_all_shown() -> None:
    axes = draw_heatmaps(torch.ones(8, 8), yticklabels=list("abcdefgh")).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == list("abcdefgh")
    assert len(axes.get_xticklabels()) == 4


def test_a_chinese_label_stands_clear_of_upright_names() -> None:
    """Whatever font a browser takes, a Chinese sign is a square that stands on its line."""
    names = ["报纸", "研究论文", "咖啡杯", "笔记本"]
    written = svg(draw_heatmaps(torch.eye(4), "物体", xticklabels=names, figsize=(2, 2)))
    root = ElementTree.fromstring(written)
    usual = f"font-size:{root.attrib['font-size']}"
    texts = {
        str(text.text).strip(): (float(text.attrib["y"]), f"{text.get('style')};{usual}")
        for text in root.iter("{http://www.w3.org/2000/svg}text")
    }
    size = {name: float(re.findall(r"font-size:([\d.]+)", texts[name][1])[0]) for name in texts}
    end = max(texts[name][0] + len(name) * size[name] for name in names)
    assert texts["物体"][0] - 0.88 * size["物体"] > end + 1


@pytest.mark.parametrize("token", ["\x00", "\n", "\x1b", "\ufffe", "\ud800", "$x$", "<b>", "咖啡"])
@pytest.mark.filterwarnings("error")
def test_any_token_can_be_a_label(token: str) -> None:
    written = svg(draw_heatmaps([[1.0, 2.0]], xticklabels=[token, "b"], titles=[token]))
    ElementTree.fromstring(written)


def test_numbers_may_name_keys() -> None:
    numbers: Any = torch.arange(3)
    axes = draw_heatmaps(torch.ones(1, 3), xticklabels=numbers).axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        *(("a\nb", r"a\nb"), ("\t", r"\t"), ("", '""'), ("  ", "␣␣"), ("\x1b", r"\x1b")),
        *(("$5 and $6", "$5 and $6"), ("x" * 60, "x" * 23 + "…")),
    ],
)
@pytest.mark.filterwarnings("error")
def test_a_name_can_be_seen_whatever_it_is(name: str, shown: str) -> None:
    figure = draw_heatmaps([[1.0, 2.0]], xticklabels=[name, "b"])
    figure.savefig(BytesIO(), format="png")
    assert figure.axes[0].get_xticklabels()[0].get_text() == shown
    if len(name) == 60:
        assert callable(figure.explorer)
        assert figure.explorer()[1]["en"]["columns"][0] == name


class Frame:
    """Of a data frame what matters here."""

    def __init__(self, index: list[Any]) -> None:
        self.columns, self.index = ["x", "y"], index

    def to_numpy(self) -> NDArray[np.float64]:
        return np.eye(2)

    def __array__(self, dtype: Any = None, copy: Any = None) -> NDArray[np.float64]:
        return self.to_numpy()


@pytest.mark.parametrize("index", [["a", "b"], [0, 1]])
def test_a_data_frame_brings_its_own_labels(index: list[Any]) -> None:
    axes = draw_heatmaps(Frame(index)).axes[0]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["x", "y"]
    assert [text.get_text() for text in axes.get_yticklabels()] == list(map(str, index))


def words_of(figure: Figure) -> list[str]:
    return [text for text in texts(figure) if text[:1].isalpha()]


def test_layers_and_heads_are_named() -> None:
    heads = [f"Head {n}" for n in range(4)]
    figure = draw_heatmaps(LAYERS)
    assert words_of(figure) == [*heads, "Layer 0", "Layer 1"]
    assert callable(figure.explorer)
    assert figure.explorer()[1]["en"]["panels"][5][0] == "Layer 1, Head 1"
    assert words_of(draw_heatmaps(LAYERS, titles=list("abcd"))) == [*"abcd", "Layer 0", "Layer 1"]
    assert words_of(draw_heatmaps(LAYERS, lang="zh"))[-1] == "第 1 层"


@pytest.mark.parametrize(
    ("choice", "expected", "titles"),
    [
        ({"layer": 1, "head": -1}, LAYERS[1][0, 3], ["Head 3", "Layer 1"]),
        (
            {"layer": "mean", "head": 0},
            (LAYERS[0] + LAYERS[1])[0, 0] / 2,
            ["Head 0", "Mean of 2 layers"],
        ),
        ({"layer": 0, "head": "mean"}, LAYERS[0][0].mean(0), ["Mean of 4 heads", "Layer 0"]),
    ],
)
def test_a_layer_and_a_head_can_be_chosen_or_averaged(
    choice: Any, expected: torch.Tensor, titles: list[str]
) -> None:
    figure = draw_heatmaps(LAYERS, **choice)
    (image,) = images(figure)[:1]
    assert values(image) == pytest.approx(expected.numpy(), abs=1e-6)
    assert words_of(figure) == titles


def test_many_heads_of_one_layer_wrap() -> None:
    heads = torch.eye(3).repeat(12, 1, 1) * torch.arange(1, 13).reshape(-1, 1, 1)
    figure = draw_heatmaps((heads[None],))
    assert figure.description.startswith("2 by 6 heatmaps")
    assert words_of(figure) == [*(f"Head {n}" for n in range(12)), "Layer 0", "Layer 0"]
    assert [values(image).max() for image in images(figure)[:12]] == list(range(1, 13))
    assert draw_heatmaps(heads[:11]).description.startswith("1 by 11 heatmaps")
    hidden = draw_heatmaps((heads[None],), mask=torch.eye(3).bool())
    assert "72 of 108 cells are masked" in hidden.description


def test_rows_of_panels_can_be_titled() -> None:
    figure = draw_heatmaps(WEIGHTS, titles=["Layer 0", "Layer 1"])
    assert words_of(figure) == ["Layer 0", "Layer 1"]
    assert "“Layer " in figure.description


def test_titles_belong_to_columns_or_to_panels() -> None:
    by_column = draw_heatmaps(WEIGHTS, titles=["a", "b", "c"])
    assert [t for t in texts(by_column) if t.isalpha()] == ["a", "b", "c"]
    for titles in (list("abcdef"), [list("abc"), list("def")]):
        by_panel = draw_heatmaps(WEIGHTS, titles=titles)
        assert [t for t in texts(by_panel) if t.isalpha()] == list("abcdef")


@pytest.mark.parametrize("shape", [(1, 8, 10, 10), (12, 12, 6, 6)])
@pytest.mark.parametrize("figsize", [None, (7.0, 5.0)])
def test_titles_never_overlap(shape: tuple[int, ...], figsize: Any) -> None:
    titles = [f"A rather long title, number {n}" for n in range(shape[1])]
    figure = draw_heatmaps(torch.ones(shape), titles=titles, figsize=figsize)
    written = [t for t in figure.axes[0].texts if t.get_text().startswith("A")]
    boxes = [text.get_window_extent() for text in written]
    assert len(boxes) == shape[1]
    beside = [(left, right) for left, right in pairwise(boxes) if left.y0 == right.y0]
    assert beside
    assert all(left.x1 <= right.x0 for left, right in beside)


def test_values_are_written_where_there_is_room_in_ink_that_contrasts() -> None:
    figure = draw_heatmaps([[0.05, 0.95], [0.25, 0.75]])
    written = {t.get_text(): t.get_color() for t in figure.axes[0].texts if "." in t.get_text()}
    assert written["0.05"] == "black"
    assert written["0.95"] == "white"
    small = draw_heatmaps(torch.full((8, 8), 1 / 3), figsize=(2, 2))
    assert not any(text.get_text() == "0.33" for text in small.axes[0].texts)


def test_ink_contrasts_as_far_as_can_be() -> None:
    assert ink_on([(1, 1, 1), (0, 0, 0), (0.9, 0.2, 0.2), (0.3, 0, 0)]) == [
        "black",
        "white",
        "black",
        "white",
    ]


LONG = "A label that is much longer than its panel is wide"


@pytest.mark.parametrize(
    "shape", [(1, 1, 10, 10), (2, 4, 10, 10), (12, 12, 8, 8), (1, 1, 2, 60), (1, 1, 60, 2)]
)
@pytest.mark.parametrize("figsize", [None, (3.5, 3.5), (7.0, 3.5)])
@pytest.mark.parametrize("factor", thorough([1.0, 123456.0, -1500.0, 1e-7], but=[-1500.0]))
@pytest.mark.parametrize("scale", ["shared", "panel"])
def test_nothing_leaves_the_figure(
    shape: tuple[int, ...], figsize: Any, factor: float, scale: Any
) -> None:
    given = factor * torch.linspace(0, 1, int(np.prod(shape))).reshape(shape)
    if scale == "panel" and figsize and shape[1] > 1:
        figsize = (4.0 * shape[1], 2.0 * shape[0])  # bars and their labels take room
    figure = draw_heatmaps(
        given, LONG, LONG, [f"title {n}" for n in range(shape[1])], figsize, scale=scale
    )
    box = figure.get_tightbbox()
    width, height = figure.get_size_inches()
    assert min(box.x0, box.y0) >= -0.02
    assert box.x1 <= width + 0.02
    assert box.y1 <= height + 0.02
    if figsize:
        assert width <= figsize[0] + 0.01
        assert height <= figsize[1] + 0.01


def test_thin_matrices_can_still_be_seen() -> None:
    _, _, lower, upper = images(draw_heatmaps(torch.ones(4, 1000)))[0].get_extent()
    assert lower - upper >= 24


def test_cells_too_small_to_see_keep_the_strongest_and_say_so() -> None:
    given = torch.zeros(1000, 1000)
    given[123, 456] = 0.5
    given[789, 12] = -0.7
    figure = draw_heatmaps(given)
    panel = values(images(figure)[0])
    assert panel.shape < given.shape
    assert panel.max() == 0.5
    assert panel.min() == pytest.approx(-0.7)
    assert any(text.startswith("Each dot shows the strongest of") for text in texts(figure))
    left, right, *_ = images(figure)[0].get_extent()
    assert (right - left) / panel.shape[1] >= SMALLEST_DOT


# What can be heard.


def test_the_description_says_where_rows_look() -> None:
    assert describe_heatmaps([[0.25, 0.75], [0.9, 0.1]]) == (
        "One heatmap: 2 rows (Queries) by 2 columns (Keys). Values run from 0.1 to 0.9. "
        "Row 0 is strongest at column 1 (0.75). Row 1 is strongest at column 0 (0.9)."
    )


def test_the_chinese_description_tells_rows_from_columns() -> None:
    said = describe_heatmaps([[0.1, 0.2, 0.7], [0.6, 0.3, 0.1]], lang="zh")
    assert said.startswith("一幅热图：2 行（查询），3 列（键）。")
    assert "行 0 在列 2 最强（0.7）" in said
    assert "2 行 3 列热图，每幅 4 行（查询）、5 列（键）" in describe_heatmaps(
        torch.ones(2, 3, 4, 5), lang="zh"
    )


def test_the_description_uses_the_tokens() -> None:
    said = describe_heatmaps([[0.2, 0.8]], xticklabels=["the", "cup"], yticklabels=["tasse"])
    assert "Row 0 “tasse” is strongest at column 1 “cup” (0.8)." in said


@pytest.mark.parametrize(
    ("matrices", "sentence"),
    [
        (torch.eye(10), "Each row is strongest at the column of its own number."),
        (torch.full((3, 4), 0.25), "Every value shown is 0.25."),
        (torch.tensor([[1.0, 1.0], [2.0, 2.0]]), "Within each row all values are equal."),
        (torch.full((2, 2), float("nan")), "No cell has a finite value to show."),
    ],
)
def test_the_description_sees_the_pattern(matrices: torch.Tensor, sentence: str) -> None:
    assert sentence in describe_heatmaps(matrices)


@pytest.mark.parametrize(
    ("shape", "said"),
    [
        ((1, 2), "One heatmap: 1 row (Queries) by 2 columns (Keys)."),
        ((2, 1), "One heatmap: 2 rows (Queries) by 1 column (Keys)."),
        ((1, 2, 1, 3), "1 by 2 heatmaps, each 1 row (Queries) by 3 columns (Keys)."),
    ],
)
def test_the_description_counts_one_as_one(shape: tuple[int, ...], said: str) -> None:
    assert describe_heatmaps(torch.ones(shape)).startswith(said)


@pytest.mark.parametrize(
    "options",
    [
        {"scale": "panel"},
        {"mask": torch.eye(3).bool(), "xticklabels": ["cup", "book", "paper"]},
        {"titles": ["Attention weights", "head 0"], "yticklabels": list("abc"), "lang": "zh"},
    ],
)
def test_a_figure_is_described_as_it_is_drawn(options: dict[str, Any]) -> None:
    given = torch.rand(1, 2, 3, 3, generator=torch.Generator().manual_seed(0))
    assert describe_heatmaps(given, **options) == draw_heatmaps(given, **options).description


def test_the_description_does_not_choose_among_equals() -> None:
    said = describe_heatmaps([[0.5, 0.5], [0.0, 1.0]])
    assert "own number" not in said
    assert "Row 0 is equally strong at several columns (0.5)." in said
    mask = torch.tensor([[False, False], [True, True]])
    assert "Row 0" not in describe_heatmaps(torch.eye(2), mask=mask)


def test_the_description_of_many_names_the_strongest() -> None:
    given = torch.zeros(2, 3, 4, 5)
    given[1, 2, 3, 4] = 0.9
    said = describe_heatmaps(given, titles=["a", "b", "c"])
    assert "2 by 3 heatmaps, each 4 rows" in said
    assert "row 3, column 4 (0.9) of the panel in row 1, column 2" in said


def test_the_figure_carries_the_description_in_its_language() -> None:
    figure = draw_heatmaps(torch.eye(3), "键", "查询", lang="zh")
    assert figure.title == "查询与键的热图"
    assert figure.description == describe_heatmaps(torch.eye(3), "键", "查询", lang="zh")
    assert figure.description.startswith("一幅热图：3 行（查询），3 列（键）。")
    assert figure.description in svg(figure)


# What it costs, and where it shows.


def test_the_svg_of_a_large_matrix_is_small() -> None:
    noise = torch.rand(4096, 4096, generator=torch.Generator().manual_seed(0))
    mask = torch.ones(4096, 4096, dtype=torch.bool).tril()
    assert len(svg(draw_heatmaps(noise))) < 400_000
    assert len(svg(draw_heatmaps(noise, mask=mask))) < 400_000


def test_the_pixels_of_the_svg_are_the_colours_of_the_values() -> None:
    import base64
    from io import BytesIO

    from PIL import Image

    given = np.array([[0.0, 0.3], [0.7, 1.0]])
    figure = draw_heatmaps(given)
    encoded = re.findall(r"data:image/png;base64,([^\"]+)", svg(figure))[0]
    pixels = np.asarray(Image.open(BytesIO(base64.b64decode(encoded))).convert("RGBA"))
    image = images(figure)[0]
    expected = (image.cmap(Normalize(0, 1)(given)) * 255).round()
    assert (pixels == expected).all()


@pytest.mark.thorough
def test_a_terminal_and_a_headless_script_show_nothing_and_say_nothing() -> None:
    code = (
        "import warnings; warnings.simplefilter('error')\n"
        "import torch; from attncues import show_heatmaps\n"
        "result = show_heatmaps(torch.eye(3), xlabel='Keys', ylabel='Queries')\n"
        "import sys; assert result is None\n"
        "from matplotlib import pyplot; assert pyplot.get_fignums() == []\n"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert (result.returncode, result.stdout, result.stderr) == (0, "", "")


NOTEBOOK = """
import torch
from matplotlib import pyplot, rcParams
from attncues import show_heatmaps
before = dict(rcParams)
weights = torch.eye(10).reshape((1, 1, 10, 10))
"""
CALL = "show_heatmaps(weights, xlabel='Keys', ylabel='Queries')"


@pytest.mark.thorough
def test_a_notebook_shows_exactly_one_figure(tmp_path: Any) -> None:
    from nbclient import NotebookClient
    from nbformat.v4 import new_code_cell, new_notebook

    calls = [CALL, f"{CALL};", f"{CALL}\nlast = 3"]
    check = "assert pyplot.get_fignums() == [] and dict(rcParams) == before"
    notebook = new_notebook(cells=[new_code_cell(code) for code in (NOTEBOOK, *calls, check)])
    NotebookClient(notebook, resources={"metadata": {"path": str(tmp_path)}}).execute()
    for cell in notebook.cells[1:-1]:
        assert len(cell.outputs) == 1, cell.source
        assert cell.outputs[0].data["image/svg+xml"].startswith("<svg"), cell.source


def test_a_script_with_a_screen_opens_one_window(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[Any] = []
    monkeypatch.setattr(pyplot, "show", lambda: shown.extend(pyplot.get_fignums()))
    monkeypatch.setattr("attncues.showing._has_screen", lambda: True)
    show_heatmaps(torch.eye(3), "Keys", "Queries")
    assert len(shown) == 1
    assert pyplot.get_fignums() == []


BOOK_CALLS: list[tuple[tuple[int, ...], dict[str, Any]]] = [
    ((1, 1, 10, 10), {}),
    ((1, 1, 2, 10), {}),
    ((1, 1, 50, 50), {}),
    ((1, 1, 6, 4), {}),
    ((1, 1, 60, 32), {"figsize": (3.5, 4), "cmap": "Blues"}),
    ((2, 4, 10, 10), {"titles": [f"Head {n}" for n in range(1, 5)], "figsize": (7, 3.5)}),
    ((2, 4, 6, 10), {"titles": [f"Head {n}" for n in range(1, 5)], "figsize": (7, 3.5)}),
    ((2, 1, 6, 6), {}),
    ((1, 2, 50, 40), {}),
    ((6, 6, 6, 6), {}),
    ((12, 12, 20, 20), {}),
]


@pytest.mark.parametrize(("shape", "options"), BOOK_CALLS)
def test_every_call_of_the_book_is_drawn(shape: tuple[int, ...], options: dict[str, Any]) -> None:
    matrices = torch.rand(shape, requires_grad=True) * 2 - 1
    figure = draw_heatmaps(matrices, "", "", **({"figsize": (2.5, 2.5)} | options))
    assert len(images(figure)) == shape[0] * shape[1] + 1
