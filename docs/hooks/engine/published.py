"""Files that pages bring with them, such as the data of explorers."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.utils import write_file

noted: dict[str, bytes] = {}
"""What was published since someone last cleared this, by address."""


def publish(content: bytes, address: str, config: MkDocsConfig) -> str:
    """Write a file into the site, unless another page has; return its address."""
    noted[address] = content
    if not (path := Path(config.site_dir, address)).exists():
        write_file(content, str(path))
    return address
