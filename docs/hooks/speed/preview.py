"""See an edit at once: MkDocs 1.6.1 looks twice a second, and has no option for it."""

from typing import TYPE_CHECKING

from mkdocs.config.defaults import MkDocsConfig

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

EVERY = 0.1
"""Seconds from one look at the sources to the next; a look takes some thousandths."""


def look_often(server: "LiveReloadServer", config: MkDocsConfig) -> "LiveReloadServer":
    """Let a preview look for edits every tenth of a second.

    With `--watch-theme` it goes on as it would: Material has thousands of files.
    """
    from watchdog.observers.polling import PollingObserver  # a build has no use for it

    ours = [config.docs_dir, config.config_file_path]
    for path in ours:
        server.unwatch(path)
    if not server.observer.emitters:
        server.observer = PollingObserver(timeout=EVERY)
    for path in ours:
        server.watch(path)
    return server
