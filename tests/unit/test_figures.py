"""What someone meets who writes the figures of the site with the command."""

import io
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

import pytest
import torch
from PIL import Image

import attncues
from attncues.__main__ import main
from attncues.figures import FIGURES, files, page_of
from tests.conftest import ROOT, tree

PAIRS = {"pair-misleading", "pair-shared", "pair-panels"}


def draw(out: Path, *arguments: str) -> int:
    return main(["figures", "--out", str(out), *arguments])


def test_without_arguments_it_says_what_it_can_do(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    assert "figures 'desk-*' heatmap" in capsys.readouterr().out


def test_help_comes_with_examples_and_without_torch() -> None:
    probe = (
        "import runpy, sys\nsys.argv = ['attncues', 'figures', '--help']\n"
        "try: runpy.run_module('attncues', run_name='__main__')\n"
        "finally: assert 'torch' not in sys.modules"
    )
    result = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    assert "examples:" in result.stdout


def test_all_are_listed_each_with_its_page(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert draw(tmp_path / "out", "--list") == 0
    lines = capsys.readouterr().out.splitlines()
    listed = [line.split(maxsplit=1) for line in lines]
    assert [name for name, _ in listed] == list(FIGURES)
    assert dict(listed)["heatmap"] == page_of("heatmap")
    titles = [
        re.findall(r"^# (.+)$", path.read_text("utf-8"), re.MULTILINE)[0]
        for path in (ROOT / "docs" / "en").glob("*.md")
    ]
    assert {title for _, title in listed} <= set(titles)
    assert not (tmp_path / "out").exists()


def test_names_and_patterns_choose_figures_which_are_written_only_if_they_differ(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert draw(tmp_path, "pair-*", "identity", "pair-shared") == 0
    assert set(tree(tmp_path)) == {f"{name}.svg" for name in PAIRS | {"identity"}}
    assert capsys.readouterr().out.count("written ") == 4
    changed = tmp_path / "identity.svg"
    before = tree(tmp_path)
    changed.write_bytes(b"something else")
    times = {path: path.stat().st_mtime_ns for path in tmp_path.iterdir()}
    assert draw(tmp_path, "pair-*", "identity") == 0
    output = capsys.readouterr()
    assert (output.out.count("unchanged "), output.out.count("written ")) == (3, 1)
    assert tree(tmp_path) == before
    touched = {path for path in tmp_path.iterdir() if path.stat().st_mtime_ns != times[path]}
    assert touched == {changed}
    assert output.err == "", "no bar where there is no terminal"


@pytest.mark.parametrize(("name", "said"), [("heatmp", "heatmap"), ("zz-*", "--list")])
def test_an_unknown_name_is_refused_before_anything_is_drawn(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str, said: str
) -> None:
    with pytest.raises(SystemExit) as refusal:
        draw(tmp_path / "out", "identity", name)
    assert refusal.value.code == 2
    error = capsys.readouterr().err.splitlines()[-1]
    assert repr(name) in error
    assert said in error
    assert not (tmp_path / "out").exists()


def test_each_format_is_what_its_name_says(tmp_path: Path) -> None:
    assert draw(tmp_path, "identity", "--format", "svg", "png", "pdf", "--dpi", "50") == 0
    written = tree(tmp_path)
    starts = {name: content[:4] for name, content in written.items()}
    assert starts == {"identity.svg": b"<svg", "identity.png": b"\x89PNG", "identity.pdf": b"%PDF"}
    width = Image.open(io.BytesIO(written["identity.png"])).width
    assert draw(tmp_path, "identity", "--format", "png", "--dpi", "100") == 0
    assert abs(Image.open(tmp_path / "identity.png").width - 2 * width) <= 1


def colours(png: Path) -> tuple[tuple[int, ...], set[tuple[int, ...]]]:
    """The colour of the upper left corner, and all others."""
    image = Image.open(png).convert("RGB")
    counted = image.getcolors(image.width * image.height)
    found = {colour for _, colour in counted or [] if isinstance(colour, tuple)}
    corner = image.getpixel((0, 0))
    assert isinstance(corner, tuple)
    return corner, found


@pytest.mark.parametrize(
    ("theme", "paper", "ink"),
    [
        ("auto", (255, 255, 255), (0x1B, 0x1F, 0x24)),
        ("light", (255, 255, 255), (0x1B, 0x1F, 0x24)),
        ("dark", (0x14, 0x18, 0x1F), (0xE6, 0xEB, 0xF2)),
    ],
)
def test_a_theme_has_its_ink_and_its_paper_in_every_format(
    tmp_path: Path, theme: str, paper: tuple[int, ...], ink: tuple[int, ...]
) -> None:
    assert draw(tmp_path, "identity", "--theme", theme, "--format", "svg", "png", "pdf") == 0
    corner, found = colours(tmp_path / "identity.png")
    assert corner == paper
    assert ink in found
    assert (1, 2, 3) not in found
    svg = (tmp_path / "identity.svg").read_text(encoding="utf-8")
    assert ("currentColor" in svg) == (theme == "auto")
    assert ("#14181f" in svg) == (theme == "dark")


def test_figures_speak_chinese(tmp_path: Path) -> None:
    assert draw(tmp_path, "identity", "--lang", "zh") == 0
    assert "注意力权重" in (tmp_path / "identity.svg").read_text(encoding="utf-8")


def test_an_error_stands_in_the_place_of_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> NoReturn:
        raise ValueError("no ink")

    monkeypatch.setitem(FIGURES, "identity", fail)
    written = files("identity", ("svg", "png"))
    assert {kind: repr(error) for kind, error in written.items()} == dict.fromkeys(
        ("svg", "png"), "ValueError('no ink')"
    )


def test_a_figure_that_fails_does_not_stop_the_others(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def need(*_: object) -> NoReturn:
        raise ModuleNotFoundError("No module named 'skimage'", name="skimage")

    monkeypatch.setitem(FIGURES, "coffee", need)  # as if it were not installed
    assert draw(tmp_path, "coffee", "identity") == 1
    assert set(tree(tmp_path)) == {"identity.svg"}
    [line] = capsys.readouterr().err.splitlines()
    assert "coffee.svg" in line
    assert "needs skimage, as the site does: pip install 'attncues[docs]'" in line


def test_without_a_chinese_font_one_line_names_what_to_install(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("attncues.style.fonts.chinese_font", lambda: None)
    assert draw(tmp_path, "identity", "--lang", "zh", "--format", "png", "svg") == 1
    assert set(tree(tmp_path)) == {"identity.svg"}
    [line] = capsys.readouterr().err.splitlines()
    assert "identity.png" in line
    assert "apt install fonts-noto-cjk" in line


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "identity.svg").write_bytes(b"the old one")
    write_bytes = Path.write_bytes

    def interrupted(path: Path, content: bytes) -> int:
        write_bytes(path, content[:100])
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "write_bytes", interrupted)
    assert draw(tmp_path, "identity", "heads") == 130
    assert tree(tmp_path) == {"identity.svg": b"the old one"}
    assert "interrupted" in capsys.readouterr().err


def test_a_folder_that_cannot_be_written_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    assert draw(tmp_path / "out", "identity") == 1
    [line] = capsys.readouterr().err.splitlines()
    assert "out" in line


@pytest.mark.thorough
def test_other_processes_write_the_same_bytes(tmp_path: Path) -> None:
    chosen = ["identity", "heads", "--format", "svg", "png", "pdf"]
    assert draw(tmp_path / "one", *chosen) == 0
    command = [sys.executable, "-m", "attncues", "figures", *chosen, "--jobs", "2"]
    environment = os.environ | {"PYTHONHASHSEED": "7", "OMP_NUM_THREADS": "2"}
    subprocess.run([*command, "--out", str(tmp_path / "two")], env=environment, check=True)
    assert len(tree(tmp_path / "one")) == 6
    assert tree(tmp_path / "one") == tree(tmp_path / "two")


def test_a_terminal_sees_how_far_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    assert draw(tmp_path, "identity", "heads") == 0
    assert "] 1 of 2" in terminal.getvalue()
    assert terminal.getvalue().endswith("\r\x1b[K"), "the bar is taken away"


def test_drawing_leaves_random_numbers_and_threads_of_others_alone() -> None:
    state, threads = torch.get_rng_state(), torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        for name in ("heads", "pooling-layers"):
            assert isinstance(files(name)["svg"], bytes)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(threads)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version"], f"attncues {attncues.__version__}"),
        (["figures", "nosuch"], "did you mean"),
        (["figures", "heatmp"], "did you mean heatmap"),
    ],
)
def test_a_word_from_the_command_line_comes_at_once(arguments: list[str], said: str) -> None:
    code = "import sys; from attncues.__main__ import main\n"
    code += f"try: main({arguments})\nfinally: assert 'torch' not in sys.modules"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert said in ran.stdout + ran.stderr
    assert "AssertionError" not in ran.stderr
