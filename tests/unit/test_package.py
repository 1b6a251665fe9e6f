"""What someone meets who imports the package, or reads the README."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

import attncues
from tests.conftest import ROOT


def loaded_after(code: str) -> set[str]:
    probe = f"import sys\n{code}\nprint(*sys.modules)"
    result = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True
    )
    return set(result.stdout.split())


def test_importing_the_package_loads_neither_torch_nor_matplotlib() -> None:
    assert not {"torch", "matplotlib"} & loaded_after("import attncues")


def test_pooling_does_not_load_matplotlib() -> None:
    assert "matplotlib" not in loaded_after("from attncues import attention_pooling")


def test_every_public_name_is_there() -> None:
    assert set(attncues.__all__) <= set(dir(attncues))
    for name in attncues.__all__:
        assert callable(getattr(attncues, name))
    assert not hasattr(attncues, "no_such_name")


LAYERS = [
    {"words", "threads", "numbers", "weights", "live"},
    {"pooling", "scenes"},
    {"saliency", "glimpse", "induction", "orienting", "translation", "transformer", "style"},
    {"practice"},
    {"showing"},
    {"heatmaps"},
    {"gaze", "diagrams"},
    {"chapter"},
    {"figures"},
    {"__main__"},
]
"""The rooms of the package; each imports only those above it in this list."""
COMPUTING = {"threads", "numbers", "live", "weights", "pooling", "scenes", "saliency"}
COMPUTING |= {"glimpse", "induction", "orienting", "translation", "transformer", "practice"}


def imports(path: Path) -> set[str]:
    """The modules that a module of the package imports, wherever it does so."""
    parents = path.relative_to(ROOT).with_suffix("").parts[:-1]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(parents[: len(parents) + 1 - node.level]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            found |= {f"{module}.{alias.name}" for alias in node.names}
    return found


def test_imports_only_point_down_and_computing_knows_no_drawing() -> None:
    level = {room: number for number, rooms in enumerate(LAYERS) for room in rooms}
    rooms = {path.stem for path in (ROOT / "attncues").iterdir() if path.suffix in ("", ".py")}
    assert level.keys() == rooms - {"__init__", "__pycache__"}, "give each room its layer"
    for path in sorted((ROOT / "attncues").rglob("*.py")):
        room = path.relative_to(ROOT / "attncues").parts[0].removesuffix(".py")
        if room in ("__init__", "chapter"):
            continue
        for name in imports(path):
            package, *inner = name.split(".")
            if package == "attncues" and inner[0] not in (room, "__version__"):
                assert level[inner[0]] < level[room], f"{path} imports {name}, which is above it"
            assert not (package == "matplotlib" and room in COMPUTING), f"{path} imports {name}"


@pytest.mark.thorough
def test_the_figure_in_the_readme_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "weights.png").read_bytes().startswith(b"\x89PNG")


def test_a_citation_names_this_version() -> None:
    cited = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited == [attncues.__version__], "write the version of attncues into CITATION.cff"
