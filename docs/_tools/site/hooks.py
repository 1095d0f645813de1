"""MkDocs events around the function that turns a page into plain Markdown."""

import os
import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.plugins import event_priority
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, write_file

sys.path.insert(0, str(Path(__file__).parents[3]))  # the mkdocs command only looks for modules where it is installed

from docs._tools.data.as_of import ROOT, as_of
from docs._tools.data.files import DataError
from docs._tools.site import content_policy, diagrams, first_paint, json_meanings, labs, markdown_twin
from docs._tools.site.markdown_twin import ALL_PAGES, LIST_OF_PAGES, Twin, all_pages, list_of_pages, twin_path
from docs._tools.site.page_markdown import Sources, page_markdown, sources

BEFORE_THEME = ("assets/js/opened-from-file.js", "assets/js/search-on-demand.js")
PROGRESS = "assets/js/section-progress.js"
BUNDLE = re.compile(r'<script src="([^"]*/bundle\.[0-9a-f]+\.min\.js)">')
PLAIN_TOKEN = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')

GIVEN: dict[str, Sources] = {}  # one entry, read again for each build
TWINS: dict[str, Twin] = {}  # the pages as Markdown, by their path in docs/
ORDER: list[str] = []  # these paths, in the order of the navigation
SERVING: dict[str, labs.Serving] = {}  # one entry for as long as `mkdocs serve` runs


def on_startup(*, command: str, dirty: bool) -> None:
    """Remember whether `mkdocs serve` was started: its first page should not wait for the labs."""
    if command == "serve":
        SERVING["labs"] = labs.Serving()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Set what depends on the environment: the repository's address is only known when the site is published."""
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
    """Read what pages need, once for all pages of a build."""
    try:
        GIVEN["build"] = sources(ROOT, os.environ.get("REPO_URL"))
    except DataError as problem:
        raise PluginError(str(problem)) from problem


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Turn a page into plain Markdown. A lab is executed first."""
    place = page.file.src_uri
    try:
        if labs.is_lab(page.file):
            markdown = labs.as_markdown(page, config, files, SERVING.get("labs"))
        plain = page_markdown(markdown, place, page.meta, GIVEN["build"])
    except (DataError, diagrams.DiagramError, labs.LabError) as problem:
        raise PluginError(f"docs/{place}: {problem}") from problem
    TWINS[place] = _twin(markdown, page)
    for uri, text in plain.files.items():
        if files.get_file_from_path(uri) is None:
            files.append(File.generated(config, uri, content=text))
    return labs.with_charts(plain.markdown, page)


def _twin(markdown: str, page: Page) -> Twin:
    place, given = page.file.src_uri, GIVEN["build"]
    plain = page_markdown(markdown, place, page.meta, given, drawn=False).markdown
    whole = markdown_twin.markdown_twin(plain, given.snippets, given.docs / "includes")
    title = re.search(r"^# (.+)$", whole, re.MULTILINE)
    section = str(list(page.ancestors)[-1].title) if page.ancestors else "Start"
    named = str(page.meta.get("title") or (title[1] if title else place))
    return Twin(twin_path(place), named, str(page.meta.get("description", "")), section, whole)


def on_nav(nav: Navigation, /, *, config: MkDocsConfig, files: Files) -> None:
    """Remember in which order pages are read."""
    ORDER[:] = [page.file.src_uri for page in nav.pages]


def on_page_content(content: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Adapt a page's HTML to keyboards, phones and the search with attributes that Markdown has no notation for.

    The theme makes <code> scroll, not <pre>, so the keyboard has to reach it. Names, spaces and punctuation in code
    look like plain text, so their elements are removed, which makes a lesson a third smaller. Footnotes are left out of
    the search, because every page loads its index.
    """
    content = _with_titles(PLAIN_TOKEN.sub(r"\1", content), page)
    content = content.replace('<div class="footnote">', '<div class="footnote" data-search-exclude>')
    twin = get_relative_url(twin_path(page.file.src_uri), page.url)
    content = content.replace("</h1>", f"</h1>{markdown_twin.row(twin)}", 1)
    if 'class="section-time"' in content:
        content += f'\n<script defer src="{get_relative_url(PROGRESS, page.url)}"></script>'
    return re.sub(r"(<pre[^>]*>(?:<span></span>)?<code)(?![^>]*tabindex)", r'\1 tabindex="0"', content)


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Fix what the theme leaves open: a dialog without a name, landmarks with the same name, inline scripts."""
    output = _fitted(output, lambda path: get_relative_url(path, page.url), config)
    twin = get_relative_url(twin_path(page.file.src_uri), page.url)
    return output.replace("</head>", f'<link rel="alternate" type="text/markdown" href="{twin}"></head>', 1)


def on_post_template(output: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Fix the same things on the 404 page, which is served at any address."""
    root = urlsplit(config.site_url or "/").path
    return _fitted(output, lambda path: root + path, config) if template_name == "404.html" else output


@event_priority(-100)  # after the search has written its index
def on_post_build(config: MkDocsConfig) -> None:
    """Write the headers that hosts send with every page, and the files that replace what pages may not contain."""
    site = Path(config.site_dir)
    (site / "_headers").write_text(content_policy.headers_file(), "utf-8")
    styles = site / "assets" / "stylesheets"
    for stylesheet in styles.glob("palette.*.css"):
        stylesheet.write_text(first_paint.without_color_switching(stylesheet.read_text("utf-8")), "utf-8")
    for bundle in (site / "assets" / "javascripts").glob("bundle.*.min.js"):
        try:
            text = first_paint.without_color_scheme(bundle.read_text("utf-8"))
            text = first_paint.without_sites_in_markdown(text)
            bundle.write_text(first_paint.with_late_code_blocks(text), "utf-8")
        except ValueError as problem:
            raise PluginError(str(problem)) from problem
    for stylesheet in styles.glob("main.*.css"):
        text, icons, as_data = content_policy.without_data_icons(stylesheet.read_text("utf-8"))
        if icons:
            stylesheet.write_text(text, "utf-8")
            (styles / "data-icons.css").write_text(as_data, "utf-8")
            (styles / "icons").mkdir(exist_ok=True)
            for name, svg in icons.items():
                (styles / "icons" / name).write_text(svg, "utf-8")
    twins = [TWINS[place] for place in ORDER if place in TWINS]
    for twin in twins:
        write_file(twin.markdown.encode(), str(site / twin.path))
    about = config.site_description or ""
    (site / LIST_OF_PAGES).write_text(list_of_pages(config.site_name, about, twins), "utf-8")
    (site / ALL_PAGES).write_text(all_pages(twins), "utf-8")
    index = site / "search" / "search_index.json"
    if index.is_file():
        index.with_suffix(".js").write_text(f"var __index = {index.read_text('utf-8')}", "utf-8")


def _fitted(output: str, address: Callable[[str], str], config: MkDocsConfig) -> str:
    """Return a page without inline scripts, and write these to files. Scripts that prepare the theme's run before
    it."""
    before = "".join(f'<script defer src="{address(script)}"></script>' for script in BEFORE_THEME)
    output = BUNDLE.sub(lambda bundle: f'{before}<script defer src="{bundle[1]}">', output)
    output = first_paint.with_early_attributes(output)
    output = output.replace('role="dialog"', 'role="dialog" aria-label="Search"', 1)
    output = re.sub(r'aria-labelledby="__nav_([\d_]+)_label"', r'aria-label="Pages of section \1"', output)
    output, scripts = content_policy.without_inline_scripts(output, address)
    for path, script in scripts.items():
        write_file(script.encode(), str(Path(config.site_dir, path)))
    return output


def _with_titles(content: str, page: Page) -> str:
    """Put the meanings of JSON keys on the keys and, if there are any, load the script that shows them."""
    try:
        titled = json_meanings.with_titles(content)
    except DataError as problem:
        raise PluginError(f"docs/{page.file.src_uri}: {problem}") from problem
    if titled == content:
        return content
    script = get_relative_url(json_meanings.SCRIPT, page.url)
    return f'{titled}\n<script defer src="{script}"></script>'
