"""The site's own steps, event by event, in their order: the whole way of a page through a build.

`engine/` runs the cells of pages and puts what they compute into the prose. `book/` is what
this book is besides: editions, gallery, formulas, a zip. `speed/` makes builds and previews
quick; without it the site is the same.

A priority stands only where a plugin of others must go before or after. Events of MkDocs
come once for each edition (mkdocs-static-i18n builds them in turn), startup and shutdown once.
"""

import logging
import os
import shutil
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from book import (
    descriptions,
    docstrings,
    editions,
    embeds,
    figures,
    formulas,
    gallery,
    glossary,
    live,
    mathml,
    offline,
    opening,
    page_weight,
    policy,
    practice,
    questions,
    scripts,
    search_index,
    social,
    telling,
    terms,
    typesetting,
)
from engine import complaints
from engine.kept import cache, forget_unused
from engine.pages import Pages
from engine.runs import Run, Runs, Settings
from jinja2 import Environment
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import CombinedEvent, event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page
from mkdocs.utils import CountHandler

if TYPE_CHECKING:
    from mkdocs.livereload import LiveReloadServer

try:
    import speed
except ModuleNotFoundError:
    speed = None  # type: ignore[assignment]

# MkDocs writes the time of the build into sitemap.xml.gz.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")

site: dict[str, Any] = {}
"""The pages with cells and the figures of the edition that is being built."""


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    complaints.serving = command == "serve"
    if threading.current_thread() is threading.main_thread():
        # Ended from outside, a build still ends its processes and removes its folders.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


@event_priority(100)  # before mkdocs-static-i18n keeps what languages share
def _on_config_first(config: MkDocsConfig) -> MkDocsConfig:
    _be_strict()
    if speed:
        speed.pages.settings_file(config)
    offline.configure(config)
    if "pages" not in site:
        if complaints.serving:
            _say_where(config)
        site["pages"] = _pages(config)
    # mkdocs-jupyter 0.26.3 would parse each page as a notebook, many times, to see if it is one.
    plugin: Any = config.plugins["mkdocs-jupyter"]
    plugin.should_include = site["pages"].is_notebook
    return config


@event_priority(-100)  # after the search has made its index
def _on_config_last(config: MkDocsConfig) -> None:
    search_index.leave_chinese_whole()
    if speed:
        speed.templates.leave_out_what_is_hidden(config)
        speed.search.keep_entries(config)


on_config = CombinedEvent(_on_config_first, _on_config_last)


def _say_where(config: MkDocsConfig) -> None:
    """Say before the first build of a preview what MkDocs says after it."""
    host, port = config.dev_addr
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, port))
        except OSError as error:
            raise Abort(
                f"No preview can be at {host}:{port}: {error.strerror}. If another is there, give "
                f"this one an address of its own: --dev-addr {host}:{port + 1}"
            ) from None
    logging.getLogger("mkdocs.hooks").info(f"The preview will be at {config.site_url}")
    if not any((cache(config) / "runs").glob("*.json")):
        logging.getLogger("mkdocs.hooks").info(
            "The first start takes a minute or more: it runs the code of every page, and some of "
            "it trains a model. What comes out is kept, so the next start takes seconds."
        )


def _pages(config: MkDocsConfig) -> Pages:
    root = Path(config.config_file_path).parent
    settings = Settings(
        package=root / "attncues",
        words="attncues.words.names:NAMES",
        state="attncues.live:state",
        environment={"ATTNCUES_EDITIONS": "zh"},  # besides English: a figure is drawn in each
        preload=("torch", "matplotlib.pyplot", "matplotlib.backends.backend_agg", "IPython"),
        cell_timeout=config.extra["cell_timeout"],
    )
    pages = Pages(Runs(settings, cache(config) / "runs"), "chapter")
    if complaints.serving:
        pages.runs.warm_up()  # for the first cell that is saved
    else:
        pages.warm_up()
    return pages


@event_priority(-200)  # after mkdocs-static-i18n has chosen this edition's files (-100)
def on_files(files: Files, config: MkDocsConfig) -> Files:
    pages: Pages = site["pages"]
    if speed:
        speed.templates.keep_those_of_the_reference(config)
    editions.speak(config)
    with ThreadPoolExecutor(1) as beside:
        font = beside.submit(mathml.font, cache(config) / "fonts")
        pages.run(files, remember=not complaints.serving)
    for message in pages.uncited(files, Path(config.docs_dir)):
        complaints.report(message)
    live.check(pages, config)
    practice.check(pages, config)
    site["figures"] = gallery.entries(pages, files, config)
    site["embeds"] = {}
    for file in gallery.downloads(site["figures"], config):
        files.append(file)
    mathml.add_font(files, config, font.result())
    search_index.leave_out_theirs(files)
    scripts.make_small(files)
    offline.add_files(files, config)
    social.add_card(files, config)
    if speed:
        if "kept" in site:
            site["kept"].finish()
        site["kept"] = speed.pages.Kept(pages, site["figures"], config, files)
    return files


@event_priority(100)  # before plugins that change Markdown
def on_page_markdown(markdown: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    pages: Pages = site["pages"]
    # mkdocs-jupyter put a renderer of its own on the page; MkDocs' own shall render it.
    vars(page).pop("render", None)
    for difference in _differences(page, markdown, config):
        complaints.complain(page, difference)
    if speed and site["kept"].knows(page, markdown):
        return markdown
    descriptions.check(page)
    markdown = formulas.take_names(markdown, page, pages.runs.settings.package)
    markdown = markdown.replace(
        "{{glossary}}", glossary.markdown(Path(config.docs_dir), editions.language(page.file))
    )
    if "{{gallery}}" in markdown:
        fill = partial(_alt, pages=pages, page=page)
        markdown = markdown.replace("{{gallery}}", gallery.markdown(site["figures"], fill, config))
    if (notebook := pages.notebooks.get(page.file.src_uri)) is not None and not notebook.wrong:
        figures.insist_on_words(pages.blocks(notebook, markdown), page)
        language = editions.language(page.file)
        for place, message in telling.unsupported(notebook.claims, markdown, language):
            complaints.complain_at(page, markdown, place, message)
    markdown = _with_questions(markdown, page, config)
    markdown = pages.to_markdown(
        markdown,
        page,
        files,
        config,
        dress=partial(figures.dress, config=config),
        captions=partial(
            gallery.links, known=site["figures"], label=config.extra["labels"]["get_code"]
        ),
    )
    markdown = opening.put_in(markdown, page, config.extra["labels"])
    return editions.note_if_stale(markdown, page, config)


def _differences(page: Page, markdown: str, config: MkDocsConfig) -> Iterable[str]:
    """Return what a translation does not share with its English page."""
    there = editions.english(page, config)
    if editions.language(page.file) == editions.DEFAULT_LANGUAGE or not there.is_file():
        return ()

    def look() -> Iterator[str]:
        english = there.read_text(encoding="utf-8")
        yield from editions.differences(page, config)
        if not editions.is_stale(page, config):
            yield from opening.differences(page, english)
            yield from questions.differences(markdown, english)

    return speed.pages.compare(page, there, config, look) if speed else look()


def _with_questions(markdown: str, page: Page, config: MkDocsConfig) -> str:
    """Write the questions of a page, and complain of what is wrong with them."""
    notebook = site["pages"].notebooks.get(page.file.src_uri)
    ran = notebook is not None and isinstance(notebook.result, Run)
    values = notebook.result.facts if ran else {}
    asked = questions.read(markdown)
    for question in asked:
        language = editions.language(page.file)
        for message in questions.wrong(question, values, language, decided=ran or not notebook):
            complaints.complain(page, message)
    return questions.put_in(markdown, asked, config.extra["labels"])


def _alt(entry: gallery.Entry, *, pages: Pages, page: Page) -> str:
    complain = partial(complaints.complain, page)
    return pages.notebooks[entry.page].facts.fill(entry.alt, complain)


@event_priority(-100)  # after mkdocs-autorefs and others that write into the HTML
def on_page_content(html: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    if speed and (known := site["kept"].content(page)) is not None:
        return str(known)
    html = search_index.leave_out(mathml.write_formulas(html, page))
    social.count_minutes(html, page)
    if editions.language(page.file) == "zh":
        html = typesetting.typeset(docstrings.translate(html, Path(config.docs_dir)), page)
    if page.meta.get("minutes") or page.file.name == "index":  # to read, as the chapter is
        meanings = glossary.terms(Path(config.docs_dir), editions.language(page.file))
        html = terms.explain(html, page, files, meanings)
    if speed:
        site["kept"].learn_content(page, html)
    return html


@event_priority(-100)  # after mkdocs-autorefs has put links into the HTML
def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    if speed:
        speed.templates.keep_compiled(env, config)
        site["kept"].recall_outputs(env)
        speed.copies.leave_out_what_is_there(files)


def on_post_template(output: str, template_name: str, config: MkDocsConfig) -> str:
    output = editions.keep_one_404(output, template_name, config)
    return _stating_policy(output, config) if template_name.endswith(".html") else output


def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    known = site["kept"].output(page, site["embeds"]) if speed else None
    if known is not None:
        return _showing_complaints(known, page, config)
    pages: Pages = site["pages"]
    labels, lang = config.extra["labels"], editions.language(page.file)
    output = gallery.put_in_code(output, site["figures"])
    output = page_weight.lighten(gallery.offer(output, site["figures"], labels["get"], lang))
    output = figures.state_kinds(pages.put_in(output, page, labels))
    embeds.write(output, page, config, site["embeds"])
    output = live.add(output, page, pages, config)
    output = practice.add(output, page, pages, config)
    output = _stating_policy(_showing_complaints(output, page, config), config)
    if speed:
        site["kept"].learn_output(page, output)
    return output


def _showing_complaints(output: str, page: Page, config: MkDocsConfig) -> str:
    if complaints.serving:
        return complaints.show(output, page, config.extra["labels"]["build_fails"])
    return output


def _stating_policy(output: str, config: MkDocsConfig) -> str:
    # A preview adds a script that loads a page again; from a disk nothing is of the same host.
    return output if complaints.serving or config.extra["offline"] else policy.state(output)


@event_priority(100)  # before plugins watch more
def on_serve(
    server: "LiveReloadServer", config: MkDocsConfig, builder: Callable[..., None]
) -> "LiveReloadServer":
    return speed.preview.look_often(server, config) if speed else server


@event_priority(-200)  # after mkdocs-static-i18n has built the other editions
def on_post_build(config: MkDocsConfig) -> None:
    search_index.part(config)
    offline.write_indexes(config)
    if speed:
        site["kept"].finish()
    forget_unused(cache(config))
    if complaints.serving:
        complaints.forget()
    elif complaints.said:
        raise Abort(f"The site is not right. Errors, all named above: {len(complaints.said)}")


def on_build_error(error: Exception) -> None:
    """Say it plainly when a file cannot be read or written, as on a full disk."""
    if complaints.serving:
        complaints.forget()
    elif isinstance(error, OSError):
        # Copying a folder collects what went wrong with each file.
        reason = error.args[0][0][-1] if isinstance(error, shutil.Error) else error
        raise Abort(f"The site is not complete: {reason}")


def _be_strict() -> None:
    logger = logging.getLogger(MkDocsConfig.__module__.split(".")[0])  # of MkDocs or ProperDocs
    if complaints.serving:
        # mkdocs.yml is strict, for builds. Someone who is typing wants the page and the warnings.
        for handler in [h for h in logger.handlers if isinstance(h, CountHandler)]:
            logger.removeHandler(handler)
    elif logger.level > logging.WARNING:
        # With --quiet, MkDocs 1.6.1 hides the warnings that strictness counts.
        logger.setLevel(logging.WARNING)
