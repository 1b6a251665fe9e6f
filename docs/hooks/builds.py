"""Builds that repeat byte for byte, and a preview that survives a warning."""

import logging
import os
from typing import Literal

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import CountHandler

serving = False

# MkDocs writes the time of the build into sitemap.xml.gz.
os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")


def on_startup(command: Literal["build", "gh-deploy", "serve"], dirty: bool) -> None:
    global serving
    serving = command == "serve"


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    # mkdocs.yml is strict, for builds. Someone who is typing wants the page and the warnings.
    if serving:
        logger = logging.getLogger("mkdocs")
        for handler in [h for h in logger.handlers if isinstance(h, CountHandler)]:
            logger.removeHandler(handler)
    return config
