"""Files that pages bring with them, such as the data of explorers."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import write_file

noted: dict[str, bytes] = {}
"""What was published since someone last cleared this, by address."""


def publish(content: bytes, address: str, config: MkDocsConfig) -> str:
    """Write a file into the site, unless it is there; return its address."""
    noted[address] = content
    path = Path(config.site_dir, address)
    if not path.is_file() or path.read_bytes() != content:
        write_file(content, str(path))
    return address
