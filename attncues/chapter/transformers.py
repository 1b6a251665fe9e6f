"""The cells of the page “From cues to Transformers”."""

# %% five-tokens
import torch

draw = torch.Generator().manual_seed(0)
tokens = torch.randn(5, 8, generator=draw)
ask, offer, give = torch.randn(3, 8, 8, generator=draw) / 8**0.5

# %% all-ask-all tags=["live"]
from attncues import attention_pooling

keys, values = tokens @ offer, tokens @ give
output, weights = attention_pooling(tokens @ ask, keys, values)
weights.shape

# %% all-ask-checked tags=["hide-input"]
each_of_five_tokens_asks_all_five = weights.shape == (5, 5) and bool(
    (weights > 0).all()
)
five_outputs = len(output) == 5

# %% others-ask tags=["live"]
others = torch.randn(2, 8, generator=draw)
_, across = attention_pooling(others @ ask, keys, values)
across.shape

# %% others-checked tags=["hide-input"]
two_other_tokens_ask_the_same_five = across.shape == (2, 5)

# %% cached
causal = torch.ones(5, 5).tril().bool()
whole, _ = attention_pooling(tokens @ ask, keys, values, mask=causal)
newest, _ = attention_pooling(tokens[-1:] @ ask, keys, values)
(whole[-1] - newest[0]).abs().max()

# %% cached-checked tags=["hide-input"]
newest_token_alone_gets_the_same_output = torch.allclose(
    whole[-1], newest[0], atol=1e-6
)

# %% measure tags=["hide-input"]
from attncues.induction import (
    TOKENS,
    draw_lessons,
    draw_texts,
    followers,
    read,
    repeats,
    train,
)

unseen = draw_texts(100, seed=1000)
places = followers(unseen)
history = {"previous": [], "follower": [], "repeats": []}
steps = []


def watch(step, model):
    """Measure now and then what both heads do."""
    if step % 20 == 0:
        run = model(unseen)
        steps.append(step)
        on_previous = run.weights[:, 0].diagonal(-1, 1, 2)
        on_followers = (run.weights[:, 1] * places).sum(-1)[places.any(-1)]
        history["previous"].append(on_previous.mean().item())
        history["follower"].append(on_followers.mean().item())
        history["repeats"].append(repeats(model, unseen))


# %% formation tags=["figure"]
from attncues.diagrams import draw_formation

model = train(seed=0, watch=watch)
draw_formation(steps, history)

# %% formation-checked tags=["hide-input"]
training_steps, layers, size = 300, 2, 32
parameters = sum(one.numel() for one in model.parameters())
at_first, at_last = history["repeats"][0], history["repeats"][-1]
all_three_rise_from_less_than_a_fifth_to_more_than_four_fifths = all(
    line[0] < 1 / 5 and line[-1] > 4 / 5 for line in history.values()
)
nearly_all_answers_repeat_at_last = at_last > 0.99
half_at = [
    next(step for step, one in zip(steps, line) if one > 1 / 2)
    for line in history.values()
]
up_to_this_step, all_three_at = min(half_at) - 20, max(half_at)
all_three_pass_one_half_between_these = (
    all(
        line[steps.index(up_to_this_step)] < 1 / 2
        for line in history.values()
    )
    and all_three_at - up_to_this_step <= 40
)

# %% repeat-a-text
text = "cupondeskoncupdesk"
run = model(read(text))
first, second = run.weights[0]

# %% two-heads tags=["figure", "hide-input"]
from attncues import draw_heatmaps

labels = ["^", *text]


def draw_two(matrices, titles):
    """Draw two heatmaps of a text, one above the other."""
    return draw_heatmaps(
        torch.stack(matrices)[:, None],
        titles=titles,
        figsize=(3.4, 6.4),
        vmin=0,
        vmax=1,
        mask=torch.ones(19, 19).tril().bool(),
        xticklabels=labels,
        yticklabels=labels,
    )


draw_two([first, second], ["layer 1", "layer 2"])

# %% two-heads-checked tags=["hide-input"]
of_text = followers(read(text))[0]
on_previous = first.diagonal(-1)
diagonal_share = (on_previous > 0.5).float().mean().item()
first_head_looks_mostly_one_back = (
    diagonal_share > 0.75 and on_previous.mean().item() > 0.75
)
row_of_second_c = 12  # the second c, after the start
where = int(second[row_of_second_c].argmax())
second_c_looks_at_u_that_followed_the_first_c = (
    labels[row_of_second_c],
    labels[where],
) == ("c", "u")
layer_2_weight_of_u = second[row_of_second_c, where].item()
seen_before = of_text.any(-1)
repeated = [row for row in range(19) if seen_before[row]]
strongest = [(row, int(second[row].argmax())) for row in repeated]
second_looks_at_followers_in_every_row_of_a_repeated_letter = all(
    key > 0 and labels[key - 1] == labels[row] for row, key in strongest
)
new_rows = [row for row in range(1, 19) if not seen_before[row]]
start_is_strongest_in_most_rows_of_new_letters = (
    sum(int(second[row].argmax()) == 0 for row in new_rows)
    > len(new_rows) / 2
)


# %% cut
def without(layer):
    """Silence the head of a layer."""
    return lambda number, weights: weights * (number != layer)


[repeats(model, unseen, without(one)) for one in (None, 0, 1)]

# %% five-seeds tags=["hide-input"]
seeds = 5
models = [model, *(train(seed) for seed in range(1, seeds))]
intact = [repeats(one, unseen) for one in models]
cut_first = [repeats(one, unseen, without(0)) for one in models]
cut_second = [repeats(one, unseen, without(1)) for one in models]
at_least_intact, at_most_cut_first, at_most_cut_second = (
    min(intact),
    max(cut_first),
    max(cut_second),
)
with_all_five_seeds_nearly_all_answers_repeat = at_least_intact > 0.98
without_the_first_head_fewer_than_a_third_repeat_with_all_seeds = (
    at_most_cut_first < 1 / 3
)
without_the_second_fewer_than_a_tenth_repeat_with_all_seeds = (
    at_most_cut_second < 1 / 10
)
it_takes_both_heads_in_each_layer = at_least_intact > 3 * max(
    at_most_cut_first, at_most_cut_second
)

# %% sink
run = model(unseen)
to_start = run.weights[:, 1, :, 0]
found = places.any(-1)
new = ~found & (torch.arange(24) > 0)  # no letter like it before
to_start[new].mean(), to_start[found].mean()

# %% sink-checked tags=["hide-input"]
start_if_new, start_if_found = (
    to_start[new].mean().item(),
    to_start[found].mean().item(),
)
of_all_models = [one(unseen).weights[:, 1, :, 0] for one in models]
most_weight_of_new_letters_goes_to_the_start = all(
    one[new].mean().item() > 0.5 for one in of_all_models
)
if_there_is_a_match_start_has_less_than_a_tenth = all(
    one[found].mean().item() < 0.1 for one in of_all_models
)
to_itself = run.weights[:, 1].diagonal(dim1=-2, dim2=-1)
with_nothing_to_find_most_weight_goes_to = (
    "start"
    if most_weight_of_new_letters_goes_to_the_start
    else "itself"
    if to_itself[new].mean().item() > 0.5
    else "nowhere"
)


# %% no-sink tags=["hide-input"]
def closed(layer, weights):
    """Forbid the start to the second head, but for the start itself."""
    if layer == 0:
        return weights
    kept = weights * (torch.arange(24) > 0)
    kept[:, 0] = weights[:, 0]
    return kept / kept.sum(-1, keepdim=True)


# %% without-sink
sure = run.scores.softmax(-1).amax(-1)
sure_closed = model(unseen, closed).scores.softmax(-1).amax(-1)
sure[new].mean(), sure_closed[new].mean()

# %% no-sink-checked tags=["hide-input"]
sure_before, sure_after = (
    sure[new].mean().item(),
    sure_closed[new].mean().item(),
)
without_a_sink_the_model_is_more_than_four_times_as_sure = (
    sure_after > 4 * sure_before
)
repeats_closed = repeats(model, unseen, closed)
nearly_all_known_answers_are_still_right = repeats_closed > 0.98


# %% one-key
def only_best(layer, weights):
    """Keep the largest weight of each row alone, in the second layer."""
    largest = weights == weights.amax(-1, keepdim=True)
    return largest.float() if layer else weights


repeats(model, unseen, only_best)

# %% one-key-checked tags=["hide-input"]
answers_with_one_key = repeats(model, unseen, only_best)
one_key_is_enough_for_nearly_all = answers_with_one_key > 0.98


# %% other-rows tags=["hide-input"]
def place_all(which):
    """Put all weight of a row on its first follower, or on its last."""
    rank = places * torch.arange(1, 25)
    if which == "first":
        rank = places * torch.arange(24, 0, -1)
    chosen = torch.nn.functional.one_hot(rank.argmax(-1), 24).float()
    several = places.sum(-1, keepdim=True) > 1
    return lambda layer, weights: (
        torch.where(several, chosen, weights) if layer else weights
    )


at_first_one, at_last_one = (
    model(unseen, place_all(which)) for which in ("first", "last")
)
moved = places.sum(-1) > 1
letters = unseen[:, None].expand(-1, 24, -1)
first_letter = letters.gather(
    2, (places * torch.arange(24, 0, -1)).argmax(-1)[..., None]
)[..., 0]
last_letter = letters.gather(
    2, (places * torch.arange(1, 25)).argmax(-1)[..., None]
)[..., 0]
alike = moved & (first_letter == last_letter)
rows_moved = int(alike.sum())
apart = (at_first_one.weights[:, 1] - at_last_one.weights[:, 1]).abs().sum(
    -1
)[alike] / 2
nothing_in_common_in_two_rows = apart.min().item() == 1
probabilities = [
    one.scores.softmax(-1)[alike] for one in (at_first_one, at_last_one)
]
no_change_by_more_than = (
    (probabilities[0] - probabilities[1]).abs().max().item()
)
answers = [one.argmax(-1) for one in probabilities]
all_answers_stay_the_same = torch.equal(answers[0], answers[1])
own_answers = model(unseen).scores[alike].argmax(-1)
stay_as_its_own = min(
    (one == own_answers).float().mean().item() for one in answers
)


# %% wrong-row tags=["hide-input"]
def level(rows):
    """Spread the weights of some rows of the first layer evenly."""
    even = torch.ones(24, 24).tril()
    even = even / even.sum(-1, keepdim=True)
    return lambda layer, weights: (
        weights if layer else torch.where(rows[..., None], even, weights)
    )


row = 18
there = found[:, row]  # texts whose letter there has stood before
own_row = (torch.arange(24) == row).expand(len(unseen), -1)
answer = run.scores[there, row].argmax(-1)


def stays(rows):
    """Tell how often the answer stays as it was."""
    changed = model(unseen, level(rows)).scores[there, row].argmax(-1)
    return (changed == answer).float().mean().item()


spread_own_row, spread_other_rows = stays(own_row), stays(places[:, row])
own_weight = run.weights[there, 0, row, row - 1].mean().item()
others_decide = spread_own_row > 0.9 and spread_other_rows < 0.5
it_has_a_clear_own_row = own_weight > 0.75


# %% even tags=["hide-input"]
def uniform(layer, weights):
    """Give all tokens so far the same weight."""
    even = torch.ones_like(weights).tril()
    return even / even.sum(-1, keepdim=True)


# %% frozen
other = train(seed=0, change=uniform)
frozen = repeats(other, unseen, uniform)
frozen

# %% frozen-checked tags=["hide-input"]
with_frozen_weights_fewer_than_a_third_repeat = frozen < 1 / 3

# %% norms
run = model(read(text))
norms = run.values[0, 1].norm(dim=-1)
contributions = run.weights[0, 1] * norms
shares = contributions / contributions.sum(-1, keepdim=True)

# %% weights-and-norms tags=["figure", "hide-input"]
draw_two([second, shares], ["weights", "weights × norms"])

# %% norms-checked tags=["hide-input"]
norm_of_start, average_norm_of_letters = (
    norms[0].item(),
    norms[1:].mean().item(),
)
start_has_the_smallest_norm = int(norms.argmin()) == 0
average_start_by_weight = second[new_rows, 0].mean().item()
average_start_by_norm = shares[new_rows, 0].mean().item()
in_all_rows_of_new_letters_start_counts_less_by_norm = bool(
    (shares[new_rows, 0] < second[new_rows, 0]).all()
)

# %% one-layer-only tags=["hide-input"]
more_than_three_times_as_many_as_only_one_first = (
    at_least_intact > 3 * at_most_cut_first
)
repeating_without_the_first_head = (
    "none"
    if at_most_cut_first < 0.01
    else "few"
    if at_most_cut_first < 1 / 3
    else "most"
)

# %% other-letters
lessons = [
    "".join(TOKENS[letter] for letter in lesson[1:])
    for lesson in draw_lessons(steps=300, seed=0)
]
said = model(read("mtqmtq")).scores.argmax(-1)
sum("mtq" in lesson for lesson in lessons), TOKENS[said[0, -1]]

# %% other-letters-checked tags=["hide-input"]
its_answer = TOKENS[said[0, -1]]
it_repeats_what_followed_q = its_answer == "m"
texts_learned_from = len(lessons)
none_of_the_texts_learned_from_has_mtq = not any(
    "mtq" in lesson for lesson in lessons
)
