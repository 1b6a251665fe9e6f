"""The cells of the page “Attention in a language model”."""

# %% load
from attncues.transformer import LanguageModel

model = LanguageModel()
sentence = "The red cup on the desk caught my eye, and I drank from the"
tokens = model.read(sentence + " red")
run = model(tokens)
run.weights.shape

# %% loaded tags=["hide-input"]
import torch

names = [name.strip() for name in model.names(tokens)]
layers, heads, count = run.weights.shape[:3]
all_heads, all_tokens = layers * heads, count
likely = run.logits[-1].softmax(-1)
answer = model.names(likely.topk(1).indices)[0].strip()
sure = likely.max().item()
likeliest_next_word_is_cup = answer == "cup"

# %% by-hand
from attncues import attention_pooling

layer, head = 17, 4
query = run.queries[layer, head, -1:]
keys, values = run.keys[layer, head], run.values[layer, head]
output, weights = attention_pooling(query, keys, values)
names[2], weights[0, 2]

# %% hand-checked tags=["hide-input"]
on_cup = weights[0, 2].item()
strongest_key_is_that_of_cup = int(weights.argmax()) == names.index("cup")
same_as_in_the_model = torch.allclose(
    weights[0], run.weights[layer, head, -1], atol=1e-5
)
nearest = torch.cosine_similarity(output, values, dim=-1)
cosine_with_value_of_cup = nearest.max().item()
output_is_nearest_to_value_of_cup = int(nearest.argmax()) == 2
seen = torch.ones(count, count).tril().bool()

# %% one-head tags=["figure"]
from attncues import draw_heatmaps

of_head, size = run.weights[layer, head], (3.4, 4)
draw_heatmaps(
    of_head, figsize=size, mask=seen, xticklabels=names, yticklabels=names
)

# %% one-head-checked tags=["hide-input"]
rows_that_look_most_at_the_first = int((of_head[1:].argmax(-1) == 0).sum())
rows_after_the_first = count - 1
last_row_looks_most_at_cup = int(of_head[-1].argmax()) == 2

# %% carried
copying = 23, 2
matrix = model.output_matrices()[copying]
added = run.weights[copying][-1] @ run.values[copying] @ matrix
model.promoted(added, 5)

# %% carried-checked tags=["hide-input"]
of_first = weights[0] @ values @ model.output_matrices()[layer, head]
none_of_first_five_spells_cup_with_17_4 = not any(
    "cup" in each.lower() for each in model.promoted(of_first, 5)
)
promoted = model.promoted(added, 5)
spelled = sum("cup" in each.lower() for each in promoted)
first_of_five_spells_cup = promoted[0].strip() == "cup"

# %% two-queries tags=["figure"]
other = model(model.read(sentence + " desk"))
two = torch.stack([run.weights, other.weights])[:, layer, head, -1, :-1]
asked = [names[-1], "desk"]
draw_heatmaps(two, xticklabels=names[:-1], yticklabels=asked)

# %% two-queries-checked tags=["hide-input"]
desk_at_caught = two[1, names.index("caught")].item()
red_at_cup = two[0, names.index("cup")].item()
all_keys_and_values_before_the_last_are_exactly_the_same = torch.equal(
    run.keys[..., :-1, :], other.keys[..., :-1, :]
) and torch.equal(run.values[..., :-1, :], other.values[..., :-1, :])
red_looks_most_at_cup = int(two[0].argmax()) == names.index("cup")
desk_looks_most_at_caught = int(two[1].argmax()) == names.index("caught")
other_sure = other.logits[-1].softmax(-1).max().item()
other_answer = model.names(other.logits[-1].topk(1).indices)[0].strip()

# %% all-heads tags=["figure"]
draw_heatmaps(run.weights, figsize=(3.4, 13))

# %% all-heads-checked tags=["hide-input"]
first_is_largest = run.weights[..., 1:, :].argmax(-1) == 0
rows_with_first_largest = first_is_largest.float().mean().item()
first_token_is_largest_in_more_than_half_of_all_rows = (
    rows_with_first_largest > 1 / 2
)

# %% kinds
from attncues.transformer import induction, previous_token, repeat_random

repeated = repeat_random(2, 25, seed=0)
on_repeated = model(repeated).weights.mean(0)
scores = [previous_token(on_repeated), induction(on_repeated)]

# %% kinds-of-text tags=["hide-input"]
from attncues.transformer import first_token, on_places

text = (
    "The book on the desk is old. Its cover is red, and its pages are "
    "yellow. I read it in the evening, when the house is quiet, with a cup "
    "of coffee beside me."
)
read = model.read(text)
on_text = model(read).weights
marks = torch.tensor(
    [name.strip() in (",", ".") for name in model.names(read)]
)
scores += [first_token(on_text), on_places(on_text, marks)]

# %% passages tags=["hide-input"]
texts = {
    "a sentence": sentence + " red",
    "code": "def add(a, b):\n    return a + b\n\nprint(add(1, 2))",
    "a pattern, repeated": "cup key pen lamp cup key pen lamp cup key pen",
    "a sentence in Chinese": "桌上的红杯子吸引了我。",
}
passages = {}
for name, passage in texts.items():
    numbers = model.read(passage)
    passages[name] = model.names(numbers), model(numbers).weights

# %% kinds-drawn tags=["figure"]
from attncues.diagrams import draw_heads

kinds = ["previous token", "induction", "first token", "punctuation"]
draw_heads(dict(zip(kinds, scores)), passages)

# %% kinds-counted tags=["hide-input"]
at_least = 0.4
is_one = torch.stack(scores) >= at_least
best = [score.max().item() for score in scores]
places = [divmod(int(score.argmax()), heads) for score in scores]
best_previous, best_induction, best_first, best_marks = best
place_previous, place_induction, place_first, place_marks = (
    f"L{one}H{two}" for one, two in places
)
number_previous, number_induction, number_first, number_marks = is_one.sum(
    (1, 2)
).tolist()
of_none = int((~is_one.any(0)).sum())
share_of_none = of_none / all_heads
all_but_resting = int((~is_one[[0, 1, 3]].any(0)).sum())
nearly_half_are_first_token_heads = 0.4 < number_first / all_heads < 0.5
half_of_the_heads_are_none = abs(share_of_none - 1 / 2) < 0.03
seen_alike = torch.ones_like(on_text[0, 0]).tril()
even_on_marks = on_places(
    seen_alike / seen_alike.sum(-1, keepdim=True), marks
).item()
score_by_hand = scores[1][layer, head].item()
head_by_hand_is_one_of_induction_heads = score_by_hand >= at_least
induction_heads_rest_on_the_first_token = bool(
    (scores[2][is_one[1]] > 0.8).all()
)
a_diagonal_alone_tells = "nothing" if number_previous else "induction"

# %% ablate
from attncues.transformer import loss, silence

found = [tuple(place) for place in is_one[1].nonzero().tolist()]
fresh = repeat_random(3, 25, seed=2026)
intact = loss(model(fresh).logits, fresh)
without = loss(model(fresh, silence(found)).logits, fresh)
intact[:, 25:].mean(), without[:, 25:].mean()

# %% ablate-others tags=["hide-input"]
losses = []
for seed in range(5):
    draw = torch.Generator().manual_seed(seed)
    order = torch.rand(layers, heads, generator=draw)
    order[is_one[1]] = -1  # comes last: a head that was found is not drawn
    drawn = [
        (depth, other)
        for depth, number in enumerate(is_one[1].sum(-1).tolist())
        for other in order[depth].topk(number).indices.tolist()
    ]
    losses.append(loss(model(fresh, silence(drawn)).logits, fresh))

# %% ablate-one
one = loss(model(fresh, silence([(18, 6)])).logits, fresh)
by_hand = loss(model(fresh, silence([(17, 4)])).logits, fresh)
one[:, 25:].mean(-1), by_hand[:, 25:].mean(-1), intact[:, 25:].mean(-1)

# %% ablated tags=["hide-input"]
random_heads_each_time, seeds, rows = len(found), len(losses), len(fresh)
loss_at_first, loss_on_second_pass = (
    intact[:, :24].mean().item(),
    intact[:, 25:].mean().item(),
)
at_first_without, second_pass_without = (
    without[:, :24].mean().item(),
    without[:, 25:].mean().item(),
)
of_others = torch.stack(losses)[..., 25:].mean((-2, -1))
average_on_second_pass, at_most_in_a_draw = (
    of_others.mean().item(),
    of_others.max().item(),
)
more_than_whole_model_and_less_than_half_of_that_without_induction_heads = (
    loss_on_second_pass
    < of_others.min().item()
    <= at_most_in_a_draw
    < second_pass_without / 2
)
loss_is_more_than_three_times_as_large = (
    second_pass_without > 3 * loss_on_second_pass
)
first_pass_stays_nearly_the_same = (
    abs(at_first_without - loss_at_first) < 0.3
)
second_pass_without_one = one[:, 25:].mean().item()
second_pass_without_by_hand = by_hand[:, 25:].mean().item()
highest_score_is_that_of_18_6 = place_induction == "L18H6"
loss_rises_in_each_text = bool(
    (one[:, 25:].mean(-1) > intact[:, 25:].mean(-1) + 1).all()
)
loss_stays_nearly_the_same = (
    abs(second_pass_without_by_hand - loss_on_second_pass) < 0.1
)
loss_rises_on = (
    "second"
    if loss_is_more_than_three_times_as_large
    and first_pass_stays_nearly_the_same
    else "both"
)

# %% norms
from attncues.transformer import weights_and_norms

by_norm = weights_and_norms(model, run)
first_token(run.weights).mean(), first_token(by_norm).mean()

# %% norms-drawn tags=["figure"]
both = torch.stack([run.weights, by_norm])[:, 16, 6]
draw_heatmaps(both, titles=["weights", "weights × norms"], mask=seen)

# %% norms-checked tags=["hide-input"]
first_by_weight = first_token(run.weights).mean().item()
first_by_norm = first_token(by_norm).mean().item()
over_all_heads_first_token_counts_less_by_norm = (
    first_by_norm < first_by_weight
)
elsewhere = by_norm[..., 1:, :].argmax(-1) != run.weights[
    ..., 1:, :
].argmax(-1)
rows_with_another_strongest_place = elsewhere.float().mean().item()
here_first_by_weight = first_token(both[0]).item()
here_first_by_norm = first_token(both[1]).item()
first_column_counts_less_by_norm_here = (
    here_first_by_norm < here_first_by_weight
)

# %% one-each tags=["hide-input"]
draw = torch.Generator().manual_seed(0)
one_each = torch.randint(heads, (layers,), generator=draw).tolist()
tried = list(enumerate(one_each))

# %% change
from attncues.transformer import flatten, moved, permute

beginning = tokens[:8]
silenced = moved(model, beginning, tried, torch.zeros_like)
flattened = moved(model, beginning, tried, flatten)
permuted = moved(model, beginning, tried, lambda each: permute(each, 0))

# %% moves tags=["figure", "hide-input"]
from attncues.diagrams import draw_moves

of_tried = torch.stack([run.weights[place][:8, :8] for place in tried])
moves = {
    "silenced": silenced,
    "flattened": flattened,
    "permuted": permuted,
}
peaks = of_tried[:, 1:].amax(-1).mean(-1)
draw_moves(peaks, moves)

# %% moves-checked tags=["hide-input"]
average_moves = {kind: each.mean().item() for kind, each in moves.items()}
average_silenced, average_flattened, average_permuted = (
    average_moves.values()
)
each_move = torch.stack(list(moves.values()))
small = (each_move < 0.1).float().mean().item()
most_moved = each_move.max().item()
related = torch.corrcoef(torch.stack([peaks, *moves.values()]))[0, 1:]
related_silenced, related_flattened, related_permuted = related.tolist()
how_sharp_a_head_is_tells_little_of_what_silencing_does = (
    abs(related_silenced) < 0.3
)
tells_more_of_what_shuffling_does = related_permuted > 0.5
average_largest_above = 0.9
sharp = peaks > average_largest_above
to_first = of_tried[:, 1:, 0].mean(-1)
sharp_heads_look_mostly_at_the_first_token = bool(
    (to_first[sharp] > 1 / 2).all()
)
sharp_heads = int(sharp.sum())
average_sharp_silenced = silenced[sharp].mean().item()
average_sharp_flattened = flattened[sharp].mean().item()
sharp_heads_move_more_if_flattened_than_if_silenced = (
    average_sharp_flattened > average_sharp_silenced
)
nine_tenths_move_less_than_a_tenth = small > 0.9
silencing_a_sharp_head_moves = (
    "much"
    if average_sharp_silenced > 0.2
    else "little"
    if average_sharp_silenced > 0.001
    else "nothing"
)

# %% misread tags=["hide-input"]
peak_of_each = run.weights[..., 1:, 1:].amax((-2, -1))
weakest_without_first, strongest_without_first = (
    peak_of_each.min().item(),
    peak_of_each.max().item(),
)
allowed = run.weights[..., seen]
allowed_but_less_than_a_hundredth = (allowed < 0.01).float().mean().item()
columns = run.weights.sum(-2)
average_sum_of_first_column = columns[..., 0].mean().item()
rows_sum_to_one = torch.allclose(
    run.weights.sum(-1), torch.ones(()), atol=1e-4
)
