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
pair = torch.stack([spread, sharp])
names = ["high temperature", "low temperature"]
looped = draw_stretched(pair, names)
looped

# %% looped-checked tags=["hide-input"]


def along_bar(image, values):
    """Return where on its colour bar, from 0 to 1, values stand."""
    return image.norm(values)


def drawn(image):
    """Return the values that an image draws."""
    return image.get_array()


left, middle, bar = looped.axes
in_left, in_middle = left.images[0], middle.images[0]
spread_peak, strongest_is_read_as = spread.max().item(), sharp.max().item()
overstated = strongest_is_read_as / spread_peak
two_heatmaps_and_one_colour_bar = len(looped.axes) == 2 + 1
each_panel_is_stretched_to_a_range_of_its_own = (
    in_left.norm.vmin,
    in_left.norm.vmax,
) == tuple(
    end.item() for end in spread.aminmax()
) and in_middle.norm.vmax == strongest_is_read_as
bar_describes_only_the_last = (
    bar.get_ylim() == in_middle.get_clim() != in_left.get_clim()
)
strongest_cells_are_equally_strong = (
    float(along_bar(in_left, spread_peak))
    == float(along_bar(in_middle, strongest_is_read_as))
    == 1
)
left_panel_is_overstated = (
    drawn(in_left).max() == spread_peak < strongest_is_read_as
)
higher_temperature_spreads_weights = spread_peak < strongest_is_read_as
lower_temperature_sharpens_weights = sharp.max().item() > 0.9

# %% pair-shared tags=["figure", "live"]
shared = draw_heatmaps(pair, titles=names)
shared

# %% shared-checked tags=["hide-input"]
ranges = {image.get_clim() for image in shared.axes[0].images}
same_two_panels_on_one_scale = len(ranges) == 1
left_panel_is_faint = (
    float(along_bar(shared.axes[0].images[0], spread_peak)) < 0.25
)

# %% pair-panels tags=["figure", "live"]
separate = draw_heatmaps(pair, titles=names, scale="panel")
separate

# %% separate-checked tags=["hide-input"]
its_own = {image.get_clim() for image in separate.axes[0].images}
each_panel_has_a_scale_of_its_own = len(its_own) == 2
figure_says_each_has_its_own = "Each panel has a scale of its own." in [
    note.get_text() for note in separate.texts
]

# %% stretched tags=["live"]
nearly_equal = torch.tensor([[0.32, 0.33, 0.35]])
low, high = nearly_equal.min(), nearly_equal.max()
stretched = (nearly_equal - low) / (high - low)
stretched

# %% equal-misleading tags=["figure"]
from_white = draw_stretched(nearly_equal)
from_white

# %% blank-checked tags=["hide-input"]


def shades(figure, values):
    """Return the colours (rgb) of values in a figure's first panel."""
    image = figure.axes[0].images[0]
    return torch.tensor(image.cmap(image.norm(values.numpy()))[..., :3])


first_shade, second_shade, third_shade = shades(from_white, nearly_equal)[
    0
].tolist()
first_is_blank = min(first_shade) > 0.9
second_is_faint_red = (
    first_shade[1] > second_shade[1] > 0.4 and second_shade[0] > 0.9
)
third_is_strong_red = third_shade[0] < 0.5 and max(third_shade[1:]) < 0.1
three_weights_are_nearly_equal = (
    nearly_equal.numel() == 3 and (high - low).item() < 0.05
)
first_key_seems_to_get_nothing = stretched[0, 0].item() == 0

# %% equal-honest tags=["figure", "live"]
from_zero = draw_heatmaps(nearly_equal)
from_zero

# %% zero-checked tags=["hide-input"]
honest_shades = shades(from_zero, nearly_equal)[0]
spans = honest_shades.amax(dim=0) - honest_shades.amin(dim=0)
three_cells_of_nearly_the_same_strong_red = (
    len(honest_shades) == 3
    and spans.max().item() < 0.2
    and honest_shades[:, 0].max().item() < 0.6
    and honest_shades[:, 1:].max().item() < 0.1
)
written = {text.get_text() for text in from_zero.axes[0].texts}
values_are_written = written >= {
    f"{value:.2f}" for value in nearly_equal[0].tolist()
}
honest = from_zero.axes[0].images[0]
scale_starts_at_zero = honest.norm.vmin == 0
nearly_equal_weights_look_nearly_equal = spans.max().item() < 0.2
once, twice = float(along_bar(honest, 0.1)), float(along_bar(honest, 0.2))
twice_the_weight_is_twice_the_way = abs(twice - 2 * once) < 1e-6

# %% noise-misleading tags=["figure"]
scores = 0.02 * torch.randn(12, 12, generator=draw)
noise = torch.softmax(scores, dim=-1)
tempting = draw_stretched(noise)
tempting

# %% noise-checked tags=["hide-input"]
least_of_all, most, uniform = noise.min().item(), noise.max().item(), 1 / 12
nearly_uniform = most < 1.1 * least_of_all
painted = torch.tensor(tempting.axes[0].images[0].norm(noise.numpy()))
faint_cells, strong_cells = (
    (painted < 0.3).sum().item(),
    (painted > 0.7).sum().item(),
)
many_cells_are_faint_and_many_strong = (
    faint_cells > 10 and strong_cells > 10
)

# %% noise-honest tags=["figure", "live"]
calm = draw_heatmaps(noise, vmin=0, vmax=1)
calm

# %% calm-checked tags=["hide-input"]
even = shades(calm, noise)
spread_of_shades = even.amax(dim=(0, 1)) - even.amin(dim=(0, 1))
all_of_one_faint_colour = (
    spread_of_shades.max().item() < 0.02 and even.min().item() > 0.8
)
same_weights_on_a_scale_from_zero_to_one = calm.axes[0].images[
    0
].get_clim() == (0, 1)

# %% causal tags=["live"]
causal = torch.ones(8, 8, dtype=torch.bool).tril()
weights = attention_weights(queries, keys, mask=causal, temperature=0.5)

# %% causal-checked tags=["hide-input"]
forbidden_weights_are_exactly_zero = (
    weights[~causal].abs().max().item() == 0
)
tiny = weights[causal & (weights < 1 / 100)]

# %% mask-misleading tags=["figure"]
unmasked = draw_stretched(weights)
unmasked

# %% unmasked-checked tags=["hide-input"]
allowed_but_tiny = len(tiny)
allowed_and_got_less_than_one_part_in_a_hundred = (
    tiny.max().item() < 1 / 100
)
small_shades = shades(unmasked, torch.cat([torch.zeros(1), tiny]))
unlike = small_shades.amax(dim=0) - small_shades.amin(dim=0)
they_look_nearly_like_any_other_small_weight = unlike.max().item() < 0.02
upper_right_half_is_faint = (
    shades(unmasked, weights[~causal]).min().item() > 0.9
)
many_cells_of_the_lower_left_half_are_as_faint = allowed_but_tiny > 5

# %% mask-honest tags=["figure", "live"]
masked = draw_heatmaps(weights, mask=causal)
masked

# %% masked-checked tags=["hide-input"]
scaled, special = masked.axes[0].images[:2]
on_the_scale = torch.tensor(scaled.cmap(torch.linspace(0, 1, 256).numpy()))
upper_right_half_has_a_colour_of_its_own = torch.equal(
    torch.tensor(drawn(special).filled(-1) == 0), ~causal
)
its_colour_is_not_on_the_scale = (
    not (on_the_scale - torch.tensor(special.cmap(0)))
    .abs()
    .amax(dim=-1)
    .min()
    .item()
    < 0.1
)
legend_names_it = [
    text.get_text() for text in masked.legends[0].get_texts()
] == ["masked"]

# %% axes tags=["live"]
scores = queries @ keys.T / 4
valid = torch.softmax(scores, dim=-1)
wrong = torch.softmax(scores, dim=0)

# %% axes-compared tags=["figure", "live"]
axes = ["over the keys", "over the queries"]
draw_heatmaps(torch.stack([valid, wrong]), titles=axes)

# %% axes-checked tags=["hide-input"]
columns_sum_to_one = torch.allclose(wrong.sum(dim=0), torch.ones(8))
left_rows_sum_to_one = torch.allclose(valid.sum(dim=-1), torch.ones(8))
right_columns_sum_to_one = torch.allclose(wrong.sum(dim=0), torch.ones(8))
rows_do_not = not torch.allclose(wrong.sum(dim=-1), torch.ones(8))

# %% axes-sums tags=["figure"]
sums = [f"{total:.2f}" for total in wrong.sum(dim=-1)]
added = draw_heatmaps(wrong, ylabel="Sum of the row", yticklabels=sums)
added

# %% added-checked tags=["hide-input"]
least_total, most_total = (
    end.item() for end in wrong.sum(dim=-1).aminmax()
)
sum_of_each_row_is_at_its_left = [
    label.get_text() for label in added.axes[0].get_yticklabels()
] == sums
all_of_attention_are_one = torch.allclose(valid.sum(dim=-1), torch.ones(8))

# %% log-scale
figure = draw_heatmaps(weights, norm="log", mask=causal)
[text.get_text() for text in figure.texts]

# %% log-checked tags=["hide-input"]
figure_says_log_scale = "log scale" in [
    text.get_text() for text in figure.texts
]
logarithmic = figure.axes[0].images[0]
tenths = torch.tensor(along_bar(logarithmic, [0.1, 0.01, 0.001])).diff()
zero_has_no_place_on_a_log_scale = along_bar(
    logarithmic, [0.0]
).tolist() == [None]
equal_steps_of_colour_are_equal_factors = (
    abs(tenths[0].item() - tenths[1].item()) < 1e-6
)
even_steps = torch.tensor(along_bar(logarithmic, [0.2, 0.5, 0.8])).diff()
equal_steps_of_a_log_scale_are_equal = (
    "factors"
    if equal_steps_of_colour_are_equal_factors
    else "differences"
    if abs(even_steps[0].item() - even_steps[1].item()) < 1e-6
    else "ranks"
)

# %% row-totals
spread.sum(dim=-1), sharp.sum(dim=-1)

# %% row-totals-checked tags=["hide-input"]
every_row_hands_out_one_in_total = torch.allclose(
    pair.sum(dim=-1), torch.ones(2, 8)
)
faint_keys, sharp_keys = (
    (pair > 1 / 16).sum(dim=-1).float().mean(dim=-1).tolist()
)
faint_is_spread_over_many_keys = (
    left_panel_is_faint and faint_keys > 4 * sharp_keys
)
a_faint_panel_is = (
    "less"
    if not every_row_hands_out_one_in_total
    else "spread"
    if faint_is_spread_over_many_keys
    else "masked"
)

# %% most-wanted tags=["live"]
collected = valid.sum(dim=0)
collected

# %% most-wanted-checked tags=["hide-input"]
most_wanted = collected.max().item()
a_column_sums_to_more_than_one = most_wanted > 1
misleading = [looped, from_white, tempting, unmasked, wrong]
five_misleading_pictures = len(misleading) == 5
a_column_can_have = (
    "more"
    if a_column_sums_to_more_than_one
    else "less"
    if collected.min().item() < 0.99
    else "one"
)
