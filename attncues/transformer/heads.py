"""What heads do: scores of kinds of heads, and interventions that show what follows from them.

Weights have a row for each query and a column for each key, (..., n, n) for n tokens, as those of
`Run`; the dots stand for any leading dimensions, such as texts, layers and heads. A score says
where a head looks. What it is good for shows when its weights are changed and the model runs again.
"""

from collections.abc import Callable, Sequence
from typing import TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from ..numbers import check_count, check_seed
from ..threads import one_thread
from .language import Change, LanguageModel, Run

Heads: TypeAlias = Sequence[tuple[int, int]]
"""Some heads, each by its layer and its place in there, counted from zero."""


def repeat_random(count: int, length: int, seed: int) -> Tensor:
    """Draw random tokens, each row followed by itself.

    Nothing of language helps to foretell the second half; only looking it up in the first does.
    Olsson et al. (2022) find induction heads with random tokens that repeat.

    Args:
        count: How many rows, at least one.
        length: How many tokens each half has, at least one.
        seed: Decides the tokens.

    Returns:
        Shape (count, twice the length), numbers of tokens of `LanguageModel`, from 1000 to 39999.

    Raises:
        TypeError: A number is not whole.
        ValueError: A count or length is less than one, or the seed is too large.

    Examples:
        >>> from attncues.transformer import repeat_random
        >>> repeat_random(1, 3, seed=0)
        tensor([[16044, 17239, 36933, 16044, 17239, 36933]])
    """
    check_count("count", count)
    check_count("length", length)
    check_seed(seed)
    if min(count, length) < 1:
        raise ValueError(f"at least one row of one token is needed, got {count} of {length}")
    draw = torch.Generator().manual_seed(seed)
    return torch.randint(1000, 40000, (count, length), generator=draw).repeat(1, 2)


def previous_token(weights: Tensor) -> Tensor:
    """Average the weight that tokens give to the one before.

    Args:
        weights: Shape (..., n, n), of at least two tokens.

    Returns:
        Shape (...), over all tokens but the first, which has none before.

    Examples:
        >>> import torch
        >>> from attncues.transformer import previous_token
        >>> previous_token(torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]))
        tensor(0.7500)
    """
    return weights.diagonal(-1, -2, -1).mean(-1)


def induction(weights: Tensor) -> Tensor:
    """Average the weight that repeated tokens give to what followed them before.

    It is after the score of Olsson et al. (2022) for how well a head matches prefixes.

    Args:
        weights: Shape (..., n, n), on tokens whose second half repeats the first, such as those
            of `repeat_random`.

    Returns:
        Shape (...), over all tokens of the second half.

    Examples:
        >>> import torch
        >>> from attncues.transformer import induction
        >>> looks_at = torch.tensor([0, 0, 0, 1, 2, 0])  # of six tokens, three and three
        >>> induction(torch.eye(6)[looks_at])
        tensor(0.6667)
    """
    half = weights.shape[-1] // 2
    # Token half + i stood at i before, and i + 1 came next; the first such place is the sink's.
    return weights.diagonal(1 - half, -2, -1)[..., 1:].mean(-1)


def first_token(weights: Tensor) -> Tensor:
    """Average the weight that later tokens give to the first.

    Where much rests there, it is an attention sink (Xiao et al. 2023).

    Args:
        weights: Shape (..., n, n), of at least two tokens.

    Returns:
        Shape (...), over all tokens but the first, which can look at nothing else.

    Examples:
        >>> import torch
        >>> from attncues.transformer import first_token
        >>> first_token(torch.tensor([[1.0, 0.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.5, 0.5]]))
        tensor(0.5000)
    """
    return weights[..., 1:, 0].mean(-1)


def on_places(weights: Tensor, places: Tensor) -> Tensor:
    """Average the weight that later tokens give to some places.

    Args:
        weights: Shape (..., n, n).
        places: Boolean, shape (n,), such as where punctuation stands.

    Returns:
        Shape (...), the weight on all these places together, over the tokens after the first
            of them.

    Raises:
        ValueError: There is no such place before the last token.

    Examples:
        >>> import torch
        >>> from attncues.transformer import on_places
        >>> weights = torch.tensor([[1.0, 0.0, 0.0], [0.2, 0.8, 0.0], [0.1, 0.6, 0.3]])
        >>> on_places(weights, torch.tensor([False, True, False]))
        tensor(0.6000)
    """
    if not places[:-1].any():
        raise ValueError("a place before the last token is needed, since later tokens look at it")
    first = int(places.nonzero()[0])
    return (weights * places).sum(-1)[..., first + 1 :].mean(-1)


def silence(heads: Heads) -> Change:
    """Let some heads give nothing: their weights become zero.

    Args:
        heads: Each a layer and a head.

    Returns:
        A change, for a call of `LanguageModel`.

    Examples:
        >>> from attncues.transformer import LanguageModel, silence
        >>> model = LanguageModel()
        >>> tokens = model.read("The capital of France is")
        >>> run = model(tokens, silence([(18, 6), (17, 4)]))
        >>> run.weights[18, 6].any()
        tensor(False)
    """

    def change(layer: int, weights: Tensor) -> Tensor:
        kept = torch.ones(weights.shape[-3], 1, 1)
        for one, head in heads:
            if one == layer:
                kept[head] = 0
        return weights * kept

    return change


def flatten(weights: Tensor) -> Tensor:
    """Give each token that may be attended to the same weight.

    Args:
        weights: Shape (..., n, n).

    Returns:
        Shape (..., n, n), for the token itself and all before it.

    Examples:
        >>> import torch
        >>> from attncues.transformer import flatten
        >>> flatten(torch.eye(2))
        tensor([[1.0000, 0.0000],
                [0.5000, 0.5000]])
    """
    same = torch.ones_like(weights).tril()
    return same / same.sum(-1, keepdim=True)


def permute(weights: Tensor, seed: int) -> Tensor:
    """Shuffle the weights of each row among the tokens that may be attended to.

    Jain & Wallace (2019) do so to ask if weights explain what a model says.

    Args:
        weights: Shape (..., n, n).
        seed: Decides the order of each row, which is the same for all leading dimensions.

    Returns:
        Shape (..., n, n); each row has the weights that it had.

    Raises:
        TypeError: The seed is not a whole number.
        ValueError: The seed is too large.

    Examples:
        >>> import torch
        >>> from attncues.transformer import permute
        >>> permute(torch.eye(3), seed=0)
        tensor([[1., 0., 0.],
                [0., 1., 0.],
                [0., 1., 0.]])
    """
    check_seed(seed)
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
    """Change the weights of one head after the other, and measure how much the output moves.

    Args:
        model: The one that runs.
        tokens: Shape (n,), of at least two tokens.
        heads: Those to be changed, each by itself; h of them.
        change: Maps the weights (n, n) of a head to those that it shall use, such as `flatten`,
            or `torch.zeros_like` to silence it.

    Returns:
        Shape (h,), the share of the probability of the next token that goes elsewhere, from zero
            to one, averaged over all tokens but the first. It is the total variation distance
            that Jain & Wallace (2019) measure.

    Examples:
        >>> from attncues.transformer import LanguageModel, flatten, moved
        >>> model = LanguageModel()
        >>> tokens = model.read("The capital of France is")
        >>> moved(model, tokens, [(0, 8), (18, 6)], flatten).shape
        torch.Size([2])
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
        logits: Shape (..., n, vocabulary), of the token that comes after each, as those of `Run`.
        tokens: Shape (..., n), the numbers of the tokens that are there.

    Returns:
        Shape (..., n-1), the cross-entropy in nats, of all tokens but the first, which comes
            after none.

    Examples:
        >>> import torch
        >>> from attncues.transformer import loss
        >>> even = torch.zeros(3, 8)  # of eight tokens, none is likelier
        >>> loss(even, torch.tensor([5, 2, 7])).exp()
        tensor([8., 8.])
    """
    asked = logits[..., :-1, :].flatten(0, -2)
    losses = functional.cross_entropy(asked, tokens[..., 1:].flatten(), reduction="none")
    return losses.reshape(*tokens.shape[:-1], -1)


@one_thread()
def weights_and_norms(model: LanguageModel, run: Run) -> Tensor:
    """Multiply each weight by the norm of what it brings (Kobayashi et al. 2020, section 3).

    What a weight brings is the value, mapped by the output matrix of its head.

    Args:
        model: The one that ran.
        run: What it made of n tokens.

    Returns:
        Shape (..., L, H, n, n), as shares of each row: it sums to one.

    Examples:
        >>> from attncues.transformer import LanguageModel, weights_and_norms
        >>> model = LanguageModel()
        >>> run = model(model.read("The capital of France is"))
        >>> shares = weights_and_norms(model, run)
        >>> shares.shape
        torch.Size([30, 9, 5, 5])
        >>> shares[18, 6, -1, 0] < run.weights[18, 6, -1, 0]
        tensor(True)
    """
    brought = run.values @ model.output_matrices()  # (..., L, H, n, width)
    norms = brought.square().sum(-1).sqrt()  # (..., L, H, n)
    sizes = run.weights * norms.unsqueeze(-2)
    return sizes / sizes.sum(-1, keepdim=True)
