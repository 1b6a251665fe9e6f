"""The tests of the project: git has all of them, and one that fails says what to do.

If one fails, .gitignore or the first lines of a test need a change; tests/conftest.py shows the
advice of a test that fails. Style, types, spelling and workflows are checked by pre-commit.
"""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT, copy_sources


def test_no_test_is_ignored_by_git() -> None:
    command = ["git", "ls-files", "--others", "--ignored", "--exclude-standard", "tests"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    hidden = [name for name in listed.stdout.splitlines() if name.endswith(".py")]
    assert hidden == [], "look into .gitignore: it hides these tests from git"


@pytest.mark.thorough
def test_a_test_that_fails_says_what_to_do(tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    copy_sources(sources)
    (sources / "docs" / "en" / "summary.md").write_text("It takes 3.14 s.\n", encoding="utf-8")
    tests = [path for path in sources.glob("tests/*/test_*") if path.parent.name != "unit"]
    documents = {path.name: ast.get_docstring(ast.parse(path.read_bytes())) for path in tests}
    silent = [name for name, text in documents.items() if "If one fails, " not in (text or "")]
    assert silent == [], "say in the first lines of these what to do if one of their tests fails"
    command = [sys.executable, "-m", "pytest", "-n", "0", "tests/site/test_prose.py"]
    result = subprocess.run(command, cwd=sources, capture_output=True, text=True, timeout=120)
    assert "What to do" in result.stdout
    assert "If one fails, its message says what to write instead." in result.stdout
