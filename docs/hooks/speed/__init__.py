"""Keep for the next build what other steps made; the site is the same without this folder."""

from . import checked, rendered, search, templates

__all__ = ["checked", "rendered", "search", "templates"]
