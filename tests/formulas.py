"""What the formulas of pages and docstrings are held to, on inputs drawn at random.

Each entry draws inputs and returns what the letters of a formula stand for, and what the package
computes: the value of the formula or, where the formula is an equation, the letters whose values
are the package's. Those have to stand in it.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import SimpleNamespace
from typing import TypeAlias

import torch
from torch import Tensor

import attncues
from attncues import glimpse, saliency, translation
from tests.latex import Symbols

Case: TypeAlias = Callable[[], tuple[Symbols, Tensor | Symbols]]

normal = partial(torch.randn, dtype=torch.float64)
uniform = partial(torch.rand, dtype=torch.float64)


def whole(low: int, high: int) -> int:
    return int(torch.randint(low, high + 1, ()))


def score(function: Callable[[Tensor, Tensor], Tensor]) -> Case:
    def case() -> tuple[Symbols, Tensor]:
        d = whole(2, 9)
        q, k = normal(2, d)
        return {"q": q, "k": k, "d": d}, function(q[None], k[None])[0, 0]

    return case


def average() -> tuple[Symbols, Symbols]:
    n = whole(2, 9)
    v = normal(n, 3)
    return {"v": v, "n": n}, {"average": attncues.average_pooling(v)}


def weights_of_an_average() -> tuple[Symbols, Tensor]:
    n = whole(2, 9)
    return {"n": n}, attncues.average_pooling(torch.eye(n, dtype=torch.float64))[0]


def attention() -> tuple[Symbols, Symbols]:
    n = whole(2, 9)
    q, k, v, between = normal(4), normal(n, 4), normal(n, 3), normal(4, 4)
    tau = float(uniform(()) + 0.1)

    def pooled(query: Tensor) -> tuple[Tensor, Tensor]:
        # A score that tells queries from keys.
        return attncues.attention_pooling(
            query[None], k, v, score=lambda q, k: q @ between @ k.mT, temperature=tau
        )

    given: Symbols = {"q": q, "k": k, "v": v, "n": n, "i": whole(1, n), "tau": tau}
    return given, {
        "attention": lambda query: pooled(query)[0][0],
        "alpha": pooled(q)[1][0],
        "s": lambda q, k: q @ between @ k,  # or no equation says what weights are
    }


def softmax_of_scores() -> tuple[Symbols, Tensor]:
    q, k, between, temperature = normal(4), normal(5, 4), normal(4, 4), float(uniform(()) + 0.1)
    weights = attncues.attention_weights(
        q[None], k, score=lambda q, k: q @ between @ k.mT, temperature=temperature
    )
    given = {"q": q, "k": k, "score": lambda q, k: k @ (q @ between), "temperature": temperature}
    return given, weights[0]


def signed_weight(low: float, high: float, *, letter: str = "w") -> Case:
    def case() -> tuple[Symbols, Tensor]:
        i, w = whole(1, 6), low + (high - low) * uniform(6)
        signed = saliency.target_query(w)[i - 1]
        given: Symbols = {"w": w, "i": i} if letter == "w_i" else {"w": w[i - 1]}
        return given, signed

    return case


def look() -> SimpleNamespace:
    """A network, an image, a reward for each place, and what formulas call them."""
    looker, batch = glimpse.Looker().double(), glimpse.draw_batch(1, whole(1, 1000))
    with torch.no_grad():
        looker.query.mul_(0.5)  # or a few places get all the weight
    batch = replace(batch, images=batch.images.double())
    r, n = normal(glimpse.PLACES), glimpse.PLACES
    alpha, k = looker.weights(batch.images)[0], looker.keys(batch.images)[0]
    given = {"alpha": alpha, "r": r, "q": looker.query, "theta": looker.query, "k": k, "n": n}
    gradient = partial(glimpse.policy_gradient, looker, batch)
    sampled = partial(glimpse.sampled_gradients, looker, batch, draws=1, seed=whole(1, 1000))
    return SimpleNamespace(**locals())


def weights_of_places() -> tuple[Symbols, Tensor]:
    now = look()
    return now.given, now.alpha


def named_weights_of_places() -> tuple[Symbols, Symbols]:
    now = look()
    return {name: now.given[name] for name in "qk"}, {"alpha": now.alpha}


def gradient() -> tuple[Symbols, Tensor]:
    now = look()
    return {**now.given, "J": now.alpha @ now.r}, now.gradient(now.r[None])


def gradient_of_equal_rewards() -> tuple[Symbols, Tensor]:
    now = look()
    return now.given, now.gradient(torch.ones_like(now.r)[None])


def gradient_of_a_logarithm() -> tuple[Symbols, Tensor]:
    now, i = look(), whole(1, glimpse.PLACES)
    only = torch.zeros_like(now.r)
    only[i - 1] = 1 / now.alpha[i - 1].detach()
    return {**now.given, "i": i}, now.gradient(only[None])


def estimate(*, baseline: bool) -> Case:
    def case() -> tuple[Symbols, Tensor]:
        now, b = look(), float(normal(())) if baseline else 0.0
        estimated = now.sampled(now.r[None], baseline=b)[0]
        # Which place the seed draws shows in how the estimate grows with a reward of one.
        unrewarded = now.sampled(torch.ones_like(now.r)[None])[0]
        drawn = (now.r - b - (estimated @ unrewarded) / unrewarded.square().sum()).abs().argmin()
        given = {**now.given, "i": int(drawn) + 1}
        return ({**given, "b": b} if baseline else given), estimated

    return case


def additive() -> tuple[Symbols, Tensor]:
    model = translation.Translator([]).double()
    q, h = normal(32), normal(64)
    parts = {"W": model.to_query.weight, "U": model.to_key.weight, "v": model.to_score.weight[0]}
    scores = model._additive(q[None, None], model.to_key(h)[None, None])
    return {**parts, "q": q, "h": h}, scores[0, 0, 0]


def channel(name: str, above: str, below: str) -> Case:
    """A channel is linear in red, green and blue, and so is the response to it."""

    def response(image: Tensor, above: str, below: str) -> Tensor:
        maps = saliency.feature_maps(image)
        on, off = (saliency.CHANNELS.index(name) for name in (above, below))
        return maps[on] - maps[off]

    def case() -> tuple[Symbols, Symbols]:
        image = uniform(16, 16, 3)
        given = {
            letter: response(grey[..., None].expand(16, 16, 3), "bright", "dark")
            for letter, grey in zip("RGB", image.unbind(-1), strict=True)
        }
        return given, {name: response(image, above, below)}

    return case


def uniqueness() -> tuple[Symbols, Tensor]:
    m = whole(1, 16)
    maps = torch.zeros(6, 64, 64, dtype=torch.float64)
    for spot in torch.randperm(16)[:m].tolist():
        maps[2, 8 + 16 * (spot // 4), 8 + 16 * (spot % 4)] = 1
    return {"m": m}, saliency.bottom_up(maps).max()


def least_weight() -> tuple[Symbols, Tensor]:
    maps = uniform(6, 8, 8) + 0.5
    maps[:, :2, :2] = 0
    return {"STRONGEST": saliency.STRONGEST}, saliency.target_weights(maps, (0, 2, 0, 2))[0]


def responses() -> tuple[Tensor, Tensor]:
    """Six responses at one place, and weights of which the first three are above one."""
    return uniform(6) + 0.1, torch.cat([1 + 5 * uniform(3), 0.2 + 0.7 * uniform(3)])


def found(x: Tensor, w: Tensor) -> Tensor:
    return saliency.top_down(x[:, None, None], w)[0, 0]


def excitation() -> tuple[Symbols, Tensor]:
    x, w = responses()
    return {"X": x[:3], "w": w[:3], "n": 3}, found(torch.cat([x[:3], torch.zeros(3)]), w)


def inhibition() -> tuple[Symbols, Tensor]:
    x, w = responses()
    x[0] += 100  # the difference stays above zero
    without = torch.cat([x[:3], torch.zeros(3)])
    return {"X": x[3:], "w": w[3:], "n": 3}, found(without, w) - found(x, w)


def difference() -> tuple[Symbols, Tensor]:
    x, w = responses()
    given = {"excitation": x[:3] @ w[:3], "inhibition": (x[3:] / w[3:]).sum()}
    return given, found(x, w)


def mixture() -> tuple[Symbols, Tensor]:
    image, weights, t = uniform(16, 16, 3), 0.2 + 3 * uniform(6), float(uniform(()))
    maps = saliency.feature_maps(image)
    seen, wanted = saliency.bottom_up(maps), saliency.top_down(maps, weights)
    given = {"t": t, "B": seen / seen.max(), "T": wanted / wanted.max()}
    return given, saliency.priority(image, weights, t)


def crossing() -> tuple[Symbols, Symbols]:
    """Where a salient place that matches by m equals a matching one that stands out by s."""
    s, m = uniform(2) * 0.9
    before, after = (
        saliency.mix(
            torch.stack([torch.ones(()), s])[None], torch.stack([m, torch.ones(())])[None], v
        )
        for v in (0.0, 1.0)
    )
    ahead, behind = (float(one[0, 0] - one[0, 1]) for one in (before, after))
    return {"s": s, "m": m}, {"v": ahead / (ahead - behind)}


WORDS = {"平均": "average", "注意力": "attention"}
"""What stands for a word of an English formula in Chinese."""

PAGES: Mapping[str, Case] = {
    "average_pooling": average,
    "average_pooling, weights": weights_of_an_average,
    "attention_pooling": attention,
    "dot_product": score(attncues.dot_product),
    "scaled_dot_product": score(attncues.scaled_dot_product),
    "gaussian": score(attncues.gaussian),
    "mix, crossing": crossing,
    "target_query, w > 1": signed_weight(1.1, 9),
    "target_query, w < 1": signed_weight(0.1, 0.9),
    "policy_gradient": gradient,
    "policy_gradient, equal rewards": gradient_of_equal_rewards,
    "sampled_gradients": estimate(baseline=False),
}
"""By the names that formulas of pages have."""

DOCSTRINGS: Mapping[str, tuple[Case, ...]] = {
    "pooling.dot_product": (score(attncues.dot_product),),
    "pooling.scaled_dot_product": (score(attncues.scaled_dot_product),),
    "pooling.gaussian": (score(attncues.gaussian),),
    "pooling.attention_weights": (softmax_of_scores,),
    "glimpse": (weights_of_places,),
    "glimpse.policy_gradient": (named_weights_of_places, gradient_of_a_logarithm, gradient),
    "glimpse.sampled_gradients": (estimate(baseline=True),),
    "translation.Translator._additive": (additive,),
    "saliency.feature_maps": (
        channel("I", "bright", "dark"),
        channel("RG", "red", "green"),
        channel("BY", "blue", "yellow"),
    ),
    "saliency.bottom_up": (uniqueness,),
    "saliency.target_weights": (least_weight,),
    "saliency.target_query": (signed_weight(0.1, 0.9, letter="w_i"),),
    "saliency.top_down": (excitation, inhibition, difference),
    "saliency.priority": (mixture,),
}
"""By what has the docstring, in the order of its formulas."""
