"""A figure can be downloaded in the language of its page, where there was a font for it.

If one fails, see docs/hooks/book/gallery.py.
"""

import base64

from book.gallery import Entry


def test_a_file_that_is_in_english_for_want_of_a_font_is_called_so() -> None:
    content = {kind: base64.b64encode(kind.encode()).decode() for kind in ("png", "pdf")}
    files = {"en": content, "zh": {"png": content["png"]}}
    page = {"page": "zh/cues.md", "title": "", "place": "", "code": "", "drawn_by": ""}
    entry = Entry(name="desk", alt="", svg="<svg/>", files=files, **page)
    assert list(entry.downloads()) == [
        ("svg", "desk.svg", b"<svg/>"),
        ("png", "desk.png", b"png"),
        ("pdf", "desk.en.pdf", b"pdf"),
    ]
