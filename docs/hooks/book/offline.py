"""The site as a folder that works from a disk, search included, and the zip that holds it.

A page opened from `file://` may fetch nothing and start no worker from a file. With `OFFLINE`
set, a build therefore gives pages that end in `.html`, an index for the search that is a
script, and the search's worker as text within a script. (The plugin of Material 9.8.1 for this
takes the worker from another host.)

    python docs/hooks/book/offline.py ZIP     build that folder and pack it

With `DOWNLOAD=ZIP`, a build puts the zip beside the pages, and links to it below each.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files

NAME = "attention-cues"
WORKER = "assets/javascripts/workers/text.js"
UNUSED = (
    "404.html",
    "*.map",
    "search_index.json",
    "sitemap.xml*",
)
"""What a reader without a server has no use for."""


def configure(config: MkDocsConfig) -> None:
    """Give pages addresses that work without a server, where that is asked for."""
    if config.extra["offline"]:
        config.use_directory_urls = False
        config.site_url = ""
        config.extra["polyfills"] = [WORKER]


def add_files(files: Files, config: MkDocsConfig) -> None:
    """Add the search's worker to a site without a server, and the zip to one with."""
    if config.extra["offline"]:
        files.append(File.generated(config, WORKER, content=_worker(files)))
    if download := config.extra["download"]:
        path = Path(config.config_file_path).parent / download
        if not path.is_file():
            raise PluginError(f"DOWNLOAD is {download!r}, which is no file: {path}")
        files.append(File.generated(config, f"{NAME}.zip", abs_src_path=str(path)))


def _worker(files: Files) -> str:
    """Let the search's worker start from text; those of live cells always do."""
    worker = files.src_uris["assets/search.js"]
    return f"""{{
  const text = {json.dumps(worker.content_string)};
  window.Worker = class extends Worker {{
    constructor(url, options) {{
      const ours = () => URL.createObjectURL(new Blob([text], {{ type: "text/javascript" }}));
      super(String(url).startsWith("blob:") ? url : ours(), options);
    }}
  }};
}}
"""


def write_indexes(config: MkDocsConfig) -> None:
    """Write the index of each edition as a script, for a site without a server."""
    if config.extra["offline"]:
        for index in Path(config.site_dir).rglob("search_index.json"):
            content = f"var __index = {index.read_text(encoding='utf-8')};\n"
            index.with_suffix(".js").write_text(content, encoding="utf-8")


def pack(folder: Path, target: Path) -> None:
    """Write what a folder holds into a zip, the same bytes for the same files."""
    unused = {path for pattern in UNUSED for path in folder.rglob(pattern)}
    target.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            if path not in unused:
                entry = zipfile.ZipInfo(f"{NAME}/{path.relative_to(folder).as_posix()}")
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o644 << 16
                packed.writestr(entry, path.read_bytes())


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python docs/hooks/book/offline.py",
        description="Build the site for reading without a server, and pack it.",
    )
    parser.add_argument("zip", type=Path, help=f"such as build/{NAME}.zip")
    target = parser.parse_args(arguments).zip
    with tempfile.TemporaryDirectory(prefix="attncues-offline-") as folder:
        environment = {**os.environ, "OFFLINE": "true", "DOWNLOAD": ""}
        command = [sys.executable, "-m", "mkdocs", "build", "--site-dir", folder]
        if code := subprocess.run(command, env=environment, check=False).returncode:
            return code
        pack(Path(folder), target)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
