"""Figures of scenes and gazes: what they show and say."""

import base64
import re
from collections.abc import Callable
from io import BytesIO

import numpy as np
import pytest
import torch
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from PIL import Image

from attncues.gaze import (
    draw_handover,
    draw_maps,
    draw_priority,
    draw_scene,
    draw_searches,
)
from attncues.saliency import (
    CHANNELS,
    bottom_up,
    feature_maps,
    fixate,
    mix,
    priority,
    scan_path,
    target_weights,
    top_down,
)
from attncues.scenes import desk, search_display
from attncues.style import Figure, Language, svg
from attncues.style.images import CellImage

SCENE = desk(0)
MAPS = feature_maps(SCENE.image)
SEEN = priority(SCENE.image)
GAZE = fixate(SEEN)
WANTED = top_down(MAPS, target_weights(feature_maps(desk(1000).image), desk(1000).boxes["book"]))
VOLITIONS = (0, 0.25, 0.5, 0.75, 1)
SEARCHES = {"feature": {4: 1.0, 16: 1.0}, "conjunction": {4: 2.5, 16: 8.5}}


DISPLAY = search_display(16, "conjunction", seed=3)
PHOTO = torch.rand(600, 900, 3, generator=torch.Generator().manual_seed(0))
FIGURES: dict[str, Callable[[Language], Figure]] = {
    "scene": lambda lang: draw_scene(SCENE, [GAZE], lang=lang),
    "no gaze": lambda lang: draw_scene(SCENE, lang=lang),
    "display": lambda lang: draw_scene(DISPLAY, scan_path(priority(DISPLAY.image), 5), lang=lang),
    "photo": lambda lang: draw_scene(PHOTO, [(3, 4)], lang=lang),
    "photo alone": lambda lang: draw_scene(PHOTO, lang=lang),
    "priority": lambda lang: draw_priority(SEEN, [GAZE], scene=SCENE, lang=lang),
    "map alone": lambda lang: draw_priority(SEEN, lang=lang),
    "empty map": lambda lang: draw_priority(torch.zeros(20, 30), lang=lang),
    "maps": lambda lang: draw_maps(MAPS, lang=lang),
    "handover": lambda lang: draw_handover(bottom_up(MAPS), WANTED, SCENE, lang=lang),
    "searches": lambda lang: draw_searches(SEARCHES, lang=lang),
}


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_is_light_repeats_and_has_words_in_its_language(name: str) -> None:
    draw = FIGURES[name]
    english, chinese = svg(draw("en")), svg(draw("zh"))
    assert svg(draw("en")) == english
    for written in (english, chinese):
        assert len(written.encode()) < 150_000
        assert re.search(r"<title>.+?</title><desc>.+?</desc>", written, re.DOTALL)
    assert not re.search("[\u4e00-\u9fff]", english)
    words = re.sub(r"<[^>]*>", " ", chinese)
    assert re.search("[\u4e00-\u9fff]", words)
    assert not re.search("[A-Za-z]{2,}", words), words
    assert ("gaze" in draw("en").title) == (name in ("scene", "display", "photo", "priority"))


def drawn_polygons(written: str) -> list[list[tuple[float, float]]]:
    """The corners of all shapes of a scene in an SVG, in pixels of the scene."""
    matrix = re.search(r"matrix\((\S+) 0 0 (\S+) (\S+) (\S+)\)", written)
    assert matrix
    across, down, x, y = (float(number) for number in matrix.groups())
    width = re.search(r'width="([\d.]+)pt"', written)
    assert width
    pixel = float(width[1]) / 240
    polygons = []
    for start_x, start_y, ways in re.findall(r"M(-?\d+) ?(-?\d+)l([-\d ]+)z", written):
        numbers = [int(number) for number in re.findall(r"-?\d+", ways)]
        point = (int(start_x), int(start_y))
        corners = [point]
        for way in zip(numbers[::2], numbers[1::2], strict=True):
            point = (point[0] + way[0], point[1] + way[1])
            corners.append(point)
        polygons.append([((across * a + x) / pixel, (down * b + y) / pixel) for a, b in corners])
    return polygons


def test_the_svg_of_a_scene_has_its_shapes_in_their_places() -> None:
    polygons = drawn_polygons(svg(draw_scene(SCENE)))
    assert len(polygons) == len(SCENE.shapes)
    for polygon, shape in zip(polygons, SCENE.shapes, strict=True):
        for axis in (0, 1):
            drawn = [corner[axis] for corner in polygon]
            meant = [corner[axis] for corner in shape.corners]
            assert min(drawn) == pytest.approx(min(meant), abs=0.2)
            assert max(drawn) == pytest.approx(max(meant), abs=0.2)


def test_the_gaze_is_marked_where_it_is() -> None:
    row, column = GAZE
    for figure in (draw_scene(SCENE, [GAZE]), draw_priority(SEEN, [GAZE])):
        marks = [np.asarray(line.get_xydata())[0].tolist() for line in figure.axes[0].lines]
        assert marks
        assert {tuple(mark) for mark in marks} == {(column + 0.5, row + 0.5)}
        (place,) = re.findall(r'class="gaze" transform="translate\((\S+) (\S+)\)', svg(figure))
        pixel = 72 * figure.get_figwidth() / 240
        assert [float(part) / pixel for part in place] == pytest.approx(marks[0], abs=0.01)


def image_of(axes: Axes) -> CellImage:
    (image,) = (artist for artist in axes.get_children() if isinstance(artist, CellImage))
    return image


def test_a_map_and_its_bar_have_one_scale() -> None:
    figure = draw_priority(2 * SEEN)
    panel, bar = figure.axes
    assert image_of(panel).norm.vmax == 2.0
    assert [tick.get_text() for tick in bar.get_xticklabels()] == ["0", "1", "2"]
    png = re.search(r"data:image/png;base64,([^\"]+)", svg(figure))
    assert png
    picture = Image.open(BytesIO(base64.b64decode(png[1]))).convert("RGBA").convert("L")
    row = min(
        range(picture.height),
        key=lambda y: min(picture.crop((0, y, picture.width, y + 1)).tobytes()),
    )
    assert row / picture.height == pytest.approx(GAZE[0] / 160, abs=0.06)


def test_a_speck_that_is_as_strong_as_all_else_is_seen_in_the_map() -> None:
    speck = torch.zeros(160, 240)
    speck[100, 51] = 1
    drawn = image_of(draw_priority(speck).axes[0]).get_array()
    assert drawn is not None
    assert drawn.shape == (40, 60)
    assert drawn.max() == drawn[25, 12] == 1
    assert (drawn > 0).sum() == 1


def test_feature_maps_stand_under_their_names() -> None:
    one_red = torch.zeros(6, 20, 30)
    one_red[2, 5:9, 5:9] = 0.5
    figure = draw_maps(one_red)
    darkest = {
        axes.get_title(): float(np.asarray(image_of(axes).get_array()).max())
        for axes in figure.axes
        if axes.get_title()
    }
    assert darkest == {"bright": 0, "dark": 0, "red": 0.5, "green": 0, "blue": 0, "yellow": 0}
    assert "red 0.50" in figure.description


def test_the_scene_that_feature_maps_are_of_stands_above_them() -> None:
    alone, headed = draw_maps(MAPS), draw_maps(MAPS, scene=SCENE)
    titles = [axes.get_title() for axes in headed.axes if axes.get_title()]
    assert titles == ["image", *CHANNELS]
    picture, bright, dark = headed.axes[:3]
    assert np.array_equal(np.asarray(picture.get_images()[0].get_array()), SCENE.image.numpy())
    assert picture.get_position().y0 > bright.get_position().y1
    assert bright.get_position().x0 < picture.get_position().x0 < dark.get_position().x0
    for one in headed.axes[:7]:  # all are of one size, and show the same places
        assert one.get_xlim() == picture.get_xlim()
        assert one.get_window_extent().size == pytest.approx(picture.get_window_extent().size)
    assert alone.description in headed.description
    assert "cup" in headed.description
    assert "cup" not in alone.description


def test_searches_are_drawn_by_number_of_items() -> None:
    (axes,) = draw_searches({"conjunction": {16: 8.4, 4: 2.6}}).axes
    chance, conjunction = axes.lines
    assert np.asarray(chance.get_xydata()).tolist() == [[4, 2.5], [16, 8.5]]
    assert np.asarray(conjunction.get_xydata()).tolist() == [[4, 2.6], [16, 8.4]]


def test_a_scene_is_described_from_its_boxes_and_the_gaze() -> None:
    said = draw_scene(SCENE, [GAZE]).description
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
    said = draw_priority(SEEN, [GAZE], scene=SCENE).description
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


def test_a_photograph_is_stored_small_and_true() -> None:
    photo = torch.zeros(60, 90, 3)
    photo[:30, :, 0], photo[30:, :, 2] = 0.8, 0.6
    jpeg = re.search(r"data:image/jpeg;base64,([^\"]+)", svg(draw_scene(photo)))
    assert jpeg
    stored = Image.open(BytesIO(base64.b64decode(jpeg[1]))).convert("RGB")
    assert stored.size == (90, 60)
    assert stored.getpixel((45, 10)) == pytest.approx((204, 0, 0), abs=6)
    assert stored.getpixel((45, 50)) == pytest.approx((0, 0, 153), abs=6)


def test_the_handover_is_the_one_that_was_computed() -> None:
    said = draw_handover(bottom_up(MAPS), WANTED, SCENE).description
    point = re.search(r"goes over to the book at (\d\.\d\d)", said)
    assert point
    before, after = float(point[1]) - 0.01, float(point[1]) + 0.01
    for volition, name in ((before, "cup"), (after, "book")):
        seen, wanted = bottom_up(MAPS), WANTED
        mixed = (1 - volition) * seen / seen.max() + volition * wanted / wanted.max()
        assert SCENE.object_at(*fixate(mixed)) == name


def test_the_gazes_of_the_handover_are_in_the_middle_of_their_pixels() -> None:
    figure = draw_handover(bottom_up(MAPS), WANTED, SCENE)
    (dots,) = figure.artists
    assert isinstance(dots, Line2D)
    places = np.asarray(dots.get_xydata()) * figure.dpi
    for volition, axes, place in zip(VOLITIONS, figure.axes, places, strict=False):
        row, column = fixate(mix(bottom_up(MAPS), WANTED, volition))
        there = axes.transData.inverted().transform(place)
        assert there.tolist() == pytest.approx([column + 0.5, row + 0.5], abs=0.01)


def test_the_maps_of_the_handover_share_one_scale_and_keep_their_peaks() -> None:
    figure = draw_handover(bottom_up(MAPS), WANTED, SCENE)
    images = figure.findobj(CellImage)
    assert len(images) == len(VOLITIONS)
    for volition, image in zip(VOLITIONS, images, strict=True):
        peak = mix(bottom_up(MAPS), WANTED, volition).max().item()
        assert isinstance(image, CellImage)
        assert image.get_clim() == (0, 1)
        assert np.asarray(image.get_array()).max() == pytest.approx(peak)


@pytest.mark.parametrize("odd", [float("nan"), float("inf"), -0.5])
def test_a_map_that_no_scale_from_zero_shows_is_refused(odd: float) -> None:
    values = torch.ones(20, 30)
    values[3, 4] = odd
    with pytest.raises(ValueError, match="finite and not negative, got values from"):
        draw_priority(values)
    with pytest.raises(ValueError, match="finite and not negative, got values from"):
        draw_maps(values.expand(6, -1, -1))


def test_one_item_is_one_item() -> None:
    said = draw_searches({"feature": {1: 1.0, 2: 1.5}}).description
    assert "1.0 fixations among 1 item, 1.5 fixations among 2 items" in said


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(ValueError, match="'en', 'zh', got 'fr'"):
        draw_scene(SCENE, lang="fr")  # type: ignore[arg-type]


def test_a_handover_that_does_not_begin_on_the_cup_is_refused() -> None:
    grey = desk(0, cup_color=(0.42, 0.42, 0.42))
    with pytest.raises(ValueError, match="begins on newspaper, not on the cup"):
        draw_handover(bottom_up(feature_maps(grey.image)), WANTED, grey)
    with pytest.raises(ValueError, match="'pen'"):
        draw_handover(bottom_up(MAPS), WANTED, SCENE, target="pen")


def test_other_shapes_are_refused() -> None:
    with pytest.raises(ValueError, match="floating point"):
        draw_scene(torch.zeros(4, 4, 3, dtype=torch.uint8))
    with pytest.raises(ValueError, match="lies in"):
        draw_scene(torch.full((4, 4, 3), 2.0))
    with pytest.raises(TypeError, match="got ndarray"):
        draw_scene(torch.zeros(4, 4, 3).numpy())  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="80 × 120"):
        draw_priority(torch.rand(80, 120), scene=SCENE)
    with pytest.raises(ValueError, match=r"\(H, W, 3\)"):
        draw_scene(torch.zeros(4, 4))
    with pytest.raises(ValueError, match=r"\(H, W\)"):
        draw_priority(torch.zeros(2, 4, 4))
    with pytest.raises(ValueError, match=r"\(6, H, W\)"):
        draw_maps(torch.zeros(5, 4, 4))
    with pytest.raises(ValueError, match="the maps are 80 × 120, the scene 160 × 240"):
        draw_maps(torch.zeros(6, 80, 120), scene=SCENE)
    with pytest.raises(ValueError, match="got pop-out"):
        draw_searches({"pop-out": {4: 1.0}})
