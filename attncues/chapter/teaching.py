"""The cells of the page “Teaching with this chapter”."""

# %% first-lesson tags=["hide-input"]
import torch
from attncues.saliency import (
    bottom_up,
    feature_maps,
    fixate,
    handover,
    priority,
    target_weights,
    top_down,
)
from attncues.scenes import RED, desk

lessons = [desk(seed) for seed in range(1000, 1005)]
of_book = target_weights(
    feature_maps(torch.stack([one.image for one in lessons])),
    [one.boxes["book"] for one in lessons],
)
scene = desk(seed=0)
r, g, b = RED
grey = desk(seed=0, cup_color=(sum(RED) / 3,) * 3)
green = desk(seed=0, cup_color=(g, r, b))


def looks_at(one, volition=0.0):
    """Name the object that the gaze lands on."""
    seen = priority(one.image, of_book, volition)
    return one.object_at(*fixate(seen))


just_looking_the_gaze_goes_to_the_cup = looks_at(scene) == "cup"
grey_cup_does_not_win = looks_at(grey) != "cup"
green_cup_wins_too = looks_at(green) == "cup"
when_looked_for_the_book_wins = looks_at(scene, 1.0) == "book"
maps = feature_maps(scene.image)
handed_over_at = handover(
    bottom_up(maps), top_down(maps, of_book), scene.boxes["book"]
)

# %% weights-and-values tags=["hide-input"]
from attncues import attention_pooling

keys = torch.tensor([[1.0, 0.0], [0.0, 1.0]])
query = torch.tensor([[0.0, 5.0]])
same_values = torch.tensor([[3.0, 3.0], [3.0, 3.0]])
output, weights = attention_pooling(query, keys, same_values)
best_weight = weights.max().item()
swapped, _ = attention_pooling(query, keys.flip(0), same_values)
output_is_the_same_with_other_weights = torch.allclose(output, swapped)
