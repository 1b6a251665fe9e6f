"""Keep for the next build what other steps made; the site is the same without this folder."""

from . import rendered, search, templates

__all__ = ["rendered", "search", "templates"]
