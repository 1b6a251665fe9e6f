"""What the built pages are made of.

If one fails, it names the page or the file. `mkdocs serve` shows the page; its frame is in
docs/overrides, its style and scripts in docs/assets, and what is done to it in docs/hooks.
"""

import gzip
import re
from io import BytesIO
from pathlib import Path
from urllib.parse import urlsplit
from xml.etree import ElementTree

import nbformat
import pytest
from bs4 import BeautifulSoup, Tag
from fontTools.ttLib import TTFont
from PIL import Image

from attncues import chapter, style
from tests.conftest import ROOT, Project

SOURCES = sorted((ROOT / "docs" / "en").rglob("*.md"))
EXECUTED = [path for path in SOURCES if path.stem.replace("-", "_") in chapter.PAGES]

LOADED = {"script": "src", "img": "src", "source": "src", "iframe": "src", "use": "href"}
LOADING = {
    "stylesheet",
    "icon",
    "preload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
    "modulepreload",
}


def pages(project: Project) -> dict[str, BeautifulSoup]:
    return {
        path.relative_to(project.site).as_posix(): BeautifulSoup(
            path.read_text("utf-8"), "html.parser"
        )
        for path in sorted(project.site.rglob("*.html"))
    }


@pytest.fixture(scope="session")
def soups(built: Project) -> dict[str, BeautifulSoup]:
    return pages(built)


def page_of(source: Path) -> str:
    stem = source.relative_to(ROOT / "docs" / "en").with_suffix("").as_posix()
    return "index.html" if stem == "index" else f"{stem}/index.html"


@pytest.mark.thorough
def test_no_page_names_another_host_to_load_from(soups: dict[str, BeautifulSoup]) -> None:
    assert len(soups) > len(SOURCES), "pages are missing in the built site: run `mkdocs build`"
    for name, soup in soups.items():
        addresses = [
            str(tag[attribute])
            for kind, attribute in LOADED.items()
            for tag in soup.find_all(kind)
            if tag.get(attribute)
        ]
        addresses += [
            str(tag["href"]) for tag in soup.find_all("link") if LOADING & set(tag.get("rel") or [])
        ]
        assert addresses, f"{name} loads nothing: is it in the frame of docs/overrides?"
        foreign = [address for address in addresses if urlsplit(address).netloc]
        assert foreign == [], f"{name} loads from elsewhere: put the file into docs/assets"


def test_no_style_names_another_host(built: Project) -> None:
    for path in built.site.rglob("*.css"):
        foreign = re.findall(r"(?:url\(|@import)[\s\"']*(?:https?:)?//.*", path.read_text("utf-8"))
        assert foreign == [], f"{path.name} loads from elsewhere: put the file into docs/assets"


def test_no_script_of_the_theme_is_published_for_nobody(built: Project) -> None:
    scripts = [path.name for path in built.site.glob("assets/javascripts/**/*.js")]
    assert len(scripts) == 1, "leave out what no page loads: docs/hooks/book/search_index.py"


def test_pages_are_light(built: Project) -> None:
    sizes = {path: path.stat().st_size for path in built.site.rglob("*.html")}
    heavy = {
        path.relative_to(built.site).as_posix(): size
        for path, size in sizes.items()
        if size > 150_000
    }
    assert heavy == {}, (
        "a page may weigh 150,000 bytes: draw fewer or smaller figures, or make two pages of it; "
        "data of explorers lies in files of its own"
    )


@pytest.mark.parametrize("source", EXECUTED, ids=lambda path: path.stem)
def test_figures_have_words_and_follow_the_theme(
    source: Path, soups: dict[str, BeautifulSoup]
) -> None:
    soup = soups[page_of(source)]
    figures = soup.select("figure.computed:has(svg)")
    worded = re.findall(r"^    alt: .+", source.read_text("utf-8"), re.MULTILINE)
    assert len(figures) == len(worded), "state    alt: ... and a caption below each figure"
    for figure in figures:
        said = figure.get_text(" ", strip=True)[:60]
        for svg in figure.find_all("svg"):
            title, description = svg.find("title"), svg.find("desc")
            assert svg["role"] == "img" and isinstance(title, Tag) and len(title.get_text()) > 10, (
                f"{said}: say in its line    alt: ... what is to be seen, in a sentence"
            )
            assert isinstance(description, Tag) and len(description.get_text()) > 20, (
                f"{said}: draw with attncues, or give the figure a description: see Figure in "
                "attncues/style"
            )
        caption = figure.find("figcaption")
        assert caption is not None and caption.get_text().strip(), (
            f"{said}: say below it what a reader should see in it"
        )
        # Words stand on the paper of the page; a number may stand on a mark of its own.
        words = [text for text in figure.select("svg text") if not text.get_text().isdigit()]
        assert "currentColor" in str(figure) or not words, (
            f"{said}: its words have a colour of their own, and vanish in one of the two schemes; "
            "draw them in attncues.style.INK"
        )
    names = [str(tag["id"]) for tag in soup.select("[id]")]
    twice = {name for name in names if names.count(name) > 1}
    assert twice == set(), "give these another id, or the heading another {#anchor}"


@pytest.mark.parametrize("source", EXECUTED, ids=lambda path: path.stem)
def test_no_fact_is_left_unfilled(source: Path, soups: dict[str, BeautifulSoup]) -> None:
    article = soups[page_of(source)].find("article")
    assert article is not None, "the page has no text: is it in the frame of docs/overrides?"
    assert "{{" not in article.get_text(), "a sentence names a fact in a place that is not filled"


@pytest.mark.parametrize("source", EXECUTED, ids=lambda path: path.stem)
def test_the_executed_notebook_can_be_downloaded(
    source: Path, built: Project, soups: dict[str, BeautifulSoup]
) -> None:
    link = soups[page_of(source)].select_one("a[download]")
    assert link is not None, (
        "the page should offer its notebook: see docs/overrides/partials/actions.html"
    )
    path = (built.site / page_of(source)).parent / str(link["href"])
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    codes = [cell for cell in notebook.cells if cell.cell_type == "code"]
    counts = [cell.execution_count for cell in codes]
    assert counts == sorted(counts), "cells ran in another order than they stand in"
    kinds = [kind for cell in codes for output in cell.outputs for kind in output.get("data", {})]
    text = source.read_text(encoding="utf-8")
    assert ("image/svg+xml" in kinds) == ("\n    alt: " in text), "words and figures go together"
    prose = "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    assert "pip install" in notebook.cells[0].source, "it should begin with how to install"
    left = re.findall(r".*(?:\{\{|\.md\)|\.md#|^///).*", prose, re.MULTILINE)
    assert left == [], "Jupyter does not know this: see _for_jupyter in docs/hooks/engine/pages.py"
    assert ("](https://example.org/cues/" in prose) == bool(re.search(r"\]\([\w-]+\.md", text)), (
        "links to pages should be addresses: see _for_jupyter in docs/hooks/engine/pages.py"
    )


def test_pages_without_code_offer_no_notebook(soups: dict[str, BeautifulSoup]) -> None:
    assert soups["glossary/index.html"].select_one("a[download]") is None, (
        "a page without code should offer none: see docs/overrides/partials/actions.html"
    )


def test_formulas_are_mathml_whose_signs_are_in_the_font(
    built: Project, soups: dict[str, BeautifulSoup]
) -> None:
    font = TTFont(BytesIO((built.site / "assets/stix-two-math.woff2").read_bytes()))
    known = set(map(chr, font.getBestCmap()))
    signs = {
        sign
        for soup in soups.values()
        for formula in soup.find_all("math")
        for sign in formula.get_text()
    }
    assert {"∑", "α", "𝐪"} <= signs, "formulas of the pages are gone: see docs/hooks/book/mathml.py"
    words = {sign for sign in signs if "\u4e00" <= sign <= "\u9fff"}  # in the font of the text
    missing = signs - known - words - set("\u2061\u2062\n")
    assert missing == set(), "add these signs to SIGNS in docs/hooks/book/mathml.py"
    unconverted = [name for name, soup in soups.items() if soup.select(".arithmatex")]
    assert unconverted == [], "a formula of these pages was not converted to MathML"


def test_the_font_has_the_signs_that_browsers_add(built: Project) -> None:
    font = TTFont(BytesIO((built.site / "assets/stix-two-math.woff2").read_bytes()))
    # A browser sets <mi>x</mi> in U+1D465, and draws the sign of <msqrt> itself.
    missing = [sign for sign in "𝑥𝐴ℎ𝛼𝜃√" if ord(sign) not in font.getBestCmap()]
    assert missing == [], "add these signs to SIGNS in docs/hooks/book/mathml.py"


def test_the_sitemap_lists_every_page_once(built: Project) -> None:
    root = ElementTree.parse(built.site / "sitemap.xml").getroot()
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    listed = [element.text for element in root.iter(f"{space}loc")]
    base = "https://example.org/cues/"
    expected = [
        base + edition + page_of(source).removesuffix("index.html")
        for source in SOURCES
        for edition in ("", "zh/")
    ]
    assert sorted(str(url) for url in listed) == sorted(expected), (
        "each page of docs/en and its twin belong in the sitemap: see docs/overrides/sitemap.xml"
    )


def test_a_link_to_a_page_can_be_shown_with_its_title_and_a_picture(
    built: Project, soups: dict[str, BeautifulSoup]
) -> None:
    with Image.open(built.site / "assets" / "card.png") as card:
        assert card.size == (1200, 630), "other sites cut it: see docs/hooks/book/social.py"
    seen = set()
    for name, soup in soups.items():
        if name == "404.html" or "embed/" in name:  # which others show and do not link to
            continue
        head = soup.head
        frame = f"{name}: what its head tells comes from docs/overrides/main.html"
        assert head is not None, frame
        told = {str(tag["property"]): str(tag["content"]) for tag in head.select("meta[property]")}
        (description,) = (str(tag["content"]) for tag in head.select("meta[name=description]"))
        assert told["og:description"] == description, frame
        assert description not in seen, f"{name}: another page has the same description"
        seen.add(description)
        assert head.title is not None, frame
        assert told["og:title"] in head.title.get_text(), frame
        assert told["og:image"] == "https://example.org/cues/assets/card.png", frame
        address = "https://example.org/cues/" + name.removesuffix("index.html")
        assert told["og:url"] == address, frame
        chinese = name.startswith("zh/")
        locales = ["zh_CN", "en_GB"] if chinese else ["en_GB", "zh_CN"]
        assert [told["og:locale"], told["og:locale:alternate"]] == locales, frame
        assert bool(re.search("[\u4e00-\u9fff]", told["og:image:alt"])) == chinese, frame


def test_the_pages_of_the_chapter_say_how_long_they_take(soups: dict[str, BeautifulSoup]) -> None:
    def minutes(page: str) -> int:
        line = soups[page].select_one("h1 + .reading-time")
        assert line is not None, (
            f"{page} does not say how long it takes: see docs/hooks/book/social.py"
        )
        return int("".join(filter(str.isdigit, line.get_text())))

    for page in ("cues", "summary", "hard-attention"):
        there, here = minutes(f"{page}/index.html"), minutes(f"zh/{page}/index.html")
        assert abs(there - here) <= 2, (
            f"{page} takes {there} minutes in English and {here} in Chinese: is half of it missing "
            "in one? If not, see how docs/hooks/book/social.py counts"
        )
    assert minutes("cues/index.html") > minutes("summary/index.html"), (
        "a long page should take longer"
    )
    assert soups["api/index.html"].select_one(".reading-time") is None, "a reference has no minutes"


def test_the_page_for_wrong_addresses_leads_to_both_editions(
    soups: dict[str, BeautifulSoup],
) -> None:
    soup = soups["404.html"]
    assert soup.html is not None and soup.html["lang"] == "en", "see docs/hooks/book/editions.py"
    for links in (soup.select("article a"), soup.select(".md-select__link")):
        there = [link["href"] for link in links]
        assert there == ["/cues/", "/cues/zh/"], (
            "see docs/overrides/404.html and docs/hooks/book/editions.py"
        )


def test_styles_and_scripts_of_ours_are_small(built: Project) -> None:
    ours, published = ROOT / "docs" / "assets", built.site / "assets"

    def weight(pattern: str) -> int:
        files = sorted(path.relative_to(ours) for path in ours.rglob(pattern))
        return sum(len(gzip.compress((published / path).read_bytes())) for path in files)

    for pattern, most in (("*.css", 13 * 1024), ("*.js", 40 * 1024)):
        assert 0 < weight(pattern) < most, (
            f"all of docs/assets/**/{pattern} together, as published and compressed, may have "
            f"{most:,} bytes, and has {weight(pattern):,}: take out what nobody needs"
        )


def test_no_script_has_a_template_within_a_template() -> None:
    """What takes the comments out cannot read them, and would eat their spaces."""
    for path in sorted((ROOT / "docs" / "assets").rglob("*.js")):
        found = re.search(r"`[^`]*\$\{[^}`]*`", path.read_text("utf-8"))
        assert found is None, f"{path.name}: give the inner one a name: {found and found[0]}"


def test_pages_and_figures_share_their_colours() -> None:
    styles = (ROOT / "docs" / "assets" / "site.css").read_text("utf-8")
    for name in ("red", "blue", "grey", "navy"):
        line = f"--{name}: {getattr(style, name.upper())};"
        assert line in styles, f"docs/assets/site.css needs {line} as in attncues/style"
    icon = (ROOT / "docs" / "assets" / "icon.svg").read_text("utf-8")
    assert {style.RED, style.NAVY} <= set(re.findall(r"#[0-9a-f]{6}", icon)), (
        "give docs/assets/icon.svg the colours of attncues/style"
    )


EVERYTHING = """

## Everything at once {#everything}

!!! note "A note"
    With *emphasis* and $x^2$.

=== "One"

    First tab.

=== "Two"

    Second tab.

A claim.[^proof] See [above](#third) and [a formula](second.md#formula).

[^proof]: Its proof.

| a | b |
| --- | --- |
| 1 | 2 |

/// cell | everything-at-once
///
"""
CELL = """
# %% everything-at-once tags=["hide-input"]
from IPython.display import Markdown

print("\\n".join(f"line {n} <b>" for n in range(100)))
Markdown("A **computed** [link](second.md).")
"""


@pytest.mark.thorough
def test_cells_of_text_go_through_the_markdown_of_the_site(small: Project) -> None:
    small.append("docs/en/third.md", EVERYTHING)
    small.append("attncues/chapter/third.py", CELL)
    result = small.build()
    assert result.code == 0, result.log
    soup = pages(small)["third/index.html"]
    article = soup.find("article")
    assert isinstance(article, Tag)
    assert article.select_one(".admonition.note em")
    assert article.select_one(".admonition.note math")
    assert len(article.select(".tabbed-block")) == 2
    assert article.select_one(".footnote li")
    assert article.select_one("table td")
    hrefs = {str(tag["href"]) for tag in article.select("a[href]")}
    assert {"#third", "../second/#formula", "../second/"} <= hrefs
    assert soup.select_one(".md-nav--secondary a[href='#everything']")
    assert article.select_one("details.code summary")
    assert article.select_one("p strong")
    output = article.select("pre.output")[-1]
    assert output["tabindex"] == "0"
    assert "line 99 <b>" in output.get_text()
