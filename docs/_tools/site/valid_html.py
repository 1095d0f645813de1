"""Makes valid HTML of what the theme and the Markdown extensions write. tests/site/test_html.py checks it."""

import re

ALIGNED = re.compile(r'<(?P<cell>t[dh]) align="(?P<side>left|center|right)">')
CHECKBOX = re.compile(r'(<input [^>]*type="checkbox"[^>]*) autocomplete="off"')
CONTENTS = '<nav class="md-nav md-nav--secondary" aria-label="Table of contents">'
CONTENTS_IN_DRAWER = CONTENTS.replace("Table of contents", "Contents of this page")


def with_alignment_classes(content: str) -> str:
    """Return a page's content with classes on table cells instead of the obsolete attribute `align`.

    A style in each cell, the extension's other way, is forbidden by the site's Content-Security-Policy.
    """
    return ALIGNED.sub(r'<\g<cell> class="align-\g<side>">', content)


def without_theme_errors(page: str) -> str:
    """Return a page without attributes that do nothing, and with a name of its own for each table of contents."""
    page = CHECKBOX.sub(r"\1", page.replace(' tabindex=""', ""))
    return page.replace(CONTENTS, CONTENTS_IN_DRAWER, 1) if page.count(CONTENTS) > 1 else page
