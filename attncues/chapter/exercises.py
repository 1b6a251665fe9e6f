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
translations = translator.translate_all([pair.source for pair in sentences.test])
right = sum(
    translation.target == pair.target for translation, pair in zip(translations, sentences.test)
)
rate = right / tested
assert rate > 0.95

# %% translating tags=["figure"]
from attncues.diagrams import draw_translation

translation = translator.translate("the red cup is not on the black table")
source, target = translation.source, translation.target
looked_at = [source[row.argmax()] for row in translation.weights]
assert " ".join(target) == "la tasse rouge n' est pas sur la table noire"
assert looked_at[target.index("rouge")] == "red"
assert looked_at[target.index("n'")] == looked_at[target.index("pas")] == "not"
draw_translation(translator, "the red cup is not on the black table")

# %% merged
merged = translator.translate("the cat of the book is here")
assert "du" in merged.target
" ".join(merged.target)

# %% counterparts tags=["hide-input"]
from dataclasses import replace

import torch
from attncues.translation import ADJECTIVES, ADJECTIVES_BEFORE, ARTICLES, END, NOUNS, START


def french(forms):
    """English words by each of their French forms."""
    return {form: word for word, those in forms.items() for form in those}


kinds = {
    "nouns": {form: noun for noun, (form, _) in NOUNS.items()},
    "adjectives": french({**ADJECTIVES, **ADJECTIVES_BEFORE}),
    "not, of": {"n'": "not", "pas": "not", "de": "of", "du": "of"},
    "articles": french(ARTICLES),
    "others": {"je": "I", "vois": "see", "et": "and", "est": "is", "sur": "on", "ici": "here"},
}
looks = {kind: [] for kind in kinds}
copes = {kind: [] for kind in kinds}
for one in translations:
    encoded, before = translator.encode([one.source]), START
    state = encoded.state
    for token, weights in zip(one.target, one.weights):
        kind = next(kind for kind in kinds if token in kinds[kind])
        counterpart = kinds[kind][token]
        seen = torch.tensor([[[word != counterpart for word in (*one.source, END)]]])
        number = torch.tensor([translator.target_tokens.index(before)])
        without = translator.step(number, state, replace(encoded, mask=seen))
        looks[kind].append(one.source[weights.argmax()] == counterpart)
        copes[kind].append(translator.target_tokens[without.scores.argmax()] == token)
        state, before = translator.step(number, state, encoded).state, token

looking, coping = (
    {kind: sum(those[kind]) / len(those[kind]) for kind in kinds} for those in (looks, copes)
)
print("tokens      number  look there  right without")
for kind in kinds:
    print(f"{kind:12}{len(looks[kind]):6}{looking[kind]:12.0%}{coping[kind]:15.0%}")
sur = target.index("sur")
est_at, sur_at = looked_at[target.index("est")], looked_at[sur]
sur_weight = translation.weights[sur].max().item()
noun_weight = translation.weights[sur + 1, source.index("table")].item()
noun_copes, article_looks, other_looks = coping["nouns"], looking["articles"], looking["others"]
least_copes = min(coping["articles"], coping["others"])
content = looks["nouns"] + looks["adjectives"]
content_looks = sum(content) / len(content)
assert est_at != "is" and sur_at != "on" and noun_weight < 0.2
assert content_looks > 0.95 and coping["adjectives"] < 0.1
assert max(article_looks, other_looks) < 0.8 and least_copes > 0.9


# %% parts
longer, shorter = "the cup is not on the table", "the book is here"
two = [tuple(sentence.split()) for sentence in (longer, shorter)]
encoded = translator.encode(two)
first = torch.full((2,), translator.target_tokens.index(START))
step = translator.step(first, encoded.state, encoded)
second = translator.step(step.scores.argmax(-1), step.state, encoded)
print("query  ", tuple(step.query.shape), "one for each sentence, anew at each step")
print("keys   ", tuple(encoded.keys.shape), "one for each source token")
print("values ", tuple(encoded.values.shape), "one for each source token")
print("weights", tuple(step.weights.shape))
assert not torch.equal(step.query, second.query)
assert (step.weights[~encoded.mask] == 0).all()

# %% softmax-keys tags=["figure"]
import torch
from attncues import draw_heatmaps, show_heatmaps

matrix = torch.randn(10, 10, generator=torch.Generator().manual_seed(0))
weights = torch.softmax(matrix, dim=-1)
assert (weights >= 0).all() and torch.allclose(weights.sum(dim=-1), torch.ones(10))
largest, equal = weights.max().item(), 1 / 10
show_heatmaps(weights.reshape(1, 1, 10, 10), xlabel="Keys", ylabel="Queries")

# %% softmax-queries tags=["figure"]
wrong = torch.softmax(matrix, dim=0)
least_sum, most_sum = wrong.sum(dim=-1).min().item(), wrong.sum(dim=-1).max().item()
assert not torch.allclose(wrong.sum(dim=-1), torch.ones(10))
show_heatmaps(wrong.reshape(1, 1, 10, 10), xlabel="Keys", ylabel="Queries")

# %% softmax-temperatures tags=["figure"]
temperatures = [0.1, 0.5, 2, 10]
sweep = torch.stack([(matrix / temperature).softmax(dim=-1) for temperature in temperatures])
assert torch.allclose(sweep.sum(dim=-1), torch.ones(4, 10))
sharpest, flattest = sweep[0].max().item(), sweep[-1].max().item()
draw_heatmaps(sweep, titles=[str(temperature) for temperature in temperatures])

# %% uniform-numbers
flat = torch.rand(10, 10, generator=torch.Generator().manual_seed(0)).softmax(dim=-1)
assert (flat.amax(dim=-1) / flat.amin(dim=-1)).max() < torch.e

# %% crossed
straight = translator.translate("the red cup is on the black table").target
crossed = translator.translate("the black cup is on the red table").target
assert straight != crossed
" ".join(crossed)


# %% first-token
def share(wanted):
    """The weight on some source tokens, when the first token is an article."""
    rows = [one for one in translations if one.target[0] in ("le", "la")]
    sums = [
        sum(weight for weight, token in zip(one.weights[0].tolist(), one.source) if token in wanted)
        for one in rows
    ]
    return sum(sums) / len(sums)


to_noun, to_article = share(NOUNS), share({"the"})
assert to_noun + to_article < 1
