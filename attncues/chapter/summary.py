"""The cells of the page “Summary”."""

# %% summary tags=["hide-input"]
import torch
from attncues import attention_pooling
from attncues.glimpse import Looker, draw_batch

draw = torch.Generator().manual_seed(0)
query, keys = torch.randn(1, 4, generator=draw), torch.randn(6, 4, generator=draw)
values = torch.randn(6, 3, generator=draw)
output, weights = attention_pooling(query, keys, values)
output_is_a_weighted_average_of_the_values = torch.allclose(output, weights @ values) and bool(
    (weights > 0).all()
)
weights_of_one_query_sum_to_one_over_the_keys = weights.shape == (1, 6) and (
    abs(weights.sum().item() - 1) < 1e-6
)

# Soft attention passes a gradient on to its query; the hard choice itself does not.
looker, images = Looker(), draw_batch(8, seed=0).images
looker.forward_soft(images).sum().backward()
soft_query = looker.query.grad
assert soft_query is not None
looker.zero_grad()
looker(images, looker.weights(images).argmax(-1)).sum().backward()
soft_attention_averages_and_is_trained_by_backpropagation = soft_query.abs().max().item() > 0
hard_attention_chooses_and_has_no_gradient = looker.query.grad is None
