"""Two layers of self-attention that learn to repeat what they have read: an induction head.

A text here is three phrases of a few letters, made up anew for each text and repeated in
random order. Nothing that could be learned of letters helps to go on with such a text; what
helps is to find the present letter earlier in it, and to repeat what came next. Two layers of
one head each learn to do so together: the first, which knows positions, looks at the letter
before, so that in the second each key tells what it follows. Elhage et al. (2021) found such
pairs of heads in models of two layers, and Olsson et al. (2022) in language models.
"""

from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_lowercase
from typing import TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional

from .numbers import check_count, check_seed
from .pooling import attention_pooling
from .threads import one_thread

START = "<s>"
TOKENS = (START, *ascii_lowercase)
"""The start of a text, and the letters."""
LENGTH = 24
"""Tokens of a text, its start included."""
PHRASES, SHORTEST, LONGEST = 3, 2, 4
"""How many phrases a text has, and how many letters each of them."""
LAYERS, SIZE = 2, 32

Change: TypeAlias = Callable[[int, Tensor], Tensor]
"""Maps the number of a layer and its weights (n, queries, keys) to those that it shall use."""


def draw_texts(count: int, seed: int) -> Tensor:
    """Draw texts, each of three phrases of its own that repeat in random order.

    Phrases have two to four letters, and no letter has two places in the phrases of a text.

    Args:
        count: How many, at least one.
        seed: Decides phrases and order.

    Returns:
        Shape (count, 24), numbers of `TOKENS`; each text begins with the start.

    Raises:
        TypeError: The count or the seed is not a whole number.
        ValueError: There is less than one.

    Examples:
        >>> from attncues.induction import TOKENS, draw_texts
        >>> "".join(TOKENS[token] for token in draw_texts(1, seed=0)[0, 1:])
        'mcdsntomcdekmcdsntomcds'
    """
    check_count("count", count)
    check_seed(seed)
    if count < 1:
        raise ValueError(f"at least one text can be drawn, got {count}")
    return _draw(count, seed, LENGTH)


def draw_lessons(steps: int, seed: int) -> Tensor:
    """Draw the texts that `train` learns from, 32 for each step.

    Args:
        steps: How many steps, at least one.
        seed: That of the training.

    Returns:
        Shape (32 steps, 25), what is read and the token that comes after the last.

    Raises:
        TypeError: The number of steps or the seed is not a whole number.
        ValueError: There is less than one.

    Examples:
        >>> from attncues.induction import draw_lessons
        >>> draw_lessons(300, seed=0).shape
        torch.Size([9600, 25])
    """
    check_seed(seed)
    check_count("steps", steps)
    if steps < 1:
        raise ValueError(f"at least one step is needed, got {steps}")
    return _draw(32 * steps, seed, LENGTH + 1)


def _draw(count: int, seed: int, length: int) -> Tensor:
    draw = torch.Generator().manual_seed(seed)
    letters = 1 + torch.rand(count, len(ascii_lowercase), generator=draw).argsort(-1)
    sizes = torch.randint(SHORTEST, LONGEST + 1, (count, PHRASES), generator=draw)
    order = torch.randint(PHRASES, (count, length // SHORTEST), generator=draw)
    ends = sizes.gather(1, order).cumsum(-1)
    places = torch.arange(length - 1).repeat(count, 1)
    turn = torch.searchsorted(ends, places, right=True)  # which phrase of the order
    phrase = order.gather(1, turn)
    inside = places - (ends.gather(1, turn) - sizes.gather(1, phrase))
    first = (sizes.cumsum(-1) - sizes).gather(1, phrase)
    written = letters.gather(1, first + inside)
    return torch.cat([torch.zeros(count, 1, dtype=torch.long), written], dim=-1)


def read(text: str) -> Tensor:
    """Write a text in numbers, with the start before it.

    Args:
        text: At most 23 letters from a to z.

    Returns:
        Shape (1, length), the start included.

    Raises:
        ValueError: Another sign is in it, or there are more.

    Examples:
        >>> from attncues.induction import read
        >>> read("cab")
        tensor([[0, 3, 1, 2]])
    """
    if len(text) >= LENGTH or not set(text) <= set(ascii_lowercase):
        raise ValueError(f"a text has at most {LENGTH - 1} letters from a to z, got {text!r}")
    return torch.tensor([[0, *(TOKENS.index(letter) for letter in text)]])


def followers(texts: Tensor) -> Tensor:
    """Mark for each token the places that come right after an earlier one like it.

    They are what an induction head looks at, for what stands there may come next again.

    Args:
        texts: Shape (n, length), numbers of `TOKENS`.

    Returns:
        Boolean, shape (n, length, length): a row for each token, a column for each place.

    Examples:
        >>> from attncues.induction import followers, read
        >>> followers(read("abca"))[0, 4].nonzero().flatten()
        tensor([2])
    """
    before = functional.pad(texts[:, :-1], (1, 0), value=-1)
    alike = texts[:, :, None] == before[:, None]
    return alike & _earlier(texts.shape[1])


@dataclass(frozen=True)
class Run:
    """What the model made of n texts.

    Attributes:
        scores: Shape (n, length, 27), of the token that comes after each.
        weights: Shape (n, 2, length, length), the attention weights of both layers.
        values: Shape (n, 2, length, 32), what each token gives if it is attended to.
    """

    scores: Tensor
    weights: Tensor
    values: Tensor


class Repeater(nn.Module):
    """Two layers of causal self-attention with one head each.

    Each adds its output to what it was given, as in a Transformer. Queries and keys of the
    first layer know their place, from the sines and cosines of Vaswani et al. (2017).
    """

    def __init__(self) -> None:
        super().__init__()
        self.embed = nn.Embedding(len(TOKENS), SIZE)
        self.to_query, self.to_key, self.to_value = (
            nn.ModuleList(nn.Linear(SIZE, SIZE, bias=False) for _ in range(LAYERS))
            for _ in range(3)
        )
        self.to_token = nn.Linear(SIZE, len(TOKENS))
        turns = torch.arange(LENGTH)[:, None] / 100 ** (torch.arange(0, SIZE, 2) / SIZE)
        self.places = 2**0.5 * torch.cat([turns.sin(), turns.cos()], dim=-1)

    def forward(self, texts: Tensor, change: Change | None = None) -> Run:
        """Score the next token after each token of texts.

        Args:
            texts: Shape (n, length), at most 24 tokens each.
            change: What to make of the weights of each layer before they are used; by default
                they stay as they are.

        Returns:
            Scores, the weights that were used, and values.

        Examples:
            >>> from attncues.induction import Repeater, draw_texts
            >>> run = Repeater()(draw_texts(5, seed=0))
            >>> run.scores.shape, run.weights.shape
            (torch.Size([5, 24, 27]), torch.Size([5, 2, 24, 24]))
        """
        states = self.embed(texts)
        length = texts.shape[1]
        weights, values = [], []
        for layer in range(LAYERS):
            placed = states + self.places[:length] if layer == 0 else states
            queries, keys = self.to_query[layer](placed), self.to_key[layer](placed)
            value = self.to_value[layer](states)
            output, weight = attention_pooling(queries, keys, value, mask=_earlier(length))
            if change is not None:
                weight = change(layer, weight)
                output = weight @ value
            states = states + output
            weights.append(weight)
            values.append(value)
        return Run(self.to_token(states), torch.stack(weights, dim=1), torch.stack(values, dim=1))


def repeats(model: Repeater, texts: Tensor, change: Change | None = None) -> float:
    """Measure how often the model answers with a letter that came next before.

    Args:
        model: The network.
        texts: Shape (n, length).
        change: As in `Repeater.forward`.

    Returns:
        Of all tokens that stand earlier in their text as well, the share whose likeliest next
            token is one that followed there.

    Examples:
        >>> from attncues.induction import Repeater, draw_texts, repeats
        >>> repeats(Repeater(), draw_texts(100, seed=1)) < 0.5
        True
    """
    answers = model(texts, change).scores.argmax(-1)
    places = followers(texts)
    found = (places & (answers[:, :, None] == texts[:, None])).any(-1)
    share: float = found[places.any(-1)].float().mean().item()
    return share


@one_thread()
def train(
    seed: int = 0,
    *,
    steps: int = 300,
    change: Change | None = None,
    watch: Callable[[int, Repeater], None] | None = None,
) -> Repeater:
    """Train a model to go on with texts; takes a second or two on one core.

    Args:
        seed: Decides first parameters and texts.
        steps: How many steps, each on 32 texts that are seen once.
        change: As in `Repeater.forward`, for a model that learns with other weights.
        watch: Is given the number of steps so far and the model before each step.

    Returns:
        The trained model.

    Raises:
        TypeError: A number is not whole.
        ValueError: There are no steps.

    Examples:
        >>> from attncues.induction import train
        >>> model = train(seed=0, steps=10)
    """
    lessons = draw_lessons(steps, seed)
    with torch.random.fork_rng(devices=[]):  # first parameters draw from it
        torch.manual_seed(seed)
        model = Repeater()
    optimizer = torch.optim.Adam(model.parameters())
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 0.03, steps)
    for step, texts in enumerate(lessons.split(32)):
        if watch is not None:
            watch(step, model)
        scores = model(texts[:, :-1], change).scores
        loss = functional.cross_entropy(scores.flatten(0, 1), texts[:, 1:].flatten())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        schedule.step()
    return model.eval().requires_grad_(False)


def _earlier(length: int) -> Tensor:
    """Mark what a token may attend to: itself and all before it."""
    return torch.ones(length, length, dtype=torch.bool).tril()
