"""How many threads torch computes with while a small network learns."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch


@contextmanager
def one_thread() -> Iterator[None]:
    """Let torch compute on one thread, then on as many as before; also decorates a function.

    A training of many small tensors takes several times longer on two threads than on one when
    the machine has other work, since at each of its thousands of steps one waits for the other.
    Numbers do not depend on the machine either: more threads add up in another order.

    Examples:
        >>> import torch
        >>> from attncues.threads import one_thread
        >>> with one_thread():
        ...     torch.get_num_threads()
        ...
        1
    """
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)
