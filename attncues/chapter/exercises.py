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
from attncues import draw_heatmaps

translation = translator.translate("the red cup is not on the black table")
adjective = translation.target.index("rouge")
looked_at = translation.source[translation.weights[adjective].argmax()]
assert looked_at == "red" and translation.target[adjective - 1] == "tasse"
for part in ("n'", "pas"):
    row = translation.weights[translation.target.index(part)]
    assert translation.source[row.argmax()] == "not"
draw_heatmaps(
    translation.weights,
    xlabel="Source tokens: keys and values",
    ylabel="Target tokens: queries",
    xticklabels=translation.source,
    yticklabels=translation.target,
)

# %% merged
merged = translator.translate("the cat of the book is here")
assert "du" in merged.target
" ".join(merged.target)

# %% adjectives
from attncues.translation import ADJECTIVES

english = {french: word for word, forms in ADJECTIVES.items() for french in forms}
looks = [
    translation.source[translation.weights[step].argmax()] == english[token]
    for translation in translations
    for step, token in enumerate(translation.target)
    if token in english
]
adjectives, faithful = len(looks), sum(looks)
assert faithful / adjectives > 0.95

# %% parts
import torch
from attncues.translation import START

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
from attncues.translation import NOUNS


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
