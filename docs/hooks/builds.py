"""Builds that repeat byte for byte and overlook nothing, and a preview that goes on."""

import logging
import os
import shutil
import signal
import sys
import threading
from typing import Literal

import preview
from kept import cache, forget_unused
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import Abort
from mkdocs.plugins import event_priority
from mkdocs.utils import CountHandler

# MkDocs writes the time of the build into sitemap.xml.gz.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    preview.serving = command == "serve"
    if threading.current_thread() is threading.main_thread():
        # Ended from outside, a build still ends its kernels and removes its folders.
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    logger = logging.getLogger(MkDocsConfig.__module__.split(".")[0])  # of MkDocs or ProperDocs
    if preview.serving:
        # mkdocs.yml is strict, for builds. Someone who is typing wants the page and the warnings.
        for handler in [h for h in logger.handlers if isinstance(h, CountHandler)]:
            logger.removeHandler(handler)
    elif logger.level > logging.WARNING:
        # With --quiet, MkDocs 1.6.1 hides the warnings that strictness counts.
        logger.setLevel(logging.WARNING)
    return config


@event_priority(-200)  # after mkdocs-static-i18n has built the other languages
def on_post_build(config: MkDocsConfig) -> None:
    forget_unused(cache(config))
    if preview.complaints:
        raise Abort(f"The site is not right. Errors, all named above: {len(preview.complaints)}")


def on_build_error(error: Exception) -> None:
    """Say it plainly when a file cannot be read or written, as on a full disk."""
    if isinstance(error, OSError) and not preview.serving:
        # Copying a folder collects what went wrong with each file.
        reason = error.args[0][0][-1] if isinstance(error, shutil.Error) else error
        raise Abort(f"The site is not complete: {reason}")
