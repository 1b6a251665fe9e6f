"""Numbers and tensors that callers give: what cannot be computed with is refused."""

from numbers import Integral

import torch
from torch import Tensor

DTYPES = (torch.float16, torch.bfloat16, torch.float32, torch.float64)
"""What is computed with."""


def check_dense(name: str, tensor: Tensor) -> None:
    """Raise a `ValueError` if the entries of a tensor are not all there to compute with."""
    if tensor.is_nested or tensor.layout != torch.strided:
        raise ValueError(
            f"{name} must be a dense tensor; convert with .to_dense() or .to_padded_tensor()"
        )
    if tensor.is_meta:
        raise ValueError(f"{name} is on the meta device, which has shapes but no numbers")


def check_count(name: str, count: int) -> None:
    """Raise an error if a count is no whole number; how small it may be is for the caller."""
    if isinstance(count, bool) or not isinstance(count, Integral):
        raise TypeError(f"{name} must be a whole number, got {type(count).__name__}")


def check_number(name: str, number: float) -> None:
    """Raise an error if something is no number that a float holds."""
    if isinstance(number, bool) or not isinstance(number, (int, float)):
        raise TypeError(f"{name} must be a number, got {type(number).__name__}")
    if isinstance(number, int) and abs(number) >= 2**1000:
        raise ValueError(f"{name} is larger than what a float holds; give a smaller number")


def check_seed(seed: int) -> None:
    """Raise an error if a seed is none of torch."""
    check_count("seed", seed)
    if not -(2**62) <= seed < 2**62:
        raise ValueError("seed must lie between -2**62 and 2**62; give a smaller one")


def all_finite(tensor: Tensor) -> bool:
    """Return whether no entry is NaN or infinite, or none may be looked at."""
    try:
        # A sum takes a fifth of the time; where it leaves the dtype, all entries are asked.
        return bool(tensor.detach().sum().isfinite() or tensor.isfinite().all())
    except RuntimeError:  # within torch.func.vmap
        return True
