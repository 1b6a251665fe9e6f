"""Leave out of pages what a phone would lay out for nothing."""

import re


def lighten(output: str) -> str:
    """Take what has no look out of a page: spans, indents, empty lines, names of namespaces."""
    # Names and spaces have the colour of the code anyway; signs and modules can do with it.
    output = re.sub(r'<span class="(?:[npwo]|nn)">([^<]*)</span>', r"\1", output)
    output = re.sub(r' xmlns="http://www\.w3\.org/(?:2000/svg|1998/Math/MathML)"', "", output)
    # A fifth of the frame is indents; every second part is code.
    parts = re.split(r"(?s)(<pre.*?</pre>)", output)
    parts[::2] = [re.sub(r"\s*\n\s*", "\n", part) for part in parts[::2]]
    return "".join(parts)
