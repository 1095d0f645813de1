"""The Content-Security-Policy that the built site is published with, and what fits the theme's output to it.

The policy lets a page use files of its own site and nothing else: no inline script or style, no `data:` address.
The theme writes scripts into its pages and icons into its stylesheet; here each becomes a file, whose name changes with
what is in it.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote

POLICY = "default-src 'self'"
HEADERS = {"Content-Security-Policy": POLICY}
SCRIPTS = PurePosixPath("assets/javascripts/inline")

INLINE_SCRIPT = re.compile(r"<script>(?P<script>.+?)</script>", re.DOTALL)
DATA_ICON = re.compile(
    r"(?P<name>--[\w-]+):\s*url\((?P<quote>[\"']?)data:image/svg\+xml;charset=utf-8,(?P<svg>.*?)(?P=quote)\)", re.DOTALL
)


def without_inline_scripts(page: str, address: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """Return a page whose inline scripts are files, and these by their path in the site.

    `address` says how the page calls a path of the site. The scripts run where they ran before, and in the same order.
    """
    files: dict[str, str] = {}

    def moved(match: re.Match[str]) -> str:
        path = str(SCRIPTS / f"{_digest(match['script'])}.js")
        files[path] = match["script"]
        return f'<script src="{address(path)}"></script>'

    return INLINE_SCRIPT.sub(moved, page), files


def without_data_icons(stylesheet: str) -> tuple[str, dict[str, str], str]:
    """Return a stylesheet whose icons are files, these by their name below icons/, and the icons as they were.

    The last is a stylesheet for pages opened from a file, where a browser takes no mask from another file.
    """
    files: dict[str, str] = {}
    kept: list[str] = []

    def moved(match: re.Match[str]) -> str:
        svg = unquote(match["svg"])
        name = f"{_digest(svg)}.svg"
        files[name] = svg
        kept.append(match[0])
        return f'{match["name"]}:url("icons/{name}")'

    return DATA_ICON.sub(moved, stylesheet), files, ":root{" + ";".join(kept) + "}\n" if kept else ""


def headers_file() -> str:
    """Return the headers as a `_headers` file, which many hosts of static sites read."""
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
