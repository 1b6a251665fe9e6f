"""Install what requirements.txt names, the project itself and weights of models, into .venv.

    python3 install.py

Whatever index a file comes from, it must have one of the hashes that stand in requirements.txt,
or, for weights, in attncues/weights.py.
"""

import re
import subprocess
import sys
import tempfile
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).parent
PYTHON = ROOT / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
TORCH = "https://download.pytorch.org/whl/cpu"
"""The index of torch without CUDA, which takes gigabytes. It is asked for no other name."""


def entries(lock: str) -> list[tuple[str, str]]:
    """The name and the text of each entry of the lock: a version, a marker, hashes."""
    found = re.finditer(r"^([\w.-]+)==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    return [(entry[1], entry[0]) for entry in found]


def run(*command: str | Path) -> None:
    """Run a program, and end with it if it fails: it has said why."""
    if failed := subprocess.run(command).returncode:
        sys.exit(failed)


def pip(*arguments: str | Path) -> None:
    """Install with the pip of .venv, and nothing but what is named."""
    run(PYTHON, "-m", "pip", "install", "--no-deps", *arguments)


def install(names: Collection[str], *options: str) -> None:
    """Install the entries of the lock that have these names."""
    lock = entries((ROOT / "requirements.txt").read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as folder:
        part = Path(folder, "requirements.txt")
        part.write_text("".join(text for name, text in lock if name in names), encoding="utf-8")
        pip("--require-hashes", "--requirement", part, *options)


def main() -> None:
    """Make .venv, and fill it: torch, what builds, what may have to be built, then weights."""
    run(sys.executable, "-m", "venv", ROOT / ".venv")
    names = {name for name, _ in entries((ROOT / "requirements.txt").read_text(encoding="utf-8"))}
    install({"torch"}, "--index-url", TORCH)
    install({"setuptools"})
    install(names - {"torch", "setuptools"}, "--no-build-isolation")
    pip("--no-build-isolation", "--editable", ROOT)
    run(PYTHON, "-m", "attncues", "weights")


if __name__ == "__main__":
    main()
