"""The figure of queries, keys and values shows what attention pooling computes."""

import re
from typing import Any

import pytest
import torch
from matplotlib.patches import PathPatch, Rectangle

from attncues.diagrams import draw_framework
from attncues.diagrams.query_keys_values import EDGE, MIX, SHARE
from attncues.pooling import attention_pooling, dot_product
from attncues.saliency import CHANNELS
from attncues.style import Figure, Language, svg

DRAW = torch.Generator().manual_seed(0)
QUERY = torch.randn(6, generator=DRAW)
KEYS = torch.rand(5, 6, generator=DRAW)
VALUES = torch.rand(5, 3, generator=DRAW)
NAMES = ["newspaper", "paper", "cup", "notebook", "book"]


def figure(lang: Language = "en") -> Figure:
    return draw_framework(
        QUERY, KEYS, VALUES, names=NAMES, features=CHANNELS, temperature=0.5, lang=lang
    )


def test_all_numbers_stand_on_it() -> None:
    output, weights = attention_pooling(
        QUERY[None], KEYS, VALUES, score=dot_product, temperature=0.5
    )
    (axes,) = figure().axes
    shown = [text.get_text() for text in axes.texts]
    for number in [*QUERY, *KEYS.flatten(), *(KEYS @ QUERY), *weights[0]]:
        assert f"{number:.2f}".replace("-", "−") in shown
    patches = [patch.get_facecolor()[:3] for patch in axes.patches]
    for colour in [*VALUES, output[0]]:
        assert any(patch == pytest.approx(colour.tolist()) for patch in patches)


def test_its_words_tell_the_weights_and_the_closest_value() -> None:
    output, weights = attention_pooling(
        QUERY[None], KEYS, VALUES, score=dot_product, temperature=0.5
    )
    said = figure().description
    told = dict(re.findall(r"(\w+) (\d\.\d\d)", said))
    for name, weight in zip(NAMES, weights[0].tolist(), strict=True):
        assert float(told[name]) == pytest.approx(weight, abs=0.006)
    closest = NAMES[int((VALUES - output).norm(dim=-1).argmin())]
    assert said.endswith(f"closest to that of {closest}.")


def test_it_speaks_chinese() -> None:
    words = re.sub(r"<[^>]*>", " ", svg(figure("zh")))
    assert "查询" in words
    assert "咖啡杯" in words
    assert not re.search("[A-Za-z]{2,}", words)


def test_it_fits_on_a_phone_as_it_is() -> None:
    drawn = figure()
    assert drawn.get_figwidth() * 96 <= 328
    (axes,) = drawn.axes
    assert min(float(text.get_fontsize()) for text in axes.texts) * 96 / 72 >= 10


def test_values_stand_side_by_side_as_wide_as_their_weights() -> None:
    _, weights = attention_pooling(QUERY[None], KEYS, VALUES, score=dot_product, temperature=0.5)
    (axes,) = figure().axes
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    for value, weight in zip(VALUES.tolist(), weights[0].tolist(), strict=True):
        widths = [box.get_width() for box in boxes if list(box.get_facecolor()[:3]) == value]
        assert any(width == pytest.approx(weight * (SHARE - MIX), abs=1e-4) for width in widths)


def test_each_value_flows_into_the_output_as_broad_as_its_weight() -> None:
    _, weights = attention_pooling(QUERY[None], KEYS, VALUES, score=dot_product, temperature=0.5)
    (axes,) = figure().axes
    streams: list[Any] = [patch for patch in axes.patches if isinstance(patch, PathPatch)]
    breadths = {stream.get_edgecolor()[:3]: stream.get_linewidth() for stream in streams}
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    foot, output = max((box.get_y(), box.get_height()) for box in boxes)
    for value, weight in zip(VALUES.tolist(), weights[0].tolist(), strict=True):
        breadth = breadths.get(tuple(value), 0.0) * 96 / 72  # in pixels, as the heights are
        assert breadth == pytest.approx(weight * output, abs=0.1)
    for stream in streams:
        x, y = stream.get_path().vertices[-1]
        assert x == EDGE
        assert foot < y < foot + output


def test_a_script_gets_the_queries_to_choose_from_and_what_the_figure_was_drawn_from() -> None:
    queries = {"cup": torch.ones(6), "book": QUERY}
    drawn = draw_framework(
        QUERY, KEYS, VALUES, names=NAMES, features=CHANNELS, temperature=0.5, queries=queries
    )
    assert isinstance(drawn.explorer, tuple)
    kind, data = drawn.explorer
    assert kind == "framework"
    assert data["queries"] == {"cup": [1.0] * 6, "book": QUERY.tolist()}
    assert data["keys"] == KEYS.tolist()
    assert data["values"] == VALUES.tolist()
    assert data["start"] == {"query": "book", "temperature": 0.5, "masked": []}
    assert data["words"]["zh"]["cup"] == "咖啡杯"
    assert data["words"]["zh"].keys() == data["words"]["en"].keys()
    for name, text in data["words"]["en"].items():
        places = re.compile(r"{\w+}")
        told = set(places.findall(data["words"]["zh"][name]))
        assert told == set(places.findall(text)), name
    assert figure().explorer is None


def test_what_cannot_be_drawn_is_refused() -> None:
    with pytest.raises(ValueError, match="'fr'"):
        figure("fr")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"got \(5,\)"):
        draw_framework(QUERY[:5], KEYS, VALUES, names=NAMES, features=CHANNELS)
    with pytest.raises(ValueError, match="5 names and 6 features"):
        draw_framework(QUERY, KEYS, VALUES, names=NAMES[:2], features=CHANNELS)
    with pytest.raises(ValueError, match="must not be negative"):
        draw_framework(QUERY, -KEYS, VALUES, names=NAMES, features=CHANNELS)
    with pytest.raises(ValueError, match="colours"):
        draw_framework(QUERY, KEYS, 2 * VALUES + 1, names=NAMES, features=CHANNELS)
    with pytest.raises(ValueError, match="one must not be zero"):
        draw_framework(QUERY, 0 * KEYS, VALUES, names=NAMES, features=CHANNELS)

    def choose(query: torch.Tensor) -> None:
        draw_framework(QUERY, KEYS, VALUES, names=NAMES, features=CHANNELS, queries={"book": query})

    with pytest.raises(ValueError, match="one of queries: book"):
        choose(QUERY + 1)
    with pytest.raises(ValueError, match=r"got \(2,\)"):
        choose(torch.ones(2))
    with pytest.raises(ValueError, match="finite"):
        choose(torch.full((6,), torch.nan))
