"""The cells of the page “Summary”."""

# %% summary tags=["hide-input"]
import torch
from attncues import attention_pooling, dot_product
from attncues.glimpse import Looker, draw_batch
from attncues.saliency import feature_maps, target_query, target_weights
from attncues.scenes import desk

scene, lesson = desk(seed=0), desk(seed=1000)
maps, lesson_maps = feature_maps(scene.image), feature_maps(lesson.image)


def averages(pixels):
    """Average the pixels of each object."""
    boxes = scene.boxes.values()
    cut = [
        pixels[top:bottom, left:right] for top, bottom, left, right in boxes
    ]
    return torch.stack([each.mean(dim=(0, 1)) for each in cut])


wanted = ["book", "cup"]
learned = [
    target_weights(lesson_maps, lesson.boxes[name]) for name in wanted
]
queries = torch.stack([target_query(each) for each in learned])
keys, values = averages(maps.movedim(0, -1)), averages(scene.image)
output, weights = attention_pooling(
    queries, keys, values, score=dot_product, temperature=0.2
)
got = [list(scene.boxes)[place] for place in weights.argmax(dim=-1)]
volitional_cue_is_the_query = got == wanted
average = weights @ values
output_is_a_weighted_average_of_the_values = (
    output - average
).abs().max().item() < 1e-6
from_one = (weights.sum(dim=-1) - 1).abs().max().item()
weights_of_one_query_sum_to_one_over_the_keys = from_one < 1e-6

# Soft attention passes a gradient on to its query; a hard choice does not.
torch.manual_seed(0)
looker, images = Looker(), draw_batch(8, seed=0).images
looker.forward_soft(images).sum().backward()
passed_on = looker.query.grad
looker.zero_grad()
looker(images, looker.weights(images).argmax(-1)).sum().backward()
soft_attention_averages_and_is_trained_by_backpropagation = (
    passed_on is not None and bool(passed_on.any())
)
hard_attention_chooses_and_no_gradient_passes_through_the_choice = (
    looker.query.grad is None
)
