"""MkDocs events: what MkDocs needs around the function that makes plain Markdown of a page."""

import os
import re
import sys
from importlib.metadata import version
from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url

sys.path.insert(0, str(Path(__file__).parents[3]))  # the command mkdocs looks for modules where it is installed only

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.data.files import DataError
from docs._tools.site import diagrams, json_meanings, labs
from docs._tools.site.page_markdown import Sources, page_markdown, sources

PLAIN_TOKEN = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')

GIVEN: dict[str, Sources] = {}  # one entry, read anew for each build
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
    """Read what pages are made with, once for all pages of a build."""
    try:
        GIVEN["build"] = sources(ROOT, os.environ.get("REPO_URL"))
    except DataError as problem:
        raise PluginError(str(problem)) from problem


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Make plain Markdown of a page. A lab is executed before."""
    place = page.file.src_uri
    try:
        if labs.is_lab(page.file):
            markdown = labs.as_markdown(page, config, files, SERVING.get("labs"))
        plain = page_markdown(markdown, place, page.meta, GIVEN["build"])
    except (DataError, diagrams.DiagramError, labs.LabError) as problem:
        raise PluginError(f"docs/{place}: {problem}") from problem
    for uri, text in plain.files.items():
        if files.get_file_from_path(uri) is None:
            files.append(File.generated(config, uri, content=text))
    return labs.with_charts(plain.markdown, page)


def on_page_content(content: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Fit what Markdown made to keyboards, phones and the search: attributes for which Markdown has no notation.

    The theme makes <code> scroll, not <pre>: the keyboard has to reach it. Names, spaces and punctuation look like any
    text: without elements of their own a lesson is a third lighter. Footnotes are left out of the search: every page
    loads its index.
    """
    content = _with_titles(PLAIN_TOKEN.sub(r"\1", content), page)
    content = content.replace('<div class="footnote">', '<div class="footnote" data-search-exclude>')
    return re.sub(r"(<pre[^>]*>(?:<span></span>)?<code)(?![^>]*tabindex)", r'\1 tabindex="0"', content)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Fix what the theme leaves open: a nameless dialog, landmarks that share a name, a script that blocks.

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


def _with_titles(content: str, page: Page) -> str:
    """Put the meanings of JSON keys on the keys, and load the script that shows them where there are any."""
    try:
        titled = json_meanings.with_titles(content)
    except DataError as problem:
        raise PluginError(f"docs/{page.file.src_uri}: {problem}") from problem
    if titled == content:
        return content
    script = get_relative_url(json_meanings.SCRIPT, page.url)
    return f'{titled}\n<script type="module" src="{script}"></script>'
