"""Say what is wrong with pages; a build then finds the rest and fails, a preview goes on."""

import html
import logging

from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks")

serving = False
"""Whether this is `mkdocs serve`; set when MkDocs starts."""

said: set[str] = set()
"""What is wrong in this build."""

count = 0
"""How many complaints there were since MkDocs started, equal ones included."""

of: dict[str, list[str]] = {}
"""What is wrong with each page, by its source."""


def complain(page: Page, message: str) -> None:
    """Say what is wrong with a page."""
    report(f"{page.file.src_uri}: {message}")
    if message not in (known := of.setdefault(page.file.src_uri, [])):
        known.append(message)


def show(output: str, page: Page, title: str) -> str:
    """Put what is wrong with a page below its heading, for who sees a preview.

    Args:
        output: The HTML of the page.
        page: The page.
        title: What stands above the list, in the language of the page.
    """
    if not (messages := of.get(page.file.src_uri)):
        return output
    entries = "".join(f"<li>{html.escape(message)}</li>" for message in messages)
    box = (
        f'<div class="admonition failure" role="alert"><p class="admonition-title">{title}</p>'
        f"<ul>{entries}</ul></div>"
    )
    return output.replace("</h1>", f"</h1>{box}", 1)


def forget() -> None:
    """Forget what was wrong: a preview builds anew."""
    said.clear()
    of.clear()


def complain_at(page: Page, markdown: str, place: int, message: str) -> None:
    """Say what is wrong at a place of a page's Markdown, which has lost what stands above it."""
    above = page.file.content_string.count("\n") - markdown.count("\n")
    complain(page, f"line {above + markdown.count(chr(10), 0, place) + 1}: {message}")


def report(message: str) -> None:
    """Say what is wrong and go on; a build will fail once all that is wrong has been said."""
    global count
    count += 1
    if message not in said:  # a script serves all editions, and so does an untranslated page
        said.add(message)
        log.error(message)
