"""The cells of the page “Attention cues in biology”."""

# %% look
from attncues.gaze import draw_priority, draw_scene
from attncues.saliency import fixate, priority
from attncues.scenes import desk

scene = desk(seed=0)
seen = priority(scene.image)
first_gaze = fixate(seen)
looked_at = scene.object_at(*first_gaze)
assert looked_at == "cup"

# %% desk-first-gaze tags=["figure"]
draw_scene(scene, [first_gaze])

# %% desk-first-priority tags=["figure"]
draw_priority(seen, [first_gaze], scene=scene)

# %% desk-maps tags=["figure"]
from attncues.gaze import draw_maps
from attncues.saliency import CHANNELS, feature_maps

maps = feature_maps(scene.image)
strongest_map = CHANNELS[maps.amax(dim=(1, 2)).argmax()]
assert strongest_map == "red"
draw_maps(maps)

# %% fifty-desks
from collections import Counter

import torch
from attncues.scenes import RED

scenes = [desk(seed) for seed in range(50)]
equal_grey = (sum(RED) / 3,) * 3
repainted = [desk(seed, cup_color=equal_grey) for seed in range(50)]


def first_looks(scenes, maps):
    """Count how often each object is looked at first."""
    return Counter(one.object_at(*fixate(seen)) for one, seen in zip(scenes, maps))


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
    refusal = str(error)

desks = len(scenes)
seen_on = [priority(one.image) for one in scenes]
cup_in_colour = first_looks(scenes, seen_on)["cup"]
with_grey_cup = first_looks(repainted, [priority(one.image) for one in repainted])
cup_in_grey, book_in_grey = with_grey_cup["cup"], with_grey_cup["book"]
all_grey = first_looks(scenes, seen_through(grey))["cup"]
swapped = first_looks(scenes, seen_through(swap_red_and_green))["cup"]
mirrored = first_looks(scenes, map(mirror, seen_through(mirror)))["cup"]
assert min(cup_in_colour, swapped, mirrored) == desks
assert max(cup_in_grey, all_grey) <= 1


# %% margin
def margin(scene, seen):
    """How many times the best other place the best place on the cup is."""
    top, bottom, left, right = scene.boxes["cup"]
    best = seen[top:bottom, left:right].max().item()
    elsewhere = seen.clone()
    elsewhere[top:bottom, left:right] = 0
    return best / elsewhere.max().item()


# Cut off after one decimal, so that "at least" is true of it.
least_margin = int(10 * min(map(margin, scenes, seen_on))) / 10
assert least_margin >= 1.4

# %% all-red
all_one_red = scene.image.mean(-1, keepdim=True) * torch.tensor([1.0, 0.3, 0.3])
gaze_on_red = fixate(priority(all_one_red))
assert scene.object_at(*gaze_on_red) != "cup"

# %% lesson
from attncues.saliency import target_weights, top_down

lessons = [desk(seed) for seed in range(1000, 1005)]
lesson_maps = feature_maps(torch.stack([one.image for one in lessons]))
looks = len(lessons)
weights = target_weights(lesson_maps, [one.boxes["book"] for one in lessons])
assert weights.argmax() == CHANNELS.index("dark") and (weights > 1).sum() == 1
dict(zip(CHANNELS, [round(weight, 2) for weight in weights.tolist()]))

# %% one-look
unseen_maps = feature_maps(torch.stack([one.image for one in scenes]))
seen_before = [desk(seed) for seed in range(1000, 1025)]
before_maps = feature_maps(torch.stack([one.image for one in seen_before]))
single_looks = len(seen_before)


def found_with(weights):
    """Look for one thing, and nothing else, on each of the desks."""
    places = top_down(unseen_maps, weights).flatten(1).argmax(1).tolist()
    width = scene.image.shape[1]
    return [one.object_at(*divmod(at, width)) for one, at in zip(scenes, places)]


after = {True: [], False: []}
for one, its_maps in zip(seen_before, before_maps):
    of_book = target_weights(its_maps, one.boxes["book"])
    wants_green = bool(of_book[CHANNELS.index("green")] > 1)
    after[wants_green].append(Counter(found_with(of_book)))
misled, best_misled = len(after[True]), max(on["book"] for on in after[True])
assert all(on["book"] + on["cup"] == desks for on in after[True])
assert all(on["book"] == desks for on in after[False])

# %% desk-second-gaze tags=["figure"]
from attncues.gaze import draw_cues

for_book = priority(scene.image, weights, volition=1.0)
second_gaze = fixate(for_book)
assert scene.object_at(*second_gaze) == "book"
its_desk, its_priority = draw_cues("book")
its_desk

# %% desk-second-priority tags=["figure"]
its_priority

# %% without-colour
without_colour = repainted[0]
cup_weights = target_weights(lesson_maps, [one.boxes["cup"] for one in lessons])
instead_of_cup = without_colour.object_at(*fixate(priority(without_colour.image)))
taken_for_cup = without_colour.object_at(
    *fixate(priority(without_colour.image, cup_weights, volition=1.0))
)
learned = dict(zip(CHANNELS, cup_weights.tolist()))
assert 1 < learned["dark"] < min(learned[hue] for hue in CHANNELS[2:])
assert feature_maps(without_colour.image)[2:].max() < 0.001

# %% desk-handover tags=["figure"]
from attncues.gaze import draw_handover
from attncues.saliency import bottom_up, handover

salience, match = bottom_up(maps), top_down(maps, weights)
point_here = handover(salience, match, scene.boxes["book"])
draw_handover(salience, match, scene)

# %% points
points = []
seen_there, wanted_there = bottom_up(unseen_maps), top_down(unseen_maps, weights)
for one, its_salience, its_match in zip(scenes, seen_there, wanted_there):
    points.append(handover(its_salience, its_match, one.boxes["book"]))
earliest, latest = min(points), max(points)
average_point = sum(points) / len(points)

# %% crossing
saliences, matches = [], []
for point, its_salience, its_match in zip(points, seen_there, wanted_there):
    cup_place, book_place = fixate(its_salience), fixate(its_match)
    s = (its_salience[book_place] / its_salience.max()).item()
    m = (its_match[cup_place] / its_match.max()).item()
    assert abs((1 - s) / ((1 - s) + (1 - m)) - point) < 0.001  # as exact as handover is
    saliences.append(s)
    matches.append(m)
assert max(matches) == 0
least_salience, most_salience = min(saliences), max(saliences)
assert latest < 0.5

# %% coffee tags=["figure"]
from attncues.saliency import scan_path
from skimage import data

photograph = torch.from_numpy(data.coffee()).movedim(-1, 0)[None].float() / 255
small = torch.nn.functional.interpolate(photograph, size=(192, 288), mode="area")
photo = small[0].movedim(0, -1)
fixations = scan_path(priority(photo), 4)
draw_scene(photo, fixations)

# %% five-objects
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
assert min(cup_found, book_found) >= 0.95 * desks
assert notebook_found < paper_found < newspaper_found < desks

# %% paper-goods
for name in names[2:]:
    of_name = target_weights(lesson_maps, [one.boxes[name] for one in lessons])
    assert [CHANNELS[k] for k in range(6) if of_name[k] > 1] == ["bright"]
three_gazes = list(zip(*(gazes[name] for name in names[2:])))
same_gaze = sum(len(set(three)) == 1 for three in three_gazes) / lesson_sets
at_newspaper = gazes["notebook"].count("newspaper") / lesson_sets
assert min(same_gaze, at_newspaper) > desks / 2

# %% bridge
from attncues.saliency import target_query

query = target_query(weights)
keys = maps.flatten(1).T  # one row of six responses for each place
scores = keys @ query
assert torch.allclose(scores.relu(), match.flatten(), atol=1e-5)
places = keys.shape[0]
keys.shape, query.shape

# %% uniform-query
uniform_gaze = (keys @ torch.ones(6)).argmax().item()
assert scene.object_at(*divmod(uniform_gaze, scene.image.shape[1])) == "cup"
