"""Which place of an image draws attention, and which one a task directs it to.

A small model in two halves, after published ones. Its bottom-up half follows Itti, Koch &
Niebur (1998) and VOCUS2 (Frintrop, Werner & Garcia 2015): an image is taken apart into six
feature maps, each of which responds where a place differs from what surrounds it. Its
top-down half follows VOCUS (Frintrop 2006): what is known of a target excites some of the
six maps and inhibits others. Everything is a torch function of the image; gradients flow
through all but the choice of a place.
"""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, TypeAlias

import torch
from torch import Tensor
from torch.nn import functional

from .numbers import DTYPES, all_finite, check_count, check_dense, check_number

CHANNELS = ("bright", "dark", "red", "green", "blue", "yellow")
"""What the six feature maps respond to."""

SCALES = ((1 / 60, 1 / 15), (1 / 30, 2 / 15))
"""Standard deviations of centre and surround, in units of the image's shorter side."""
FLOOR = 0.02
"""A map whose strongest response is no more than this is empty."""
NEAR = 1 / 16
"""Maxima nearer to each other than this, in units of the shorter side, count as one."""
NEGLIGIBLE = 1e-16
"""A blur leaves weights below this out. They change no sum in single precision, but with them
come numbers below 1e-38, at which processors are many times slower."""
STRONGEST = 20.0
"""The largest weight of a feature; one over it is the smallest."""

Box: TypeAlias = Sequence[int]


def feature_maps(image: Tensor) -> Tensor:
    """Respond to brightness and colour that differ from their surroundings.

    Three channels are those of VOCUS2: intensity `I = (R + G + B) / 3`, red against green
    `RG = R − G`, and blue against yellow `BY = B − (R + G) / 2`. In each, a centre is compared
    with its surround: of two Gaussian blurs of the channel, the wide one is taken from the
    narrow one. What is above zero is one map (bright, red, blue), what is below another (dark,
    green, yellow); the two scales of `SCALES` are averaged.

    The maps keep their absolute range: a weak contrast stays weak.

    Args:
        image: Shape (..., H, W, 3), red, green and blue in [0, 1], floating point, at least
            16 pixels in each direction. Twice as many in each take eight times as long: make
            photographs smaller first, to a few hundred pixels.

    Returns:
        Shape (..., 6, H, W), in the order of `CHANNELS`, none negative.

    Raises:
        TypeError: `image` is not a tensor.
        ValueError: Its shape, dtype or range is another.

    Examples:
        >>> from attncues.saliency import CHANNELS, feature_maps
        >>> from attncues.scenes import desk
        >>> maps = feature_maps(desk().image)
        >>> maps.shape
        torch.Size([6, 160, 240])
        >>> CHANNELS[maps.amax((-2, -1)).argmax()]
        'red'
    """
    _check_image(image)
    red, green, blue = image.unbind(-1)
    channels = torch.stack([image.mean(-1), red - green, blue - (red + green) / 2], dim=-3)
    side = min(channels.shape[-2:])
    contrast = [
        _blur(channels, centre * side) - _blur(channels, surround * side)
        for centre, surround in SCALES
    ]
    on_and_off = [torch.stack([step.relu(), (-step).relu()], dim=-3) for step in contrast]
    return torch.stack(on_and_off).mean(0).flatten(-4, -3)


def bottom_up(maps: Tensor) -> Tensor:
    """Add the feature maps up, those with few strong places counting most.

    A map is weighted by `1 / √m`, where m is the number of its local maxima above half of its
    largest value (Frintrop 2006, uniqueness weight): a red cup is unique, black print is not.
    Maxima within `NEAR` of each other share one count, so that a straight edge, along which
    all places are maxima, counts by its length. A map below `FLOOR` counts nothing.

    Args:
        maps: Shape (..., 6, H, W), from `feature_maps`.

    Returns:
        Saliency of shape (..., H, W). Zero everywhere if there is nothing to see.

    Raises:
        TypeError: `maps` is not a tensor.
        ValueError: Its shape or dtype is another.

    Examples:
        >>> from attncues.saliency import bottom_up, feature_maps, fixate
        >>> from attncues.scenes import desk
        >>> scene = desk()
        >>> scene.object_at(*fixate(bottom_up(feature_maps(scene.image))))
        'cup'
    """
    _check_maps(maps)
    # On a flat ridge rounding decides which place is highest; all of them are taken.
    highest = maps >= 0.999 * _largest_around(maps)
    strong = highest & (maps > maps.amax((-2, -1), keepdim=True) / 2)
    shared = _count_around(strong, round(NEAR * min(maps.shape[-2:]) / 2)).clamp(min=1)
    exact = strong.to(torch.promote_types(maps.dtype, torch.float32))
    count = (exact / shared).sum((-2, -1), keepdim=True).clamp(min=1)
    return _finite("maps", (_without_weak(maps) / count.sqrt().to(maps)).sum(-3))


def target_weights(maps: Tensor, box: Box | Sequence[Box]) -> Tensor:
    """Learn what tells a target from its background, from one look at it or several.

    The weight of a map is its mean in the target divided by its mean elsewhere (Frintrop
    2006): above one where the target has more of that feature, below one where it has less.
    Weights are kept between `1 / STRONGEST` and `STRONGEST`.

    One look also learns what happens to lie beside the target. Of several looks, each with
    another background, the weights are the geometric mean (Frintrop 2006).

    Args:
        maps: From `feature_maps`; shape (6, H, W) for one look, (looks, 6, H, W) for several.
        box: Top, bottom, left and right of the target in pixels; the row `bottom` and the
            column `right` lie outside. For several looks a sequence of as many boxes.

    Returns:
        Six weights. A map below `FLOOR` has weight one: nothing can be learned from it.

    Raises:
        TypeError: `maps` is not a tensor, or a box not a sequence.
        ValueError: Its shape or dtype is another, there is not one box for each look, or a box
            is empty, covers the image or reaches out of it.

    Examples:
        >>> import torch
        >>> from attncues.saliency import CHANNELS, feature_maps, target_weights
        >>> from attncues.scenes import desk
        >>> scene = desk(seed=1)
        >>> weights = target_weights(feature_maps(scene.image), scene.boxes["book"])
        >>> CHANNELS[weights.argmax()]
        'dark'
        >>> scenes = [desk(seed) for seed in range(5)]
        >>> maps = feature_maps(torch.stack([scene.image for scene in scenes]))
        >>> target_weights(maps, [scene.boxes["book"] for scene in scenes]).shape
        torch.Size([6])
    """
    _check_maps(maps)
    if maps.dim() == 3:
        return _one_look(maps, box)
    if maps.dim() != 4:
        raise ValueError(
            "weights are learned from one look (6, H, W) or several (looks, 6, H, W), "
            f"got {_shape(maps)}"
        )
    if not isinstance(box, Sequence) or len(box) != len(maps):
        raise ValueError(f"{len(maps)} looks need a list of as many boxes")
    looks = [_one_look(one, its_box) for one, its_box in zip(maps, box, strict=True)]
    return torch.stack(looks).log().mean(0).exp()


def _one_look(maps: Tensor, box: Any) -> Tensor:
    """Divide the mean of each map (6, H, W) in a box by its mean elsewhere."""
    height, width = maps.shape[-2:]
    top, bottom, left, right = _check_box(box, height, width)
    area = (bottom - top) * (right - left)
    inside = maps[:, top:bottom, left:right].sum((-2, -1))
    outside = maps.sum((-2, -1)) - inside
    there, elsewhere = inside / area, outside / (height * width - area)
    _finite("maps", inside + outside)
    ratio = there / elsewhere.clamp(min=torch.finfo(maps.dtype).tiny)
    ratio = ratio.clamp(1 / STRONGEST, STRONGEST)
    return torch.where(maps.amax((-2, -1)) > FLOOR, ratio, 1.0)


def learn_objects(images: Tensor, boxes: Sequence[Mapping[str, Box]]) -> dict[str, Tensor]:
    """Look at each object in several scenes, and note what tells it from the rest.

    Args:
        images: As in `feature_maps`, shape (looks, H, W, 3): scenes with the same objects.
        boxes: For each scene the box around each object, by its name; see `target_weights`.

    Returns:
        Six weights for each object, as in `target_weights`.

    Raises:
        TypeError: As `feature_maps`, or the boxes of a scene are not in a dict.
        ValueError: As `feature_maps` and `target_weights`, or the scenes differ in objects.

    Examples:
        >>> import torch
        >>> from attncues.saliency import CHANNELS, learn_objects
        >>> from attncues.scenes import desk
        >>> lessons = [desk(seed) for seed in range(1000, 1005)]
        >>> images = torch.stack([lesson.image for lesson in lessons])
        >>> weights_of = learn_objects(images, [lesson.boxes for lesson in lessons])
        >>> CHANNELS[weights_of["book"].argmax()]
        'dark'
    """
    maps = feature_maps(images)
    if not isinstance(boxes, Sequence) or not all(isinstance(one, Mapping) for one in boxes):
        raise TypeError("boxes must be a list with a dict of boxes by name for each scene")
    if not boxes or any(one.keys() != boxes[0].keys() for one in boxes):
        raise ValueError(f"scenes must have the same objects, got {[list(one) for one in boxes]}")
    return {name: target_weights(maps, [one[name] for one in boxes]) for name in boxes[0]}


def target_query(weights: Tensor) -> Tensor:
    """Write the weights of a target with a sign: what it has is wanted, what it lacks unwanted.

    Args:
        weights: w, six numbers, from `target_weights`.

    Returns:
        Six numbers: w_i where w_i > 1, `−1 / w_i` where w_i < 1 (no less than −`STRONGEST`), and
            0 where w_i is 1. Their inner product with the six responses of a place is the
            excitation less the inhibition of `top_down`.

    Raises:
        TypeError: `weights` is not a tensor.
        ValueError: Its shape or dtype is another, or a weight is negative or not finite.

    Examples:
        >>> import torch
        >>> from attncues.saliency import target_query
        >>> target_query(torch.tensor([0.5, 4.0, 1.0, 1.0, 1.0, 1.0]))
        tensor([-2.,  4.,  0.,  0.,  0.,  0.])
    """
    _check_weights(weights)
    inhibits = torch.where(weights < 1, -1 / weights.clamp(min=1 / STRONGEST), 0.0)
    return torch.where(weights > 1, weights, inhibits)


def top_down(maps: Tensor, weights: Tensor) -> Tensor:
    """Find the places that look like the target.

    Excitation is `Σ_i w_i X_i` over the maps with w_i > 1, inhibition `Σ_i X_i / w_i` over those
    with w_i < 1, and the result `max(excitation − inhibition, 0)` (Frintrop 2006). A map below
    `FLOOR` counts nothing.

    Args:
        maps: X, shape (..., 6, H, W), from `feature_maps`.
        weights: w, shape (6,), from `target_weights`, of the same dtype.

    Returns:
        Shape (..., H, W), not negative.

    Raises:
        TypeError: `maps` or `weights` is not a tensor.
        ValueError: Their shape or dtype is another, or a weight is negative or not finite.

    Examples:
        >>> from attncues.saliency import feature_maps, fixate, target_weights, top_down
        >>> from attncues.scenes import desk
        >>> before, now = desk(seed=1), desk(seed=0)
        >>> weights = target_weights(feature_maps(before.image), before.boxes["book"])
        >>> now.object_at(*fixate(top_down(feature_maps(now.image), weights)))
        'book'
    """
    _check_maps(maps)
    query = target_query(weights)
    if query.dtype != maps.dtype:
        raise ValueError(f"maps are {maps.dtype} and weights {query.dtype}; convert with .to()")
    return _finite("maps", torch.einsum("c,...chw->...hw", query, _without_weak(maps))).relu()


def priority(image: Tensor, weights: Tensor | None = None, volition: float = 0.0) -> Tensor:
    """Weigh what stands out against what is wanted.

    The priority map is `(1 − t) B + t T` with t the volition and the bottom-up map B and the
    top-down map T each divided by its largest value (Frintrop 2006 has the same sum).

    Args:
        image: Shape (..., H, W, 3), as in `feature_maps`.
        weights: What is looked for, from `target_weights`; needed if `volition` is not zero.
        volition: From 0, just looking, to 1, looking for the target and nothing else.

    Returns:
        Shape (..., H, W), in [0, 1].

    Raises:
        TypeError: `image` or `weights` is not a tensor.
        ValueError: As the functions above; volition is not in [0, 1], or has no weights.

    Examples:
        >>> from attncues.saliency import feature_maps, fixate, priority, target_weights
        >>> from attncues.scenes import desk
        >>> before, now = desk(seed=1), desk(seed=0)
        >>> weights = target_weights(feature_maps(before.image), before.boxes["book"])
        >>> now.object_at(*fixate(priority(now.image)))
        'cup'
        >>> now.object_at(*fixate(priority(now.image, weights, volition=0.8)))
        'book'
    """
    maps = feature_maps(image)
    seen = bottom_up(maps)
    wanted = None if weights is None else top_down(maps, weights)
    return mix(seen, wanted, volition)


def mix(seen: Tensor, wanted: Tensor | None, volition: float) -> Tensor:
    """Mix a bottom-up and a top-down map; `priority` does it from an image.

    Args:
        seen: Shape (..., H, W), from `bottom_up`.
        wanted: Shape (..., H, W), from `top_down`; needed if `volition` is not zero.
        volition: From 0 to 1.

    Returns:
        Shape (..., H, W), in [0, 1].

    Raises:
        TypeError: A map is not a tensor, or the volition not a number.
        ValueError: Volition is not in [0, 1], there is no second map for it, a map is empty,
            has negative or infinite places or NaN, or the maps differ in shape.

    Examples:
        >>> import torch
        >>> from attncues.saliency import mix
        >>> mix(torch.tensor([[4.0, 0.0]]), torch.tensor([[0.0, 2.0]]), volition=0.25)
        tensor([[0.7500, 0.2500]])
    """
    _check_maps_of("seen", seen)
    check_number("volition", volition)
    if not 0 <= volition <= 1:
        raise ValueError(f"volition must lie in [0, 1], got {volition!r}")
    if wanted is None:
        if volition:
            raise ValueError(
                f"volition {volition} needs a target: learn its weights with target_weights"
            )
        return _to_one(seen)
    _check_maps_of("wanted", wanted)
    if seen.shape != wanted.shape:
        raise ValueError(
            f"maps must be of one shape (..., H, W), got {_shape(seen)} and {_shape(wanted)}"
        )
    return (1 - volition) * _to_one(seen) + volition * _to_one(wanted)


def fixate(priority_map: Tensor) -> tuple[int, int]:
    """Look at the place of highest priority.

    Args:
        priority_map: Shape (H, W).

    Returns:
        Its row and column; of several equal places the first.

    Raises:
        TypeError: `priority_map` is not a tensor.
        ValueError: Its shape or dtype is another, or it is the same everywhere: nothing
            stands out, so there is nothing to choose.

    Examples:
        >>> import torch
        >>> from attncues.saliency import fixate
        >>> fixate(torch.tensor([[0.1, 0.2], [0.9, 0.3]]))
        (1, 0)
    """
    _check_map(priority_map)
    if priority_map.amax() == priority_map.amin():
        raise ValueError("nothing stands out: the priority map is the same everywhere")
    return _highest(priority_map)


def scan_path(
    priority_map: Tensor, fixations: int, *, radius: float = 1 / 12
) -> list[tuple[int, int]]:
    """Look at one place after another, without going back at once.

    After each fixation a disc around it loses its priority: inhibition of return (Itti, Koch
    & Niebur 1998).

    Args:
        priority_map: Shape (H, W), none negative.
        fixations: At most so many, at least one; fewer if no priority is left.
        radius: Of the disc, in units of the map's shorter side, not negative.

    Returns:
        Rows and columns, in the order of looking.

    Raises:
        TypeError: `priority_map` is not a tensor, `fixations` not a whole number, or the
            radius not a number.
        ValueError: As `fixate`; the map has negative places, or a number is too small.

    Examples:
        >>> import torch
        >>> from attncues.saliency import scan_path
        >>> scan_path(torch.tensor([[0.1, 0.2], [0.9, 0.3]]), fixations=3)
        [(1, 0), (1, 1), (0, 1)]
    """
    _check_map(priority_map)
    check_count("fixations", fixations)
    check_number("radius", radius)
    if fixations < 1 or not radius >= 0:
        raise ValueError(
            f"at least one fixation and a radius of at least 0 are needed, got {fixations} "
            f"and {radius}"
        )
    if (priority_map < 0).any():
        raise ValueError("priority_map has negative places; a priority starts at zero")
    path = [fixate(priority_map)]
    height, width = priority_map.shape
    radius = min(radius * min(height, width), height + width)  # which is all of the map
    reach = int(min(radius, max(height, width)))
    around = torch.arange(-reach, reach + 1, device=priority_map.device)
    disc = around[:, None] ** 2 + around**2 <= radius**2
    # With a border as wide as the disc, all of it has a place wherever one looks.
    left = functional.pad(priority_map.detach(), [reach] * 4)
    while len(path) < fixations:
        row, column = path[-1]
        left[row : row + len(disc), column : column + len(disc)].masked_fill_(disc, 0)
        row, column = _highest(left)
        if not left[row, column] > 0:
            break
        path.append((row - reach, column - reach))
    return path


def handover(seen: Tensor, wanted: Tensor, box: Box) -> float:
    """Find a volition at which the gaze goes over to the target.

    Should the gaze go there, away and there again as volition rises, it is one of them.

    Args:
        seen: Shape (H, W), from `bottom_up`.
        wanted: Shape (H, W), from `top_down`.
        box: The target: top, bottom, left, right.

    Returns:
        The volition, to within 0.001: here the place of highest priority lies in the box, a
            little below it does not.

    Raises:
        TypeError: One of the maps is not a tensor.
        ValueError: The gaze is in the box at volition 0 already, or not even at 1; the maps
            differ in shape, or nothing stands out in one of them; the box is none.

    Examples:
        >>> import torch
        >>> from attncues.saliency import handover
        >>> seen, wanted = torch.tensor([[4.0, 0.0, 0.0]]), torch.tensor([[0.0, 2.0, 0.0]])
        >>> round(handover(seen, wanted, box=(0, 1, 1, 2)), 2)
        0.5
    """
    _check_map(seen)
    top, bottom, left, right = _check_box(box, *seen.shape)

    def there(volition: float) -> bool:
        row, column = fixate(mix(seen, wanted, volition))
        return top <= row < bottom and left <= column < right

    if there(0.0):
        raise ValueError(f"the gaze is in the box {tuple(box)} before anything is wanted")
    if not there(1.0):
        raise ValueError(f"the gaze is not in the box {tuple(box)} even at volition 1")
    away, on = 0.0, 1.0
    while on - away > 0.001:
        middle = (away + on) / 2
        away, on = (away, middle) if there(middle) else (middle, on)
    return on


def _to_one(maps: Tensor) -> Tensor:
    """Divide each map by its largest value; an empty one stays empty."""
    peak = maps.amax((-2, -1), keepdim=True)
    return maps / torch.where(peak > 0, peak, 1.0)


def _without_weak(maps: Tensor) -> Tensor:
    """Empty the maps whose strongest response is no more than `FLOOR`."""
    return maps * (maps.amax((-2, -1), keepdim=True) > FLOOR)


def _highest(places: Tensor) -> tuple[int, int]:
    """Return the row and column of the largest value; of several the first."""
    row = int(places.amax(1).argmax())  # a quarter of the time of an argmax over all places
    return row, int(places[row].argmax())


def _largest_around(maps: Tensor) -> Tensor:
    """Return the largest value of each place and its eight neighbours."""
    padded = functional.pad(maps, (1, 1, 1, 1), value=-math.inf)
    rows = padded[..., :-2, :].maximum(padded[..., 1:-1, :]).maximum(padded[..., 2:, :])
    return rows[..., :-2].maximum(rows[..., 1:-1]).maximum(rows[..., 2:])


def _count_around(marks: Tensor, reach: int) -> Tensor:
    """Count the marks at most `reach` rows and columns from each place, by a summed-area table."""
    table = functional.pad(marks, (reach + 1, reach) * 2)
    for direction in (-1, -2):
        table = table.cumsum(direction, dtype=torch.int32)  # the default takes twice as long
    size = 2 * reach + 1
    above, below = table[..., :-size, :], table[..., size:, :]
    strips = below - above
    return strips[..., size:] - strips[..., :-size]


def _blur(maps: Tensor, sigma: float) -> Tensor:
    """Blur maps (..., H, W) with a Gaussian: a matrix for the rows and one for the columns."""
    height, width = maps.shape[-2:]
    down = _gaussian_matrix(height, sigma, maps.dtype, maps.device)
    across = _gaussian_matrix(width, sigma, maps.dtype, maps.device)
    return down @ maps @ across.T


@lru_cache(maxsize=16)
def _gaussian_matrix(size: int, sigma: float, dtype: torch.dtype, device: torch.device) -> Tensor:
    """Weights (size, size) of each place in the blur at each place, mirrored at the edges."""
    with torch.inference_mode(False):
        places = torch.arange(size, dtype=torch.float64, device="cpu")
        mirrored = torch.stack([places, -1 - places, 2 * size - 1 - places])
        distances = places[:, None] - mirrored[:, None]
        total = torch.exp(-(distances**2) / (2 * sigma**2)).sum(dim=0)
        weights = total / total.sum(dim=1, keepdim=True)
        return torch.where(weights < NEGLIGIBLE, 0.0, weights).to(device, dtype)


def _shape(tensor: Tensor) -> str:
    return f"shape {tuple(tensor.shape)}"


def _check_tensor(name: str, tensor: Tensor) -> None:
    if not isinstance(tensor, Tensor):
        raise TypeError(f"{name} must be a torch.Tensor, got {type(tensor).__name__}")
    check_dense(name, tensor)
    if tensor.dtype not in DTYPES:
        raise ValueError(
            f"{name} must be floating point of 16, 32 or 64 bits, got {tensor.dtype}; "
            "convert with .float()"
        )
    if not all_finite(tensor):
        raise ValueError(f"{name} has places that are not finite: NaN or infinity")


def _check_image(image: Tensor) -> None:
    if isinstance(image, Tensor) and not image.is_floating_point():
        raise ValueError(
            f"image must be floating point in [0, 1], got {image.dtype}; "
            "for bytes write image.float() / 255"
        )
    if not isinstance(image, Tensor) or image.dtype not in DTYPES:
        _check_tensor("image", image)
    check_dense("image", image)
    if image.dim() < 3 or image.shape[-1] != 3:
        hint = ""
        if image.dim() >= 3 and image.shape[-3] == 3:
            hint = "; move the channels to the end with image.movedim(-3, -1)"
        elif image.dim() >= 3 and image.shape[-1] == 4:
            hint = "; drop the fourth channel with image[..., :3]"
        raise ValueError(f"image must be of shape (..., H, W, 3), got {_shape(image)}{hint}")
    if min(image.shape[-3:-1]) < 16:
        raise ValueError(f"image must be at least 16 × 16 pixels, got {_shape(image)}")
    if not image.numel():
        raise ValueError(f"there is no image in {_shape(image)}")
    low, high = (end.item() for end in image.detach().aminmax())
    if not (low >= 0 and high <= 1):
        advice = (
            "divide by 255" if high > 2 else "image.clamp(0, 1) cuts off what a resize left over"
        )
        raise ValueError(f"image must lie in [0, 1], got values from {low} to {high}; {advice}")


def _check_maps(maps: Tensor) -> None:
    _check_tensor("maps", maps)
    if maps.dim() < 3 or maps.shape[-3] != len(CHANNELS) or not maps.numel():
        raise ValueError(
            f"maps must be of shape (..., {len(CHANNELS)}, H, W), got {_shape(maps)}; "
            "make them with feature_maps"
        )


def _check_maps_of(name: str, maps: Tensor) -> None:
    _check_tensor(name, maps)
    if maps.dim() < 2 or not maps.numel():
        raise ValueError(f"{name} must be of one shape (..., H, W), got {_shape(maps)}")
    if (maps < 0).any():
        raise ValueError(f"{name} has negative places; a priority starts at zero")


def _finite(name: str, result: Tensor) -> Tensor:
    """Return what was computed from finite numbers, if it has room in their dtype."""
    if not all_finite(result):
        raise ValueError(
            f"{name} are too large: their sums leave {result.dtype}; make them smaller"
        )
    return result


def _check_box(box: Box, height: int, width: int) -> tuple[int, int, int, int]:
    """Check that a box lies inside an image and leaves some background."""
    if not isinstance(box, Sequence):
        raise TypeError(f"box must be (top, bottom, left, right), got {type(box).__name__}")
    if len(box) == 4 and all(isinstance(edge, int) for edge in box):
        top, bottom, left, right = box
        inside = 0 <= top < bottom <= height and 0 <= left < right <= width
        if inside and (bottom - top, right - left) != (height, width):
            return top, bottom, left, right
    raise ValueError(
        f"box must be (top, bottom, left, right) inside an image of {height} × {width} and "
        f"leave some background, got {tuple(box)}"
    )


def _check_map(priority_map: Tensor) -> None:
    _check_tensor("priority_map", priority_map)
    if priority_map.dim() != 2 or not priority_map.numel():
        raise ValueError(f"priority_map must be of shape (H, W), got {_shape(priority_map)}")


def _check_weights(weights: Tensor) -> None:
    _check_tensor("weights", weights)
    if weights.shape != (len(CHANNELS),):
        raise ValueError(f"weights must be {len(CHANNELS)} numbers, got {_shape(weights)}")
    if not (all_finite(weights) and (weights >= 0).all()):
        raise ValueError(f"weights must be finite and not negative, got {weights.tolist()}")
