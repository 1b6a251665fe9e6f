"""Copy once what editions share: MkDocs would write each file of the theme for each of them."""

from pathlib import Path

from mkdocs.structure.files import Files, InclusionLevel

OUT = InclusionLevel.EXCLUDED

copied: dict[str, tuple[str | None, bytes | str | None]] = {}
"""What was put into each place of the site, by its path there: a file, or this content."""


def leave_out_what_is_there(files: Files) -> None:
    """Leave out what an edition before this one has put into the same place."""
    for file in files:
        if not file.is_documentation_page() and file.inclusion is not OUT:
            there = file.abs_dest_path
            origin = file.abs_src_path, file._content
            if copied.get(there) == origin and Path(there).is_file():
                file.inclusion = OUT
            copied[there] = origin
