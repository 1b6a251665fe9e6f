"""Names on which the package and the site must agree, in whichever of the two they change.

Scripts and styles of pages find what they need in a figure by names; hooks find what a run
brings by MIME types and variables.
"""

import re
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
import torch

from attncues import draw_heatmaps
from attncues.diagrams import draw_pooling, draw_translation
from attncues.gaze import draw_cues
from attncues.gaze.artists import GAZE
from attncues.style import EXPLORER, PARTS, Figure, svg
from attncues.style.figure import EDITIONS, TAGS
from attncues.style.images import CLASSES
from attncues.style.markup import PAPER
from attncues.translation import Translator, corpus
from attncues.words.diagrams import TRANSLATION
from attncues.words.gaze import WORDS
from attncues.words.names import NAMES
from tests.conftest import ROOT

ASSETS = ROOT / "docs" / "assets"
STYLES = (ASSETS / "site.css").read_text(encoding="utf-8")


def script(kind: str) -> str:
    return (ASSETS / "explorers" / f"{kind}.js").read_text(encoding="utf-8")


def pooling() -> Figure:
    keys = torch.tensor([[1.0, 0.2], [-1.0, 0.4]])
    return draw_pooling(keys[0], keys, torch.eye(3)[:2], names=["a", "b"], features=["x", "y"])


def translation() -> Figure:
    translator = Translator(corpus().train).eval()
    return draw_translation(translator, "the cat is on the table")


TO_TOUCH: dict[str, Callable[[], Figure]] = {
    "heatmap": lambda: draw_heatmaps(torch.eye(2)),
    "pooling": pooling,
    "cues": lambda: draw_cues()[1],
    "translator": translation,
}


def handed_over(figure: Figure) -> tuple[str, dict[str, Any]]:
    explorer = figure.explorer() if callable(figure.explorer) else figure.explorer
    assert explorer is not None
    return explorer


@pytest.mark.parametrize("kind", TO_TOUCH)
def test_a_script_takes_up_each_kind_of_figure_with_all_that_it_brings(kind: str) -> None:
    named, data = handed_over(TO_TOUCH[kind]())
    assert named == kind
    assert f'attncues.explorer("{kind}"' in script(kind)
    said = data.pop("en", {}) | data
    unused = [name for name in said if not re.search(rf"\b{name}\b", script(kind))]
    assert unused == [], f"docs/assets/explorers/{kind}.js does not use what it is given"


def test_the_pooling_script_finds_the_parts_that_it_moves() -> None:
    written = set(re.findall(r'data-part="([a-z-]+?)(?:-\d)?"', svg(pooling())))
    asked = re.findall(r"\b(?:part|shape)\([\"`]([a-z]+)", script("pooling"))
    asked += re.findall(r"for \(const name of (\[.*?\])\) shape\(`\$\{name\}-", script("pooling"))
    names = set(re.findall(r"[a-z]+", " ".join(asked)))
    assert len(names) > 8
    assert names == written, "part(...) in pooling.js, _part(...) in attncues/diagrams/plane.py"
    assert 'data-part="query"' in STYLES


def test_the_translator_finds_its_words_and_weights() -> None:
    _, data = handed_over(translation())
    asked = re.findall(r"\bwords\.(\w+)", script("translator"))
    assert set(asked) == TRANSLATION["en"].keys() | {"keys", "queries"}
    assert TRANSLATION["en"].keys() == TRANSLATION["zh"].keys()
    layers = re.findall(r'"(\w+\.[*\w]+)"', script("translator"))
    parts = {
        name.replace("*", f"{what}_{of}")
        for name in layers
        for what in ("weight", "bias")
        for of in ("ih", "hh")
    }
    assert parts == data["weights"].keys()


def test_styles_and_scripts_find_the_paper_and_the_gaze() -> None:
    scene, priority_map = map(svg, draw_cues())
    for written in (scene, priority_map):
        root = ElementTree.fromstring(written)
        classes = [one.get("class") for one in root.iter() if one.get("class")]
        cells = [CLASSES["Reds"]] * 2 if written is priority_map else []
        assert classes == [PAPER, *cells[:1], GAZE, *cells[1:]]
    for name, turned in zip(CLASSES.values(), ("ember", "dusk"), strict=True):
        assert f"svg image.{name} {{ filter: url(#{turned}); }}" in STYLES
    assert f"svg .{PAPER} {{ fill: none; }}" in STYLES
    assert f".{GAZE} {{" in STYLES
    asked = re.findall(r'(?:figure|svg)\.querySelector\("\.(\w+)"\)', script("cues"))
    assert set(asked) == {GAZE}


@pytest.mark.parametrize("name", [EXPLORER, PARTS, EDITIONS, TAGS])
def test_hooks_and_figures_call_it_the_same(name: str) -> None:
    hooks = "".join(path.read_text(encoding="utf-8") for path in ROOT.glob("docs/hooks/**/*.py"))
    assert f'"{name}"' in hooks, f"attncues/style/figure.py says {name}, docs/hooks something else"


def test_hooks_find_the_names_of_things() -> None:
    hook = (ROOT / "docs" / "hooks" / "hook.py").read_text(encoding="utf-8")
    (where,) = re.findall(r'words="(.+?)"', hook)
    assert where == "attncues.words.names:NAMES"
    assert NAMES["en"].keys() == NAMES["zh"].keys()


def test_opposites_are_not_swapped_in_chinese() -> None:
    opposites = {"bright": "亮", "dark": "暗", "red": "红", "green": "绿", "blue": "蓝"}
    opposites |= {"yellow": "黄", "across": "横向", "up": "纵向"}
    assert opposites.items() <= NAMES["zh"].items()
    sides = {"left": "左", "right": "右", "top": "上", "bottom": "下"}
    for there in (side for side in WORDS["en"] if set(side.split()) & sides.keys()):
        said = {sides[word] for word in there.split()}
        assert set(WORDS["zh"][there]) & set(sides.values()) == said, there
