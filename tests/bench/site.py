"""Time builds: of the whole site, and of five plain pages beside other builders.

    python tests/bench/site.py
    python tests/bench/site.py --pages 1 10 50

All are measured in this run, on this machine, one after the other. The column `fresh`
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
from functools import partial
from pathlib import Path

import psutil
from jupyter_client.manager import start_new_kernel

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT / "docs" / "hooks"))

from engine.cells import Cell  # noqa: E402
from engine.runs import Job, Runs, Settings  # noqa: E402

PAGE = "docs/en/visualising-attention.md"
SCRIPT = "attncues/chapter/visualising_attention.py"
HEADING = "Scores are not weights"
MODULE = "attncues/heatmaps/layout.py"
DRAWING = "attncues/gaze/searches.py"

CELLS = (
    """\
import torch
from attncues import attention_weights, draw_heatmaps, style

draw = torch.Generator().manual_seed(NUMBER)
queries, keys = torch.randn(2, 2, 4, 10, 8, generator=draw)
weights = attention_weights(queries, keys)
SHOW(weights[0])
""",
    """\
SHOW(weights[1])
""",
)
"""The cells of a plain page."""

OTHERS = {
    "markdown-exec": """
site_name: Five pages
theme: { name: material }
plugins: [search, markdown-exec]
markdown_extensions: [md_in_html, pymdownx.superfences]
""",
    "mkdocs-jupyter": """
site_name: Five pages
theme: { name: material }
plugins: [search, mkdocs-jupyter: { execute: true }]
markdown_extensions: [md_in_html, pymdownx.superfences]
""",
}
"""Builders of other people, and the settings of a site with each."""

KERNEL = """\
---
jupyter:
  kernelspec: { display_name: Python 3, language: python, name: python3 }
---
"""


def write_five(folder: Path, builder: str) -> None:
    """Write five pages of two heatmaps each, as a builder takes them."""
    docs = folder / "docs"
    ours = builder not in OTHERS
    if ours:
        docs = docs / "en"
        for language in ("en", "zh"):
            shutil.rmtree(folder / "docs" / language)
        shutil.rmtree(folder / "attncues/chapter")
        (folder / "attncues/chapter").mkdir()
    else:
        shutil.rmtree(docs)
        (folder / "mkdocs.yml").write_text(OTHERS[builder], encoding="utf-8")
    docs.mkdir()
    (docs / "index.md").write_text(f"{PROSE}# Five pages\n", encoding="utf-8")
    show = {"markdown-exec": "print(style.svg(draw_heatmaps(%)))"}.get(builder, "draw_heatmaps(%)")
    for number in range(5):
        cells = [
            re.sub(r"SHOW\((.*)\)", lambda match: show.replace("%", match[1]), cell)
            for cell in (one.replace("NUMBER", str(number)) for one in CELLS)
        ]
        page = f"{PROSE}# Page {number}\n\nThe weights of eight heads.\n"
        if ours:
            script = "".join(f"# %% cell-{place}\n{cell}" for place, cell in enumerate(cells))
            path = folder / f"attncues/chapter/page_{number}.py"
            path.write_text(script, encoding="utf-8")
            blocks = [
                f"/// cell | {name}\n    alt: [Weights]{{figure={name}}}\n///\n"
                for name in ("cell-0", "cell-1")
            ]
        elif builder == "markdown-exec":
            fence = f'```python exec="1" html="1" source="above" session="{number}"'
            blocks = [f"{fence}\n{cell}```\n" for cell in cells]
        else:
            page = page.replace(PROSE, KERNEL)
            blocks = [f"```python\n{cell}```\n" for cell in cells]
        (docs / f"page-{number}.md").write_text("\n".join([page, *blocks]), encoding="utf-8")


PROSE = """\
---
description: A page to measure builders with.
---
"""


class Copy:
    """A copy of the project that can be built and edited."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for part in ("attncues", "docs"):
            shutil.copytree(
                ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__")
            )
        shutil.copy(ROOT / "mkdocs.yml", folder)

    def leave_out_navigation(self) -> None:
        settings = self.folder / "mkdocs.yml"
        text = settings.read_text(encoding="utf-8")
        settings.write_text(re.sub(r"^nav:\n(?: .*\n)+", "", text, flags=re.M), encoding="utf-8")

    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "PYTHONPATH": str(self.folder),
            "PYTHONUNBUFFERED": "1",
        }

    def multiply(self, count: int) -> None:
        """Put copies of one page in the place of all pages with cells."""
        self.leave_out_navigation()
        (self.folder / "docs/glossary.csv").unlink()  # leads to pages that are gone
        scripts = self.folder / "attncues/chapter"
        script = (self.folder / SCRIPT).read_text(encoding="utf-8").replace(', "figure"', "")
        script = script.replace(' tags=["figure"]', "")  # each figure has one name
        with_cells = {path.stem.replace("_", "-") for path in scripts.glob("[a-z]*.py")}
        for edition in ("en", "zh"):
            folder = self.folder / "docs" / edition
            page = (folder / Path(PAGE).name).read_text(encoding="utf-8")
            for name in with_cells:
                (folder / f"{name}.md").unlink()
            for number in range(count):
                name = f"copy-{number}" if number else Path(PAGE).stem
                # Each explorer has a name of its own.
                cites = r"(?m)^/// cell \| .*$|\{figure=[\w-]+|\(#[\w-]+"
                copy = re.sub(cites, partial(_numbered, number=number), page)
                (folder / f"{name}.md").write_text(copy, encoding="utf-8")
            (folder / "index.md").write_text(f"{PROSE}# Copies\n", encoding="utf-8")
            (folder / "glossary.md").unlink()
            for path in folder.glob("*.md"):
                # Links may lead to pages that are gone.
                text = path.read_text(encoding="utf-8")
                text = re.sub(r"\[([^\]]+)\]\([^:()]*\.md[^()]*\)", r"\1", text)
                path.write_text(text, encoding="utf-8")
        for path in scripts.glob("[a-z]*.py"):
            path.unlink()
        for number in range(count):
            name = f"copy_{number}" if number else Path(SCRIPT).stem
            copy = script.replace("manual_seed(1)", f"manual_seed(1)  # {number}")
            copy = re.sub("(?m)^# %% [^ \n]+", partial(_numbered, number=number), copy)
            (scripts / f"{name}.py").write_text(copy, encoding="utf-8")

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
        self.edit(PAGE, HEADING, f"{HEADING} ({word})")

    def edit_under_serve(self, *edits: tuple[str, str, str]) -> list[float]:
        """Return, for each edit, the seconds from saving it to the new site, without its cells."""
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
            time.sleep(4)  # as someone does who reads before writing
            took = []
            for edit in edits:
                before, cells = len(log.read_text()), 0.0
                self.edit(*edit)
                start = previous = time.perf_counter()

                def said(before: int = before) -> str:
                    return log.read_text()[before:]

                while "Reloading browsers" not in (told := said()):
                    now = time.perf_counter()
                    if told.count("Running ") > told.count("  Ran "):
                        cells += now - previous
                    previous = now
                    _wait_until(lambda: True, server)
                    time.sleep(0.02)
                took.append(time.perf_counter() - start - cells)
            return took
        finally:
            server.terminate()
            server.wait()

    def measure_growth(self, count: int) -> list[str]:
        self.multiply(count)
        cold = self.build_and_weigh()
        warm = self.build_and_weigh()
        self.edit_prose("Edited")
        prose = self.build_and_weigh()
        [served] = self.edit_under_serve((PAGE, HEADING, f"{HEADING} (Served)"))
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
        served, cell, drawing = self.edit_under_serve(
            (PAGE, HEADING, f"{HEADING} (Served)"),
            ("attncues/chapter/index.py", "desk_pair()\n", "desk_pair()  # saved\n"),
            (DRAWING, "\n\n\n", "\n\n\n# Saved.\n"),
        )
        self.build()
        page = self.folder / "site/visualising-attention/index.html"
        before = page.read_bytes()
        self.edit(MODULE, "BAR_WIDTH = 10.0, 8.0", "BAR_WIDTH = 10.0, 16.0")
        module = self.build()
        fresh = "yes" if page.read_bytes() != before else "no"
        largest = max(path.stat().st_size for path in (self.folder / "site").rglob("*.html"))
        measured = (cold, warm, prose, served, cell, drawing, module)
        return [*(f"{value:.1f}" for value in measured), fresh, f"{largest / 1000:.0f}"]

    def measure_five(self, builder: str) -> list[str]:
        self.leave_out_navigation()
        write_five(self.folder, builder)
        prefix = "docs" if builder in OTHERS else "docs/en"
        cold, warm = self.build(), self.build()
        self.edit(f"{prefix}/page-2.md", "of eight heads", "of eight heads, edited")
        prose = self.build()
        page = self.folder / "site/page-2/index.html"
        before = page.read_bytes()
        self.edit(MODULE, "BAR_WIDTH = 10.0, 8.0", "BAR_WIDTH = 10.0, 16.0")
        module = self.build()
        fresh = "yes" if page.read_bytes() != before else "no"
        seconds = [f"{value:.1f}" for value in (cold, warm, prose)]
        return [*seconds, "", "", "", f"{module:.1f}", fresh, ""]


def _numbered(names: re.Match[str], number: int) -> str:
    """Number the names of cells, but those of the first copy."""
    with_number = re.sub(r"[\w-]*[a-z]\b(?!.*[|=])", rf"\g<0>-{number}", names[0])
    return with_number if number else names[0]


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
    print("".join(f"{value:>15}" for value in row), flush=True)


def compare() -> None:
    """Print the table of the site, and that of five plain pages by several builders."""
    served = ["serve prose s", "serve cell s", "serve module s"]
    _print_row(["", "cold s", "warm s", "prose s", *served, "module s", "fresh", "largest kB"])
    with tempfile.TemporaryDirectory(prefix="attncues-bench-") as folder:
        _print_row(["whole site", *Copy(Path(folder) / "project").measure()])
    for builder in ("five pages", *OTHERS):
        with tempfile.TemporaryDirectory(prefix="attncues-bench-") as folder:
            _print_row([builder, *Copy(Path(folder) / "project").measure_five(builder)])


def start() -> None:
    """Print how long it takes until the first cell of a page runs, with what most pages import."""
    source = "import torch, matplotlib.pyplot"
    cell = Cell("imports", source, frozenset(), 1)
    with tempfile.TemporaryDirectory(prefix="attncues-bench-") as folder:
        package = Path(folder) / "empty"
        package.mkdir()
        settings = Settings(package, preload=("torch", "matplotlib.pyplot", "IPython"))
        runs = Runs(settings, Path(folder) / "cache")
        runs.run([Job("first", (Cell("first", "1", frozenset(), 1),))])
        began = time.perf_counter()
        runs.run([Job("page", (cell,))])
        forked = time.perf_counter() - began
    began = time.perf_counter()
    manager, client = start_new_kernel(kernel_name="python3")
    client.execute_interactive(source)
    started = time.perf_counter() - began
    client.stop_channels()
    manager.shutdown_kernel(now=True)
    print(f"a kernel starts in {started:.2f} s, a forked process in {forked:.2f} s", flush=True)


def grow(counts: list[int]) -> None:
    """Print how a build grows with its pages."""
    names = [f"{name} {unit}" for name in ("cold", "warm", "prose") for unit in ("s", "CPU s")]
    _print_row(["pages", *names, "serve s", "cold GB", "warm GB"])
    for count in counts:
        with tempfile.TemporaryDirectory(prefix="attncues-bench-") as folder:
            copy = Copy(Path(folder) / "project")
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
        start()
        compare()


if __name__ == "__main__":
    main()
