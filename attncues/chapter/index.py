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


assert gaze(maps) == "cup" and gaze(maps, "book", 1.0) == "book"
point = handover(bottom_up(maps), top_down(maps, weights_of["book"]), scene.boxes["book"])
before, after = int(100 * point) / 100, int(100 * point + 1) / 100
assert (gaze(maps, "book", before), gaze(maps, "book", after)) == ("cup", "book")
without = gaze(grey_maps)
taken_for_cup = gaze(grey_maps, "cup", 1.0)
wanted = zip(CHANNELS, weights_of["cup"], grey_maps.amax((1, 2)))
(left_of_cup,) = [name for name, weight, peak in wanted if weight > 1 and peak > FLOOR]
assert taken_for_cup == scene.object_at(*fixate(grey_maps[CHANNELS.index(left_of_cup)]))
its_desk, its_priority = draw_cues()
its_desk

# %% desk-first-priority tags=["hide-input"]
its_priority

# %% heatmap tags=["figure", "hide-input"]
from attncues import attention_weights, draw_heatmaps

draw = torch.Generator().manual_seed(0)
queries, keys = torch.randn(2, 10, 6, generator=draw)
weights = attention_weights(queries, keys)
largest = weights.max().item()
draw_heatmaps(weights)
