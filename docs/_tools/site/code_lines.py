"""Marks lines of code that may be wider than a phone, so that a wrapped line continues to the right of where it begins.

In Python, indentation has a meaning, so one indent for all continuations (`text-indent` with `hanging each-line`) would
read as another structure. A class tells the stylesheet how far each line is indented.
"""

import html
import re

CODE = re.compile(r"(?P<open><pre[^>]*>(?:<span></span>)?<code[^>]*>)(?P<lines>.*?)(?P<close></code></pre>)", re.DOTALL)
HIGHLIGHTED = '<span class="hll">'
# A highlighted line is closed after its line break.
LINE = re.compile(rf"{HIGHLIGHTED}[^\n]*\n</span>|[^\n]*\n|[^\n]+$")
TAG = re.compile(r"<[^>]*>")
NARROWEST = 32
"""Characters that fit beside each other on the narrowest phones. Shorter lines need no class."""
DEEPEST = 20
"""The deepest indent that the stylesheet knows. Deeper lines continue there."""


def with_wrapping_lines(content: str) -> str:
    """Return a page's HTML in which every long line of its code blocks says how far it is indented."""
    return CODE.sub(lambda code: code["open"] + LINE.sub(_marked, code["lines"]) + code["close"], content)


def _marked(match: re.Match[str]) -> str:
    line = match[0]
    text = html.unescape(TAG.sub("", line)).rstrip("\n")
    if len(text) <= NARROWEST:
        return line
    indent = min(len(text) - len(text.lstrip(" ")), DEEPEST) // 2 * 2
    if line.startswith(HIGHLIGHTED):
        return line.replace('class="hll"', f'class="hll wraps-{indent}"', 1)
    return f'<span class="wraps-{indent}">{line}</span>'
