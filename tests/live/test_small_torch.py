"""What live cells have of torch computes, writes and refuses what torch does.

If one fails, mend docs/live/python/torch.py: it stands for torch in the browser of a reader. What
it does not have must raise `NotHereError`, never give another result.
"""

import importlib.util
import math
import re
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any
from unittest.mock import patch

import pytest
import torch
from hypothesis import given as given_many
from hypothesis import settings
from hypothesis import strategies as st

from attncues import pooling
from tests.conftest import ROOT

PYTHON = ROOT / "docs" / "live" / "python"


def load(name: str, path: Path, **others: ModuleType) -> ModuleType:
    """Load a file as a module, to which others have the names given here."""
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    with patch.dict(sys.modules, {name: module, **others}):
        spec.loader.exec_module(module)
    return module


small: Any = load("small_torch", PYTHON / "torch.py")
numpy = load("small_numpy", PYTHON / "numpy.py", torch=small)
package = ModuleType("small_package")
package.__path__ = []
known = {"torch": small, "numpy": numpy, "small_package": package}
checks = load("small_package.numbers", ROOT / "attncues" / "numbers.py", **known)
known["small_package.numbers"] = checks
small_pooling: Any = load("small_package.pooling", ROOT / "attncues" / "pooling.py", **known)
"""The published source of the package, over the small torch."""


def given(*strategies: Any, **named: Any) -> Callable[[Any], Any]:
    """Try few examples of each, since there are many properties."""

    def decorate(test: Callable[..., None]) -> Callable[..., None]:
        few = settings(max_examples=25)
        made = given_many(*strategies, **named)
        tried: Callable[..., None] = few(made(test))  # type: ignore[no-untyped-call]
        return tried

    return decorate


KINDS = ["bool", "int64", "float32", "float64"]
FLOATS = ["float32", "float64"]
LENGTHS = st.integers(0, 4)
SHAPES = st.lists(LENGTHS, max_size=3).map(tuple)
FULL = st.lists(st.integers(1, 4), max_size=3).map(tuple)


def numbers(kind: str) -> st.SearchStrategy[Any]:
    if kind == "bool":
        return st.booleans()
    if kind == "int64":
        return st.integers(-20, 20)
    usual = st.sampled_from([0.0, -0.0, 1.0, -1.0, 0.5, 2.5, math.inf, -math.inf, math.nan])
    return usual | st.floats(-9, 9, width=32)


class Pair:
    """A tensor of torch, and the same of the small one."""

    def __init__(self, data: list[Any], shape: tuple[int, ...], kind: str) -> None:
        self.theirs = torch.tensor(data, dtype=getattr(torch, kind)).reshape(shape)
        self.ours = small.Tensor(list(self.theirs.flatten().tolist()), shape, getattr(small, kind))

    def __repr__(self) -> str:
        return f"{self.theirs!r}"


@st.composite
def pairs(draw: st.DrawFn, kinds: list[str] = KINDS, shapes: Any = SHAPES) -> Pair:
    kind, shape = draw(st.sampled_from(kinds)), draw(shapes)
    count = math.prod(shape)
    data = draw(st.lists(numbers(kind), min_size=count, max_size=count))
    return Pair(data, shape, kind)


@st.composite
def alike(draw: st.DrawFn, kinds: list[str] = KINDS) -> tuple[Pair, Pair]:
    """Two tensors that often broadcast."""
    shape = draw(FULL)
    cut = draw(st.integers(0, len(shape)))
    other = tuple(draw(st.sampled_from([1, length])) for length in shape[cut:])
    one, two = draw(pairs(kinds, st.just(shape))), draw(pairs(kinds, st.just(other) | SHAPES))
    return (one, two) if draw(st.booleans()) else (two, one)


def plain(value: Any) -> Any:
    """Turn what either torch returns into something that can be compared."""
    if isinstance(value, torch.Tensor | small.Tensor):
        return str(value.dtype), tuple(value.shape), value.tolist()
    if isinstance(value, torch.Size | small.Size):
        return "size", tuple(value)
    if isinstance(value, tuple | list | small.Both):
        return [plain(one) for one in value]
    return value


def near(one: Any, other: Any, tolerance: float) -> bool:
    if isinstance(one, list | tuple):
        return len(one) == len(other) and all(
            near(a, b, tolerance) for a, b in zip(one, other, strict=True)
        )
    if isinstance(one, float) and isinstance(other, float) and math.isfinite(one):
        return math.isclose(one, other, rel_tol=tolerance, abs_tol=tolerance)
    if isinstance(one, float) and math.isnan(one):
        return isinstance(other, float) and math.isnan(other)
    return type(one) is type(other) and bool(one == other)


def agree(compute: Callable[..., Any], *given: Any, tolerance: float = 2e-6) -> None:
    """Assert that both compute the same, or both refuse; `compute` takes the module first."""

    def outcome(module: Any, side: str) -> Any:
        try:
            return plain(compute(module, *[getattr(one, side, one) for one in given]))
        except (
            ArithmeticError, IndexError, NotImplementedError, RuntimeError, TypeError, ValueError
        ) as error:  # fmt: skip
            return error

    theirs, ours = outcome(torch, "theirs"), outcome(small, "ours")
    if isinstance(theirs, Exception) or isinstance(ours, Exception):
        assert isinstance(theirs, Exception) and isinstance(ours, Exception), (theirs, ours)
    else:
        assert near(theirs, ours, tolerance), (theirs, ours)


BINARY: dict[str, Callable[[Any, Any], Any]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "%": lambda a, b: a % b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
}


@pytest.mark.parametrize("name", BINARY)
@given(data=st.data())
def test_operators_broadcast_and_promote(name: str, data: st.DataObject) -> None:
    one, two = data.draw(alike())
    agree(lambda _, a, b: BINARY[name](a, b), one, two)
    number = data.draw(st.booleans() | st.integers(-5, 5) | st.floats(-5, 5, width=32))
    if not isinstance(number, bool) or name not in "&|^":
        agree(lambda _, a: BINARY[name](a, number), one)
        agree(lambda _, a: BINARY[name](number, a), one)


@given(alike(FLOATS))
def test_powers(both: tuple[Pair, Pair]) -> None:
    agree(lambda _, a, b: a**b, *both, tolerance=1e-5)
    agree(lambda module, a, b: module.pow(a, b), *both, tolerance=1e-5)


@pytest.mark.parametrize(
    "name",
    [
        "exp",
        "log",
        "sqrt",
        "sin",
        "cos",
        "tanh",
        "sigmoid",
        "square",
        "abs",
        "relu",
        "isfinite",
        "isnan",
        "isinf",
        "round",
    ],
)
@given(pair=pairs())
def test_functions_of_each_number(name: str, pair: Pair) -> None:
    if pair.theirs.dtype == torch.bool and name in ("abs", "relu", "square", "round"):
        return  # torch is not of one mind
    agree(lambda _, a: getattr(a, name)(), pair)
    agree(lambda module, a: getattr(module, name)(a), pair)


@given(pairs(FLOATS), st.integers(0, 3))
def test_rounding_to_decimals(pair: Pair, decimals: int) -> None:
    agree(lambda _, a: a.round(decimals=decimals), pair)


@pytest.mark.parametrize(
    "name",
    [
        "sum",
        "mean",
        "var",
        "norm",
        "any",
        "all",
        "amax",
        "amin",
        "argmax",
        "argmin",
        "max",
        "min",
        "aminmax",
        "count_nonzero",
    ],
)
@given(data=st.data())
def test_reductions(name: str, data: st.DataObject) -> None:
    kinds = KINDS if name in ("sum", "mean", "any", "all", "amax", "amin") else FLOATS
    pair = data.draw(pairs(kinds, FULL))
    agree(lambda _, a: getattr(a, name)(), pair, tolerance=1e-5)
    if name == "count_nonzero":
        return
    dim = data.draw(st.integers(-4, 3))
    keep = data.draw(st.booleans())
    agree(lambda _, a: getattr(a, name)(dim=dim, keepdim=keep), pair, tolerance=1e-5)
    if name in ("sum", "mean", "amax", "amin"):
        dims = tuple(data.draw(st.lists(st.integers(-3, 2), min_size=1, max_size=3)))
        agree(lambda _, a: getattr(a, name)(dim=dims, keepdim=keep), pair, tolerance=1e-5)


@given(pairs(), st.integers(-4, 3))
def test_softmax(pair: Pair, dim: int) -> None:
    if pair.theirs.numel():
        agree(lambda module, a: module.softmax(a, dim=dim), pair)
        agree(lambda _, a: a.softmax(dim), pair)


@st.composite
def products(draw: st.DrawFn) -> tuple[Pair, Pair]:
    kind, inner = draw(st.sampled_from(FLOATS)), draw(st.integers(1, 4))
    batches = draw(st.sampled_from([((), ()), ((2,), (2,)), ((2,), ()), ((1, 2), (2, 1))]))
    length = draw(st.sampled_from([inner, inner, inner, 5]))
    left = (*draw(st.sampled_from([(), (*batches[0], draw(st.integers(1, 3)))])), inner)
    right = draw(st.sampled_from([(length,), (*batches[1], length, draw(st.integers(1, 3)))]))

    def finite(shape: tuple[int, ...]) -> Pair:
        count = math.prod(shape)
        data = draw(st.lists(st.floats(-9, 9, width=32), min_size=count, max_size=count))
        return Pair(data, shape, kind)

    return finite(left), finite(right)


@given(products())
def test_products_of_matrices(both: tuple[Pair, Pair]) -> None:
    agree(lambda _, a, b: a @ b, *both, tolerance=2e-4)
    agree(lambda module, a, b: module.matmul(a, b), *both, tolerance=2e-4)


@given(st.data())
def test_shapes(data: st.DataObject) -> None:
    pair = data.draw(pairs())
    one, two = data.draw(st.integers(-4, 3)), data.draw(st.integers(-4, 3))
    agree(lambda _, a: a.transpose(one, two), pair)
    agree(lambda _, a: a.unsqueeze(one), pair)
    agree(lambda _, a: a.squeeze(one), pair)
    agree(lambda _, a: a.squeeze(), pair)
    agree(lambda _, a: a.flatten(), pair)
    agree(lambda _, a: a.flatten(one, two), pair)
    shape = data.draw(st.lists(st.sampled_from([-1, 0, 1, 2, 3, 4, 6, 8]), max_size=3))
    if 0 not in shape and pair.theirs.numel():
        agree(lambda _, a: a.reshape(shape), pair)
        if shape:
            agree(lambda _, a: a.reshape(*shape), pair)
    larger = data.draw(st.lists(st.sampled_from([-1, 1, 2, 3]), max_size=4))
    agree(lambda _, a: a.expand(larger), pair)
    agree(lambda _, a: [a.shape, a.shape[:2], a.ndim, a.numel(), a.dim()], pair)
    order = data.draw(st.permutations(range(pair.theirs.ndim)))
    agree(lambda _, a: a.permute(order), pair)
    if pair.theirs.ndim == 2:
        agree(lambda _, a: a.T, pair)
    for method in ("tril", "triu"):
        agree(lambda _, a, method=method: getattr(a, method)(one), pair)
    agree(lambda _, a: a.nonzero(), pair)
    for kind in KINDS:
        if kind != "int64" or pair.theirs.isfinite().all():
            agree(lambda module, a, kind=kind: a.to(getattr(module, kind)), pair)


@given(st.data())
def test_indices(data: st.DataObject) -> None:
    pair = data.draw(pairs())
    keys: list[Any] = []
    for _ in range(data.draw(st.integers(0, 4))):
        ends = st.none() | st.integers(-5, 5)
        cut = st.builds(slice, ends, ends, st.none() | st.integers(1, 3))
        keys.append(data.draw(st.integers(-4, 4) | cut | st.none()))
    if data.draw(st.booleans()):
        keys.insert(data.draw(st.integers(0, len(keys))), Ellipsis)
    agree(lambda _, a: a[tuple(keys)], pair)
    places = data.draw(st.lists(st.integers(-4, 3), min_size=1, max_size=4))
    if pair.theirs.numel():  # torch does not look at places of nothing
        agree(lambda _, a: a[places], pair)
        agree(lambda module, a: a[module.tensor(places)], pair)
        agree(lambda _, a: a[..., places], pair)
    agree(lambda _, a: a[a > 0], pair)
    if pair.theirs.ndim:
        agree(lambda _, a: list(a), pair)
        agree(lambda _, a: len(a), pair)


@given(alike())
def test_choosing(both: tuple[Pair, Pair]) -> None:
    agree(lambda module, a, b: module.where(a > 0, a, b), *both)
    agree(lambda module, a, b: module.where(b > 0, a, -math.inf), *both)
    agree(lambda module, a, b: module.maximum(a, b), *both)
    agree(lambda module, a, b: module.minimum(a, b), *both)
    one, two = both
    if one.theirs.dtype == two.theirs.dtype:
        agree(lambda module, a, b: [module.equal(a, b), module.equal(a, a)], *both)
    if one.theirs.dtype == two.theirs.dtype and one.theirs.dtype.is_floating_point:
        agree(lambda module, a, b: module.allclose(a, b), *both)
    agree(lambda _, a: a.clamp(min=-1), one)
    agree(lambda _, a: a.clamp(-1, 2), one)


@given(
    st.lists(pairs(shapes=st.just((2, 3)) | st.just((2, 1)) | SHAPES), max_size=3),
    st.integers(-4, 3),
)
def test_putting_together(several: list[Pair], dim: int) -> None:
    for name in ("stack", "cat", "concat"):
        agree(lambda module, *given, name=name: getattr(module, name)(given, dim), *several)


@given(st.data())
def test_making(data: st.DataObject) -> None:
    shape = data.draw(FULL.filter(bool))
    for name in ("zeros", "ones"):
        agree(lambda module, name=name: getattr(module, name)(*shape))
        agree(lambda module, name=name: getattr(module, name)(shape, dtype=module.int64))
    agree(lambda module: module.full(shape, data.draw(st.just(2.5))))
    n, m = data.draw(st.integers(0, 4)), data.draw(st.integers(0, 4))
    agree(lambda module: [module.eye(n), module.eye(n, m)])
    start, end = data.draw(st.integers(-5, 5)), data.draw(st.floats(-5, 9, width=16))
    step = data.draw(st.sampled_from([1, 2, 0.5]))
    if end >= start:
        agree(lambda module: [module.arange(start, end, step), module.arange(n)])
    agree(lambda module: module.linspace(start, end, m + 1))


@given(pairs())
def test_others(pair: Pair) -> None:
    agree(lambda module, a: [module.zeros_like(a), module.ones_like(a)], pair)
    agree(lambda module, a: [a.clone(), a.detach(), a.contiguous(), module.as_tensor(a)], pair)
    agree(
        lambda _, a: [
            a.size(),
            a.double(),
            a.isfinite().long(),
            a.is_floating_point(),
            a.isnan().logical_not(),
        ],
        pair,
    )
    agree(lambda module, a: module.is_tensor(a), pair)
    if pair.theirs.numel():
        agree(lambda _, a: a.view(-1), pair)
    if pair.theirs.ndim == 2:
        agree(lambda _, a: [a.mT, a.diagonal()], pair)
    if pair.theirs.ndim and pair.theirs.dtype != torch.bool:
        agree(lambda _, a: a.diff(), pair)
    if pair.theirs.numel() == 1:
        agree(lambda _, a: [a.item(), int(a.isnan()), bool(a)], pair)


def test_booleans_of_several_numbers_are_refused() -> None:
    agree(lambda module: bool(module.ones(2)))
    agree(lambda module: bool(module.ones(0)))
    agree(lambda module: module.ones(2).item())


def test_a_generator_can_leave_words_out() -> None:
    theirs = torch.Generator().manual_seed(9)
    torch.rand(700, generator=theirs)
    ours = small.Generator().manual_seed(9)._skip(700)
    assert ours.initial_seed() == 9
    assert small.rand(4, generator=ours).tolist() == torch.rand(4, generator=theirs).tolist()
    agree(lambda module: [module.manual_seed(4), module.rand(3)][1])


def test_each_operation_is_held_to_torch_here() -> None:
    """Another operation needs a property, too: name it in a test of this file."""
    tried = set(re.findall(r"\w+", Path(__file__).read_text(encoding="utf-8")))
    functions = {name for name, one in vars(small).items() if callable(one)}
    there = {name for name in functions | set(vars(small.Tensor)) if name.isalpha()}
    constants = {"layout", "dtype", "array", "Both", "fixed"}
    assert there - tried - constants == set()


@given(
    st.recursive(
        st.booleans() | st.integers(-9, 9) | st.floats(-9, 9, width=32), st.lists, max_leaves=6
    )
)
def test_making_from_lists(data: Any) -> None:
    if "[]" not in repr(data):  # where torch does not look whether all lists are as deep
        agree(lambda module: module.tensor(data))


@given(st.integers(0, 2**40), st.integers(1, 60), st.integers(0, 3))
def test_random_numbers_are_those_of_torch(seed: int, count: int, before: int) -> None:
    """The same words; their logarithms and cosines differ in the last digits of float32."""

    def draws(module: Any) -> Any:
        draw = module.Generator().manual_seed(seed)
        return [
            module.rand(before, generator=draw),
            module.randn(count, generator=draw),
            module.randn(3, 4, generator=draw),
            module.randint(0, 7, (5,), generator=draw),
        ]

    agree(draws, tolerance=1e-5)


@given(pairs())
def test_tensors_are_written_as_torch_does(pair: Pair) -> None:
    assert repr(pair.ours) == repr(pair.theirs)


@given(st.lists(st.floats(-1e9, 1e9, width=32) | st.floats(-1, 1, width=32), max_size=40))
def test_numbers_of_all_sizes_are_written_as_torch_does(data: list[float]) -> None:
    for kind in FLOATS:
        pair = Pair(data, (len(data),), kind)
        assert repr(pair.ours) == repr(pair.theirs)


def test_large_tensors_are_written_in_short() -> None:
    for shape in ((2000,), (40, 40), (3, 20, 30), (2, 600)):
        count = math.prod(shape)
        assert repr(small.arange(count).reshape(shape)) == repr(torch.arange(count).reshape(shape))


@given(st.floats(allow_nan=False, allow_infinity=False), st.integers(0, 6))
def test_decimals_are_rounded_as_python_does(number: float, digits: int) -> None:
    assert small.fixed(number, digits) == f"{number:.{digits}f}"


@pytest.mark.parametrize("lacking", ["fft", "no_grad", "nn", "einsum"])
def test_what_is_lacking_says_what_helps(lacking: str) -> None:
    for thing in (small, small.ones(2)):
        with pytest.raises(AttributeError, match=f"{lacking} is not in .* download the page"):
            getattr(thing, lacking)
    one = small.ones(2)
    with pytest.raises(AttributeError, match="download the page as a notebook"):
        one[0] = 3
    with pytest.raises(AttributeError, match="download the page as a notebook"):
        one += 1


SCORES = ["dot_product", "scaled_dot_product", "gaussian"]


@st.composite
def questions(draw: st.DrawFn) -> dict[str, Any]:
    kind, size = draw(st.sampled_from(FLOATS)), draw(st.integers(1, 3))
    queries, keys = draw(st.integers(1, 3)), draw(st.integers(1, 4))
    batch, other = draw(st.sampled_from([((), ()), ((2,), (2,)), ((2,), ()), ((3,), (2,))]))

    def some(shape: tuple[int, ...]) -> Pair:
        count = math.prod(shape)
        wide = st.floats(-4, 4, width=32) | st.sampled_from([1e20, math.nan, 300.0])
        return Pair(draw(st.lists(wide, min_size=count, max_size=count)), shape, kind)

    flags = draw(st.lists(st.booleans(), min_size=keys, max_size=keys))
    return {
        "queries": some((*batch, queries, size)),
        "keys": some((*other, keys, draw(st.sampled_from([size, size, size, 4])))),
        "values": some((*other, keys, 2)),
        "mask": draw(st.none() | st.just(Pair(flags, (keys,), "bool"))),
        "temperature": draw(st.sampled_from([1.0, 0.1, 5.0, 0, 1e-40])),
        "score": draw(st.sampled_from(SCORES)),
    }


@given(questions())
def test_the_source_of_pooling_runs_on_it(asked: dict[str, Any]) -> None:
    """Weights, outputs and the words of errors are those of the package on torch."""

    def outcome(module: Any, side: str) -> Any:
        mask = asked["mask"] and getattr(asked["mask"], side)
        queries, keys, values = (getattr(asked[one], side) for one in ("queries", "keys", "values"))
        try:
            output, weights = module.attention_pooling(
                queries,
                keys,
                values,
                mask=mask,
                temperature=asked["temperature"],
                score=getattr(module, asked["score"]),
            )
            average, largest = module.average_pooling(values), module.max_pooling(values)
            return plain([output, weights, average, largest])
        except (TypeError, ValueError) as error:
            return type(error).__name__, str(error)

    theirs, ours = outcome(pooling, "theirs"), outcome(small_pooling, "ours")
    assert near(theirs, ours, 1e-4), (theirs, ours)
