"""Say what is wrong with pages; a build then finds the rest and fails, a preview goes on."""

import logging

from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks")

serving = False
"""Whether this is `mkdocs serve`; set when MkDocs starts."""

said: set[str] = set()
"""What is wrong in this build."""


def complain(page: Page, message: str) -> None:
    """Say what is wrong with a page."""
    report(f"{page.file.src_uri}: {message}")


def complain_at(page: Page, markdown: str, place: int, message: str) -> None:
    """Say what is wrong at a place of a page's Markdown, which has lost what stands above it."""
    above = page.file.content_string.count("\n") - markdown.count("\n")
    complain(page, f"line {above + markdown.count(chr(10), 0, place) + 1}: {message}")


def report(message: str) -> None:
    """Say what is wrong and go on; a build will fail once all that is wrong has been said."""
    if message not in said:  # a script serves all editions, and so does an untranslated page
        said.add(message)
        log.error(message)
