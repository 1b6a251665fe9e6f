"""The figure of pooling in a plane shows what attention pooling computes."""

import re

import numpy as np
import pytest
import torch
from matplotlib.colors import to_hex
from matplotlib.patches import Patch

from attncues.diagrams import draw_pooling
from attncues.diagrams.plane import FULL
from attncues.pooling import (
    Score,
    attention_pooling,
    attention_weights,
    dot_product,
    gaussian,
    scaled_dot_product,
)
from attncues.style import Figure, Language, svg

KEYS = torch.tensor([[0.7, 0.4], [-1.1, -0.2], [-0.1, -0.5], [1.0, -0.4], [-0.1, 0.3]])
VALUES = torch.rand(5, 3, generator=torch.Generator().manual_seed(0))
NAMES = ["newspaper", "paper", "cup", "notebook", "book"]
SCORES = [gaussian, dot_product, scaled_dot_product]


def figure(
    score: Score = gaussian,
    temperature: float = 0.2,
    query: tuple[float, float] = (0.3, -0.2),
    lang: Language = "en",
) -> Figure:
    return draw_pooling(
        torch.tensor(query),
        KEYS,
        VALUES,
        names=NAMES,
        features=["across", "up"],
        score=score,
        temperature=temperature,
        lang=lang,
    )


def part(drawn: Figure, name: str) -> Patch:
    (found,) = drawn.findobj(lambda artist: artist.get_gid() == f"part-{name}")
    assert isinstance(found, Patch)
    return found


@pytest.mark.parametrize("score", SCORES)
def test_discs_numbers_and_colours_are_those_of_attention_pooling(score: Score) -> None:
    drawn = figure(score)
    output, weights = attention_pooling(
        torch.tensor([[0.3, -0.2]]), KEYS, VALUES, score=score, temperature=0.2
    )
    full = FULL * 72
    for number, weight in enumerate(weights[0].tolist()):
        disc = part(drawn, f"disc-{number}")
        width = disc.get_window_extent().width / drawn.dpi * 72
        assert (width / 2 / full) ** 2 == pytest.approx(weight, abs=1e-5)
        for place in ("share", "weight"):
            text = rf'data-part="{place}-{number}"><text[^>]*>{weight:.2f}<'
            assert re.search(text, svg(drawn))
    assert to_hex(part(drawn, "output").get_facecolor()) == to_hex(tuple(output[0].tolist()))


@pytest.mark.parametrize("score", SCORES)
def test_a_key_on_a_line_would_have_the_weight_of_that_line(score: Score) -> None:
    levels = part(figure(score), "levels").get_path()
    assert levels.codes is not None
    starts = np.asarray(levels.vertices)[np.flatnonzero(levels.codes == levels.MOVETO)]
    assert len(starts) == 7
    for halved, place in enumerate(starts.tolist()):
        keys = torch.cat([KEYS, torch.tensor([place])])
        weights = attention_weights(
            torch.tensor([[0.3, -0.2]]), keys, score=score, temperature=0.2
        )[0]
        assert weights[5] == pytest.approx(weights[:5].max().item() / 2**halved, rel=1e-3)


def test_a_query_in_the_middle_has_no_lines_for_the_dot_product() -> None:
    drawn = figure(dot_product, query=(0.0, 0.0))
    assert len(part(drawn, "levels").get_path()) <= 1
    assert svg(drawn).count(">0.20<") == 10


def test_a_script_gets_what_the_figure_was_drawn_from() -> None:
    explorer = figure(dot_product).explorer
    assert isinstance(explorer, tuple)
    kind, data = explorer
    assert kind == "pooling"
    assert data["keys"] == KEYS.tolist()
    assert data["values"] == VALUES.tolist()
    assert data["start"]["score"] == "dot_product"
    handle = part(figure(), "query")
    x, y = handle.get_window_extent().get_points().mean(axis=0) / figure().dpi * 72
    assert data["origin"][0] + 0.3 * data["unit"] == pytest.approx(x, abs=0.01)
    assert 72 * figure().get_figheight() - (data["origin"][1] + 0.2 * data["unit"]) == (
        pytest.approx(y, abs=0.01)
    )
    assert data["words"]["zh"]["cup"] == "咖啡杯"


def test_it_says_what_it_shows() -> None:
    weights = attention_weights(torch.tensor([[0.3, -0.2]]), KEYS, score=gaussian, temperature=0.2)[
        0
    ]
    said = figure().description
    assert said.startswith("Query at 0.30, −0.20. Score: Gaussian. Temperature: 0.2.")
    assert f"cup {weights[2]:.2f}, notebook {weights[3]:.2f}" in said


def test_it_speaks_chinese() -> None:
    words = re.sub(r"<[^>]*>", " ", svg(figure(lang="zh")))
    assert "咖啡杯" in words
    assert not re.search("[A-Za-z]{2,}", words)


def test_what_cannot_be_drawn_is_refused() -> None:
    def draw(
        query: torch.Tensor = KEYS[0],
        keys: torch.Tensor = KEYS,
        values: torch.Tensor = VALUES,
        names: list[str] = NAMES,
        score: Score = gaussian,
    ) -> None:
        draw_pooling(query, keys, values, names=names, features=["x", "y"], score=score)

    with pytest.raises(ValueError, match="'fr'"):
        figure(lang="fr")  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"got \(3,\)"):
        draw(query=torch.ones(3))
    with pytest.raises(ValueError, match="5 names and 2 features are needed, got 4"):
        draw(names=NAMES[1:])
    with pytest.raises(ValueError, match="must be finite"):
        draw(query=torch.tensor([0, torch.inf]))
    with pytest.raises(ValueError, match="not be zero"):
        draw(keys=0 * KEYS)
    with pytest.raises(ValueError, match=r"lie in \[0, 1\]"):
        draw(values=VALUES + 1)
    with pytest.raises(ValueError, match="gaussian, dot_product, scaled_dot_product"):
        draw(score=lambda queries, keys: dot_product(queries, keys))
