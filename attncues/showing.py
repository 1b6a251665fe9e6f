"""Show a figure where someone can see it: in a notebook, in a window, or to whoever collects."""

import contextlib
import sys
from collections.abc import Iterator
from contextvars import ContextVar

import matplotlib

from .style import Figure

_collected: ContextVar[list[Figure] | None] = ContextVar("collected", default=None)


def show(figure: Figure) -> None:
    """Show a figure in a notebook below the cell, and in a script in a window.

    Args:
        figure: What to show; a script without a screen shows nothing.
    """
    if (collected := _collected.get()) is not None:
        collected.append(figure)
    elif _in_notebook():
        from IPython.display import display

        display(figure)
    elif _has_screen():
        from matplotlib import pyplot

        window = pyplot.figure(figsize=figure.get_size_inches(), facecolor="white")
        figure.set_facecolor("white")
        figure.set_canvas(window.canvas)
        window.canvas.figure = figure
        pyplot.show()
        if not matplotlib.is_interactive():  # else `show` has not waited for the reader
            pyplot.close(window.number)


@contextlib.contextmanager
def collected() -> Iterator[list[Figure]]:
    """Collect what is shown meanwhile, in place of showing it."""
    shown: list[Figure] = []
    token = _collected.set(shown)
    try:
        yield shown
    finally:
        _collected.reset(token)


def _in_notebook() -> bool:
    """Whether a kernel shows what is displayed; a terminal would only name it."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython else None
    return shell is not None and hasattr(shell, "kernel")


def _has_screen() -> bool:
    """Whether the backend of matplotlib opens windows; others would warn of it."""
    from matplotlib.backends.registry import BackendFilter, backend_registry

    interactive: list[str] = backend_registry.list_builtin(BackendFilter.INTERACTIVE)
    return matplotlib.get_backend().lower() in interactive
