"""The cells of a small site, which tests build."""

PAGES = ("index", "second", "third")
