"""The cells of the page “Queries, keys and values”."""

# %% objects
import torch
from attncues.saliency import CHANNELS, feature_maps
from attncues.scenes import desk

scene = desk(seed=0)
maps = feature_maps(scene.image)
names = list(scene.boxes)


def averages(image):
    """Average the pixels (height, width, channels) of each object."""
    boxes = scene.boxes.values()
    cut = [image[top:bottom, left:right] for top, bottom, left, right in boxes]
    return torch.stack([pixels.mean(dim=(0, 1)) for pixels in cut])


responses = averages(maps.movedim(0, -1))
colours = averages(scene.image)
responses.shape, colours.shape

# %% layers
from attncues import average_pooling, max_pooling

torch.manual_seed(0)
layer = torch.nn.Linear(5, 1, bias=False)
average = average_pooling(colours)
largest = max_pooling(colours)
connected = layer(colours.T).squeeze()
torch.stack([average, largest, connected.detach()])

# %% attention
from attncues import attention_pooling, dot_product
from attncues.saliency import target_query, target_weights

keys, values = responses, colours
lessons = [desk(seed) for seed in range(1000, 1005)]
lesson_maps = feature_maps(torch.stack([one.image for one in lessons]))
book, cup = (
    target_query(target_weights(lesson_maps, [one.boxes[name] for one in lessons]))
    for name in ("book", "cup")
)
queries = torch.stack([book, cup])
output, weights = attention_pooling(queries, keys, values, score=dot_product, temperature=0.2)
weights_of_book = dict(zip(names, weights[0].tolist()))
to_book = weights_of_book["book"]
assert names[weights[0].argmax()] == "book" and names[weights[1].argmax()] == "cup"
output

# %% framework tags=["figure"]
from attncues.diagrams import draw_framework

draw_framework(book, keys, values, names=names, features=CHANNELS, temperature=0.2)

# %% pooling-layers tags=["figure"]
from attncues import draw_heatmaps

share_of_largest = (colours == largest).float().mean(dim=1)
fixed = [torch.full((5,), 1 / 5), share_of_largest, layer.weight[0].detach()]
rows = torch.stack([fixed[0], fixed[0], fixed[1], fixed[1], fixed[2], fixed[2], *weights])
layers = ["average", "max", "fully connected", "attention"]
draw_heatmaps(
    rows,
    xlabel="Objects",
    ylabel="Layer and query",
    xticklabels=names,
    yticklabels=[f"{one}, {query}" for one in layers for query in ("book", "cup")],
)

# %% expectation
draw = torch.Generator().manual_seed(0)
objects = torch.multinomial(weights[0], 100_000, replacement=True, generator=draw)
drawn = values[objects].mean(dim=0)
error = (drawn - output[0]).abs().max().item()
assert error < 0.005

# %% desk-temperatures tags=["figure"]
from attncues import attention_weights

temperatures = [0.01, 0.1, 0.2, 0.5, 1, 10, 100]
sweep = [
    attention_weights(queries[:1], keys, score=dot_product, temperature=temperature)
    for temperature in temperatures
]
draw_heatmaps(
    torch.cat(sweep),
    xlabel="Objects",
    ylabel="Temperature",
    xticklabels=names,
    yticklabels=[str(temperature) for temperature in temperatures],
)

# %% both-ends
coldest, hottest = (
    attention_pooling(queries, keys, values, score=dot_product, temperature=temperature)
    for temperature in (1e-4, 1e6)
)
assert torch.allclose(coldest[1], torch.nn.functional.one_hot(weights.argmax(-1)).float())
assert torch.allclose(hottest[0], average_pooling(values).expand(2, 3), atol=1e-5)

# %% masked
allowed = torch.tensor([name != "book" for name in names])
masked = attention_weights(queries[:1], keys, score=dot_product, temperature=0.2, mask=allowed)[0]
assert masked[names.index("book")] == 0 and torch.isclose(masked.sum(), torch.tensor(1.0))
second_best = names[masked.argmax()]
second_weight = masked.max().item()
masked

# %% desk-weights tags=["figure"]
from attncues.gaze import draw_priority

place_keys = maps.flatten(1).T
height, width = scene.image.shape[:2]
places = torch.cartesian_prod(torch.arange(height), torch.arange(width)).float()
wishes = torch.stack([torch.ones(6), book])
looked, map_weights = attention_pooling(
    wishes, place_keys, places, score=dot_product, temperature=0.05
)
pixels = len(places)
found = [scene.object_at(*place) for place in looked.tolist()]
assert found == ["cup", "book"]
for_all, for_book = map_weights.reshape(2, height, width)
draw_priority(for_all, scene=scene, label="weight")

# %% desk-weights-book tags=["figure"]
draw_priority(for_book, scene=scene, label="weight")

# %% place
rows_down, columns_across = looked[1].tolist()
found_second = found[1]

# %% pooling-plane tags=["figure"]
from attncues import gaussian
from attncues.diagrams import draw_pooling

edges = scene.boxes.values()
desk_places = torch.tensor(
    [
        [(left + right - width) / height, (height - top - bottom) / height]
        for top, bottom, left, right in edges
    ]
)
draw_pooling(
    torch.tensor([0.2, -0.1]),
    desk_places,
    colours,
    names=names,
    features=["across", "up"],
    score=gaussian,
    temperature=0.2,
)

# %% one-key
only, _ = attention_pooling(queries, keys[:1], values[:1])
assert torch.allclose(only, values[:1].expand(2, 3))

# %% reordered
order = torch.tensor([3, 0, 4, 1, 2])
reordered, _ = attention_pooling(
    queries, keys[order], values[order], score=dot_product, temperature=0.2
)
assert torch.allclose(reordered, output, atol=1e-6)
assert not torch.allclose(layer(colours[order].T).squeeze(), connected, atol=1e-2)

# %% bounds
assert (output <= values.amax(dim=0) + 1e-6).all()
assert (output >= values.amin(dim=0) - 1e-6).all()
assert (connected < values.amin(dim=0)).any()

# %% constant
scores = dot_product(queries, keys)
assert torch.allclose((scores + 7).softmax(-1), scores.softmax(-1), atol=1e-6)

# %% never-wins
between = (desk_places[names.index("cup")] + desk_places[names.index("book")]) / 2
six = torch.cat([desk_places, between[None]])
angles = torch.linspace(0, 2 * torch.pi, 3601)
around = torch.stack([angles.cos(), angles.sin()], dim=1)
assert (dot_product(around, six).argmax(dim=1) != 5).all()
assert set(dot_product(around, six).argmax(dim=1).tolist()) == {0, 1, 2, 3, 4}
assert gaussian(between[None], six).argmax() == 5
