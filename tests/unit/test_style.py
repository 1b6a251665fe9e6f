"""The SVG that pages show: it repeats, it keeps to itself, it follows the page."""

import base64
import copy
import os
import re
import subprocess
import sys
import warnings
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any, get_args
from xml.etree import ElementTree

import matplotlib
import numpy as np
import pytest
import torch
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen
from matplotlib import font_manager
from PIL import Image

import attncues
from attncues import draw_heatmaps
from attncues.diagrams import draw_pooling
from attncues.gaze import draw_priority, draw_searches
from attncues.style import INK, THEMES, Figure, FontError, Theme, fonts, look, render, svg
from attncues.style.images import Photograph

DRAW = """
import torch
from attncues import draw_heatmaps
from attncues.style import svg
print(svg(draw_heatmaps(torch.eye(3).expand(2, 2, 3, 3), titles=["a", "b"])))
"""


def drawn() -> str:
    return svg(draw_heatmaps(torch.eye(3).expand(2, 2, 3, 3), titles=["a", "b"]))


@pytest.mark.thorough
def test_it_repeats_in_every_process() -> None:
    result = subprocess.run(
        [sys.executable, "-c", DRAW],
        env={"PYTHONHASHSEED": "1"},
        capture_output=True,
        text=True,
    )
    assert result.stdout.strip() == drawn(), result.stderr


def test_what_most_texts_and_lines_share_is_said_once_and_the_rest_where_it_is() -> None:
    figure = Figure()
    sizes = {"a": (8, "left"), "b": (8, "center"), "c": (8, "center"), "d": (12, "right")}
    for name, (size, side) in sizes.items():
        figure.text(0.5, 0.5, name, fontsize=size, ha=side)
    axes = figure.add_axes((0, 0, 1, 1), frameon=False, xticks=[], yticks=[])
    joins = {"#010101": "miter", "#020202": "miter", "#030303": "round", "#040404": "bevel"}
    for colour, join in joins.items():
        axes.plot([0, 1, 0], [0, 0, 1], color=colour, solid_joinstyle=join)
    root = ElementTree.fromstring(svg(figure))

    def drawn_with(element: ElementTree.Element, name: str) -> str:
        own = re.search(rf"(?:^|;){name}:([^;]*)", element.get("style", ""))
        return own[1] if own else root.attrib[name]

    anchors = {"left": "start", "center": "middle", "right": "end"}
    texts = {str(one.text): one for one in root.iter("{http://www.w3.org/2000/svg}text")}
    assert texts.keys() == sizes.keys()
    for name, (size, side) in sizes.items():
        assert drawn_with(texts[name], "font-size") == f"{size}px"
        assert drawn_with(texts[name], "text-anchor") == anchors[side]
    assert sum("font-size" in one.get("style", "") for one in texts.values()) == 1
    for colour, join in joins.items():
        [line] = [one for one in root.iter() if f"stroke:{colour}" in one.get("style", "")]
        assert drawn_with(line, "stroke-linejoin") == join
    assert len(re.findall("stroke-linejoin", svg(figure))) <= 1 + 2  # on the root, and two differ


def test_a_path_ends_where_it_began_once_and_no_background_is_drawn() -> None:
    for path in re.findall(r' d="([^"]*)"', drawn()):
        for start, rest in re.findall(r"M([^A-Za-z]+)([^MZz]*)z", path):
            assert not rest.endswith(f"L{start}")
        assert not re.search(r"\.\d{3}", path)
    assert 'style="fill:none"/>' not in drawn()


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


# A font for Chinese text.


def make_font(path: Path, family: str, text: str = "查询与键的热图") -> None:
    """Write a font whose signs are all the same square."""
    pen = TTGlyphPen(None)
    for place, move in (((0, 0), pen.moveTo), ((0, 700), pen.lineTo), ((700, 700), pen.lineTo)):
        move(place)
    pen.closePath()
    square = pen.glyph()
    signs = {ord(sign): f"sign{number}" for number, sign in enumerate(sorted(set(text)))}
    names = [".notdef", *signs.values()]
    builder = FontBuilder(1000)
    builder.setupGlyphOrder(names)
    builder.setupCharacterMap(signs)
    builder.setupGlyf(dict.fromkeys(names, square))
    builder.setupHorizontalMetrics(dict.fromkeys(names, (800, 0)))
    builder.setupHorizontalHeader(ascent=800, descent=-200)
    builder.setupNameTable({"familyName": family, "styleName": "Regular"})
    builder.setupOS2()
    builder.setupPost()
    path.parent.mkdir(parents=True, exist_ok=True)
    builder.save(path)


@pytest.fixture
def fonts_of(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Make a machine that has just these fonts, of which matplotlib knows nothing yet."""
    shipped = [one for one in font_manager.fontManager.ttflist if "matplotlib" in one.fname]
    monkeypatch.setattr(font_manager.fontManager, "ttflist", shipped)
    monkeypatch.setattr(fonts, "folders", lambda: [tmp_path / "fonts"])

    def install(*families: str) -> None:
        for family in families:
            make_font(tmp_path / "fonts" / "cjk" / f"{family.replace(' ', '')}.ttf", family)

    fonts.chinese_font.cache_clear()
    yield install
    fonts.chinese_font.cache_clear()
    font_manager.fontManager._findfont_cached.cache_clear()  # type: ignore[attr-defined]


CUTS = [f"Noto Sans CJK {cut}" for cut in ("HK", "JP", "KR", "SC", "TC")]


def test_of_all_cuts_of_a_font_the_simplified_one_is_taken(fonts_of: Callable[..., None]) -> None:
    fonts_of(*CUTS, "Source Han Sans SC")
    assert fonts.chinese_font() == "Noto Sans CJK SC"


def test_another_cut_is_no_font_for_simplified_chinese(
    fonts_of: Callable[..., None], tmp_path: Path
) -> None:
    fonts_of(*(cut for cut in CUTS if not cut.endswith("SC")), "Noto Sans Mono CJK SC")
    with pytest.raises(FontError, match="apt install fonts-noto-cjk"):
        draw_heatmaps([[1.0, 2.0]], lang="zh").savefig(tmp_path / "figure.png")


def test_with_a_font_chinese_text_is_drawn(fonts_of: Callable[..., None], tmp_path: Path) -> None:
    fonts_of("Noto Sans CJK SC")
    (tmp_path / "fonts" / "NotoSansSC-Broken.ttf").write_bytes(b"no font")
    figure = draw_heatmaps([[1.0, 2.0]], lang="zh")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        figure.savefig(tmp_path / "figure.png")
        figure.savefig(tmp_path / "figure.pdf")
    assert svg(figure) == svg(draw_heatmaps([[1.0, 2.0]], lang="zh"))


@pytest.mark.thorough
def test_a_kernel_that_ignores_the_fonts_of_the_machine_finds_one_all_the_same(
    tmp_path: Path,
) -> None:
    make_font(tmp_path / "fonts" / "SourceHanSansCN-Regular.ttf", "Source Han Sans CN")
    code = """
import warnings; warnings.simplefilter("error")
from attncues import draw_heatmaps, style
from matplotlib import font_manager
known = len(font_manager.fontManager.ttflist)
figure = draw_heatmaps([[1.0, 2.0]])
style.render(figure, "png")
assert len(font_manager.fontManager.ttflist) == known, "looked for before it was needed"
print(style.render(figure.again("zh"), "pdf")[:4], style.fonts.chinese_font())
"""
    environment = os.environ | {
        "XDG_DATA_HOME": str(tmp_path),
        "MPLCONFIGDIR": str(tmp_path),
        "MPL_IGNORE_SYSTEM_FONTS": "1",
        "PYTHONPATH": str(Path(attncues.__file__).parents[1]),
    }
    result = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True
    )
    assert result.returncode == 0, result.stderr
    assert "b'%PDF'" in result.stdout
    assert result.stdout.split()[1:] in (
        ["Source", "Han", "Sans", "CN"],
        ["Noto", "Sans", "CJK", "SC"],
    )


# The other language.


def test_a_figure_can_be_drawn_again_in_the_other_language() -> None:
    figure = draw_heatmaps([[1.0, 2.0]], titles=["Attention weights"])
    assert figure.again is not None
    chinese = draw_heatmaps([[1.0, 2.0]], titles=["Attention weights"], lang="zh")
    assert svg(figure.again("zh")) == svg(chinese)
    assert "注意力权重" in svg(chinese)


WEIGHTS = [[0.25, 0.75], [0.5, 0.5]]
GIVEN: dict[str, Callable[[], tuple[Any, Callable[[Any], Figure], Callable[[Any], Any]]]] = {
    "tensor": lambda: (torch.tensor(WEIGHTS), draw_heatmaps, torch.zero_),
    "view": lambda: (torch.tensor(WEIGHTS), lambda t: draw_heatmaps(t[None]), torch.zero_),
    "tuple": lambda: (torch.tensor(WEIGHTS), lambda t: draw_heatmaps((t[None],)), torch.zero_),
    "array": lambda: (np.array(WEIGHTS), draw_heatmaps, lambda given: given.fill(0)),
    "lists": lambda: (copy.deepcopy(WEIGHTS), draw_heatmaps, lambda given: given[0].reverse()),
    "mask": lambda: (
        torch.eye(2).bool(),
        lambda mask: draw_heatmaps(WEIGHTS, mask=mask),
        torch.zero_,
    ),
    "names": lambda: (
        ["cup", "book"],
        lambda names: draw_heatmaps(WEIGHTS, xticklabels=names),
        list.reverse,
    ),
    "map": lambda: (torch.tensor(WEIGHTS), draw_priority, torch.zero_),
    "searches": lambda: (
        {"feature": {4: 1.0, 8: 1.0}},
        draw_searches,
        lambda given: given["feature"].update({4: 3.0}),
    ),
    "keys": lambda: (torch.tensor([[1.0, 0.2], [-1.0, 0.4]]), over_keys, torch.zero_),
}
"""What figures are drawn from, how, and what changes it."""


def over_keys(keys: torch.Tensor) -> Figure:
    return draw_pooling(keys[0], keys, torch.eye(3)[:2], names=["a", "b"], features=["x", "y"])


@pytest.mark.parametrize("what", GIVEN)
def test_what_changes_after_the_call_changes_no_figure(what: str) -> None:
    shown = []
    for changed in (False, True):
        given, draw, change = GIVEN[what]()
        figure = draw(given)
        if changed:
            change(given)
        assert figure.again is not None
        shown.append([svg(figure), svg(figure.again("zh")), explored(figure)])
    assert shown[0] == shown[1]


def explored(figure: Figure) -> Any:
    return figure.explorer() if callable(figure.explorer) else figure.explorer


def test_what_has_a_history_or_cannot_be_copied_is_drawn_all_the_same() -> None:
    class Own:
        def __array__(self, dtype: Any = None, copy: Any = None) -> Any:
            return np.eye(2)

        def __deepcopy__(self, memo: Any) -> Any:
            raise TypeError("one of its kind")

    assert svg(draw_heatmaps(Own())) == svg(draw_heatmaps(np.eye(2)))
    learned = torch.eye(2).requires_grad_() * 1.0
    assert svg(draw_heatmaps([[learned]])) == svg(draw_heatmaps(torch.eye(2)[None, None]))


def test_labels_are_translated_only_if_all_are_known() -> None:
    shown = svg(draw_heatmaps([[1.0, 2.0]], xticklabels=["cup", "book"], lang="zh"))
    assert "咖啡杯" in shown
    tokens = svg(draw_heatmaps([[1.0, 2.0]], xticklabels=["cup", "the"], lang="zh"))
    assert "咖啡杯" not in tokens
    assert ">cup<" in tokens


def test_a_figure_names_what_drew_it_as_a_reader_imports_it() -> None:
    assert draw_heatmaps(torch.eye(2)).drawn_by == "attncues.heatmaps.draw_heatmaps"
    assert draw_priority(torch.eye(9)).drawn_by == "attncues.gaze.draw_priority"
    assert faint().drawn_by == "attncues.diagrams.draw_pooling"


def test_in_english_a_label_stays_what_it_is() -> None:
    labels: dict[str, Any] = {"xticklabels": ["paper", "cup"], "titles": ["paper"]}
    figure = draw_heatmaps([[1.0, 2.0]], "paper", "paper", **labels)
    assert "research" not in svg(figure)
    assert "columns (paper)" in figure.description
    assert "论文" in svg(draw_heatmaps([[1.0, 2.0]], "paper", lang="zh"))


# Files.


def faint() -> Figure:
    """A figure with ink of all kinds: lines, marks, edges, text, and some that is faint."""
    return over_keys(torch.tensor([[1.0, 0.2], [-1.0, 0.4]]))


@pytest.mark.parametrize(
    "draw", [faint, lambda: draw_heatmaps([[0.2, 0.8]]), lambda: draw_priority(torch.eye(9))]
)
def test_a_theme_leaves_the_figure_as_it_was(draw: Callable[[], Figure]) -> None:
    figure = draw()
    written = svg(figure)
    assert "currentColor" in written
    dark = render(figure, "png", theme="dark")
    assert svg(figure) == written
    assert render(figure, "png", theme="light") == render(draw(), "png", theme="light") != dark
    assert render(figure, "png", theme="dark") == dark
    render(figure, "svg", theme="dark")
    render(figure, "pdf", theme="light")
    assert svg(figure) == written


@pytest.mark.parametrize("theme", get_args(Theme))
@pytest.mark.parametrize(
    "text",
    ["$5 and $6", "currentColor", 'class="paper"', INK, "url(#x) <&\"'>", "\x00\x1b", "\ud800"],
)
def test_text_is_text_in_every_theme(text: str, theme: Theme) -> None:
    figure = draw_heatmaps([[1.0]], xticklabels=[text], titles=[text])
    figure.title = figure.description = text
    root = ElementTree.fromstring(render(figure, theme=theme))
    shown = text.replace("\x00\x1b", "␀␛").replace("\ud800", "\ufffd")
    named = shown.replace("␀␛", r"\x00\x1b")
    assert [one.text for one in root[:2]] == [shown, shown]
    assert [one.text for one in root.iter() if one.tag.endswith("text")].count(named) == 2


def test_render_keeps_colours_that_follow_others() -> None:
    figure = Figure(figsize=(1, 1))
    axes = figure.add_subplot()
    (line,) = axes.plot([0, 1], "o-", color=INK)
    dots = axes.scatter([0, 1], [1, 0], color=INK)
    dots.set_edgecolor("face")
    render(figure, "png", theme="dark")
    line.set_color("red")
    dots.set_facecolor("red")
    assert line.get_markerfacecolor() == "red"
    edges: Any = dots.get_edgecolor()
    assert list(edges[0]) == [1, 0, 0, 1]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_faint_ink_follows_the_theme_too(theme: Theme) -> None:
    with look():
        figure = Figure(figsize=(1, 1))
        figure.add_axes((0, 0, 1, 1)).fill([0, 1, 1, 0], [0, 0, 1, 1], color=INK, alpha=0.5)
        figure.axes[0].set(xlim=(0, 1), ylim=(0, 1))
        figure.axes[0].axis("off")
    image = Image.open(BytesIO(render(figure, "png", theme=theme))).convert("RGB")
    both = [matplotlib.colors.to_rgb(colour) for colour in THEMES[theme]]
    expected = [255 * (ink + paper) / 2 for ink, paper in zip(*both, strict=True)]
    middle: Any = image.getpixel((image.width // 2, image.height // 2))
    assert list(middle) == pytest.approx(expected, abs=2)


def test_a_theme_colours_ink_and_paper_and_no_word() -> None:
    figure = draw_heatmaps([[0.2, 0.8]], 'class="paper" fill="#fff"', "currentColor")
    written = render(figure, theme="dark").decode()
    root = ElementTree.fromstring(written)
    assert root[0].text == 'Heatmap of currentColor by class="paper" fill="#fff"'
    assert 'class="paper"' not in re.sub(">[^<]*<", "><", written)
    ink, paper = THEMES["dark"]
    assert f'fill="{paper}"' in written
    assert f"fill:{ink}" in written
    assert "currentColor" not in re.sub(">[^<]*<", "><", written)


def test_a_photograph_is_as_sharp_at_the_right_as_at_the_left() -> None:
    pixels = np.random.default_rng(0).random((300, 600, 3))
    sizes = set()
    for left in (0.0, 0.5):
        with look():
            figure = Figure(figsize=(4, 1))
            axes = figure.add_axes((left, 0, 0.5, 1), xlim=(0, 2), ylim=(1, 0))
            axes.add_artist(Photograph(axes, pixels, (0, 2, 1, 0)))
        (jpeg,) = re.findall(r"data:image/jpeg;base64,([^\"]+)", svg(figure))
        sizes.add(Image.open(BytesIO(base64.b64decode(jpeg))).size)
    assert sizes == {(288, 144)}, "two pixels a point"
