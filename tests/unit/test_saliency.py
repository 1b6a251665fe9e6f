"""The model of attention: what it computes, and that it finds the cup for the right reason."""

import math
from collections.abc import Callable, Sequence

import pytest
import torch
from torch import Tensor

from attncues.saliency import (
    CHANNELS,
    FLOOR,
    bottom_up,
    feature_maps,
    fixate,
    handover,
    learn_objects,
    mix,
    priority,
    scan_path,
    target_query,
    target_weights,
    top_down,
)
from attncues.scenes import RED, Scene, desk, search_display

SEEDS = range(50)
LESSONS = [desk(seed) for seed in range(1000, 1005)]
LESSON_MAPS = feature_maps(torch.stack([lesson.image for lesson in LESSONS]))
BOOK = target_weights(LESSON_MAPS, [lesson.boxes["book"] for lesson in LESSONS])


def patch(color: tuple[float, float, float], ground: float = 0.5) -> Tensor:
    """A small coloured square on grey."""
    image = torch.full((60, 90, 3), ground)
    image[26:34, 41:49] = torch.tensor(color)
    return image


def looked_at(seed: int, change: Callable[[Tensor], Tensor] = lambda image: image) -> str | None:
    scene = desk(seed)
    return scene.object_at(*fixate(priority(change(scene.image))))


# What it finds


def test_the_cup_wins_by_a_margin_on_every_desk() -> None:
    for seed in SEEDS:
        scene = desk(seed)
        seen = priority(scene.image)
        assert scene.object_at(*fixate(seen)) == "cup"
        top, bottom, left, right = scene.boxes["cup"]
        seen[top:bottom, left:right] = 0
        assert seen.max() < 1 / 1.4  # of the cup, whose priority is one


def test_the_cup_in_a_grey_of_equal_intensity_loses() -> None:
    grey = (sum(RED) / 3,) * 3
    scenes = [desk(seed, cup_color=grey) for seed in SEEDS]
    winners = [scene.object_at(*fixate(priority(scene.image))) for scene in scenes]
    assert winners.count("cup") <= 1
    assert winners.count("book") >= 45


def test_the_cup_in_a_grey_picture_loses() -> None:
    def grey(image: Tensor) -> Tensor:
        return image.mean(-1, keepdim=True).expand_as(image)

    assert sum(looked_at(seed, grey) == "cup" for seed in SEEDS) <= 2


def test_a_green_cup_wins_as_well_so_it_is_contrast_and_not_redness() -> None:
    assert all(looked_at(seed, lambda image: image[..., [1, 0, 2]]) == "cup" for seed in SEEDS)


def test_a_mirrored_picture_gives_the_mirrored_map() -> None:
    for seed in range(5):
        image = desk(seed).image
        mirrored = priority(image.flip(1)).flip(1)
        torch.testing.assert_close(mirrored, priority(image), atol=1e-4, rtol=0)


def test_volition_hands_attention_from_the_cup_to_the_book() -> None:
    points = []
    for seed in SEEDS:
        scene = desk(seed)
        maps = feature_maps(scene.image)
        seen, wanted = bottom_up(maps), top_down(maps, BOOK)
        assert scene.object_at(*fixate(mix(seen, wanted, 0.0))) == "cup"
        assert scene.object_at(*fixate(mix(seen, wanted, 1.0))) == "book"
        points.append(handover(seen, wanted, scene.boxes["book"]))
        assert scene.object_at(*fixate(mix(seen, wanted, points[-1] - 0.002))) == "cup"
        assert scene.object_at(*fixate(mix(seen, wanted, points[-1]))) == "book"
    assert min(points) > 0.3
    assert max(points) < 0.6


def learn(seeds: Sequence[int]) -> dict[str, Tensor]:
    """Learn the objects of the desk from some desks."""
    lessons = [desk(seed) for seed in seeds]
    images = torch.stack([lesson.image for lesson in lessons])
    return learn_objects(images, [lesson.boxes for lesson in lessons])


def found(name: str, learned: Sequence[dict[str, Tensor]], desks: Sequence[Scene]) -> list[float]:
    """For each lesson, the share of desks on which an object is found."""
    queries = torch.stack([target_query(weights[name]) for weights in learned])
    hits = torch.zeros(len(learned))
    for scene in desks:
        maps = feature_maps(scene.image)
        assert (maps.amax((1, 2)) > FLOOR).all()  # so this is top_down, for all lessons at once:
        places = (queries @ maps.flatten(1)).argmax(1).tolist()
        on = [scene.object_at(*divmod(place, scene.image.shape[1])) for place in places]
        hits += torch.tensor([one == name for one in on])
    return (hits / len(desks)).tolist()


@pytest.mark.thorough
def test_what_five_looks_teach_holds_on_desks_never_seen() -> None:
    learned = [learn(range(5 * number, 5 * number + 5)) for number in range(20)]
    unseen = [desk(seed) for seed in range(2000, 2200)]
    for name in ("book", "cup"):
        rates = found(name, learned, unseen)
        assert sum(rate >= 0.95 for rate in rates) >= 19


def test_five_looks_make_good_what_a_desk_with_the_cup_beside_the_book_teaches() -> None:
    """On desks 5 and 7 the halo of the cup falls into the box of the book."""
    unseen = [desk(seed) for seed in range(2000, 2040)]
    alone = [learn([5]), learn([7])]
    assert all(weights["book"][CHANNELS.index("green")] > 1 for weights in alone)
    assert max(found("book", alone, unseen)) < 0.5
    among = [learn([5, 0, 1, 2, 3]), learn([4, 6, 7, 8, 9]), learn([3, 4, 5, 6, 7])]
    assert min(found("book", among, unseen)) >= 0.95


def test_one_call_from_image_to_priority_agrees_with_its_steps() -> None:
    image = desk(7).image
    maps = feature_maps(image)
    steps = mix(bottom_up(maps), top_down(maps, BOOK), 0.3)
    assert torch.equal(priority(image, BOOK, 0.3), steps)


def fixations(kind: str, items: int, seed: int, weights: Tensor | None = None) -> int:
    scene = search_display(items, kind, seed)  # type: ignore[arg-type]
    maps = feature_maps(scene.image)
    seen = bottom_up(maps) if weights is None else top_down(maps, weights)
    path = [scene.object_at(*place) for place in scan_path(seen, 3 * items)]
    return path.index("target") + 1


def test_a_feature_pops_out_and_a_conjunction_is_found_in_random_order() -> None:
    lesson = search_display(16, "conjunction", seed=1000)
    weights = target_weights(feature_maps(lesson.image), lesson.boxes["target"])
    for items in (4, 32):
        assert {fixations("feature", items, seed) for seed in range(8)} == {1}
        assert {fixations("conjunction", items, seed, weights) for seed in range(8)} == {1}
        free = torch.tensor([float(fixations("conjunction", items, seed)) for seed in range(30)])
        standard_error = (items**2 / 12 / 30) ** 0.5
        assert abs(free.mean() - (items + 1) / 2) < 3.5 * standard_error


# Feature maps


@pytest.mark.parametrize(
    ("color", "channel"),
    [
        ((0.9, 0.9, 0.9), "bright"),
        ((0.1, 0.1, 0.1), "dark"),
        ((0.8, 0.2, 0.5), "red"),
        ((0.2, 0.8, 0.5), "green"),
        ((0.3, 0.3, 0.9), "blue"),
        ((0.7, 0.7, 0.1), "yellow"),
    ],
)
def test_each_map_responds_to_what_it_is_named_after(
    color: tuple[float, float, float], channel: str
) -> None:
    at_patch = feature_maps(patch(color))[:, 30, 45]
    assert CHANNELS[int(at_patch.argmax())] == channel
    assert at_patch.max() > 0.05


def test_a_map_is_a_difference_of_gaussians() -> None:
    """At a step edge the blur is known: Φ(x / σ)."""
    image = torch.zeros(240, 240, 3)
    image[:, 120:] = 1.0
    distance = torch.arange(240) + 0.5 - 120
    expected = torch.zeros(240)
    for centre, surround in ((4.0, 16.0), (8.0, 32.0)):
        step = torch.special.ndtr(distance / centre) - torch.special.ndtr(distance / surround)
        expected += step / 2
    bright, dark = feature_maps(image)[:2, 120]
    torch.testing.assert_close(bright - dark, expected, atol=2e-3, rtol=0)


def test_far_from_a_colour_there_is_nothing_of_it() -> None:
    """Not numbers so small (subnormal) that a processor takes many times longer for them."""
    image = torch.full((64, 240, 3), 0.5)
    image[28:36, 20:28, 0] = 0.9
    maps = feature_maps(image)
    assert maps[CHANNELS.index("red")].max() > 0.05
    assert maps[:, :, 120:].max() < 1e-6  # a blur of an even grey rounds
    assert maps[2:, :, 120:].max() == 0
    assert maps[maps > 0].min() > torch.finfo(maps.dtype).tiny


def test_maps_keep_their_absolute_range() -> None:
    strong, weak = feature_maps(patch((0.9, 0.9, 0.9))), feature_maps(patch((0.6, 0.6, 0.6)))
    torch.testing.assert_close(weak[0] * 4, strong[0], atol=1e-4, rtol=0)


def test_a_larger_picture_of_the_same_thing_gives_the_same_maps() -> None:
    image = desk(2).image
    small = torch.nn.functional.avg_pool2d(image.movedim(-1, 0), 2).movedim(0, -1)
    maps = torch.nn.functional.avg_pool2d(feature_maps(image), 2)
    assert (feature_maps(small) - maps).abs().max() < 0.03


def test_a_batch_is_its_images_one_by_one() -> None:
    images = torch.stack([desk(seed).image for seed in range(4)]).reshape(2, 2, 160, 240, 3)
    together = priority(images, BOOK, 0.4)
    assert together.shape == (2, 2, 160, 240)
    for i in range(2):
        for j in range(2):
            alone = priority(images[i, j], BOOK, 0.4)
            torch.testing.assert_close(together[i, j], alone, atol=1e-5, rtol=0)


def test_gradients_flow_to_the_image_and_the_weights() -> None:
    image = patch((0.8, 0.3, 0.3)).requires_grad_()
    weights = torch.tensor([0.5, 0.5, 2.0, 0.5, 0.5, 1.5], requires_grad=True)
    priority(image, weights, 0.5)[30, 45].backward()
    for tensor in (image, weights):
        assert tensor.grad is not None
        assert tensor.grad.isfinite().all()
    assert weights.grad is not None
    assert weights.grad[2] != 0


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_results_have_the_dtype_of_the_image(dtype: torch.dtype) -> None:
    assert priority(patch((1, 0, 0)).to(dtype)).dtype == dtype


# Bottom-up and top-down


def test_where_there_is_nothing_to_see_saliency_is_zero() -> None:
    blank = torch.full((40, 50, 3), 0.3)
    assert priority(blank).abs().max() == 0
    assert priority(blank, BOOK, 1.0).abs().max() == 0
    with pytest.raises(ValueError, match="nothing stands out"):
        fixate(priority(blank, BOOK, 0.5))


def test_a_response_below_the_floor_counts_nothing() -> None:
    assert bottom_up(feature_maps(patch((0.51, 0.51, 0.51)))).max() == 0


def test_the_rarer_of_two_equal_things_wins() -> None:
    """Three dark squares and one bright one, all of the same contrast: 1 against 1 / √3."""
    image = torch.full((120, 180, 3), 0.5)
    for left in (20, 60, 100):
        image[50:60, left : left + 10] = 0.2
    image[50:60, 140:150] = 0.8
    seen = bottom_up(feature_maps(image))
    row, column = fixate(seen)
    assert 50 <= row < 60
    assert 140 <= column < 150
    assert (seen[55, 145] / seen[55, 65]).item() == pytest.approx(3**0.5, rel=0.05)


def stripe(level: float, side: int = 120) -> Tensor:
    image = torch.full((side, side * 3 // 2, 3), 0.5)
    image[:, side // 2 : side // 2 + side // 12] = level
    return image


def test_an_edge_counts_the_same_however_it_lies_and_whatever_rounding_does() -> None:
    seen = bottom_up(feature_maps(stripe(0.9))).max()
    turned = bottom_up(feature_maps(stripe(0.9).transpose(0, 1))).max()
    torch.testing.assert_close(turned, seen, rtol=0.02, atol=0)
    noise = 1e-6 * torch.rand(120, 180, 3, generator=torch.Generator().manual_seed(0))
    torch.testing.assert_close(
        bottom_up(feature_maps(stripe(0.9) + noise)).max(), seen, rtol=0.02, atol=0
    )
    weaker = bottom_up(feature_maps(stripe(0.7))).max()
    torch.testing.assert_close(weaker * 2, seen, rtol=0.02, atol=0)
    larger = bottom_up(feature_maps(stripe(0.9, side=240))).max()
    torch.testing.assert_close(larger, seen, rtol=0.15, atol=0)


def test_weights_are_the_ratio_of_means() -> None:
    maps = torch.full((6, 10, 10), 0.1)
    maps[0, :5, :5] = 0.4
    maps[1, :5, :5] = 0.05
    maps[2] = 0.0
    weights = target_weights(maps, (0, 5, 0, 5))
    torch.testing.assert_close(weights, torch.tensor([4.0, 0.5, 1.0, 1.0, 1.0, 1.0]))


def test_weights_of_several_looks_are_their_geometric_mean() -> None:
    maps = torch.full((2, 6, 10, 10), 0.1)
    maps[0, 0, :5, :5] = 0.4
    maps[1, 0, 5:, 5:] = 0.9
    maps[1, 1, 5:, 5:] = 0.025
    boxes = [(0, 5, 0, 5), (5, 10, 5, 10)]
    expected = torch.tensor([6.0, 0.5, 1.0, 1.0, 1.0, 1.0])
    torch.testing.assert_close(target_weights(maps, boxes), expected)
    torch.testing.assert_close(
        target_weights(maps[:1], boxes[:1]), target_weights(maps[0], boxes[0])
    )


def test_objects_are_learned_as_one_by_one() -> None:
    images = torch.stack([lesson.image for lesson in LESSONS])
    learned = learn_objects(images, [lesson.boxes for lesson in LESSONS])
    assert list(learned) == list(LESSONS[0].boxes)
    assert torch.equal(learned["book"], BOOK)


def test_top_down_is_excitation_less_inhibition() -> None:
    maps = torch.rand(6, 8, 9, generator=torch.Generator().manual_seed(0))
    weights = torch.tensor([3.0, 0.5, 1.0, 2.0, 0.25, 1.0])
    expected = 3 * maps[0] + 2 * maps[3] - 2 * maps[1] - 4 * maps[4]
    torch.testing.assert_close(top_down(maps, weights), expected.relu())
    assert target_query(weights).tolist() == [3.0, -2.0, 0.0, 2.0, -4.0, 0.0]


def test_a_feature_that_the_target_lacks_inhibits_within_bounds() -> None:
    assert target_query(torch.zeros(6)).tolist() == [-20.0] * 6


@pytest.mark.parametrize("dtype", [torch.float16, torch.float32])
def test_a_feature_that_only_the_target_has_excites_within_bounds(dtype: torch.dtype) -> None:
    maps = torch.zeros(6, 10, 10, dtype=dtype)
    maps[2, :5, :5] = 0.5
    weights = target_weights(maps, (0, 5, 0, 5))
    assert weights.tolist() == [1, 1, 20, 1, 1, 1]
    assert top_down(maps, weights)[0, 0] == 10


# Looking


def test_a_gaze_goes_to_the_highest_place() -> None:
    seen = torch.zeros(5, 7)
    seen[3, 2] = 1
    assert fixate(seen) == (3, 2)


def test_a_scan_path_does_not_return_and_ends_when_nothing_is_left() -> None:
    seen = torch.zeros(24, 24)
    seen[4, 4], seen[4, 5], seen[20, 8], seen[12, 20] = 1.0, 0.95, 0.9, 0.5
    before = seen.clone()
    assert scan_path(seen, 10) == [(4, 4), (20, 8), (12, 20)]
    assert scan_path(seen, 2) == [(4, 4), (20, 8)]
    assert scan_path(seen, 4, radius=0.01) == [(4, 4), (4, 5), (20, 8), (12, 20)]
    assert torch.equal(seen, before)
    wide = torch.zeros(24, 48)  # the radius goes by the shorter side
    wide[4, 4], wide[4, 7] = 1.0, 0.9
    assert scan_path(wide, 2) == [(4, 4), (4, 7)]


# Errors


@pytest.mark.parametrize(
    ("image", "message"),
    [
        (torch.zeros(20, 20, 3, dtype=torch.uint8), r"image.float\(\) / 255"),
        (torch.full((20, 20, 3), 200.0), "divide by 255"),
        (torch.full((20, 20, 3), 1.0001), r"1.0001.*clamp\(0, 1\)"),
        (torch.full((20, 20, 3), -0.1), "must lie in"),
        (torch.full((20, 20, 3), float("nan")), "must lie in"),
        (torch.zeros(3, 20, 20), r"movedim\(-3, -1\)"),
        (torch.zeros(20, 20, 4), "drop the fourth channel"),
        (torch.zeros(20, 20), "shape"),
        (torch.zeros(10, 20, 3), "at least 16"),
        (torch.zeros(0, 20, 20, 3), "no image"),
    ],
)
def test_an_image_that_is_none_is_refused_with_advice(image: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        feature_maps(image)


def test_an_array_is_refused() -> None:
    with pytest.raises(TypeError, match="got ndarray"):
        feature_maps(desk(0).image.numpy())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "box",
    [(5, 5, 0, 3), (0, 10, 0, 10), (0, 3, 0, 11), (-1, 3, 0, 3), (0, 3, 0), (0.0, 3.0, 0.0, 3.0)],
)
def test_a_box_outside_the_image_is_refused(box: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="inside an image of 10 × 10"):
        target_weights(torch.rand(6, 10, 10), box)


@pytest.mark.parametrize("volition", [-0.1, 1.1, float("nan")])
def test_volition_beyond_its_ends_is_refused(volition: float) -> None:
    with pytest.raises(ValueError, match=r"volition must lie in \[0, 1\]"):
        priority(patch((1, 0, 0)), BOOK, volition)


def test_volition_without_a_target_is_refused() -> None:
    with pytest.raises(ValueError, match="needs a target"):
        priority(patch((1, 0, 0)), volition=0.5)


@pytest.mark.parametrize(
    ("weights", "message"),
    [
        (torch.ones(5), "6 numbers"),
        (torch.tensor([1.0, 1, 1, 1, 1, -1]), "not negative"),
        (torch.full((6,), float("inf")), "finite"),
        (torch.ones(6, dtype=torch.float64), "convert with"),
    ],
)
def test_weights_that_are_none_are_refused(weights: Tensor, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        top_down(torch.rand(6, 10, 10), weights)


def test_maps_of_another_number_are_refused() -> None:
    with pytest.raises(ValueError, match="make them with feature_maps"):
        bottom_up(torch.rand(3, 10, 10))


def test_each_look_needs_its_box() -> None:
    maps, box = torch.rand(2, 6, 10, 10), (0, 3, 0, 3)
    with pytest.raises(ValueError, match="2 looks need a list of as many boxes"):
        target_weights(maps, box)
    with pytest.raises(ValueError, match=r"one look \(6, H, W\) or several"):
        target_weights(maps[None], [box, box])
    with pytest.raises(ValueError, match="box must be"):
        target_weights(maps[0], [box, box])


def test_lessons_that_differ_in_objects_are_refused() -> None:
    images, box = torch.rand(2, 16, 16, 3), (0, 3, 0, 3)
    with pytest.raises(ValueError, match=r"same objects, got \[\['cup'\], \['pen'\]\]"):
        learn_objects(images, [{"cup": box}, {"pen": box}])
    with pytest.raises(TypeError, match="for each scene"):
        learn_objects(images, {"cup": box})  # type: ignore[arg-type]


@pytest.mark.parametrize("seen", [torch.zeros(2, 5, 5), torch.zeros(0, 5), torch.zeros(5)])
def test_a_map_to_look_at_is_one_map(seen: Tensor) -> None:
    with pytest.raises(ValueError, match=r"shape \(H, W\)"):
        fixate(seen)


def test_a_map_with_a_hole_is_refused() -> None:
    with pytest.raises(ValueError, match="not finite"):
        fixate(torch.tensor([[0.0, float("nan")]]))


def test_a_negative_priority_is_refused() -> None:
    with pytest.raises(ValueError, match="negative"):
        scan_path(torch.tensor([[0.0, -1.0]]), 2)


@pytest.mark.parametrize(("fixations", "radius"), [(0, 0.1), (-1, 0.1), (2, -0.1), (2, math.nan)])
def test_a_path_of_no_length_or_size_is_refused(fixations: int, radius: float) -> None:
    with pytest.raises(ValueError, match="at least one fixation"):
        scan_path(torch.rand(5, 5), fixations, radius=radius)


def test_maps_of_two_shapes_are_not_mixed() -> None:
    with pytest.raises(ValueError, match="of one shape"):
        mix(torch.rand(5, 5), torch.rand(1, 5), 0.5)


def test_gradients_flow_after_a_look_in_inference_mode() -> None:
    image = torch.rand(37, 41, 3, dtype=torch.float64)
    with torch.inference_mode():
        feature_maps(image)
    feature_maps(image.requires_grad_()).sum().backward()
    assert image.grad is not None


def test_attention_that_does_not_change_hands_is_said() -> None:
    one, other = torch.zeros(4, 4), torch.zeros(4, 4)
    one[0, 0], other[3, 3] = 1, 1
    assert handover(one, other, (2, 4, 2, 4)) == pytest.approx(0.5, abs=0.002)
    with pytest.raises(ValueError, match="before anything is wanted"):
        handover(one, other, (0, 2, 0, 2))
    with pytest.raises(ValueError, match=r"not in the box .* even at volition 1"):
        handover(one, other, (0, 2, 2, 4))
