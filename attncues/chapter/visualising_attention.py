"""The cells of the page “Visualising attention”."""

# %% imports
import torch
from attncues import attention_weights, show_heatmaps

# %% tensor-layout tags=["figure", "live"]
numbered = torch.arange(2 * 3 * 4 * 6).reshape(2, 3, 4, 6)
panels = ["panels 0", "panels 1", "panels 2"]
show_heatmaps(numbered, "Keys", "Queries", panels, figsize=(3.4, 3))

# %% layout-checked tags=["hide-input"]
import inspect

from attncues import draw_heatmaps

shape = str(tuple(numbered.shape))
start, last = int(numbered.min()), int(numbered.max())
two_rows_of_panels = len(numbered) == 2
three_heatmaps_or_panels_in_each_row = numbered.shape[1] == 3
four_rows_of_queries = numbered.shape[2] == 4
six_columns_of_keys = numbered.shape[3] == 6
each_value_is_its_position = numbered.flatten().tolist() == list(
    range(last + 1)
)
images = draw_heatmaps(numbered).axes[0].images
one_scale_under_all_panels = len({one.get_clim() for one in images}) == 1
textbook = ["matrices", "xlabel", "ylabel", "titles", "figsize", "cmap"]
accepts_the_same_calls = (
    list(inspect.signature(show_heatmaps).parameters)[:6] == textbook
)

# %% identity tags=["figure", "live"]
identity = torch.eye(10).reshape((1, 1, 10, 10))
titles = ["Attention weights"]
show_heatmaps(identity, xlabel="Keys", ylabel="Queries", titles=titles)

# %% identity-checked tags=["hide-input"]
eye_has_two_dimensions = torch.eye(10).ndim == 2
reshape_adds_two = identity.ndim - torch.eye(10).ndim == 2
diagonal, own = (
    identity[0, 0].diagonal().tolist(),
    torch.arange(20.0).reshape(10, 2),
)
ten_strong_cells_on_the_diagonal = diagonal == [1.0] * 10
all_others_are_blank = identity.count_nonzero().item() == 10
each_query_attends_only_to_the_key_of_the_same_number_and_nothing_else = (
    ten_strong_cells_on_the_diagonal and all_others_are_blank
)
of_query_3 = identity[0, 0, 3]
row_of_query_3_is_fourth_and_its_only_strong_cell_in_column_3 = (
    of_query_3.nonzero().item() == 3
)
hands_each_query_the_value_of_its_own_key = torch.equal(
    identity[0, 0] @ own, own
)

# %% scores tags=["live"]
draw = torch.Generator().manual_seed(1)
queries = torch.randn(4, 5, generator=draw)
keys = torch.randn(6, 5, generator=draw)
scores = queries @ keys.T / 5**0.5
scores

# %% scores-checked tags=["hide-input"]
lowest, highest = scores.min().item(), scores.max().item()
four_random_queries = len(queries) == 4
six_random_keys = len(keys) == 6
five_random_numbers_each = queries.shape[1] == keys.shape[1] == 5
some_scores_are_negative = lowest < 0
rows_of_scores_do_not_sum_to_one = not torch.allclose(
    scores.sum(dim=-1), torch.ones(4)
)

# %% weights tags=["live"]
exponentials = scores.exp()
weights = exponentials / exponentials.sum(dim=-1, keepdim=True)
weights.sum(dim=-1)

# %% in-one-call
again = attention_weights(queries, keys)
(again - weights).abs().max()

# %% four-queries tags=["figure", "live"]
show_heatmaps(
    weights.reshape(1, 1, 4, 6),
    xlabel="Keys",
    ylabel="Queries",
    figsize=(3.4, 2.5),
)

# %% four-checked tags=["hide-input"]
query, key = divmod(int(weights.argmax()), 6)
strongest = weights[query, key].item()
strongest_cell_is_the_strongest_weight_of_all = (
    strongest == weights.max().item()
)
four_queries_drawn = len(weights) == 4
six_keys_drawn = weights.shape[1] == 6
every_row_sums_to_one = torch.allclose(weights.sum(dim=-1), torch.ones(4))
package_agrees_in_all_weights = torch.allclose(weights, again)
softmax_keeps_the_order_of_the_rows = torch.equal(
    scores.argsort(dim=-1), weights.argsort(dim=-1)
)
best_score_has_the_largest_weight = torch.equal(
    scores.argmax(dim=-1), weights.argmax(dim=-1)
)
distances_are_not_kept = not torch.allclose(weights.diff(), scores.diff())
a_lead_of_one_in_the_score_is_a_factor_of_e_in_the_weight = torch.allclose(
    weights.log().diff(), scores.diff(), atol=1e-5
)

# %% random-rows tags=["live"]
matrix = torch.randn(10, 10, generator=draw)
rows = torch.softmax(matrix, dim=-1)

# %% row-sums
rows.min(), rows.sum(dim=-1)

# %% ten-distributions tags=["figure", "live"]
show_heatmaps(rows.reshape(1, 1, 10, 10), xlabel="Keys", ylabel="Queries")

# %% ten-checked tags=["hide-input"]
ten_query, ten_key = divmod(int(rows.argmax()), 10)
ten_random_distributions = len(rows) == 10
ten_keys = rows.shape[1] == 10
strongest_cell_is_the_strongest_of_the_ten = (
    rows[ten_query, ten_key].item() == rows.max().item()
)
each_row_is_a_valid_distribution = (
    rows.min().item() >= 0
    and torch.allclose(rows.sum(dim=-1), torch.ones(10))
)
between_zero_and_one = torch.rand(1000, 10, generator=draw).softmax(dim=-1)
factor = (
    (between_zero_and_one.amax(dim=-1) / between_zero_and_one.amin(dim=-1))
    .max()
    .item()
)
between_zero_and_one_two_weights_of_the_same_row_differ_by_a_factor_of_at_most_e = (
    factor < torch.e
)

# %% wrong-axis
columns = torch.softmax(matrix, dim=0)
columns.sum(dim=-1)

# %% axis-checked tags=["hide-input"]
totals = columns.sum(dim=-1)
smallest_total, largest_total = totals.min().item(), totals.max().item()
each_column_sums_to_one = torch.allclose(columns.sum(dim=0), torch.ones(10))
sums_are_not_all_one = not torch.allclose(totals, torch.ones(10))
one_hands_out_more_than_it_has = largest_total > 1
another_hands_out_less = smallest_total < 1

# %% two-softmaxes tags=["figure"]
both = torch.stack([rows, columns])[None]
over = ["over the keys", "over the queries"]
show_heatmaps(both, "Keys", "Queries", over, figsize=(3.4, 2.5))

# %% two-checked tags=["hide-input"]
at_left, at_right = both[0]
left_each_row_sums_to_one = torch.allclose(
    at_left.sum(dim=-1), torch.ones(10)
)
right_each_column_sums_to_one = torch.allclose(
    at_right.sum(dim=0), torch.ones(10)
)
the_other_fails = not torch.allclose(at_right.sum(dim=-1), torch.ones(10))
only_the_left_one_is_attention = (
    left_each_row_sums_to_one and the_other_fails
)

# %% layer-input tags=["hide-input"]
torch.manual_seed(0)
sentence = ["the", "cup", "on", "the", "desk", "."]
words = sorted(set(sentence))
tokens = torch.tensor([[words.index(word) for word in sentence]])
states = 4 * torch.nn.Embedding(len(words), 32)(tokens)

# %% layer
layer = torch.nn.MultiheadAttention(32, num_heads=4, batch_first=True)
_, heads = layer(states, states, states, average_attn_weights=False)
heads.shape

# %% heads tags=["figure"]
from attncues import draw_heatmaps

titles = [f"head {number}" for number in range(4)]
draw_heatmaps(
    heads, titles=titles, xticklabels=sentence, yticklabels=sentence
)

# %% heads-checked tags=["hide-input"]
four_heads_four_heatmaps = heads.shape[1] == 4
six_tokens = len(sentence) == 6
first, again_the = (i for i, word in enumerate(sentence) if word == "the")
two_rows_of_the_are_the_same_in_every_head = torch.allclose(
    heads[0, :, first], heads[0, :, again_the]
)

# %% plain
from matplotlib.figure import Figure


def plain_heatmaps(matrices, xlabel, ylabel, titles):
    """Draw panels as one would at first: one after the other."""
    rows, columns, *_ = matrices.shape
    figure = Figure(figsize=(2.5 * columns, 2.5 * rows))
    axes = figure.subplots(rows, columns, squeeze=False)
    for panel, matrix in zip(axes.flat, matrices.flatten(0, 1)):
        image = panel.imshow(matrix.numpy(), cmap="Reds")
        panel.set(xlabel=xlabel, ylabel=ylabel)
    for panel, title in zip(axes.flat, titles):
        panel.set_title(title)
    figure.colorbar(image, ax=axes, shrink=0.6)
    return figure


# %% plain-drawn tags=["figure", "hide-input"]
from attncues.diagrams import draw_stretched

pair = torch.stack([torch.full((4, 4), 0.25), torch.eye(4)])[None]
names = ["average", "attention weights"]
plain = plain_heatmaps(pair, "Keys", "Queries", names)
plain_images = [panel.images[0] for panel in plain.axes[:2]]
of_average, of_identity = (image.get_clim() for image in plain_images)
each_panel_has_a_range_of_its_own = of_average != of_identity
bar_of_plain = plain.axes[-1].get_ylim()
bar_describes_only_the_last_panel = (
    bar_of_plain == of_identity != of_average
)
stretched = draw_stretched(pair)
same_ranges = [panel.images[0].get_clim() for panel in stretched.axes[:2]]
loop_has_the_same_ranges = same_ranges == [of_average, of_identity]
drawn_of_a_quarter = plain_images[0].to_rgba(0.25)
drawn_of_zero = plain_images[1].to_rgba(0.0)
average_is_as_blank_as_zero = drawn_of_a_quarter == drawn_of_zero
stretched

# %% ours-drawn tags=["figure", "hide-input"]
ours = draw_heatmaps(pair)
ranges = {panel.get_clim() for panel in ours.axes[0].images}
one_range_for_all_panels = len(ranges) == 1
starts_at_zero = next(iter(ranges))[0] == 0
a_quarter_is_told_from_zero = 0 < 0.25 / next(iter(ranges))[1] < 1
ours


# %% refused tags=["hide-input"]
def draws(function, matrices):
    """Tell whether a function draws something."""
    try:
        function(matrices, "Keys", "Queries", ["", ""])
    except (TypeError, ValueError, RuntimeError, AttributeError):
        return False
    return True


given = {
    "in bfloat16": pair.bfloat16(),
    "with a gradient": pair.clone().requires_grad_(),
    "as nested lists": pair.tolist(),
}
plain_function_fails_with_all_three = len(given) == 3 and not any(
    draws(plain_heatmaps, one) for one in given.values()
)
ours_draws_all_three = len(given) == 3 and all(
    draws(draw_heatmaps, one) for one in given.values()
)
plain_function_says_nothing = getattr(plain, "description", None) is None
ours_says_what_it_shows = bool(ours.description)

# %% no-queries
uniform = attention_weights(torch.zeros(4, 5), keys)
uniform

# %% no-queries-checked tags=["hide-input"]
from attncues import average_pooling

averages = average_pooling(torch.eye(6))
average_pooling_gives_every_input_the_same_weight = torch.allclose(
    averages, uniform[0]
)
all_cells_have_the_same_colour = (uniform - 1 / 6).abs().max().item() < 1e-6
on_the_diagonal = torch.equal(uniform.argmax(dim=-1), torch.arange(4))
average_pooling_looks = (
    "blank"
    if uniform.max().item() == 0
    else "even"
    if all_cells_have_the_same_colour
    else "diagonal"
    if on_the_diagonal
    else "mixed"
)

# %% row-maxima
rows.amax(dim=-1)

# %% row-maxima-checked tags=["hide-input"]
least_of_the_maxima = rows.amax(dim=-1).min().item()
of_equal_weights = torch.zeros(10).softmax(dim=0).max().item()
a_tenth = (
    least_of_the_maxima >= 1 / 10 and abs(of_equal_weights - 1 / 10) < 1e-6
)
least_of_the_largest = f"1/{1 / of_equal_weights:.0f}"

# %% warmer
usual, warm = 1.0, 2.0
warmer = attention_weights(queries, keys, temperature=warm)
warmer.argsort(dim=-1) - weights.argsort(dim=-1)

# %% warmer-checked tags=["hide-input"]
dividing_all_scores_by_the_same_positive_number_keeps_their_order = (
    torch.equal(warmer.argsort(dim=-1), weights.argsort(dim=-1))
)
largest_weight_of_each_row_is_smaller_when_warmer = torch.all(
    warmer.amax(dim=-1) < weights.amax(dim=-1)
).item()
another_temperature_changes = (
    "the sum"
    if not torch.allclose(warmer.sum(dim=-1), weights.sum(dim=-1))
    else "the distances"
    if dividing_all_scores_by_the_same_positive_number_keeps_their_order
    and largest_weight_of_each_row_is_smaller_when_warmer
    else "the order"
)
