"""A page says in its front matter what it tells: search engines and previews of links show it."""

from engine.complaints import complain
from mkdocs.structure.pages import Page


def check(page: Page) -> None:
    """Complain of a page without a description."""
    if not 5 < len(str(page.meta.get("description") or "")) < 200:
        complain(
            page,
            "the front matter needs a description of one sentence, below 200 characters: write "
            "`description: What the page tells.` between two lines `---` at its top; put the "
            "text in quotes if it has a colon and a space, which YAML takes for a new key",
        )
