"""Look into the package as it would be published: python tests/archives.py build/dist.

The folder holds what `python -m build` has made. Its wheel holds the package and nothing else,
needs what the package needs, and works far from the project.
"""

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from zipfile import ZipFile

ROOT = Path(__file__).parent.parent
NEEDS = {"torch", "numpy", "matplotlib", "pillow"}
"""What the package needs; what the site needs is an extra."""
PROGRAM = """
import sys
sys.path.insert(0, sys.argv[1])
import torch, attncues
from attncues import draw_heatmaps, show_heatmaps
show_heatmaps(torch.eye(10).reshape(1, 1, 10, 10), xlabel="Keys", ylabel="Queries")
draw_heatmaps(torch.eye(10)).savefig("weights.svg")
from attncues.figures import FIGURES
FIGURES["heatmap"]()
assert attncues.__file__.startswith(sys.argv[1]), attncues.__file__
"""


def check(folder: Path) -> None:
    """Compare what the archives hold with the project."""
    (wheel,), (source,) = folder.glob("*.whl"), folder.glob("*.tar.gz")
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "attncues").rglob("*.py")}
    with ZipFile(wheel) as archive:
        about = {name.split("/", 1)[1] for name in archive.namelist() if ".dist-info/" in name}
        files = {name for name in archive.namelist() if ".dist-info/" not in name}
        (name,) = [name for name in archive.namelist() if name.endswith("/METADATA")]
        metadata = archive.read(name).decode()
    assert files == modules | {"attncues/py.typed"}, files ^ modules
    assert "licenses/LICENSE" in about, about
    needs = re.findall(r"^Requires-Dist: ([\w-]+)(?!.*extra ==)", metadata, re.MULTILINE)
    assert set(needs) == NEEDS, f"it needs {needs}, and should need {NEEDS}"
    with tarfile.open(source) as packed:
        names = {name.partition("/")[2] for name in packed.getnames()}
    assert names > files | {"LICENSE", "README.md", "pyproject.toml"}, files - names
    others = {name.split("/")[0] for name in names} & {"docs", "tests", ".github"}
    assert others == set(), f"these belong to the project, not to the package: {others}"


def run(wheel: Path) -> None:
    """Draw with the wheel alone."""
    with tempfile.TemporaryDirectory(prefix="installed-") as folder:
        with ZipFile(wheel) as archive:
            archive.extractall(Path(folder, "installed"))
        plain = {name: text for name, text in os.environ.items() if not name.startswith("ATTNCUES")}
        command = [sys.executable, "-I", "-c", PROGRAM, str(Path(folder, "installed"))]
        result = subprocess.run(command, cwd=folder, env=plain, capture_output=True, text=True)
        assert (result.returncode, result.stderr) == (0, ""), result.stderr
        assert "<svg" in Path(folder, "weights.svg").read_text(encoding="utf-8")


if __name__ == "__main__":
    check(Path(sys.argv[1]))
    run(next(Path(sys.argv[1]).glob("*.whl")))
    print("the archives hold the package and nothing else, and it works")
