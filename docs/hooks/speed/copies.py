"""Copy once what editions share: MkDocs 1.6.1 writes each file of the theme for each of them."""

from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files, InclusionLevel

OUT = InclusionLevel.EXCLUDED

copied: dict[str, Any] = {}
"""From what each static file of the site came, by its path there."""


def leave_out_what_is_there(files: Files) -> None:
    """Leave out what an edition before this one has put into the same place."""
    for file in files:
        if not file.is_documentation_page() and file.inclusion is not OUT:
            there, origin = file.abs_dest_path, _origin(file)
            if copied.get(there) == origin and Path(there).is_file():
                file.inclusion = OUT
            copied[there] = origin


def _origin(file: File) -> Any:
    """A file as it is now, or the content itself."""
    if file.abs_src_path is None:
        return file._content
    state = Path(file.abs_src_path).stat()
    return file.abs_src_path, state.st_mtime_ns, state.st_size
