"""Keep for the next build what other steps made; the site is the same without this folder."""

from . import pages, search, templates

__all__ = ["pages", "search", "templates"]
