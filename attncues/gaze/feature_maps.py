"""Figures of feature maps."""

from torch import Tensor

from ..saliency import CHANNELS
from ..style import COLUMN, Figure, Language, in_both_languages, look, words_in
from ..words.gaze import WORDS
from .artists import check_map, map_image, panel, scale_bar
from .telling import tell_shares


@in_both_languages
def draw_maps(maps: Tensor, *, lang: Language = "en") -> Figure:
    """Draw the six feature maps of an image, on one scale, opposites side by side.

    Args:
        maps: Shape (6, H, W), from `saliency.feature_maps`.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, the maps are of another shape, or a value is
            negative or not finite.

    Examples:
        >>> from attncues.gaze import draw_maps
        >>> from attncues.saliency import feature_maps
        >>> from attncues.scenes import desk
        >>> figure = draw_maps(feature_maps(desk().image))
    """
    words = words_in(lang, WORDS)
    if maps.dim() != 3 or maps.shape[0] != len(CHANNELS):
        raise ValueError(f"feature maps have shape (6, H, W), got {tuple(maps.shape)}")
    check_map(maps)
    height, width = maps.shape[1:]
    top = maps.max().item()
    across = (COLUMN - 0.1) / 2
    down = across * height / width
    with look():
        size = (COLUMN, 3 * (down + 0.22) + 0.42)
        figure = Figure(figsize=size)
        for number, (name, one) in enumerate(zip(CHANNELS, maps, strict=True)):
            row, column = divmod(number, 2)
            x, y = column * (across + 0.1), size[1] - (row + 1) * (down + 0.22)
            axes = panel(figure, (x, y, across, down), height, width)
            axes.set_title(words[name], pad=3)
            axes.add_artist(map_image(axes, one, top, rows=30))
        scale_bar(figure, top, words["response"])
    figure.title = words["maps"]
    peaks = maps.amax((-2, -1)).tolist()
    shares = tell_shares(dict(zip(CHANNELS, peaks, strict=True)), words)
    figure.description = words["responds"].format(shares=shares)
    return figure
