"""What a colour means: the scale of a heatmap, and the colours of cells that have no value."""

import copy
import numbers
from math import ceil
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
from matplotlib.ticker import MaxNLocator
from numpy.typing import NDArray

from ..words import minus
from .grid import Array

NormName: TypeAlias = Literal["linear", "log", "percentile"]

Ticks: TypeAlias = list[tuple[float, str]]
"""Values of a colour bar, and what stands beside them."""

MOST = 1e300
"""No end of a scale lies further from zero: sums and differences still have room."""

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
        if end is None:
            continue
        if not isinstance(end, numbers.Real) or end != end or end in (np.inf, -np.inf):
            raise ValueError(f"{name} must be a finite number, got {end!r}")
        try:
            near = abs(float(end)) <= MOST
        except OverflowError:
            near = False
        if not near:
            raise ValueError(f"{name} must lie between −{MOST:g} and {MOST:g}, where scales end")


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
    if not isinstance(norm, str | Normalize):
        raise TypeError(
            f"norm must be 'linear', 'log', 'percentile' or a norm of matplotlib, "
            f"got {type(norm).__name__}"
        )
    if norm != "linear" and (vmin is not None or vmax is not None):
        raise ValueError(
            f"vmin and vmax set a linear scale; here norm is {norm!r}, which sets its own"
        )
    if values.size and not (float(values.max()) <= MOST and float(values.min()) >= -MOST):
        raise ValueError(
            f"values from {values.min():g} to {values.max():g} are too large for a scale, "
            f"which goes up to {MOST:g}; divide them by their largest"
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
        spread = values[values > 0] if isinstance(own, LogNorm) else values
        own.autoscale_None(spread if spread.size else np.array([0.1, 1.0]))
        return _checked(own, values)
    if norm == "log":
        positive = values[values > 0]
        low, high = (positive.min(), positive.max()) if positive.size else (0.1, 1.0)
        return _checked(LogNorm(low, high if high > low else low * 10), values)
    if norm == "percentile":
        return PercentileNorm(values if values.size else np.array([0.0, 1.0]))
    if norm != "linear":
        raise ValueError(
            f"norm is {norm!r}; accepted are 'linear', 'log', 'percentile' or a matplotlib norm"
        )
    low, high = (min(values.min(), 0.0), max(values.max(), 0.0)) if values.size else (0.0, 1.0)
    if signed:
        if vmin is not None and vmax is not None:
            return _checked(TwoSlopeNorm(0.0, float(vmin), float(vmax)), values)
        given = [abs(end) for end in (vmin, vmax) if end is not None]
        high = given[0] if given else max(-low, high)
        return _checked(Normalize(-float(high), float(high)), values)
    low = low if vmin is None else vmin
    high = high if vmax is None else vmax
    if low == high and vmin is None and vmax is None:
        high = low + 1.0
    if not low < high:
        raise ValueError(f"the scale must rise from vmin to vmax, here from {low:g} to {high:g}")
    return _checked(Normalize(float(low), float(high)), values)


def _checked(norm: Normalize, values: Array) -> Normalize:
    """Try a norm at its ends, which matplotlib itself does only while it draws."""
    low, high = norm.vmin, norm.vmax
    name = type(norm).__name__
    if low is None or high is None or not -MOST <= float(low) <= float(high) <= MOST:
        raise ValueError(
            f"norm is a {name} from {low} to {high}; its ends must rise, and lie between "
            f"−{MOST:g} and {MOST:g}"
        )
    if isinstance(norm, LogNorm):
        if not low > 0:
            raise ValueError(f"norm is a {name} from {low}; a log scale starts above zero")
        if float(high) / MOST > float(low):
            raise ValueError(f"{low:g} and {high:g} are too far apart for a log scale")
        return norm
    most = max(map(abs, (float(values.min()), float(values.max())))) if values.size else 0.0
    if low != high and float(high) - float(low) < max(1 / MOST, most / 1e30):
        raise ValueError(
            f"the scale from {low:g} to {high:g} is too narrow for values of up to {most:g}; "
            "move its ends apart, or multiply very small values"
        )
    return norm


def clips(norm: Normalize, values: Array) -> bool:
    """Whether values lie beyond the ends of their scale, by more than rounding."""
    if not values.size or norm.vmin is None or norm.vmax is None:
        return False
    if isinstance(norm, LogNorm) and not (values := values[values > 0]).size:
        return False
    low, high = float(norm.vmin), float(norm.vmax)
    slack = 1e-6 * (high - low)
    return bool(values.min() < low - slack or values.max() > high + slack)


def bar_ticks(norm: Normalize, *, ends: bool) -> Ticks:
    """Choose what stands at a colour bar, and at which values."""
    low, high = float(norm.vmin or 0), float(norm.vmax or 0)
    if ends:
        places = np.array([low, high])
    elif isinstance(norm, LogNorm):
        powers = 10.0 ** np.arange(ceil(np.log10(low)), np.floor(np.log10(high)) + 1)
        apart = 0.1 * np.log(high / low)
        inner = (np.log(powers / low) > apart) & (np.log(high / powers) > apart)
        places = np.array([low, *powers[inner], high])
    elif isinstance(norm, PercentileNorm) or type(norm) is not Normalize:
        places = np.unique(norm.inverse(np.linspace(0, 1, 5)))
    else:
        locator = MaxNLocator(nbins=6, steps=[1, 2, 2.5, 5, 10])
        places = np.asarray(locator.tick_values(low, high))
        slack = 1e-9 * (high - low)
        places = places[(places >= low - slack) & (places <= high + slack)]
    for digits in range(3 if ends or type(norm) is not Normalize else 6, 17):
        labels = [f"{at + 0.0:.{digits}g}" for at in places]
        if len(set(labels)) == len(labels):
            break
    return [(float(at), written(label)) for at, label in zip(places, labels, strict=True)]


def written(text: str) -> str:
    """Write a minus sign, but none before what has been rounded to zero."""
    return minus(text) if float(text) else text.replace("-", "")


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
