"""The cells of the page “Reading heatmaps honestly”."""

# %% queries-and-keys
import torch
from attncues import attention_weights, draw_heatmaps
from attncues.diagrams import draw_stretched

draw = torch.Generator().manual_seed(3)
queries, keys = torch.randn(2, 8, 16, generator=draw)

# %% pair-misleading tags=["figure"]
spread = attention_weights(queries, keys, temperature=8.0)
sharp = attention_weights(queries, keys, temperature=0.2)
spread_peak, read_as = spread.max().item(), sharp.max().item()
overstated = read_as / spread_peak
pair = torch.stack([spread, sharp])
names = ["high temperature", "low temperature"]
draw_stretched(pair, names)

# %% pair-shared tags=["figure"]
draw_heatmaps(pair, titles=names)

# %% pair-panels tags=["figure"]
draw_heatmaps(pair, titles=names, scale="panel")

# %% stretched
nearly_equal = torch.tensor([[0.32, 0.33, 0.35]])
low, high = nearly_equal.min(), nearly_equal.max()
stretched = (nearly_equal - low) / (high - low)
stretched

# %% equal-misleading tags=["figure"]
draw_stretched(nearly_equal)

# %% equal-honest tags=["figure"]
draw_heatmaps(nearly_equal)

# %% noise-misleading tags=["figure"]
scores = 0.02 * torch.randn(12, 12, generator=draw)
noise = torch.softmax(scores, dim=-1)
least, most, uniform = noise.min().item(), noise.max().item(), 1 / 12
draw_stretched(noise)

# %% noise-honest tags=["figure"]
draw_heatmaps(noise, vmin=0, vmax=1)

# %% causal
causal = torch.ones(8, 8, dtype=torch.bool).tril()
weights = attention_weights(queries, keys, mask=causal, temperature=0.5)
allowed_but_tiny = int((weights[causal] < 0.01).sum())

# %% mask-misleading tags=["figure"]
draw_stretched(weights)

# %% mask-honest tags=["figure"]
draw_heatmaps(weights, mask=causal)

# %% axes
scores = queries @ keys.T / 4
right = torch.softmax(scores, dim=-1)
wrong = torch.softmax(scores, dim=0)
least_total, most_total = (end.item() for end in wrong.sum(dim=-1).aminmax())

# %% axes-compared tags=["figure"]
axes = ["over the keys", "over the queries"]
draw_heatmaps(torch.stack([right, wrong]), titles=axes)

# %% axes-sums tags=["figure"]
sums = [f"{total:.2f}" for total in wrong.sum(dim=-1)]
draw_heatmaps(wrong, ylabel="Sum of the row", yticklabels=sums)

# %% log-scale
figure = draw_heatmaps(weights, norm="log", mask=causal)
assert "log scale" in [text.get_text() for text in figure.texts]

# %% row-totals
assert torch.allclose(spread.sum(dim=-1), sharp.sum(dim=-1))

# %% most-wanted
most_wanted = right.sum(dim=0).max().item()
assert most_wanted > 1
