"""Read a GGUF file: settings, tokens, and tensors that are unpacked when they are asked for.

The format is described at https://github.com/ggml-org/ggml/blob/master/docs/gguf.md; of its
kinds of numbers, those are read that the files of this package have.
"""

import math
import mmap
import struct
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

_NUMBERS = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 6: "f", 7: "?", 10: "Q", 11: "q"}
_NUMBERS[12] = "d"
_TEXT, _LIST = 8, 9
_FLOAT, _FOUR_BITS, _EIGHT_BITS = 0, 3, 8  # F32, Q4_1 and Q8_0
_BLOCK = 32


class GGUF:
    """A file of settings and tensors, mapped into memory.

    Attributes:
        settings: What the file says of its model, by name.
    """

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._at = 0
        magic, version, tensors, settings = self._numbers("4sIQQ")
        if magic != b"GGUF" or version != 3:
            raise ValueError(f"{path.name} is no GGUF file of version 3")
        self.settings: dict[str, Any] = {}
        for _ in range(settings):
            name = self._text()
            self.settings[name] = self._value(*self._numbers("I"))
        self._places: dict[str, tuple[tuple[int, ...], int, int]] = {}
        for _ in range(tensors):
            name = self._text()
            (dimensions,) = self._numbers("I")
            *shape, kind, offset = self._numbers(f"{dimensions}QIQ")
            self._places[name] = tuple(reversed(shape)), kind, offset
        step = self.settings.get("general.alignment", 32)
        self._data = math.ceil(self._at / step) * step

    def tensor(self, name: str) -> Tensor:
        """Unpack a tensor into float32."""
        shape, kind, offset = self._places[name]
        count, start = math.prod(shape), self._data + offset
        if kind == _FLOAT:
            numbers = np.frombuffer(self._bytes, np.float32, count, start).copy()
        elif kind == _FOUR_BITS:
            numbers = _from_four_bits(self._blocks(start, count, 20))
        elif kind == _EIGHT_BITS:
            numbers = _from_eight_bits(self._blocks(start, count, 34))
        else:
            raise ValueError(f"tensor {name} has numbers of kind {kind}, which is not read here")
        return torch.from_numpy(numbers).reshape(shape)

    def _blocks(self, start: int, count: int, size: int) -> NDArray[np.uint8]:
        """Return the blocks of 32 numbers, each of so many bytes."""
        blocks = count // _BLOCK
        return np.frombuffer(self._bytes, np.uint8, size * blocks, start).reshape(blocks, size)

    def _numbers(self, form: str) -> tuple[Any, ...]:
        numbers = struct.unpack_from("<" + form, self._bytes, self._at)
        self._at += struct.calcsize("<" + form)
        return numbers

    def _text(self) -> str:
        (length,) = self._numbers("Q")
        self._at += length
        return self._bytes[self._at - length : self._at].decode()

    def _value(self, kind: int) -> Any:
        if kind == _TEXT:
            return self._text()
        if kind == _LIST:
            kind, count = self._numbers("IQ")
            if kind in (_TEXT, _LIST):
                return [self._value(kind) for _ in range(count)]
            return list(self._numbers(f"{count}{_NUMBERS[kind]}"))
        return self._numbers(_NUMBERS[kind])[0]


def _from_four_bits(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Unpack blocks of a step, a least number and 32 times four bits, which count steps from it."""
    step, least = blocks[:, :4].copy().view(np.float16).astype(np.float32).T[..., None]
    numbers = np.empty((len(blocks), _BLOCK), np.float32)
    numbers[:, :16] = blocks[:, 4:] & 15
    numbers[:, 16:] = blocks[:, 4:] >> 4
    numbers *= step
    numbers += least
    return numbers


def _from_eight_bits(blocks: NDArray[np.uint8]) -> NDArray[np.float32]:
    """Unpack blocks of a step and 32 signed bytes: step · byte."""
    step = blocks[:, :2].copy().view(np.float16).astype(np.float32)
    return blocks[:, 2:].view(np.int8) * step
