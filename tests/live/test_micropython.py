"""In MicroPython itself, by Node: code gives what it gives in Python with torch.

If one fails, mend docs/live/python. Properties on random inputs are in test_small_torch.py,
which runs the same files in Python.
"""

import math
import sys
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
import torch

import attncues
from tests.conftest import ROOT

sys.path.insert(0, str(ROOT / "docs" / "hooks"))

from book import live

GIVEN = """
import math
import torch
from attncues import *
draw = torch.Generator().manual_seed(7)
a = torch.randn(3, 4, generator=draw)
b = torch.arange(12).reshape(3, 4)
c = torch.tensor([[True, False, True, True]])
names = ["cup", "book", "paper"]
"""

EXPRESSIONS = """
a
a + b, a - 1, 2 * a, a / 0, b / 4, b * b, -b
0.5 * a, 1.0 + b.sum(), 2.0 - a[0, 0], 3 * b[0, 1], b % 5, 7 % (b + 1)
a ** 2, b ** 2, 2.0 ** a, a.abs() ** 0.5, a ** 0.5
a.exp(), (a * 1000).exp(), a.log(), a.sqrt(), a.sigmoid(), a.tanh()
a.softmax(-1), torch.softmax(a, dim=0), (a * 1000).softmax(1)
a.sum(), b.sum(dim=0), a.sum(-1, keepdim=True), a.mean(dim=(0, 1)), a.var(), a.norm(dim=1)
a.max(), a.max(dim=1).values, a.max(dim=1).indices, a.argmax(dim=-1), b.amin(), a.aminmax(dim=0)[1]
names[a[:, 0].argmax()], [names[row.argmax() % 3] for row in a]
a @ a.T, a[0] @ a[1], a @ torch.ones(4), a.T @ a
a[0], a[-1, 1:], a[:, None].shape, a[..., 0], a[[2, 0]], a[b > 5], a[a.argmax(dim=0)].shape
torch.where(a > 0, a, -torch.inf), a.where(a > 0, 0.0), a.clamp(min=0), a.clamp(-0.5, 0.5)
a > 0, a == a, (a > 0) & c, ~c, (a > 0).any(), (a > 0).all(dim=1), c.sum()
a.double(), b.float(), a.long(), c.float(), a.bool()
a.reshape(2, -1), a.flatten(), a.T, a.transpose(0, 1).shape, a.unsqueeze(0).shape, b.flatten()[::5]
torch.eye(3), torch.zeros(2, 3), torch.ones(2, dtype=torch.int64), torch.full((2,), 1.5)
torch.linspace(0, 1, 5), torch.arange(0, 1, 0.25), torch.tensor([[1, 2], [3, 4]])
torch.stack([a, a]).shape, torch.cat([b, b], dim=1), torch.ones(3, 3).tril(), b.diagonal()
torch.rand(5, generator=torch.Generator().manual_seed(1))
torch.tensor([1e-7, 1.0]), torch.tensor([1e9]), torch.tensor([math.nan, math.inf]), torch.tensor([])
torch.tensor(3.5), torch.tensor([0.28125, 0.5]), torch.arange(1100), 1e5, 1 / 3, {"a": b.sum()}
a.round(decimals=2), torch.tensor([0.5, 1.5, 2.5]).round(), b[0].tolist(), a[0, 0].item() > 0
torch.allclose(a, a + 1e-9), torch.equal(b, b), a.shape, a.shape[1:], len(a), a.numel(), a.dtype
attention_weights(a, a), attention_weights(a, a, temperature=0.1, score=gaussian)
attention_weights(a, a, score=dot_product, mask=torch.ones(3, 3).tril().bool())
attention_pooling(a, a, b.float())
average_pooling(a), max_pooling(a), attention_pooling(a[:, :1] * 1e20, a[:, :1] * 1e20, a)[1]
"""
REFUSED = """
attention_weights(a, a[:, :3])
attention_weights(a, a, temperature=0)
attention_weights(a, a, mask=b)
attention_weights(a, a, mask=torch.zeros(3, 3).bool())
attention_weights(a, a, score=lambda q, k: q)
attention_weights(a, b)
attention_weights([1.0], a)
attention_pooling(a, a, a[:2])
average_pooling(torch.ones(3))
average_pooling(torch.zeros(0, 3))
"""


def lines(text: str) -> list[str]:
    return [line for line in text.splitlines() if line]


@pytest.fixture(scope="module")
def ask() -> Callable[[list[str]], list[dict[str, Any]]]:
    """Run codes in MicroPython, each on its own."""
    config: Any = SimpleNamespace(config_file_path=str(ROOT / "mkdocs.yml"))
    files = live.python_files(config)

    def run(codes: list[str]) -> list[dict[str, Any]]:
        return live._run(files, [{"code": code, "prelude": [GIVEN]} for code in codes])

    return run


def with_torch(code: str) -> Any:
    space: dict[str, Any] = {}
    exec(GIVEN, space)
    assert space["torch"] is torch
    assert space["attention_weights"] is attncues.attention_weights
    return eval(code, space)


def as_shown(value: Any) -> str:
    from IPython.lib.pretty import pretty

    return str(pretty(value))


@pytest.mark.thorough
def test_values_are_those_of_torch_as_a_page_shows_them(
    ask: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    codes = lines(EXPRESSIONS)
    wrong = {}
    for code, answered in zip(codes, ask(codes), strict=True):
        shown = answered["answer"]["text"] or answered["answer"]["error"]
        if shown != (known := as_shown(with_torch(code))):
            wrong[code] = f"{shown}\n\nwith torch\n\n{known}"
    assert wrong == {}, "\n\n".join(f"{code}\n{one}" for code, one in wrong.items())


def test_what_the_package_refuses_it_refuses_in_the_same_words(
    ask: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    codes = lines(REFUSED)
    for code, answered in zip(codes, ask(codes), strict=True):
        with pytest.raises((TypeError, ValueError)) as refused:
            with_torch(code)
        error = answered["answer"]["error"]
        known = refused.type.__name__, str(refused.value)
        assert (error["type"], error["message"]) == known, code
        assert error["line"] == 1


def test_errors_name_their_line_and_leave_a_python_that_works(
    ask: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    codes = [
        "x = 1\n\n\ny = x / 0",
        "x = 1\n(\n    x\n    / 0\n)",
        "def f():\n    return g()\n\n\nf()",
        "x = = 1",
        "def deep(n):\n    return deep(n + 1)\n\ndeep(0)",
        "[0] * 10**9",
        "a = torch.ones(2)\n1.5 > a",
        "float(torch.ones(1))",
        "f'{torch.ones(1):.2f}'",
    ]
    found = [answered["answer"]["error"] for answered in ask(codes)]
    assert [one["type"] for one in found] == [
        *("ZeroDivisionError", "ZeroDivisionError", "NameError", "SyntaxError"),
        *("RuntimeError", "MemoryError", "TypeError", "TypeError", "ValueError"),
    ]
    assert [one["line"] for one in found][0:4:3] == [4, 1]
    assert found[6]["message"].endswith("; here, write the tensor first")
    assert all(one["message"].endswith("; here, write .item() behind it") for one in found[7:])
    assert found[1]["line"] in (2, 3, 4)
    assert found[2]["line"] in (2, 5)


def test_numbers_of_all_sizes_are_written_as_python_does(
    ask: Callable[[list[str]], list[dict[str, Any]]],
) -> None:
    numbers = [10.0**power * factor for power in range(-20, 20) for factor in (1, 1.5, 3.3)]
    (answered,) = ask([f"[float(x) for x in {[str(one) for one in numbers]}]"])
    values = [float(one) for one in answered["answer"]["text"].strip("[]").split(",")]
    assert all(
        math.isclose(one, two, rel_tol=1e-15) for one, two in zip(values, numbers, strict=True)
    )
