"""Run the cells of pages, each distinct code once, and remember what came out.

A remembered run is used again only if nothing that it came from has changed: its cells, the
files of the package that it loaded or read, Python, every distribution that it loaded, and
the files of this folder that run it.
"""

import atexit
import functools
import json
import logging
import os
import platform
import shutil
import threading
import time
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, fields
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path
from typing import Any

from . import temporary
from .cells import Cell
from .facts import Fact
from .kept import digest, keep, recall
from .leaks import leaks
from .processes import CAN_FORK, STARTUP, Forking, Fresh, Process, Running

log = logging.getLogger("mkdocs.hooks.runs")


@dataclass(frozen=True)
class Job:
    """The cells of one page, and what messages call the script that they stand in."""

    script: str
    cells: tuple[Cell, ...]


@dataclass(frozen=True)
class Run:
    """What came out of a job.

    Attributes:
        outputs: What each cell showed, as Jupyter notes it.
        facts: The plain values that the cells left, by name.
        words: Facts that are names, by language and name.
        compared: What the comparisons behind each bool compared: code, and its values in short.
        states: What each live cell found there before it ran, as `Settings.state` tells it.
        stamp: A digest of all of it.
    """

    outputs: list[list[dict[str, Any]]]
    facts: dict[str, Fact]
    words: dict[str, dict[str, str]]
    compared: dict[str, list[tuple[str, str]]]
    states: dict[str, Any] = field(default_factory=dict)
    stamp: str = ""


PARTS = tuple(one.name for one in fields(Run))
IGNORED = ("__pycache__", ".*", "*~", "*.pyc")
"""What lies in the folder of a package and is not of it."""


class CellError(Exception):
    """A cell that raised, ran past its limit or killed its process."""

    def __init__(self, job: Job, number: int, reason: str, traceback: str = "") -> None:
        cell = job.cells[number]
        super().__init__(f"{job.script}, line {cell.line}, cell {cell.name}: {reason}")
        self.cell = cell.name
        self.traceback = traceback.strip()

    def __str__(self) -> str:
        return f"{super().__str__()}\n\n{self.traceback}".rstrip()


@dataclass(frozen=True)
class Settings:
    """What a book asks of its runs.

    Attributes:
        package: The folder of the package that cells may import.
        words: Where the package translates facts that are names, as module:name, or nothing.
        state: Where the package writes down the variables that a live cell finds, as
            module:function, or nothing. The function takes them, and the code that ran.
        environment: Variables for the cells, besides those that shut out the machine.
        preload: Modules that are slow to import and that many pages import.
        cell_timeout: Seconds that one cell may run.
    """

    package: Path
    words: str = ""
    state: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    preload: tuple[str, ...] = ()
    cell_timeout: float = 120.0


class Package:
    """The package as it was when a build began.

    Cells import this copy. What they import is thus what was hashed, whatever is edited
    meanwhile, and no compiled file of another state comes with it.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self.copy = folder / source.name
        shutil.copytree(source, self.copy, ignore=shutil.ignore_patterns(*IGNORED))
        self.sources = _sources(self.copy)

    def text(self) -> str:
        """All its code."""
        return "\n".join(path.read_text("utf-8") for path in sorted(self.copy.rglob("*.py")))


def _sources(package: Path) -> dict[str, str]:
    """The digests of a package's files, by their names in it."""
    ignored = shutil.ignore_patterns(*IGNORED)
    found = {}
    for folder, folders, files in os.walk(package):
        folders[:] = set(folders) - ignored(folder, folders)
        for path in (Path(folder, name) for name in set(files) - ignored(folder, files)):
            found[path.relative_to(package).as_posix()] = digest(path.read_bytes())
    return found


class Runs:
    """Runs jobs side by side, and keeps what comes out in a folder."""

    def __init__(self, settings: Settings, cache: Path, *, fork: bool = CAN_FORK) -> None:
        self.settings = settings
        self.cache = cache
        self.fork = fork
        self.recalled: dict[str, dict[str, Any]] = {}  # for the next build of a preview

    def key(self, job: Job) -> str:
        """Everything that a run depends on and that is known before it runs."""
        settings = [
            self.settings.words,
            self.settings.state,
            sorted(self.settings.environment.items()),
        ]
        return digest(json.dumps([_what_runs(job), settings, platform.python_version(), ENGINE]))

    def run(self, jobs: Sequence[Job]) -> list[Run | CellError]:
        """Return what came out of each job, running only what must run."""
        asked = {self.key(job): job for job in jobs}
        known = self._known(asked, _sources(self.settings.package))
        ran: dict[str, Run | CellError] = {}
        if len(known) < len(asked):
            with temporary.folder("package") as folder:
                package = Package(self.settings.package, Path(folder))
                known = self._known(asked, package.sources)
                missing = {key: job for key, job in asked.items() if key not in known}
                ran = self._run_all(missing, package)
        self.recalled = {key: body for key, body in self.recalled.items() if key in asked}
        results = known | ran
        return [results[self.key(job)] for job in jobs]

    def knows(self, jobs: Sequence[Job]) -> bool:
        """Whether what comes out of all these jobs is remembered."""
        asked = {self.key(job) for job in jobs}
        return len(self._known(asked, _sources(self.settings.package))) == len(asked)

    def _known(self, keys: Iterable[str], sources: Mapping[str, str]) -> dict[str, Run]:
        recalled = ((key, self._recall(key, sources)) for key in keys)
        return {key: run for key, run in recalled if run is not None}

    def _run_all(self, jobs: dict[str, Job], package: Package) -> dict[str, Run | CellError]:
        running = Running()
        self.warm_up()  # before there are threads, each of which would start one
        lock = threading.Lock()
        started = done = 0

        def run(key: str) -> Run | CellError:
            nonlocal started, done
            job = jobs[key]
            with lock:
                started += 1
                log.info(f"Running {job.script}, page {started} of {len(jobs)}")
            start = time.monotonic()
            try:
                result, used = self._execute(job, package, running)
            except CellError as error:
                return error
            with lock:
                done += 1
                took = time.monotonic() - start
                log.info(f"Ran {job.script} in {took:.1f} s, {done} of {len(jobs)} done")
            self._remember(key, job, result, used)
            return result

        with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
            try:
                futures = {key: threads.submit(run, key) for key in jobs}
                _distributions()  # found while cells run
                return {key: future.result() for key, future in futures.items()}
            except BaseException:
                threads.shutdown(wait=False, cancel_futures=True)
                running.end()
                if self.fork:
                    self._forking().close()
                raise

    def _execute(
        self, job: Job, package: Package, running: Running
    ) -> tuple[Run, dict[str, dict[str, str]]]:
        """Run the cells in a process of their own; return also what the run came from."""
        with temporary.folder("run") as folder:
            environment = self._variables() | _folders(folder)
            environment["PYTHONPATH"] = str(package.copy.parent)
            process = self._start(environment)
            running.add(process)
            try:
                process.begin(
                    {
                        "cells": _what_runs(job),
                        "folder": folder,
                        "environment": environment,
                        "path": str(package.copy.parent),
                        "package": package.copy.name,
                        "words": self.settings.words,
                        "state": self.settings.state,
                    }
                )
                outputs, states = [], {}
                for number, cell in enumerate(job.cells):
                    said = self._read(process, job, number, package)
                    outputs.append(said["outputs"])
                    if "state" in said:
                        states[cell.name] = said["state"]
                        _insist_on_secrecy(job, number, [{"text": said["state"]}], package)
                    _insist_on_silence(job, number, said["outputs"])
                    _insist_on_secrecy(job, number, said["outputs"], package)
                last = len(job.cells) - 1
                left = self._read(process, job, last, package)
                _insist_on_silence(job, last, left["outputs"])
                if left["outputs"]:
                    raise CellError(job, last, "something printed after the last cell had run")
                told = {"text": [left["facts"], left["compared"]]}
                _insist_on_secrecy(job, last, [told], package)
            finally:
                running.remove(process)
        if left["elsewhere"]:
            name = package.copy.name
            reason = f"{name} came from {left['elsewhere']}, not from {self.settings.package}"
            raise CellError(job, last, reason)
        known = package.sources
        sources = {name: known[name] for name in left["files"] if name in known}
        used = {"sources": sources, "versions": _versions(left["modules"])}
        parts = outputs, left["facts"], left["words"], left["compared"], states
        return Run(*parts, digest(json.dumps(parts))), used

    def warm_up(self) -> None:
        """Start to import what pages import, while something else is done."""
        if self.fork:
            try:
                self._forking()
            except OSError as error:
                self._give_up_forking(error)

    def _forking(self) -> Forking:
        return forking(tuple(sorted(self._variables().items())), self.settings.preload)

    def _give_up_forking(self, error: OSError) -> None:
        log.info(f"No process can be forked, so each starts anew: {error}")
        self.fork = False

    def _start(self, environment: dict[str, str]) -> Process:
        if self.fork:
            try:
                return self._forking().fork()
            except OSError as error:
                self._give_up_forking(error)
        return Fresh(environment)

    def _read(self, process: Process, job: Job, number: int, package: Package) -> dict[str, Any]:
        limit = self.settings.cell_timeout
        said = process.read(limit + (STARTUP if number == 0 else 0))
        if said is None and process.expired:
            raise CellError(job, number, f"still running after its limit of {limit:g} s")
        if said is None:
            raise CellError(job, number, "its process died")
        if "error" in said:
            text = said["traceback"].replace(str(package.copy), str(self.settings.package))
            raise CellError(job, number, said["error"], text)
        return said

    def _variables(self) -> dict[str, str]:
        """Shut out what differs between machines: settings, secrets, threads, locale."""
        kept = {name: os.environ[name] for name in INHERITED if name in os.environ}
        return kept | SAME_EVERYWHERE | dict(self.settings.environment)

    def _recall(self, key: str, sources: Mapping[str, str]) -> Run | None:
        """Return the remembered run if what it came from is as it was."""
        if key not in self.recalled:
            if (content := recall(self.cache / f"{key}.json")) is None:
                return None
            self.recalled[key] = json.loads(content)
        body = self.recalled[key]
        used: dict[str, str] = body["sources"]
        if used.items() <= sources.items() and all(
            installed(name) == known for name, known in body["versions"].items()
        ):
            return Run(*(body[part] for part in PARTS))
        del self.recalled[key]
        return None

    def _remember(self, key: str, job: Job, run: Run, used: dict[str, dict[str, str]]) -> None:
        body = {part: getattr(run, part) for part in PARTS}
        content = json.dumps(body | used | {"script": job.script})
        keep(self.cache / f"{key}.json", content.encode())


def _what_runs(job: Job) -> list[tuple[str, str]]:
    """The code of each cell, and its tags, which the code can see."""
    return [(cell.source, " ".join(sorted(cell.tags))) for cell in job.cells]


def _folders(folder: str) -> dict[str, str]:
    """Where libraries keep what they would keep in the home of a user."""
    return dict.fromkeys(("HOME", "IPYTHONDIR", "MPLCONFIGDIR"), folder)


@functools.cache
def forking(variables: tuple[tuple[str, str], ...], modules: tuple[str, ...]) -> Forking:
    """Start the process that others are forked from; it stays until this one ends.

    It imports while this one goes on, so a preview starts it before there is anything to run.
    """
    folder = temporary.folder("fork")
    process = Forking(dict(variables) | _folders(folder.name), modules)
    atexit.register(folder.cleanup)
    atexit.register(process.close)  # the first of the two
    return process


def _versions(modules: Sequence[str]) -> dict[str, str]:
    """The distributions that hold these modules, with their versions."""
    names = {name for module in modules for name in _distributions().get(module, ())}
    return {name: found for name in sorted(names) if (found := installed(name)) is not None}


@functools.cache
def _distributions() -> Mapping[str, Sequence[str]]:
    return packages_distributions()


@functools.cache
def installed(distribution: str) -> str | None:
    """The version of a distribution, or `None` if there is none."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return None


def _insist_on_silence(job: Job, number: int, outputs: Sequence[dict[str, Any]]) -> None:
    for output in outputs:
        if output.get("name") == "stderr":
            raise CellError(job, number, f"wrote to stderr: {output['text'].strip()}")


def _insist_on_secrecy(
    job: Job, number: int, outputs: Sequence[Mapping[str, Any]], package: Package
) -> None:
    for told in leaks(outputs, package.text()):
        raise CellError(job, number, f"shows {told}, which would be published")


INHERITED = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT", "TMPDIR", "TEMP", "TMP", "VIRTUAL_ENV")
"""Variables of the build that programs need to start at all."""

SAME_EVERYWHERE = {
    "PYTHONHASHSEED": "0",
    "PYTHONUTF8": "1",
    "PYTHONDONTWRITEBYTECODE": "1",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "MPL_IGNORE_SYSTEM_FONTS": "1",  # listing them can take seconds
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "LC_ALL": "C.UTF-8",
    "TZ": "UTC",
}
"""Variables that make cells compute the same on every machine."""

# Read once: under `mkdocs serve` these files may change while their old code runs on.
ENGINE = digest(
    b"".join(
        Path(__file__).with_name(f"{name}.py").read_bytes()
        for name in ("leaks", "processes", "runs", "worker")
    )
)
