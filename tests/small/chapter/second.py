"""The cells of the page “Second”."""

# %% identity tags=["hide-input"]
import torch
from attncues import draw_heatmaps

draw_heatmaps(torch.eye(5))
