"""Run the cells of one page in a process of its own. This file is also that process's program.

    python worker.py serve FD MODULE ...    import these; fork for each job that comes
    python worker.py once                   run the job that stands in standard input

Reports go to the build as lines of JSON: one for each cell, then one on the whole run.
Nothing of the build is imported here, so that a run depends on its page and this file alone.
"""

import ast
import base64
import contextlib
import ctypes
import gc
import importlib
import io
import json
import math
import os
import signal
import socket
import sys
import traceback
import warnings
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

MOST_OUTPUT = 1_000_000
"""Characters that one cell may print."""


class OutputError(Exception):
    """A cell prints without end."""


class Outputs(list[dict[str, Any]]):
    """What one cell shows, in order, as Jupyter notes it."""

    def __init__(self) -> None:
        self.printed = 0

    def print(self, name: str, text: str) -> None:
        """Add to what was printed last, or begin anew after something else."""
        self.printed += len(text)
        if self.printed > MOST_OUTPUT:
            raise OutputError(f"a cell may print {MOST_OUTPUT:,} characters")
        if not text:
            return
        if not self or self[-1].get("name") != name:
            self.append({"output_type": "stream", "name": name, "parts": []})
        self[-1]["parts"].append(text)

    def finished(self) -> list[dict[str, Any]]:
        """Join what was printed piece by piece."""
        for output in self:
            if "parts" in output:
                output["text"] = "".join(output.pop("parts"))
        return list(self)


class Printed(io.TextIOBase):
    """Stands for standard output or error while cells run."""

    encoding = "utf-8"

    def __init__(self, worker: "Worker", name: str, descriptor: int) -> None:
        self.worker, self.name, self.descriptor = worker, name, descriptor

    def writable(self) -> bool:  # noqa: D102
        return True

    def fileno(self) -> int:  # noqa: D102
        return self.descriptor

    def write(self, text: str) -> int:  # noqa: D102
        text.encode()  # refuses what no file can hold, as a file does
        self.worker.outputs.print(self.name, text)
        return len(text)


class Worker:
    """An IPython shell that notes what cells show, what they load and what they leave."""

    def __init__(self, job: dict[str, Any], report: Any) -> None:
        self.job, self.report = job, report
        self.outputs = Outputs()
        self.opened: set[str] = set()
        self.beyond = [_Beyond("stdout", 1), _Beyond("stderr", 2)]

    def work(self) -> None:
        """Run all cells until one fails, and report."""
        sys.addaudithook(self._note_opened)
        sys.path.insert(0, self.job["path"])
        shell = self._shell()
        comparisons = Comparisons()
        shell.ast_transformers.append(comparisons)
        shell.user_ns |= comparisons.names()
        self.own = set(shell.user_ns)
        sys.stdout, sys.stderr = (Printed(self, one.name, one.number) for one in self.beyond)
        ran: list[str] = []
        for source, tags in self.job["cells"]:
            self.outputs = Outputs()
            os.environ["CELL_TAGS"] = tags  # code may show more, or less, for them
            state = {"state": self._state(shell, ran)} if "live" in tags.split() else {}
            ran.append(source)
            result = shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
            try:
                self.drain()
            except OutputError as much:
                error = error or much
            said: dict[str, Any] = {"outputs": self.outputs.finished(), **state}
            if error is not None:
                said |= {"error": f"{type(error).__name__}: {error}"}
                said |= {"traceback": _traceback(shell, error)}
            self.say(said)
            if error is not None:
                return
        self.outputs = Outputs()
        facts = {name: value for name, value in shell.user_ns.items() if _is_fact(name, value)}
        said = {
            "facts": facts,
            "words": self._words(facts),
            "compared": comparisons.told,
            **self._used(),
        }
        self.drain()
        self.say({"outputs": self.outputs.finished(), **said})

    def drain(self) -> None:
        """Note what was printed past Python's streams."""
        for one in self.beyond:
            self.outputs.print(one.name, one.read())  # raises once more if a cell caught it

    def say(self, said: dict[str, Any]) -> None:
        """Report to the build."""
        self.report.write(json.dumps(said, default=_in_text).encode() + b"\n")
        self.report.flush()

    def _shell(self) -> Any:
        from IPython.core.displayhook import DisplayHook
        from IPython.core.displaypub import DisplayPublisher
        from IPython.core.interactiveshell import InteractiveShell
        from traitlets.config import Config

        worker = self

        class Publisher(DisplayPublisher):
            def publish(self, data: Any, metadata: Any = None, *_: Any, **__: Any) -> None:
                worker.drain()
                shown = {"output_type": "display_data", "data": data, "metadata": metadata or {}}
                worker.outputs.append(shown)

            def clear_output(self, wait: bool = False) -> None:
                worker.outputs.clear()

        class Hook(DisplayHook):
            def write_output_prompt(self) -> None:
                pass

            def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
                worker.drain()
                shown = {"output_type": "execute_result", "data": format_dict}
                shown |= {"metadata": md_dict or {}, "execution_count": self.prompt_count}
                worker.outputs.append(shown)

            def finish_displayhook(self) -> None:
                self._is_active = False

        class Shell(InteractiveShell):
            display_pub_class = Publisher
            displayhook_class = Hook
            kernel = None  # by this attribute libraries tell a notebook from a terminal

            def showtraceback(self, *_: Any, **__: Any) -> None:
                pass  # it is in the report

            def _showtraceback(self, *_: Any, **__: Any) -> None:
                pass

            def enable_gui(self, gui: Any = None) -> None:
                pass  # nobody is there to look at a window

        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.ipython_dir = os.environ["IPYTHONDIR"]
        return Shell.instance(config=config)

    def _note_opened(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event == "open" and isinstance(arguments[0], str | bytes):
            self.opened.add(os.fsdecode(arguments[0]))

    def _used(self) -> dict[str, Any]:
        """Tell what the run came from: files of the package, and modules of others."""
        package, root = self.job["package"], Path(self.job["path"]).resolve()
        modules = {
            name.partition(".")[0]: None for name, module in list(sys.modules.items()) if module
        }
        files = {
            Path(path).resolve()
            for name, module in list(sys.modules.items())
            if name.partition(".")[0] == package and (path := getattr(module, "__file__", None))
        }
        opened = {Path(name).resolve() for name in self.opened}
        inside = {path for path in files | opened if path.is_relative_to(root / package)}
        return {
            "modules": sorted(modules),
            "files": sorted(path.relative_to(root / package).as_posix() for path in inside),
            "elsewhere": ", ".join(sorted(map(str, files - inside))),
        }

    def _state(self, shell: Any, ran: list[str]) -> Any:
        """Write down what a live cell finds there, as the package does."""
        module, _, name = self.job["state"].partition(":")
        if not module:
            return {}
        space = {key: value for key, value in shell.user_ns.items() if key not in self.own}
        return getattr(importlib.import_module(module), name)(space, ran)

    def _words(self, facts: dict[str, Any]) -> dict[str, dict[str, str]]:
        """Translate facts that are names, by the table of the package."""
        if not self.job["words"]:
            return {}
        module, _, name = self.job["words"].partition(":")
        table: dict[str, dict[str, str]] = getattr(importlib.import_module(module), name)
        return {
            language: {
                fact: words[value]
                for fact, value in facts.items()
                if isinstance(value, str) and value in words
            }
            for language, words in table.items()
        }


class _Beyond:
    """What reaches a file descriptor past Python's streams: from C, or from other processes."""

    def __init__(self, name: str, number: int) -> None:
        self.name, self.number = name, number
        path = Path(os.environ["IPYTHONDIR"], name)
        self.file = path.open("wb+", buffering=0)
        os.dup2(self.file.fileno(), number)
        os.set_inheritable(number, True)
        # From here on the two descriptors share a position; a reader of its own has another.
        self.reader = path.open("rb", buffering=0)

    def read(self) -> str:
        with contextlib.suppress(ValueError, OSError):
            (sys.__stdout__ if self.number == 1 else sys.__stderr__).flush()  # type: ignore[union-attr]
        return (self.reader.read(MOST_OUTPUT + 1) or b"").decode(errors="replace")


def _in_text(data: object) -> str:
    """Write what JSON cannot hold: pictures, as Jupyter does."""
    return base64.b64encode(data).decode() if isinstance(data, bytes) else str(data)


def _is_fact(name: str, value: object) -> bool:
    return (
        type(value) in (int, float, str, bool)
        and not name.startswith("_")
        and not (type(value) is int and abs(value) >= 10**300)
        and not (type(value) is float and math.isnan(value))
    )


MOST_SHOWN = 72
"""Characters of a value that a reader is shown."""

MOST_NUMBERS = 12
"""Numbers of an array that a reader is shown in its rows and columns."""

MOST_LOOKED_AT = 1_000_000
"""Numbers of an array among which the smallest and the largest are looked for."""

NOTE, NOTE_BOTH, DECIDE = "__note__", "__note_both__", "__decide__"


class Comparisons(ast.NodeTransformer):
    """Note what is compared while cells decide bools: code, and its values.

    `small = all(one < most for one in found)` runs as it stands, but whenever `one` and `most`
    are compared, they are noted, and written in short once the statement has run. So a reader
    sees their values, and no code of a cell runs twice.
    """

    def __init__(self) -> None:
        self.told: dict[str, list[tuple[str, str]]] = {}
        """For each bool: code, and its values in short."""
        self._noted: dict[tuple[str, str], list[Any]] = {}

    def names(self) -> dict[str, Any]:
        """What cells call while they run, by name."""
        return {NOTE: self._note, NOTE_BOTH: self._note_both, DECIDE: self._decide}

    def visit_Module(self, node: ast.Module) -> ast.Module:  # noqa: D102
        for statement in node.body:
            match statement:
                case ast.Assign(targets=[ast.Name(id=name)], value=value):
                    decided = _call(DECIDE, [ast.Constant(name), self._answer(value)])
                    statement.value = ast.copy_location(decided, value)
        return ast.fix_missing_locations(node)

    def visit_Compare(self, node: ast.Compare) -> ast.expr:  # noqa: D102
        node.left, *node.comparators = map(self._operand, [node.left, *node.comparators])
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.expr:  # noqa: D102
        node.values = [self._answer(one) for one in node.values]
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.expr:  # noqa: D102
        node.operand = self._answer(node.operand)
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:  # noqa: D102
        match node:
            case ast.Call(ast.Attribute(attr="equal" | "allclose"), [one, other]) if not (
                isinstance(one, ast.Starred) or isinstance(other, ast.Starred)
            ):
                apart = f"abs({ast.unparse(ast.BinOp(one, ast.Sub(), other))}).max()"
                both = _call(NOTE_BOTH, [ast.Constant(apart), one, other])
                node.args = [ast.copy_location(ast.Starred(both, ast.Load()), node)]
            case ast.Call(ast.Name(id="all" | "any"), [one]) if _is_plain(one):
                node.args = [self._operand(one)]
            case ast.Call(ast.Attribute(value=one, attr="all" | "any") as of, []) if _is_plain(one):
                of.value = self._operand(one)
            case ast.Call(ast.Name(id="bool"), [one]) if not isinstance(one, ast.Call):
                node.args = [self._operand(one) if _is_plain(one) else self.visit(one)]
            case _:
                self.generic_visit(node)
        return node

    def visit_comprehension(self, node: ast.comprehension) -> ast.comprehension:  # noqa: D102
        return node  # it chooses what is compared, and decides nothing

    def visit_Lambda(self, node: ast.Lambda) -> ast.expr:  # noqa: D102
        return node

    def _answer(self, expression: ast.expr) -> ast.expr:
        """Look into something that is true or not, perhaps by the name of another bool."""
        if isinstance(expression, ast.Name):
            return self._operand(expression)
        return self.visit(expression)  # type: ignore[no-any-return]

    def _operand(self, expression: ast.expr) -> ast.expr:
        with contextlib.suppress(ValueError):
            ast.literal_eval(expression)
            return expression  # a reader sees what it is
        if isinstance(expression, ast.Starred | ast.NamedExpr | ast.GeneratorExp):
            return expression
        place = f"{expression.lineno}:{expression.col_offset}"  # for one name in two loops
        arguments = [ast.Constant(ast.unparse(expression)), ast.Constant(place), expression]
        return ast.copy_location(_call(NOTE, arguments), expression)

    def _note(self, code: str, place: str, value: Any) -> Any:
        self._noted.setdefault((code, place), []).append(value)
        return value

    def _note_both(self, apart: str, one: Any, other: Any) -> tuple[Any, Any]:
        # They may hold no numbers, or not as many; infinities warn when they are subtracted.
        with contextlib.suppress(Exception), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if one.shape == other.shape or 1 in (math.prod(one.shape), math.prod(other.shape)):
                self._note(apart, "", abs(one * 1.0 - other * 1.0).max().item())
        return one, other

    def _decide(self, name: str, value: Any) -> Any:
        noted, self._noted = self._noted, {}
        told: list[tuple[str, str]] = []
        for (code, _), values in noted.items():
            if code in self.told and all(type(one) is bool for one in values):
                told += self.told[code]  # what was compared for another bool
            elif (short := _in_short(values)) is not None:
                told.append((code, short))
        self.told.pop(name, None)
        if type(value) is bool:
            self.told[name] = list(dict.fromkeys(told))
        return value


def _call(name: str, arguments: list[ast.expr]) -> ast.expr:
    return ast.Call(ast.Name(name, ast.Load()), arguments, [])


def _is_plain(expression: ast.expr) -> bool:
    """Whether nothing is compared within."""
    return not any(isinstance(one, ast.Compare | ast.GeneratorExp) for one in ast.walk(expression))


def _in_short(values: list[Any]) -> str | None:
    """Write what an operand was, each time, if it was something plain."""
    try:
        plain = [_plain(one) for one in values]
        texts = [_text(one) for one in plain]
    except Exception:  # of an object that is no plain value, and may do what it likes
        return None
    if len({*texts}) == 1:
        # An answer alone is no value: the reader has it.
        return None if isinstance(plain[0], bool) else _joined(texts[:1], plain[:1])
    return _joined(texts, plain)


def _plain(value: Any) -> Any:
    """Make lists of tensors and arrays."""
    if hasattr(value, "tolist") and hasattr(value, "shape"):
        if math.prod(value.shape) > MOST_LOOKED_AT:
            raise TypeError("too many numbers")
        return [*_flat(value.tolist())] if math.prod(value.shape) > MOST_NUMBERS else value.tolist()
    return value


def _text(value: Any) -> str:
    """Write a plain value.

    Raises:
        TypeError: if it is none.
    """
    match value:
        case bool() | int() | None:
            return str(value)
        case float():
            return f"{value:.4g}"
        case str():
            return repr(value)
        case list():
            return f"[{_joined([_text(_plain(one)) for one in value], value)}]"
        case tuple():
            inside = _joined([_text(_plain(one)) for one in value], value)
            return f"({inside},)" if len(value) == 1 else f"({inside})"
        case set() | frozenset():
            return f"{{{_joined(sorted(_text(one) for one in value), [*value])}}}"
        case dict():
            texts = [f"{_text(key)}: {_text(_plain(one))}" for key, one in value.items()]
            return f"{{{_joined(texts, [*value.values()])}}}"
    raise TypeError(type(value).__name__)


def _joined(texts: list[str], values: list[Any] | tuple[Any, ...]) -> str:
    """Put texts in a row; of many, the smallest and the largest, or the first and the last."""
    if len(texts) > 3 and len({*texts}) == 1:
        return f"{len(texts)} × {texts[0]}"
    if len(whole := ", ".join(texts)) <= MOST_SHOWN:
        return whole
    parts = [*_flat(values)]
    if all(type(one) is bool for one in parts):
        return ", ".join(f"{parts.count(one)} × {one}" for one in (True, False))
    if all(type(one) in (int, float) for one in parts):
        return f"{_text(min(parts))} … {_text(max(parts))}"
    if len(texts) == 1:
        return f"{whole[:MOST_SHOWN]}…"
    return ", … ".join(f"{one[:MOST_SHOWN]}…"[: max(len(one), 1)] for one in (texts[0], texts[-1]))


def _flat(value: Any) -> Iterator[Any]:
    """Yield what nested lists hold."""
    if isinstance(value := _plain(value), list | tuple):
        for one in value:
            yield from _flat(one)
    else:
        yield value


def _traceback(shell: Any, error: BaseException) -> str:
    try:
        lines = shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__)
        return shell.InteractiveTB.stb2text(lines)  # type: ignore[no-any-return]
    except Exception:  # an error whose own text cannot be made
        return type(error).__name__


def once() -> None:
    """Run one job: it comes through standard input, and its report goes to standard output."""
    job = json.loads(sys.stdin.buffer.readline())
    with os.fdopen(os.dup(1), "wb") as report, Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
        _run(job, report)


def serve(channel: socket.socket, modules: Sequence[str]) -> None:
    """Import once, then fork for each job; when the build closes the channel, end them all."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build decides
    for name in modules:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    gc.collect()
    gc.freeze()  # so that no child looks through all that was imported, and copies it
    _adopt_orphans()
    jobs: set[int] = set()
    signal.signal(signal.SIGCHLD, lambda *_: _end_orphans(jobs))
    while True:
        message, descriptors, *_ = socket.recv_fds(channel, 1, 1)
        if not message:
            break
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})  # until the job is known
        if (child := os.fork()) == 0:
            os.setpgid(0, 0)  # so that a limit ends it with all that it started
            signal.signal(signal.SIGINT, signal.default_int_handler)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
            _adopt_orphans()
            channel.close()
            with socket.socket(fileno=descriptors[0]).makefile("rwb") as connection:
                _run(json.loads(connection.readline()), connection)
            os._exit(0)
        os.close(descriptors[0])
        with contextlib.suppress(OSError):  # before it can be asked to end, whoever is quicker
            os.setpgid(child, child)
        jobs.add(child)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
        channel.sendall(b"%d\n" % child)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    for child in jobs:
        _kill(child)
    with contextlib.suppress(ChildProcessError):  # there are no more
        while True:
            jobs.discard(os.waitpid(-1, 0)[0])  # its processor time counts as ours
            _end_orphans(jobs)


def _adopt_orphans() -> None:
    """Become the parent of what descendants leave behind, whatever session it is in."""
    set_child_subreaper = 36  # see prctl(2)
    ctypes.CDLL(None).prctl(set_child_subreaper, 1, 0, 0, 0)


def _end_orphans(jobs: set[int]) -> None:
    """End what jobs that are over have left behind, and take note of what has ended."""
    with contextlib.suppress(ChildProcessError):  # there are no more
        while (ended := os.waitpid(-1, os.WNOHANG)[0]) != 0:
            jobs.discard(ended)
    for thread in Path("/proc/self/task").iterdir():
        with contextlib.suppress(OSError):  # it has ended, or Linux was built without the list
            for number in map(int, (thread / "children").read_text().split()):
                if number not in jobs:
                    _kill(number)


def _kill(number: int) -> None:
    """End a process and its group."""
    for kill in (os.killpg, os.kill):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            kill(number, signal.SIGKILL)


def _run(job: dict[str, Any], report: Any) -> None:
    """Leave the place and the names of the process before this one, and work."""
    os.chdir(job["folder"])
    os.environ.clear()
    os.environ.update(job["environment"])
    worker = Worker(job, report)
    try:
        worker.work()
    except Exception as error:  # not one of a cell: those are reported with their cell
        said = {"error": f"{type(error).__name__}: {error}", "traceback": traceback.format_exc()}
        worker.say(said)


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        serve(socket.socket(fileno=int(sys.argv[2])), sys.argv[3:])
        os._exit(0)  # taking apart what it imported takes a fifth of a second
    else:
        once()
