"""Style, types and workflows of the project itself. Each message names what mends it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT

TOOLS = Path(sys.executable).parent


@pytest.mark.parametrize(
    "command",
    [
        "ruff check .",
        "ruff format --check .",
        "mypy",
        "zizmor --offline --no-progress .github",
    ],
)
def test_nothing_is_found_by(command: str) -> None:
    name, *arguments = command.split()
    result = subprocess.run(
        [TOOLS / name, *arguments], cwd=ROOT, capture_output=True, text=True, timeout=240
    )
    mend = "mend with: ruff check --fix . && ruff format ." if name == "ruff" else "see above"
    assert result.returncode == 0, f"{result.stdout}{result.stderr}\n{mend}"


def test_no_notebook_and_nothing_built_is_in_git() -> None:
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    names = listed.stdout.splitlines()
    assert names
    built = [
        name for name in names if name.endswith(".ipynb") or name.startswith(("site/", ".cache/"))
    ]
    assert built == [], "remove them with: git rm --cached"
    tests = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")}
    assert tests <= set(names), "add them with: git add tests, and look into .gitignore"
