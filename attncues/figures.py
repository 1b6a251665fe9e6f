"""Every illustration of the site by name, for slides, papers and tests.

Nothing is computed here: a figure comes from the cells of its page, in `attncues.chapter`, which
run up to the one that shows it. `python -m attncues figures` writes figures into files.
"""

import ast
import contextlib
import io
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from types import CodeType
from typing import Any, TypeAlias

import torch

from . import chapter
from .showing import collected
from .style import DPI, Figure, Kind, Language, Theme, render
from .threads import one_thread

Files: TypeAlias = dict[Kind, bytes | Exception]
"""What the file of a figure holds, by its format, or why there is none."""


@dataclass
class Page:
    """The cells of a page, of which some have run."""

    title: str
    cells: Iterator[tuple[str, CodeType, CodeType | None]]
    variables: dict[str, Any] = field(default_factory=dict)
    figures: dict[str, Figure] = field(default_factory=dict)
    error: Exception | None = None
    """What one of the cells raised; those after it cannot run."""

    def figure(self, name: str) -> Figure:
        """Run cells until the one of this name has shown its figure."""
        with torch.random.fork_rng(devices=[]), one_thread():
            while name not in self.figures:
                if self.error is not None:
                    raise self.error
                try:
                    self._run_next()
                except Exception as error:
                    self.error = error
        return self.figures[name]

    def _run_next(self) -> None:
        name, body, last = next(self.cells)
        with collected() as shown, contextlib.redirect_stdout(io.StringIO()):
            exec(body, self.variables)
            value = eval(last, self.variables) if last else None
        for figure in [*shown, value]:
            if isinstance(figure, Figure):
                self.figures[name] = figure


@cache
def _page(script: str) -> Page:
    path = Path(chapter.__file__).with_name(f"{script}.py")
    text = path.read_text(encoding="utf-8")
    title = re.search(r"“(.+?)”", text)
    variables = {"__name__": "__main__", "__file__": str(path)}
    return Page(title[1] if title else script, _cells(text, str(path)), variables)


def _cells(text: str, path: str) -> Iterator[tuple[str, CodeType, CodeType | None]]:
    """Yield the cells of a script: name, code, and the expression that it shows, if any."""
    for cell in re.finditer(r"(?ms)^# %% (?P<name>[\w-]+)[^\n]*\n(?P<code>.*?)(?=^# %% |\Z)", text):
        body = ast.parse(cell["code"], path)
        ast.increment_lineno(body, text.count("\n", 0, cell.start("code")))
        shown = None
        if body.body and isinstance(last := body.body[-1], ast.Expr):
            shown = compile(ast.Expression(last.value), path, "eval")
            del body.body[-1]
        yield cell["name"], compile(body, path, "exec"), shown


def _draw(script: str, name: str, lang: Language = "en") -> Figure:
    again = _page(script).figure(name).again
    assert again is not None
    return again(lang)


Draw: TypeAlias = Callable[..., Figure]

_SCRIPTS = chapter.figures()

FIGURES: dict[str, Draw] = {name: partial(_draw, page, name) for name, page in _SCRIPTS.items()}
"""What draws a figure in a language, `lang="en"` if none is named; in the order of the chapter."""


def page_of(name: str) -> str:
    """Return the title of the page that shows a figure."""
    return _page(_SCRIPTS[name]).title


def files(
    name: str,
    kinds: Sequence[Kind] = ("svg",),
    *,
    lang: Language = "en",
    theme: Theme = "auto",
    dpi: float = DPI,
) -> Files:
    """Draw an illustration and write it in several formats.

    Args:
        name: One of `FIGURES`.
        kinds: Of "svg", "png" and "pdf".
        lang: The language of its text, "en" or "zh".
        theme: As in `style.render`.
        dpi: As in `style.render`.

    Returns:
        For each format the bytes of the file. An error takes their place, so that other
        formats, and other figures, are written all the same.
    """
    written: Files = {}
    for kind in kinds:
        try:
            written[kind] = render(FIGURES[name](lang), kind, theme=theme, dpi=dpi)
        except ModuleNotFoundError as error:
            reason = f"it needs {error.name}, as the site does: pip install 'attncues[docs]'"
            written[kind] = RuntimeError(reason)
        except Exception as error:
            written[kind] = error
    return written
