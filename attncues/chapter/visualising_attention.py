"""The cells of the page “Visualising attention”."""

# %% imports
import torch
from attncues import attention_weights, show_heatmaps

# %% tensor-layout tags=["figure"]
count = torch.arange(2 * 3 * 4 * 6)
last = count.max().item()
show_heatmaps(
    count.reshape(2, 3, 4, 6),
    xlabel="Keys",
    ylabel="Queries",
    titles=["panels 0", "panels 1", "panels 2"],
    figsize=(5, 3),
)

# %% identity tags=["figure"]
identity = torch.eye(10).reshape((1, 1, 10, 10))
titles = ["Attention weights"]
show_heatmaps(identity, xlabel="Keys", ylabel="Queries", titles=titles)

# %% scores
draw = torch.Generator().manual_seed(1)
queries = torch.randn(4, 5, generator=draw)
keys = torch.randn(6, 5, generator=draw)
scores = queries @ keys.T / 5**0.5
lowest, highest = scores.min().item(), scores.max().item()
scores

# %% weights
exponentials = scores.exp()
weights = exponentials / exponentials.sum(dim=-1, keepdim=True)
weights.sum(dim=-1)

# %% strongest
assert torch.allclose(weights, attention_weights(queries, keys))
strongest = weights.max().item()
query, key = divmod(weights.argmax().item(), 6)

# %% four-queries tags=["figure"]
show_heatmaps(
    weights.reshape(1, 1, 4, 6),
    xlabel="Keys",
    ylabel="Queries",
    figsize=(3.4, 2.5),
)

# %% random-rows
matrix = torch.randn(10, 10, generator=draw)
rows = torch.softmax(matrix, dim=-1)

# %% row-sums
assert (rows >= 0).all()
assert torch.allclose(rows.sum(dim=-1), torch.ones(10))
rows.sum(dim=-1)

# %% ten-distributions tags=["figure"]
show_heatmaps(rows.reshape(1, 1, 10, 10), xlabel="Keys", ylabel="Queries")

# %% wrong-axis
columns = torch.softmax(matrix, dim=0)
columns.sum(dim=-1)

# %% column-sums
totals = columns.sum(dim=-1)
smallest_total, largest_total = totals.min().item(), totals.max().item()
assert not torch.allclose(totals, torch.ones(10))
assert torch.allclose(columns.sum(dim=0), torch.ones(10))

# %% two-softmaxes tags=["figure"]
show_heatmaps(
    torch.stack([rows, columns])[None],
    xlabel="Keys",
    ylabel="Queries",
    titles=["over the keys", "over the queries"],
    figsize=(5.6, 2.9),
)

# %% layer
sentence = ["the", "cup", "on", "the", "desk", "."]
torch.manual_seed(0)
embedding = torch.nn.Embedding(len(set(sentence)), 32)
layer = torch.nn.MultiheadAttention(32, num_heads=4, batch_first=True)
words = sorted(set(sentence))
tokens = torch.tensor([[words.index(word) for word in sentence]])
states = 4 * embedding(tokens)
_, heads = layer(states, states, states, average_attn_weights=False)
heads.shape

# %% heads tags=["figure"]
from attncues import draw_heatmaps

assert torch.allclose(heads[0, :, 0], heads[0, :, 3])
draw_heatmaps(
    heads,
    titles=[f"head {number}" for number in range(4)],
    xticklabels=sentence,
    yticklabels=sentence,
)

# %% no-queries
uniform = attention_weights(torch.zeros(4, 5), keys)
assert torch.allclose(uniform, torch.full((4, 6), 1 / 6))

# %% row-maxima
assert (rows.amax(dim=-1) >= 1 / 10).all() and (rows.amax(dim=-1) <= 1).all()

# %% warmer
warmer = attention_weights(queries, keys, temperature=2.0)
assert torch.equal(warmer.argsort(dim=-1), weights.argsort(dim=-1))
assert (warmer.amax(dim=-1) < weights.amax(dim=-1)).all()
