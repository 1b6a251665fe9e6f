"""What a colour means: the scale of a heatmap, and the colours of cells that have no value."""

import copy
import numbers
from collections.abc import Sequence
from typing import Any, Literal, TypeAlias

import numpy as np
from matplotlib.colors import (
    BoundaryNorm,
    Colormap,
    LogNorm,
    NoNorm,
    Normalize,
    TwoSlopeNorm,
    to_rgb,
)
from numpy.typing import NDArray

from .grids import Array

NormName: TypeAlias = Literal["linear", "log", "percentile"]

SIGNED_CMAP = "RdBu_r"
"""Blue below zero, white at zero, red above."""


class PercentileNorm(Normalize):
    """Colour by rank: equal steps of colour hold equal numbers of cells.

    Args:
        values: The values whose percentiles make the scale.
    """

    def __init__(self, values: Array) -> None:
        ranks = np.linspace(0, 1, 101)
        quantiles = np.quantile(values.astype(np.float64), ranks)
        self.knots, first, count = np.unique(quantiles, return_index=True, return_counts=True)
        # Equal values share the middle of their ranks, and the ends stay at the ends.
        self.levels = (ranks[first] + ranks[first + count - 1]) / 2
        if len(self.knots) == 1:
            self.knots, self.levels = np.array([0.0, 1.0]) + self.knots[0], np.array([0.0, 1.0])
        self.levels = (self.levels - self.levels[0]) / (self.levels[-1] - self.levels[0])
        super().__init__(self.knots[0], self.knots[-1])

    def __call__(self, value: Any, clip: bool | None = None) -> Any:
        """Return the rank of each value, from 0 to 1."""
        result, is_scalar = self.process_value(value)
        ranks = np.interp(np.ma.getdata(result), self.knots, self.levels)
        ranked = np.ma.array(ranks, mask=np.ma.getmaskarray(result))
        return ranked[0] if is_scalar else ranked

    def inverse(self, value: Any) -> Any:
        """Return the value of each rank."""
        return np.interp(value, self.levels, self.knots)


def check_ends(vmin: Any, vmax: Any) -> None:
    """Raise a `ValueError` if an end of a scale is given and is no finite number."""
    for name, end in (("vmin", vmin), ("vmax", vmax)):
        if end is not None and not (isinstance(end, numbers.Real) and np.isfinite(float(end))):
            raise ValueError(f"{name} must be a finite number, got {end!r}")


def make_norm(
    values: Array,
    *,
    signed: bool,
    vmin: float | None = None,
    vmax: float | None = None,
    norm: NormName | Normalize = "linear",
) -> Normalize:
    """Make the scale of some panels from the values that they show.

    A linear scale includes zero, so that colour means amount: it runs from zero to the
    largest value, or, for signed values in a diverging colormap, as far below zero as above.

    Args:
        values: The finite values that are shown, flat.
        signed: Whether zero shall be in the middle; ends that are given lie on both sides.
        vmin: The lower end of a linear scale; chosen from the values if not given.
        vmax: The upper end.
        norm: "linear", "log", "percentile", or a norm of matplotlib, which is copied.

    Raises:
        ValueError: The ends are out of order or do not go with the norm, the norm is
            unknown, or a value is below zero on a log scale.
    """
    if norm != "linear" and (vmin is not None or vmax is not None):
        raise ValueError(
            f"vmin and vmax set a linear scale; here norm is {norm!r}, which sets its own"
        )
    if values.size and not np.isfinite(np.subtract(values.max(), values.min(), dtype=np.float64)):
        raise ValueError(
            f"values from {values.min():g} to {values.max():g} are too far apart for a scale"
        )
    if (norm == "log" or isinstance(norm, LogNorm)) and values.size and values.min() < 0:
        raise ValueError(f"a log scale has no place for {values.min():.3g}, a value below zero")
    if isinstance(norm, Normalize):
        if isinstance(norm, BoundaryNorm | NoNorm):
            raise ValueError(
                f"norm is a {type(norm).__name__}, which has no inverse to draw a bar from; "
                "accepted are norms that run smoothly from one value to another"
            )
        own = copy.deepcopy(norm)
        own.autoscale_None(values if values.size else np.array([0.0, 1.0]))
        return own
    if norm == "log":
        positive = values[values > 0]
        low, high = (positive.min(), positive.max()) if positive.size else (0.1, 1.0)
        return LogNorm(low, high if high > low else low * 10)
    if norm == "percentile":
        return PercentileNorm(values if values.size else np.array([0.0, 1.0]))
    if norm != "linear":
        raise ValueError(
            f"norm is {norm!r}; accepted are 'linear', 'log', 'percentile' or a matplotlib norm"
        )
    low, high = (min(values.min(), 0.0), max(values.max(), 0.0)) if values.size else (0.0, 1.0)
    if signed:
        if vmin is not None and vmax is not None:
            return TwoSlopeNorm(0.0, float(vmin), float(vmax))
        given = [abs(end) for end in (vmin, vmax) if end is not None]
        high = given[0] if given else max(-low, high)
        return Normalize(-float(high), float(high))
    low = low if vmin is None else vmin
    high = high if vmax is None else vmax
    if low == high and vmin is None and vmax is None:
        high = low + 1.0
    if not low < high:
        raise ValueError(f"the scale must rise from vmin to vmax, here from {low:g} to {high:g}")
    return Normalize(float(low), float(high))


def unlike(cmap: Colormap, count: int) -> list[tuple[float, float, float]]:
    """Choose colours that neither the colormap nor each other could be taken for."""
    taken: list[NDArray[Any]] = list(cmap(np.linspace(0, 1, 64))[:, :3])
    candidates = [
        np.array(to_rgb(c)) for c in ("#8c929b", "#e8b93c", "#58a6a6", "#7a5ea8", "#6f9bd1")
    ]
    chosen: list[tuple[float, float, float]] = []
    for _ in range(count):
        best = max(candidates, key=lambda c: min(float(np.linalg.norm(c - t)) for t in taken))
        taken.append(best)
        chosen.append((float(best[0]), float(best[1]), float(best[2])))
    return chosen


def ink_on(colours: Sequence[Sequence[float]] | NDArray[Any]) -> list[str]:
    """Return black or white for each colour, whichever contrasts more (WCAG 2, 1.4.3)."""
    rgb = np.asarray(colours)[..., :3]
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    luminance = linear @ np.array([0.2126, 0.7152, 0.0722])
    # Contrast with white, 1.05 / (l + 0.05), equals that with black, (l + 0.05) / 0.05, here.
    return ["white" if one < 0.179 else "black" for one in luminance.ravel()]
