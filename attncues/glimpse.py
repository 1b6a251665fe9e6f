"""Hard attention: look at one place of an image, and learn where by reward.

The task is after Mnih et al. (2014): a small sign stands somewhere in a noisy image, and a
network that may look at a single window of it must name the sign. What it has before it
looks is a blurred view of the whole. Their model takes several glimpses and has a recurrent
memory; this one has neither.

Where to look is drawn from attention weights, `softmax(q·k)`: the keys come from the blurred
view, one for each place, and the query is learned. The draw has no gradient, so the weights
learn by REINFORCE (Williams 1992). The reading of the window learns by backpropagation.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional

from .numbers import check_count, check_dense, check_seed
from .pooling import attention_weights, dot_product
from .threads import one_thread

SIDE = 24
"""Height and width of an image in pixels."""
WINDOW = 8
"""Height and width of what one glimpse shows."""
STEP = 4
"""Places to look at are so many pixels apart."""
PLACES = (SIDE // STEP) ** 2
NOISE = 0.3

SIGNS = torch.tensor(
    [
        [[1, 1, 1, 1], [1, 0, 0, 1], [1, 0, 0, 1], [1, 1, 1, 1]],  # a ring
        [[1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 1, 0], [1, 0, 0, 1]],  # a cross
        [[0, 1, 1, 0], [1, 1, 1, 1], [1, 1, 1, 1], [0, 1, 1, 0]],  # a disc
        [[1, 1, 1, 1], [1, 0, 0, 0], [1, 1, 1, 0], [1, 0, 0, 0]],  # an F
    ],
    dtype=torch.float32,
)
"""The four signs, shape (4, 4, 4)."""

Kind: TypeAlias = Literal["hard", "soft"]


@dataclass(frozen=True)
class Batch:
    """Images, each with one sign in noise.

    Attributes:
        images: Shape (n, 24, 24), in [0, 1].
        labels: Shape (n,), which of the four signs.
        centres: Shape (n, 2), row and column of the middle of the sign.
    """

    images: Tensor
    labels: Tensor
    centres: Tensor


def draw_batch(count: int, seed: int) -> Batch:
    """Draw images with a sign anywhere in them.

    Args:
        count: How many, at least one.
        seed: Decides noise, signs and places.

    Returns:
        The images, and what they show.

    Raises:
        TypeError: The count or the seed is not a whole number.
        ValueError: There is less than one.

    Examples:
        >>> from attncues.glimpse import draw_batch
        >>> batch = draw_batch(5, seed=1)
        >>> batch.images.shape, batch.labels.shape
        (torch.Size([5, 24, 24]), torch.Size([5]))
    """
    check_count("count", count)
    check_seed(seed)
    if count < 1:
        raise ValueError(f"at least one image can be drawn, got {count}")
    return _draw(count, torch.Generator().manual_seed(seed))


def _draw(count: int, draw: torch.Generator) -> Batch:
    images = NOISE * torch.rand(count, SIDE, SIDE, generator=draw)
    labels = torch.randint(len(SIGNS), (count,), generator=draw)
    side = SIGNS.shape[-1]
    corners = torch.randint(SIDE - side + 1, (count, 2), generator=draw)
    rows = corners[:, 0, None, None] + torch.arange(side)[:, None]
    columns = corners[:, 1, None, None] + torch.arange(side)
    images[torch.arange(count)[:, None, None], rows, columns] += (1 - NOISE) * SIGNS[labels]
    return Batch(images, labels, corners + (side - 1) / 2)


def place_centres() -> Tensor:
    """Return row and column of the middle of each place, shape (36, 2).

    Examples:
        >>> from attncues.glimpse import place_centres
        >>> place_centres()[0]
        tensor([1.5000, 1.5000])
    """
    along = torch.arange(SIDE // STEP) * STEP + (STEP - 1) / 2
    return torch.cartesian_prod(along, along)


class Looker(nn.Module):
    """A network that looks once and names what it sees.

    Attributes:
        query: What is looked for, shape (16,). Learned.
    """

    def __init__(self) -> None:
        super().__init__()
        self.key = nn.Linear(9, 16)
        self.query = nn.Parameter(torch.empty(16))
        nn.init.normal_(self.query)
        self.read = nn.Sequential(
            nn.Linear(WINDOW * WINDOW, 64), nn.ReLU(), nn.Linear(64, len(SIGNS))
        )

    def keys(self, images: Tensor) -> Tensor:
        """Describe each place by the blurred view of it and its eight neighbours.

        Args:
            images: Shape (n, 24, 24).

        Returns:
            Shape (n, 36, 16).

        Raises:
            TypeError: `images` is not a tensor.
            ValueError: It has another shape or dtype.
        """
        self._check_images(images)
        blurred = functional.avg_pool2d(images[:, None], STEP)
        around = functional.unfold(blurred, 3, padding=1).transpose(1, 2)
        return torch.tanh(self.key(around))

    def weights(self, images: Tensor) -> Tensor:
        """Return the attention weight of each place, shape (n, 36)."""
        keys = self.keys(images)
        query = self.query.expand(len(images), 1, -1)
        return attention_weights(query, keys, score=dot_product)[:, 0]

    def windows(self, images: Tensor) -> Tensor:
        """Return what a glimpse at each place would show, shape (n, 36, 64)."""
        # As functional.unfold lays them out, which takes longer.
        columns = self._squares(images).permute(0, 3, 4, 1, 2).flatten(3)
        return columns.flatten(1, 2).transpose(1, 2)

    def _squares(self, images: Tensor) -> Tensor:
        """View the windows in the images, shape (n, 6, 6, 8, 8)."""
        self._check_images(images)
        border = (WINDOW - STEP) // 2
        padded = functional.pad(images, [border] * 4)
        return padded.unfold(1, WINDOW, STEP).unfold(2, WINDOW, STEP)

    def forward(self, images: Tensor, places: Tensor) -> Tensor:
        """Name the sign from one glimpse each.

        Args:
            images: Shape (n, 24, 24).
            places: Shape (n,), the place that is looked at.

        Returns:
            Scores of the four signs, shape (n, 4).

        Raises:
            TypeError: One of them is not a tensor.
            ValueError: The images are as `keys` refuses them, or the places are not n whole
                numbers from 0 to 35.
        """
        squares = self._squares(images)
        _check_places(places, len(images))
        each, across = torch.arange(len(images)), SIDE // STEP
        seen = squares[each, places // across, places % across]
        named: Tensor = self.read(seen.flatten(1))
        return named

    def _check_images(self, images: Tensor) -> None:
        if not isinstance(images, Tensor):
            raise TypeError(f"images must be a torch.Tensor, got {type(images).__name__}")
        check_dense("images", images)
        own = self.query.dtype
        if images.shape[1:] != (SIDE, SIDE) or not len(images) or images.dtype != own:
            raise ValueError(
                f"images must be of shape (n, {SIDE}, {SIDE}) and {own}, got "
                f"{tuple(images.shape)} and {images.dtype}"
            )

    def forward_soft(self, images: Tensor) -> Tensor:
        """Name the sign from the weighted average of all windows, shape (n, 4)."""
        blend = (self.weights(images)[:, None] @ self.windows(images))[:, 0]
        named: Tensor = self.read(blend)
        return named


def _check_places(places: Tensor, count: int) -> None:
    if not isinstance(places, Tensor):
        raise TypeError(f"places must be a torch.Tensor, got {type(places).__name__}")
    check_dense("places", places)
    if places.shape != (count,) or places.dtype not in (torch.int32, torch.int64):
        raise ValueError(
            f"places must be whole numbers of shape ({count},), one for each image, got "
            f"{tuple(places.shape)} and {places.dtype}"
        )
    low, high = (int(end) for end in places.aminmax())
    if low < 0 or high >= PLACES:
        raise ValueError(f"places must lie from 0 to {PLACES - 1}, got {low} to {high}")


@dataclass(frozen=True)
class Training:
    """A trained network, and how it went.

    Attributes:
        looker: The network.
        rewards: The share of right names in each step.
    """

    looker: Looker
    rewards: list[float]


@one_thread()
def train(
    seed: int = 0,
    *,
    kind: Kind = "hard",
    steps: int = 800,
    baseline: bool = True,
    report: Callable[[str], None] | None = None,
) -> Training:
    """Train a network to look and to read; takes about a second.

    A hard glimpse is drawn from the weights. Its window is read, and the reward is one if
    the sign was named rightly. The weights learn by REINFORCE: the reward, less the baseline,
    times the gradient of the logarithm of the weight that was drawn. Soft attention reads the
    weighted average of all windows, and all of it learns by backpropagation.

    Args:
        seed: Decides first weights, images and draws.
        kind: "hard" or "soft".
        steps: Of Adam, with 64 new images each.
        baseline: Whether the running mean of the reward is taken off it.
        report: Is given a line of progress about four times, such as `print`.

    Returns:
        The network and the rewards on the way.

    Raises:
        ValueError: `kind` is none of these, or there are no steps.

    Examples:
        >>> from attncues.glimpse import train
        >>> training = train(seed=0, steps=100)
        >>> len(training.rewards)
        100
    """
    if kind not in ("hard", "soft"):
        raise ValueError(f'kind must be "hard" or "soft", got {kind!r}')
    check_count("steps", steps)
    check_seed(seed)
    if steps < 1:
        raise ValueError(f"training takes at least one step, got {steps}")
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        looker = Looker()
    # Far from the seeds of `draw_batch`, so that no test repeats what was trained on.
    draw = torch.Generator().manual_seed(seed + 2**40)
    optimizer = torch.optim.Adam(looker.parameters(), lr=5e-3)
    rewards: list[float] = []
    usual = 0.0
    for step in range(1, steps + 1):
        batch = _draw(64, draw)
        if kind == "hard":
            weights = looker.weights(batch.images)
            places = torch.multinomial(weights.detach(), 1, generator=draw)
            named = looker(batch.images, places[:, 0])
            reward = (named.argmax(-1) == batch.labels).float()
            log_weight = weights.gather(1, places)[:, 0].log()
            advantage = reward - usual if baseline else reward
            loss = functional.cross_entropy(named, batch.labels) - (advantage * log_weight).mean()
        else:
            named = looker.forward_soft(batch.images)
            reward = (named.argmax(-1) == batch.labels).float()
            loss = functional.cross_entropy(named, batch.labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        rewards.append(reward.mean().item())
        usual = 0.9 * usual + 0.1 * rewards[-1]
        if report is not None and step % max(1, steps // 4) == 0:
            recent = rewards[-max(1, steps // 8) :]
            report(f"step {step:>5} of {steps}: reward {sum(recent) / len(recent):.2f}")
    return Training(looker.eval().requires_grad_(False), rewards)


@dataclass(frozen=True)
class Score:
    """How well a way of looking does.

    Attributes:
        reward: The share of signs that are named rightly.
        distance: From the place looked at to the sign, in pixels, on average.
    """

    reward: float
    distance: float


def evaluate(
    looker: Looker,
    batch: Batch,
    looks: Literal["learned", "random", "centre", "soft"] = "learned",
) -> Score:
    """Measure a network on images that it has not seen.

    Args:
        looker: A trained network.
        batch: The images, such as `draw_batch(1000, seed=1)`.
        looks: "learned", at the place of the largest weight; "random" or "centre", to compare
            with; "soft", at all places by their weights, the distance being that of the
            largest.

    Returns:
        The mean reward and distance.

    Raises:
        ValueError: `looks` is none of these.

    Examples:
        >>> from attncues.glimpse import draw_batch, evaluate, train
        >>> looker = train(seed=0, steps=400).looker
        >>> unseen = draw_batch(500, seed=1)
        >>> learned, random = (evaluate(looker, unseen, looks) for looks in ("learned", "random"))
        >>> learned.reward > random.reward, learned.distance < random.distance
        (True, True)
    """
    best = looker.weights(batch.images).argmax(-1)
    if looks in ("learned", "soft"):
        places = best
    elif looks == "random":
        draw = torch.Generator().manual_seed(0)
        places = torch.randint(PLACES, best.shape, generator=draw)
    elif looks == "centre":
        middle = (place_centres() - (SIDE - 1) / 2).norm(dim=-1).argmin()
        places = middle.expand_as(best)
    else:
        raise ValueError(f'looks must be "learned", "random", "centre" or "soft", got {looks!r}')
    named = looker.forward_soft(batch.images) if looks == "soft" else looker(batch.images, places)
    right = (named.argmax(-1) == batch.labels).float().mean().item()
    distance = (place_centres()[places] - batch.centres).norm(dim=-1).mean().item()
    return Score(right, distance)


def spread(weights: Tensor) -> Tensor:
    """Count among how many places a choice really is made: the exponential of the entropy.

    One place that has all the weight counts as one, and n places that share it as n.

    Args:
        weights: Of the places, shape (..., 36); they sum to one.

    Returns:
        Shape (...).

    Examples:
        >>> import torch
        >>> from attncues.glimpse import spread
        >>> spread(torch.tensor([[1.0, 0, 0, 0], [0.25, 0.25, 0.25, 0.25]]))
        tensor([1., 4.])
    """
    among: Tensor = torch.special.entr(weights).sum(-1).exp()
    return among


def rewards_everywhere(looker: Looker, batch: Batch) -> Tensor:
    """Return the reward of a glimpse at each place, shape (n, 36), each 0 or 1.

    Examples:
        >>> from attncues.glimpse import Looker, draw_batch, rewards_everywhere
        >>> rewards_everywhere(Looker(), draw_batch(5, seed=1)).shape
        torch.Size([5, 36])
    """
    with torch.no_grad():
        named = looker.read(looker.windows(batch.images)).argmax(-1)
    rewards: Tensor = (named == batch.labels[:, None]).float()
    return rewards


def policy_gradient(looker: Looker, batch: Batch, rewards: Tensor) -> Tensor:
    """Compute the gradient of the expected reward with respect to the query, exactly.

    With weights `α = softmax(q·k)` each logarithm has the gradient
    `∇_q log α_i = k_i − Σ_j α_j k_j`, and so the expected reward has
    `∇_q Σ_i α_i r_i = Σ_i α_i r_i (k_i − Σ_j α_j k_j)`.

    Args:
        looker: The network.
        batch: The images.
        rewards: r, shape (n, 36), from `rewards_everywhere`.

    Returns:
        Shape (16,), the mean over the images.

    Examples:
        >>> from attncues.glimpse import Looker, draw_batch, policy_gradient, rewards_everywhere
        >>> looker, batch = Looker(), draw_batch(5, seed=1)
        >>> policy_gradient(looker, batch, rewards_everywhere(looker, batch)).shape
        torch.Size([16])
    """
    weights, log_gradients = _log_gradients(looker, batch)
    return ((weights * rewards)[..., None] * log_gradients).sum(1).mean(0)


def sampled_gradients(
    looker: Looker,
    batch: Batch,
    rewards: Tensor,
    draws: int,
    seed: int = 0,
    baseline: float = 0.0,
) -> Tensor:
    """Estimate the same gradient by drawing places: REINFORCE (Williams 1992).

    Each estimate is `(r_i − b) (k_i − Σ_j α_j k_j)` for one place i drawn for each image,
    averaged over the images. The baseline b does not change its mean.

    Args:
        looker: The network.
        batch: The images.
        rewards: Shape (n, 36), from `rewards_everywhere`.
        draws: How many estimates.
        seed: Decides the draws.
        baseline: b.

    Returns:
        Shape (draws, 16), one estimate a row.

    Examples:
        >>> from attncues.glimpse import Looker, draw_batch, rewards_everywhere, sampled_gradients
        >>> looker, batch = Looker(), draw_batch(5, seed=1)
        >>> sampled_gradients(looker, batch, rewards_everywhere(looker, batch), draws=100).shape
        torch.Size([100, 16])
    """
    check_count("draws", draws)
    check_seed(seed)
    if draws < 1:
        raise ValueError(f"at least one estimate can be drawn, got {draws}")
    draw = torch.Generator().manual_seed(seed)
    weights, log_gradients = _log_gradients(looker, batch)
    places = torch.multinomial(weights, draws, replacement=True, generator=draw)
    each = torch.arange(len(places))[:, None]
    estimates = (rewards - baseline)[..., None] * log_gradients  # (n, 36, 16)
    return estimates[each, places].mean(0)


def _log_gradients(looker: Looker, batch: Batch) -> tuple[Tensor, Tensor]:
    """Return the weights (n, 36) and the gradient of their logarithms (n, 36, 16)."""
    with torch.no_grad():
        weights, keys = looker.weights(batch.images), looker.keys(batch.images)
        return weights, keys - weights[:, None] @ keys
