"""What holds of any input: shared by the tests, which try some, and by `fuzz.py`, which goes on.

Each property takes a source of data, draws what it likes from it, and asserts.
"""

import math
import traceback
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeAlias

import matplotlib
import numpy as np
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from matplotlib.colors import LogNorm, Normalize, PowerNorm, SymLogNorm, TwoSlopeNorm
from numpy.typing import NDArray
from torch import Tensor

import attncues
from attncues import glimpse, saliency, scenes, translation

Property: TypeAlias = Callable[[st.DataObject], None]
Wide: TypeAlias = NDArray[np.longdouble]

HOME = str(Path(attncues.__file__).parent)
COMPUTED = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
OTHERS = (
    torch.int8,
    torch.int64,
    torch.uint8,
    torch.bool,
    torch.complex64,
    torch.float8_e4m3fn,
    torch.float8_e5m2,
)
SCORES = (attncues.dot_product, attncues.scaled_dot_product, attncues.gaussian)
SIZES = st.integers(1, 4)
TEMPERATURES = st.sampled_from([5e-324, 1e-300, 1e-40, 1e-7, 1e-3, 1.0, 7, 1e5, 1e39, math.inf])


def entries(dtype: torch.dtype) -> st.SearchStrategy[float]:
    """Finite numbers of all magnitudes, often those at which something could break."""
    most, least = torch.finfo(dtype).max, torch.finfo(dtype).tiny
    usual = [0.0, 1.0, -1.0, 0.5, 300.0, -300.0, most, -most, most / 2, math.sqrt(most), least]
    return st.sampled_from(usual) | st.floats(-most, most) | st.floats(-3.0, 3.0)


def tensors(shape: tuple[int, ...], dtype: torch.dtype) -> st.SearchStrategy[Tensor]:
    count = math.prod(shape)
    numbers = st.lists(entries(dtype), min_size=count, max_size=count)
    return numbers.map(lambda given: torch.tensor(given, dtype=torch.float64).to(dtype).view(shape))


BATCHES = st.sampled_from([((), ()), ((2,), (2,)), ((2,), ()), ((1, 2), (2, 1))])


def pairs(data: st.DataObject) -> tuple[Tensor, Tensor]:
    """Queries and keys of one dtype whose batches broadcast."""
    dtype, size = data.draw(st.sampled_from(COMPUTED)), data.draw(SIZES)
    one, other = data.draw(BATCHES)
    queries = data.draw(tensors((*one, data.draw(SIZES), size), dtype))
    return queries, data.draw(tensors((*other, data.draw(SIZES), size), dtype))


def wide(tensor: Tensor) -> Wide:
    return tensor.double().numpy().astype(np.longdouble)


@contextmanager
def refusing() -> Iterator[None]:
    """Allow a `TypeError` or `ValueError` that the package itself raises; never a warning."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        try:
            yield
        except (TypeError, ValueError) as error:
            raised = traceback.extract_tb(error.__traceback__)[-1]
            if not raised.filename.startswith(HOME):
                raise AssertionError(f"in foreign words: {error!r}") from error


def scores_are_those_of_float64(data: st.DataObject) -> None:
    queries, keys = pairs(data)
    score = data.draw(st.sampled_from(SCORES))
    with refusing():
        scores = score(queries, keys)
        assert scores.isfinite().all()
        q, k = wide(queries)[..., :, None, :], wide(keys)[..., None, :, :]
        if score is attncues.gaussian:
            terms = -np.square(q - k) / 2
        else:
            root = math.sqrt(q.shape[-1]) if score is attncues.scaled_dot_product else 1
            terms = q * k / np.longdouble(root)
        kind = torch.finfo(queries.dtype)
        error = np.abs(wide(scores) - terms.sum(-1))
        # Below the smallest number everything is rounded, and so is what is multiplied with it.
        below = kind.tiny * (1 + np.abs(q).max() + np.abs(k).max())
        assert (error <= 8 * kind.eps * np.abs(terms).sum(-1) + 8 * below).all()


def weights_are_those_of_float64(data: st.DataObject) -> None:
    queries, keys = pairs(data)
    score, temperature = data.draw(st.sampled_from(SCORES)), data.draw(TEMPERATURES)
    mask = torch.ones(keys.shape[-2], dtype=torch.bool)
    if data.draw(st.booleans()):
        mask[1:] = False
    with refusing():
        weights = attncues.attention_weights(
            queries, keys, score=score, temperature=temperature, mask=mask
        )
        assert weights.dtype == queries.dtype
        scores: Wide = np.where(mask.numpy(), wide(score(queries, keys)), np.longdouble(-math.inf))
        coldest = min(np.longdouble(temperature), np.finfo(np.longdouble).max)
        exact = np.exp((scores - scores.max(-1, keepdims=True)) / coldest)
        exact /= exact.sum(-1, keepdims=True)
        room = 4 * torch.finfo(queries.dtype).eps + 1e-12
        assert np.abs(wide(weights) - exact).max() <= room
        assert (weights[..., ~mask] == 0).all()


def pooling_stays_between_its_values(data: st.DataObject) -> None:
    queries, keys = pairs(data)
    shape = (keys.shape[-2], data.draw(SIZES))
    values = data.draw(tensors(shape, queries.dtype))
    kind = torch.finfo(values.dtype)
    size = np.abs(wide(values)).max() + kind.tiny
    with refusing():
        average = attncues.average_pooling(values)
        assert (np.abs(wide(average) - wide(values).mean(0)) <= 8 * kind.eps * size).all()
        assert (wide(attncues.max_pooling(values)) == wide(values).max(0)).all()
        pooled, weights = attncues.attention_pooling(
            queries, keys, values, temperature=data.draw(TEMPERATURES)
        )
        assert pooled.isfinite().all() and pooled.dtype == values.dtype
        assert (np.abs(wide(pooled) - wide(weights) @ wide(values)) <= 16 * kind.eps * size).all()


def maps_stay_finite(data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(COMPUTED))
    shape = (data.draw(SIZES), data.draw(SIZES))
    with refusing():
        maps = data.draw(tensors((6, *shape), dtype)).abs()
        parts: list[Callable[[], Tensor]] = [
            lambda: saliency.bottom_up(maps),
            lambda: saliency.top_down(maps, data.draw(tensors((6,), dtype)).abs()),
            lambda: saliency.target_weights(maps, (0, 1, 0, 1)),
            lambda: saliency.target_weights(maps.expand(2, *maps.shape), [(0, 1, 0, 1)] * 2),
            lambda: saliency.mix(maps[0], maps[1], data.draw(st.floats(0, 1))),
        ]
        for part in parts:
            with refusing():
                found = part()
                assert found.isfinite().all()
                assert found.dtype == dtype
    with refusing():
        path = saliency.scan_path(maps[0], 3, radius=data.draw(st.floats(0)))
        assert maps[0][path[0]] == maps[0].max()


def heatmaps_are_drawn_or_refused(data: st.DataObject) -> None:
    dtype = data.draw(st.sampled_from(COMPUTED))
    matrices = data.draw(tensors((data.draw(SIZES), data.draw(SIZES)), dtype))
    if data.draw(st.booleans()):
        matrices = matrices.abs()
    low, high = data.draw(st.tuples(NUMBERS, NUMBERS))
    norms: list[Callable[[], Any]] = [
        lambda: "linear",
        lambda: "log",
        lambda: "percentile",
        lambda: 5,
        lambda: LogNorm(),
        lambda: PowerNorm(0.5),
        lambda: SymLogNorm(0.1),
        lambda: TwoSlopeNorm(0.0),
        lambda: Normalize(0, 1),
    ]
    options: dict[str, Any] = {
        "norm": data.draw(st.sampled_from(norms))(),
        "cmap": data.draw(
            st.sampled_from(["Reds", "RdBu_r", 5, None, matplotlib.colormaps["bwr"]])
        ),
        "scale": data.draw(st.sampled_from(["shared", "panel"])),
    }
    if data.draw(st.booleans()):
        options |= {"vmin": low, "vmax": high, "norm": "linear"}
    if data.draw(st.booleans()):
        options["figsize"] = data.draw(st.tuples(NUMBERS, NUMBERS))
    with refusing():
        assert "nan" not in attncues.describe_heatmaps(matrices).lower()
    with refusing():
        figure = attncues.draw_heatmaps(matrices, **options)
        figure._repr_svg_()
        assert "NaN" not in figure.description


_ODD: list[Any] = [None, True, 0, 1, -1, 3, 1.5, 1e-300, 5e-324, 1e20, 1e308, 10**400]
_ODD += [math.nan, math.inf, -math.inf, "a", [], {}, (), b"a", 1j]
_ODD += [np.float32(2), np.int64(2), object]
NUMBERS = st.sampled_from(_ODD)


def _odd_tensor(dtype: torch.dtype) -> list[Tensor]:
    plain = torch.ones(2, 3).to(dtype)
    return [plain, plain[0], plain[0, 0], torch.ones(2, 2, 3).to(dtype), torch.ones(0, 3).to(dtype)]


ANYTHING = NUMBERS | st.sampled_from(
    [tensor for dtype in (*COMPUTED, *OTHERS) for tensor in _odd_tensor(dtype)]
    + [
        torch.eye(2).to_sparse(),
        torch.ones(2, 3, device="meta"),
        torch.full((2, 3), math.nan),
        torch.full((2, 3), math.inf),
        torch.full((6, 2, 3), math.nan),
        torch.ones(6, 2, 3),
        torch.ones(6),
        torch.ones(3, 24, 24),
        torch.zeros(3, dtype=torch.int64),
        torch.full((3,), 99),
        np.ones((2, 3)),
        np.full((2, 3), 1e308),
        [[1, 2, 3], [4, 5, 6]],
        [[1, 2], [3]],
    ]
)

_PAIR = {"queries": torch.ones(2, 3), "keys": torch.eye(3)}
_POOL = {"score": attncues.gaussian, "temperature": 1.0, "mask": torch.ones(3).bool()}
_SAID = {"xlabel": "Keys", "ylabel": "Queries", "scale": "shared", "mask": torch.ones(3).bool()}
_SIZE = {"figsize": (3, 3), "cmap": "Reds", "vmin": None, "vmax": None, "norm": "linear"}
_MAPS, _SIX = torch.rand(6, 4, 4), torch.ones(6)
_TRANSLATOR = translation.Translator([translation.Pair(("a",), ("b",))])
_LOOKER = glimpse.Looker()
_BATCH = glimpse.draw_batch(3, 0)

USUAL: dict[Callable[..., Any], dict[str, Any]] = {
    attncues.attention_pooling: {**_PAIR, "values": torch.ones(3, 2), **_POOL},
    attncues.attention_weights: {**_PAIR, **_POOL},
    attncues.average_pooling: {"values": torch.eye(3)},
    attncues.describe_heatmaps: {"matrices": torch.eye(3), **_SAID},
    attncues.dot_product: _PAIR,
    attncues.draw_heatmaps: {"matrices": torch.eye(3), **_SAID, **_SIZE},
    attncues.gaussian: _PAIR,
    attncues.max_pooling: {"values": torch.eye(3)},
    attncues.scaled_dot_product: _PAIR,
    attncues.show_heatmaps: {"matrices": torch.eye(3), **_SAID, **_SIZE},
    saliency.bottom_up: {"maps": _MAPS},
    saliency.feature_maps: {"image": torch.rand(16, 16, 3)},
    saliency.fixate: {"priority_map": _MAPS[0]},
    saliency.handover: {"seen": _MAPS[0], "wanted": _MAPS[1], "box": (0, 1, 1, 2)},
    saliency.learn_objects: {
        "images": torch.rand(2, 16, 16, 3),
        "boxes": [{"cup": (0, 1, 0, 1)}] * 2,
    },
    saliency.mix: {"seen": _MAPS[0], "wanted": _MAPS[1], "volition": 0.5},
    saliency.priority: {"image": torch.rand(16, 16, 3), "weights": _SIX, "volition": 0.5},
    saliency.scan_path: {"priority_map": _MAPS[0], "fixations": 2, "radius": 0.1},
    saliency.target_query: {"weights": _SIX},
    saliency.target_weights: {"maps": _MAPS, "box": (0, 1, 0, 1)},
    saliency.top_down: {"maps": _MAPS, "weights": _SIX},
    scenes.desk: {"seed": 0, "cup_color": (1, 0, 0)},
    scenes.desk_pair: {"seed": 0},
    scenes.search_display: {"items": 8, "kind": "feature", "seed": 0},
    translation.corpus: {"seed": 0, "train": 2, "test": 1},
    _TRANSLATOR.translate: {"sentence": "a"},
    glimpse.draw_batch: {"count": 3, "seed": 0},
    _LOOKER.forward: {"images": _BATCH.images, "places": torch.zeros(3, dtype=torch.int64)},
    _LOOKER.forward_soft: {"images": _BATCH.images},
    _LOOKER.keys: {"images": _BATCH.images},
    _LOOKER.weights: {"images": _BATCH.images},
    _LOOKER.windows: {"images": _BATCH.images},
}
"""Public functions, and arguments that each takes."""


def odd_arguments_are_refused_in_our_words(data: st.DataObject) -> None:
    call = data.draw(st.sampled_from(list(USUAL)))
    names = st.sets(st.sampled_from(sorted(USUAL[call])), min_size=1, max_size=2)
    odd = {name: data.draw(ANYTHING) for name in sorted(data.draw(names))}
    with refusing():
        call(**{**USUAL[call], **odd})


PROPERTIES: list[Property] = [
    scores_are_those_of_float64,
    weights_are_those_of_float64,
    pooling_stays_between_its_values,
    maps_stay_finite,
    heatmaps_are_drawn_or_refused,
    odd_arguments_are_refused_in_our_words,
]


def attempt(check: Property, examples: int, *, repeatable: bool = True) -> None:
    """Try a property on so many inputs, the same on every run or others each time."""
    chosen = settings(
        max_examples=examples,
        derandomize=repeatable,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )

    def holds(data: st.DataObject) -> None:
        check(data)

    holds.__qualname__ = check.__qualname__
    chosen(given(st.data())(holds))()
