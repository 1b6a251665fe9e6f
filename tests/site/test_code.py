"""Style, types, spelling and workflows of the project itself.

If one fails, its message names a command or a file. A message without one is about the checks
themselves: .pre-commit-config.yaml names them, docs/hooks/check.py looks at pages, and
tests/conftest.py shows what to do.
"""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, copy_sources


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """A repository with the project's files, as hooks may change what they check."""
    copy_sources(tmp_path / "sources")
    for command in ("init -q", "add --all"):
        subprocess.run(["git", *command.split()], cwd=tmp_path / "sources", check=True)
    return tmp_path / "sources"


def pre_commit(folder: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    tools = Path(sys.executable).parent
    return subprocess.run(
        [tools / "pre-commit", "run", "--show-diff-on-failure", *arguments],
        cwd=folder,
        env={
            **os.environ,
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "PRE_COMMIT_HOME": str(folder.parent / "pre-commit"),
            "MYPY_CACHE_DIR": str(ROOT / ".mypy_cache"),
        },
        capture_output=True,
        text=True,
        timeout=240,
    )


def test_pre_commit_finds_nothing(sources: Path) -> None:
    result = pre_commit(sources, "--all-files")
    assert result.returncode == 0, (
        f"{result.stdout}{result.stderr}\nThis mends what a program can mend, and names the rest: "
        "pre-commit run --all-files"
    )


def test_no_test_is_ignored_by_git(sources: Path) -> None:
    here, there = (
        {path.relative_to(root) for path in (root / "tests").rglob("*.py")}
        for root in (ROOT, sources)
    )
    assert here == there, "look into .gitignore: it hides these tests from git"


def test_a_test_that_fails_says_what_to_do(sources: Path) -> None:
    (sources / "docs" / "en" / "summary.md").write_text("It takes 3.14 s.\n", encoding="utf-8")
    tests = [path for path in sources.glob("tests/*/test_*") if path.parent.name != "unit"]
    documents = {path.name: ast.get_docstring(ast.parse(path.read_bytes())) for path in tests}
    silent = [name for name, text in documents.items() if "If one fails, " not in (text or "")]
    assert silent == [], "say in the first lines of these what to do if one of their tests fails"
    command = [sys.executable, "-m", "pytest", "-n", "0", "tests/site/test_prose.py"]
    result = subprocess.run(command, cwd=sources, capture_output=True, text=True, timeout=120)
    assert "What to do" in result.stdout
    assert "If one fails, its message says what to write instead." in result.stdout


WRONG = {
    "docs/en/a.md": ("Re" + "cieved.", ["==> Received", "needs a description"]),
    "docs/en/b.md": ("!ls", ["en/b.md, cell 1 (line 12)", "not plain Python"]),
    "docs/en/c.md": ("draw_heatmaps(weights)", ['add alt="..." to the fence']),
    "docs/en/g.md": ("1\n```\n\n```python tags=3", ["en/g.md, cell 2 (line 15)", 'tags=["..."]']),
    "docs/en/d.ipynb": ("{}", ["git rm --cached docs/en/d.ipynb"]),
    "docs/en/e.svg": ("<svg/>", ["git rm --cached docs/en/e.svg"]),
    "tests/f.csv": ("1\n" * 300_000, ["git rm --cached tests/f.csv"]),
}


def test_what_is_found_is_named_with_what_mends_it(sources: Path) -> None:
    page = (sources / "tests" / "small" / "second.md").read_text(encoding="utf-8")
    front = page[: page.index("\n# ") + 1]
    for name, (content, _) in WRONG.items():
        cell = f"{front}# A page\n\n```python\n{content}\n```\n"
        text = cell if name in ("docs/en/b.md", "docs/en/c.md", "docs/en/g.md") else content
        (sources / name).write_text(text, encoding="utf-8")
    subprocess.run(["git", "add", "--force", *WRONG], cwd=sources, check=True)
    result = pre_commit(sources, "--files", *WRONG)
    assert result.returncode != 0
    wanted = [finding for _, findings in WRONG.values() for finding in findings]
    assert [finding for finding in wanted if finding not in result.stdout] == []


def test_a_translation_that_is_stale_is_no_finding(sources: Path) -> None:
    page = sources / "docs" / "en" / "summary.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nMore.\n", encoding="utf-8")
    assert pre_commit(sources, "files", "--files", "docs/en/summary.md").returncode == 0
