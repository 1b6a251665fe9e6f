"""The cells of the page “Hard attention”."""

# %% chosen-start tags=["hide-input"]
import torch

kept = 0.5


# %% chosen-value
def drawn_value(number):
    weights = torch.softmax(number * torch.arange(5.0), dim=0)
    index = int((weights.cumsum(0) < kept).sum())
    return [10.0, 40.0, 20.0, 50.0, 30.0][index]


# %% chosen-value-checked tags=["hide-input"]
from itertools import pairwise

near = [drawn_value(0.3 + step) for step in (-0.01, 0.0, 0.01)]
far = [drawn_value(number) for number in (-3.0, 0.3, 3.0)]

nothing_changes_near = len(set(near)) == 1
output_changes_far_away = len(set(far)) == len(far)
along = [drawn_value(number / 100) for number in range(-300, 301)]
jumps = sum(before != after for before, after in pairwise(along))
nearly_always_selects_the_same_index = 0 < jumps < 0.05 * len(along)
output_is_flat_nearly_everywhere = jumps < 0.05 * len(along)
near, far

# %% train
from attncues.glimpse import draw_batch, train

hard = train(seed=0, report=print)
unseen = draw_batch(1000, seed=1)

# %% train-checked tags=["hide-input"]
from attncues.glimpse import PLACES, SIGNS, STEP, WINDOW

places, signs, window, apart = PLACES, len(SIGNS), WINDOW, STEP
chance, over = 1 / signs, 20


def means(rewards):
    """Average the rewards of so many steps at a time."""
    return torch.tensor(rewards).reshape(-1, over).mean(-1).tolist()


def first_step(training, share):
    """Find the first step whose mean reward reaches a share, if any."""
    reached = (
        over * (n + 1)
        for n, mean in enumerate(means(training.rewards))
        if mean >= share
    )
    return next(reached, float("inf"))


starts_at_guessing = abs(means(hard.rewards)[0] - chance) < 0.05
took = first_step(hard, 0.9) - first_step(hard, 0.5)
then_learns_fast = took < len(hard.rewards) / 10

# %% glimpses tags=["figure"]
from attncues.diagrams import draw_glimpses

figure = draw_glimpses(hard.looker, unseen)
figure

# %% glimpses-checked tags=["hide-input"]
from attncues.glimpse import place_centres

height = {text.get_text(): text.get_position()[1] for text in figure.texts}
image_is_at_the_top = height["image"] == max(height.values())
weights_are_in_the_middle = (
    min(height.values()) < height["weights"] < max(height.values())
)
glimpse_is_at_the_bottom = height["glimpse"] == min(height.values())
images_drawn = len(figure.axes) // len(height)
four_noisy_images_are_drawn = images_drawn == 4

each_weight = hard.looker.weights(unseen.images)
looked = each_weight.argmax(-1)
from_sign = (
    (place_centres()[looked] - unseen.centres).abs().amax(-1)
)  # down or across
largest_weight_is_at_the_sign_in_each = (
    from_sign[:images_drawn].max().item() < WINDOW / 2
)
one_place_has_nearly_all_the_weight = (
    each_weight[:images_drawn].amax(-1).min().item() > 0.9
)

blurred = (
    unseen.images.unfold(1, STEP, STEP)
    .unfold(2, STEP, STEP)
    .mean((-1, -2))
    .flatten(1)
)
light = blurred.gather(1, looked[:, None])[:, 0] - blurred.mean(-1)
it_always_looks_at_bright_spots = light.min().item() > 0

# %% practice tags=["figure"]
from attncues.diagrams import draw_practice

before = {
    steps: train(seed=0, steps=steps).looker for steps in (1, 200, 300, 400)
}
stages = before | {len(hard.rewards): hard.looker}
draw_practice(stages, draw_batch(60, seed=1))

# %% practice-checked tags=["hide-input"]
from attncues.glimpse import spread

all_weights = [looker.weights(unseen.images) for looker in stages.values()]
spreads = [spread(weights).mean().item() for weights in all_weights]
spread_first, spread_last = spreads[0], spreads[-1]
moments = len(stages)
at_first_all_places_are_nearly_as_likely = spread_first > 0.95 * places
in_the_end_one_place_has_nearly_all_the_weight = spread_last < 1.5
choice_narrows_at_each_step = all(a > b for a, b in pairwise(spreads))

to_place = torch.cdist(unseen.centres, place_centres())
distances = [
    (weights * to_place).sum(-1).mean().item() for weights in all_weights
]
distance_first, distance_last = distances[0], distances[-1]
in_the_end_glimpses_are_nearer_to_the_sign = (
    distance_last < distance_first / 4
)

# %% evaluate tags=["hide-input"]
from attncues.glimpse import evaluate

learned = evaluate(hard.looker, unseen)
random = evaluate(hard.looker, unseen, "random")
centre = evaluate(hard.looker, unseen, "centre")
learned_reward, learned_distance = learned.reward, learned.distance
random_reward, random_distance = random.reward, random.distance
centre_reward, centre_distance = centre.reward, centre.distance
learned_glimpse_is_nearest_to_the_sign = (
    learned_distance < min(random_distance, centre_distance) / 2
)
learned_has_more_than_twice_the_reward_of_the_others = (
    learned_reward > 2 * max(random_reward, centre_reward)
)
random_looks_and_centre_earn_more_than_guessing = (
    min(random_reward, centre_reward) > chance
)
to_each = torch.cdist(unseen.centres, place_centres())
average_of_nearest = to_each.min(dim=-1).values.mean().item()

# %% gradients tags=["hide-input"]
from attncues.glimpse import (
    policy_gradient,
    rewards_everywhere,
    sampled_gradients,
)

halfway = train(seed=0, steps=340).looker
batch = draw_batch(64, seed=2)
rewards = rewards_everywhere(halfway, batch)
exact = policy_gradient(halfway, batch, rewards)
estimates = sampled_gradients(halfway, batch, rewards, draws=20_000)

# %% gradients-checked tags=["hide-input"]
images, draws = len(batch.images), len(estimates)
length = exact.norm()
off = ((estimates.mean(0) - exact).norm() / length).item()
off_alone = ((estimates - exact).norm(dim=-1).mean() / length).item()
estimates_are_right_on_average = off < 0.1
one_draw_says_little_about_the_others = off_alone > 10 * off
mean_reward = (
    (halfway.weights(batch.images) * rewards).sum(-1).mean().item()
)
with_baseline = sampled_gradients(
    halfway, batch, rewards, draws, baseline=mean_reward
)
variance, with_it = (
    estimates.var(0).sum().item(),
    with_baseline.var(0).sum().item(),
)
saved = 1 - with_it / variance
baseline_has_less_variance_or_noise = with_it < 0.9 * variance
baseline_lowers_the_variance_for_certain = (
    baseline_has_less_variance_or_noise
)

# %% rewards tags=["figure"]
from attncues.diagrams import draw_rewards

without = train(seed=0, baseline=False)
soft = train(seed=0, kind="soft")
trainings = {"hard": hard, "no baseline": without, "soft": soft}
courses = {name: one.rewards for name, one in trainings.items()}
draw_rewards(courses, over=over)

# %% rewards-checked tags=["hide-input"]
averaged = over  # steps
curves = [means(one.rewards) for one in trainings.values()]
three_curves = len(curves) == 3
all_start_at_about_a_quarter = all(
    abs(curve[0] - 1 / 4) < 0.05 for curve in curves
)
all_three_rewards_rise = (
    all(curve[-1] > 3 * curve[0] for curve in curves) and len(curves) == 3
)
when_half = {name: first_step(one, 0.5) for name, one in trainings.items()}
before_others = min(
    step for name, step in when_half.items() if name != "soft"
)
soft_attention_rises_first = when_half["soft"] < before_others
soft_ends_lower_than_the_two_others = curves[2][-1] < min(
    curves[0][-1], curves[1][-1]
)
without_reward = evaluate(without.looker, unseen).reward
training_without_baseline_has_nearly_the_same_reward = (
    abs(without_reward - learned_reward) < 0.01
)

# %% five-hards tags=["hide-input"]
seeds = 5
hards = [hard, *(train(seed) for seed in range(1, seeds))]

# %% five-seeds tags=["hide-input"]
softs = [soft, *(train(seed, kind="soft") for seed in range(1, seeds))]
soft_first = sum(
    first_step(s, 0.5) < first_step(h, 0.5) for h, s in zip(hards, softs)
)
soft_attention_is_first_to_half = soft_first > seeds / 2
hard_attention_is_first_to_nine_tenths_with_all_seeds = all(
    first_step(h, 0.9) < first_step(s, 0.9) for h, s in zip(hards, softs)
)
hard_at_least = min(evaluate(one.looker, unseen).reward for one in hards)
soft_rewards = [
    evaluate(one.looker, unseen, "soft").reward for one in softs
]
soft_least, soft_most = min(soft_rewards), max(soft_rewards)


def sharpness(training):
    """Average the largest weight of each image."""
    return training.looker.weights(unseen.images).amax(-1).mean().item()


hard_sharp, soft_sharp = (
    [sharpness(one) for one in kind] for kind in (hards, softs)
)
largest_of_hard_on_average, largest_of_soft_on_average = (
    sum(hard_sharp) / seeds,
    sum(soft_sharp) / seeds,
)
one_and_the_other = list(zip(hard_sharp, soft_sharp))
weights_of_hard_attention_are_sharper_with_all_seeds = all(
    h > s for h, s in one_and_the_other
)

# %% hundred-glimpses
image_weights = halfway.weights(batch.images[:1])[0]
draw = torch.Generator().manual_seed(0)
drawn = torch.multinomial(image_weights, 100, True, generator=draw)
drawn.unique()

# %% hundred-glimpses-checked tags=["hide-input"]
looks, tried = len(drawn), len(drawn.unique())
more_than_one_is_tried = tried > 1
places_tried = (
    "one"
    if tried == 1
    else "all"
    if tried == len(image_weights)
    else "several"
)

# %% always-rewarded
always = policy_gradient(halfway, batch, torch.ones_like(rewards))

# %% always-rewarded-checked tags=["hide-input"]
its_gradient_is_zero_if_all_are_rewarded = always.abs().max().item() < 1e-6
pushes = {
    base: sampled_gradients(
        halfway, batch, torch.ones_like(rewards), 1000, baseline=base
    )
    for base in (0.0, 1.0)
}
without_a_baseline_single_draws_push_that_way = (
    pushes[0.0].norm(dim=-1).min().item() > 0
)
with_a_baseline_of_one_no_push_is_there_at_all = (
    pushes[1.0].abs().max().item() == 0
)
learned_if_all_are_rewarded = (
    "nothing" if its_gradient_is_zero_if_all_are_rewarded else "something"
)

# %% same-mean tags=["hide-input"]
means_differ = (
    (with_baseline.mean(0) - estimates.mean(0)).norm() / length
).item()
the_two_agree_on_average = means_differ < 0.1
with_a_baseline_the_mean_is = (
    "the same"
    if the_two_agree_on_average
    else "smaller"
    if with_baseline.mean(0).norm() < length
    else "larger"
)
