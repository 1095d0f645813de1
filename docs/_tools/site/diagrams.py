"""Draws Mermaid diagrams at build time, once for light and once for dark.

In the browser, Mermaid would cost 950 KB. Alternatives were Material's own Mermaid (loads from a CDN) and mermaid-cli
(needs a browser); mermaidx ships mermaid.js and a small engine. Drawing one takes seconds, so drawings are committed
under a name that changes with the source, and the build only draws what is missing.
"""

import hashlib
import html
import json
import re
from dataclasses import dataclass
from importlib.metadata import version

from ..data.as_of import ROOT

DRAWINGS = ROOT / "docs" / "assets" / "diagrams"

SCHEMES = {
    "light": {
        "primaryColor": "#e3f1ee",
        "primaryTextColor": "#10302b",
        "primaryBorderColor": "#0f766e",
        "lineColor": "#4a5b58",
        "textColor": "#24312f",
        "edgeLabelBackground": "#fffefb",
        "signalColor": "#4a5b58",
        "signalTextColor": "#24312f",
        "noteBkgColor": "#fff3dc",
        "noteBorderColor": "#d88a1d",
        "noteTextColor": "#24312f",
    },
    "dark": {
        "primaryColor": "#17342f",
        "primaryTextColor": "#e6f5f1",
        "primaryBorderColor": "#5cc8b5",
        "lineColor": "#9db4af",
        "textColor": "#d5e4e0",
        "edgeLabelBackground": "#14191b",
        "signalColor": "#9db4af",
        "signalTextColor": "#d5e4e0",
        "noteBkgColor": "#33291a",
        "noteBorderColor": "#d9983f",
        "noteTextColor": "#f3e6d0",
    },
}


class DiagramError(ValueError):
    """A diagram that cannot be shown. The message says what to add."""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram as SVG, by color scheme. `width` and `height` are in CSS pixels; `name` is the stem of its file
    name."""

    name: str
    alt: str
    width: int
    height: int
    svg: dict[str, str]


def draw(source: str) -> Drawing:
    """Draw a Mermaid diagram in both schemes.

    Raises:
        DiagramError: the source has no accTitle or no accDescr, or Mermaid cannot read it.
    """
    title = re.search(r"^\s*accTitle:\s*(.+)$", source, re.MULTILINE)
    description = re.search(r"^\s*accDescr:\s*(.+)$", source, re.MULTILINE)
    if not title or not description:
        raise DiagramError("the diagram needs an accTitle and an accDescr: they become its alt text")
    key = json.dumps([source, SCHEMES, version("mermaidx")], sort_keys=True)
    digest = hashlib.sha256(key.encode()).hexdigest()[:12]
    slug = re.sub(r"[^a-z0-9]+", "-", title[1].lower()).strip("-")
    svg = {scheme: _drawn(source, scheme, slug, digest) for scheme in SCHEMES}
    box = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', svg["light"])
    if not box:
        raise DiagramError("Mermaid drew a diagram without a size")
    return Drawing(f"{slug}-{digest}", description[1].strip(), round(float(box[1])), round(float(box[2])), svg)


def files(drawing: Drawing) -> dict[str, str]:
    """Return the two drawings by their path in the site."""
    return {f"assets/diagrams/{drawing.name}-{scheme}.svg": svg for scheme, svg in drawing.svg.items()}


def figure(drawing: Drawing, page: str) -> str:
    """Return a diagram as HTML for the page with this path in docs/. Each page has its own folder in the site."""
    steps = page.count("/") + (not page.endswith("index.md"))
    images = [
        f'<img class="only-{scheme}" src="{"../" * steps}{path}" alt="{html.escape(drawing.alt)}" '
        f'width="{drawing.width}" height="{drawing.height}" loading="lazy">'
        for scheme, path in zip(drawing.svg, files(drawing), strict=True)
    ]
    return f'<figure class="diagram">{"".join(images)}</figure>'


def _drawn(source: str, scheme: str, slug: str, digest: str) -> str:
    path = DRAWINGS / f"{slug}-{digest}-{scheme}.svg"
    if not path.exists():
        svg = _render(source, scheme, digest)
        for outdated in DRAWINGS.glob(f"{slug}-{'[0-9a-f]' * len(digest)}-{scheme}.svg"):
            outdated.unlink(missing_ok=True)
        DRAWINGS.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, "utf-8")
    return path.read_text("utf-8")


def _render(source: str, scheme: str, digest: str) -> str:
    import mermaidx

    settings = {
        "theme": "base",
        "htmlLabels": False,
        "flowchart": {"htmlLabels": False, "padding": 10, "nodeSpacing": 30, "rankSpacing": 40},
        "themeVariables": SCHEMES[scheme] | {"fontFamily": "Helvetica, Arial, sans-serif", "fontSize": "15px"},
    }
    try:
        svg: str = mermaidx.render(f"%%{{init: {json.dumps(settings)}}}%%\n{source}").svg()
    except Exception as problem:
        raise DiagramError(f"Mermaid cannot read the diagram: {problem}") from problem
    id = f"d{digest}-{scheme}"
    label = f"#{id} .edgeLabel rect.background{{fill:{SCHEMES[scheme]['edgeLabelBackground']};opacity:1}}</style>"
    svg = svg.replace("</style>", label, 1).replace('width="100%"', "").replace("my-svg", id)
    # In an <img>, the alt text is what counts; a <title> would also become a tooltip.
    return re.sub(r"<title.*?</title>|<desc.*?</desc>", "", svg)
