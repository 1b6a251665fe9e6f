"""The cells of the page “For the curious: visual search”."""

# %% search
from attncues.gaze import draw_scene, draw_searches
from attncues.saliency import bottom_up, feature_maps, scan_path
from attncues.scenes import search_display


def search(scene, priority_map):
    """Look around until the target is found, and return the path."""
    path = scan_path(priority_map, 2 * len(scene.boxes))
    on = [scene.object_at(*place) for place in path]
    return path[: on.index("target") + 1]


# %% search-feature tags=["figure"]
feature = search_display(16, "feature", seed=9)
conjunction = search_display(16, "conjunction", seed=9)
easy_path = search(feature, bottom_up(feature_maps(feature.image)))
hard_path = search(conjunction, bottom_up(feature_maps(conjunction.image)))
steps = len(hard_path)
assert len(easy_path) == 1 < steps
draw_scene(feature, easy_path)

# %% search-conjunction tags=["figure"]
draw_scene(conjunction, hard_path)

# %% count
from attncues.saliency import target_weights, top_down

lesson = search_display(16, "conjunction", seed=1000)
weights = target_weights(feature_maps(lesson.image), lesson.boxes["target"])
displays, sizes = 40, [4, 8, 16, 32]
kinds = ["feature", "conjunction", "guided"]
counts = {kind: {items: [] for items in sizes} for kind in kinds}


def count(kind, scene, priority_map):
    counts[kind][len(scene.boxes)].append(len(search(scene, priority_map)))


for items in sizes:
    for seed in range(displays):
        easy = search_display(items, "feature", seed)
        count("feature", easy, bottom_up(feature_maps(easy.image)))
        hard = search_display(items, "conjunction", seed)
        maps = feature_maps(hard.image)
        count("conjunction", hard, bottom_up(maps))
        count("guided", hard, top_down(maps, weights))
searches = {kind: {items: sum(counts[kind][items]) / displays for items in sizes} for kind in kinds}
most_by_feature = max(searches["feature"].values())
most_guided = max(searches["guided"].values())
mean_at_4, mean_at_32 = searches["conjunction"][4], searches["conjunction"][32]
assert most_by_feature == most_guided == 1

# %% search-counts tags=["figure"]
draw_searches(searches)

# %% chance
expected_few, expected_many = (4 + 1) / 2, (32 + 1) / 2
for items, fixations in searches["conjunction"].items():
    standard_error = (items**2 / 12 / displays) ** 0.5  # of a uniform choice
    assert abs(fixations - (items + 1) / 2) < 3 * standard_error

# %% only-red
import torch

# bright, dark, red, green, blue, yellow: one is neither wanted nor unwanted
only_red = torch.tensor([1.0, 1.0, 2.0, 1.0, 1.0, 1.0])
scenes = [search_display(16, "conjunction", seed) for seed in range(displays)]
lengths = [len(search(one, top_down(feature_maps(one.image), only_red))) for one in scenes]
red_ones, mean_length = 8, sum(lengths) / displays
expected_red = (red_ones + 1) / 2
assert max(lengths) <= red_ones
