"""Cells run apart from each other and from the build, within limits, and no more than needed.

If one fails, docs/hooks/engine/runs.py says what a run depends on, worker.py what its cells meet
and processes.py how they start and end.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import engine.leaks
import engine.processes
import engine.runs
import pytest
from engine.processes import Forking

from tests.hooks.conftest import Book, job, text_of

STATE = """
import os, random, sys, threading
from pathlib import Path
import matplotlib, numpy, torch

print("left_behind" in globals(), hasattr(sys, "left_behind"), os.environ.get("LEFT_BEHIND"))
print("small_package.sizes" in sys.modules, sorted(os.listdir()), sorted(os.listdir(Path.home())))
print(threading.active_count(), torch.get_num_threads(), sys.getrecursionlimit())
print(matplotlib.rcParams["lines.linewidth"], torch.rand(1).item())
"""
SPOIL = """
from small_package import sizes

sys.left_behind = left_behind = os.environ["LEFT_BEHIND"] = "here"
matplotlib.rcParams["lines.linewidth"] = 7.0
torch.set_num_threads(2)
sys.setrecursionlimit(5000)
threading.Thread(target=threading.Event().wait, daemon=True).start()
for folder in (".", Path.home()):
    Path(folder, "left-behind").write_text("here")
random.seed(3), numpy.random.seed(3), torch.manual_seed(3)
"""
SEEDED = """
import random, numpy
from numpy.random import RandomState, rand
random.random() == random.Random(3).random(), rand() == RandomState(3).rand()
"""
RICH = """
import matplotlib.pyplot as plt
from IPython.display import Markdown, display
print("printed")
display(Markdown("*shown*"))
figure, axes = plt.subplots()
axes.plot([1, 2])
figure.savefig("figure.png")
[float, print, len("four")]
"""


# What comes out


def test_outputs_facts_and_words_come_out(book: Book) -> None:
    run = book.ok(
        "x = 1.5\nprint('one')\nx",
        "thing = 'cup'\n_hidden, huge, nan = 1, 10**5000, float('nan')",
        words="small_package.words:NAMES",
    )
    assert text_of(run.outputs[0]) == "one\n1.5"
    assert run.outputs[1] == []
    assert run.facts == {"x": 1.5, "thing": "cup"}
    assert run.words == {"zh": {"thing": "杯子"}}


def test_names_that_a_page_takes_do_no_harm(book: Book) -> None:
    run = book.ok("print('a')\nmap = print = sorted = json = sys = len = str = 1", "x = 2\nx")
    assert text_of(run.outputs[1]) == "2"
    assert run.facts["x"] == 2


def test_each_distinct_code_runs_once(book: Book) -> None:
    runs = book.runs()
    cell = "from pathlib import Path\nPath.touch(Path({}) / str(__import__('os').getpid()))"
    counted = book.folder / "counted"
    counted.mkdir()
    once = job(cell.format(repr(str(counted))))
    first, second, other = runs.run([once, once, job("1")])
    assert first == second != other
    assert runs.run([once]) == [first]
    assert len(list(counted.iterdir())) == 1


def test_forked_or_started_anew_they_come_to_the_same(book: Book) -> None:
    forked = book.ok(RICH)
    shutil.rmtree(book.folder / "runs")
    fresh = book.ok(RICH, fork=False)
    assert json.dumps(forked.outputs) == json.dumps(fresh.outputs)
    assert "image/svg+xml" in str(forked.outputs) or "image/png" in str(forked.outputs)


def test_all_are_forked_from_one(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []

    class Slow(Forking):
        def __init__(self, *arguments: Any) -> None:
            time.sleep(0.2)
            super().__init__(*arguments)
            started.append(self)

    monkeypatch.setattr(engine.runs, "Forking", Slow)
    book.runs(preload=("IPython",)).run([job(f"{number}") for number in range(4)])
    assert len(started) == 1


def test_where_none_can_be_forked_each_starts_anew(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError("no more processes")

    monkeypatch.setattr(engine.runs, "forking", refuse)
    assert text_of(book.ok("6 * 7").outputs[0]) == "42"


def test_an_import_that_hangs_is_not_waited_for(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine.processes, "STARTUP", 0.05)  # torch takes longer
    run = book.ok("6 * 7", preload=("torch",))
    assert text_of(run.outputs[0]) == "42"


# What a run depends on


def again(book: Book, cell: str, change: Callable[[], object]) -> bool:
    """Tell if a cell runs again after a change."""
    runs = book.runs()
    first = runs.run([job(cell)])
    [kept] = (book.folder / "runs").iterdir()
    written = kept.stat().st_ino
    assert book.runs().run([job(cell)]) == first
    assert [path.stat().st_ino for path in (book.folder / "runs").iterdir()] == [written]
    change()
    book.runs().run([job(cell)])
    return [path.stat().st_ino for path in (book.folder / "runs").iterdir()] != [written]


def append(path: Path, text: str) -> None:
    with path.open("a", encoding="utf-8") as stream:
        stream.write(text)


LOADS = "from small_package import sizes\nsizes.SIZE"
READS = "from small_package import sizes\nsizes.read()"


@pytest.mark.parametrize(
    ("cell", "file", "runs"),
    [
        (LOADS, "sizes.py", True),
        (LOADS, "__init__.py", True),
        (LOADS, "words.py", False),
        (LOADS, "sizes.csv", False),
        (READS, "sizes.csv", True),
        ("1", "sizes.py", False),
    ],
)
def test_a_run_depends_on_the_files_that_it_loaded_or_read(
    book: Book, cell: str, file: str, runs: bool
) -> None:
    assert again(book, cell, lambda: append(book.package / file, "\n")) == runs


def test_a_preview_runs_again_what_was_edited_there_and_back(book: Book) -> None:
    runs = book.runs()
    module = book.package / "sizes.py"
    before = module.read_text("utf-8")
    shown = []
    for text in (before, before.replace("SIZE = 3", "SIZE = 4"), before):
        module.write_text(text, encoding="utf-8")
        runs.run([job(LOADS)])
        [result] = runs.run([job(LOADS)])  # which is remembered
        shown.append(text_of(result.outputs[0]) if isinstance(result, engine.runs.Run) else result)
    assert shown == ["3", "4", "3"]


def test_a_module_that_is_gone_is_missed(book: Book) -> None:
    book.ok(LOADS)
    (book.package / "sizes.py").unlink()
    assert "cannot import name 'sizes'" in book.wrong(LOADS)


@pytest.mark.parametrize(
    ("cell", "distribution", "runs"),
    [
        ("from PIL import Image", "pillow", True),
        ("import skimage", "scikit-image", True),
        ("import skimage", "pymdown-extensions", False),
    ],
)
def test_a_run_depends_on_the_versions_of_all_that_it_loaded(
    book: Book, monkeypatch: pytest.MonkeyPatch, cell: str, distribution: str, runs: bool
) -> None:
    known = engine.runs.installed

    def change() -> None:
        monkeypatch.setattr(
            engine.runs,
            "installed",
            lambda name: "0.0.1" if name.lower() == distribution else known(name),
        )

    assert again(book, cell, change) == runs


@pytest.mark.parametrize("what", ["python", "engine", "settings", "cells"])
def test_a_run_depends_on_what_runs_it(
    book: Book, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    runs = book.runs()
    key, cell = runs.key(job("1")), job("1")
    if what == "python":
        monkeypatch.setattr("platform.python_version", lambda: "3.99.0")
    elif what == "engine":
        monkeypatch.setattr(engine.runs, "ENGINE", "other")
    elif what == "settings":
        runs = book.runs(environment={"NAME": "value"})
    else:
        cell = job("2")
    assert runs.key(cell) != key


def test_a_name_and_a_place_in_a_script_are_nothing_to_a_run(book: Book) -> None:
    runs = book.runs()
    assert runs.key(job("1")) == runs.key(job("1", script="small_package/chapter/other.py"))


def test_what_was_loaded_is_what_was_hashed(book: Book) -> None:
    """An edit while a page runs is not mixed in, and counts for the next build."""
    module = book.package / "sizes.py"
    cell = f"from pathlib import Path\nPath({str(module)!r}).write_text('SIZE = 4')\n{LOADS}"
    assert text_of(book.ok(cell).outputs[0]) == "3"
    assert text_of(book.ok(LOADS).outputs[0]) == "4"


def test_a_package_from_elsewhere_is_refused(book: Book) -> None:
    other = book.folder / "other" / "small_package"
    shutil.copytree(book.package, other)
    said = book.wrong(f"import sys\nsys.path.insert(0, {str(other.parent)!r})\n{LOADS}")
    assert f"small_package came from {other}" in said


def test_a_failed_run_is_not_remembered(book: Book) -> None:
    flag = book.folder / "flag"
    cell = f"from pathlib import Path\nassert Path({str(flag)!r}).exists()"
    assert "AssertionError" in book.wrong(cell)
    flag.touch()
    book.ok(cell)


# What cells do wrong

WRONG = {
    "raises": ("1 / 0", "ZeroDivisionError: division by zero"),
    "warns": ("import warnings\nwarnings.warn('old ways')", "wrote to stderr: "),
    "writes": ("import os\nos.write(2, b'from C') and None", "wrote to stderr: from C"),
    "others write": ("import os\nos.system('echo no >&2') and None", "wrote to stderr: no"),
    "exits": ("raise SystemExit(3)", "SystemExit: 3"),
    "leaves": ("import sys\nsys.exit('enough')", "SystemExit: enough"),
    "stops": ("raise KeyboardInterrupt", "KeyboardInterrupt"),
    "writes when it is over": (
        "import sys, types\n"
        "class Late(types.ModuleType):\n"
        "    def __getattr__(self, name): sys.stderr.write('late'); return {}\n"
        "sys.modules['small_package.late'] = Late('late')",
        "wrote to stderr: late",
    ),
    "prints when it is over": (
        "import types\n"
        "class Late(types.ModuleType):\n"
        "    def __getattr__(self, name): print('late'); return {}\n"
        "import sys; sys.modules['small_package.late'] = Late('late')",
        "something printed after the last cell had run",
    ),
    "tells of a folder": (
        "import tempfile\ntempfile.gettempdir()",
        "shows the temporary folder of this machine, ",
    ),
    "tells of a home": (
        "import os, pwd\npwd.getpwuid(os.getuid()).pw_dir + '/notes'",
        "shows the home folder of this machine, ",
    ),
    "dies": ("import os\nos._exit(3)", "its process died"),
    "is killed": ("import os\nos.kill(os.getpid(), 9)", "its process died"),
    "crashes": ("import ctypes\nctypes.string_at(0)", "its process died"),
    "returns": ("return 3", "SyntaxError: 'return' outside function"),
    "asks": ("input()", "EOFError"),
    "prints without end": (
        "for _ in range(10**9 // 100): print('x' * 100)",
        "OutputError: a cell may print 1,000,000 characters",
    ),
    "catches": (
        "for _ in range(2000):\n try: print('x' * 1000)\n except Exception: pass",
        "OutputError: a cell may print 1,000,000 characters",
    ),
    "prints a long line": (
        "print('x' * 10**8)",
        "OutputError: a cell may print 1,000,000 characters",
    ),
    "prints past Python": (
        "import os\nfor _ in range(50): os.write(1, b'x' * 10**5)",
        "OutputError: a cell may print 1,000,000 characters",
    ),
    "an error without words": (
        "class Bad(Exception):\n    def __str__(self): raise ValueError\nraise Bad",
        "Bad",
    ),
}


@pytest.mark.parametrize("fork", [True, False])
@pytest.mark.parametrize("name", WRONG)
def test_what_a_cell_does_wrong_is_said_with_its_place(book: Book, name: str, fork: bool) -> None:
    cell, message = WRONG[name]
    start = time.monotonic()
    late = {"words": "small_package.late:NAMES"} if name.endswith("it is over") else {}
    said = book.wrong("1", cell, *([] if late else ["1"]), fork=fork, **late)
    assert said.startswith("small_package/chapter/page.py, line 20, cell cell-2: ")
    assert message in said
    assert len(said) < 5000
    assert time.monotonic() - start < 10


@pytest.mark.parametrize("fork", [True, False])
def test_a_cell_has_a_limit_and_so_have_those_that_it_started(book: Book, fork: bool) -> None:
    number = book.folder / "number"
    cell = (
        "import subprocess, time\nfrom pathlib import Path\n"
        f"child = subprocess.Popen(['sleep', '600'])\n"
        f"Path({str(number)!r}).write_text(str(child.pid))\n"
        "time.sleep(600)"
    )
    start = time.monotonic()
    said = book.wrong("1", cell, fork=fork, cell_timeout=0.5)
    assert "line 20, cell cell-2: still running after its limit of 0.5 s" in said
    assert time.monotonic() - start < 8
    assert gone(int(number.read_text()))


def test_a_long_line_comes_out_whole_and_at_once(book: Book) -> None:
    book.ok("1")
    start = time.monotonic()
    assert len(text_of(book.ok("print('x' * 500_000)").outputs[0])) == 500_001
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("session", [False, True])
def test_what_a_cell_has_left_running_ends_with_its_page(book: Book, session: bool) -> None:
    number = book.folder / "number"
    cell = (
        "import subprocess\nfrom pathlib import Path\n"
        f"child = subprocess.Popen(['sleep', '600'], start_new_session={session})\n"
        f"Path({str(number)!r}).write_text(str(child.pid)) and None"
    )
    book.ok(cell)
    assert gone(int(number.read_text()))


@pytest.mark.thorough
def test_a_cell_cannot_leave_its_limit(book: Book) -> None:
    number = book.folder / "number"
    cell = (
        "import os, signal, subprocess, time\nfrom pathlib import Path\n"
        "child = subprocess.Popen(['sleep', '600'], process_group=0)\n"
        "os.setpgid(0, child.pid)\n"
        "for sign in signal.valid_signals() - {signal.SIGKILL, signal.SIGSTOP}:\n"
        "    signal.signal(sign, signal.SIG_IGN)\n"
        f"Path({str(number)!r}).write_text(str(os.getpid()))\n"
        "while True: time.sleep(600)"
    )
    assert "still running after its limit" in book.wrong(cell, cell_timeout=0.5)
    assert gone(int(number.read_text()))


def gone(number: int) -> bool:
    """Tell if a process ends within two seconds."""
    deadline = time.monotonic() + 2
    while time.monotonic() < deadline:
        try:
            state = Path(f"/proc/{number}/stat").read_text().rpartition(")")[2].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.02)
    return False


# What cells do not see


def test_names_of_the_machine_are_not_shown_but_words_of_the_book_are(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "cup")  # the package has a cup, too
    monkeypatch.setattr("socket.gethostname", lambda: "dish.example.org")
    picture = "from IPython.display import SVG\nSVG('<svg>{}<text>{}</text></svg>')"
    with uncached(engine.leaks._names):
        book.ok("print('cu' + 'p')")
        book.ok(picture.format('<path id="dish"/>', "dishes"))
        assert "shows the name of this machine, dish," in book.wrong(picture.format("", "dish"))


@contextmanager
def uncached(function: Any) -> Iterator[None]:
    function.cache_clear()
    yield
    function.cache_clear()


@pytest.mark.parametrize("fork", [True, False])
def test_secrets_and_settings_of_the_build_are_not_seen(
    book: Book, monkeypatch: pytest.MonkeyPatch, fork: bool
) -> None:
    monkeypatch.setenv("SECRET_TOKEN", "0123")
    monkeypatch.setenv("LC_ALL", "C")
    run = book.ok("import os\nprint(sorted(os.environ))\nos.environ['LC_ALL']", fork=fork)
    assert "SECRET_TOKEN" not in text_of(run.outputs[0])
    assert text_of(run.outputs[0]).endswith("'C.UTF-8'")


@pytest.mark.thorough
def test_nothing_of_one_page_reaches_another(book: Book) -> None:
    options = {"preload": ("torch", "matplotlib.pyplot", "IPython")}
    clean = text_of(book.ok(STATE, **options).outputs[0])
    assert clean.startswith("False False None\nFalse [")
    assert "left-behind" not in clean
    for spoiled in range(3):  # more than run side by side
        book.ok(STATE, f"{SPOIL}\n{spoiled}", **options)
    shutil.rmtree(book.folder / "runs")
    assert text_of(book.ok(STATE, **options).outputs[0]) == clean
    assert text_of(book.ok(SEEDED, **options).outputs[0]) == "(False, False)"
    shutil.rmtree(book.folder / "runs")
    fresh = text_of(book.ok(STATE, fork=False).outputs[0])
    assert fresh.rpartition(" ")[0] == clean.rpartition(" ")[0]  # but for an unseeded number
