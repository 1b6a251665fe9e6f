"""A script is parted into cells, or it is said where it cannot be.

If one fails, see docs/hooks/engine/cells.py.
"""

from pathlib import Path

import pytest
from engine.cells import ScriptError, read_cells

SCRIPT = '''"""The cells of a page."""

# %% first-look
import math

x = """
# a comment, and no cell
"""

# %% second tags=["figure", "hide-input"]

x
'''


def test_a_script_is_parted_at_its_names(tmp_path: Path) -> None:
    path = tmp_path / "page.py"
    path.write_text(SCRIPT, encoding="utf-8")
    first, second = read_cells(path, "chapter/page.py")
    assert (first.name, first.tags, first.line) == ("first-look", frozenset(), 4)
    assert first.source.startswith("import math\n")
    assert first.source.endswith('"""')
    assert (second.name, set(second.tags)) == ("second", {"figure", "hide-input"})
    assert (second.source, second.line) == ("x", 12)


WRONG: dict[str, tuple[str | bytes, str]] = {
    "no name": ("# %%\nx = 1\n", "page.py, line 1: a cell needs a name such as first-look, got ''"),
    "spaces": ("# %% two words\n", "page.py, line 1: a cell needs a name such as first-look"),
    "twice": ("# %% a\n\n# %% b\n\n# %% a\n", "page.py, line 5: the name a is taken"),
    "unknown tag": ('# %% a tags=["hidden"]\n', "page.py, line 1: unknown tags hidden; known are"),
    "no list": ("# %% a tags=[hide-cell]\n", 'page.py, line 1: tags are written as tags=["hide'),
    "no Python": ("# %% a\nx = 1\n!ls\n", "page.py, line 3, cell a: invalid syntax"),
    "no Python below": ("# %% a\n\n\nx = (\n", "page.py, line 4, cell a: '(' was never closed"),
    "half": ("# %% a\nif x:\n# %% b\n    y\n", "page.py, line 2, cell a: expected an indented"),
    "no cells": ("x = 1\n", "page.py, line 1: the script has no cell"),
    "above": ("import a\n\n# %% b\nx = 1\n", "page.py, line 1: code stands above the first cell"),
    "no text": (b"# %% a\nx = '\xff'\n", "page.py: 'utf-8' codec can't decode byte 0xff"),
    "zeros": (b"# %% a\nx = 1\0\n", "page.py, line 2, cell a: source code string cannot contain"),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, name: str) -> None:
    content, message = WRONG[name]
    path = tmp_path / "page.py"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ScriptError) as error:
        read_cells(path, "chapter/page.py")
    assert str(error.value).startswith(f"chapter/{message}")
