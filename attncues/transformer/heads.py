"""What heads do: scores of kinds of heads, and interventions that show what follows from them."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from ..numbers import check_count, check_seed
from ..threads import one_thread
from .language import Change, LanguageModel, Run

Heads: TypeAlias = Sequence[tuple[int, int]]
"""Each a layer and a head, counted from zero."""


def repeat_random(count: int, length: int, seed: int) -> Tensor:
    """Draw random tokens, each row followed by itself.

    Nothing of language helps to foretell the second half; only looking it up in the first does.

    Args:
        count: Of rows.
        length: Of each half.
        seed: Decides the tokens.

    Returns:
        Shape (count, twice the length), numbers of tokens.

    Examples:
        >>> from attncues.transformer import repeat_random
        >>> repeat_random(1, 3, seed=0)
        tensor([[35271, 20840, 34593, 35271, 20840, 34593]])
    """
    check_count("count", count)
    check_count("length", length)
    check_seed(seed)
    draw = torch.Generator().manual_seed(seed)
    return torch.randint(1000, 40000, (count, length), generator=draw).repeat(1, 2)


def previous_token(weights: Tensor) -> Tensor:
    """Average the weight that tokens give to the one before: (..., n, n) becomes (...)."""
    return weights.diagonal(-1, -2, -1).mean(-1)


def induction(weights: Tensor) -> Tensor:
    """Average the weight that repeated tokens give to what followed them before.

    Args:
        weights: Shape (..., n, n), on tokens whose second half repeats the first.

    Returns:
        Shape (...).
    """
    half = weights.shape[-1] // 2
    # Token half + i stood at i before, and i + 1 came next; the first such place is the sink's.
    return weights.diagonal(1 - half, -2, -1)[..., 1:].mean(-1)


def first_token(weights: Tensor) -> Tensor:
    """Average the weight that later tokens give to the first: (..., n, n) becomes (...)."""
    return weights[..., 1:, 0].mean(-1)


def on_places(weights: Tensor, places: Tensor) -> Tensor:
    """Average the weight that later tokens give to some places.

    Args:
        weights: Shape (..., n, n).
        places: Boolean, shape (n,), such as where punctuation stands.

    Returns:
        Shape (...), over the tokens after the first of these places.
    """
    first = int(places.nonzero()[0])
    return (weights * places).sum(-1)[..., first + 1 :].mean(-1)


def silence(heads: Heads) -> Change:
    """Let some heads, each a layer and a head, give nothing."""

    def change(layer: int, weights: Tensor) -> Tensor:
        kept = torch.ones(weights.shape[-3], 1, 1)
        for one, head in heads:
            if one == layer:
                kept[head] = 0
        return weights * kept

    return change


def flatten(weights: Tensor) -> Tensor:
    """Give each token that may be attended to the same weight: (..., n, n) to (..., n, n)."""
    same = torch.ones_like(weights).tril()
    return same / same.sum(-1, keepdim=True)


def permute(weights: Tensor, seed: int) -> Tensor:
    """Shuffle the weights of each row among the tokens that may be attended to."""
    draw = torch.Generator().manual_seed(seed)
    shuffled = weights.clone()
    for row in range(weights.shape[-1]):
        order = torch.randperm(row + 1, generator=draw)
        shuffled[..., row, : row + 1] = weights[..., row, order]
    return shuffled


@one_thread()
def moved(
    model: LanguageModel, tokens: Tensor, heads: Heads, change: Callable[[Tensor], Tensor]
) -> Tensor:
    """Change the weights of one head after the other, and measure how much the model's say moves.

    Args:
        model: That runs.
        tokens: Shape (n,).
        heads: To be changed, each by itself.
        change: Maps the weights (n, n) of a head to those that it shall use.

    Returns:
        For each head, the share of probability of the next token that goes elsewhere (the total
            variation distance), averaged over all tokens but the first: shape (heads,).
    """

    def change_one(layer: int, weights: Tensor) -> Tensor:
        changed = weights.clone()  # (heads to change, heads of the layer, n, n)
        for number, (one, head) in enumerate(heads):
            if one == layer:
                changed[number, head] = change(weights[number, head])
        return changed

    before = model(tokens).logits[1:].softmax(-1)
    after = model(tokens.expand(len(heads), -1), change_one).logits[:, 1:]
    # One after the other, since all probabilities at once would take much memory.
    distances = [(each.softmax(-1) - before).abs().sum(-1).mean() / 2 for each in after]
    return torch.stack(distances)


def loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """Measure how surprising each token was, given those before.

    Args:
        logits: Shape (..., n, vocabulary).
        tokens: Shape (..., n).

    Returns:
        Cross-entropy in nats, of all tokens but the first, along the last axis.
    """
    asked = logits[..., :-1, :].flatten(0, -2)
    losses = functional.cross_entropy(asked, tokens[..., 1:].flatten(), reduction="none")
    return losses.reshape(*tokens.shape[:-1], -1)


@one_thread()
def weights_and_norms(model: LanguageModel, run: Run) -> Tensor:
    """Multiply each weight by the norm of what it brings (Kobayashi et al. 2020).

    Args:
        model: That ran.
        run: On n tokens.

    Returns:
        Shape (..., L, H, n, n), as shares of each row.
    """
    brought = run.values @ model.output_matrices()  # (..., L, H, n, width)
    norms = brought.square().sum(-1).sqrt()  # (..., L, H, n)
    sizes = run.weights * norms.unsqueeze(-2)
    return sizes / sizes.sum(-1, keepdim=True)
