"""Do nothing twice, and look for edits often; the site is the same without this folder."""

from . import copies, pages, preview, search, templates

__all__ = ["copies", "pages", "preview", "search", "templates"]
