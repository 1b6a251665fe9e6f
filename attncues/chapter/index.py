"""The cells of the page “Attention Cues”."""

# %% desk-first-gaze tags=["hide-input"]
import torch
from attncues.gaze import draw_cues
from attncues.saliency import (
    CHANNELS,
    FLOOR,
    bottom_up,
    feature_maps,
    fixate,
    handover,
    learn_objects,
    mix,
    top_down,
)
from attncues.scenes import desk, desk_pair

scene, without_colour = desk_pair()
lessons = [desk(seed) for seed in range(1000, 1005)]
images = torch.stack([one.image for one in lessons])
weights_of = learn_objects(images, [one.boxes for one in lessons])
maps, grey_maps = feature_maps(scene.image), feature_maps(without_colour.image)


def gaze(maps, target="book", volition=0.0):
    """Name what is looked at."""
    match = top_down(maps, weights_of[target])
    return scene.object_at(*fixate(mix(bottom_up(maps), match, volition)))


colourful = [
    name for name, (a, b, c, d) in scene.boxes.items() if scene.image[a:b, c:d].std(-1).max() > 0
]
_a, _b, _c, _d = scene.boxes["cup"]
_red, _green, _blue = scene.image[_a:_b, _c:_d].reshape(-1, 3).mean(0).tolist()
red_cup_is_among_black_and_white_things = colourful == ["cup"] and _red > max(_green, _blue)
gaze_lands_on_the_cup = gaze(maps) == "cup"
cup_loses_in_the_end = gaze(maps, "book", 1.0) == "book"
point = handover(bottom_up(maps), top_down(maps, weights_of["book"]), scene.boxes["book"])
rises_before, rises_after = int(100 * point) / 100, int(100 * point + 1) / 100
from_the_cup_to_the_book = [gaze(maps, "book", step) for step in (rises_before, rises_after)] == [
    "cup",
    "book",
]
without = gaze(grey_maps)
cup_no_longer_wins = without != "cup"
who_looks_for_the_cup_ends_at = gaze(grey_maps, "cup", 1.0)
wanted = zip(CHANNELS, weights_of["cup"], grey_maps.amax((1, 2)))
(left_of_cup,) = [name for name, weight, peak in wanted if weight > 1 and peak > FLOOR]
strongest_there = scene.object_at(*fixate(grey_maps[CHANNELS.index(left_of_cup)]))
nothing_is_more_so = strongest_there == who_looks_for_the_cup_ends_at
its_desk, its_priority = draw_cues()
its_desk

# %% desk-first-priority tags=["hide-input"]
its_priority

# %% heatmap tags=["figure", "hide-input"]
from attncues import attention_weights, dot_product, draw_heatmaps
from attncues.saliency import target_query

things = list(scene.boxes)
cuts = [maps[:, top:bottom, left:right] for top, bottom, left, right in scene.boxes.values()]
keys = torch.stack([cut.mean((1, 2)) for cut in cuts])  # six responses of each thing
wishes = ["cup", "book", "newspaper"]
queries = torch.stack([torch.ones(6), *(target_query(weights_of[wish]) for wish in wishes)])
weights = attention_weights(queries, keys, score=dot_product, temperature=0.2)
to_cup_unasked = weights[0, things.index("cup")].item()
to_book = weights[1 + wishes.index("book"), things.index("book")].item()
four_queries_over_five_things = weights.shape == (4, 5)
each_row_sums_to_one = (weights.sum(dim=1) - 1).abs().max().item() < 1e-6
papers = weights[3, [things.index(name) for name in ("newspaper", "paper", "notebook")]]
asked_for_newspaper_three_papers_share = (
    len(papers) == 3 and papers.max().item() < 0.4 and papers.sum().item() > 0.9
)
draw_heatmaps(
    weights,
    "Objects",
    xticklabels=things,
    yticklabels=["anything", *(f"the {wish}" for wish in wishes)],
)
