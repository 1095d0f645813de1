"""axe-core finds nothing to complain about in light and dark, wide and narrow."""

from typing import Literal

import pytest
from playwright.sync_api import BrowserContext

from .axe import violations

# A page of each kind. In the fourth view, dark and narrow, test_site.py looks at all pages.
KINDS = [
    "/",
    "/lessons/first-call/",
    "/lessons/conversation-memory/",
    "/lessons/structured-output/",
    "/lessons/tools/",
    "/lessons/typed-tools/",
    "/lessons/agent-loop/",
    "/lessons/prompting/",
    "/lessons/workflow-patterns/",
    "/reference/responses-create/",
    "/reference/tools/",
    "/reference/models-and-prices/",
    "/errors/",
    "/errors/parameters/",
    "/guides/recover-from-errors/",
    "/labs/retries/",
    "/about/sandbox/",
]
VIEWS: list[tuple[Literal["light", "dark"], int]] = [("light", 1350), ("dark", 1350), ("light", 412)]


@pytest.mark.parametrize("path", KINDS)
def test_a_page_has_no_accessibility_violations(visit: BrowserContext, address: str, path: str) -> None:
    found: list[str] = []
    with visit.new_page() as page:
        page.emulate_media(reduced_motion="reduce")
        page.goto(address + path)
        for scheme, width in VIEWS:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            found += [f"{scheme}, {width}: {violation}" for violation in violations(page)]
    assert not found, "\n".join(found)


ALIKE = """<!doctype html><html lang="en"><title>Texts</title><body style="background: #fff; color: #222"><main>
<h1>Texts</h1><p>One <a href="/">link <em>{0}</em></a></p><p>Two <b>words</b></p>
<div style="background: #eee"><p>One</p></div><p>Three</p></main></body></html>"""


@pytest.mark.parametrize(
    ("mark", "found"),
    [
        ("mark", False),
        ("<span style='color: #ccc'>mark</span>", True),
        ("<span style='opacity: 0.3'>mark</span>", True),
    ],
)
def test_a_text_with_too_little_contrast_is_found_among_others_and_inside_them(
    visit: BrowserContext, mark: str, found: bool
) -> None:
    with visit.new_page() as page:
        page.set_content(ALIKE.format(mark))
        assert page.locator("[data-contrast=same]").count() == 0
        said = violations(page)
        assert page.locator("[data-contrast=same]").count() > 0
    assert any(violation.startswith("color-contrast") for violation in said) is found, said
