"""Run the cells of pages, each distinct code once, and remember what came out.

A remembered run is used again only if nothing that it came from has changed: its cells,
the files of the package that it loaded, the versions of Python and of the libraries that
compute and draw, and this file. Nothing here knows of MkDocs.
"""

import asyncio
import contextlib
import hashlib
import inspect
import json
import logging
import os
import platform
import re
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypeAlias

from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat.v4 import new_code_cell, new_notebook

log = logging.getLogger("mkdocs.hooks.runs")

Fact: TypeAlias = int | float | str | bool

LIBRARIES = ("torch", "matplotlib", "numpy")
KEEP_UNUSED = 30 * 24 * 3600
"""Seconds after which a run that no build has asked for is forgotten."""


@dataclass(frozen=True)
class Job:
    """The code of one page: its name for messages, its cells and their line numbers."""

    page: str
    cells: tuple[str, ...]
    lines: tuple[int, ...]

    @property
    def key(self) -> str:
        """Everything that a run depends on and that is known before it runs."""
        versions = [platform.python_version(), *(f"{name} {version(name)}" for name in LIBRARIES)]
        engine = Path(__file__).read_text(encoding="utf-8")
        return _digest(json.dumps([self.cells, versions, engine]))


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


class Runs:
    """Runs jobs in kernels side by side, and keeps the results in a folder."""

    def __init__(self, package: Path, cache: Path, cell_timeout: float) -> None:
        self.package = package
        self.cache = cache
        self.cell_timeout = cell_timeout

    def run(self, jobs: Sequence[Job], *, stop_at_error: bool) -> dict[str, Run | CellError]:
        """Return what came out of each job, by its key, running only what must run.

        Raises:
            CellError: A cell failed and `stop_at_error` is set; other kernels are ended.
                Without it the error takes the place of the run.
        """
        sources = self._sources()
        results: dict[str, Run | CellError] = {}
        missing: dict[str, Job] = {}
        for job in jobs:
            if (run := self._recall(job.key, sources)) is not None:
                results[job.key] = run
            else:
                missing.setdefault(job.key, job)
        if missing:
            results |= asyncio.run(self._run_all(missing, sources, stop_at_error))
        return results

    async def _run_all(
        self, jobs: dict[str, Job], sources: dict[str, str], stop_at_error: bool
    ) -> dict[str, Run | CellError]:
        kernels = asyncio.Semaphore(os.cpu_count() or 1)
        done = 0

        async def run(key: str, job: Job) -> Run | CellError:
            nonlocal done
            async with kernels:
                log.info(f"Running {job.page} ({len(job.cells)} cells)")
                start = time.monotonic()
                try:
                    result, loaded = await self._execute(job)
                except CellError as error:
                    if stop_at_error:
                        raise
                    return error
            done += 1
            took = time.monotonic() - start
            log.info(f"Ran {job.page} in {took:.1f} s ({done} of {len(jobs)})")
            self._remember(key, result, {name: sources.get(name, "") for name in loaded})
            return result

        try:
            async with asyncio.TaskGroup() as group:
                tasks = {key: group.create_task(run(key, job)) for key, job in jobs.items()}
        except ExceptionGroup as errors:
            raise errors.exceptions[0] from None
        return {key: task.result() for key, task in tasks.items()}

    async def _execute(self, job: Job) -> tuple[Run, list[str]]:
        """Run the cells in a kernel of their own; return also the sources that it loaded."""
        notebook = new_notebook(cells=[new_code_cell(cell) for cell in job.cells])
        # The interpreter of this build, whatever kernels the user has installed.
        specs = KernelSpecManager(kernel_dirs=[], ensure_native_kernel=True)
        manager = AsyncKernelManager(kernel_name="python3", kernel_spec_manager=specs)
        client = NotebookClient(
            notebook,
            km=manager,
            timeout=self.cell_timeout,
            record_timing=False,
            # Kernels and this process talk over loopback; IPython warns of that at each start.
            extra_arguments=["--IPKernelApp.log_level=ERROR"],
        )
        with tempfile.TemporaryDirectory(prefix="attncues-") as folder:
            await client.async_start_new_kernel(cwd=folder, env=self._environment(folder))
            try:
                await client.async_start_new_kernel_client()
                for number, cell in enumerate(notebook.cells):
                    await self._execute_cell(client, job, number, cell)
                outputs = [[dict(output) for output in cell.outputs] for cell in notebook.cells]
                ask = new_code_cell(
                    f"from __future__ import annotations\n\n{inspect.getsource(report)}\n"
                    f"import json\nprint(json.dumps(report(globals(), {str(self.package)!r})))"
                )
                notebook.cells.append(ask)
                await client.async_execute_cell(ask, len(job.cells))
                answer = json.loads(ask.outputs[0].text)
            finally:
                if client.kc is not None:
                    client.kc.stop_channels()
                await manager.shutdown_kernel(now=True)
        if answer["elsewhere"]:
            raise CellError(
                job, 0, f"attncues came from {answer['elsewhere']}, not from {self.package}"
            )
        return Run(outputs, answer["facts"]), answer["loaded"]

    async def _execute_cell(self, client: NotebookClient, job: Job, number: int, cell: Any) -> None:
        try:
            await client.async_execute_cell(cell, number)
        except CellExecutionError as error:
            raise CellError(
                job, number, f"{error.ename}: {error.evalue}", error.traceback
            ) from None
        except CellTimeoutError:
            reason = f"still running after its limit of {self.cell_timeout:g} s"
            raise CellError(job, number, reason) from None
        except DeadKernelError:
            raise CellError(job, number, "the kernel died") from None
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stderr":
                raise CellError(job, number, f"wrote to stderr: {output.text.strip()}")

    def _environment(self, folder: str) -> dict[str, str]:
        """Shut out what differs between machines: settings, threads, hash seeds, locale."""
        fonts = self.cache.parent / "matplotlib"  # its list of fonts takes seconds to make
        try:
            fonts.mkdir(parents=True, exist_ok=True)
        except OSError:
            fonts = Path(folder)
        if not os.access(fonts, os.W_OK):
            fonts = Path(folder)
        kept = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PYTHON", "MPL", "IPYTHON", "JUPYTER", "OMP_", "MKL_"))
        }
        return kept | {
            "PYTHONPATH": str(self.package.parent),
            "PYTHONHASHSEED": "0",
            "PYTHONUTF8": "1",
            # `mkdocs serve` watches the package: a kernel must write nothing there.
            "PYTHONDONTWRITEBYTECODE": "1",
            "IPYTHONDIR": folder,
            "JUPYTER_RUNTIME_DIR": folder,
            "MPLCONFIGDIR": str(fonts),
            "OMP_NUM_THREADS": "1",
            "LC_ALL": "C.UTF-8",
            "TZ": "UTC",
        }

    def _sources(self) -> dict[str, str]:
        """Hash each file of the package."""
        files = (path for path in self.package.rglob("*") if path.is_file())
        return {
            path.relative_to(self.package).as_posix(): _digest(path.read_bytes())
            for path in sorted(files)
            if "__pycache__" not in path.parts
        }

    def _recall(self, key: str, sources: dict[str, str]) -> Run | None:
        """Return the remembered run if it is whole and its sources are as they were."""
        path = self.cache / f"{key}.json"
        try:
            entry = json.loads(path.read_text(encoding="utf-8"))
            body = entry["body"]
            whole = entry["digest"] == _digest(json.dumps([key, body]))
            run = Run(body["outputs"], body["facts"])
            fresh = all(sources.get(name) == digest for name, digest in body["sources"].items())
        except FileNotFoundError:
            return None
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            whole = fresh = False
        if not whole:
            log.info(f"Ignoring a damaged entry of the cache: {path}")
            return None
        if not fresh:
            return None
        with contextlib.suppress(OSError):  # a cache that cannot be written can still be read
            os.utime(path)
        return run

    def _remember(self, key: str, run: Run, sources: dict[str, str]) -> None:
        body = {"outputs": run.outputs, "facts": run.facts, "sources": sources}
        entry = {"body": body, "digest": _digest(json.dumps([key, body]))}
        try:
            self.cache.mkdir(parents=True, exist_ok=True)
            _write_whole(self.cache / f"{key}.json", json.dumps(entry).encode())
        except OSError as error:
            log.info(f"This run cannot be kept for the next build: {error}")

    def forget_unused(self) -> None:
        """Remove runs that no build has asked for in a month."""
        for path in self.cache.glob("*.json"):
            try:
                if time.time() - path.stat().st_mtime > KEEP_UNUSED:
                    path.unlink()
            except OSError:
                pass  # another build was quicker, or the cache cannot be written


def report(namespace: dict[str, Any], package: str) -> dict[str, Any]:
    """Tell, inside the kernel, which sources were loaded and which plain values are left."""
    import sys
    from pathlib import Path

    files = {
        Path(module.__file__).resolve()
        for name, module in list(sys.modules.items())
        if name.split(".")[0] == "attncues" and module.__file__
    }
    root = Path(package).resolve()
    inside = {file for file in files if file.is_relative_to(root)}
    data = {
        file for file in root.rglob("*") if file.is_file() and file.suffix not in (".py", ".pyc")
    }
    facts = {
        name: value
        for name, value in namespace.items()
        if type(value) in (int, float, str, bool) and not name.startswith("_")
    }
    return {
        "loaded": sorted(file.relative_to(root).as_posix() for file in inside | data),
        "elsewhere": ", ".join(sorted(map(str, files - inside))),
        "facts": facts,
    }


def _write_whole(path: Path, content: bytes) -> None:
    """Write a file so that no reader, and no crash, ever sees half of it."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=".part-")
    try:
        with os.fdopen(handle, "wb") as part:
            part.write(content)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _digest(content: str | bytes) -> str:
    return hashlib.sha256(content.encode() if isinstance(content, str) else content).hexdigest()
