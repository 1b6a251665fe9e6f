"""A copy of the project to change and build, and the site as it is."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).parent.parent
SMALL = ROOT / "tests" / "small"

# Tests run side by side; threads of torch on top of that would wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")

# The same examples on every run, however slow the machine.
settings.register_profile(
    "attncues",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("attncues")

# Root may write anywhere, unless it gives up that right.
WITHOUT_RIGHTS = ("setpriv", "--bounding-set", "-dac_override") if os.getuid() == 0 else ()

PARTS = ["attncues", "docs", "mkdocs.yml"]


class Project:
    """A copy of everything that the site is made of."""

    engine = "mkdocs"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.site = folder / "site"
        self.runs = folder / ".cache" / "runs"

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
        return [sys.executable, "-m", self.engine, *arguments]

    def environment(self) -> dict[str, str]:
        temporary = self.folder / "tmp"
        temporary.mkdir(exist_ok=True)
        return {
            **os.environ,
            "NO_MKDOCS_2_WARNING": "1",
            # nbconvert's exporters, which no build uses, take a sixth of a short one to load.
            "NBCONVERT_DISABLE_CONFIG_EXPORTERS": "1",
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
        log, _ = process.communicate(timeout=900)
        return Built(process.returncode, log)

    def run_of(self, page: str) -> Path:
        """Where the run of a page is kept, by the name of its script."""
        script = f'"attncues/chapter/{page}.py"'.encode()
        return next(path for path in self.runs.iterdir() if script in path.read_bytes())

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
        """The scripts whose cells ran."""
        return set(re.findall(r"-  Running attncues/chapter/(\w+)\.py", self.log))


def copy_sources(folder: Path) -> None:
    """Copy what is in git, and what is new and not ignored."""
    listed = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        if (ROOT / name).is_file():  # else removed, and not yet committed
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def tree(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--thorough", action="store_true", help="also run what takes long, as CI does")


def pytest_configure(config: pytest.Config) -> None:
    marker = "thorough: takes long, and is left to --thorough unless its file or folder is named"
    config.addinivalue_line("markers", marker)
    if hasattr(config, "workerinput"):
        config.option.thorough = config.workerinput["thorough"]
    elif config.args_source is not pytest.Config.ArgsSource.TESTPATHS:
        config.option.thorough = True


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each process of pytest-xdist what is asked for."""
    node.workerinput["thorough"] = node.config.option.thorough


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if not config.option.thorough:
        long = [item for item in items if item.get_closest_marker("thorough")]
        config.hook.pytest_deselected(items=long)
        items[:] = [item for item in items if not item.get_closest_marker("thorough")]


def thorough(values: Iterable[Any], *, but: Iterable[Any]) -> list[Any]:
    """Leave all values of a parameter but these to `--thorough`."""
    values, chosen = list(values), list(but)
    assert all(one in values for one in chosen), "a value that is not there leaves all to CI"
    return [
        one
        if one in chosen
        else pytest.param(*(one if isinstance(one, tuple) else [one]), marks=pytest.mark.thorough)
        for one in values
    ]


def pytest_xdist_auto_num_workers() -> int:
    """Return one process more than there are cores: tests wait for builds and browsers."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Say below a failure what its module says from "If one fails, " on."""
    report = yield
    document = item.getparent(pytest.Module).obj.__doc__ or ""  # type: ignore[union-attr]
    _, marker, advice = document.partition("If one fails, ")
    if report.failed and marker:
        report.sections.append(("What to do", marker + advice))
    return report


def once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Project:
    """Build a site, once for all the processes of a test run."""
    # Each process has a folder of its own in the folder of the run.
    worker = factory.getbasetemp()
    shared = worker.parent if "PYTEST_XDIST_WORKER" in os.environ else worker
    folder = shared / name
    with FileLock(shared / f"{name}.lock"):
        if not folder.exists():
            draft = Project(shared / f"{name} being built" / "as it is")
            make(draft.folder)
            result = draft.build()
            assert result.code == 0, result.log
            draft.folder.parent.rename(folder)
    return Project(folder / "as it is")


def make_site(folder: Path) -> None:
    """Lay out the project, with what builds of this checkout have kept.

    It saves minutes, and tests below `faults` and of `test_fresh.py` see that it changes nothing;
    `.ci/run` has built from nothing before.
    """
    Project.copy(ROOT, folder)


def make_small_site(folder: Path) -> None:
    """Lay out a site of four short pages, three of them with a cell, in both languages."""
    make_site(folder)
    shutil.rmtree(folder / ".cache", ignore_errors=True)
    for edition in ("en", "zh"):
        shutil.rmtree(folder / "docs" / edition)
        pages = shutil.ignore_patterns("chapter")
        shutil.copytree(SMALL, folder / "docs" / edition, ignore=pages)
    (folder / "docs" / "docstrings.csv").unlink()  # it has no reference
    shutil.rmtree(folder / "attncues" / "chapter")
    shutil.copytree(SMALL / "chapter", folder / "attncues" / "chapter")
    settings = folder / "mkdocs.yml"
    text = re.sub(r"^nav:\n(?: .*\n)+", "", settings.read_text(encoding="utf-8"), flags=re.M)
    # A site without an address has no picture for links, which takes seconds to draw.
    text = re.sub(r"^site_url: .*$", "site_url: ''", text, flags=re.M)
    settings.write_text(text, encoding="utf-8")


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """The site as it is. Nobody may change it."""
    return once(tmp_path_factory, "built", make_site)


@pytest.fixture(scope="session")
def small_built(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A small site, built from nothing. Nobody may change it."""
    return once(tmp_path_factory, "small", make_small_site)


@pytest.fixture
def project(built: Project, tmp_path: Path) -> Project:
    """A copy of the site to change, with its runs remembered."""
    return Project.copy(built.folder, tmp_path / "copy")


@pytest.fixture
def small(small_built: Project, tmp_path: Path) -> Project:
    """A copy of the small site to change, with its runs remembered."""
    return Project.copy(small_built.folder, tmp_path / "copy")


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
