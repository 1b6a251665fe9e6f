"""A copy of the project to change and build, and the site as it is."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

ROOT = Path(__file__).parent.parent

# Tests run side by side; threads of torch on top of that would wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples on every run, however slow the machine.
settings.register_profile("attncues", deadline=None, derandomize=True)
settings.load_profile("attncues")

PARTS = ["attncues", "docs", "mkdocs.yml"]


SLOW = {"glimpse.py", "saliency.py", "translation.py"}
"""Pages that use these modules compute for a while."""


class Project:
    """A copy of everything that the site is made of."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.runs = folder / ".cache" / "runs"

    def quick_runs(self) -> list[Path]:
        """The remembered runs that need no long computation."""
        runs = {path: json.loads(path.read_bytes()) for path in sorted(self.runs.glob("*.json"))}
        return [path for path, run in runs.items() if not SLOW & run["body"]["sources"].keys()]

    @classmethod
    def copy(cls, source: Path, folder: Path) -> "Project":
        folder.mkdir(parents=True)
        for part in [*PARTS, ".cache"]:
            if (source / part).is_dir():
                ignored = shutil.ignore_patterns("__pycache__", ".*_cache")
                shutil.copytree(source / part, folder / part, ignore=ignored)
            elif (source / part).exists():
                shutil.copy2(source / part, folder / part)
        return cls(folder)

    def command(self, *arguments: str) -> list[str]:
        return [sys.executable, "-m", "mkdocs", *arguments]

    def environment(self) -> dict[str, str]:
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return {
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            "SITE_URL": "https://example.org/cues/",
            "TMPDIR": str(temporary),
        }

    def start(self, *arguments: str, under: tuple[str, ...] = ()) -> "subprocess.Popen[str]":
        return subprocess.Popen(
            [*under, *self.command(*arguments)],
            cwd=self.folder,
            env=self.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )

    def build(self, *arguments: str, under: tuple[str, ...] = ()) -> "Built":
        process = self.start("build", *arguments, under=under)
        log, _ = process.communicate(timeout=240)
        return Built(process.returncode, log)

    def html(self, page: str) -> str:
        return (self.site / page / "index.html").read_text(encoding="utf-8")

    def edit(self, file: str, old: str, new: str) -> None:
        path = self.folder / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def append(self, file: str, text: str) -> None:
        with (self.folder / file).open("a", encoding="utf-8") as stream:
            stream.write(text)


class Built:
    """How a build ended: its exit code and what it printed."""

    def __init__(self, code: int, log: str) -> None:
        self.code = code
        self.log = log

    @property
    def ran(self) -> set[str]:
        """The pages whose cells ran."""
        return {
            line.split()[3].rstrip(",") for line in self.log.splitlines() if "-  Running " in line
        }


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The site as it is, built once, from nothing. Nobody may change it."""
    project = Project.copy(ROOT, tmp_path_factory.mktemp("built") / "as it is")
    shutil.rmtree(project.folder / ".cache", ignore_errors=True)
    result = project.build()
    assert result.code == 0, result.log
    return project


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Project:
    """A copy to change, with the runs of the site remembered."""
    return Project.copy(built.folder, tmp_path / "copy")


@pytest.fixture
def ended() -> Iterator[Callable[["subprocess.Popen[str]"], "subprocess.Popen[str]"]]:
    """Register a process that must not outlive its test."""
    started: list[subprocess.Popen[str]] = []

    def register(process: "subprocess.Popen[str]") -> "subprocess.Popen[str]":
        started.append(process)
        return process

    yield register
    for process in started:
        if process.poll() is None:
            process.kill()
        process.wait()
