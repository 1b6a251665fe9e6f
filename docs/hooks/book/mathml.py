r"""Write formulas as MathML while the site is built, so that reading them needs no script.

`pymdownx.arithmatex` finds `$...$` and `$$...$$`; here what it found is converted. The
font is STIX Two Math, cut down to the signs that formulas use.
"""

import html
import io
import logging
import re
from importlib.metadata import distribution
from pathlib import Path

from engine.complaints import complain
from engine.kept import digest, keep, made_by, recall
from latex2mathml.converter import convert
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

FONT = "assets/stix-two-math.woff2"

MADE_BY = made_by(__file__)
SIGNS = "".join(
    [
        *map(chr, range(0x20, 0x7F)),
        *"ΓΔΘΛΣΦΨΩαβγδελμπστθφωϕϵ",
        *map(chr, range(0x1D400, 0x1D468)),  # bold and italic Latin
        *"𝛼𝛽𝛾𝛿𝜆𝜇𝜋𝜎𝜏𝜃𝜑𝜔𝜙𝜖",
        "ℎℝ·⋅×±−∂∇∏∑∞√∈∼≈≠≤≥∝…⋯‖∣→↦⊤′",
    ]
)
"""The signs that the font keeps; a test checks that pages use no other."""


def add_font(files: Files, config: MkDocsConfig, content: bytes) -> None:
    """Add the font of the formulas to the site."""
    files.append(File.generated(config, FONT, content=content))


def write_formulas(html: str, page: Page) -> str:
    """Write the formulas of a page as MathML, and tell the template if there are any."""
    pattern = r'<(span|div) class="arithmatex">\\[(\[](.*?)\\[)\]]</\1>'
    content = re.sub(pattern, lambda match: _mathml(match, page), html, flags=re.DOTALL)
    page.meta["math"] = "<math" in content
    return content


def _mathml(match: re.Match[str], page: Page) -> str:
    formula = html.unescape(match[2]).strip()
    block = match[1] == "div"
    try:
        written: str = convert(formula, display="block" if block else "inline")
    except Exception as error:
        complain(page, f"latex2mathml cannot read ${formula}$: {type(error).__name__} {error}")
        return match[0]
    if "\\" in written:
        complain(page, f"latex2mathml does not know a command in ${formula}$")
    # A long formula scrolls on a narrow screen, and so must be reachable by keyboard.
    return f'<div class="math" tabindex="0">{written}</div>' if block else written


def font(folder: Path) -> bytes:
    """Cut STIX Two Math, which ziamath ships under the SIL Open Font Licence."""
    path = folder / f"{digest(repr(MADE_BY))}.woff2"
    if (content := recall(path)) is not None:
        return content
    # Imported here: with a cut font at hand, half a second less.
    from fontTools import subset
    from fontTools.ttLib import TTFont

    logging.getLogger("fontTools").setLevel(logging.WARNING)
    source = distribution("ziamath").locate_file("ziamath/fonts/STIXTwoMath-Regular.ttf")
    cut = TTFont(str(source), recalcTimestamp=False)
    subsetter = subset.Subsetter(subset.Options(layout_features=[], hinting=False))
    subsetter.populate(text=SIGNS)
    subsetter.subset(cut)
    cut.flavor = "woff2"
    written = io.BytesIO()
    cut.save(written)
    content = written.getvalue()
    keep(path, content)
    return content
