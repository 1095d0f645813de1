"""The Content-Security-Policy that the site is published with, and the changes that make the theme's output comply.

The policy lets a page use files from its own site and nothing else: no inline script or style, no `data:` address.
WebAssembly is allowed, because Python runs in it when a reader runs a program. The
theme writes scripts into its pages and icons into its stylesheet; here each becomes a file with a name that changes
with its content.
"""

import hashlib
import re
from collections.abc import Callable
from pathlib import PurePosixPath
from urllib.parse import unquote

POLICY = "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'"
HEADERS = {"Content-Security-Policy": POLICY}
UNCHANGING = "assets/browser-pack"
"""The folder of what changes its name with its content."""
SCRIPTS = PurePosixPath("assets/javascripts/inline")

INLINE_SCRIPT = re.compile(r"<script>(?P<script>.+?)</script>", re.DOTALL)
DATA_ICON = re.compile(
    r"(?P<name>--[\w-]+):\s*url\((?P<quote>[\"']?)data:image/svg\+xml;charset=utf-8,(?P<svg>.*?)(?P=quote)\)", re.DOTALL
)


def without_inline_scripts(page: str, address: Callable[[str], str]) -> tuple[str, dict[str, str]]:
    """Move a page's inline scripts into files. Returns the page, and the files by their path in the site.

    `address` turns a path in the site into an address for the page. The scripts run in the same places and order as
    before.
    """
    files: dict[str, str] = {}

    def moved(match: re.Match[str]) -> str:
        path = str(SCRIPTS / f"{_digest(match['script'])}.js")
        files[path] = match["script"]
        return f'<script src="{address(path)}"></script>'

    return INLINE_SCRIPT.sub(moved, page), files


def without_data_icons(stylesheet: str) -> tuple[str, dict[str, str], str]:
    """Move a stylesheet's icons into files. Returns the stylesheet, the files by their name in icons/, and the old
    icons.

    The last is a stylesheet for pages opened from disk, where a browser loads no mask from another file.
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
    """Return the headers as a `_headers` file, which many static-site hosts read."""
    every = "/*\n" + "".join(f"  {name}: {value}\n" for name, value in HEADERS.items())
    return f"{every}/{UNCHANGING}/*\n  Cache-Control: public, max-age=31536000, immutable\n"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]
