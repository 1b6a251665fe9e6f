"""Templates: keep compiled ones for the next build, and let the reference speak Chinese.

Compiling them took a tenth of a warm build.
"""

import contextlib
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemBytecodeCache
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import Files


class Compiled(FileSystemBytecodeCache):
    """Compiled templates in a folder, which may be one that cannot be written."""

    def dump_bytecode(self, bucket: Bucket) -> None:  # noqa: D102
        with contextlib.suppress(OSError):
            super().dump_bytecode(bucket)


def on_files(files: Files, config: MkDocsConfig) -> None:
    reference: Any = config.plugins["mkdocstrings"]
    # mkdocstrings has an environment of its own, and uses it before `on_env`.
    _remember(reference.get_handler("python").env, config)
    # mkdocstrings 1.0 asks for the language before mkdocs-static-i18n 1.3 has set it.
    reference.handlers._locale = config.theme["language"]


def on_env(env: Environment, config: MkDocsConfig, files: Files) -> None:
    _remember(env, config)


def _remember(env: Environment, config: MkDocsConfig) -> None:
    folder = Path(config.config_file_path).parent / ".cache" / "templates"
    with contextlib.suppress(OSError):
        folder.mkdir(parents=True, exist_ok=True)
        env.bytecode_cache = Compiled(str(folder))
