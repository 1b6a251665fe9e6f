"""The cells of the page “Attention cues in biology”."""

# %% look
from attncues.saliency import fixate, priority
from attncues.scenes import desk

scene = desk(seed=0)
seen = priority(scene.image)
first_gaze = fixate(seen)
scene.object_at(*first_gaze)

# %% desk-first-gaze tags=["figure", "hide-input"]
from attncues.gaze import draw_priority, draw_scene

colourful = {
    name
    for name, (a, b, c, d) in scene.boxes.items()
    if scene.image[a:b, c:d].std(-1).max() > 0
}
all_paper_goods_are_black_and_white = colourful <= {"cup"}
cup_is_not_black_and_white = "cup" in colourful
five_objects_newspaper_paper_cup_notebook_book = {*scene.boxes} == {
    *("newspaper", "paper", "cup", "notebook", "book")
}
gaze_goes_to_the_cup = scene.object_at(*first_gaze) == "cup"
row, column = first_gaze
_red, _green, _blue = scene.image[row, column].tolist()
red_has_little_blue_in_it = _blue < _red / 3
gaze_lands_on_the_red_of_the_saucer = _red > 2 * max(_green, _blue)
draw_scene(scene, [first_gaze])

# %% desk-first-priority tags=["figure", "hide-input"]
highest_place_is_the_gaze = seen[row, column].item() == seen.max().item()
draw_priority(seen, [first_gaze], scene=scene)

# %% desk-maps tags=["figure"]
from attncues.gaze import draw_maps
from attncues.saliency import CHANNELS, feature_maps

maps = feature_maps(scene.image)
draw_maps(maps, scene=scene)

# %% desk-maps-checked tags=["hide-input"]
six_feature_maps = len(maps) == 6
six_maps_of_desk_bright_dark_red_green_blue_yellow = " ".join(CHANNELS) == (
    "bright dark red green blue yellow"
)
three_channels_with_two_maps_each_make_six = len(CHANNELS) == 2 * 3
strongest_map = CHANNELS[maps.amax(dim=(1, 2)).argmax()]
red_is_the_strongest_of_all = strongest_map == "red"


def strongest_at(name):
    """Find how strong each map gets on an object."""
    top, bottom, left, right = scene.boxes[name]
    return dict(
        zip(
            CHANNELS,
            maps[:, top:bottom, left:right].amax(dim=(1, 2)).tolist(),
        )
    )


peaks = {name: strongest_at(name) for name in scene.boxes}
sheets = [peaks[name] for name in ("newspaper", "paper", "notebook")]
paper_is_bright = all(max(one, key=one.get) == "bright" for one in sheets)
book_is_dark = max(peaks["book"], key=peaks["book"].get) == "dark"
only_the_cup_is_red = [
    name for name in peaks if peaks[name]["red"] > 0.1
] == ["cup"]
cup_is_yellow_too_against_grey = peaks["cup"]["yellow"] > 0.1
faint_rings_in_green_and_blue = (
    max(peaks["cup"]["green"], peaks["cup"]["blue"])
    < peaks["cup"]["red"] / 2
)
of_the_sum = divmod(maps.sum(dim=0).argmax().item(), scene.image.shape[1])
plain_sum_of_maps_would_choose_the_cup = (
    scene.object_at(*of_the_sum) == "cup"
)

# %% fifty-desks tags=["hide-input"]
from collections import Counter

import torch
from attncues.saliency import bottom_up
from attncues.scenes import RED

scenes = [desk(seed) for seed in range(50)]
equal_grey = (sum(RED) / 3,) * 3
repainted = [desk(seed, cup_color=equal_grey) for seed in range(50)]


def first_looks(scenes, maps):
    """Count how often each object is looked at first."""
    return Counter(
        one.object_at(*fixate(seen)) for one, seen in zip(scenes, maps)
    )


def seen_through(change):
    """Find the priority of each place of changed images."""
    return [priority(change(one.image)) for one in scenes]


def grey(image):
    return image.mean(-1, keepdim=True).expand_as(image)


def swap_red_and_green(image):
    return image[..., [1, 0, 2]]


def mirror(image_or_map):
    return image_or_map.flip(1)


blank = torch.full_like(scene.image, 0.5)
try:
    fixate(priority(blank))
except ValueError as error:
    refusal_of_nothing_but_grey = str(error)

desks = len(scenes)
seen_on = [priority(one.image) for one in scenes]
cup_in_colour = first_looks(scenes, seen_on)["cup"]
with_grey_cup = first_looks(
    repainted, [priority(one.image) for one in repainted]
)
cup_in_grey_of_the_same_intensity, gaze_goes_to_book_in_grey = (
    with_grey_cup["cup"],
    with_grey_cup["book"],
)
all_grey = first_looks(scenes, seen_through(grey))["cup"]
red_and_green_swapped = first_looks(
    scenes, seen_through(swap_red_and_green)
)["cup"]
mirrored = first_looks(scenes, map(mirror, seen_through(mirror)))["cup"]
grey_cup_is_nothing_special = (
    max(cup_in_grey_of_the_same_intensity, all_grey) <= 1
)
green_cup_does_the_same_as_red = red_and_green_swapped == cup_in_colour
cup_in_colour_wins_on_all = cup_in_colour == desks
repainted_maps = feature_maps(torch.stack([one.image for one in repainted]))


def importance(name):
    """Find by how much a map counts in the salience of each grey desk."""
    alone = torch.zeros_like(repainted_maps)
    place = CHANNELS.index(name)
    alone[:, place] = repainted_maps[:, place]
    return bottom_up(alone).amax((1, 2)) / repainted_maps[:, place].amax(
        (1, 2)
    )


# A map counts by one over the square root of the number of its peaks.
fewer_peaks_are_dark_than_bright_and_map_for_dark_counts_more = bool(
    (importance("dark") > importance("bright")).all()
)


# %% margin tags=["hide-input"]
def margin(scene, seen):
    """How many times the best other place the best place on the cup is."""
    top, bottom, left, right = scene.boxes["cup"]
    best = seen[top:bottom, left:right].max().item()
    elsewhere = seen.clone()
    elsewhere[top:bottom, left:right] = 0
    return best / elsewhere.max().item()


# Cut off after one decimal, so that "at least" is true of it.
at_least_this_margin = int(10 * min(map(margin, scenes, seen_on))) / 10
best_is_clearly_higher = at_least_this_margin > 1.3

# %% all-red tags=["hide-input"]
all_one_red = scene.image.mean(-1, keepdim=True) * torch.tensor(
    [1.0, 0.3, 0.3]
)
gaze_on_red = fixate(priority(all_one_red))
red_cup_does_not_win_among_red_things = (
    scene.object_at(*gaze_on_red) != "cup"
)
among_red_things_the_gaze_goes_to = scene.object_at(*gaze_on_red)

# %% lesson
from attncues.saliency import target_weights, top_down

lessons = [desk(seed) for seed in range(1000, 1005)]
lesson_maps = feature_maps(torch.stack([one.image for one in lessons]))
boxes = [one.boxes["book"] for one in lessons]
weights = target_weights(lesson_maps, boxes)
dict(zip(CHANNELS, [round(weight, 2) for weight in weights.tolist()]))

# %% lesson-checked tags=["hide-input"]
looks = len(lessons)
wanted = [
    name for name, weight in zip(CHANNELS, weights.tolist()) if weight > 1
]
book_is_dark_and_not_bright_and_no_colour = wanted == ["dark"]

# %% one-look tags=["hide-input"]
unseen_maps = feature_maps(torch.stack([one.image for one in scenes]))
seen_before = [desk(seed) for seed in range(1000, 1025)]
before_maps = feature_maps(torch.stack([one.image for one in seen_before]))
single_looks = len(seen_before)


def found_with(weights):
    """Look for one thing, and nothing else, on each of the desks."""
    places = top_down(unseen_maps, weights).flatten(1).argmax(1).tolist()
    width = scene.image.shape[1]
    return [
        one.object_at(*divmod(at, width)) for one, at in zip(scenes, places)
    ]


after = {True: [], False: []}
learned_close_by = Counter()
for one, its_maps in zip(seen_before, before_maps):
    of_book = target_weights(its_maps, one.boxes["book"])
    wants_green = bool(of_book[CHANNELS.index("green")] > 1)
    after[wants_green].append(Counter(found_with(of_book)))
    if wants_green:
        above_one = [k for k, w in zip(CHANNELS, of_book) if w > 1]
        learned_close_by[" ".join(above_one)] += 1
misled, one_alone_finds_the_book_on_no_more_than = (
    len(after[True]),
    max(on["book"] for on in after[True]),
)
cup_on_all_others = all(
    on["book"] + on["cup"] == desks for on in after[True]
)
rest_finds_the_book_on_all = all(on["book"] == desks for on in after[False])
((what_a_single_look_can_take_for_a_book, _),) = (
    learned_close_by.most_common(1)
)

# %% desk-second-gaze tags=["figure"]
from attncues.gaze import draw_cues

its_desk, its_priority = draw_cues("book")
its_desk

# %% desk-second-priority tags=["figure", "hide-input"]
for_book = priority(scene.image, weights, volition=1.0)
second_gaze = fixate(for_book)
second_gaze_is_on_the_book = scene.object_at(*second_gaze) == "book"
cup_does_not_win = scene.object_at(*second_gaze) != "cup"
_top, _bottom, _left, _right = scene.boxes["cup"]
_cut = for_book[_top:_bottom, _left:_right]
_row, _column = divmod(int(_cut.argmax()), _right - _left)
left_of_cup = scene.image[_top + _row, _left + _column].mean().item()
speck_of_dark_coffee_is_left_of_the_cup = its_coffee_is_dark = (
    left_of_cup < 0.3
)
its_priority

# %% without-colour tags=["hide-input"]
without_colour = repainted[0]
cup_weights = target_weights(
    lesson_maps, [one.boxes["cup"] for one in lessons]
)
gaze_goes_to_instead_of_grey_cup = without_colour.object_at(
    *fixate(priority(without_colour.image))
)
who_looks_for_the_cup_ends_at = without_colour.object_at(
    *fixate(priority(without_colour.image, cup_weights, volition=1.0))
)
learned = dict(zip(CHANNELS, cup_weights.tolist()))
from_red_cups_colour_above_all_then_dark = (
    1 < learned["dark"] < min(learned[hue] for hue in CHANNELS[2:])
)
grey_maps = feature_maps(without_colour.image)
no_colour_is_left = grey_maps[2:].max().item() < 0.001
_darkest = divmod(grey_maps[1].argmax().item(), scene.image.shape[1])
darkest_thing_is_the_best_match = (
    without_colour.object_at(*_darkest) == who_looks_for_the_cup_ends_at
)

# %% desk-handover tags=["figure"]
from attncues.gaze import draw_handover
from attncues.saliency import handover

salience, match = bottom_up(maps), top_down(maps, weights)
draw_handover(salience, match, scene)

# %% desk-handover-checked tags=["hide-input"]
rises_from_the_cup_to_the_book_at = handover(
    salience, match, scene.boxes["book"]
)


def at_cup(volition):
    """How high priority gets on the cup."""
    mixed = (
        1 - volition
    ) * salience / salience.max() + volition * match / match.max()
    top, bottom, left, right = scene.boxes["cup"]
    return mixed[top:bottom, left:right].max().item()


cup_rises_again_at_the_end = at_cup(1.0) > min(
    at_cup(step / 20) for step in range(20)
)

# %% points tags=["hide-input"]
points = []
seen_there, wanted_there = (
    bottom_up(unseen_maps),
    top_down(unseen_maps, weights),
)
for one, its_salience, its_match in zip(scenes, seen_there, wanted_there):
    points.append(handover(its_salience, its_match, one.boxes["book"]))
earliest, latest = min(points), max(points)
average_point = sum(points) / len(points)
on_all_desks_at_nearly_the_same = (
    len(points) == desks and latest - earliest < 0.1
)

# %% crossing tags=["hide-input"]
saliences, matches, apart = [], [], []
for point, its_salience, its_match in zip(points, seen_there, wanted_there):
    cup_place, book_place = fixate(its_salience), fixate(its_match)
    s = (its_salience[book_place] / its_salience.max()).item()
    m = (its_match[cup_place] / its_match.max()).item()
    apart.append(abs((1 - s) / ((1 - s) + (1 - m)) - point))
    saliences.append(s)
    matches.append(m)
formula_says_the_same_on_each_desk = (
    max(apart) < 0.001
)  # as exact as handover is
red_is_unwanted = weights[CHANNELS.index("red")].item() < 1
match_at_the_red_saucer_is_zero_on_all = max(matches) == 0
least_salience, most_salience = min(saliences), max(saliences)
always_less_than_one_half = latest < 1 / 2

# %% quarter tags=["hide-input"]
gaze_at_a_quarter = fixate(priority(scene.image, weights, volition=0.25))
at_a_quarter_of_volition_the_gaze_is_on = scene.object_at(
    *gaze_at_a_quarter
)
at_a_quarter_the_cup_still_wins = (
    at_a_quarter_of_volition_the_gaze_is_on == "cup"
)

# %% five-objects tags=["hide-input"]
names = ["cup", "book", "newspaper", "paper", "notebook"]
gazes = {name: [] for name in names}
for first in range(0, single_looks, looks):
    some = slice(first, first + looks)
    for name in names:
        boxes = [one.boxes[name] for one in seen_before[some]]
        gazes[name] += found_with(target_weights(before_maps[some], boxes))
lesson_sets = single_looks // looks
cup_found, book_found, newspaper_found, paper_found, notebook_found = (
    gazes[name].count(name) / lesson_sets for name in names
)
finds_cup_and_book = min(cup_found, book_found) >= 0.95 * desks
newspaper_and_paper_and_notebook_are_not_told_apart = (
    notebook_found < paper_found < desks / 2
)

# %% paper-goods tags=["hide-input"]
learned_of = []
for name in names[2:]:
    of_name = target_weights(
        lesson_maps, [one.boxes[name] for one in lessons]
    )
    learned_of.append([CHANNELS[k] for k in range(6) if of_name[k] > 1])
of_the_three_the_same_bright_and_nothing_else = (
    learned_of == [["bright"]] * 3
)
taught_by_all = {
    name: found_with(
        target_weights(
            before_maps, [one.boxes[name] for one in seen_before]
        )
    ).count(name)
    for name in names[2:]
}
paper_found_after_more, notebook_found_after_more = (
    taught_by_all["paper"],
    taught_by_all["notebook"],
)
more_lessons_do_not_help_to_tell_them_apart = (
    max(paper_found_after_more, notebook_found_after_more) < desks / 5
)
three_gazes = list(zip(*(gazes[name] for name in names[2:])))
average_with_the_same_gaze_for_three = (
    sum(len(set(three)) == 1 for three in three_gazes) / lesson_sets
)
notebook_taken_for_newspaper = (
    gazes["notebook"].count("newspaper") / lesson_sets
)
mostly_the_newspaper = (
    min(average_with_the_same_gaze_for_three, notebook_taken_for_newspaper)
    > desks / 2
)

# %% bridge
from attncues.saliency import target_query

query = target_query(weights)
keys = maps.flatten(1).T  # one row of six responses for each place
scores = keys @ query
keys.shape, query.shape

# %% bridge-checked tags=["hide-input"]
match_is_the_same_as_the_inner_product = (
    scores.relu() - match.flatten()
).abs().max().item() < 1e-5
places = keys.shape[0]
every_place_has_six_responses_and_six_weights = (
    keys.shape[1] == len(query) == 6
)

# %% uniform-query tags=["hide-input"]
uniform_gaze = (keys @ torch.ones(6)).argmax().item()
six_ones_and_the_cup_wins = (
    scene.object_at(*divmod(uniform_gaze, scene.image.shape[1])) == "cup"
)
without_a_wish = keys @ torch.zeros(6)
with_zero_each_place_gets_the_same_score = len(without_a_wish.unique()) == 1
