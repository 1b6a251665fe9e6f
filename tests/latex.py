r"""Compute what a formula says, from the LaTeX that readers of the book see.

A formula is one or more chains `a = b = c`, parted by `, \qquad`. Numbers, vectors and lists of
vectors are tensors of no, one and two dimensions; indices count from one. It is computed as it is
read, again for each index of a sum. What is not known, or can be read in two ways, raises.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor

Symbols: TypeAlias = Mapping[str, Any]
r"""Numbers, tensors and functions by their names: `\mathbf{q}` is "q", `\alpha` is "alpha"."""

TOKEN = re.compile(
    r"\\(?:text|mathbf)\{(?P<named>[^{}]+)\}"
    r"|(?P<command>\\[A-Za-z]+|\\\|)|(?P<number>\d+(?:\.\d+)?)|(?P<sign>[A-Za-z()=+/,^_{}-])"
    r"|\s+|\\,"
)
COMMANDS = {r"\sum", r"\frac", r"\sqrt", r"\nabla", r"\cdot", r"\top", r"\qquad", r"\|"}
PLAIN = {
    **{"−": "-", "·": r"\cdot ", "√": r"\sqrt ", "‖": r"\|", "²": "^2", "ᵀ": r"^\top "},
    **{"Σ": r"\sum ", "∇": r"\nabla ", "α": r"\alpha "},
}


class FormulaError(ValueError):
    """A formula has a part that is not known here, or can be read in two ways."""


def from_plain(formula: str) -> str:
    """Return the LaTeX of a formula in the signs of docstrings, such as `q·k / √d`."""
    words = re.sub(r"[A-Za-z]{2,}", lambda word: rf"\text{{{word[0]}}}", formula)
    return "".join(PLAIN.get(sign, sign) for sign in words)


def chains(latex: str, symbols: Symbols) -> tuple[list[list[Tensor]], set[str]]:
    """Compute the sides of each chain, and tell which of the symbols they have.

    Raises:
        FormulaError: There is something in the formula that is not known here.
    """
    reader = _Reader(_tokens(latex.strip().removesuffix(".")), symbols)
    return reader.chains(), reader.used


def _need(condition: bool, otherwise: str) -> None:
    if not condition:
        raise FormulaError(otherwise)


def _tokens(latex: str) -> list[str]:
    tokens: list[str] = []
    at = 0
    while at < len(latex):
        match = TOKEN.match(latex, at)
        if match is None:
            raise FormulaError(f"{latex[at:]!r} begins with something unknown")
        at = match.end()
        token = match["named"] or match["command"] or match["number"] or match["sign"] or ""
        if token == r"\|":
            token = "‖)" if tokens.count("‖(") > tokens.count("‖)") else "‖("
        elif token not in COMMANDS:  # a Greek letter or a function
            token = token.removeprefix("\\")
        tokens += [token] if token else []
    return [*tokens, "the end"]


def _of_number(function: Callable[[Tensor], Tensor]) -> Callable[[Tensor], Tensor]:
    def checked(value: Tensor) -> Tensor:
        _need(value.dim() == 0, "a number stands under a root, in an exponential or a logarithm")
        return function(value)

    return checked


FUNCTIONS: Symbols = {
    "exp": _of_number(torch.exp),
    "log": _of_number(torch.log),
    "tanh": torch.tanh,
    "max": torch.maximum,
    "softmax": lambda vector: torch.softmax(vector, dim=0),
}


class _Reader:
    def __init__(self, tokens: list[str], symbols: Symbols) -> None:
        self.tokens, self.at = tokens, 0
        self.symbols: Symbols = {**FUNCTIONS, **symbols}
        self.used: set[str] = set()

    @property
    def next(self) -> str:
        return self.tokens[self.at]

    def take(self, *tokens: str) -> bool:
        found = self.next in tokens
        self.at += found
        return found

    def expect(self, token: str) -> None:
        _need(self.take(token), f"{self.next!r} stands where {token!r} should")

    def until(self, closing: str) -> Tensor:
        value = self.expression()
        self.expect(closing)
        return value

    def chains(self) -> list[list[Tensor]]:
        found = [[self.expression()]]
        while not self.take("the end"):
            if self.take("="):
                found[-1].append(self.expression())
            else:
                self.expect(",")
                self.expect(r"\qquad")
                found.append([self.expression()])
        return found

    def expression(self) -> Tensor:
        value = -self.term() if self.take("-") else self.term()
        while (sign := self.next) in ("+", "-"):
            self.at += 1
            other = self.term()
            _need(other.shape == value.shape, "a sum of things of different shape")
            value = value + other if sign == "+" else value - other
        return value

    def term(self) -> Tensor:
        value = self.factor()
        while True:
            if self.take(r"\cdot"):
                value = _dot(value, self.factor())
            elif self.at_factor():
                value = _product(value, self.factor())
            elif self.take("/"):
                value = _quotient(value, self.factor())
                self.must_end()
            else:
                return value

    def at_name(self) -> bool:
        return self.next.isalpha()

    def at_factor(self) -> bool:
        opening = ("(", "‖(", "{", r"\sum", r"\frac", r"\sqrt", r"\nabla")
        return self.at_name() or self.next in opening

    def must_end(self) -> None:
        goes_on = self.at_factor() or self.next in ("/", r"\cdot")
        _need(not goes_on, f"what stands before {self.next!r} can be read in two ways")

    def factor(self) -> Tensor:
        value = self.atom()
        if not self.take("^"):
            return value
        if self.take(r"\top"):
            other = self.factor()
            _need(value.dim() == other.dim() == 1, "a transposed vector stands before a vector")
            return value @ other
        exponent = self.argument()
        _need(value.dim() == exponent.dim() == 0, "only numbers have powers")
        return value**exponent

    def atom(self) -> Tensor:
        if self.take("("):
            return self.until(")")
        if self.take("‖("):
            vector = self.until("‖)")
            _need(vector.dim() == 1, "only vectors have a length")
            return vector.square().sum().sqrt()
        if self.take(r"\frac"):
            return _quotient(self.argument(), self.argument())
        if self.take(r"\sqrt"):
            return _of_number(torch.sqrt)(self.argument())
        if self.take(r"\sum"):
            return self.sum()
        if self.take(r"\nabla"):
            self.expect("_")
            variable = self.symbol()
            return self.bare(lambda value: _gradient(value, variable))
        if not self.at_name():
            return self.number()
        value = self.symbol()
        if callable(value):
            return self.call(value)
        value = torch.as_tensor(value, dtype=torch.float64)
        if self.take("_"):
            index = _whole(self.argument())
            _need(value.dim() > 0 and 1 <= index <= len(value), f"there is no number {index}")
            value = value[index - 1]
        return value

    def number(self) -> Tensor:
        token = self.next
        _need(token[0].isdigit(), f"{token!r} stands where a number or a letter should")
        self.at += 1
        return torch.tensor(float(token), dtype=torch.float64)

    def symbol(self) -> Any:
        name = self.next
        _need(name in self.symbols, f"{name!r} is no symbol of this formula")
        self.at += 1
        self.used.add(name)
        return self.symbols[name]

    def argument(self) -> Tensor:
        """Read what LaTeX takes as one: a group, a letter or a digit."""
        if self.take("{"):
            return self.until("}")
        if self.at_name():
            return torch.as_tensor(self.symbol(), dtype=torch.float64)
        _need(len(self.next) == 1, f"{self.next!r} needs braces")
        return self.number()

    def call(self, function: Callable[..., Tensor]) -> Tensor:
        if not self.take("("):
            return self.bare(function)
        arguments = [self.expression()]
        while self.take(","):
            arguments.append(self.expression())
        self.expect(")")
        return function(*arguments)

    def bare(self, function: Callable[[Tensor], Tensor]) -> Tensor:
        """Apply a function to what follows it without parentheses."""
        value = function(self.factor())
        self.must_end()
        return value

    def sum(self) -> Tensor:
        self.expect("_")
        grouped = self.take("{")
        index = self.next
        _need(self.at_name(), f"a sum over {index!r}")
        self.at += 1
        if grouped and self.take("="):
            first = _whole(self.until("}"))
            self.expect("^")
            last = _whole(self.argument())
        else:
            _need(not grouped or self.take("}"), "a sum has bounds, or an index alone")
            _need("n" in self.symbols, "a sum without bounds runs up to n, which is not given")
            first, last = 1, self.symbols["n"]
        _need(first <= last, "a sum of nothing")
        outer, body, terms = self.symbols, self.at, []
        for number in range(first, last + 1):
            self.at, self.symbols = body, {**outer, index: number}
            terms.append(self.term())
        self.symbols = outer
        return torch.stack(terms).sum(0)


def _whole(value: Tensor) -> int:
    _need(value.dim() == 0 and bool(value == value.round()), f"{value} is no whole number")
    return int(value)


def _product(one: Tensor, other: Tensor) -> Tensor:
    if one.dim() == 2 and other.dim() == 1:
        return one @ other
    _need(0 in (one.dim(), other.dim()), "vectors stand side by side; is one to be transposed?")
    return one * other


def _dot(one: Tensor, other: Tensor) -> Tensor:
    if one.dim() == 1 and other.dim() in (1, 2):  # with one vector, or with each of several
        return other @ one
    return _product(one, other)


def _quotient(one: Tensor, other: Tensor) -> Tensor:
    _need(other.dim() == 0, "only numbers divide")
    return one / other


def _gradient(value: Tensor, by: Tensor) -> Tensor:
    _need(value.dim() == 0, "only numbers have a gradient")
    if not value.requires_grad:  # a constant
        return torch.zeros_like(by)
    (gradient,) = torch.autograd.grad(value, by, retain_graph=True)
    return gradient
