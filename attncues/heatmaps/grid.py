"""Matrices as people have them, turned into one array of panels.

People have tensors on any device and of any precision, arrays, nested lists, and the
tuples that transformer libraries return: a tensor for each layer, or such a tuple for each
step of generation. Nothing given is changed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import index
from typing import Any, Literal, SupportsIndex, TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

Array: TypeAlias = NDArray[np.floating[Any]]
Flags: TypeAlias = NDArray[np.bool_]
Choice: TypeAlias = int | Literal["mean"]
"""Of layers or of heads: one, or the mean of all."""

ACCEPTED = (
    "accepted are numbers of shape (queries, keys), (columns, queries, keys) or "
    "(rows, columns, queries, keys), as a tensor, an array or nested lists, "
    "or a tuple of per-layer tensors of shape (batch, heads, queries, keys)"
)
ATTENTIONS = ("attentions", "cross_attentions", "encoder_attentions", "decoder_attentions")
"""Under these names the outputs of models hold their weights."""


@dataclass(frozen=True)
class Grid:
    """Rows and columns of panels, each of queries by keys.

    Attributes:
        values: Shape (rows, columns, queries, keys), floating point.
        masked: Same shape; `True` where a mask, or a masked array, hides the cell.
    """

    values: Array
    masked: Flags

    @classmethod
    def of(cls, matrices: Any, mask: Any = None, batch: SupportsIndex | None = None) -> "Grid":
        """Make a grid of whatever holds matrices.

        Args:
            matrices: What `ACCEPTED` says, or such a tuple for each step of generation.
            mask: Boolean, broadcasts to the matrices; `False` hides a cell. For layers it may
                be the padding mask of the batch, (batch, keys), of ones and zeros too.
            batch: Of layers of a batch, the number of one of it.

        Raises:
            TypeError: The matrices are not real numbers, or the mask is not boolean.
            ValueError: The shape is not accepted or ragged, the mask does not fit, or one of
                a batch has to be chosen.
        """
        array = _steps(matrices) if _are_steps(matrices) else _array(_of_model(matrices))
        if is_layers(matrices):
            item = _item(batch, array.shape[1])
            mask = _padding(mask, array.shape, item)
            array = array[:, item]
        elif batch is not None:
            raise ValueError(
                "batch chooses of what a model returns, a tuple of per-layer tensors; "
                f"matrices are a {type(matrices).__name__}"
            )
        if not 2 <= array.ndim <= 4:
            raise ValueError(f"matrices have shape {array.shape}; {ACCEPTED}")
        if 0 in array.shape:
            raise ValueError(f"matrices have a side of zero in {array.shape}; {ACCEPTED}")
        shape = (1,) * (4 - array.ndim) + array.shape
        hidden: Flags = np.broadcast_to(False, shape)
        if isinstance(array, np.ma.MaskedArray):
            hidden = np.ma.getmaskarray(array).reshape(shape)
        if mask is not None:
            hidden = hidden | ~_mask(mask, shape)
        return cls(_wide_enough(np.asarray(array)).reshape(shape), np.broadcast_to(hidden, shape))

    def reshaped(self, rows: int, columns: int) -> "Grid":
        """Sort the panels into other rows and columns."""
        shape = rows, columns, *self.values.shape[2:]
        return Grid(self.values.reshape(shape), self.masked.reshape(shape))

    def chosen(self, axis: int, name: str, choice: "Choice") -> "Grid":
        """Keep one row or column of panels, or the mean of all of them.

        Raises:
            TypeError: The choice is neither a number nor "mean".
            ValueError: There is no such row or column.
        """
        if choice == "mean":
            mean = np.ma.array(self.values, mask=self.masked).mean(axis=axis, keepdims=True)
            return Grid(np.ma.getdata(mean), np.ma.getmaskarray(mean))
        if isinstance(choice, bool | str) or not isinstance(choice, SupportsIndex):
            raise TypeError(f'{name} must be a number or "mean", got {choice!r}')
        count, number = self.values.shape[axis], index(choice)
        if not -count <= number < count:
            raise ValueError(f"there is no {name} {number}: here are {count}, counted from 0")
        kept = [number % count]
        return Grid(np.take(self.values, kept, axis), np.take(self.masked, kept, axis))

    @cached_property
    def shown(self) -> Flags:
        """Where a cell has a finite value that no mask hides."""
        return np.isfinite(self.values) & ~self.masked

    @cached_property
    def whole(self) -> bool:
        """Whether every cell is shown."""
        return bool(self.shown.all())

    @cached_property
    def visible(self) -> Array:
        """The values that are shown, flat."""
        return self.values.ravel() if self.whole else self.values[self.shown]


def _wide_enough(array: Array) -> Array:
    """Convert values at the ends of single precision, whose scale would leave it."""
    most = np.max(np.abs(array), where=np.isfinite(array), initial=0)
    return array if most == 0 or 1e-30 < most < 1e30 else array.astype(np.float64)


def is_layers(matrices: Any) -> bool:
    """Whether models return this: a tensor (batch, heads, queries, keys) for each layer."""
    return _are_steps(matrices) or (
        isinstance(matrices, list | tuple)
        and bool(matrices)
        and all(isinstance(layer, torch.Tensor) and layer.ndim == 4 for layer in matrices)
    )


def _are_steps(matrices: Any) -> bool:
    """Whether generation returned this: for each token a tuple with all layers."""
    return (
        isinstance(matrices, list | tuple)
        and bool(matrices)
        and all(isinstance(step, tuple) and is_layers(step) for step in matrices)
    )


def _steps(steps: Sequence[Sequence[torch.Tensor]]) -> np.ma.MaskedArray[Any, Any]:
    """Join the steps of generation: their queries one below another, all keys side by side.

    An early step has fewer keys than a late one; those that it could not see are masked.

    Returns:
        Shape (layers, batch, heads, queries, keys).
    """
    parts = [_array(step) for step in steps]
    shapes = [(len(part), *part.shape[1:3]) for part in parts]
    if len(set(shapes)) > 1:
        raise ValueError(
            f"matrices are {len(parts)} steps of generation that differ in layers, batch or "
            f"heads: {shapes}"
        )
    most = max(part.shape[-1] for part in parts)
    padded = [
        np.pad(part, [(0, 0)] * 4 + [(0, most - part.shape[-1])], constant_values=np.nan)
        for part in parts
    ]
    unseen = [np.arange(most) >= part.shape[-1] for part in parts for _ in range(part.shape[-2])]
    joined = np.concatenate(padded, axis=-2)
    return np.ma.array(joined, mask=np.broadcast_to(unseen, joined.shape))


def _item(batch: SupportsIndex | None, count: int) -> int:
    """Find one of a batch; the only one needs no choice."""
    if batch is None and count != 1:
        raise ValueError(
            f"matrices are layers of a batch of {count}; choose one of it, "
            f"such as the first with batch=0"
        )
    if isinstance(batch, bool | str) or not isinstance(batch, SupportsIndex | None):
        raise TypeError(f"batch must be a number, got {batch!r}")
    number = 0 if batch is None else index(batch)
    if not -count <= number < count:
        raise ValueError(f"there is no {number} in the batch: here are {count}, counted from 0")
    return number % count


def _padding(mask: Any, shape: tuple[int, ...], item: int) -> Any:
    """Take from the padding mask of a batch, as tokenizers give it, the keys of one of it."""
    batch, keys = shape[1], shape[-1]
    if getattr(mask, "shape", None) != (batch, keys):
        return mask
    of_item = mask[item]
    ones_and_zeros = bool(((of_item == 0) | (of_item == 1)).all())
    return of_item == 1 if ones_and_zeros else of_item


def _of_model(matrices: Any) -> Any:
    """Point out what models return besides the attention of all layers at once."""
    held = [name for name in ATTENTIONS if isinstance(matrices, Mapping) and name in matrices]
    if held:
        raise TypeError(
            f"matrices are a whole {type(matrices).__name__}; draw what it holds, "
            f"such as its .{held[0]}"
        )
    parts = matrices if isinstance(matrices, list | tuple) else ()
    if (
        matrices is None
        or any(part is None for part in parts)
        or (isinstance(matrices, tuple) and not parts)
    ):
        raise ValueError(
            "matrices are missing; a model returns its attention if it is loaded with "
            'attn_implementation="eager" and called with output_attentions=True'
        )
    return matrices


def _array(matrices: Any) -> NDArray[Any]:
    """Convert to an array of floats; a masked array stays one."""
    if isinstance(matrices, torch.Tensor):
        return _from_tensor(matrices)
    if isinstance(matrices, Sequence) and not isinstance(matrices, str) and _has_tensor(matrices):
        arrays = [_array(part) for part in matrices]
        shapes = [array.shape for array in arrays]
        if len(set(shapes)) > 1:
            raise ValueError(f"matrices differ in shape: {shapes}; {ACCEPTED}")
        return np.stack(arrays)
    try:
        array = np.ma.asarray(matrices) if np.ma.isMA(matrices) else np.asarray(matrices)
    except ValueError:
        raise ValueError(
            f"matrices are a ragged {type(matrices).__name__}, its rows differ in length; "
            f"{ACCEPTED}"
        ) from None
    except Exception as error:
        raise TypeError(
            f"matrices are a {type(matrices).__name__} that does not convert to an array "
            f"({error}); {ACCEPTED}"
        ) from error
    if array.dtype.kind not in "biuf":
        raise TypeError(
            f"matrices are a {type(matrices).__name__} of {array.dtype}, not of real numbers; "
            f"{ACCEPTED}"
        )
    return array if array.dtype in (np.float32, np.float64) else array.astype(np.float64)


def _has_tensor(parts: Sequence[Any]) -> bool:
    first = parts[0] if len(parts) else None
    if isinstance(first, Sequence) and not isinstance(first, str):
        return _has_tensor(first)
    return isinstance(first, torch.Tensor) or any(isinstance(p, torch.Tensor) for p in parts)


def _from_tensor(tensor: torch.Tensor) -> NDArray[Any]:
    if tensor.is_nested or tensor.layout != torch.strided:
        kind = "nested" if tensor.is_nested else tensor.layout
        raise TypeError(
            f"matrices are a tensor of layout {kind}; "
            "convert it to a dense one, with .to_dense() or .to_padded_tensor(nan)"
        )
    if tensor.is_complex():
        raise TypeError(f"matrices are a tensor of {tensor.dtype}, not of real numbers; {ACCEPTED}")
    if tensor.is_meta:
        raise TypeError("matrices are a tensor on the meta device, which has a shape but no values")
    exact = (
        torch.float32
        if tensor.is_floating_point() and tensor.dtype.itemsize <= 4
        else torch.float64
    )
    return tensor.detach().to("cpu", exact).numpy()


def _mask(mask: Any, shape: tuple[int, ...]) -> Flags:
    try:
        flags = mask.detach().cpu().numpy() if isinstance(mask, torch.Tensor) else np.asarray(mask)
    except (TypeError, ValueError, RuntimeError) as error:  # a tensor without numbers
        raise TypeError(f"mask must be a boolean tensor or array: {error}") from None
    if flags.dtype != bool:
        raise TypeError(
            f"mask must be boolean (True marks a cell that counts, as in attention_weights), "
            f"got {flags.dtype}; a mask of ones and zeros becomes boolean by "
            f"{'mask.bool()' if isinstance(mask, torch.Tensor) else 'mask.astype(bool)'}"
        )
    of_keys = flags.ndim == 2 and flags.shape[1] == shape[3]
    hint = "; a mask of shape (batch, keys) does as mask[:, None, None, :]" if of_keys else ""
    try:
        return np.broadcast_to(flags, shape)
    except ValueError:
        raise ValueError(
            f"mask of shape {flags.shape} does not broadcast to the matrices {shape}{hint}"
        ) from None
