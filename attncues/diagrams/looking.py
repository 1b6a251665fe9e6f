"""Where a network with hard attention looks, and what it sees there."""

import torch
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import Normalize
from matplotlib.patches import Rectangle

from ..glimpse import SIDE, STEP, WINDOW, Batch, Looker, place_centres
from ..style import COLUMN, RED, Figure, Language, in_both_languages, look, words_in
from ..style.images import CellImage
from ..words.diagrams import GLIMPSES


@in_both_languages
def draw_glimpses(looker: Looker, batch: Batch, count: int = 4, *, lang: Language = "en") -> Figure:
    """Draw images, the attention weights of their places, and the window that is looked at.

    Args:
        looker: A network.
        batch: Images, of which the first are drawn.
        count: How many.
        lang: "en" or "zh".

    Returns:
        A figure that the caller owns, described in words.

    Raises:
        ValueError: `lang` is none of these, or there are fewer images.

    Examples:
        >>> from attncues.glimpse import draw_batch, train
        >>> from attncues.diagrams import draw_glimpses
        >>> figure = draw_glimpses(train(steps=100).looker, draw_batch(4, seed=1))
    """
    words = words_in(lang, GLIMPSES)
    if not 1 <= count <= len(batch.images):
        raise ValueError(f"from 1 to {len(batch.images)} images can be drawn, got {count}")
    with torch.no_grad():
        weights = looker.weights(batch.images[:count])
    places = weights.argmax(-1)
    windows = looker.windows(batch.images[:count])
    grey, reds = colormaps["Greys_r"].resampled(64), colormaps["Reds"].resampled(64)
    norm, side = Normalize(0, 1), SIDE // STEP
    told = []
    with look():
        gap, left, top = 0.07, 0.62, 0.05
        tile = min((COLUMN - left) / count - gap, 0.95)
        height = 2 * tile + 0.4 + 2 * gap + top
        width = left + count * (tile + gap)
        figure = Figure(figsize=(width, height))

        def panel(column: int, y: float, extent: float, shrink: float = 1.0) -> Axes:
            x = left + column * (tile + gap) + tile * (1 - shrink) / 2
            axes = figure.add_axes(
                (x / width, y / height, shrink * tile / width, shrink * tile / height)
            )
            axes.set(xlim=(0, extent), ylim=(extent, 0), xticks=[], yticks=[])
            axes.axis("off")
            return axes

        rows = {
            "image": height - top - tile,
            "weights": height - top - gap - 2 * tile,
            "glimpse": 0.0,
        }
        for name, y in rows.items():
            middle = y + (0.2 if name == "glimpse" else tile / 2)
            figure.text(0.0, middle / height, words[name], va="center")
        for column in range(count):
            axes = panel(column, rows["image"], SIDE)
            image = batch.images[column].numpy()
            axes.add_artist(CellImage(axes, image, (0, SIDE, SIDE, 0), norm, grey))
            row, across = (place_centres()[places[column]] + 0.5).tolist()
            corner = (across - WINDOW / 2, row - WINDOW / 2)
            for colour, line in (("white", 3.0), (RED, 1.5)):
                axes.add_patch(
                    Rectangle(corner, WINDOW, WINDOW, fill=False, edgecolor=colour, lw=line)
                )
            axes = panel(column, rows["weights"], side)
            shares = weights[column].reshape(side, side).numpy()
            axes.add_artist(CellImage(axes, shares, (0, side, side, 0), norm, reds))
            axes = panel(column, 0.0, WINDOW, shrink=0.4 / tile)
            window = windows[column, places[column]].reshape(WINDOW, WINDOW).numpy()
            axes.add_artist(CellImage(axes, window, (0, WINDOW, WINDOW, 0), norm, grey))
            centre = batch.centres[column]
            told.append(
                words["look"].format(
                    number=column + 1,
                    row=centre[0].item(),
                    column=centre[1].item(),
                    distance=(place_centres()[places[column]] - centre).norm().item(),
                    weight=weights[column].max().item(),
                )
            )
    figure.title = words["looks"]
    figure.description = words["between"].join(told)
    return figure
