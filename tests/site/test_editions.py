"""The Chinese edition goes in step with the English one.

If one fails, it names the page: make the same change in both editions. More is in
docs/en/contributing.md below "Translate"; docs/hooks/book/editions.py compares the two, and
so does each build.
"""

import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from urllib.parse import urljoin

import pytest
from bs4 import BeautifulSoup
from markdown.extensions.toc import slugify

from tests.conftest import ROOT, SMALL, Project, thorough

ENGLISH, CHINESE = ROOT / "docs" / "en", ROOT / "docs" / "zh"
PAGES = sorted(path.name for path in ENGLISH.glob("*.md"))
FENCE = re.compile(r"^(`{3,})([^`\s]*)([^\n]*)\n(.*?)^\1[ \t]*$", re.MULTILINE | re.DOTALL)
FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def text(folder: Path, page: str) -> str:
    return FRONT.sub("", (folder / page).read_text(encoding="utf-8"))


def headings(page: str, folder: Path) -> list[tuple[int, str]]:
    found = re.findall(r"^(#{2,}) (.+)$", FENCE.sub("", text(folder, page)), re.MULTILINE)
    anchors = []
    for marks, title in found:
        given = re.search(r"\{#([\w-]+)\}", title)
        anchors.append((len(marks), given[1] if given else slugify(re.sub("[`*]", "", title), "-")))
    return anchors


def test_each_page_has_its_twin() -> None:
    assert sorted(path.name for path in CHINESE.glob("*.md")) == PAGES, (
        "copy the page that has no twin to the other folder, and translate what you can: see "
        "docs/en/contributing.md"
    )


@pytest.mark.parametrize("page", PAGES)
def test_twins_have_the_same_headings(page: str) -> None:
    assert headings(page, CHINESE) == headings(page, ENGLISH), (
        f"docs/zh/{page}: a Chinese heading ends in the English {{#anchor}}; see “Translate” in "
        "docs/en/contributing.md"
    )


# What is built


@pytest.mark.parametrize("page", thorough(PAGES, but=["cues.md", "gallery.md", "index.md"]))
def test_built_pages_name_their_language_and_their_twin(built: Project, page: str) -> None:
    name = "" if page == "index.md" else page.removesuffix(".md")
    for folder, lang in (("", "en"), ("zh", "zh")):
        html = built.html(f"{folder}/{name}".strip("/"))
        soup = BeautifulSoup(html, "html.parser")
        frame = f"{folder}/{page}: see the plugin i18n in mkdocs.yml and docs/overrides"
        assert soup.html is not None, frame
        assert soup.html["lang"] == lang, frame
        alternates = {str(tag["hreflang"]) for tag in soup.select("link[rel~=alternate][hreflang]")}
        assert alternates == {"en", "zh"}, frame
        switch = soup.select_one(f"a.md-select__link[hreflang={'en' if lang == 'zh' else 'zh'}]")
        assert switch is not None, frame
        here = urljoin(built.environment()["SITE_URL"], f"{folder}/{name}/".lstrip("/"))
        twin = urljoin(
            built.environment()["SITE_URL"], f"{'' if folder else 'zh'}/{name}/".lstrip("/")
        )
        leads = urljoin(here.rstrip("/") + "/", str(switch["href"]))
        assert leads.rstrip("/") == twin.rstrip("/"), f"the switch leaves the page; {frame}"


def test_figures_speak_the_language_of_their_page(built: Project) -> None:
    drawn = ("cues", "visual-search", "queries-keys-values", "reading-heatmaps")
    more = ("hard-attention", "more-exercises", "cues-in-the-laboratory", "transformers")
    for page in (*drawn, *more):  # the rest has tokens of both
        for folder in ("", "zh/"):
            soup = BeautifulSoup(built.html(f"{folder}{page}"), "html.parser")
            figures = soup.select("figure.computed svg")
            assert figures, f"{folder}{page} shows no figure: does a cell state a caption?"
            words = [
                tag.get_text() for figure in figures for tag in figure.select("text, desc, title")
            ]
            chinese = re.compile("[\u4e00-\u9fff]")
            other = re.compile("[A-Za-z]{3,}") if folder else chinese
            assert [word for word in words if other.search(word)] == [], (
                f"a figure of {folder}{page} has words of the other language: put them into "
                "attncues/words"
            )


def test_the_reference_speaks_the_language_of_its_page(built: Project) -> None:
    english, chinese = built.html("api"), built.html("zh/api")
    assert "Parameters:" in english and "参数：" not in english, (
        "see speak in docs/hooks/book/editions.py"
    )
    assert "参数：" in chinese and "Parameters:" not in chinese, (
        "see speak in docs/hooks/book/editions.py"
    )


def test_both_editions_run_the_same_code_once(small_built: Project) -> None:
    scripts = list((SMALL / "chapter").glob("[a-z]*.py"))
    assert len(list(small_built.runs.glob("*.json"))) == len(scripts)


# When the English page changes


@pytest.mark.thorough
def test_a_stale_page_says_so_with_cells_and_without_and_fails_nothing(small: Project) -> None:
    pages = {"zh/index.md": "zh", "zh/summary.md": "zh/summary"}
    editions(small, "done", "zh/third.md", "--yes")
    for page in pages:
        assert "is up to date" in editions(small, "done", page, "--yes")
        small.edit(page.replace("zh", "docs/en"), "#", "<!-- new -->\n\n#")
    result = small.build()
    assert result.code == 0, result.log
    listed = editions(small)
    for page, address in pages.items():
        assert "译文尚未更新" in small.html(address)
        assert re.search(f"stale +{page}", listed)
        assert "is up to date" in editions(small, "done", page, "--yes")
    assert "译文尚未更新" not in small.html("zh/third")
    assert "译文尚未更新" in small.html("zh/second")  # it states no source
    assert "译文尚未更新" not in small.html("")
    result = small.build()
    assert result.code == 0, result.log
    for address in pages.values():
        assert "译文尚未更新" not in small.html(address)


@pytest.mark.thorough
def test_missing_and_orphaned_pages_are_listed(small: Project) -> None:
    (small.folder / "docs/zh/summary.md").rename(small.folder / "docs/zh/other.md")
    listed = editions(small)
    assert re.search(r"missing +zh/summary.md", listed)
    assert re.search(r"orphaned +zh/other.md", listed)
    for page, advice in (
        ("summary", "there is no docs/zh/summary.md yet: copy docs/en/summary.md to it"),
        ("other", "there is no docs/en/other.md yet: copy docs/zh/other.md to it"),
    ):
        assert advice in editions(small, "diff", f"zh/{page}.md", code=2)


@pytest.mark.thorough
def test_what_changed_in_the_english_page_is_shown(small: Project) -> None:
    git = ["git", "-c", "user.name=one", "-c", "user.email=one@example.org"]
    for command in (["init", "-q"], ["add", "docs"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], cwd=small.folder, check=True)
    said = editions(small, "diff", "zh/summary.md")
    assert "Read it beside en/summary.md; once they say the same:" in said
    assert "editions.py done zh/summary.md" in said
    editions(small, "done", "zh/summary.md")
    small.append("docs/en/summary.md", "\nA new sentence.\n")
    assert "+A new sentence." in editions(small, "diff", "zh/summary.md")


# Both claim the same


@pytest.mark.thorough
def test_a_difference_fails_the_build_unless_paragraphs_differ_in_a_stale_translation(
    small: Project,
) -> None:
    small.append("docs/en/summary.md", "\nThe first four fixations.\n")
    small.append("docs/zh/summary.md", "\n前三次注视。\n")
    result = small.build()
    assert result.code == 0, result.log  # it states no source
    small.edit("docs/zh/summary.md", "前三次", "前四次")
    assert "is up to date" in editions(small, "done", "zh/summary.md")
    result = small.build()
    assert result.code == 0, result.log
    small.edit("docs/zh/summary.md", "前四次", "前三次")
    result = small.build()
    assert result.code != 0
    for told in (
        "zh/summary.md: line",
        "another number",
        "The first four fixations.",
        "前三次注视",
    ):
        assert told in result.log
    assert "前三次注视" in editions(small, "check", code=1)
    small.edit("docs/zh/summary.md", "前三次", "前四次")
    small.edit("docs/en/summary.md", "first four", "first three")
    result = small.build()
    assert result.code != 0 and "The first three fixations." in result.log  # stale, and told
    small.edit("docs/zh/summary.md", "前四次", "前两次")
    small.append("docs/en/summary.md", "\nMore.\n")
    result = small.build()
    assert result.code == 0, result.log
    assert "0 of 0 translations" in editions(small, "check")
    assert "another number" in editions(small, "check", "zh/summary.md", code=1)


def test_a_translation_that_differs_is_not_marked(small: Project) -> None:
    small.edit("docs/zh/index.md", "largest:.2f", "largest:.1f")
    told = editions(small, "done", "zh/index.md", "--yes", code=1)
    assert "another fact" in told and "largest:.1f" in told
    assert "source:" not in (small.folder / "docs/zh/index.md").read_text("utf-8")


CLAIM = "The largest weight is {{ largest:.2f }}"


@pytest.mark.thorough
def test_a_claim_is_shown_and_without_a_terminal_marked_only_with_yes(small: Project) -> None:
    told = editions(small, "done", "zh/index.md", code=1)
    assert told.count(CLAIM) == 2 and "add --yes" in told
    assert "source:" not in (small.folder / "docs/zh/index.md").read_text("utf-8")
    assert "is up to date" in editions(small, "done", "zh/index.md", "--yes")
    assert "No cell stands here" not in editions(small, "done", "zh/summary.md")


@pytest.mark.parametrize(
    ("answer", "marked"),
    [("\n\n\n", True), ("y\ny\ny\n", True), ("what?\nyes\ny\ny\n", True), ("y\ny\nn\n", False)],
)
def test_on_a_terminal_someone_is_asked(small: Project, answer: str, marked: bool) -> None:
    told, code = on_a_terminal(small, answer, "done", "zh/index.md")
    assert told.count(CLAIM) == 2
    assert "Do both claim the same?" in told
    assert ("source:" in (small.folder / "docs/zh/index.md").read_text("utf-8")) == marked
    assert code == (0 if marked else 1)
    assert ("is not marked" in told) != marked


@pytest.mark.thorough
def test_what_nobody_has_changed_is_not_asked_again(small: Project) -> None:
    git = ["git", "-c", "user.name=one", "-c", "user.email=one@example.org"]
    for page in ("en", "zh"):
        small.append(f"docs/{page}/index.md", "\nThe least is {{ largest:.1f }}.\n")
    editions(small, "done", "zh/index.md", "--yes")
    for command in (["init", "-q"], ["add", "docs"], ["commit", "-q", "-m", "one"]):
        subprocess.run([*git, *command], cwd=small.folder, check=True)
    assert "is up to date" in editions(small, "done", "zh/index.md")
    small.edit("docs/zh/index.md", "The least is", "最小的不是")
    told = editions(small, "done", "zh/index.md", code=1)
    assert "最小的不是" in told and "The least is" in told
    assert CLAIM not in told


def test_help_explains_each_command() -> None:
    told = editions(Project(ROOT), "--help")
    for command in ("list", "diff PAGE", "check PAGE", "done PAGE"):
        assert re.search(rf"editions.py {command}  +\w+", told)


def editions(project: Project, *arguments: str, code: int = 0) -> str:
    result = subprocess.run(
        [sys.executable, "docs/hooks/book/editions.py", *arguments],
        cwd=project.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    assert result.returncode == code, result.stdout
    return result.stdout


def on_a_terminal(project: Project, typed: str, *arguments: str) -> tuple[str, int]:
    here, there = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "docs/hooks/book/editions.py", *arguments],
        cwd=project.folder,
        stdin=there,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    os.write(here, typed.encode())
    told, _ = process.communicate(timeout=60)
    os.close(here)
    os.close(there)
    return told, process.returncode
