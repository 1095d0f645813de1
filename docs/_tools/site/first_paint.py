"""Makes the theme's pages cheap to draw and right at first paint, by moving work of its bundle earlier or later.

The bundle changes attributes of the page's root after everything is laid out, and each change makes a browser compute
the styles of all elements again: 0.1 s each for a lesson on a phone. It also measures every code block and adds
buttons, which makes a browser lay out what is far below the screen: one second for a lesson on a phone. And it puts a
box around every table, which makes a browser lay out all tables again: 0.2 s for a page of prices on a phone.

Scripts that a page waits for are one file. The others are loaded when the page is parsed: a deferred script would run
before anything is drawn if it arrived early enough.
"""

import json
import re
from pathlib import Path

SCRIPT = Path(__file__).with_name("before_first_paint.js")
STORAGE_SCRIPT = re.compile(r"<script>(?:(?!</script>).)*__md_get=(?:(?!</script>).)*", re.DOTALL)
COLOR_SWITCHING = re.compile(r"\[data-md-color-switching\] \*,[^{}]*\{transition-duration:[^{}]*\}")
# Where the bundle gives all code blocks their buttons, with its names for what doing that later needs.
CODE_BLOCKS = re.compile(r'(\w+)\("pre:not\(\.mermaid\) > code",(\w+)\)\.map\((\w+)=>(\w+\(\3,\{[^{}]*\}\))\)')
COLOR_SCHEME = re.compile(r'(\w+)=\w+\("meta",\{name:"color-scheme"\}\);(?P<added>document\.head\.appendChild\(\1\);)')
# What before_first_paint.js does earlier. These scripts are in the page's body, so what is above them is drawn first.
IN_BODY = re.compile(
    r"<script>var (?:palette=__md_get\(\"__palette\"\)|tabs=__md_get\(\"__tabs\"\)|"
    r"target=document\.getElementById\(location\.hash)(?:(?!</script>).)*</script>",
    re.DOTALL,
)
DEFERRED = re.compile(r'<script (?:defer src="([^"]+)"|src="([^"]+)" defer)></script>')
WHEN_PARSED = re.compile(r'\w+\(document,"DOMContentLoaded",\{once:!0\}\)\.subscribe\(\(\)=>(\w+\.next\(document\))\)')
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
# Where the bundle puts boxes around the tables that have none.
BOXED_TABLES = re.compile(r'\.\.\.\w+\("table:not\(\[class\]\)",\w+\)\.map\(\w+=>\w+\(\w+\)\),')
OBSERVABLE = re.compile(r"content\$:new (\w+)\(")


def with_early_attributes(page: str) -> str:
    """Return a page that sets its colors and tabs before it is drawn, in the script that reads the reader's choices.

    A page without that script is returned as it is.
    """
    script = SCRIPT.read_text("utf-8")
    page, found = STORAGE_SCRIPT.subn(lambda storage: f"{storage[0]};\n{script}", page, count=1)
    return IN_BODY.sub("", page) if found else page


def with_late_scripts(page: str) -> str:
    """Return a page with a list of its deferred scripts in their place. The early script loads them from that list.

    A page without that script is returned as it is.
    """
    if not STORAGE_SCRIPT.search(page):
        return page
    scripts = [first or second for first, second in DEFERRED.findall(page)]
    listed = f'<script id="scripts" type="application/json">{json.dumps(scripts)}</script></body>'
    return DEFERRED.sub("", page).replace("</body>", listed, 1)


def without_color_switching(stylesheet: str) -> str:
    """Return the stylesheet without the rule that stops transitions while colors change.

    The theme sets and removes its attribute on every page load, and the rule names every element.
    """
    return COLOR_SWITCHING.sub("", stylesheet)


def without_color_scheme(bundle: str) -> str:
    """Return the theme's bundle without its `meta` for the color scheme, which a rule in site.css replaces.

    Adding it and setting it each make a browser compute all styles again. Raises ValueError if it is not found.
    """
    scheme = COLOR_SCHEME.search(bundle)
    if not scheme:
        raise ValueError("the theme's bundle sets the color scheme in another way than first_paint.py knows")
    return bundle[: scheme.start("added")] + bundle[scheme.end("added") :]


ALTERNATE = '"link[rel=alternate]"'


def without_sites_in_markdown(bundle: str) -> str:
    """Return the theme's bundle changed so that it takes a page in Markdown for no site in another language.

    Raises ValueError if the bundle is not written as this expects.
    """
    if bundle.count(ALTERNATE) != 1:
        raise ValueError("the theme's bundle finds sites in other languages in another way than first_paint.py knows")
    return bundle.replace(ALTERNATE, '"link[rel=alternate][hreflang]"')


def with_late_start(bundle: str) -> str:
    """Return the theme's bundle changed so that it also starts on a page that is already parsed.

    Raises ValueError if the bundle is not as expected.
    """
    waiting = WHEN_PARSED.search(bundle)
    if not waiting:
        raise ValueError("the theme's bundle waits for the page in another way than first_paint.py knows")
    start = f'document.readyState==="loading"?{waiting[0]}:{waiting[1]}'
    return bundle[: waiting.start()] + start + bundle[waiting.end() :]


def with_late_code_blocks(bundle: str) -> str:
    """Return the theme's bundle, changed so that a code block gets its buttons when it comes near the screen.

    Raises ValueError if the bundle is not as expected.
    """
    blocks, observable = CODE_BLOCKS.search(bundle), OBSERVABLE.search(bundle)
    if not (blocks and observable):
        raise ValueError("the theme's bundle gives code blocks their buttons in another way than first_paint.py knows")
    select, inside, block, mounted = blocks.groups()
    late = (
        f'{select}("pre:not(.mermaid) > code",{inside}).map({block}=>new {observable[1]}(seen=>{{'
        "const near=new IntersectionObserver(entries=>{if(entries.some(entry=>entry.isIntersecting)){"
        f"near.disconnect();seen.add({mounted}.subscribe(seen))}}}},{{rootMargin:'50%'}});"
        f"near.observe({block});return()=>near.disconnect()}}))"
    )
    return bundle[: blocks.start()] + late + bundle[blocks.end() :]


def with_boxed_tables(content: str) -> str:
    """Return a page's content with the boxes around tables in which they scroll, as the theme's bundle makes them."""
    return TABLE.sub(
        lambda table: f'<div class="md-typeset__scrollwrap"><div class="md-typeset__table">{table[0]}</div></div>',
        content,
    )


def without_table_boxes(bundle: str) -> str:
    """Return the theme's bundle changed so that it puts no boxes around tables, which have theirs from the build.

    Raises ValueError if the bundle is not as expected.
    """
    changed, found = BOXED_TABLES.subn("", bundle)
    if found != 1:
        raise ValueError("the theme's bundle puts boxes around tables in another way than first_paint.py knows")
    return changed


BUNDLE_CHANGES = (
    without_color_scheme,
    without_sites_in_markdown,
    with_late_start,
    with_late_code_blocks,
    without_table_boxes,
)
"""What the site changes in the theme's bundle."""
