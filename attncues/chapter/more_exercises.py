"""The cells of the page “More exercises”."""

# %% desk-and-weights tags=["hide-input"]
import torch
from attncues.saliency import (
    bottom_up,
    feature_maps,
    fixate,
    learn_objects,
    mix,
)
from attncues.scenes import desk

lessons = [desk(seed) for seed in range(1000, 1005)]
images = torch.stack([one.image for one in lessons])
weights_of = learn_objects(images, [one.boxes for one in lessons])
scene = desk(seed=0)
maps = feature_maps(scene.image)
seen = bottom_up(maps)

# %% newspaper
from attncues.saliency import handover, top_down

points = {}
for name in ("newspaper", "book"):
    match = top_down(maps, weights_of[name])
    points[name] = round(handover(seen, match, scene.boxes[name]), 3)
points

# %% newspaper-checked tags=["hide-input"]
newspaper_at = points["newspaper"]
newspaper_and_book_nearly_the_same = (
    abs(points["newspaper"] - points["book"]) < 0.02
)
_row, _column = fixate(seen)
matches_there = [
    top_down(maps, weights_of[name])[_row, _column].item()
    for name in points
]
place_of_the_cup_matches_neither = max(matches_there) == 0
newspaper_stands_out, book_stands_out = (
    (seen[fixate(top_down(maps, weights_of[name]))] / seen.max()).item()
    for name in points
)

# %% out-of-reach
for name in ("paper", "notebook"):
    match = top_down(maps, weights_of[name])
    taken_for = scene.object_at(*fixate(mix(seen, match, 1.0)))
    print(f"asked for the {name}, the model looks at the {taken_for}")

# %% out-of-reach-checked tags=["hide-input"]
gazes = [
    scene.object_at(
        *fixate(mix(seen, top_down(maps, weights_of[name]), 1.0))
    )
    for name in ("paper", "notebook")
]
newspaper_for_both = gazes == ["newspaper", "newspaper"]
brightness_is_highest_at_the_newspaper = (
    scene.object_at(*fixate(maps[0])) == "newspaper"
)

# %% midway
from attncues import attention_weights, gaussian

edges = scene.boxes.values()
places = (
    torch.tensor(
        [[left + right, top + bottom] for top, bottom, left, right in edges]
    )
    / 160
)
names = list(scene.boxes)
cup, book = names.index("cup"), names.index("book")
middle = places[[cup, book]].mean(dim=0, keepdim=True)
for temperature in (0.05, 0.2, 1.0):
    weights = attention_weights(
        middle, places, score=gaussian, temperature=temperature
    )
    print(temperature, weights[0, [cup, book]])

# %% midway-checked tags=["hide-input"]
_apart = [
    attention_weights(
        middle, places, score=gaussian, temperature=temperature
    )[0, [cup, book]]
    for temperature in (0.05, 0.2, 1.0)
]
cup_and_book_weigh_the_same_at_every_temperature = all(
    (one[0] - one[1]).abs().item() < 1e-4 for one in _apart
)


# %% own-softmax tags=["live"]
def softmax(scores):
    """Turn each row of scores (..., keys) into weights that sum to one."""
    shifted = scores - scores.max(dim=-1, keepdim=True).values
    exponentials = shifted.exp()
    return exponentials / exponentials.sum(dim=-1, keepdim=True)


large = torch.tensor([[1000.0, 1001.0, 1002.0]])
softmax(large), large.exp() / large.exp().sum()

# %% own-softmax-checked tags=["hide-input"]
random_scores = torch.randn(
    100, 8, generator=torch.Generator().manual_seed(0)
)
own_is_the_same_as_torch = torch.allclose(
    softmax(random_scores), random_scores.softmax(-1)
)
large_scores_are_no_numbers_without_the_shift = (
    large.exp() / large.exp().sum()
).isnan().tolist() == [[True, True, True]]


# %% own-pooling tags=["live"]
def pool(query, keys, values, allowed):
    """Pool the values of the allowed keys, one query at a time."""
    scores = torch.stack([query @ key for key in keys])
    weights = softmax(scores.where(allowed, -torch.inf))
    return sum(
        weight * value for weight, value in zip(weights, values)
    ), weights


numbers = torch.Generator().manual_seed(1)
query, keys = (
    torch.randn(4, generator=numbers),
    torch.randn(6, 4, generator=numbers),
)
values = torch.randn(6, 2, generator=numbers)
allowed = torch.tensor([True, True, False, True, True, True])
output, weights = pool(query, keys, values, allowed)
weights

# %% own-pooling-checked tags=["hide-input"]
from attncues import attention_pooling, dot_product

its_output, its_weights = attention_pooling(
    query[None], keys, values, score=dot_product, mask=allowed[None]
)
package_says_the_same = torch.allclose(
    output, its_output[0]
) and torch.allclose(weights, its_weights[0])
forbidden_key_gets_exactly_zero = weights[2].item() == 0


# %% effective-keys
def effective(weights):
    """Exponentiate the entropy of each row of weights."""
    return torch.exp(-(weights * weights.log()).sum(dim=-1))


scores = torch.randn(10, generator=torch.Generator().manual_seed(0))
low, high = 0.01, 100.0
for _ in range(40):
    temperature = (low * high) ** 0.5
    if effective((scores / temperature).softmax(dim=0)) < 2:
        low = temperature
    else:
        high = temperature
temperature

# %% effective-keys-checked tags=["hide-input"]
at_the_end = effective((scores / temperature).softmax(dim=0)).item()
as_if_two_keys_count = abs(at_the_end - 2) < 1e-3
even = effective(torch.full((10,), 0.1)).item()
ten_equal_weights_count_as_ten = abs(even - 10) < 1e-3
two_at_temperature = temperature

# %% kernel-regression tags=["live"]
x = torch.linspace(0, 5, 50)
noise = torch.randn(50, generator=torch.Generator().manual_seed(0))
y = 2 * x.sin() + x**0.8 + noise / 2
asked = torch.linspace(0, 5, 101)
truth = 2 * asked.sin() + asked**0.8
errors, shares = {}, []
for width in (0.02, 0.3, 3.0):
    queries, keys = asked[:, None] / width, x[:, None] / width
    fitted, each = attention_pooling(
        queries, keys, y[:, None], score=gaussian
    )
    squared = (fitted[:, 0] - truth).square().mean()
    errors[width] = round(squared.sqrt().item(), 3)
    shares.append(each)
errors

# %% kernel-weights tags=["figure", "hide-input"]
from attncues import draw_heatmaps

narrow_error, middle_error, wide_error = errors.values()
middle_width_has_the_least_error = middle_error < min(
    narrow_error, wide_error
)
narrow_follows_single_points = shares[0].max().item() > 0.99
wide_is_nearly_even = (50 * shares[2].amax(dim=-1)).max().item() < 4
draw_heatmaps(
    torch.stack(shares)[:, None, ::4],
    titles=[f"{width}" for width in errors],
    scale="panel",
)

# %% how-red
from attncues.saliency import priority
from attncues.scenes import RED

grey = sum(RED) / 3
wins = {}
for percent in (0, 10, 15, 19, 20):
    red, green, blue = (grey + percent / 100 * (one - grey) for one in RED)
    desks = [desk(seed, cup_color=(red, green, blue)) for seed in range(20)]
    looked_at = [
        one.object_at(*fixate(priority(one.image))) for one in desks
    ]
    wins[percent] = looked_at.count("cup")
wins

# %% how-red-checked tags=["hide-input"]
desks_in_all = len(desks)
least_colour_that_wins_all = next(
    percent for percent in wins if wins[percent] == desks_in_all
)
grey_cup_wins_on_no_desk = wins[0] == 0
at_half_that = wins[least_colour_that_wins_all // 2]
