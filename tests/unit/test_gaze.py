"""Figures of scenes and gazes: what they show and say."""

import re
from io import BytesIO

import pytest
import torch
from PIL import Image

from attncues.gaze import (
    draw_handover,
    draw_maps,
    draw_priority,
    draw_scene,
    draw_searches,
)
from attncues.saliency import (
    bottom_up,
    feature_maps,
    fixate,
    priority,
    scan_path,
    target_weights,
    top_down,
)
from attncues.scenes import desk, search_display
from attncues.style import Figure, Language, svg

SCENE = desk(0)
MAPS = feature_maps(SCENE.image)
SEEN = priority(SCENE.image)
GAZE = fixate(SEEN)
WANTED = top_down(MAPS, target_weights(feature_maps(desk(1000).image), desk(1000).boxes["book"]))
SEARCHES = {"feature": {4: 1.0, 16: 1.0}, "conjunction": {4: 2.5, 16: 8.5}}


def figures(lang: Language) -> dict[str, Figure]:
    photo = torch.rand(30, 40, 3, generator=torch.Generator().manual_seed(0))
    display = search_display(16, "conjunction", seed=3)
    path = scan_path(priority(display.image), 5)
    return {
        "scene": draw_scene(SCENE, [GAZE], lang=lang),
        "no gaze": draw_scene(SCENE, lang=lang),
        "display": draw_scene(display, path, lang=lang),
        "photo": draw_scene(photo, [(3, 4)], lang=lang),
        "priority": draw_priority(SEEN, [GAZE], scene=SCENE, lang=lang),
        "map alone": draw_priority(SEEN, lang=lang),
        "maps": draw_maps(MAPS, lang=lang),
        "handover": draw_handover(bottom_up(MAPS), WANTED, SCENE, lang=lang),
        "searches": draw_searches(SEARCHES, lang=lang),
    }


ENGLISH, CHINESE = figures("en"), figures("zh")


@pytest.mark.parametrize("name", ENGLISH)
def test_every_figure_is_light_repeats_and_has_words_in_its_language(name: str) -> None:
    english, chinese = svg(ENGLISH[name]), svg(CHINESE[name])
    for written in (english, chinese):
        assert len(written.encode()) < 150_000
        assert re.search(r"<title>.+?</title><desc>.+?</desc>", written, re.DOTALL)
    assert svg(figures("en")[name]) == english
    assert not re.search("[\u4e00-\u9fff]", english)
    words = re.sub(r"<[^>]*>", " ", chinese)
    assert re.search("[\u4e00-\u9fff]", words)
    assert not re.search("[A-Za-z]{2,}", words), words


def test_a_scene_is_described_from_its_boxes_and_the_gaze() -> None:
    said = ENGLISH["scene"].description
    assert "newspaper (at the top right)" in said
    assert said.endswith("The gaze rests on the cup, at the bottom.")
    elsewhere = draw_scene(SCENE, [(2, 2)]).description
    assert elsewhere.endswith("The gaze rests on the ground between objects, at the top left.")


def test_a_path_is_told_step_by_step() -> None:
    display = search_display(16, "feature", seed=3)
    top, _, left, _ = display.boxes["target"]
    other = next(box for name, box in display.boxes.items() if name != "target")
    said = draw_scene(display, [(top, left), (other[0], other[2])]).description
    assert "16 discs, one of them the target" in said
    assert re.search(r"goes to the target \(.+\), a distractor \(.+\)\.$", said)


def test_a_map_is_described_by_the_best_place_of_each_object() -> None:
    said = ENGLISH["priority"].description
    shares = dict(re.findall(r"([a-z ]+) (\d\.\d\d)", said.split(": ", 1)[1]))
    shares = {name.strip(): float(share) for name, share in shares.items()}
    assert shares["cup"] == 1.0
    top, bottom, left, right = SCENE.boxes["book"]
    assert shares["book"] == pytest.approx(SEEN[top:bottom, left:right].max().item(), abs=0.005)


def test_the_drawing_of_a_scene_is_its_pixels() -> None:
    """The drawing and the pixels are painted by two programs from the same shapes."""
    written = BytesIO()
    figure = draw_scene(SCENE)
    figure.savefig(written, format="png", dpi=240 / figure.get_figwidth())
    drawn = torch.tensor(list(Image.open(written).convert("RGB").tobytes()), dtype=torch.uint8)
    difference = (drawn.reshape(160, 240, 3).float() / 255 - SCENE.image).abs().mean(-1)
    assert difference.mean() < 0.02
    assert (difference > 0.3).float().mean() < 0.005


def test_svg_and_other_formats_show_the_same_scene() -> None:
    written = svg(draw_scene(SCENE))
    assert written.count("#e63329") >= 1  # the cup's red, (0.9, 0.2, 0.16) in bytes
    assert len(re.findall("<path ", written)) > 50


def test_a_photograph_is_stored_as_one() -> None:
    assert "data:image/jpeg;base64," in svg(ENGLISH["photo"])


def test_the_handover_is_the_one_that_was_computed() -> None:
    said = ENGLISH["handover"].description
    point = re.search(r"goes over to the book at (\d\.\d\d)", said)
    assert point
    before, after = float(point[1]) - 0.01, float(point[1]) + 0.01
    for volition, name in ((before, "cup"), (after, "book")):
        seen, wanted = bottom_up(MAPS), WANTED
        mixed = (1 - volition) * seen / seen.max() + volition * wanted / wanted.max()
        assert SCENE.object_at(*fixate(mixed)) == name


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ValueError, match="'en', 'zh', got 'fr'"):
        draw_scene(SCENE, lang="fr")  # type: ignore[arg-type]


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"\(H, W, 3\)"):
        draw_scene(torch.zeros(4, 4))
    with pytest.raises(ValueError, match=r"\(H, W\)"):
        draw_priority(torch.zeros(2, 4, 4))
    with pytest.raises(ValueError, match=r"\(6, H, W\)"):
        draw_maps(torch.zeros(5, 4, 4))
    with pytest.raises(ValueError, match="got pop-out"):
        draw_searches({"pop-out": {4: 1.0}})
