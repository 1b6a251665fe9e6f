"""The cells of the page “Queries, keys and values”."""

# %% objects tags=["hide-input"]
import torch
from attncues.saliency import CHANNELS, feature_maps
from attncues.scenes import desk

scene = desk(seed=0)
maps = feature_maps(scene.image)
names = list(scene.boxes)


def averages(image):
    """Average the pixels (height, width, channels) of each object."""
    boxes = scene.boxes.values()
    cut = [
        image[top:bottom, left:right] for top, bottom, left, right in boxes
    ]
    return torch.stack([pixels.mean(dim=(0, 1)) for pixels in cut])


responses = averages(maps.movedim(0, -1))
colours = averages(scene.image)
five_objects = responses.shape[0] == colours.shape[0] == 5
of_each_two_averages_in_six_feature_maps_and_a_colour_of_three_numbers = (
    responses.shape[1] == 6 and colours.shape[1] == 3
)

# %% untrained tags=["hide-input"]
torch.manual_seed(0)
layer = torch.nn.Linear(5, 1, bias=False)

# %% layers
from attncues import average_pooling, max_pooling

average = average_pooling(responses)
largest = max_pooling(responses)
connected = layer(responses.T).squeeze().detach()
torch.stack([average, largest, connected])

# %% layers-checked tags=["hide-input"]
three_outputs_each_of_six_numbers = torch.stack(
    [average, largest, connected]
).shape == (3, 6)
from_the_cup = (responses.argmax(dim=0) == names.index("cup")).sum().item()
cup_has_more_of_the_largest_than_all_others = (
    from_the_cup > 6 - from_the_cup
)

# %% wishes tags=["hide-input"]
from attncues.saliency import target_query, target_weights

lessons = [desk(seed) for seed in range(1000, 1005)]
lesson_maps = feature_maps(torch.stack([one.image for one in lessons]))
book, cup = (
    target_query(
        target_weights(lesson_maps, [one.boxes[name] for one in lessons])
    )
    for name in ("book", "cup")
)

# %% attention tags=["live"]
from attncues import attention_pooling, dot_product

queries, keys, values = torch.stack([book, cup]), responses, colours
output, weights = attention_pooling(
    queries, keys, values, score=dot_product, temperature=0.2
)
output

# %% attention-checked tags=["hide-input"]
weights_of_book = dict(zip(names, weights[0].tolist()))
to_book = weights_of_book["book"]
two_queries_two_outputs_same_values = len(queries) == len(output) == 2
spread_of_first = (output[0].max() - output[0].min()).item()
first_is_dark_grey = spread_of_first < 0.02 and output[0].max().item() < 0.4
second_is_red = (
    output[1].argmax().item() == 0
    and (output[1][0] / output[1][1]).item() > 2
)
nearest = [names[(colours - one).norm(dim=1).argmin()] for one in output]
first_is_nearest_to_the_book = nearest[0] == "book"
second_is_nearest_to_the_cup = nearest[1] == "cup"

# %% framework tags=["figure", "hide-input"]
from attncues.diagrams import draw_framework

newspaper = target_query(
    target_weights(lesson_maps, [one.boxes["newspaper"] for one in lessons])
)
choice = {"book": book, "cup": cup, "newspaper": newspaper}
choice["nothing in particular"] = torch.ones(6)
_, shares = attention_pooling(
    torch.stack(list(choice.values())),
    keys,
    values,
    score=dot_product,
    temperature=0.2,
)
book_has_the_most_weight = names[weights[0].argmax()] == "book"
query_of_six_numbers_and_a_key_for_each_of_five_objects = keys.shape == (
    5,
    6,
) and book.shape == (6,)
sheets = keys[
    [names.index(name) for name in ("newspaper", "paper", "notebook")]
]
apart = (sheets[:, None] - sheets).abs().max().item()
three_bright_sheets_of_paper_have_nearly_the_same_key = (
    len(sheets) == 3 and apart < keys.max().item() / 10
)
best_of_newspaper_gets_less_than_half = shares[2].max().item() < 0.5
_, cooler = attention_pooling(
    torch.ones(1, 6), keys, values, score=dot_product, temperature=0.1
)
cup_takes_more_at_lower_temperatures = (
    cooler.max().item() > shares[3].max().item()
)
cup_is_best_for_a_uniform_query = names[shares[3].argmax()] == "cup"
draw_framework(
    book,
    keys,
    values,
    names=names,
    features=CHANNELS,
    temperature=0.2,
    queries=choice,
)

# %% pooling-layers tags=["figure", "hide-input"]
from attncues import draw_heatmaps

share_of_largest = (responses == largest).float().mean(dim=1)
fixed = torch.stack(
    [torch.full((5,), 1 / 5), share_of_largest, layer.weight[0].detach()]
)
chosen = [names[row.argmax()] for row in weights]
attention_follows_the_query = chosen == ["book", "cup"]
only_attention_pooling_has_a_row_for_each_query_and_follows_it = (
    attention_follows_the_query
    and len(weights) == len(queries) > 1
    and fixed.ndim == 2
)
max_pooling_takes_most_from_the_cup = (
    names[share_of_largest.argmax()] == "cup"
)
connected_weights_are_not_all_positive = not fixed[2].min().item() > 0
connected_weights_do_not_sum_to_one = (
    not abs(fixed[2].sum().item() - 1) < 0.1
)
draw_heatmaps(
    torch.cat([fixed, weights]),
    xlabel="Objects",
    ylabel="Layer and query",
    xticklabels=names,
    yticklabels=[
        "average",
        "max",
        "fully connected",
        "attention, book",
        "attention, cup",
    ],
)

# %% expectation
draw = torch.Generator().manual_seed(0)
objects = torch.multinomial(
    weights[0], 100_000, replacement=True, generator=draw
)
drawn = values[objects].mean(dim=0)
largest_of_three_differences = (drawn - output[0]).abs().max().item()

# %% expectation-checked tags=["hide-input"]
average_of_random_draws_is_near_the_output = (
    largest_of_three_differences < 0.005
)
hundred_thousand_draws = len(objects) == 100_000
weights_are_never_negative = weights.min().item() >= 0
each_row_sums_to_one = (weights.sum(dim=1) - 1).abs().max().item() < 1e-6

# %% desk-temperatures tags=["figure", "hide-input"]
from attncues import attention_weights

temperatures = [0.01, 0.1, 0.2, 0.5, 1, 10, 100]
sweep = torch.cat(
    [
        attention_weights(
            queries[:1], keys, score=dot_product, temperature=temperature
        )
        for temperature in temperatures
    ]
)
five_objects_for_book_at_seven_temperatures = len(sweep) == 7
low_temperature_lets_the_best_key_take_all = (
    sweep[0][sweep[2].argmax()].item() > 0.999
)
top_one_object_has_all_the_weight = sweep[0].max().item() > 0.999
bottom_all_have_nearly_a_fifth = (
    5 * sweep[-1] - 1
).abs().max().item() < 0.05
high_one_makes_the_keys_nearly_equal = bottom_all_have_nearly_a_fifth
draw_heatmaps(
    sweep,
    xlabel="Objects",
    ylabel="Temperature",
    xticklabels=names,
    yticklabels=[str(temperature) for temperature in temperatures],
)

# %% both-ends
from functools import partial

pool = partial(attention_pooling, queries, keys, score=dot_product)
coldest, hottest = (pool(values, temperature=t) for t in (1e-4, 1e6))
coldest[1], hottest[0] - average_pooling(values)

# %% both-ends-checked tags=["hide-input"]
one_weight_is_one_all_others_zero = coldest[1].round(
    decimals=6
).sort().values.tolist() == [[0.0, 0.0, 0.0, 0.0, 1.0]] * len(queries)
hottest_is_average_pooling = (
    hottest[0] - average_pooling(values)
).abs().max().item() < 1e-5

# %% masked tags=["live"]
allowed = torch.tensor([name != "book" for name in names])
masked = attention_weights(
    queries[:1], keys, score=dot_product, temperature=0.2, mask=allowed
)[0]
masked

# %% masked-checked tags=["hide-input"]
forbidden_have_exactly_zero = masked[names.index("book")].item() == 0
others_sum_to_one = abs(masked.sum().item() - 1) < 1e-6
second_best = names[masked.argmax()]
second_weight = masked.max().item()

# %% desk-weights tags=["figure", "hide-input"]
from attncues.gaze import draw_priority

place_keys = maps.flatten(1).T
height, width = scene.image.shape[:2]
places = torch.cartesian_prod(
    torch.arange(height), torch.arange(width)
).float()
wishes = torch.stack([torch.ones(6), book])
looked, map_weights = attention_pooling(
    wishes, place_keys, places, score=dot_product, temperature=0.05
)
first_query_wants_the_six_features_equally = (
    wishes[0].tolist() == 6 * wishes[0, :1].tolist()
)
all_places = len(places)
found = [scene.object_at(*place) for place in looked.tolist()]
for_all, for_book = map_weights.reshape(2, height, width)
gathered = [
    scene.object_at(*divmod(one.argmax().item(), width))
    for one in (for_all, for_book)
]
first_gathers_at_the_cup = gathered[0] == "cup"
second_gathers_at_the_book = gathered[1] == "book"
draw_priority(for_all, scene=scene, label="weight")

# %% desk-weights-book tags=["figure", "hide-input"]
draw_priority(for_book, scene=scene, label="weight")

# %% place tags=["hide-input"]
average_rows_down, columns_across = looked[1].tolist()
indifferent = attention_weights(
    torch.zeros(1, 6), place_keys, score=dot_product, temperature=0.05
)
with_zero_all_places_get_the_same_weight_as_in_average_pooling = (
    all_places * indifferent - 1
).abs().max().item() < 1e-3
found_second = found[1]

# %% scale
from attncues import scaled_dot_product

draw = torch.Generator().manual_seed(0)
some, others = torch.randn(2, 1000, 256, generator=draw)
plain, scaled = dot_product(some, others), scaled_dot_product(some, others)
plain.var(), scaled.var()

# %% scale-checked tags=["hide-input"]
of_few = torch.randn(2, 1000, 4, generator=draw)
variance_of_four = dot_product(*of_few).var().item()
variance, scaled_variance = plain.var().item(), scaled.var().item()
random_variance_is_about_the_dimension = (
    abs(variance / 256 - 1) < 0.05 and abs(variance_of_four / 4 - 1) < 0.05
)
scaled_variance_is_about_one = abs(scaled_variance - 1) < 0.05
best_of_ten = plain[:, :10].softmax(dim=1).amax(dim=1)
scaled_best_of_ten = scaled[:, :10].softmax(dim=1).amax(dim=1)
average_best_of_ten_random, scaled_best_weight = (
    best_of_ten.mean().item(),
    scaled_best_of_ten.mean().item(),
)
slope_of_best = (best_of_ten * (1 - best_of_ten)).median().item()
scaled_slope = (
    (scaled_best_of_ten * (1 - scaled_best_of_ten)).median().item()
)
slope_is_almost_zero = slope_of_best < 0.01
scaled_slope_is_more_than_a_hundred_times_that = (
    scaled_slope > 100 * slope_of_best
)

# %% pooling-plane tags=["figure", "hide-input"]
from attncues import gaussian
from attncues.diagrams import draw_pooling

edges = scene.boxes.values()
desk_places = torch.tensor(
    [
        [(left + right - width) / height, (height - top - bottom) / height]
        for top, bottom, left, right in edges
    ]
)
five_keys_of_two_numbers = desk_places.shape == (5, 2)
draw_pooling(
    torch.tensor([0.2, -0.1]),
    desk_places,
    colours,
    names=names,
    features=["across", "up"],
    score=gaussian,
    temperature=0.2,
)

# %% plane-checked tags=["hide-input"]


def in_plane(query, score=gaussian, temperature=0.2):
    """Return output and weights of one query in the plane."""
    query = torch.as_tensor(query)[None]
    pooled, shares = attention_pooling(
        query, desk_places, colours, score=score, temperature=temperature
    )
    return pooled[0], shares[0]


at_cup = desk_places[names.index("cup")]
output_at_cup, weights_at_cup = in_plane(at_cup)
cup_gets_the_most_weight = names[weights_at_cup.argmax()] == "cup"
red_of_output, red_of_cup = (
    output_at_cup[0].item(),
    colours[names.index("cup")][0].item(),
)
grey_of_output = output_at_cup[1].item()
output_is_red = red_of_output > 1.2 * grey_of_output
output_is_not_as_red_as_the_cup = (
    not output_at_cup[1].item() <= colours[names.index("cup")][1].item()
)
cold_cup_has_all_the_weight = (
    in_plane(at_cup, temperature=0.01)[1].max().item() > 0.999
)
hot_five_weights_are_nearly_equal = (
    max(
        (5 * in_plane(one, temperature=10)[1] - 1).abs().max().item()
        for one in (at_cup, -at_cup)
    )
    < 0.25
)
along_a_ray = [
    in_plane(reach * at_cup, dot_product)[1] for reach in (0.5, 1.0, 2.0)
]
best_key_stays_the_same = (
    len({one.argmax().item() for one in along_a_ray}) == 1
)
longer_query_is_like_lower_temperature = torch.allclose(
    along_a_ray[2], in_plane(at_cup, dot_product, temperature=0.1)[1]
)
scaled_is_dot_product_at_a_higher_temperature = torch.allclose(
    in_plane(at_cup, scaled_dot_product)[1],
    in_plane(at_cup, dot_product, temperature=0.2 * 2**0.5)[1],
)

# %% one-key tags=["live"]
only, _ = attention_pooling(queries, keys[:1], values[:1])

# %% one-key-checked tags=["hide-input"]
only_value_is_the_output = (only - values[:1]).abs().max().item() == 0
only_weights = attention_weights(queries, keys[:1])
an_only_key_gets = (
    {1.0: "one", 0.0: "zero"}.get(only_weights.max().item(), "depends")
    if only_weights.unique().numel() == 1
    else "depends"
)

# %% reordered tags=["live"]
order = torch.tensor([3, 0, 4, 1, 2])
reordered, _ = attention_pooling(
    queries, keys[order], values[order], score=dot_product, temperature=0.2
)

# %% reordered-checked tags=["hide-input"]
attention_does_not_change = (
    not (reordered - output).abs().max().item() > 1e-6
)
connected_reordered = layer(responses[order].T).squeeze()
connected_changes = (
    connected_reordered - connected
).abs().max().item() > 0.01
changed_by_another_order = {
    (True, True): "both",
    (True, False): "connected",
    (False, True): "attention",
}.get((connected_changes, not attention_does_not_change), "neither")

# %% bounds tags=["hide-input"]
lowest, highest = values.amin(dim=0), values.amax(dim=0)
room = 1e-6
output_is_between_smallest_and_largest = bool(
    (output <= highest + room).all() and (output >= lowest - room).all()
)
connected_can_be_less_than_the_smallest = (
    (connected < responses.amin(dim=0)).any().item()
)
at_a_value = (output[:, None] - values).abs().amax(dim=-1) < room
output_of_attention_lies = (
    "beyond"
    if not output_is_between_smallest_and_largest
    else "on one"
    if at_a_value.any(dim=-1).all()
    else "within"
)

# %% constant tags=["live"]
scores = dot_product(queries, keys)
shifted = (scores + 7).softmax(dim=-1)

# %% constant-checked tags=["hide-input"]
nothing_changes = (
    shifted - scores.softmax(dim=-1)
).abs().max().item() < 1e-6
gain_of_the_best = (
    shifted.amax(dim=-1) - scores.softmax(dim=-1).amax(dim=-1)
).sum()
a_constant_makes_the_weights = (
    "the same"
    if nothing_changes
    else "sharper"
    if gain_of_the_best > 0
    else "flatter"
)

# %% never-wins
at_book = desk_places[names.index("book")]
between = (at_cup + at_book) / 2
six = torch.cat([desk_places, between[None]])
angles = torch.linspace(0, 2 * torch.pi, 3601)
around = torch.stack([angles.cos(), angles.sin()], dim=1)
winners = dot_product(around, six).argmax(dim=1)

# %% never-wins-checked tags=["hide-input"]
ever_won = set(winners.tolist())
each_of_five_objects_wins_somewhere = ever_won >= set(range(5))
sixth_key_wins_nowhere_not_once = 5 not in ever_won
gaussian_key_wins_at_its_place = all(
    gaussian(six[[one]], six).argmax().item() == one for one in range(6)
)
never_won = set(range(6)) - ever_won
the_key_that_never_wins = (
    "none"
    if not never_won
    else "outermost"
    if never_won == {six.norm(dim=1).argmax().item()}
    else "between"
    if never_won == {5}
    else "several"
)
