"""Whether the colours of the site can be told from paper, and from each other.

If one fails, choose others at the top of docs/assets/site.css.
"""

import re
from itertools import combinations

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.conftest import ROOT

Colour = NDArray[np.float64]

SIMULATED: dict[str, list[list[float]]] = {
    "everyone": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
    "protanopia": [[0.152, 1.053, -0.205], [0.115, 0.786, 0.099], [-0.004, -0.048, 1.052]],
    "deuteranopia": [[0.367, 0.861, -0.228], [0.280, 0.673, 0.047], [-0.012, 0.043, 0.969]],
    "tritanopia": [[1.256, -0.077, -0.179], [-0.078, 0.931, 0.148], [0.005, 0.691, 0.304]],
}
"""What a reader sees of linear red, green and blue: Machado, Oliveira & Fernandes (2009)."""
TO_XYZ = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
WHITE = np.array([0.9505, 1.0, 1.089])
PARTS = ["query", "key", "value", "weight"]


def colours(scheme: str) -> dict[str, Colour]:
    """The colours of a scheme, linear, by the names of their variables."""
    css = (ROOT / "docs" / "assets" / "site.css").read_text("utf-8")
    (block,) = re.findall(rf'\[data-md-color-scheme="{scheme}"\] \{{([^}}]*--paper[^}}]*)\}}', css)
    written = re.findall(r"--([a-z]+): #([0-9a-f]{6});", block)
    parts = {name: np.array(list(bytes.fromhex(value))) / 255 for name, value in written}
    return {
        name: np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
        for name, rgb in parts.items()
    }


def lab(linear: Colour) -> Colour:
    """CIE L*a*b*, in which distances are about as large as they look."""
    x, y, z = np.cbrt(TO_XYZ @ linear.clip(0, 1) / WHITE)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def contrast(one: Colour, other: Colour) -> float:
    dark, light = sorted(float(TO_XYZ[1] @ colour) for colour in (one, other))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_words_stand_out_from_their_paper(scheme: str) -> None:
    named = colours(scheme)
    for name in ("ink", "quiet", "accent", *PARTS):
        for paper in ("paper", "raised"):
            assert contrast(named[name], named[paper]) >= 4.5, (name, paper)


@pytest.mark.parametrize("reader", SIMULATED)
@pytest.mark.parametrize("scheme", ["default", "slate"])
def test_query_key_value_and_weight_differ_for_colour_blind_readers(
    scheme: str, reader: str
) -> None:
    seen = {name: lab(np.array(SIMULATED[reader]) @ colours(scheme)[name]) for name in PARTS}
    for one, other in combinations(PARTS, 2):
        assert np.linalg.norm(seen[one] - seen[other]) > 25, (one, other)
