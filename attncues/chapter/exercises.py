"""The cells of the page “Exercises”."""

# %% corpus
from attncues.translation import HELD_OUT, corpus, train

sentences = corpus()
examples = sentences.train[:3]
learned, tested = len(sentences.train), len(sentences.test)
for pair in examples:
    print(" ".join(pair.source), "→", " ".join(pair.target))

# %% translator
held_out = " ".join(min(HELD_OUT))
translator = train(seed=0, report=print)

# %% translator-tested tags=["hide-input"]
translations = translator.translate_all(
    [pair.source for pair in sentences.test]
)
right = sum(
    translation.target == pair.target
    for translation, pair in zip(translations, sentences.test)
)
rate = right / tested

# %% translating tags=["figure"]
from attncues.diagrams import draw_translation

sentence = "the red cup is not on the black table"
draw_translation(translator, sentence)

# %% translating-checked tags=["hide-input"]
translation = translator.translate(sentence)
source, target = translation.source, translation.target
looked_at = [source[row.argmax()] for row in translation.weights]
rows = translation.weights.argmax(dim=1)
french_sentence = " ".join(target)
english_tokens_in_columns_french_in_rows = translation.weights.shape == (
    len(target),
    len(source),
) and source == tuple(sentence.split())
every_token_is_right = (
    french_sentence == "la tasse rouge n' est pas sur la table noire"
)
rouge_is_written_after_tasse = target.index("rouge") > target.index("tasse")
red_stands_before_cup = source.index("red") < source.index("cup")
rouge_looks_at = f"“{looked_at[target.index('rouge')]}”"
french_adjective_looks_at_the_english_one = rouge_looks_at == "“red”"
rows_are_not_a_diagonal = rows.tolist() != sorted(rows.tolist())
of_not = {one for one, there in zip(target, looked_at) if there == "not"}
one_word_became_two = of_not == {"n'", "pas"}
est_does_not_look_at_is = looked_at[target.index("est")] != "is"
sur = target.index("sur")
est_looks_most_at, sur_at = looked_at[target.index("est")], looked_at[sur]
sur_weight = translation.weights[sur].max().item()
second_la_to_noun_weight = translation.weights[
    sur + 1, source.index("table")
].item()

# %% merged
merged = translator.translate("the cat of the book is here")
" ".join(merged.target)

# %% merged-checked tags=["hide-input"]
two_words_became_one = (
    "du" in merged.target and len(merged.target) == len(merged.source) - 1
)

# %% counterparts tags=["hide-input"]
from dataclasses import replace

import torch
from attncues.translation import (
    ADJECTIVES,
    ADJECTIVES_BEFORE,
    ARTICLES,
    END,
    NOUNS,
    START,
)


def french(forms):
    """English words by each of their French forms."""
    return {form: word for word, those in forms.items() for form in those}


kinds = {
    "nouns": {form: noun for noun, (form, _) in NOUNS.items()},
    "adjectives": french({**ADJECTIVES, **ADJECTIVES_BEFORE}),
    "not, of": {"n'": "not", "pas": "not", "de": "of", "du": "of"},
    "articles": french(ARTICLES),
    "others": {
        "je": "I",
        "vois": "see",
        "et": "and",
        "est": "is",
        "sur": "on",
        "ici": "here",
    },
}
looks = {kind: [] for kind in kinds}
copes = {kind: [] for kind in kinds}
for one in translations:
    encoded, before = translator.encode([one.source]), START
    state = encoded.state
    for token, weights in zip(one.target, one.weights):
        kind = next(kind for kind in kinds if token in kinds[kind])
        counterpart = kinds[kind][token]
        seen = torch.tensor(
            [[[word != counterpart for word in (*one.source, END)]]]
        )
        number = torch.tensor([translator.target_tokens.index(before)])
        without = translator.step(
            number, state, replace(encoded, mask=seen)
        )
        looks[kind].append(one.source[weights.argmax()] == counterpart)
        copes[kind].append(
            translator.target_tokens[without.scores.argmax()] == token
        )
        state, before = translator.step(number, state, encoded).state, token

looking, coping = (
    {kind: sum(those[kind]) / len(those[kind]) for kind in kinds}
    for those in (looks, copes)
)
print("tokens      number  look there  right without")
for kind in kinds:
    print(
        f"{kind:12}{len(looks[kind]):6}{looking[kind]:12.0%}{coping[kind]:15.0%}"
    )
(
    noun_copes,
    articles_look_most_at_articles,
    others_look_most_where_expected,
) = (
    coping["nouns"],
    looking["articles"],
    looking["others"],
)
at_least_this_copes = min(coping["articles"], coping["others"])
content = looks["nouns"] + looks["adjectives"]
most_weight_at_counterpart = sum(content) / len(content)
nearly_no_adjective_is_right_without_it = coping["adjectives"] < 0.1
others_are_right_all_the_same = at_least_this_copes > 0.9
after_pas = {
    one.target[place + 1]
    for one in translations
    for place, token in enumerate(one.target)
    if token == "pas"
}
after_pas_always_sur = after_pas == {"sur"}

# %% parts-start tags=["hide-input"]
longer, shorter = "the cup is not on the table", "the book is here"
two = [tuple(sentence.split()) for sentence in (longer, shorter)]
first = torch.full((2,), translator.target_tokens.index(START))

# %% parts
encoded = translator.encode(two)
step = translator.step(first, encoded.state, encoded)
print("query  ", tuple(step.query.shape), "one for each sentence and step")
print("keys   ", tuple(encoded.keys.shape), "one for each source token")
print("values ", tuple(encoded.values.shape), "one for each source token")
print("weights", tuple(step.weights.shape))

# %% parts-checked tags=["hide-input"]
second = translator.step(step.scores.argmax(-1), step.state, encoded)
two_sentences = len(two) == len(step.query) == 2
longer_has_seven_words = len(two[0]) == 7
eight_keys = encoded.keys.shape[1] == 8
query_numbers, length_of_value = (
    step.query.shape[-1],
    encoded.values.shape[-1],
)
half_of_a_value = length_of_value // 2
query_changes_at_every_step = not torch.equal(step.query, second.query)
padding_gets_exactly_zero = (
    step.weights[~encoded.mask].abs().max().item() == 0
)

# %% softmax-keys tags=["figure", "live"]
import torch
from attncues import draw_heatmaps, show_heatmaps

matrix = torch.randn(10, 10, generator=torch.Generator().manual_seed(0))
weights = torch.softmax(matrix, dim=-1)
show_heatmaps(weights.reshape(1, 1, 10, 10), "Keys", "Queries")

# %% softmax-keys-checked tags=["hide-input"]
ten_rows_of_softmax_weights_over_ten_keys = weights.shape == (10, 10)
no_weight_is_negative = weights.min().item() >= 0
each_row_sums_to_one = torch.allclose(weights.sum(dim=-1), torch.ones(10))
largest, equal_for_each = weights.max().item(), 1 / 10

# %% softmax-queries tags=["figure", "live"]
wrong = torch.softmax(matrix, dim=0)
show_heatmaps(wrong.reshape(1, 1, 10, 10), "Keys", "Queries")

# %% softmax-queries-checked tags=["hide-input"]
sums = wrong.sum(dim=-1)
least_sum, most_sum = sums.min().item(), sums.max().item()
rows_do_not_sum_to_one = not most_sum - least_sum < 0.1

# %% softmax-temperatures tags=["figure", "live"]
temperatures = [0.1, 0.5, 2, 10]
sweep = torch.stack([(matrix / one).softmax(-1) for one in temperatures])
draw_heatmaps(sweep, titles=[str(one) for one in temperatures])

# %% softmax-temperatures-checked tags=["hide-input"]
four_temperatures = len(sweep) == 4
sharpest, flattest = sweep[0].max().item(), sweep[-1].max().item()
largest_weight_falls = sweep.amax(dim=(1, 2)).diff().max().item() < 0
first_has_one_strong_cell_in_each_row = (
    sweep[0].amax(dim=1).min().item() > 2 / 3
)
last_is_nearly_even = (10 * sweep[-1] - 1).abs().max().item() < 1 / 3

# %% uniform-numbers tags=["live"]
flat = torch.rand(
    10, 10, generator=torch.Generator().manual_seed(0)
).softmax(dim=-1)
factors = flat.amax(dim=-1) / flat.amin(dim=-1)
factors

# %% uniform-numbers-checked tags=["hide-input"]
least_factor, most_factor = factors.min().item(), factors.max().item()
two_weights_of_a_row_differ_at_most_by_that = factors.max().item() < torch.e
with_torch_rand_weights_differ_at_most_by = (
    "1"
    if factors.max().item() < 1.01
    else "e"
    if two_weights_of_a_row_differ_at_most_by_that
    else "any"
)

# %% crossed
straight = translator.translate("the red cup is on the black table").target
crossed = translator.translate("the black cup is on the red table").target
" ".join(crossed)

# %% crossed-checked tags=["hide-input"]
it_notices_the_different_places = straight != crossed
if_two_tokens_change_places_the_translation = (
    "changes" if it_notices_the_different_places else "stays"
)


# %% first-token tags=["hide-input"]
def share(wanted):
    """Average the weight on these tokens, when an article comes first."""
    rows = [one for one in translations if one.target[0] in ("le", "la")]
    sums = [
        sum(
            weight
            for weight, token in zip(one.weights[0].tolist(), one.source)
            if token in wanted
        )
        for one in rows
    ]
    return sum(sums) / len(sums)


to_noun, to_article = share(NOUNS), share({"the"})
for_the_gender_it_looks_at = (
    "noun"
    if to_noun > to_article + 0.1
    else "article"
    if to_article > to_noun + 0.1
    else "both"
)
