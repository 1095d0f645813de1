"""MkDocs events around the function that turns a page into plain Markdown."""

import logging
import os
import re
import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import PluginError
from mkdocs.structure.files import File, Files
from mkdocs.structure.nav import Navigation
from mkdocs.structure.pages import Page
from mkdocs.utils import get_relative_url, write_file

sys.path.insert(0, str(Path(__file__).parents[3]))  # the mkdocs command only looks for modules where it is installed

from docs._tools.data import sandbox_wheel
from docs._tools.data.as_of import ROOT, as_of, written_out
from docs._tools.data.files import DataError
from docs._tools.data.models import model_ids
from docs._tools.site import (
    code_lines,
    content_policy,
    diagrams,
    error_entries,
    first_paint,
    json_meanings,
    lab_controls,
    labs,
    markdown_twin,
    run_in_browser,
    run_page,
    search_index,
    tasks,
    valid_html,
)
from docs._tools.site.markdown_twin import ALL_PAGES, LIST_OF_PAGES, Twin, all_pages, list_of_pages, twin_path
from docs._tools.site.page_markdown import Sources, page_markdown, sources
from docs._tools.site.search_index import SearchedPage
from docs._tools.site.site_data import files as site_data
from docs._tools.site.site_data.problems import Problems

BEFORE_THEME = "assets/js/opened-from-file.js"
PROGRESS = "assets/js/section-progress.js"
BUNDLE = re.compile(r'<script src="([^"]*/bundle\.[0-9a-f]+\.min\.js)">')
PLAIN_TOKEN = re.compile(r'<span class="(?:n|o|p|w)">([^<]*)</span>')

LOG = logging.getLogger("mkdocs.hooks")
GIVEN: dict[str, Sources] = {}  # one entry, read again for each build
TWINS: dict[str, Twin] = {}  # the pages as Markdown, by their path in docs/
SEARCHED: dict[str, SearchedPage] = {}  # what the search finds of each page, by the same path
ORDER: list[str] = []  # these paths, in the order of the navigation
SERVING: dict[str, labs.Serving] = {}  # one entry for as long as `mkdocs serve` runs


def on_startup(*, command: str, dirty: bool) -> None:
    """Remember whether `mkdocs serve` was started: its first page should not wait for the labs."""
    if command == "serve":
        SERVING["labs"] = labs.Serving()


def on_config(config: MkDocsConfig) -> MkDocsConfig:
    """Set what depends on the environment: the repository's address is only known when the site is published."""
    config.copyright = (
        f"Independent of OpenAI. Versions and prices as of {written_out(as_of())}. "
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


def on_files(files: Files, /, *, config: MkDocsConfig) -> Files:
    """Add a page for each problem, and what pages link to: the site's data, and the sandbox, which no index has."""
    try:
        found: dict[str, str | bytes] = {
            **site_data.files(GIVEN["build"]),
            **dict(error_entries.pages()),
            sandbox_wheel.PLACE: sandbox_wheel.wheel(),
        }
        if pack := run_in_browser.pack():
            found |= {uri: path.read_bytes() for uri, path in pack.files.items()}
            if not pack.is_current:
                LOG.info(f"The pack for browsers is older than the sandbox: {run_in_browser.COMMAND} builds it again")
        else:
            LOG.info(f"Python blocks have no Run button. To have them: {run_in_browser.COMMAND}")
    except (DataError, sandbox_wheel.WheelError) as problem:
        raise PluginError(str(problem)) from problem
    for uri, content in found.items():
        files.append(File.generated(config, uri, content=content))
    return files


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
    if programs := _programs(page):
        for uri, content in run_page.downloads(programs).items():
            files.append(File.generated(config, uri, content=content))
    return labs.with_charts(plain.markdown, page)


def _twin(markdown: str, page: Page) -> Twin:
    place, given = page.file.src_uri, GIVEN["build"]
    plain = page_markdown(markdown, place, page.meta, given, drawn=False).markdown
    whole = markdown_twin.markdown_twin(plain, given.snippets, given.docs / "includes")
    title = re.search(r"^# (.+)$", whole, re.MULTILINE)
    outside = error_entries.SECTION if error_entries.group(place) else "Start"
    section = str(list(page.ancestors)[-1].title) if page.ancestors else outside
    named = str(page.meta.get("title") or (title[1] if title else place))
    return Twin(twin_path(place), named, str(page.meta.get("description", "")), section, whole)


def _programs(page: Page) -> run_page.Programs | None:
    given = GIVEN["build"]
    return run_page.programs(page.file.src_uri, given.docs, given.snippets)


def on_nav(nav: Navigation, /, *, config: MkDocsConfig, files: Files) -> None:
    """Remember in which order pages are read."""
    ORDER[:] = [page.file.src_uri for page in nav.pages]


def on_page_content(content: str, /, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Adapt a page's HTML to keyboards and phones, and read what the search finds of it.

    The theme makes <code> scroll, not <pre>, so the keyboard has to reach it. Names, spaces and punctuation in code
    look like plain text, so their elements are removed, which makes a lesson a third smaller.
    """
    place, address = page.file.src_uri, page.url.removeprefix("./")
    found = search_index.sections(content)
    SEARCHED[place] = SearchedPage(place, address, found[0].title, str(page.meta.get("description", "")), found)
    content = _with_titles(PLAIN_TOKEN.sub(r"\1", valid_html.with_alignment_classes(content)), page)
    content = run_page.with_links(content, _programs(page))
    if pack := run_in_browser.pack():
        content = _with_runs(content, page, pack)
    if not page.is_homepage:  # its title is the hero
        twin = get_relative_url(twin_path(page.file.src_uri), page.url)
        content = content.replace("</h1>", f"</h1>{markdown_twin.row(twin)}", 1)
    if 'class="section-time"' in content or 'class="lesson"' in content:
        content += f'\n<script defer src="{get_relative_url(PROGRESS, page.url)}"></script>'
    content = re.sub(r"(<pre[^>]*>(?:<span></span>)?<code)(?![^>]*tabindex)", r'\1 tabindex="0"', content)
    return first_paint.with_boxed_tables(code_lines.with_wrapping_lines(content))


def on_post_page(output: str, *, page: Page, config: MkDocsConfig) -> str:
    """Fix what the theme leaves open: landmarks with the same name, inline scripts. Add the search's button."""
    output = _fitted(output, lambda path: get_relative_url(path, page.url), config)
    twin = get_relative_url(twin_path(page.file.src_uri), page.url)
    return output.replace("</head>", f'<link rel="alternate" type="text/markdown" href="{twin}"></head>', 1)


def on_post_template(output: str, *, template_name: str, config: MkDocsConfig) -> str:
    """Fix the same things on the 404 page, which is served at any address."""
    root = urlsplit(config.site_url or "/").path
    return _fitted(output, lambda path: root + path, config) if template_name == "404.html" else output


def on_post_build(config: MkDocsConfig) -> None:
    """Write the headers that hosts send with every page, and the files that replace what pages may not contain."""
    diagrams.remove_outdated()
    site = Path(config.site_dir)
    (site / "_headers").write_text(content_policy.headers_file(), "utf-8")
    styles = site / "assets" / "stylesheets"
    for stylesheet in styles.glob("palette.*.css"):
        stylesheet.write_text(first_paint.without_color_switching(stylesheet.read_text("utf-8")), "utf-8")
    for bundle in (site / "assets" / "javascripts").glob("bundle.*.min.js"):
        text = bundle.read_text("utf-8")
        try:
            for changed in first_paint.BUNDLE_CHANGES:
                text = changed(text)
        except ValueError as problem:
            raise PluginError(str(problem)) from problem
        bundle.write_text(text, "utf-8")
    for stylesheet in styles.glob("main.*.css"):
        text, icons, as_data = content_policy.without_data_icons(stylesheet.read_text("utf-8"))
        if icons:
            stylesheet.write_text(text, "utf-8")
            (styles / "data-icons.css").write_text(as_data, "utf-8")
            (styles / "icons").mkdir(exist_ok=True)
            for name, svg in icons.items():
                (styles / "icons" / name).write_text(svg, "utf-8")
    twins = [TWINS[place] for place in ORDER if place in TWINS]
    entries = {place: TWINS[place] for place in sorted(TWINS.keys() - set(ORDER))}
    for twin in TWINS.values():
        address = f" {config.site_url}{twin.path}" if config.site_url else ""
        whole = f"{twin.markdown}\n---\n\n{config.site_name}, as of {written_out(as_of())}.{address}\n"
        write_file(whole.encode(), str(site / twin.path))
    about = config.site_description or ""
    listed = [*twins, *entries.values()]
    (site / LIST_OF_PAGES).write_text(list_of_pages(config.site_name, about, listed, site_data.listed()), "utf-8")
    # The whole text of an entry is there already, in the page that has it.
    known = [twin._replace(markdown=f"A part of {error_entries.group(place)}.") for place, twin in entries.items()]
    (site / ALL_PAGES).write_text(all_pages([*twins, *known]), "utf-8")
    try:
        index, warnings = search_index.search_index(
            [SEARCHED[place] for place in ORDER if place in SEARCHED],
            search_index.vocabulary(ROOT),
            Problems.read().problems,
            model_ids(),
        )
    except DataError as problem:
        raise PluginError(str(problem)) from problem
    for warning in warnings:
        LOG.warning(warning)
    write_file(index.encode(), str(site / search_index.INDEX))


def _fitted(output: str, address: Callable[[str], str], config: MkDocsConfig) -> str:
    """Return a page with the search's button and without inline scripts, and write these to files."""
    before = f'<script defer src="{address(BEFORE_THEME)}"></script>'
    output = BUNDLE.sub(lambda bundle: f'{before}<script defer src="{bundle[1]}">', output)
    output = valid_html.without_theme_errors(first_paint.with_late_scripts(first_paint.with_early_attributes(output)))
    try:
        output = search_index.with_button(output)
    except ValueError as problem:
        raise PluginError(str(problem)) from problem
    output = re.sub(r'aria-labelledby="__nav_([\d_]+)_label"', r'aria-label="Pages of section \1"', output)
    output, scripts = content_policy.without_inline_scripts(output, address)
    for path, script in scripts.items():
        write_file(script.encode(), str(Path(config.site_dir, path)))
    return output


def _with_runs(content: str, page: Page, found: run_in_browser.Pack) -> str:
    """Say in each program's block what a run needs, and load the script that makes the buttons if there is one."""
    runs = run_in_browser.with_runs(content, _programs(page))
    if "data-run=" not in runs and lab_controls.PLACE not in runs:
        return runs
    address = get_relative_url(f"{run_in_browser.PLACE}/{found.digest}", page.url).rstrip("/")
    script = get_relative_url(run_in_browser.SCRIPT, page.url)
    root = get_relative_url("./", page.url)
    checks = tasks.checks(page.file.src_uri)
    about = run_in_browser.description(address, f"{root.rstrip('/')}/", checks)
    if lab_controls.PLACE in runs:
        name = f"assets/labs/{PurePosixPath(page.file.src_uri).stem}.json"
        about += f"\n{lab_controls.description(get_relative_url(name, page.url), page.meta['controls'])}"
        script = get_relative_url(lab_controls.SCRIPT, page.url)
        runs = runs.replace(lab_controls.PLACE, lab_controls.RESERVED)
    return f'{runs}\n{about}\n<script type="module" src="{script}"></script>'


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
