"""Templates: keep compiled ones for the next build, let the reference speak Chinese, save weight.

Compiling them took a tenth of a warm build.
"""

import os
import re
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import BytecodeCache, Environment
from jinja2.bccache import Bucket
from kept import cache, digest, keep, recall
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.plugins import event_priority
from mkdocs.structure.files import Files
from mkdocs.structure.pages import Page


class Compiled(BytecodeCache):
    """Compiled templates in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: D102
        # Jinja leaves out its own version, and cannot write every path in every locale.
        return digest(os.fsencode(f"{version('jinja2')}|{name}|{filename}"))

    def load_bytecode(self, bucket: Bucket) -> None:  # noqa: D102
        if (code := recall(self.folder / bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:  # noqa: D102
        keep(self.folder / bucket.key, bucket.bytecode_to_string())


def on_files(files: Files, config: MkDocsConfig) -> None:
    reference: Any = config.plugins["mkdocstrings"]
    # mkdocstrings has an environment of its own, and uses it before `on_env`.
    on_env(reference.get_handler("python").env, config, files)
    # mkdocstrings 1.0 asks for the language before mkdocs-static-i18n 1.3 has set it.
    reference.handlers._locale = config.theme["language"]


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    env.bytecode_cache = Compiled(cache(config) / "templates")


@event_priority(50)  # before docs/hooks/notebooks.py puts in the figures
def on_post_page(output: str, page: Page, config: MkDocsConfig) -> str:
    """Leave out what a phone would lay out for nothing."""
    # Names and spaces have the colour of the code anyway, and punctuation can do with it.
    output = re.sub(r'<span class="[npw]">([^<]*)</span>', r"\1", output)
    # Templates leave empty lines; every second part is code.
    parts = re.split(r"(?s)(<pre.*?</pre>)", output)
    parts[::2] = [re.sub(r"\n\s*\n", "\n", part) for part in parts[::2]]
    return "".join(parts)
