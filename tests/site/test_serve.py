"""The preview lives through errors, and shows them.

If one fails, run `mkdocs serve`, make the same edit, and look at the page and the terminal: what
a preview forgives is in docs/hooks/engine/complaints.py, and what it shows in pages.py beside it.
"""

import re
import socket
import subprocess
import time
import urllib.request
from collections.abc import Callable
from urllib.error import URLError

import pytest
from bs4 import BeautifulSoup

from tests.conftest import Project

PAGE = "docs/en/third.md"
SCRIPT = "attncues/chapter/third.py"
CELL = "largest = max(row)"
Register = Callable[["subprocess.Popen[str]"], "subprocess.Popen[str]"]


class Preview:
    """A running `mkdocs serve`."""

    def __init__(self, project: Project, process: "subprocess.Popen[str]") -> None:
        self.log = project.folder / "serve.log"
        self.process = process

    def wait_for(self, page: str, text: str) -> str:
        """Return the page as soon as it contains the text."""
        deadline = time.monotonic() + 90
        while time.monotonic() < deadline:
            assert self.process.poll() is None, self.log.read_text()
            served = re.search(r"Serving on (http://[\d.:]+/\S*)", self.log.read_text())
            if served:
                try:
                    with urllib.request.urlopen(served[1] + page, timeout=5) as response:
                        html: str = response.read().decode()
                except (URLError, TimeoutError):
                    html = ""
                if text in html:
                    return html
            time.sleep(0.1)
        raise AssertionError(f"{page} never showed {text!r}:\n{self.log.read_text()}")


def serve(project: Project, ended: Register) -> Preview:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with (project.folder / "serve.log").open("w") as log:
        process = subprocess.Popen(
            project.command("serve", "--dev-addr", f"127.0.0.1:{port}"),
            cwd=project.folder,
            env=project.environment() | {"PYTHONUNBUFFERED": "1"},
            stdout=log,
            stderr=subprocess.STDOUT,
            text=True,
        )
    return Preview(project, ended(process))


def test_an_address_that_is_taken_is_told_before_anything_runs(small: Project) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        process = small.start("serve", "--dev-addr", f"127.0.0.1:{port}")
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert f"No preview can be at 127.0.0.1:{port}: Address already in use." in said
    assert f"--dev-addr 127.0.0.1:{port + 1}" in said
    assert "Traceback" not in said


@pytest.mark.thorough
def test_an_error_is_shown_and_the_next_save_recovers(small: Project, ended: Register) -> None:
    small.edit(SCRIPT, CELL, f"{CELL}\n1 / 0")
    preview = serve(small, ended)
    html = preview.wait_for("third/", "ZeroDivisionError: division by zero")
    assert "third.py, line 4, cell row" in html
    assert "<h1" in html.partition("ZeroDivisionError")[0]
    first, _, _ = preview.log.read_text().partition("-  Running ")
    assert re.search(r"The preview will be at http://127.0.0.1:\d+/", first)
    small.edit(SCRIPT, f"{CELL}\n1 / 0", CELL)
    html = preview.wait_for("third/", "The largest weight is 0.")
    assert "ZeroDivisionError" not in html

    runs = preview.log.read_text().count("-  Running ")
    small.edit(PAGE, "The largest weight", "Think hard, {{ unknown }}: it")
    html = preview.wait_for("third/", "Think hard")
    assert "{{ unknown }}" in html
    assert "names the fact 'unknown'" in preview.log.read_text()
    [box] = BeautifulSoup(html, "html.parser").select("h1 + .admonition.failure")
    assert "A build would fail at this page" in box.get_text()
    assert "names the fact 'unknown'" in box.get_text()  # also what no place on a page could show
    small.edit(PAGE, "Think hard, {{ unknown }}: it", "Think [of nothing](nothing.md): it")
    preview.wait_for("third/", "of nothing")
    assert "nothing.md" in preview.log.read_text()
    assert preview.log.read_text().count("-  Running ") == runs

    small.edit("attncues/words/heatmaps.py", "{queries:row|rows}", "{queries:row|lines}")
    preview.wait_for("", "10 lines (Queries)")
