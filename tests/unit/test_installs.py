"""What requirements.txt must hold, so that an install is exact and lacks nothing."""

import re
import tarfile
import tomllib
from importlib.metadata import entry_points
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import install
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCK = (ROOT / "requirements.txt").read_text(encoding="utf-8")
ENTRIES = install.entries(LOCK)
PYTHONS = [
    found[1]
    for classifier in PROJECT["project"]["classifiers"]
    if (found := re.fullmatch(r"Programming Language :: Python :: (3\.\d+)", classifier))
]
SYSTEMS = {"linux": "x86_64", "darwin": "arm64", "win32": "AMD64"}
"""What readers have, with the machine that each is commonly on."""


def wanted() -> list[Requirement]:
    """What pyproject.toml asks for: the package, its extras, and what builds it."""
    project = PROJECT["project"]
    names = [*project["dependencies"], *PROJECT["build-system"]["requires"]]
    for extra in project["optional-dependencies"].values():
        names += extra
    return [
        requirement for name in names if (requirement := Requirement(name)).name != project["name"]
    ]


def locked(python: str, system: str) -> dict[str, str]:
    """The versions that the lock has for a Python and a system; none has two."""
    versions: dict[str, str] = {}
    for name, text in ENTRIES:
        entry = Requirement(text.partition("\\")[0])
        where = {
            "python_version": python,
            "python_full_version": f"{python}.9",
            "sys_platform": system,
            "platform_machine": SYSTEMS[system],
            "implementation_name": "cpython",
            "platform_python_implementation": "CPython",
        }
        if entry.marker is None or entry.marker.evaluate(where):
            assert name not in versions, f"{name} is locked twice for Python {python} on {system}"
            (pin,) = entry.specifier
            versions[name] = pin.version
    return versions


@pytest.mark.parametrize(("python", "system"), [*product(PYTHONS, SYSTEMS)])
def test_the_lock_has_what_pyproject_asks_for(python: str, system: str) -> None:
    versions = locked(python, system)
    for requirement in wanted():
        version = versions.get(canonicalize_name(requirement.name))
        assert version, f"renew the lock: {requirement} is missing (docs/en/maintaining.md)"
        assert version in requirement.specifier, f"renew the lock: {requirement} is {version}"


def test_each_entry_of_the_lock_has_a_hash_and_nothing_else_stands_there() -> None:
    for name, text in ENTRIES:
        first, *hashes = text.rstrip("\n").split(" \\\n")
        assert hashes, f"{name} has no hash"
        assert all(re.fullmatch(r"    --hash=sha256:[0-9a-f]{64}", line) for line in hashes), first
    comments = "".join(re.findall(r"^ *#.*\n", LOCK, re.MULTILINE))
    assert comments + "".join(text for _, text in ENTRIES) == LOCK


def test_the_lock_has_each_tool_that_ci_calls() -> None:
    called = set()
    for path in (".ci/run", ".pre-commit-config.yaml", ".github/workflows/*.yml", "README.md"):
        for file in ROOT.glob(path):
            text = file.read_text(encoding="utf-8")
            called |= set(re.findall(r"(?:\.venv/bin/|\.ci/tool )([\w-]+)", text))
    owners = {
        script.name: canonicalize_name(script.dist.name)
        for script in entry_points(group="console_scripts")
        if script.dist
    }
    names = {name for name, _ in ENTRIES}
    assert {"mkdocs", "pre-commit", "pytest", "ruff", "twine"} <= called
    for tool in called - {"python"}:
        # Some tools are programs and no entry points; these are called as their packages are.
        assert owners.get(tool, tool) in names, f"{tool} is not in the lock"


def test_torch_alone_comes_from_its_index() -> None:
    uv = PROJECT["tool"]["uv"]
    assert uv["sources"] == {"torch": {"index": "torch"}}
    assert uv["index"] == [{"name": "torch", "url": install.TORCH, "explicit": True}]
    for workflow in ROOT.glob(".github/workflows/*.yml"):
        assert "INDEX" not in workflow.read_text("utf-8"), "another index could serve any name"


def test_micropython_is_installed_only_if_it_is_the_one_that_is_named(tmp_path: Path) -> None:
    archive, target = tmp_path / "other.tgz", tmp_path / "micropython"
    with tarfile.open(archive, "w:gz") as packed:
        for name in ("micropython.mjs", "micropython.wasm"):
            packed.addfile(tarfile.TarInfo(f"package/{name}"))
    with pytest.raises(
        SystemExit, match=r"has the hash .*, not the one that stands in install\.py"
    ):
        install.unpack(archive, target)
    assert not target.exists()


def test_readers_are_told_of_the_pythons_that_ci_tests() -> None:
    workflow = (ROOT / ".github/workflows/ci.yml").read_text("utf-8")
    (matrix,) = re.findall(r"python: \[(.*)\]", workflow)
    assert re.findall(r"[\d.]+", matrix) == PYTHONS
    english = f"{', '.join(PYTHONS[:-1])} or {PYTHONS[-1]}"
    chinese = f"{'、'.join(PYTHONS[:-1])} 或 {PYTHONS[-1]}"
    for page in ("README.md", "docs/en/index.md", "docs/en/contributing.md"):
        assert f"Python {english}" in (ROOT / page).read_text("utf-8"), page
    for page in ("docs/zh/index.md", "docs/zh/contributing.md"):
        assert f"Python {chinese}" in (ROOT / page).read_text("utf-8"), page
