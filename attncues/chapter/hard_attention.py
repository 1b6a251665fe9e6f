"""The cells of the page “Hard attention”."""

# %% chosen-value
import torch


def drawn_value(number):
    weights = torch.softmax(number * torch.arange(5.0), dim=0)
    index = int((weights.cumsum(0) < 0.5).sum())
    return [10.0, 40.0, 20.0, 50.0, 30.0][index]


around = [drawn_value(0.3 + step) for step in (-0.01, 0.0, 0.01)]
far = [drawn_value(number) for number in (-3.0, 0.3, 3.0)]
assert len(set(around)) == 1 and len(set(far)) == 3
around, far

# %% train
from attncues.glimpse import PLACES, draw_batch, evaluate, train

places = PLACES
hard = train(seed=0, report=print)

# %% glimpses tags=["figure"]
from attncues.diagrams import draw_glimpses

unseen = draw_batch(1000, seed=1)
draw_glimpses(hard.looker, unseen)

# %% evaluate
from attncues.glimpse import place_centres

learned = evaluate(hard.looker, unseen)
random = evaluate(hard.looker, unseen, "random")
centre = evaluate(hard.looker, unseen, "centre")
learned_reward, learned_distance = learned.reward, learned.distance
random_reward, random_distance = random.reward, random.distance
centre_reward, centre_distance = centre.reward, centre.distance
apart = torch.cdist(unseen.centres, place_centres())
nearest = apart.min(dim=-1).values.mean().item()
assert learned_reward > 0.95 and learned_distance < 3
assert max(random_reward, centre_reward) < 0.5

# %% gradients
from attncues.glimpse import policy_gradient, rewards_everywhere, sampled_gradients

halfway = train(seed=0, steps=340).looker
images = 64
batch = draw_batch(images, seed=2)
rewards = rewards_everywhere(halfway, batch)
exact = policy_gradient(halfway, batch, rewards)
mean_reward = (halfway.weights(batch.images) * rewards).sum(-1).mean().item()

draws = 20_000
plain = sampled_gradients(halfway, batch, rewards, draws)
with_baseline = sampled_gradients(halfway, batch, rewards, draws, baseline=mean_reward)
off = ((plain.mean(0) - exact).norm() / exact.norm()).item()
variance, less_variance = plain.var(0).sum().item(), with_baseline.var(0).sum().item()
saved = 1 - less_variance / variance
assert off < 0.1 and saved > 0.1

# %% rewards tags=["figure"]
from attncues.diagrams import draw_rewards

without = train(seed=0, baseline=False)
soft = train(seed=0, kind="soft")
soft_reward = evaluate(soft.looker, unseen, "soft").reward
hard_sharpness, soft_sharpness = (
    training.looker.weights(unseen.images).max(-1).values.mean().item() for training in (hard, soft)
)
assert hard_sharpness > soft_sharpness
draw_rewards({"hard": hard.rewards, "no baseline": without.rewards, "soft": soft.rewards})

# %% hundred-glimpses
image_weights = halfway.weights(batch.images[:1])[0]
draw = torch.Generator().manual_seed(0)
hundred = torch.multinomial(image_weights, 100, replacement=True, generator=draw)
tried = len(hundred.unique())
assert tried > 1

# %% always-rewarded
always = policy_gradient(halfway, batch, torch.ones_like(rewards))
assert always.abs().max() < 1e-6

# %% same-mean
means_differ = ((with_baseline.mean(0) - plain.mean(0)).norm() / exact.norm()).item()
assert means_differ < 0.1
