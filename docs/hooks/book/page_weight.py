"""Leave out of pages what a phone would lay out for nothing."""

import re


def lighten(output: str) -> str:
    """Take spans without a look of their own, and empty lines, out of a page."""
    # Names and spaces have the colour of the code anyway; signs and modules can do with it.
    output = re.sub(r'<span class="(?:[npwo]|nn)">([^<]*)</span>', r"\1", output)
    # Templates leave empty lines; every second part is code.
    parts = re.split(r"(?s)(<pre.*?</pre>)", output)
    parts[::2] = [re.sub(r"\n\s*\n", "\n", part) for part in parts[::2]]
    return "".join(parts)
