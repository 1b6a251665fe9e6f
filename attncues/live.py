"""Write down the variables of a page, for a reader who changes one of its cells and runs it.

The browser of a reader runs a small Python with what `docs/live/python` has of torch. So what
a cell finds there is written as plain code: small tensors by their numbers, random generators
by how far they have come, functions of the page by their source.
"""

import ast
import math
import types
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import torch
from torch import Tensor

MOST_NUMBERS = 400
"""Larger tensors, lists and texts are left out."""

POOLING = (
    "attention_pooling",
    "attention_weights",
    "average_pooling",
    "dot_product",
    "gaussian",
    "max_pooling",
    "scaled_dot_product",
)
SMALL = (*POOLING, "draw_heatmaps", "show_heatmaps")
"""What the small Python has of the package: see `docs/live/python/attncues`."""

MOST_DRAWN = 10_000
"""A generator that has drawn more numbers is left out."""


def state(space: Mapping[str, Any], sources: Sequence[str]) -> dict[str, list[str]]:
    """Write down variables as code.

    Args:
        space: The variables by name.
        sources: The code that made them, cell by cell.

    Returns:
        `lines`, code that makes them again, and `absent`, the names of those that it cannot
            make.
    """
    definitions = {
        statement.name: ast.unparse(statement)
        for source in sources
        for statement in ast.parse(source).body
        if isinstance(statement, ast.FunctionDef)
    }
    lines: dict[str, str] = {}
    functions: dict[str, types.FunctionType] = {}
    absent = []
    for name, value in space.items():
        if name.startswith("_") or isinstance(value, bool):
            continue
        if isinstance(value, types.FunctionType) and name in definitions:
            functions[name] = value
        elif (line := _line(name, value)) is not None:
            lines[name] = line
        else:
            absent.append(name)
    while missing := [
        name for name, one in functions.items() if any(used in absent for used in _used(one))
    ]:
        for name in missing:
            del functions[name]
            absent.append(name)
    # Imports first, since the rest needs them.
    made = sorted(lines.values(), key=lambda line: (" = " in line, line))
    code = [*made, *(definitions[name] for name in functions)]
    return {"lines": code, "absent": sorted(absent)}


def _line(name: str, value: object) -> str | None:
    """Write one variable as an import or an assignment."""
    if value is torch or value is math:
        module = value.__name__
        return f"import {module}" if name == module else f"import {module} as {name}"
    for one in SMALL:
        if getattr(value, "__name__", None) == one and _is_ours(value):
            return f"from attncues import {one}" + ("" if name == one else f" as {name}")
    try:
        text = _literal(value)
    except ValueError:
        return None
    return f"{name} = {text}"


def _is_ours(value: object) -> bool:
    return getattr(value, "__module__", "").partition(".")[0] == "attncues"


def _literal(value: object) -> str:
    """Write a value as an expression.

    Raises:
        ValueError: It is too large, or of a kind that the small Python does not have.
    """
    match value:
        case None | bool() | int() | str():
            text = repr(value)
        case float():
            text = _number(value)
        case Tensor():
            return _tensor(value)
        case torch.Generator():
            return _generator(value)
        case torch.Size():
            text = f"torch.Size({list(value)})"
        case list() | tuple() | set() | dict() if len(value) > MOST_NUMBERS:
            raise ValueError(f"a {type(value).__name__} of {len(value)} is too large")
        case list():
            text = f"[{', '.join(map(_literal, value))}]"
        case tuple() if type(value) is tuple:
            text = f"({', '.join(map(_literal, value))}{',' if len(value) == 1 else ''})"
        case set() if value:
            text = f"{{{', '.join(sorted(map(_literal, value)))}}}"
        case dict() if type(value) is dict:
            pairs = (f"{_literal(key)}: {_literal(one)}" for key, one in value.items())
            text = f"{{{', '.join(pairs)}}}"
        case _:
            raise ValueError(f"no {type(value).__name__} can be written")
    if len(text) > 20 * MOST_NUMBERS:
        raise ValueError("it is too large")
    return text


def _number(value: float) -> str:
    if math.isfinite(value):
        return repr(value)
    return "torch.nan" if math.isnan(value) else f"{'-' if value < 0 else ''}torch.inf"


def _tensor(tensor: Tensor) -> str:
    kinds = (torch.float32, torch.float64, torch.int64, torch.bool)
    if tensor.dtype not in kinds or tensor.numel() > MOST_NUMBERS or not tensor.numel():
        raise ValueError("tensors of this kind cannot be written")
    tensor = tensor.detach()

    def nested(part: Any) -> str:
        if part.ndim:
            return f"[{', '.join(map(nested, part))}]"
        # The shortest digits that tell a number of 32 bits from its neighbours.
        one = part[()]
        return _number(float(str(one))) if isinstance(one, np.floating) else repr(one.item())

    kind = "" if tensor.dtype != torch.float64 else ", dtype=torch.float64"
    return f"torch.tensor({nested(tensor.numpy())}{kind})"


def _generator(generator: torch.Generator) -> str:
    """Write a generator by its seed and by how many words it has drawn."""
    seed, wanted = generator.initial_seed(), generator.get_state()
    again = torch.Generator().manual_seed(seed)
    for drawn in range(MOST_DRAWN):
        if torch.equal(again.get_state(), wanted):
            return f"torch.Generator().manual_seed({seed})" + (f"._skip({drawn})" if drawn else "")
        torch.rand(1, generator=again)
    raise ValueError("it has drawn too much")


def _used(function: Callable[..., Any]) -> Iterator[str]:
    """Yield the names that a function, and those within it, may look up."""
    codes = [function.__code__]
    while codes:
        code = codes.pop()
        yield from code.co_names
        codes += [one for one in code.co_consts if isinstance(one, types.CodeType)]
