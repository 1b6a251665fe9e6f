"""What someone meets who imports the package, or reads the README."""

import re
import subprocess
import sys
from pathlib import Path

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


def test_the_figure_in_the_readme_runs(tmp_path: Path) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", (ROOT / "README.md").read_text(), re.DOTALL)
    subprocess.run([sys.executable, "-c", code], cwd=tmp_path, check=True)
    assert (tmp_path / "weights.png").read_bytes().startswith(b"\x89PNG")


def test_a_citation_names_this_version() -> None:
    cited = re.findall(r"^version: (.+)$", (ROOT / "CITATION.cff").read_text("utf-8"), re.MULTILINE)
    assert cited == [attncues.__version__], "write the version of attncues into CITATION.cff"
