"""The cells of the page “For the curious: visual search”."""

# %% search
from attncues.saliency import bottom_up, feature_maps, scan_path


def search(scene, priority_map):
    """Look around until the target is found, and return the path."""
    path = scan_path(priority_map, 2 * len(scene.boxes))
    on = [scene.object_at(*place) for place in path]
    return path[: on.index("target") + 1]


# %% search-feature tags=["figure"]
from attncues.gaze import draw_scene
from attncues.scenes import search_display

feature = search_display(16, "feature", seed=9)
easy_path = search(feature, bottom_up(feature_maps(feature.image)))
draw_scene(feature, easy_path)


# %% search-feature-checked tags=["hide-input"]
def discs(scene):
    """Tell of each disc, the target first, if it is red and if bright."""
    told = []
    for top, bottom, left, right in scene.boxes.values():
        color = scene.image[(top + bottom) // 2, (left + right) // 2]
        told.append((bool(color[0] > color[1]), color.mean().item() > 0.5))
    return told


items = len(feature.boxes)
reds = [red for red, _ in discs(feature)]
only_one_is_red = reds.count(True) == 1
all_others_are_green = not any(reds[1:])
gaze_finds_the_red_disc_at_the_first_fixation = (
    reds[0] and len(easy_path) == 1
)

# %% search-conjunction tags=["figure"]
conjunction = search_display(16, "conjunction", seed=9)
hard_path = search(conjunction, bottom_up(feature_maps(conjunction.image)))
draw_scene(conjunction, hard_path)

# %% search-conjunction-checked tags=["hide-input"]
found_at_fixation, as_many = len(hard_path), len(conjunction.boxes)
others = found_at_fixation - 1
names = list(conjunction.boxes)
on = [
    names.index(str(conjunction.object_at(*place))) for place in hard_path
]
looked_at = [discs(conjunction)[number] for number in on]
last_is_both_red_and_bright = looked_at[-1] == (True, True)
none_before_is_red_and_bright = (True, True) not in looked_at[:-1]

# %% count
from attncues.saliency import target_weights, top_down

lesson = search_display(16, "conjunction", seed=1000)
weights = target_weights(feature_maps(lesson.image), lesson.boxes["target"])

# %% count-checked tags=["hide-input"]
from attncues.saliency import CHANNELS

displays, sizes = 40, [4, 8, 16, 32]
kinds = ["feature", "conjunction", "guided"]
counts = {kind: {items: [] for items in sizes} for kind in kinds}
told = {"feature": [], "conjunction": []}


def count(kind, scene, priority_map):
    counts[kind][len(scene.boxes)].append(len(search(scene, priority_map)))


for size in sizes:
    for seed in range(displays):
        easy = search_display(size, "feature", seed)
        count("feature", easy, bottom_up(feature_maps(easy.image)))
        hard = search_display(size, "conjunction", seed)
        maps = feature_maps(hard.image)
        count("conjunction", hard, bottom_up(maps))
        count("guided", hard, top_down(maps, weights))
        told["feature"].append(discs(easy))
        told["conjunction"].append(discs(hard))


def shares(kind, feature):
    """Find which shares of all discs have a feature, over the displays."""
    return {
        sum(disc[feature] for disc in one) / len(one) for one in told[kind]
    }


of_red, of_bright = shares("conjunction", 0), shares("conjunction", 1)
half_of_all_discs_are_red_and_half_are_green = of_red == {0.5}
half_are_bright_and_half_are_dark = of_bright == {0.5}
no_feature_is_rarer_than_its_opposite = (
    half_of_all_discs_are_red_and_half_are_green
    and half_are_bright_and_half_are_dark
)
only_the_target_is_both_red_and_bright = all(
    [both for both in one if both == (True, True)] == one[:1]
    for one in told["conjunction"]
)
only_one_disc_is_green_and_dark = all(
    one.count((False, False)) == 1 for one in told["conjunction"]
)
of_bright_there = shares("feature", 1)
half_of_discs_are_bright_and_half_are_dark_there_too = of_bright_there == {
    0.5
}
only_the_target_is_red_there = all(
    [red for red, _ in one] == [True] + [False] * (len(one) - 1)
    for one in told["feature"]
)
two_largest = {
    CHANNELS[place] for place in weights.argsort(descending=True)[:2]
}
two_largest_weights_are_of_the_features_red_and_bright = two_largest == {
    "red",
    "bright",
}

# %% search-counts tags=["figure"]
from attncues.gaze import draw_searches

means = {
    kind: {size: sum(counts[kind][size]) / displays for size in sizes}
    for kind in kinds
}
draw_searches(means)

# %% search-counts-checked tags=["hide-input"]
from itertools import pairwise

few, many = sizes[0], sizes[-1]
most_by_feature, most_with_volitional_cue = (
    max(means[kind].values()) for kind in ("feature", "guided")
)
of_few, of_many = means["conjunction"][few], means["conjunction"][many]
rise = list(means["conjunction"].values())
lines_of_feature_search_and_guided_are_flat = (
    len({*means["feature"].values(), *means["guided"].values()}) == 1
)
feature_search_and_guided_conjunction_lines_are_the_same = (
    means["feature"] == means["guided"]
)
only_unguided_conjunction_rises = (
    lines_of_feature_search_and_guided_are_flat
    and all(before < after for before, after in pairwise(rise))
)
feature_takes_as_many_for_all_numbers_of_discs = (
    len({*means["feature"].values()}) == 1
)
conjunction_takes_more_and_does_not_pop_out = min(rise) > most_by_feature
guided_conjunction_takes_the_same_few_as_the_feature = (
    most_with_volitional_cue == most_by_feature
)
doubled = [
    means["feature"][2 * size] / means["feature"][size]
    for size in sizes[:-1]
]
if_the_discs_double_a_feature_takes = (
    "as many"
    if set(doubled) == {1.0}
    else "more"
    if min(doubled) > 1
    else "fewer"
)

# %% chance tags=["hide-input"]
expected_at_random_of_few, expected_at_random_of_many = (
    (few + 1) / 2,
    (many + 1) / 2,
)
off = [
    abs(fixations - (size + 1) / 2)
    / (size**2 / 12 / displays) ** 0.5  # standard errors
    for size, fixations in means["conjunction"].items()
]
search_is_not_told_from_a_random_order = max(off) < 3

# %% photograph tags=["hide-input"]
import torch
from skimage import data

photograph = (
    torch.from_numpy(data.coffee()).movedim(-1, 0)[None].float() / 255
)
small = torch.nn.functional.interpolate(
    photograph, size=(192, 288), mode="area"
)
photo = small[0].movedim(0, -1)

# %% coffee tags=["figure"]
from attncues.saliency import priority

fixations = scan_path(priority(photo), 4)
draw_scene(photo, fixations)

# %% coffee-checked tags=["hide-input"]
first_four_fixations = len(fixations) == 4
_looks = [
    photo[max(r - 6, 0) : r + 7, max(c - 6, 0) : c + 7].reshape(-1, 3)
    for r, c in fixations
]
lightness = [_look.mean(dim=1).max().item() for _look in _looks]
all_near_the_white_rim_of_the_cup = min(lightness) > 0.6
first_looks_on_the_photograph = (
    "rim"
    if all_near_the_white_rim_of_the_cup
    else "coffee"
    if max(lightness) < 0.2
    else "red"
)

# %% only-red

# bright, dark, red, green, blue, yellow: one is neither wanted nor unwanted
only_red = torch.tensor([1.0, 1.0, 2.0, 1.0, 1.0, 1.0])
scenes = [search_display(16, "conjunction", n) for n in range(displays)]
matches = [top_down(feature_maps(one.image), only_red) for one in scenes]
paths = [search(one, match) for one, match in zip(scenes, matches)]

# %% only-red-checked tags=["hide-input"]
numbers = [discs(one) for one in scenes]
all_items, red_ones = len(numbers[0]), sum(red for red, _ in numbers[0])
half_of_the_discs_are_red = all(
    2 * sum(red for red, _ in one) == len(one) for one in numbers
)
mean_length = sum(map(len, paths)) / displays
expected_red = (red_ones + 1) / 2
on_green = [
    one.image[place][1] > one.image[place][0]
    for one, path in zip(scenes, paths)
    for place in path
]
green_is_never_looked_at = not any(on_green)
half_the_work = expected_red < 0.6 * (all_items + 1) / 2
the_model_goes_through = (
    "the target"
    if mean_length == 1
    else "red"
    if green_is_never_looked_at
    else "all"
)
