"""Run the cells of pages, each distinct code once, and remember what came out.

A remembered run is used again only if nothing that it came from has changed: its cells,
the files of the package that it loaded, the versions of Python and of the libraries that
compute and draw, and this file. Nothing here knows of MkDocs.
"""

import asyncio
import inspect
import json
import logging
import os
import platform
import re
import shutil
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from facts import Fact
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from kept import digest, keep, recall
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

log = logging.getLogger("mkdocs.hooks.runs")

LIBRARIES = ("torch", "matplotlib", "numpy")
VERSIONS = [platform.python_version(), *(f"{name} {version(name)}" for name in LIBRARIES)]
STARTS = 3
"""Kernels to try for a page: one whose port another program took mostly dies before it answers."""
STARTUP = 60
"""Seconds that a kernel may take to start."""
FOREVER = 10**12
"""What jupyter_client is told in its place: it goes by the wall clock, and clocks jump."""


@dataclass(frozen=True)
class Job:
    """The code of one page: its name for messages, its cells and their line numbers."""

    page: str
    cells: tuple[str, ...]
    lines: tuple[int, ...]

    @property
    def key(self) -> str:
        """Everything that a run depends on and that is known before it runs."""
        return digest(json.dumps([self.cells, VERSIONS, ENGINE]))


@dataclass(frozen=True)
class Run:
    """What came out of a job: the outputs of each cell, and the plain values it left."""

    outputs: list[list[dict[str, Any]]]
    facts: dict[str, Fact]


class CellError(Exception):
    """A cell that raised, ran past its limit or killed its kernel."""

    def __init__(self, job: Job, number: int, reason: str, traceback: str = "") -> None:
        where = f"{job.page}, cell {number + 1} (line {job.lines[number]})"
        super().__init__(f"{where}: {reason}")
        self.traceback = re.sub(r"\x1b\[[0-9;]*m", "", traceback).strip()

    def __str__(self) -> str:
        return f"{super().__str__()}\n\n{self.traceback}".rstrip()


class Package:
    """The package as it was when a build began.

    Kernels import this copy. What they import is thus what was hashed, whatever is
    edited meanwhile, and no compiled file of another state comes with it.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self.copy = folder / source.name
        ignored = shutil.ignore_patterns("__pycache__", ".*", "*~", "*.pyc")
        shutil.copytree(source, self.copy, ignore=ignored)
        files = sorted(path for path in self.copy.rglob("*") if path.is_file())
        self.sources = {
            path.relative_to(self.copy).as_posix(): digest(path.read_bytes()) for path in files
        }
        self.data = {name for name in self.sources if not name.endswith(".py")}


class Runs:
    """Runs jobs in kernels side by side, and keeps the results in a folder."""

    def __init__(self, package: Path, cache: Path, cell_timeout: float) -> None:
        self.package = package
        self.cache = cache
        self.cell_timeout = cell_timeout

    def run(self, jobs: Sequence[Job]) -> dict[str, Run | CellError]:
        """Return what came out of each job, by its key, running only what must run."""
        results: dict[str, Run | CellError] = {}
        missing: dict[str, Job] = {}
        with tempfile.TemporaryDirectory(prefix="attncues-") as folder:
            package = Package(self.package, Path(folder))
            for job in jobs:
                if (run := self._recall(job.key, package)) is not None:
                    results[job.key] = run
                else:
                    missing.setdefault(job.key, job)
            if missing:
                results |= asyncio.run(self._run_all(missing, package))
        return results

    async def _run_all(self, jobs: dict[str, Job], package: Package) -> dict[str, Run | CellError]:
        kernels = asyncio.Semaphore(os.cpu_count() or 1)
        started = done = 0

        async def run(key: str, job: Job) -> Run | CellError:
            nonlocal started, done
            async with kernels:
                started += 1
                log.info(f"Running {job.page}, page {started} of {len(jobs)}")
                start = time.monotonic()
                try:
                    result, loaded = await self._execute(job, package)
                except CellError as error:
                    return error
            done += 1
            took = time.monotonic() - start
            log.info(f"Ran {job.page} in {took:.1f} s, {done} of {len(jobs)} done")
            sources = {name: package.sources[name] for name in sorted(loaded)}
            self._remember(job, result, sources)
            return result

        try:
            async with asyncio.TaskGroup() as group:
                tasks = {key: group.create_task(run(key, job)) for key, job in jobs.items()}
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return {key: task.result() for key, task in tasks.items()}

    async def _execute(self, job: Job, package: Package) -> tuple[Run, set[str]]:
        """Run the cells in a kernel of their own; return also the sources that it loaded."""
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in job.cells])
        client = NotebookClient(
            notebook,
            timeout=self.cell_timeout,
            startup_timeout=FOREVER,
            # Output that comes late is waited for; without this it is dropped in silence.
            iopub_timeout=30,
            raise_on_iopub_timeout=True,
            record_timing=False,
            # What a cell prints line by line is one output.
            coalesce_streams=True,
            # Kernels and this process talk over loopback; IPython warns of that at each start.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        number = 0
        with tempfile.TemporaryDirectory(prefix="attncues-kernel-") as folder:
            try:
                await _start(client, job, folder, self._environment(package, Path(folder)))
                for number, cell in enumerate(notebook.cells):
                    await client.async_execute_cell(cell, number)
                    _insist_on_silence(job, number, cell)
                outputs = [[dict(output) for output in cell.outputs] for cell in notebook.cells]
                answer = await _ask(client, package, Path(folder) / "report.json")
            except CellError:
                raise
            except Exception as error:
                # nbclient takes a cancelled cell for a dead kernel.
                task = asyncio.current_task()
                if task is not None and task.cancelling():
                    raise asyncio.CancelledError from None
                raise self._explain(job, number, error, package) from None
            finally:
                if client.kc is not None:
                    client.kc.stop_channels()
                if isinstance(client.km, AsyncKernelManager) and client.km.has_kernel:
                    await client.km.shutdown_kernel(now=True)
        if answer["elsewhere"]:
            reason = f"attncues came from {answer['elsewhere']}, not from {self.package}"
            raise CellError(job, number, reason)
        return Run(outputs, answer["facts"]), {*answer["loaded"], *package.data}

    def _explain(self, job: Job, number: int, error: Exception, package: Package) -> CellError:
        if isinstance(error, CellExecutionError):
            traceback = error.traceback.replace(str(package.copy), str(self.package))
            return CellError(job, number, f"{error.ename}: {error.evalue}", traceback)
        if isinstance(error, CellTimeoutError):
            if "IOPub" in str(error):
                return CellError(job, number, "its output did not arrive within 30 s")
            reason = f"still running after its limit of {self.cell_timeout:g} s"
            return CellError(job, number, reason)
        if isinstance(error, DeadKernelError):
            return CellError(job, number, "the kernel died")
        return CellError(job, number, f"the kernel failed: {type(error).__name__}: {error}")

    def _environment(self, package: Package, folder: Path) -> dict[str, str]:
        """Shut out what differs between machines: settings, threads, hash seeds, locale."""
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "MPL", "IPYTHON", "JUPYTER", "OMP_", "MKL_"))
        }
        return kept | {
            "PYTHONPATH": str(package.copy.parent),
            "ATTNCUES_EDITIONS": "zh",  # besides English: a figure shows itself in each
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
            "PYTHONDONTWRITEBYTECODE": "1",
            "IPYTHONDIR": str(folder),
            "JUPYTER_RUNTIME_DIR": str(folder),
            "MPLCONFIGDIR": str(folder),
            "MPL_IGNORE_SYSTEM_FONTS": "1",  # listing them can take seconds
            "OMP_NUM_THREADS": "1",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }

    def _recall(self, key: str, package: Package) -> Run | None:
        """Return the remembered run if its sources are as they were."""
        if (content := recall(self.cache / f"{key}.json")) is None:
            return None
        body = json.loads(content)
        used: dict[str, str] = body["sources"]
        fresh = used.items() <= package.sources.items() and package.data <= used.keys()
        return Run(body["outputs"], body["facts"]) if fresh else None

    def _remember(self, job: Job, run: Run, sources: dict[str, str]) -> None:
        body = {"outputs": run.outputs, "facts": run.facts, "sources": sources, "page": job.page}
        keep(self.cache / f"{job.key}.json", json.dumps(body).encode())


async def _start(client: NotebookClient, job: Job, folder: str, env: dict[str, str]) -> None:
    """Start a kernel that answers. One that did not has run nothing, so another may be tried."""
    # The interpreter of this build, whatever kernels the user has installed.
    specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
    for attempt in range(1, STARTS + 1):
        client.km = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
        await client.async_start_new_kernel(cwd=folder, env=env)
        try:
            async with asyncio.timeout(STARTUP):
                await client.async_start_new_kernel_client()
            return
        except TimeoutError:
            raise CellError(job, 0, f"its kernel did not start within {STARTUP} s") from None
        except RuntimeError as error:
            if attempt == STARTS:
                raise
            log.info(f"{job.page}: {error}; starting another, {attempt + 1} of {STARTS}")


async def _ask(client: NotebookClient, package: Package, file: Path) -> dict[str, Any]:
    """Ask the kernel what it loaded and which values it has, whatever names the page took."""
    question = f"{REPORT}\nreport(namespace, {os.fsencode(package.copy)!r}, {os.fsencode(file)!r})"
    cell = new_code_cell(
        f"__import__('builtins').exec({question!r}, "
        "{'namespace': dict(__import__('sys').modules['__main__'].__dict__)})"
    )
    client.nb.cells.append(cell)
    await client.async_execute_cell(cell, len(client.nb.cells) - 1)
    client.nb.cells.pop()
    answer: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return answer


def report(namespace: dict[str, object], package: bytes, file: bytes) -> None:
    """Write, inside the kernel, which sources were loaded and which plain values are left.

    Paths come as bytes: the build may have another locale.
    """
    import json
    import math
    import os
    import pathlib
    import sys

    files = {
        pathlib.Path(module.__file__).resolve()
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == "attncues" and module.__file__
    }
    root = pathlib.Path(os.fsdecode(package)).resolve()
    inside = {path for path in files if path.is_relative_to(root)}
    facts = {
        name: value
        for name, value in namespace.items()
        if type(value) in (int, float, str, bool)
        and not name.startswith("_")
        and not (type(value) is int and abs(value) >= 10**300)
        and not (type(value) is float and math.isnan(value))
    }
    answer = {
        "loaded": sorted(path.relative_to(root).as_posix() for path in inside),
        "elsewhere": ", ".join(sorted(map(str, files - inside))),
        "facts": facts,
    }
    pathlib.Path(os.fsdecode(file)).write_text(json.dumps(answer), encoding="utf-8")


def _insist_on_silence(job: Job, number: int, cell: Any) -> None:
    for output in cell.outputs:
        if output.output_type == "stream" and output.name == "stderr":
            raise CellError(job, number, f"wrote to stderr: {output.text.strip()}")


# Read once: under `mkdocs serve` this file may change while its old code runs on.
ENGINE = Path(__file__).read_text(encoding="utf-8")
REPORT = inspect.getsource(report)
