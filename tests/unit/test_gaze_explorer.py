"""The desk that a reader can touch: what its page is given."""

import gzip
import json
import re
from base64 import b64decode
from typing import Any

import pytest
import torch

from attncues.gaze import draw_cues
from attncues.saliency import bottom_up, feature_maps, fixate, learn_objects, mix, top_down
from attncues.scenes import desk, desk_pair
from attncues.style import svg

SCENE, WITHOUT_COLOUR = desk_pair()
LESSONS = [desk(seed) for seed in range(1000, 1005)]
LEARNED = learn_objects(
    torch.stack([lesson.image for lesson in LESSONS]), [lesson.boxes for lesson in LESSONS]
)


def data_of(target: str | None = None) -> dict[str, Any]:
    explorer = draw_cues(target)[1].explorer
    assert isinstance(explorer, tuple)
    kind, data = explorer
    assert kind == "cues"
    return data


def pixels(text: str, *shape: int) -> torch.Tensor:
    return torch.tensor(list(b64decode(text)), dtype=torch.uint8).reshape(shape).float() / 255


def test_a_page_gets_the_pixels_of_both_desks() -> None:
    data = data_of()
    grey = pixels(data["grey"], 160, 240)[..., None].expand(-1, -1, 3)
    assert torch.equal(grey, WITHOUT_COLOUR.image)
    coloured = grey.clone()
    top, bottom, left, right = data["boxes"]["cup"]
    coloured[top:bottom, left:right] = pixels(data["cup"], bottom - top, right - left, 3)
    assert torch.equal(coloured, SCENE.image)
    assert len(gzip.compress(json.dumps(data).encode())) < 12 * 1024


def test_the_drawing_of_the_cup_can_be_repainted() -> None:
    drawing, _ = draw_cues()
    fills = set(re.findall(r'fill="(#[0-9a-f]{6})"', svg(drawing)))
    for colour, grey in data_of()["paint"].items():
        assert colour in fills
        assert len(set(re.findall("..", grey[1:]))) == 1


@pytest.mark.parametrize("scene", [SCENE, WITHOUT_COLOUR], ids=["colour", "grey"])
@pytest.mark.parametrize("target", SCENE.boxes)
def test_the_gaze_is_on_an_object_whatever_a_reader_sets(scene: Any, target: str) -> None:
    maps = feature_maps(scene.image)
    seen, wanted = bottom_up(maps), top_down(maps, LEARNED[target])
    for step in range(21):
        assert scene.object_at(*fixate(mix(seen, wanted, step / 20)))


def test_the_figures_show_the_state_that_they_start_in() -> None:
    for target, volition, on in ((None, 0, "cup"), ("book", 1, "book"), ("cup", 1, "cup")):
        for figure in draw_cues(target):
            assert f"The gaze rests on the {on}" in figure.description
        start = data_of(target)["start"]
        assert (start["volition"], start["target"]) == (volition, target or "book")


@pytest.mark.parametrize("target", [None, "book"])
def test_the_bars_of_the_state_that_a_page_starts_in_are_parts_of_its_priority(
    target: str | None,
) -> None:
    maps = feature_maps(SCENE.image)
    weights = LEARNED[target or "book"]
    volition = float(target is not None)
    whole = mix(bottom_up(maps), top_down(maps, weights), volition)
    parts = data_of(target)["start"]["parts"]
    assert list(parts) == list(SCENE.boxes)
    for name, (top, bottom, left, right) in SCENE.boxes.items():
        highest = whole[top:bottom, left:right].max().item()
        assert parts[name][int(volition)] == pytest.approx(highest, abs=1e-4)
        assert parts[name][1 - int(volition)] == 0


def test_the_points_at_which_attention_changes_hands_are_those_of_the_package() -> None:
    points = data_of()["handovers"]
    for kind, scene in (("colour", SCENE), ("grey", WITHOUT_COLOUR)):
        maps = feature_maps(scene.image)
        seen = bottom_up(maps)
        assert list(points[kind]) == list(scene.boxes)
        for name, point in points[kind].items():
            wanted = top_down(maps, LEARNED[name])
            gazes = [scene.object_at(*fixate(mix(seen, wanted, end))) for end in (0.0, 1.0)]
            assert (point is None) == (gazes[0] == name or gazes[1] != name)
            if point is not None:
                assert scene.object_at(*fixate(mix(seen, wanted, point + 0.001))) == name
                assert scene.object_at(*fixate(mix(seen, wanted, point - 0.002))) != name


def test_an_object_that_is_not_there_is_refused() -> None:
    with pytest.raises(ValueError, match="notebook, book, got 'pen'"):
        draw_cues("pen")
