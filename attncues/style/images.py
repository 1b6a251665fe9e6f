"""Images that are small in SVG: cells with a palette, photographs as JPEG.

matplotlib writes each pixel of an image with four channels. Cells have at most as many
colours as their colormap, so one byte is enough: the same picture, a third of the size,
in a fraction of the time. Renderers other than that of SVG draw the image as any other.
"""

import base64
from io import BytesIO
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import Colormap, Normalize
from matplotlib.image import AxesImage
from numpy.typing import NDArray
from PIL import Image

SHARPNESS = 2
"""A photograph in SVG has at most so many pixels a point."""
CLASSES = {"Reds": "reds", "RdBu_r": "diverging"}
"""The classes in SVG of cells in colormaps that the site's style sheet turns on dark paper."""
MOST_COLOURS = 250
"""Of a colormap; with those below, above and beside its range a palette holds them."""


class CellImage(AxesImage):
    """The cells of one panel, without smoothing.

    Args:
        axes: Where the image stands.
        values: Shape (queries, keys); NaN leaves a cell clear.
        extent: Left, right, lower and upper edge in the axes.
        norm: The scale.
        colours: The colormap, of at most `MOST_COLOURS` colours.
        smooth: Whether colours run into each other, for a map whose cells are only samples.
    """

    def __init__(
        self,
        axes: Axes,
        values: NDArray[Any],
        extent: tuple[float, float, float, float],
        norm: Normalize,
        colours: Colormap,
        *,
        smooth: bool = False,
    ) -> None:
        super().__init__(
            axes,
            cmap=colours,
            norm=norm,
            interpolation="bilinear" if smooth else "none",
            origin="upper",
            extent=extent,
        )
        self.smooth = smooth
        self.set_data(np.ma.masked_invalid(values))
        self.set_clip_on(False)

    def draw(self, renderer: Any) -> None:
        """Draw the image; see the module for what is special about SVG."""
        if not _in_svg(self, renderer):
            super().draw(renderer)
            return
        crisp = "image-rendering:crisp-edges;image-rendering:pixelated"
        look = {} if self.smooth else {"style": crisp}
        if self.cmap.name in CLASSES:
            look["class"] = CLASSES[self.cmap.name]
        _write(self, renderer, f"data:image/png;base64,{self._png()}", look)

    def _png(self) -> str:
        count = self.cmap.N
        values: Any = self.get_array()
        normed: Any = np.ma.asarray(self.norm(values))
        level = np.ma.getdata(normed) * count
        index = np.where(level == count, count - 1, np.clip(np.floor(level), -1, count))
        index = np.where(index < 0, count + 1, index)  # `count` is above, this below the range
        index = np.where(np.ma.getmaskarray(normed), count + 2, index).astype(np.uint8)
        beyond = [self.cmap.get_over(), self.cmap.get_under(), self.cmap.get_bad()]
        palette = np.vstack([self.cmap(np.arange(count)), *beyond])
        used, place = np.unique(index, return_inverse=True)
        image = Image.fromarray(place.reshape(index.shape).astype(np.uint8), "P")
        colours = palette[used] if (palette[used, 3] < 1).any() else palette[used, :3]
        mode = "RGBA" if colours.shape[1] == 4 else "RGB"
        image.putpalette((colours * 255).round().astype(np.uint8).tobytes(), rawmode=mode)
        written = BytesIO()
        image.save(written, format="png")
        return base64.b64encode(written.getvalue()).decode("ascii")


class Photograph(AxesImage):
    """A photograph that fills its axes.

    Args:
        axes: Where it stands.
        pixels: Shape (H, W, 3), red, green and blue in [0, 1].
        extent: Left, right, lower and upper edge in the axes.
    """

    def __init__(
        self, axes: Axes, pixels: NDArray[Any], extent: tuple[float, float, float, float]
    ) -> None:
        super().__init__(axes, origin="upper", extent=extent)
        self.set_data(pixels)

    def draw(self, renderer: Any) -> None:
        """Draw the photograph, in SVG as JPEG."""
        if not _in_svg(self, renderer):
            super().draw(renderer)
            return
        written = BytesIO()
        pixels: Any = self.get_array()
        image = Image.fromarray((np.asarray(pixels) * 255).round().astype(np.uint8))
        _, _, across, _ = _place(self, renderer)
        if image.width > (width := round(SHARPNESS * across)):
            image = image.resize((width, round(width * image.height / image.width)))
        image.save(written, format="jpeg", quality=45, optimize=True)
        jpeg = base64.b64encode(written.getvalue()).decode("ascii")
        _write(self, renderer, f"data:image/jpeg;base64,{jpeg}")


def _in_svg(image: AxesImage, renderer: Any) -> bool:
    return hasattr(renderer, "writer") and image.get_visible()


def _place(image: AxesImage, renderer: Any) -> tuple[float, float, float, float]:
    """Left, top, width and height in the SVG."""
    left, right, lower, upper = image.get_extent()
    corners = image.axes.transData.transform([(left, upper), (right, lower)])
    (x, top), (x_end, bottom) = corners
    return x, renderer.height - top, x_end - x, top - bottom


def _write(
    image: AxesImage, renderer: Any, address: str, look: dict[str, str] | None = None
) -> None:
    sides = zip(("x", "y", "width", "height"), _place(image, renderer), strict=True)
    renderer.writer.element(
        "image",
        **{name: f"{length:.6g}" for name, length in sides},
        preserveAspectRatio="none",
        attrib={"xlink:href": address, **(look or {})},
    )
