"""What the package asks of NumPy: how shapes broadcast."""

import torch


def broadcast_shapes(*shapes):
    """Return the shape that these shapes have together."""
    try:
        return tuple(torch.broadcast_shapes(*shapes))
    except RuntimeError:
        raise ValueError("shape mismatch: objects cannot be broadcast to a single shape") from None


def __getattr__(name):
    raise torch.NotHereError(torch.NOT_HERE.format("numpy." + name))
