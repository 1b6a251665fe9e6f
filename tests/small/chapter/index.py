"""The cells of the page “First”."""

# %% heatmap
import torch
from attncues import attention_weights, draw_heatmaps

queries = torch.randn(10, 4, generator=torch.Generator().manual_seed(0))
weights = attention_weights(queries, queries)
largest = weights.max().item()
largest_weight_is_more_than_half = largest > 1 / 2
draw_heatmaps(weights)
