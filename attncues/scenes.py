"""Scenes to look at: a desk with five objects, and displays of items for visual search.

A scene is a list of filled polygons, painted one over the other. From the same list come
the pixels that a model of attention sees and the sharp drawing that a reader sees.
Everything is grey but what is meant to have a colour.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from itertools import pairwise
from typing import Literal, TypeAlias

import torch
from PIL import Image, ImageDraw
from torch import Tensor

from .numbers import check_seed

Color: TypeAlias = tuple[float, float, float]
"""Red, green and blue in [0, 1]."""
Point: TypeAlias = tuple[float, float]
"""x to the right and y down, in pixels."""
Box: TypeAlias = tuple[int, int, int, int]
"""Top, bottom, left, right in pixels; the row `bottom` and the column `right` lie outside."""
Place: TypeAlias = tuple[float, float, float, float]
"""Where an object lies: x, y, its size, and its angle in radians."""

HEIGHT, WIDTH = 160, 240
"""The size of every scene in pixels."""
RED: Color = (0.90, 0.20, 0.16)
"""The colour of the cup."""

_FINER = 4
"""Polygons are painted on a grid so many times finer, then averaged."""
_EDGE = 1 / _FINER
"""Pillow also paints what the edge of a polygon touches."""
_DESK = 0.56


@dataclass(frozen=True)
class Shape:
    """A filled polygon.

    Attributes:
        corners: At least three points.
        color: What it is filled with.
    """

    corners: tuple[Point, ...]
    color: Color


@dataclass(frozen=True, eq=False)
class Scene:
    """Shapes on a surface, and where the objects are that they make up.

    Attributes:
        shapes: Polygons from back to front.
        boxes: The smallest box around each object, by its name. Boxes do not overlap.
    """

    shapes: tuple[Shape, ...]
    boxes: Mapping[str, Box]

    @cached_property
    def image(self) -> Tensor:
        """The scene in pixels, shape (H, W, 3), red, green and blue in [0, 1]; leave it as is."""
        canvas = Image.new("RGB", (WIDTH * _FINER, HEIGHT * _FINER))
        brush = ImageDraw.Draw(canvas)
        for shape in self.shapes:
            # The pixel grid of Pillow counts pixels, ours the lines between them.
            corners = [(x * _FINER - 0.5, y * _FINER - 0.5) for x, y in shape.corners]
            red, green, blue = (round(255 * part) for part in shape.color)
            brush.polygon(corners, fill=(red, green, blue))
        pixels = torch.frombuffer(bytearray(canvas.reduce(_FINER).tobytes()), dtype=torch.uint8)
        return pixels.reshape(HEIGHT, WIDTH, 3).float() / 255

    def __deepcopy__(self, memo: object) -> "Scene":
        """Return the scene itself: it does not change."""
        return self

    def object_at(self, row: float, column: float) -> str | None:
        """Name the object whose box holds this place; `None` is the surface between them."""
        for name, (top, bottom, left, right) in self.boxes.items():
            if top <= row < bottom and left <= column < right:
                return name
        return None


def desk(seed: int = 0, *, cup_color: Color | None = None) -> Scene:
    """Lay out a desk with a newspaper, a research paper, a cup, a notebook and a book.

    All but the cup is black, white and grey.

    Args:
        seed: Decides the places, sizes and angles of the objects, and nothing else does.
        cup_color: Red, green and blue in [0, 1]; by default a strong red. Shaded parts of
            the cup have darker tones of it, so a grey of the same mean leaves the
            intensity of the picture as it is.

    Returns:
        The scene, with the boxes "newspaper", "paper", "cup", "notebook" and "book".

    Raises:
        TypeError: The seed is not a whole number.
        ValueError: `cup_color` is not three numbers in [0, 1].

    Examples:
        >>> from attncues.scenes import desk
        >>> scene = desk(seed=0)
        >>> scene.image.shape
        torch.Size([160, 240, 3])
        >>> top, bottom, left, right = scene.boxes["cup"]
        >>> scene.object_at((top + bottom) // 2, (left + right) // 2)
        'cup'
    """
    check_seed(seed)
    objects = _objects(RED if cup_color is None else _check_color(cup_color))
    shapes, boxes = list(_table()), {}
    for name, place in _layout(seed).items():
        placed = [_placed(shape, *place) for shape in objects[name]]
        shapes += placed
        boxes[name] = _box(placed)
    return Scene(tuple(shapes), boxes)


def desk_pair(seed: int = 0) -> tuple[Scene, Scene]:
    """Lay out a desk twice, the second time with a grey cup of the same intensity.

    Args:
        seed: As in `desk`.

    Returns:
        Two scenes that differ in the colour of the cup alone.

    Examples:
        >>> from attncues.scenes import desk_pair
        >>> coloured, grey = desk_pair()
        >>> coloured.boxes == grey.boxes
        True
    """
    return desk(seed), desk(seed, cup_color=(sum(RED) / 3,) * 3)


def search_display(
    items: int, kind: Literal["feature", "conjunction"] = "feature", seed: int = 0
) -> Scene:
    """Scatter discs on grey, one of which is the target: red, and brighter than the ground.

    In a feature search no other disc is red. Half of all discs are bright and half dark, so
    only the colour tells the target.

    In a conjunction search half of all discs are red and half green, half are bright and
    half dark. Only the target is red and bright at once; to keep both halves equal, only
    one disc is green and dark. No single feature tells the target, and none is rarer than
    its opposite.

    Args:
        items: The number of discs, target included: even, from 4 to 40.
        kind: "feature" or "conjunction".
        seed: Decides the places.

    Returns:
        The scene, with the boxes "target", "item 1", "item 2" and so on.

    Raises:
        ValueError: The number or the kind is none of these.

    Examples:
        >>> from attncues.scenes import search_display
        >>> scene = search_display(8, "conjunction")
        >>> len(scene.boxes), "target" in scene.boxes
        (8, True)
    """
    if kind not in ("feature", "conjunction"):
        raise ValueError(f'kind must be "feature" or "conjunction", got {kind!r}')
    if isinstance(items, bool) or not isinstance(items, int) or items % 2 or not 4 <= items <= 40:
        raise ValueError(f"items must be an even number from 4 to 40, got {items!r}")
    check_seed(seed)
    half = items // 2
    if kind == "feature":
        looks = [(True, True)] + [(False, True)] * (half - 1) + [(False, False)] * half
    else:
        looks = [(True, True), (False, False)]
        looks += [(True, False), (False, True)] * (half - 1)
    draw = torch.Generator().manual_seed(seed)
    down, across = 6, 9
    cell = HEIGHT / down
    cells = torch.randperm(down * across, generator=draw)[:items].tolist()
    jitter = (_random(items, 2, draw) * 9 - 4.5).tolist()
    shapes, boxes = [Shape(_corners(0, 0, WIDTH, HEIGHT), _grey(0.5))], {}
    for number, ((red, bright), place, (dx, dy)) in enumerate(
        zip(looks, cells, jitter, strict=True)
    ):
        x, y = (place % across + 0.5) * WIDTH / across + dx, (place // across + 0.5) * cell + dy
        disc = Shape(_ellipse(x, y, 5.5, 5.5), _disc_color(red, bright))
        shapes.append(disc)
        boxes[f"item {number}" if number else "target"] = _box([disc])
    return Scene(tuple(shapes), boxes)


def _disc_color(red: bool, bright: bool) -> Color:
    """Colours that differ in intensity and on the red-green axis by the same amounts."""
    level, tint, blue = 0.58 + (0.14 if bright else -0.14), 0.2 if red else -0.2, 0.24
    return (level + tint, level - tint, level - blue)


@lru_cache(maxsize=16)
def _objects(color: Color) -> dict[str, list[Shape]]:
    """The objects of a desk with a cup of this colour, each around the origin."""
    return {
        "newspaper": list(_newspaper()),
        "paper": list(_paper()),
        "cup": list(_cup(color)),
        "notebook": list(_notebook()),
        "book": list(_book()),
    }


@cache
def _outlines() -> dict[str, Tensor]:
    """The points (n, 2) of each object that lie farthest out, one for each degree of a turn."""
    turns = torch.arange(360, dtype=torch.float32, device="cpu").deg2rad()
    directions = torch.stack([turns.cos(), turns.sin()])
    outlines = {}
    for name, shapes in _objects(RED).items():
        points = [point for shape in shapes for point in shape.corners]
        exact = torch.tensor(points, dtype=torch.float64, device="cpu")
        outlines[name] = exact[(exact.float() @ directions).argmax(dim=0).unique()]
    return outlines


@lru_cache(maxsize=128)
def _layout(seed: int) -> dict[str, Place]:
    """Find a place for each object of a desk, so that no two boxes touch."""
    draw = torch.Generator().manual_seed(seed)
    while True:
        layout, taken = dict[str, Place](), list[Box]()
        for name, outline in _outlines().items():
            places = [
                (a * WIDTH, b * HEIGHT, 0.61 + 0.11 * c, math.radians(14 * d - 7))
                for a, b, c, d in _random(40, 4, draw).tolist()
            ]
            for place, box in zip(places, _boxes(outline, places), strict=True):
                if _fits(box, taken):
                    layout[name] = place
                    taken.append(box)
                    break
        if len(layout) == len(_outlines()):
            return layout


def _boxes(outline: Tensor, places: Sequence[Place]) -> list[Box]:
    """The boxes of an object at several places, all at once: most places are tried in vain."""
    x, y, size, angle = torch.tensor(places, dtype=torch.float64, device="cpu").T[..., None]
    cos, sin = size * angle.cos(), size * angle.sin()
    a, b = outline.T
    points = torch.stack([y + sin * a + cos * b, x + cos * a - sin * b], dim=1)
    low, high = (points.amin(-1) - _EDGE).floor(), (points.amax(-1) + _EDGE).ceil()
    boxes: list[Box] = torch.stack([low, high], dim=-1).flatten(1).int().tolist()
    return boxes


def _random(rows: int, columns: int, draw: torch.Generator) -> Tensor:
    """Draw numbers in [0, 1), the same whatever the default dtype and device."""
    return torch.rand(rows, columns, generator=draw, dtype=torch.float32, device="cpu")


def _fits(box: Box, taken: Iterable[Box], gap: int = 4) -> bool:
    top, bottom, left, right = box
    inside = gap <= top and bottom <= HEIGHT - gap and gap <= left and right <= WIDTH - gap
    return inside and all(
        bottom + gap <= other_top
        or other_bottom + gap <= top
        or right + gap <= other_left
        or other_right + gap <= left
        for other_top, other_bottom, other_left, other_right in taken
    )


def _placed(shape: Shape, x: float, y: float, size: float, angle: float) -> Shape:
    cos, sin = size * math.cos(angle), size * math.sin(angle)
    corners = ((x + cos * a - sin * b, y + sin * a + cos * b) for a, b in shape.corners)
    return Shape(tuple(corners), shape.color)


def _box(shapes: Iterable[Shape]) -> Box:
    points = [point for shape in shapes for point in shape.corners]
    across, down = [x for x, _ in points], [y for _, y in points]
    return (
        math.floor(min(down) - _EDGE),
        math.ceil(max(down) + _EDGE),
        math.floor(min(across) - _EDGE),
        math.ceil(max(across) + _EDGE),
    )


def _check_color(color: Color) -> Color:
    try:
        red, green, blue = (float(part) for part in color if not isinstance(part, str))
    except (TypeError, ValueError):
        raise ValueError(f"a colour is three numbers in [0, 1], got {color!r}") from None
    if not all(0 <= part <= 1 for part in (red, green, blue)):
        raise ValueError(f"red, green and blue must lie in [0, 1], got {color!r}")
    return red, green, blue


# The objects, each around the origin, from back to front, half as large again as on a desk.


def _table() -> Iterator[Shape]:
    """A desk of three boards, with a little grain."""
    yield Shape(_corners(0, 0, WIDTH, HEIGHT), _grey(_DESK))
    draw = torch.Generator().manual_seed(0)
    for a, b, c, d in _random(24, 4, draw).tolist():
        x, y, length = (1.3 * a - 0.3) * WIDTH, b * HEIGHT, (0.1 + 0.3 * c) * WIDTH
        yield Shape(
            ((x, y), (x + length / 2, y - 0.3 - d), (x + length, y), (x + length / 2, y + 0.2)),
            _grey(_DESK - 0.02),
        )
    for seam in (HEIGHT / 3, 2 * HEIGHT / 3):
        yield Shape(_corners(0, seam, WIDTH, seam + 0.5), _grey(_DESK - 0.08))


def _newspaper() -> Iterator[Shape]:
    """A folded broadsheet: masthead, headline, a picture and four columns."""
    left, top, right, bottom = -47.0, -42.0, 47.0, 42.0
    yield _shadow(_corners(left, top, right, bottom))
    yield Shape(
        ((left + 3, top + 1), (right + 1, top - 1), (right + 2, bottom - 1), (left, bottom)),
        _grey(0.80),
    )
    yield Shape(_corners(left, top, right, bottom), _grey(0.97))
    yield from _letters("NEWS", 0, top + 10.5, 11)
    yield _bar(left + 5, top + 19, right - 5, 1.0, 0.1)
    yield _bar(left + 5, top + 21, right - 5, 0.5, 0.1)
    yield _bar(left + 5, top + 25, right - 24, 3.2, 0.15)
    yield _bar(left + 5, top + 30, right - 40, 3.2, 0.15)
    picture = (right - 42, top + 35, right - 5, top + 60)
    yield Shape(_corners(*picture), _grey(0.80))
    yield Shape(_ellipse(right - 14, top + 42, 3.5, 3.5), _grey(0.95))
    yield Shape(
        ((right - 42, top + 60), (right - 30, top + 43), (right - 18, top + 60)), _grey(0.52)
    )
    yield Shape(
        ((right - 28, top + 60), (right - 17, top + 49), (right - 5, top + 60)), _grey(0.60)
    )
    for column in range(4):
        x = left + 5 + 21.5 * column
        start = top + (36 if column < 2 else 63)
        yield from _text(x, start, x + 18.5, bottom - 4, column)
    yield _bar(left, -0.5, right, 0.5, 0.88)


def _paper() -> Iterator[Shape]:
    """A research paper, stapled: title, authors, abstract, two columns and a plot."""
    left, top, right, bottom = -32.0, -43.0, 32.0, 43.0
    yield _shadow(_corners(left, top, right, bottom))
    yield Shape(
        ((left + 2, top), (right + 1.5, top + 1), (right, bottom + 1), (left, bottom)), _grey(0.82)
    )
    yield Shape(_corners(left, top, right, bottom), _grey(0.98))
    yield _bar(-20, top + 7, 20, 2.2, 0.12)
    yield _bar(-14, top + 11.2, 14, 2.2, 0.12)
    yield _bar(-10, top + 15.5, 10, 1.0, 0.45)
    yield from _text(-18, top + 20, 18, top + 31, 2)
    yield from _text(left + 6, top + 35, -2, bottom - 5, 0)
    yield from _text(2, top + 61, right - 6, bottom - 5, 1)
    yield Shape(_line((4, top + 36), (4, top + 56), 0.9), _grey(0.15))
    yield Shape(_line((4, top + 56), (right - 6, top + 56), 0.9), _grey(0.15))
    curve = [(5 + 20 * t, top + 54 - 15 * (1 - math.exp(-3 * t))) for t in _steps(8)]
    yield Shape(_thick(curve, 1.1), _grey(0.15))
    yield Shape(_line((left + 3, top + 6), (left + 7, top + 3), 1.0), _grey(0.4))


def _cup(color: Color) -> Iterator[Shape]:
    """A cup of black coffee on its saucer, seen from above at a slant."""

    def tone(shade: float) -> Color:
        red, green, blue = color
        return (red * shade, green * shade, blue * shade)

    yield _shadow(_ellipse(0, 6, 35, 28))
    yield Shape(_ellipse(0, 6, 35, 28), tone(0.80))
    yield Shape(_ellipse(0, 5, 35, 28), tone(1.0))
    yield Shape(_ellipse(0, 5.5, 26, 20), tone(0.86))
    yield Shape(_ellipse(0, 5, 25.5, 19.5), tone(0.95))
    # The handle is a ring, whose hole shows the saucer behind it.
    yield Shape(_ellipse(25, -5, 11, 9.5), tone(0.80))
    yield Shape(_ellipse(25, -6, 11, 9.5), tone(0.95))
    yield Shape(_ellipse(25.5, -6, 5.5, 4.5), tone(0.86))
    sides = [(-24, -11), (-14, 13), (14, 13), (24, -11)]
    yield Shape(_ellipse(0, 13, 14, 6), tone(0.74))
    yield Shape(tuple(sides), tone(0.78))
    yield Shape(((-24, -11), (-14, 13), (-2, 18), (2, -6)), tone(0.90))
    yield Shape(_ellipse(0, -11, 24, 15.5), tone(1.0))
    yield Shape(_ellipse(0, -11, 21.5, 13.3), tone(0.72))
    yield Shape(_ellipse(0, -9.6, 20.3, 11.9), _grey(0.24))
    crescent = [*_arc(0, -9.6, 16.5, 8.8, 200, 290), *reversed(_arc(0, -9.0, 16.0, 7.4, 200, 290))]
    yield Shape(tuple(crescent), _grey(0.44))


def _notebook() -> Iterator[Shape]:
    """A spiral notebook, open at a page with ruled lines and a few notes."""
    left, top, right, bottom = -29.0, -41.0, 33.0, 41.0
    sheet = _rounded(left, top, right, bottom, 3)
    yield _shadow(sheet)
    yield Shape(_rounded(left, top, right + 1.5, bottom + 1.5, 3), _grey(0.35))
    yield Shape(sheet, _grey(0.95))
    for line in range(10):
        y = top + 13 + 6.6 * line
        yield _bar(left + 8, y, right - 4, 0.6, 0.74)
    for line, end in enumerate((24.0, 27.0, 16.0, 25.0, 8.0)):
        y = top + 11.4 + 6.6 * line
        steps = int((end - left - 10) / 1.5)
        wave = [
            (x, y - 1.3 * math.sin(1.3 * x + line) - 0.5 * math.sin(0.8 * x))
            for x in (left + 10 + 1.5 * step for step in range(steps))
        ]
        yield Shape(_thick(wave, 0.8), _grey(0.25))
    for ring in range(11):
        y = top + 5 + 7.2 * ring
        yield Shape(_ellipse(left + 3.5, y, 1.7, 1.7), _grey(_DESK - 0.2))
        yield Shape(_rounded(left - 4, y - 1.1, left + 4, y + 1.1, 1.1), _grey(0.22))
        yield Shape(_rounded(left - 3.2, y - 0.5, left + 3.4, y + 0.3, 0.4), _grey(0.72))


def _book() -> Iterator[Shape]:
    """A thick book in a black cover, closed, with the edges of its pages below."""
    left, top, right, bottom = -31.0, -46.0, 31.0, 36.0
    yield _shadow(_corners(left, top, right, bottom + 11))
    yield Shape(_rounded(left, top + 9, right, bottom + 11, 2), _grey(0.09))
    yield Shape(_corners(left + 3, bottom - 4, right - 1.2, bottom + 8.6), _grey(0.93))
    for page in range(4):
        yield _bar(left + 3, bottom + 1.5 + 1.8 * page, right - 1.2, 0.5, 0.62)
    yield Shape(_rounded(left, top, right, bottom, 2), _grey(0.13))
    yield Shape(_corners(left, top + 1, left + 8, bottom - 1), _grey(0.06))
    yield _bar(left + 8, top + 1, left + 8.8, bottom - top - 2, 0.28)
    yield _bar(-13, top + 15, 22, 2.8, 0.85)
    yield _bar(-8, top + 21, 17, 2.8, 0.85)
    yield Shape(((4.5, -3), (12, 6), (4.5, 15), (-3, 6)), _grey(0.62))
    yield Shape(((4.5, -0.4), (9.8, 6), (4.5, 12.4), (-0.8, 6)), _grey(0.13))
    yield _bar(-5, bottom - 9, 14, 1.4, 0.60)
    ribbon = ((19, bottom - 1), (23, bottom - 1), (23, bottom + 15), (21, bottom + 12.5))
    yield Shape((*ribbon, (19, bottom + 15)), _grey(0.30))


_STROKES: dict[str, list[list[Point]]] = {
    "N": [[(0, 1), (0, 0), (0.75, 1), (0.75, 0)]],
    "E": [[(0.6, 0), (0, 0), (0, 1), (0.6, 1)], [(0, 0.5), (0.5, 0.5)]],
    "W": [[(0, 0), (0.25, 1), (0.5, 0.3), (0.75, 1), (1, 0)]],
    "S": [[(0.65, 0), (0, 0), (0, 0.5), (0.65, 0.5), (0.65, 1), (0, 1)]],
}


def _letters(word: str, x: float, y: float, size: float) -> Iterator[Shape]:
    """Write a word in thick strokes, centred at (x, y)."""
    gap = 0.45
    widths = [max(end for stroke in _STROKES[letter] for end, _ in stroke) for letter in word]
    x -= (sum(widths) + gap * (len(word) - 1)) * size / 2
    y -= size / 2
    for letter, width in zip(word, widths, strict=True):
        for stroke in _STROKES[letter]:
            for start, end in pairwise((x + a * size, y + b * size) for a, b in stroke):
                yield Shape(_line(start, end, 0.2 * size, caps=0.1 * size), _grey(0.08))
        x += (width + gap) * size


def _text(left: float, top: float, right: float, bottom: float, seed: int) -> Iterator[Shape]:
    """Lines of print too small to read, paragraphs ending short."""
    for number in range(int((bottom - top) / 3) + 1):
        last = (number + seed) % 6 == 5
        end = left + (right - left) * (0.6 if last else 1.0)
        yield _bar(left, top + 3 * number, end, 1.0, 0.5)


# Corners of simple forms.


def _grey(level: float) -> Color:
    return (level, level, level)


def _corners(left: float, top: float, right: float, bottom: float) -> tuple[Point, ...]:
    return ((left, top), (right, top), (right, bottom), (left, bottom))


def _bar(left: float, top: float, right: float, height: float, level: float) -> Shape:
    return Shape(_corners(left, top, right, top + height), _grey(level))


def _shadow(corners: Iterable[Point]) -> Shape:
    return Shape(tuple((x + 1.5, y + 2.5) for x, y in corners), _grey(_DESK - 0.11))


def _steps(count: int) -> list[float]:
    return [step / (count - 1) for step in range(count)]


def _arc(x: float, y: float, rx: float, ry: float, start: float, end: float) -> list[Point]:
    """Points on an ellipse from one angle to another, in degrees."""
    length = math.radians(end - start) * max(rx, ry)
    count = max(5 if end - start < 180 else 10, math.ceil(length / 2.5) + 1)
    angles = [math.radians(start + (end - start) * step) for step in _steps(count)]
    return [(x + rx * math.cos(angle), y + ry * math.sin(angle)) for angle in angles]


def _ellipse(x: float, y: float, rx: float, ry: float) -> tuple[Point, ...]:
    return tuple(_arc(x, y, rx, ry, 0, 360)[:-1])


def _rounded(
    left: float, top: float, right: float, bottom: float, radius: float
) -> tuple[Point, ...]:
    return (
        *_arc(right - radius, top + radius, radius, radius, -90, 0),
        *_arc(right - radius, bottom - radius, radius, radius, 0, 90),
        *_arc(left + radius, bottom - radius, radius, radius, 90, 180),
        *_arc(left + radius, top + radius, radius, radius, 180, 270),
    )


def _thick(points: Sequence[Point], width: float) -> tuple[Point, ...]:
    """A curve of some width, for curves that lead to the right."""
    upper = [(x, y - width / 2) for x, y in points]
    return (*upper, *((x, y + width) for x, y in reversed(upper)))


def _line(start: Point, end: Point, width: float, caps: float = 0.0) -> tuple[Point, ...]:
    """A straight stroke, longer by `caps` at both ends."""
    (a, b), (c, d) = start, end
    length = math.hypot(c - a, d - b)
    dx, dy = (c - a) / length, (d - b) / length
    a, b, c, d = a - caps * dx, b - caps * dy, c + caps * dx, d + caps * dy
    nx, ny = -dy * width / 2, dx * width / 2
    return ((a + nx, b + ny), (c + nx, d + ny), (c - nx, d - ny), (a - nx, b - ny))
