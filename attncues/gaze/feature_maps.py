"""Figures of feature maps."""

from torch import Tensor

from ..saliency import CHANNELS
from ..scenes import Scene
from ..style import COLUMN, Figure, Language, in_both_languages, look, words_in
from ..style.images import Photograph
from ..words.gaze import WORDS
from .artists import check_map, map_image, panel, scale_bar
from .telling import sentences, tell_objects, tell_shares

GAP = 0.1
TITLE = 0.22
"""Inches between columns, and above each picture."""


@in_both_languages
def draw_maps(maps: Tensor, *, scene: Scene | None = None, lang: Language = "en") -> Figure:
    """Draw the six feature maps of an image, on one scale, opposites side by side.

    Args:
        maps: Shape (6, H, W), from `saliency.feature_maps`.
        scene: What the maps are of; its pixels are drawn above them.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, the maps are of another shape, or not of the shape
            of the scene, or a value is negative or not finite.

    Examples:
        >>> from attncues.gaze import draw_maps
        >>> from attncues.saliency import feature_maps
        >>> from attncues.scenes import desk
        >>> scene = desk()
        >>> figure = draw_maps(feature_maps(scene.image), scene=scene)
    """
    words = words_in(lang, WORDS)
    if maps.dim() != 3 or maps.shape[0] != len(CHANNELS):
        raise ValueError(f"feature maps have shape (6, H, W), got {tuple(maps.shape)}")
    height, width = maps.shape[1:]
    if scene is not None and (size := scene.image.shape[:2]) != (height, width):
        raise ValueError(f"the maps are {height} × {width}, the scene {size[0]} × {size[1]}")
    check_map(maps)
    top = maps.max().item()
    across = (COLUMN - GAP) / 2
    down = TITLE + across * height / width
    above = 0 if scene is None else down
    tall = above + 3 * down + 0.42
    with look():
        figure = Figure(figsize=(COLUMN, tall))
        if scene is not None:
            place = (COLUMN - across) / 2, tall - down, across, down - TITLE
            axes = panel(figure, place, height, width)
            axes.set_title(words["image"], pad=3)
            axes.add_artist(Photograph(axes, scene.image.numpy(), (0, width, height, 0)))
        for number, (name, one) in enumerate(zip(CHANNELS, maps, strict=True)):
            row, column = divmod(number, 2)
            x, y = column * (across + GAP), tall - above - (row + 1) * down
            axes = panel(figure, (x, y, across, down - TITLE), height, width)
            axes.set_title(words[name], pad=3)
            axes.add_artist(map_image(axes, one, top, rows=30))
        scale_bar(figure, top, words["response"])
    figure.title = words["maps"]
    peaks = maps.amax((-2, -1)).tolist()
    shares = tell_shares(dict(zip(CHANNELS, peaks, strict=True)), words)
    figure.description = sentences(
        words,
        "" if scene is None else tell_objects(scene, words),
        words["responds"].format(shares=shares),
    )
    return figure
