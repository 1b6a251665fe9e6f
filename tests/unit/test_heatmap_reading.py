"""What the package hands over to a page that lets its readers read a heatmap."""

import json
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
import torch

from attncues import draw_heatmaps
from attncues.heatmaps.reading import MOST_CELLS
from attncues.style import EXPLORER, Figure, svg


def read(figure: Figure) -> dict[str, Any]:
    """What arrives at a script, by way of JSON."""
    assert callable(figure.explorer)
    kind, data = figure.explorer()
    assert kind == "heatmap"
    received: dict[str, Any] = json.loads(json.dumps(data, allow_nan=False))
    return received


@pytest.mark.parametrize(
    ("dtype", "scale"),
    [(torch.float16, 1), (torch.float32, 1e-12), (torch.float32, 1e6), (torch.float64, 1)],
)
def test_values_arrive_by_panel_and_row(dtype: torch.dtype, scale: float) -> None:
    draw = torch.Generator().manual_seed(0)
    matrices = (torch.randn(2, 3, 4, 5, generator=draw) * scale).to(dtype)
    data = read(draw_heatmaps(matrices))
    assert data["shape"] == [4, 5]
    received = np.array(data["values"]).reshape(2, 3, 4, 5)
    np.testing.assert_allclose(received, matrices.double().numpy(), rtol=1e-6)


def test_values_are_those_that_were_drawn() -> None:
    weights = torch.eye(2)
    figure = draw_heatmaps(weights)
    weights.zero_()
    assert read(figure)["values"] == [[1, 0, 0, 1]]


def test_masked_and_odd_cells_are_told_apart() -> None:
    matrix = [[0.5, float("nan")], [float("inf"), float("-inf")], [1.0, 2.0]]
    mask = [[True, True], [True, True], [True, False]]
    assert read(draw_heatmaps(matrix, mask=mask))["values"] == [
        [0.5, "NaN", "∞", "−∞", 1.0, None],
    ]


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize(
    ("shape", "options"),
    [
        ((1, 1, 10, 10), {}),
        ((2, 4, 6, 10), {"titles": list("abcd"), "norm": "log"}),
        ((2, 3, 2, 7), {"scale": "panel", "xticklabels": list("abcdefg")}),
        (
            (1, 3, 5, 1),
            {"figsize": (5, 2), "yticklabels": ["cup"] * 5, "titles": ["long " * 9] * 3},
        ),
    ],
)
def test_panels_are_where_they_are_drawn(
    shape: tuple[int, ...], options: dict[str, Any], lang: Any
) -> None:
    matrices = torch.rand(shape, generator=torch.Generator().manual_seed(0))
    figure = draw_heatmaps(matrices, lang=lang, **options)
    images = [
        tuple(float(image.attrib[side]) for side in ("x", "y", "width", "height"))
        for image in ElementTree.fromstring(svg(figure)).iter("{http://www.w3.org/2000/svg}image")
    ]
    said = [tuple(box) for _, *box in read(figure)[lang]["panels"]]
    assert len(said) == shape[0] * shape[1]
    np.testing.assert_allclose(said, images[: len(said)], rtol=0, atol=0.006)  # two decimals


def test_one_file_speaks_both_languages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ATTNCUES_EDITIONS", "zh")
    figure = draw_heatmaps(
        torch.rand(1, 2, 2, 2), titles=["head 0", "head 1"], xticklabels=["cup", "book"]
    )
    explorer = figure._repr_mimebundle_()[EXPLORER]
    assert explorer["kind"] == "heatmap"
    english, chinese = explorer["data"]["en"], explorer["data"]["zh"]
    assert (english["row"], english["column"]) == ("query", "key")
    assert (chinese["row"], chinese["column"]) == ("查询", "键")
    assert (english["columns"], chinese["columns"]) == (["cup", "book"], ["咖啡杯", "书"])
    assert english["rows"] is None
    assert [name for name, *_ in english["panels"]] == ["head 0", "head 1"]
    assert [name for name, *_ in chinese["panels"]] == ["头 0", "头 1"]
    assert (english["title"], chinese["title"]) == ("Heatmap of Queries by Keys", "查询与键的热图")


@pytest.mark.parametrize(
    ("shape", "titles", "names"),
    [
        ((1, 1), None, [""]),
        ((1, 1), ["a"], ["a"]),
        ((1, 2), None, ["Panel 0", "Panel 1"]),
        ((1, 2), ["a", ""], ["a", "Panel 1"]),
        ((2, 1), None, ["Row 0, column 0", "Row 1, column 0"]),
        ((2, 2), ["a", "b"], ["a, row 0", "b, row 0", "a, row 1", "b, row 1"]),
        ((2, 2), ["a", "b", "c", "d"], ["a", "b", "c", "d"]),
    ],
)
def test_each_panel_has_a_name_of_its_own(
    shape: tuple[int, int], titles: list[str] | None, names: list[str]
) -> None:
    data = read(draw_heatmaps(torch.rand(*shape, 2, 2), titles=titles))
    assert [name for name, *_ in data["en"]["panels"]] == names


def test_a_figure_of_too_many_cells_stays_a_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    assert draw_heatmaps(torch.zeros(1, MOST_CELLS)).explorer is not None
    figure = draw_heatmaps(torch.zeros(1, MOST_CELLS + 1))
    assert figure.explorer is None
    monkeypatch.setenv("ATTNCUES_EDITIONS", "zh")
    assert EXPLORER not in figure._repr_mimebundle_()


def test_a_figure_outside_a_site_hands_over_nothing() -> None:
    assert draw_heatmaps(torch.eye(2))._repr_mimebundle_() == {}
