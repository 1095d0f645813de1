"""Draws Mermaid diagrams at build time, for wide and narrow screens, in light and dark.

The narrow drawing goes from top to bottom, or has its participants close together: a drawing that is wider than the
screen shrinks, and so do its letters. In the browser, Mermaid would cost 950 KB. Alternatives were Material's own
Mermaid (loads from a CDN) and mermaid-cli (needs a browser); mermaidx ships mermaid.js and a small engine. Drawing one
takes seconds, so drawings are committed under a name that changes with the source, and the build only draws what is
missing.
"""

import hashlib
import html
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path

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


# Letters have the same size everywhere, so a drawing's width says how high they are on a screen.
LETTERS = 15
SMALLEST = 11
SEQUENCE = {
    "wrap": True,
    "mirrorActors": False,
    "diagramMarginX": 8,
    "diagramMarginY": 8,
    "bottomMarginAdj": 8,
    "actorFontSize": LETTERS,
    "messageFontSize": LETTERS,
    "noteFontSize": LETTERS,
}


@dataclass(frozen=True, slots=True)
class Layout:
    """A way to draw for screens of one kind. `width` is that of a figure on such a screen, in CSS pixels."""

    width: int
    flowchart: Mapping[str, int]
    sequence: Mapping[str, int]


LAYOUTS = {
    "wide": Layout(688, {"nodeSpacing": 30, "rankSpacing": 40}, {"width": 130, "actorMargin": 90}),
    "narrow": Layout(380, {"nodeSpacing": 16, "rankSpacing": 30}, {"width": 100, "actorMargin": 20, "wrapPadding": 2}),
}
NARROW_SCREENS = "(max-width: 44.984375em)"
"""The theme's own boundary between phones and everything else."""


OUTDATED: set[Path] = set()
"""Drawings of sources that have changed since. A build that has begun still copies them."""


class DiagramError(ValueError):
    """A diagram that cannot be shown. The message says what to add."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A diagram in one layout, as SVG by color scheme. `width` and `height` are in CSS pixels."""

    width: int
    height: int
    svg: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A diagram as sheets, by layout. `name` is the stem of its files' names."""

    name: str
    alt: str
    sheets: Mapping[str, Sheet]


def draw(source: str) -> Drawing:
    """Draw a Mermaid diagram in both layouts and schemes.

    Raises:
        DiagramError: the source has no accTitle or no accDescr, Mermaid cannot read it, or letters would be too small.
    """
    title = re.search(r"^\s*accTitle:\s*(.+)$", source, re.MULTILINE)
    description = re.search(r"^\s*accDescr:\s*(.+)$", source, re.MULTILINE)
    if not title or not description:
        raise DiagramError("the diagram needs an accTitle and an accDescr: they become its alt text")
    layouts = {name: asdict(layout) for name, layout in LAYOUTS.items()}
    key = json.dumps([source, SCHEMES, LETTERS, SEQUENCE, layouts, version("mermaidx")], sort_keys=True)
    name = f"{_slug(title[1])}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    return Drawing(name, description[1].strip(), {layout: _sheet(source, layout, name) for layout in LAYOUTS})


def files(drawing: Drawing) -> dict[str, str]:
    """Return the drawings of a diagram by their path in the site."""
    return {
        f"assets/diagrams/{drawing.name}-{layout}-{scheme}.svg": svg
        for layout, sheet in drawing.sheets.items()
        for scheme, svg in sheet.svg.items()
    }


def figure(drawing: Drawing, page: str) -> str:
    """Return a diagram as HTML for the page with this path in docs/. Each page has its own folder in the site."""
    steps = page.count("/") + (not page.endswith("index.md"))
    start = f"{'../' * steps}assets/diagrams/{drawing.name}"
    wide, narrow = drawing.sheets["wide"], drawing.sheets["narrow"]
    pictures = [
        f'<picture><source media="{NARROW_SCREENS}" srcset="{start}-narrow-{scheme}.svg" '
        f'width="{narrow.width}" height="{narrow.height}">'
        f'<img class="only-{scheme}" src="{start}-wide-{scheme}.svg" alt="{html.escape(drawing.alt)}" '
        f'width="{wide.width}" height="{wide.height}" loading="lazy"></picture>'
        for scheme in SCHEMES
    ]
    return f'<figure class="diagram">{"".join(pictures)}</figure>'


def remove_outdated() -> None:
    """Delete the drawings that were replaced. Call this when nothing reads them any more."""
    while OUTDATED:
        OUTDATED.pop().unlink(missing_ok=True)


def _slug(title: str) -> str:
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def _sheet(source: str, layout: str, name: str) -> Sheet:
    first, *others = SCHEMES
    svg = {first: _drawn(source, layout, first, name)}
    width, height = _size(svg[first])  # the same in all schemes: letters too small are refused before the others
    letters = LETTERS * min(1, LAYOUTS[layout].width / width)
    if letters < SMALLEST:
        raise DiagramError(
            f"letters of the {layout} drawing would be {letters:.1f} pixels high, and {SMALLEST} can be read: "
            "shorten texts, break them with <br/>, or use fewer steps one after another"
        )
    svg |= {scheme: _drawn(source, layout, scheme, name) for scheme in others}
    return Sheet(round(width), round(height), svg)


def _size(svg: str) -> tuple[float, float]:
    box = re.search(r'viewBox="[\d.-]+ [\d.-]+ ([\d.]+) ([\d.]+)"', svg)
    if not box:
        raise DiagramError("Mermaid drew a diagram without a size")
    return float(box[1]), float(box[2])


def _drawn(source: str, layout: str, scheme: str, name: str) -> str:
    path = DRAWINGS / f"{name}-{layout}-{scheme}.svg"
    if not path.exists():
        svg = _render(source, layout, scheme, name)
        slug, _, digest = name.rpartition("-")
        drawings = DRAWINGS.glob(f"{slug}-{'[0-9a-f]' * len(digest)}-*{scheme}.svg")
        OUTDATED.update(found for found in drawings if not found.name.startswith(name))
        DRAWINGS.mkdir(parents=True, exist_ok=True)
        path.write_text(svg, "utf-8")
    return path.read_text("utf-8")


def _render(source: str, layout: str, scheme: str, name: str) -> str:
    """Return a drawing, or the narrower of two if the layout is for narrow screens."""
    sources = {source}
    if layout == "narrow":
        sources.add(re.sub(r"\A\s*(flowchart|graph) (?:LR|RL)\b", r"\1 TB", source))
    svg = min((_rendered(one, layout, scheme) for one in sources), key=lambda svg: _size(svg)[0])
    id = f"d{name.rpartition('-')[2]}-{layout}-{scheme}"
    label = f"#{id} .edgeLabel rect.background{{fill:{SCHEMES[scheme]['edgeLabelBackground']};opacity:1}}</style>"
    svg = svg.replace("</style>", label, 1).replace('width="100%"', "").replace("my-svg", id)
    # In an <img>, the alt text is what counts; a <title> would also become a tooltip.
    return re.sub(r"<title.*?</title>|<desc.*?</desc>", "", svg)


def _rendered(source: str, layout: str, scheme: str) -> str:
    import mermaidx

    settings = {
        "theme": "base",
        "htmlLabels": False,
        "flowchart": {"htmlLabels": False, "padding": 10, **LAYOUTS[layout].flowchart},
        "sequence": {**SEQUENCE, **LAYOUTS[layout].sequence},
        "themeVariables": SCHEMES[scheme] | {"fontFamily": "Helvetica, Arial, sans-serif", "fontSize": f"{LETTERS}px"},
    }
    try:
        svg: str = mermaidx.render(f"%%{{init: {json.dumps(settings)}}}%%\n{source}").svg()
    except Exception as problem:
        raise DiagramError(f"Mermaid cannot read the diagram: {problem}") from problem
    return svg
