"""How many threads torch computes with."""

import contextlib
from collections.abc import Iterator

import torch


@contextlib.contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute in one thread meanwhile, and in as many as before afterwards.

    Steps on many small tensors are quicker so, by far on a busy machine, and sums come out the
    same to the last digit wherever they are made.
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
