"""Read the weights of a Marian translator, as the browser Firefox uses them: eight bits a number.

A file is a version and a count, a header for each tensor, then all names, all shapes and all
numbers. Matrices are stored transposed, but for the embedding, and a factor follows each.
"""

import mmap
import struct
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

_FLOAT, _EIGHT_BITS = 0x404, 0x4101


def read_tensors(path: Path) -> dict[str, Tensor]:
    """Read all tensors of a file.

    Args:
        path: The file.

    Returns:
        Tensors in float32 by name, each (inputs, outputs), and the embedding (tokens, width).

    Raises:
        ValueError: The file has another version.
    """
    with path.open("rb") as file:
        content = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    version, count = struct.unpack_from("<2Q", content)
    if version != 1:
        raise ValueError(f"{path.name} is no file of Marian's version 1")
    at = 16 + 32 * count
    headers = [struct.unpack_from("<4Q", content, 16 + 32 * number) for number in range(count)]
    names, shapes = [], []
    for length, *_ in headers:
        names.append(content[at : at + length - 1].decode())
        at += length
    for *_, dimensions, _ in headers:
        shapes.append(struct.unpack_from(f"<{dimensions}i", content, at))
        at += 4 * dimensions
    at += 8 + struct.unpack_from("<Q", content, at)[0]  # what fills up to a whole page
    tensors = {}
    for name, shape, (_, kind, _, size) in zip(names, shapes, headers, strict=True):
        count = int(np.prod(shape))
        if kind == _FLOAT:
            numbers = np.frombuffer(content, np.float32, count, at).reshape(shape)
            tensors[name] = torch.from_numpy(numbers.copy())
        elif kind == _EIGHT_BITS:
            (factor,) = struct.unpack_from("<f", content, at + count)
            bytes_ = np.frombuffer(content, np.int8, count, at)
            whole = bytes_.reshape(shape if name == "Wemb" else shape[::-1]) / np.float32(factor)
            tensors[name] = torch.from_numpy(whole if name == "Wemb" else whole.T.copy())
        at += size
    return tensors
