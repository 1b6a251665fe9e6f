"""Scripts as a browser needs them: comments and indents are for those who write them."""

from mkdocs.structure.files import Files
from rjsmin import jsmin


def make_small(files: Files) -> None:
    """Take out of the scripts in `docs/assets/` whatever changes nothing of what they do."""
    for file in files.javascript_files():
        if file.src_uri.startswith("assets/"):
            file.content_string = jsmin(file.content_string)
