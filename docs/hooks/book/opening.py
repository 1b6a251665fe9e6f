"""What a page of the chapter opens with: what one can do after it, and what to know before.

    able:
      - tell a query from a key
      - ...
    before: what an average is, and [the desk](cues.md)

These lines of the front matter become one block below the title, beside the minutes, which
`social.py` counts. A translation has its own, with as many lines and the same links.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from mkdocs.structure.pages import Page
from mkdocs.utils.meta import get_data

LINKS = re.compile(r"\]\(([^)]+)\)")


def put_in(markdown: str, page: Page, labels: Mapping[str, str]) -> str:
    """Write the opening of a page below its title."""
    rows = []
    if able := page.meta.get("able"):
        rows.append(f"{labels['able']}\n:   " + "\n    ".join(f"- {one}" for one in able))
    if before := page.meta.get("before"):
        rows.append(f"{labels['before']}\n:   {before}")
    if not rows:
        return markdown
    block = "\n\n".join(['<div class="opening" markdown="1">', *rows, "</div>"])
    return re.sub(r"^# .+\n", lambda title: f"{title[0]}\n{block}\n", markdown, count=1, flags=re.M)


def differences(page: Page, english: str) -> Iterator[str]:
    """Yield what the opening of a translation does not share with that of its English page."""
    there: dict[str, Any] = get_data(english)[1]
    counts = [len(meta.get("able") or ()) for meta in (there, page.meta)]
    if counts[0] != counts[1]:
        yield (
            f"`able` in the front matter of the English page has {counts[0]} lines, and here "
            f"{counts[1]}: let both name the same abilities"
        )
    links = [LINKS.findall(str(meta.get("before") or "")) for meta in (there, page.meta)]
    if links[0] != links[1]:
        yield (
            f"`before` in the front matter of the English page leads to {links[0]}, and here to "
            f"{links[1]}: let both lead to the same places"
        )
