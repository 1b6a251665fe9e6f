"""What differs between a build, which must be right, and a preview, which must go on."""

import logging

from mkdocs.exceptions import PluginError
from mkdocs.structure.pages import Page

log = logging.getLogger("mkdocs.hooks")

serving = False
"""Whether this is `mkdocs serve`; set when MkDocs starts."""


def complain(page: Page, message: str) -> None:
    """Fail a build; in a preview say what is wrong and go on."""
    message = f"{page.file.src_uri}: {message}"
    if not serving:
        raise PluginError(message)
    log.error(message)
