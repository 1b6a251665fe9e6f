"""What a formula says is what the package computes.

If one fails, correct the formula or the function; tests/formulas.py tells what letters stand for.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from book import formulas
from torch import Tensor

from tests.conftest import ROOT
from tests.formulas import DOCSTRINGS, PAGES, WORDS, Case
from tests.latex import FormulaError, Symbols, chains, from_plain

SIGN = r"[·√‖²Σᵀα∇]| [−+/=] "
"""What makes a formula of the code in a docstring."""


def in_english(latex: str) -> str:
    return re.sub(
        r"\\text\{(.+?)\}", lambda word: f"\\text{{{WORDS.get(word[1], word[1])}}}", latex
    )


def of_page(path: Path) -> list[tuple[str, str]]:
    """Return names and formulas of a page, sorted: languages may say things in another order."""
    found = formulas.named(path.read_text(encoding="utf-8"))
    return sorted((name, in_english(latex)) for name, latex in found)


MARKED = {
    f"{path.parent.name}/{path.name}": found
    for path in sorted((ROOT / "docs").glob("??/*.md"))
    if (found := of_page(path))
}
"""Those of each page that has some."""


def hold(latex: str, case: Case, times: int = 10) -> None:
    """Fail where a formula and the package part."""
    torch.manual_seed(0)
    for _ in range(times):
        given, computed = case()
        answers: Symbols = {} if isinstance(computed, Tensor) else computed
        sides, used = chains(latex, {**given, **answers})
        assert set(answers) <= used, f"{latex} leaves out {set(answers) - used}"
        if isinstance(computed, Tensor):
            assert len(sides) == 1, f"several equations, and one value: {latex}"
            sides[0].append(computed)
        for first, *others in sides:
            assert others, f"nothing is said of {latex}"
            for other in others:
                assert agree(first, other), f"{latex}: {first} is not {other}"


def agree(one: Tensor, other: Tensor) -> bool:
    if one.shape != other.shape:  # 0 is also a vector of zeros
        return all(torch.allclose(side, torch.zeros_like(side)) for side in (one, other))
    return torch.allclose(one, other, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize(
    ("place", "name", "latex"),
    [(place, name, latex) for place, found in MARKED.items() for name, latex in found],
)
def test_a_formula_of_a_page_is_what_its_function_computes(
    place: str, name: str, latex: str
) -> None:
    assert name in PAGES, f"{place}: say in tests/formulas.py what {name} is held to"
    hold(latex, PAGES[name])


def test_both_editions_hold_the_same_formulas() -> None:
    editions: dict[str, dict[str, list[tuple[str, str]]]] = {"en": {}, "zh": {}}
    for page, found in MARKED.items():
        editions[page[:2]][page[3:]] = found
    assert editions["zh"] == editions["en"]
    names = {name for found in editions["en"].values() for name, _ in found}
    assert names == set(PAGES), "a formula has lost its name, or tests/formulas.py does not know it"


def docstrings() -> Iterator[tuple[str, str]]:
    """Yield each text that stands alone in the package, and what it is said of."""
    for path in sorted((ROOT / "attncues").rglob("*.py")):
        module = path.relative_to(ROOT / "attncues").with_suffix("")
        yield from _texts(ast.parse(path.read_text(encoding="utf-8")), ".".join(module.parts))


def _texts(node: ast.AST, name: str) -> Iterator[tuple[str, str]]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.Expr) and isinstance(child.value, ast.Constant):
            if isinstance(text := child.value.value, str):
                yield name, text.partition("Examples:\n")[0]
        elif isinstance(child, ast.ClassDef | ast.FunctionDef):
            yield from _texts(child, f"{name}.{child.name}")


def test_a_formula_of_a_docstring_is_what_its_function_computes() -> None:
    found: dict[str, list[str]] = {}
    for name, text in docstrings():
        words = re.sub(r"`[^`]+`", "", text)
        assert not re.search(SIGN, words), f"{name}: write a formula as code, `q·k`"
        code = [span for span in re.findall(r"`([^`]+)`", text) if re.search(SIGN, span)]
        if code:
            found.setdefault(name, []).extend(code)
    assert {name: len(spans) for name, spans in found.items()} == {
        name: len(cases) for name, cases in DOCSTRINGS.items()
    }, "say in tests/formulas.py what the formulas of a docstring are held to"
    for name, cases in DOCSTRINGS.items():
        for span, case in zip(found[name], cases, strict=True):
            hold(from_plain(span), case)


V = torch.tensor([3.0, 4.0], dtype=torch.float64)
W = torch.tensor([1.0, -2.0], dtype=torch.float64)
GIVEN: Symbols = {"a": 2.0, "b": 5.0, "v": V, "w": W, "n": 2, "f": lambda x: 10 * x}


@pytest.mark.parametrize(
    ("latex", "value"),
    [
        ("1 - 2 - 3", -4),
        ("a + b / 4", 3.25),
        ("-a^2", -4),
        ("-a^2/2", -2),
        ("a b^2", 50),
        ("(a b)^2", 100),
        ("a^{b - 3} 3", None),
        (r"2 \cdot 3 + 1", 7),
        ("-a - -b", None),
        ("f(a)^2", 400),
        ("a (b)^2", 50),
        (r"\frac{a}{b} b", 2),
        (r"\sqrt{a + 2}", 2),
        (r"\|\mathbf{v}\|^2", 25),
        (r"\|\mathbf{v} - \mathbf{w}\| / \|\mathbf{v}\|", 40**0.5 / 5),
        (r"\mathbf{v}^\top \mathbf{w}", -5),
        (r"\mathbf{v} \cdot \mathbf{w}", -5),
        (r"\sum_{i=1}^{n} v_i w_i + 1", -4),
        (r"\sum_{i=2}^{n} v_i", 4),
        (r"\sum_i \sum_j v_i w_j", -7),
        ("f(a) + 1", 21),
        (r"\exp(\log\, a) b", 10),
        (r"\text{max}(a, b)", 5),
    ],
)
def test_latex_means_what_readers_take_it_for(latex: str, value: float | None) -> None:
    if value is None:
        with pytest.raises(FormulaError):
            chains(latex, GIVEN)
        return
    [[computed]], _ = chains(latex, GIVEN)
    assert computed.item() == pytest.approx(value)


@pytest.mark.parametrize(
    "latex",
    [
        "",
        "a +",
        "(a",
        "a)",
        "a . b",
        "c",
        r"\beta",
        r"\mathcal{A}",
        "a^10",
        r"\frac12",
        r"\text{no such}",
        "1 / a b",
        "1 / a / b",
        r"\log a b",
        r"v w",
        r"\mathbf{v}^2",
        r"\mathbf{v}^\top",
        r"\mathbf{v} + 1",
        "1 / v",
        "v_3",
        "v_0",
        r"\sum_{i=0}^{n} v_i",
        r"\sum_{i=1} v_i",
        r"\sum_{i=3}^{n} a",
        r"\exp(v)",
        r"\|a\|",
        "a = ",
        "a = 2, b = 5",
        r"a \approx 2",
    ],
)
def test_what_is_not_understood_is_not_skipped(latex: str) -> None:
    with pytest.raises(FormulaError):
        chains(latex, GIVEN)


def test_equations_have_sides_and_are_parted_by_commas() -> None:
    sides, used = chains(r"a = 4 / 2 = b - 3 , \qquad v_1 = 3 .", GIVEN)
    assert [[side.item() for side in chain] for chain in sides] == [[2, 2, 2], [3, 3]]
    assert used == {"a", "b", "v"}


def taken(markdown: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, list[str]]:
    """What readers see of a page, and what the build complains of."""
    (folder / "scores.py").write_text("def gaussian(q, k):\n    pass\n", encoding="utf-8")
    said: list[str] = []
    monkeypatch.setattr(formulas, "complain", lambda page, message: said.append(message))
    return formulas.take_names(markdown, None, folder), said  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("markdown", "seen"),
    [
        ("It is $-x${formula=gaussian}, or $y$.", "It is $-x$, or $y$."),
        ("For $5 each: $x${formula=gaussian}", "For $5 each: $x$"),
        ("$x${formula=gaussian, x > 1}。", "$x$。"),
        ("$$\nx\n$$ {formula=gaussian}\n", "$$\nx\n$$\n"),
        ("$$\nx\n$$ {derivation}\n", "$$\nx\n$$\n"),
        ("`$x${formula=no}`\n\n```\n$$x$$\n```\n", "`$x${formula=no}`\n\n```\n$$x$$\n```\n"),
    ],
)
def test_readers_see_no_names(
    markdown: str, seen: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert taken(markdown, tmp_path, monkeypatch) == (seen, [])


@pytest.mark.parametrize(
    ("markdown", "complaint"),
    [
        ("$x${formula=gauss}", "is called 'gauss': $x$"),
        ("$x${formula=}", "is called ''"),
        ("$$\nx\n$$\n", "names the function that it describes"),
        ("The score {formula=gaussian}", "{formula=gaussian} stands behind no formula"),
        ("$x${formula: gaussian}", "{formula: gaussian} stands behind no formula"),
    ],
)
def test_a_name_that_says_nothing_is_told(
    markdown: str, complaint: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _, said = taken(markdown, tmp_path, monkeypatch)
    assert [complaint in message for message in said] == [True]
