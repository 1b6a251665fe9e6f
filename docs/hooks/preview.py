"""What differs between a build, which must be right, and a preview, which must go on."""

import logging

from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks")

serving = False
"""Whether this is `mkdocs serve`; set when MkDocs starts."""

complaints: set[str] = set()
"""What is wrong with the pages of this build."""


def complain(page: Page, message: str) -> None:
    """Say what is wrong with a page."""
    report(f"{page.file.src_uri}: {message}")


def report(message: str) -> None:
    """Say what is wrong and go on; a build will fail once all that is wrong has been said."""
    if not serving:
        if message in complaints:  # a page that is not translated is in both editions
            return
        complaints.add(message)
    log.error(message)
