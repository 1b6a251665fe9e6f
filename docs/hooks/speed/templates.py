"""Keep compiled templates for the next build; compiling them took a tenth of a warm one."""

import os
from pathlib import Path
from typing import Any

from engine.kept import cache, digest, keep, made_by, recall
from jinja2 import BytecodeCache, Environment, FileSystemLoader
from jinja2.bccache import Bucket
from mkdocs.config.defaults import MkDocsConfig

MADE_BY = made_by(__file__)


class Compiled(BytecodeCache):
    """Compiled templates in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def get_cache_key(self, name: str, filename: str | None = None) -> str:  # noqa: D102
        # Jinja leaves out its own version, and cannot write every path in every locale.
        return digest(os.fsencode(f"{MADE_BY}|{name}|{filename}"))

    def load_bytecode(self, bucket: Bucket) -> None:  # noqa: D102
        if (code := recall(self.folder / bucket.key)) is not None:
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:  # noqa: D102
        keep(self.folder / bucket.key, bucket.bytecode_to_string())


class Shown(FileSystemLoader):
    """What is not hidden of folders: Material has thousands of icons that are."""

    def list_templates(self) -> list[str]:  # noqa: D102
        found: set[str] = set()
        for top in map(Path, self.searchpath):
            for folder, folders, files in os.walk(top, followlinks=self.followlinks):
                folders[:] = [name for name in folders if not name.startswith(".")]
                inside = Path(folder).relative_to(top)
                found.update((inside / name).as_posix() for name in files)
        return sorted(found)


def leave_out_what_is_hidden(config: MkDocsConfig) -> None:
    """Let MkDocs look for files of the theme only where it would take some.

    Looking at each icon took a third of a preview's build of one page.
    """
    theme = config.theme

    def environment() -> Environment:
        env = type(theme).get_env(theme)
        env.loader = Shown(theme.dirs)
        return env

    vars(theme)["get_env"] = environment


def keep_compiled(env: Environment, config: MkDocsConfig) -> None:
    """Give an environment of templates its folder."""
    env.bytecode_cache = Compiled(cache(config) / "templates")


def keep_those_of_the_reference(config: MkDocsConfig) -> None:
    """Do it for mkdocstrings, which has an environment of its own and uses it earlier."""
    reference: Any = config.plugins["mkdocstrings"]
    keep_compiled(reference.get_handler("python").env, config)
