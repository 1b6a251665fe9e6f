"""Every figure of the pages is in the gallery, and the command draws the same.

If one fails, compare how attncues/figures.py runs the cell of the page and how
docs/hooks/engine/worker.py does, and the entry with docs/hooks/book/gallery.py.
"""

import re
from pathlib import Path

import pytest
from bs4 import BeautifulSoup

from attncues.figures import FIGURES
from attncues.style import Language, svg
from tests.conftest import Project

EDITIONS: list[tuple[Language, str]] = [("en", ""), ("zh", "zh/")]


def without_page(text: str) -> str:
    """A figure without what a page changes: its name, its identifiers, an explorer."""
    text = re.sub(r"<title>.*?</title>|<title ?/>", "", text, count=1)
    text = text.replace(' xmlns="http://www.w3.org/2000/svg"', "")
    text = re.sub(r' data-(?:map(?=>)|file|(?:explorer|figure|source)="[^"]*")', "", text)
    return re.sub(r"(?<=[\"#])(?:[0-9a-f]{8}|f\d+)-(\d+)(?=[\")])", r"\1", text)


def opening(text: str) -> str:
    """What stands on the page of a figure that is a file: its size and its words."""
    return text[: text.index("</desc>")]


@pytest.mark.thorough
def test_the_figures_of_the_pages_are_those_of_the_package(built: Project) -> None:
    for lang, folder in EDITIONS:
        drawn = {name: svg(FIGURES[name](lang)) for name in FIGURES}
        placed: list[str] = []
        for page in (built.site / folder).glob("*/index.html"):
            if not folder and page.parent.name == "zh":
                continue
            placed += check(page, drawn)
        placed += check(built.site / folder / "index.html", drawn)
        assert set(placed) == set(FIGURES), (
            "a cell tagged as a figure that no page shows below a caption"
        )
        for name, text in drawn.items():
            file = built.site / folder / "figures" / f"{name}.svg"
            assert file.read_text("utf-8") == text, f"{file.name}: see docs/hooks/book/gallery.py"


def check(page: Path, drawn: dict[str, str]) -> list[str]:
    """Compare each figure of a page with the one that its links name; return their names."""
    html = page.read_text(encoding="utf-8")
    named = []
    for figure in re.findall(r'<figure class="computed".*?</figure>', html, re.DOTALL):
        names = re.findall(r'href="[^"]*gallery/#([\w-]+)"', figure)
        shown = re.findall(r"<svg.*?</svg>", figure, re.DOTALL)
        if names:
            large = [f'figures/{one}.svg"' in text for one, text in zip(names, shown, strict=True)]
            expected = [
                opening(without_page(drawn[one])) if alone else without_page(drawn[one])
                for one, alone in zip(names, large, strict=True)
            ]
            found = [
                opening(without_page(text)) if alone else without_page(text)
                for text, alone in zip(shown, large, strict=True)
            ]
            assert found == expected, (
                f"{page.parent.name}: {names} come out otherwise from attncues/figures.py: does a "
                "cell depend on something besides the cells above it?"
            )
            named += names
    return named


def test_the_gallery_offers_every_figure_in_every_format(built: Project) -> None:
    starts = {".svg": b"<svg", ".png": b"\x89PNG", ".pdf": b"%PDF"}
    for lang, folder in EDITIONS:
        soup = BeautifulSoup(built.html(f"{folder}gallery"), "html.parser")
        here = built.site / folder / "gallery"
        shown = [entry["id"] for entry in soup.select(".entry")]
        assert shown == list(FIGURES), "the gallery should show all of FIGURES"
        for entry in soup.select(".entry"):
            name = str(entry["id"])
            [image] = entry.select("img[loading=lazy][width][height]")
            assert image["alt"], f"{name}: state    alt: ... below its cell"
            assert (here / str(image["src"])).is_file()
            offered = [here / str(link["href"]) for link in entry.select("a[download]")]
            assert [path.suffix for path in offered] == list(starts)
            for path in offered:
                assert path.read_bytes().startswith(starts[path.suffix])
            option = "" if lang == "en" else " --lang zh"
            assert f"python -m attncues figures {name}{option}" in entry.get_text()
            reference = entry.select_one('details a[href*="#attncues."]')
            assert reference is not None, f"{name}: what its cell calls belongs in docs/*/api*.md"
            assert f'id="{str(reference["href"]).partition("#")[2]}"' in "".join(
                path.read_text("utf-8") for path in (built.site / folder).glob("api*/index.html")
            )
