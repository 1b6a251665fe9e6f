"""Time builds of the site beside plain mkdocs-jupyter builds of the same pages.

    python tests/bench/site.py
    python tests/bench/site.py --pages 1 10 50

Both are measured in this run, on this machine, one after the other. The column `fresh`
tells whether a change in the package reached the page that shows it.

With `--pages` it tells how builds grow: with so many copies of one quick page, in both
languages, each with code of its own, in the place of all pages with cells.
"""

import argparse
import contextlib
import os
import re
import resource
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import psutil

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
            for path in (folder / "docs/en").glob("api*.md"):
                path.write_text("# API reference\n")

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": str(self.folder),
            "PYTHONUNBUFFERED": "1",
        }

    def multiply(self, count: int) -> None:
        """Put copies of one page in the place of all pages with cells."""
        settings = self.folder / "mkdocs.yml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(re.sub(r"^nav:\n(?: .*\n)+", "", text, flags=re.M), encoding="utf-8")
        for edition in ("en", "zh"):
            folder = self.folder / "docs" / edition
            page = (folder / Path(PAGE).name).read_text(encoding="utf-8")
            for path in folder.glob("*.md"):
                if "kernelspec" in path.read_text(encoding="utf-8"):
                    path.unlink()
            for number in range(count):
                copy = page.replace("manual_seed(1)", f"manual_seed(1)  # {number}")
                name = f"copy-{number}.md" if number else Path(PAGE).name
                (folder / name).write_text(copy, encoding="utf-8")
            (folder / "index.md").write_text("# Copies\n", encoding="utf-8")
            for path in folder.glob("*.md"):
                # Links may lead to pages that are gone.
                text = path.read_text(encoding="utf-8")
                text = re.sub(r"\[([^\]]+)\]\([^:()]*\.md[^()]*\)", r"\1", text)
                path.write_text(text, encoding="utf-8")

    def build_and_weigh(self) -> tuple[float, float, float]:
        """Return the seconds of a build, its CPU seconds, and its greatest memory in GB.

        Memory is that of the build and its kernels, what they share counted once.
        """
        command = [sys.executable, "-m", "mkdocs", "build", "--quiet"]
        before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        with (self.folder / "build.log").open("w") as log:
            build = psutil.Popen(
                command, cwd=self.folder, env=self.environment(), stdout=log, stderr=log
            )
            most = 0
            while build.poll() is None:
                most = max(most, _memory(build))
                time.sleep(0.2)
        if build.returncode:
            sys.exit((self.folder / "build.log").read_text())
        took, after = time.perf_counter() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return took, cpu, most / 1e9

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

    def measure_growth(self, count: int) -> list[str]:
        self.multiply(count)
        cold = self.build_and_weigh()
        warm = self.build_and_weigh()
        self.edit_prose("Edited")
        prose = self.build_and_weigh()
        served = self.edit_under_serve()
        seconds = [value for took, cpu, _ in (cold, warm, prose) for value in (took, cpu)]
        memory = [cold[2], warm[2]]
        return [
            *(f"{value:.1f}" for value in (*seconds, served)),
            *(f"{value:.2f}" for value in memory),
        ]

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


def _memory(build: psutil.Popen) -> int:
    total = 0
    for process in (build, *build.children(recursive=True)):
        with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):  # it has ended
            total += process.memory_full_info().pss
    return total


def _print_row(row: list[str]) -> None:
    print("".join(f"{value:>12}" for value in row), flush=True)


def compare() -> None:
    """Print the table of this site and a plain one."""
    _print_row(["", "cold s", "warm s", "prose s", "serve s", "module s", "fresh", "largest kB"])
    for name, plain in (("this site", False), ("plain", True)):
        with tempfile.TemporaryDirectory(prefix="attncues-bench-") as folder:
            _print_row([name, *Copy(Path(folder) / "project", plain=plain).measure()])


def grow(counts: list[int]) -> None:
    """Print how a build grows with its pages."""
    names = [f"{name} {unit}" for name in ("cold", "warm", "prose") for unit in ("s", "CPU s")]
    _print_row(["pages", *names, "serve s", "cold GB", "warm GB"])
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="attncues-bench-") as folder:
            copy = Copy(Path(folder) / "project", plain=False)
            _print_row([str(count), *copy.measure_growth(count)])


def main() -> None:
    parser = argparse.ArgumentParser(description="Time builds of the site.")
    parser.add_argument(
        "--pages",
        nargs="+",
        type=int,
        metavar="N",
        help=f"measure how builds grow, with N copies of {PAGE} and its translation, each with "
        "code of its own; other pages with cells are left out, since some train: 50 of them would "
        "take an hour, while 50 copies take some minutes on two cores",
    )
    options = parser.parse_args()
    if options.pages:
        grow(options.pages)
    else:
        compare()


if __name__ == "__main__":
    main()
