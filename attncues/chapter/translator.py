"""The cells of the page “A real translator”."""

# %% translate
from attncues.transformer import PortugueseTranslator

model = PortugueseTranslator()
sentence = "The red cup on the desk caught my eye."
found = model.translate(sentence)
found.text

# %% translated tags=["hide-input"]
import torch

translation = found.text
layers, heads, steps, places = found.weights.shape
source = [token.strip() for token in found.source]
target = [token.strip() for token in found.target]
eye_becomes_attention = "atenção" in translation

# %% by-hand
from attncues import attention_pooling

step = target.index("atenção")
query = found.queries[1, 0, step : step + 1]
keys, values = found.keys[1, 0], found.values[1, 0]
output, weights = attention_pooling(query, keys, values)
query.shape, keys.shape, values.shape

# %% hand-checked tags=["hide-input"]
eye = source.index("eye")
weight_of_eye = weights[0, eye].item()
source_tokens, numbers_each = keys.shape
strongest_key_is_that_of_eye = int(weights.argmax()) == eye
nearest = torch.cosine_similarity(output, values, dim=-1)
output_is_nearest_to_the_value_of_eye = int(nearest.argmax()) == eye

# %% alignment tags=["figure"]
from attncues import draw_heatmaps

axes = "English: keys", "Portuguese: queries"
draw_heatmaps(
    found.weights[1, 0], *axes, xticklabels=source, yticklabels=target
)

# %% alignment-checked tags=["hide-input"]
looked_at = dict(zip(target, found.weights[1, 0].argmax(-1).tolist()))
copo_looks_at_cup = source[looked_at["copo"]] == "cup"
vermelho_looks_at_red = source[looked_at["vermelho"]] == "red"
word_for_attention_looks_at_eye = source[looked_at["atenção"]] == "eye"
two_words_cross = looked_at["copo"] > looked_at["vermelho"]

# %% sixteen tags=["figure"]
every = found.weights.reshape(4, 4, steps, places)
draw_heatmaps(every, figsize=(3.4, 4))

# %% sixteen-checked tags=["hide-input"]
pairs = {
    "copo": "cup",
    "vermelho": "red",
    "mesa": "desk",
    "chamou": "caught",
    "minha": "my",
    "atenção": "eye",
}
asked = [target.index(word) for word in pairs]
answers = [source.index(word) for word in pairs.values()]
aligned = found.weights[:, :, asked, answers].mean(-1)
weight_of_head_0 = aligned[1, 0].item()
head_0_of_the_last_layer_aligns_best = int(aligned.argmax()) == heads
least_of_others_in_last_layer, most_of_others_in_last_layer = (
    aligned[1, 1:].min().item(),
    aligned[1, 1:].max().item(),
)
least_of_first_layer, most_of_first_layer = (
    aligned[0].min().item(),
    aligned[0].max().item(),
)
none_of_the_first_layer_reaches_a_half = most_of_first_layer < 1 / 2
all_others_of_the_last_layer_do = least_of_others_in_last_layer > 1 / 2

# %% changed
green = model.translate("The green cup on the desk caught my eye.")
hurt = model.translate("The red cup on the desk hurt my eye.")
green.text, hurt.text

# %% changed-checked tags=["hide-input"]
green_text, hurt_text = green.text, hurt.text
green_makes_a_different_word_of_cup = (
    "copo" not in green_text and "taça" in green_text
)
hurt_makes_a_different_word_of_eye = (
    "atenção" not in hurt_text and "olhos" in hurt_text
)

# %% idiom
rain = model.translate("It is raining cats and dogs.")
rain.text

# %% idiom-tokens tags=["hide-input"]
asks = [token.strip() for token in rain.target]
answer = [token.strip() for token in rain.source]

# %% idiom-drawn tags=["figure"]
draw_heatmaps(rain.weights[1, 0], xticklabels=answer, yticklabels=asks)

# %% idiom-checked tags=["hide-input"]
rain_text = rain.text
dogs = rain.weights[1, 0, asks.index("cães"), answer.index("dogs")].item()
dogs_fall_from_the_sky = "gatos" in rain_text and "cães" in rain_text
average_largest_of_wrong = rain.weights[1, 0, :-1].amax(-1).mean().item()
average_largest_of_right = found.weights[1, 0, :-1].amax(-1).mean().item()
it_is_nearly_as_sharp_as_the_one_above = (
    average_largest_of_wrong > average_largest_of_right - 0.02
)

# %% shuffle
draw = torch.Generator().manual_seed(0)
order = torch.randperm(places, generator=draw)
shuffled = model.translate(sentence, lambda states: states[order])
shuffled.text

# %% shuffle-checked tags=["hide-input"]
same_translation = shuffled.text == found.text
same_weights_in_another_order = torch.allclose(
    shuffled.weights, found.weights[..., order], atol=1e-4
)

# %% words
backwards = model.translate("desk the on cup red The caught my eye.")
backwards.text

# %% words-checked tags=["hide-input"]
backwards_text = backwards.text
other_order_makes_another_translation = backwards.text != found.text

# %% asked tags=["hide-cell"]
words_that_change = {*green.text.split()} ^ {*found.text.split()}
old_and_new_colour = 2
green_changes = (
    "more" if len(words_that_change) > old_and_new_colour else "colour"
)
shuffling_makes = "same" if same_translation else "other"
sharpness_tells = (
    "looked" if it_is_nearly_as_sharp_as_the_one_above else "right"
)
