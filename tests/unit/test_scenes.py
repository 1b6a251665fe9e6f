"""The desk and the search displays."""

from collections import Counter
from itertools import combinations

import pytest
import torch

from attncues.scenes import HEIGHT, WIDTH, Scene, desk, search_display

SEEDS = range(30)
OBJECTS = {"newspaper", "paper", "cup", "notebook", "book"}


def inside(scene: Scene, name: str) -> torch.Tensor:
    top, bottom, left, right = scene.boxes[name]
    return scene.image[top:bottom, left:right]


def colourfulness(pixels: torch.Tensor) -> torch.Tensor:
    return pixels.amax(-1) - pixels.amin(-1)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_desk_has_its_five_objects_apart_and_in_the_picture(seed: int) -> None:
    scene = desk(seed)
    assert set(scene.boxes) == OBJECTS
    for top, bottom, left, right in scene.boxes.values():
        assert 0 <= top < bottom <= HEIGHT
        assert 0 <= left < right <= WIDTH
    taken = Counter[tuple[int, int]]()
    for top, bottom, left, right in scene.boxes.values():
        taken.update((row, column) for row in range(top, bottom) for column in range(left, right))
    assert max(taken.values()) == 1


@pytest.mark.parametrize("seed", SEEDS)
def test_only_the_cup_has_a_colour(seed: int) -> None:
    scene = desk(seed)
    top, bottom, left, right = scene.boxes["cup"]
    colour = colourfulness(scene.image)
    assert colour[top:bottom, left:right].max() > 0.6
    colour[top:bottom, left:right] = 0
    assert colour.max() == 0


def test_an_image_is_what_models_take() -> None:
    image = desk(3).image
    assert image.shape == (HEIGHT, WIDTH, 3)
    assert image.dtype == torch.float32
    assert image.min() >= 0
    assert image.max() <= 1


def test_a_seed_decides_the_desk_and_the_colour_only_the_cup() -> None:
    assert torch.equal(desk(4).image, desk(4).image)
    boxes = {tuple(desk(seed).boxes.values()) for seed in SEEDS}
    assert len(boxes) == len(SEEDS)
    green = desk(4, cup_color=(0.1, 0.7, 0.2))
    assert green.boxes == desk(4).boxes
    top, bottom, left, right = green.boxes["cup"]
    changed = (green.image != desk(4).image).any(-1)
    assert changed[top:bottom, left:right].float().mean() > 0.3
    changed[top:bottom, left:right] = False
    assert not changed.any()


def test_a_grey_of_the_same_mean_leaves_the_intensity_as_it_was() -> None:
    color = (0.9, 0.2, 0.16)
    red, grey = desk(5, cup_color=color), desk(5, cup_color=(sum(color) / 3,) * 3)
    assert colourfulness(grey.image).max() == 0
    # Colours are painted in bytes and then averaged: each picture rounds twice.
    assert (red.image.mean(-1) - grey.image.mean(-1)).abs().max() <= 2 / 255


def test_boxes_fit_closely() -> None:
    """The ground is a known grey, so every other pixel belongs to an object."""
    scene = search_display(16, "conjunction", seed=4)
    marked = (scene.image - scene.image[0, 0]).abs().amax(-1) > 0.02
    for top, bottom, left, right in scene.boxes.values():
        rows, columns = marked[top:bottom, left:right].nonzero().T
        assert rows.min() <= 1
        assert columns.min() <= 1
        assert rows.max() >= bottom - top - 2
        assert columns.max() >= right - left - 2
        marked[top:bottom, left:right] = False
    assert not marked.any()


def test_sizes_and_angles_vary() -> None:
    sizes = {(bottom - top, right - left) for top, bottom, left, right in map(book, SEEDS)}
    assert len(sizes) > 10
    assert max(height for height, _ in sizes) > 1.08 * min(height for height, _ in sizes)


def book(seed: int) -> tuple[int, int, int, int]:
    return desk(seed).boxes["book"]


def test_the_default_dtype_does_not_matter() -> None:
    usual, display = desk(7), search_display(16, "feature", 1)
    try:
        torch.set_default_dtype(torch.float64)
        assert torch.equal(desk(7).image, usual.image)
        assert search_display(16, "feature", 1).boxes == display.boxes
    finally:
        torch.set_default_dtype(torch.float32)


def test_places_know_their_object() -> None:
    scene = desk(0)
    for name, (top, bottom, left, right) in scene.boxes.items():
        assert scene.object_at((top + bottom) / 2, (left + right) / 2) == name
        assert scene.object_at(top, left) == name
        assert scene.object_at(bottom, right) != name
    assert scene.object_at(0, 0) is None


def test_objects_can_be_told_apart_by_their_looks() -> None:
    """Papers are bright, the book is dark, and all have something printed on them."""
    scene = desk(0)
    light = {name: inside(scene, name).mean().item() for name in OBJECTS}
    assert max(light["book"], light["cup"]) < 0.5
    assert min(light[name] for name in ("newspaper", "paper", "notebook")) > 0.65
    assert all(inside(scene, name).std() > 0.1 for name in OBJECTS)


@pytest.mark.parametrize("color", [(1.2, 0, 0), (0.5, 0.5), "red", (0.1, None, 0.2), (-0.1, 0, 0)])
def test_a_colour_that_is_none_is_named(color: object) -> None:
    with pytest.raises(ValueError, match=r"\[0, 1\], got"):
        desk(0, cup_color=color)  # type: ignore[arg-type]


def features(scene: Scene, name: str) -> tuple[bool, bool]:
    """Whether a disc is redder than green, and brighter than the ground."""
    top, bottom, left, right = scene.boxes[name]
    red, green, _ = scene.image[(top + bottom) // 2, (left + right) // 2].tolist()
    ground = scene.image[0, 0].mean()
    middle = scene.image[(top + bottom) // 2, (left + right) // 2].mean()
    return red > green, bool(middle > ground)


@pytest.mark.parametrize("items", [4, 16, 40])
def test_a_feature_search_has_one_red_disc(items: int) -> None:
    scene = search_display(items, "feature", seed=2)
    looks = {name: features(scene, name) for name in scene.boxes}
    assert len(looks) == items
    assert [name for name, (red, _) in looks.items() if red] == ["target"]
    assert sum(bright for _, bright in looks.values()) == items / 2


@pytest.mark.parametrize("items", [4, 16, 40])
def test_a_conjunction_search_is_balanced(items: int) -> None:
    scene = search_display(items, "conjunction", seed=2)
    looks = {name: features(scene, name) for name in scene.boxes}
    assert [name for name, look in looks.items() if look == (True, True)] == ["target"]
    assert sum(red for red, _ in looks.values()) == items / 2
    assert sum(bright for _, bright in looks.values()) == items / 2


def test_discs_do_not_touch_and_move_with_the_seed() -> None:
    scene = search_display(40, "feature", seed=1)
    for one, other in combinations(scene.boxes.values(), 2):
        apart_down = one[1] <= other[0] or other[1] <= one[0]
        assert apart_down or one[3] <= other[2] or other[3] <= one[2]
    assert scene.boxes != search_display(40, "feature", seed=2).boxes


@pytest.mark.parametrize("items", [2, 5, 42, 8.0])
def test_a_number_of_items_that_cannot_be_balanced_is_named(items: int) -> None:
    with pytest.raises(ValueError, match="even number from 4 to 40"):
        search_display(items)


def test_a_kind_of_search_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="'pop-out'"):
        search_display(8, "pop-out")  # type: ignore[arg-type]
