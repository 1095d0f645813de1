"""MkDocs events: everything the site needs of MkDocs beyond its settings."""

import html
import os
import re
import sys
from collections.abc import Mapping
from importlib.metadata import version
from itertools import groupby
from pathlib import Path
from typing import Any

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

sys.path.insert(0, str(Path(__file__).parents[2]))  # the command mkdocs looks for modules where it is installed only

from docs._tools import claims, diagrams, json_meanings, labs, notes, object_fields, pages
from docs._tools.as_of import ROOT, as_of
from openai_sandbox import faults

MERMAID = re.compile(r"^```mermaid\n(?P<source>.*?)^```$", re.MULTILINE | re.DOTALL)
PLAIN_TOKEN = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')
OUTPUT = re.compile(r'<div class="[^"]*\boutput\b.*?</div>', re.DOTALL)
VARYING = re.compile(r"(?<![\d.])(\d+\.?\d*?)(?:\{[\d.]+\}|\.\.\.)")
CARD = (("kind", "{}"), ("level", "{}"), ("minutes", "{} minutes"), ("sdk", "openai {}"))

LEDGER: dict[str, claims.Claim] = {}
PROOFS: list[claims.Proof] = []
NOTES: list[notes.Note] = []
SERVING: dict[str, labs.Serving] = {}  # one entry while `mkdocs serve` runs, for its whole life


def on_startup(*, command: str, dirty: bool) -> None:
    """Remember whether `mkdocs serve` was started: its first page should not wait for the labs."""
    if command == "serve":
        SERVING["labs"] = labs.Serving()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Set what depends on the environment: the repository's address is only known where the site is published."""
    config.copyright = (
        f"Independent of OpenAI. Versions, prices and sources as of {as_of()}. "
        f"openai {version('openai')}. Outputs are simulated."
    )
    labs.prepare(config)
    if repository := os.environ.get("REPO_URL"):
        config.edit_uri = f"{repository}/edit/main/docs/"
        config.extra["social"] = [{"icon": "fontawesome/brands/github", "link": repository, "name": "Source code"}]
    return config


def on_pre_build(config: MkDocsConfig) -> None:
    """Read the ledger, the proofs and the notes, once for all pages of a build."""
    LEDGER.clear()
    PROOFS.clear()
    NOTES.clear()
    try:
        LEDGER.update(claims.ledger(ROOT))
        NOTES.extend(notes.notes(ROOT, as_of()))
    except (claims.LedgerError, notes.NoteError) as problem:
        raise PluginError(str(problem)) from problem
    PROOFS.extend(claims.proofs(ROOT))


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Put in the card, the diagrams, the captions of simulated faults, the notes of readers and the footnotes."""
    place = page.file.src_uri
    try:
        if labs.is_lab(page.file):
            markdown = labs.as_markdown(page, config, files, SERVING.get("labs"))
        markdown = pages.with_partials(markdown, Path(config.docs_dir))
        markdown = MERMAID.sub(lambda match: _figure(match["source"], page, config, files), markdown)
        markdown = _with_captions(markdown)
        markdown = notes.with_notes(markdown, place, NOTES)
        markdown = claims.footnotes(markdown, LEDGER, PROOFS, os.environ.get("REPO_URL"))
    except (claims.LedgerError, diagrams.DiagramError, labs.LabError) as problem:
        raise PluginError(f"docs/{place}: {problem}") from problem
    return _with_card(markdown, page.meta)


def on_page_content(content: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fit what Markdown made to keyboards, phones and the search.

    The theme makes <code> scroll, not <pre>: the keyboard has to reach it. Names, spaces and punctuation look like any
    text: without elements of their own a lesson is a third lighter. Outputs mark a number that varies with dots or a
    bound, for the tests; the page shows the number. Footnotes are left out of the search: every page loads its index.
    """
    content = _with_meanings(PLAIN_TOKEN.sub(r"\1", content), page)
    content = content.replace('<div class="footnote">', '<div class="footnote" data-search-exclude>')
    content = OUTPUT.sub(lambda match: VARYING.sub(r"\1", match[0]), content)
    content = labs.with_charts(content, page)
    return re.sub(r"(<pre[^>]*>(?:<span></span>)?<code)(?![^>]*tabindex)", r'\1 tabindex="0"', content)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Mend what the theme leaves open: a nameless dialog, landmarks that share a name, a script that blocks.

    The script of the theme starts the search: what loads its index on demand has to run before.
    """
    on_demand = get_relative_url("assets/js/search-on-demand.js", page.url)
    output = re.sub(
        r'<script src="([^"]*/bundle\.[0-9a-f]+\.min\.js)">',
        rf'<script defer src="{on_demand}"></script><script defer src="\1">',
        output,
    )
    output = output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)
    return re.sub(r'aria-labelledby="__nav_([\d_]+)_label"', r'aria-label="Pages of section \1"', output)


def _with_meanings(content: str, page: Page) -> str:
    """Say what the keys of JSON blocks mean, and load the script that shows it where there are any."""
    try:
        explained = json_meanings.with_meanings(content)
    except object_fields.FieldError as problem:
        raise PluginError(f"docs/{page.file.src_uri}: {problem}") from problem
    if explained == content:
        return content
    script = get_relative_url(json_meanings.SCRIPT, page.url)
    return f'{explained}\n<script type="module" src="{script}"></script>'


def _figure(source: str, page: Page, config: MkDocsConfig, files: Files) -> str:
    drawing = diagrams.draw(source)
    images = []
    for scheme, svg in drawing.svg.items():
        uri = f"assets/diagrams/{drawing.name}-{scheme}.svg"
        if files.get_file_from_path(uri) is None:
            files.append(File.generated(config, uri, content=svg))
        images.append(
            f'<img class="only-{scheme}" src="{get_relative_url(uri, page.url)}" alt="{html.escape(drawing.alt)}" '
            f'width="{drawing.width}" height="{drawing.height}" loading="lazy">'
        )
    return f'<figure class="diagram">{"".join(images)}</figure>'


def _with_card(markdown: str, meta: Mapping[str, Any]) -> str:
    """Put the facts of the front matter below the page's title."""
    facts = [form.format(meta[key]) for key, form in CARD if key in meta]
    if not facts:
        return markdown
    card = f'<p class="card-facts">{" · ".join(facts)}</p>'
    return re.sub(r"^(# .+\n)", rf"\1\n{card}\n", markdown, count=1, flags=re.MULTILINE)


def _with_captions(markdown: str) -> str:
    """Say below a block what its snippet makes go wrong."""
    lines = markdown.splitlines()
    for include in reversed(list(pages.INCLUDE.finditer(markdown))):
        path: Path = ROOT / "snippets" / include["path"]
        if path.suffix == ".py" and path.is_file() and (said := caption(path.read_text("utf-8"))):
            fence = markdown.count("\n", 0, include.end()) + 1
            indent = lines[fence].removesuffix(lines[fence].lstrip())  # in a tab, the caption belongs to the tab
            lines.insert(fence + 1, f'\n{indent}<p class="sandbox-caption">{said}</p>\n')
    return "\n".join(lines)


def caption(source: str) -> str:
    """Return a sentence about the directives of a program, or nothing if it has none."""
    plan = faults.parse([directive for _, directive in faults.directives_in(source)])
    parts = []
    for name, group in groupby(fault.kind.name for fault in plan.queue):
        times = len(list(group))
        if name != "ok":
            parts.append(f"<code>{name}</code>" + ("" if times == 1 else f" {times} times"))
    said = f"Here the simulated API fails on purpose: {', then '.join(parts)}." if parts else ""
    if plan.latency:
        said = f"{said} Each simulated answer takes {plan.latency:g} s.".strip()
    if plan.tier:
        said = f"{said} Here the simulated API has the rate limits of tier {plan.tier}.".strip()
    if plan.tls:
        said = f"{said} Here the simulated API speaks HTTPS, by an authority that your machine does not know.".strip()
    return said
