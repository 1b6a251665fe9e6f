"""A page of its own for each explorer, for who shows it elsewhere in an `iframe`.

It holds the figure as its page has it, and a link back. It is in no navigation, search or
sitemap, and its address is the figure's name, so that it stays when pages are rewritten. The
snippet that shows it is made by docs/assets/explorers.js.
"""

import re
from collections.abc import Iterable, Iterator
from functools import partial
from urllib.parse import urljoin

from engine.complaints import complain
from engine.published import publish
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.pages import Page

from . import policy
from .editions import DEFAULT_LANGUAGE, language

FIGURE = re.compile(r'<figure class="computed" id="([\w-]+)"[^>]*>.*?</figure>', re.DOTALL)
EXPLORER = re.compile(
    r'<svg data-figure="([\w-]+)" data-explorer=.*?<title>(.*?)</title>', re.DOTALL
)
HEAD = re.compile(r'<link rel="(?:icon|stylesheet)"[^>]*>')
PALETTES = re.compile(r'<svg class="palettes".*?</svg>', re.DOTALL)
ADDRESS = re.compile(r'(<(?:link|a)\b[^>]*? href=|<svg\b[^>]*? data-source=)"([^"]*)"')

INDEX = "index.html"

PAGE = """\
<!doctype html>
<html lang="{lang}">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width,initial-scale=1">
    <meta name="robots" content="noindex">
    <title>{shows}</title>
    {head}
    <script defer src="{root}assets/embed.js"></script>
    <script defer src="{root}assets/explorers.js"></script>
  </head>
  <body class="embed" dir="ltr" data-md-color-scheme="default">
    {palettes}
    <main class="md-content__inner md-typeset">
      <h1 class="explorer-live">{shows}</h1>
{figure}
      <p><a class="explorer-home" target="_blank" href="{here}#{anchor}">{title}</a></p>
    </main>
  </body>
</html>
"""


def write(output: str, page: Page, config: MkDocsConfig, written: dict[str, str]) -> None:
    """Write a page for each explorer of a page.

    Args:
        output: The page, as it is published.
        page: What it is.
        config: Of the site.
        written: The address of the page of each embed of this edition, which this adds to.
    """
    if config.extra["offline"]:
        return  # nothing elsewhere can show a page that lies on a disk
    lang = language(page.file)
    folder = "embed/" if lang == DEFAULT_LANGUAGE else f"{lang}/embed/"
    for name, shows, anchor, figure in _explorers(output):
        place = f"{folder}{name}/"
        take(place, page, written)
        root = "../" * place.count("/")
        palettes = PALETTES.search(output)
        moved = partial(_moved, page=page, root=root)
        html = PAGE.format(
            lang=lang,
            shows=shows,
            title=config.site_name
            if page.file.name == "index"
            else f"{page.title} – {config.site_name}",
            head=ADDRESS.sub(moved, "\n    ".join(HEAD.findall(output))),
            palettes=palettes[0] if palettes else "",
            figure=ADDRESS.sub(moved, figure),
            root=root,
            here=root + page.url.removeprefix("./"),
            anchor=anchor,
        )
        publish(policy.state(html).encode(), f"{place}{INDEX}", config)


def take(place: str, page: Page, written: dict[str, str]) -> None:
    """Note whose embed has an address; complain if another page has it."""
    if (other := written.setdefault(place, page.url)) != page.url:
        name = place.split("/")[-2]
        complain(page, f"the explorer {name} has the name of one of {other}: rename its cell")


def places(published: Iterable[str]) -> list[str]:
    """Return the addresses of pages of embeds, among those of files that a page published."""
    found = (address.removesuffix(INDEX) for address in published)
    return [place for place in found if re.fullmatch(r"(\w\w/)?embed/[^/]+/", place)]


def _moved(address: re.Match[str], page: Page, root: str) -> str:
    """Write an address of a page as one of its embed; links leave the frame that it is in."""
    here = "//site/"
    there = urljoin(here + page.url, address[2])
    if there.startswith(here):
        there = root + there.removeprefix(here)
    aside = ' target="_blank"' if address[1].startswith("<a") else ""
    return f'{address[1]}"{there}"{aside}'


def _explorers(output: str) -> Iterator[tuple[str, str, str, str]]:
    """Yield of each figure that is an explorer its name, what it shows, its anchor and its HTML."""
    for figure in FIGURE.finditer(output):
        if explorer := EXPLORER.search(figure[0]):
            yield explorer[1], explorer[2], figure[1], figure[0]
