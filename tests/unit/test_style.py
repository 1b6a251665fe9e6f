"""The SVG that pages show: it repeats, it keeps to itself, it follows the page."""

import re
import subprocess
import sys
import warnings
from pathlib import Path
from xml.etree import ElementTree

import matplotlib
import pytest
import torch

from attncues import draw_heatmaps
from attncues.style import INK, Figure, look, svg
from attncues.style.fonts import chinese_font

DRAW = """
import torch
from attncues import draw_heatmaps
from attncues.style import svg
print(svg(draw_heatmaps(torch.eye(3).expand(2, 2, 3, 3), titles=["a", "b"])))
"""


def drawn() -> str:
    return svg(draw_heatmaps(torch.eye(3).expand(2, 2, 3, 3), titles=["a", "b"]))


def test_it_repeats_in_every_process() -> None:
    result = subprocess.run(
        [sys.executable, "-c", DRAW],
        env={"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == drawn(), result.stderr


def test_a_screen_reader_finds_an_image_with_words() -> None:
    root = ElementTree.fromstring(drawn())
    assert root.get("role") == "img"
    title, description = root[0], root[1]
    assert (title.tag.split("}")[1], title.text) == ("title", "Heatmap of Queries by Keys")
    assert description.tag.split("}")[1] == "desc"
    assert "2 by 2 heatmaps, each 3 rows (Queries) by 3 columns (Keys)." in (description.text or "")


def test_ink_becomes_the_colour_of_the_page() -> None:
    written = drawn()
    assert INK not in written
    assert "currentColor" in written
    assert "#000000" not in written


def test_text_stays_text_in_the_font_of_the_page() -> None:
    written = drawn()
    assert re.search(r"<text[^>]*>Queries</text>", written)
    assert "font-family:" not in written


def test_it_reaches_nothing_beyond_itself() -> None:
    written = drawn()
    assert "<style" not in written
    names = re.findall(r' id="([^"]+)"', written)
    used = {*re.findall(r"url\(#([^)]+)\)", written), *re.findall(r'href="#([^"]+)"', written)}
    assert len(names) == len(set(names))
    assert set(names) == used
    others = re.findall(r' id="([^"]+)"', svg(draw_heatmaps(torch.ones(2, 2))))
    assert not set(names) & set(others)


def test_settings_outside_neither_matter_nor_change() -> None:
    expected = drawn()
    with matplotlib.rc_context({"font.size": 30, "svg.fonttype": "path", "image.cmap": "gray"}):
        before = dict(matplotlib.rcParams)
        assert drawn() == expected
        assert dict(matplotlib.rcParams) == before


def test_a_figure_shows_itself_as_svg() -> None:
    with look():
        figure = Figure(figsize=(1, 1))
        figure.text(0.5, 0.5, "a < b & c")
    figure.title, figure.description = "less & more", "<nothing>"
    written = figure._repr_svg_()
    root = ElementTree.fromstring(written)
    assert [root[0].text, root[1].text] == ["less & more", "<nothing>"]
    assert "a &lt; b &amp; c" in written


def test_chinese_text_needs_a_font_only_where_text_is_drawn(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    figure = draw_heatmaps([[1.0, 2.0]], lang="zh")
    monkeypatch.setattr("attncues.style.fonts.chinese_font", lambda: None)
    figure.savefig(tmp_path / "figure.svg")
    for kind in ("png", "pdf"):
        with pytest.raises(RuntimeError, match="apt install fonts-noto-cjk"):
            figure.savefig(tmp_path / f"figure.{kind}")
        draw_heatmaps([[1.0, 2.0]]).savefig(tmp_path / f"english.{kind}")


@pytest.mark.skipif(chinese_font() is None, reason="no font with Chinese signs")
def test_with_a_font_chinese_text_is_drawn(tmp_path: Path) -> None:
    figure = draw_heatmaps([[1.0, 2.0]], lang="zh")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(tmp_path / "figure.png")
    assert svg(figure) == svg(draw_heatmaps([[1.0, 2.0]], lang="zh"))


def test_a_figure_can_be_drawn_again_in_the_other_language() -> None:
    figure = draw_heatmaps([[1.0, 2.0]], titles=["Attention weights"])
    assert figure.again is not None
    chinese = draw_heatmaps([[1.0, 2.0]], titles=["Attention weights"], lang="zh")
    assert svg(figure.again("zh")) == svg(chinese)
    assert "注意力权重" in svg(chinese)


def test_labels_are_translated_only_if_all_are_known() -> None:
    shown = svg(draw_heatmaps([[1.0, 2.0]], xticklabels=["cup", "book"], lang="zh"))
    assert "咖啡杯" in shown
    tokens = svg(draw_heatmaps([[1.0, 2.0]], xticklabels=["cup", "the"], lang="zh"))
    assert "咖啡杯" not in tokens
    assert ">cup<" in tokens
