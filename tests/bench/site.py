"""Time builds of the site beside plain mkdocs-jupyter builds of the same pages.

    python tests/bench/site.py

Both are measured in this run, on this machine, one after the other. The column `fresh`
tells whether a change in the package reached the page that shows it.
"""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

ROOT = Path(__file__).parent.parent.parent
PAGE = "docs/en/visualising-attention.md"
MODULE = "attncues/layouts.py"

PLAIN = """
site_name: Attention Cues
docs_dir: docs/en
theme: { name: material }
plugins:
  - mkdocs-jupyter: { execute: true }
markdown_extensions: [admonition, attr_list, def_list, footnotes, md_in_html, pymdownx.superfences]
"""


class Copy:
    """A copy of the project that can be built and edited."""

    def __init__(self, folder: Path, *, plain: bool) -> None:
        self.folder = folder
        self.plain = plain
        for part in ("attncues", "docs"):
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "mkdocs.yml", folder)
        if plain:
            (folder / "mkdocs.yml").write_text(PLAIN)
            # Pages without cells are as they are; the reference needs another plugin.
            (folder / "docs/en/api.md").write_text("# API reference\n")

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": str(self.folder),
            "PYTHONUNBUFFERED": "1",
        }

    def build(self) -> float:
        """Return the seconds that a build takes."""
        start = time.perf_counter()
        command = [sys.executable, "-m", "mkdocs", "build"]
        result = subprocess.run(
            command, cwd=self.folder, env=self.environment(), capture_output=True, text=True
        )
        if result.returncode:
            sys.exit(result.stdout + result.stderr)
        return time.perf_counter() - start

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            sys.exit(f"{file} no longer has {old!r}: renew the edits of this benchmark")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def edit_prose(self, word: str) -> None:
        self.edit(PAGE, "Scores are not weights", f"Scores are not weights ({word})")

    def shown(self) -> str:
        return (self.folder / "site/visualising-attention/index.html").read_text(encoding="utf-8")

    def edit_under_serve(self) -> float:
        """Return the seconds from saving a page to its being served."""
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            address = f"127.0.0.1:{free.getsockname()[1]}"
        log = self.folder / "serve.log"
        with log.open("w") as output:
            command = [sys.executable, "-m", "mkdocs", "serve", "--dev-addr", address]
            server = subprocess.Popen(
                command, cwd=self.folder, env=self.environment(), stdout=output, stderr=output
            )
        try:
            _wait_until(lambda: "Serving on" in log.read_text(), server)
            self.edit_prose("Served")
            start = time.perf_counter()
            url = f"http://{address}/visualising-attention/"
            _wait_until(lambda: "Reloading browsers" in log.read_text(), server)
            with urlopen(url) as response:
                assert b"weights (Served)" in response.read()
            return time.perf_counter() - start
        finally:
            server.terminate()
            server.wait()

    def measure(self) -> list[str]:
        cold, warm = self.build(), self.build()
        self.edit_prose("Edited")
        prose = self.build()
        served = self.edit_under_serve()
        self.build()
        before = self.shown()
        self.edit(MODULE, "BAR_WIDTH = 10.0, 8.0", "BAR_WIDTH = 10.0, 16.0")
        module = self.build()
        fresh = "yes" if self.shown() != before else "no"
        largest = max(path.stat().st_size for path in (self.folder / "site").rglob("*.html"))
        seconds = [f"{value:.1f}" for value in (cold, warm, prose, served, module)]
        return [*seconds, fresh, f"{largest / 1000:.0f}"]


def _wait_until(condition: Callable[[], bool], server: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 120
    while not condition():
        if server.poll() is not None or time.monotonic() > deadline:
            sys.exit("mkdocs serve did not get there")
        time.sleep(0.02)


def main() -> None:
    """Print the table."""
    header = ["", "cold s", "warm s", "prose s", "serve s", "module s", "fresh", "largest kB"]
    print("".join(f"{name:>12}" for name in header))
    for name, plain in (("this site", False), ("plain", True)):
        with tempfile.TemporaryDirectory(prefix="attncues-bench-") as folder:
            row = [name, *Copy(Path(folder) / "project", plain=plain).measure()]
        print("".join(f"{value:>12}" for value in row), flush=True)


if __name__ == "__main__":
    main()
