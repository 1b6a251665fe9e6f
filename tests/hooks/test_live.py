"""The build runs each live cell in MicroPython, too, and says where it comes out otherwise.

If one fails, see docs/hooks/book/live.py. MicroPython is put into .venv by install.py.
"""

import gzip
import json
import re
from pathlib import Path
from typing import Any

import pytest
from book import live
from book.figures import EXPLORER
from mkdocs.exceptions import Abort

from tests.conftest import ROOT, Project

LIVE = ROOT / "docs" / "live"


def stream(text: str) -> dict[str, Any]:
    return {"output_type": "stream", "name": "stdout", "text": text}


def result(text: str) -> dict[str, Any]:
    return {"output_type": "execute_result", "data": {"text/plain": text}}


def answer(printed: str = "", text: str | None = None, **more: Any) -> dict[str, Any]:
    return {"printed": printed, "answer": {"text": text, "heatmaps": [], "error": None} | more}


HEATMAP = {
    "shape": [1, 2],
    "values": [[0.25, None]],
    "grid": [1, 1],
    "xlabel": "Keys",
    "ylabel": "Queries",
    "columns": None,
    "rows": ["cup"],
}
FIGURE = {
    "output_type": "display_data",
    "data": {
        "image/svg+xml": "<svg/>",
        EXPLORER: {
            "kind": "heatmap",
            "data": {
                "shape": [1, 2],
                "values": [[0.2500001, None]],
                "en": {"columns": None, "rows": ["cup"], "title": "Heatmap of Queries by Keys"},
            },
        },
    },
}


def test_the_same_text_and_the_same_numbers_are_no_difference() -> None:
    assert list(live.differences([stream("1\n"), result("2")], answer("1\n", "2"))) == []
    assert list(live.differences([FIGURE], answer(heatmaps=[HEATMAP]))) == []


@pytest.mark.parametrize(
    ("outputs", "answered", "said"),
    [
        ([result("2")], answer(text="3"), "shows in the browser\n\n3"),
        ([result("2")], answer(), "by torch,\n\n2"),
        ([], answer("1\n"), "shows in the browser\n\n1"),
        ([], answer(error={"type": "TypeError", "message": "no"}), "raises .* TypeError: no"),
        ([FIGURE], answer(), "draws 0 heatmaps in the browser, and on the page 1"),
        (
            [FIGURE],
            answer(heatmaps=[HEATMAP | {"values": [[0.2501, None]]}]),
            "draws other numbers",
        ),
        ([FIGURE], answer(heatmaps=[HEATMAP | {"values": [[0.25, 0.5]]}]), "other numbers"),
        ([FIGURE], answer(heatmaps=[HEATMAP | {"rows": ["book"]}]), "names in the browser"),
        (
            [{"output_type": "display_data", "data": {"image/svg+xml": "<svg/>"}}],
            answer(),
            "no heatmap",
        ),
    ],
)
def test_a_difference_is_named(
    outputs: list[dict[str, Any]], answered: dict[str, Any], said: str
) -> None:
    (difference,) = live.differences(outputs, answered)
    assert re.search(said, difference, re.DOTALL)


def test_without_micropython_a_build_says_what_mends_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(live, "MICROPYTHON", tmp_path)
    with pytest.raises(Abort, match=r"is not in .*: python3 install\.py"):
        live._micropython()


CELL = """
# %% sum tags=["live"]
import torch

print("drawn", 3)
torch.tensor([1.0, 2.0]).softmax(0)
"""
BLOCK = """
/// cell | sum
///
"""


def with_live_cell(project: Project, cell: str = CELL) -> None:
    project.append("attncues/chapter/third.py", cell)
    for edition in ("en", "zh"):
        project.append(f"docs/{edition}/third.md", BLOCK)


@pytest.mark.thorough
def test_a_live_cell_is_published_and_checked(small: Project) -> None:
    with_live_cell(small)
    built = small.build()
    assert built.code == 0, built.log
    for path in ("third", "zh/third"):
        html = small.html(path)
        assert 'data-cells="sum"' in html
        assert "'wasm-unsafe-eval'" in html
    assert "live/start.js" not in small.html("second")
    (data,) = (small.site / "live").glob("cells-*.js")
    told = json.loads(data.read_text("utf-8").removeprefix("attncues.data(")[: -len(");\n")])
    assert told["cells"]["sum"]["code"] == CELL.partition("\n# ")[2].partition("\n")[2].strip("\n")

    # What a reader would get has changed: the build names page, cell, and both.
    right = "data[start + place * inner] = power / total"
    small.edit("docs/live/python/torch.py", right, right.replace(" / total", ""))
    built = small.build()
    assert built.code != 0
    assert "attncues/chapter/third.py" in built.log
    assert "the live cell sum shows in the browser" in built.log
    assert "tensor([0.3679, 1.0000])" in built.log
    assert "tensor([0.2689, 0.7311])" in built.log


def test_what_a_page_loads_is_small() -> None:
    """The first view grows by less than 2 kB, and pressing Edit loads less than 300 kB."""

    def weight(*paths: Path) -> int:
        return sum(len(gzip.compress(path.read_bytes())) for path in paths)

    assert weight(LIVE / "start.js") < 1_500
    own = [*LIVE.rglob("*.py"), *LIVE.glob("*.js"), *LIVE.glob("*.css"), LIVE / "worker.mjs"]
    pages = [ROOT / "attncues" / name for name in live.AS_THEY_ARE]
    assert 0 < weight(*own, *pages) < 40 * 1024, "take out what nobody needs"
    assert weight(*own, *pages, *live._micropython()) < 290_000, "a page's own cells come on top"
