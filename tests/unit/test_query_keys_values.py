"""The figure of queries, keys and values shows what attention pooling computes."""

import re

import pytest
import torch

from attncues.diagrams import draw_framework
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
