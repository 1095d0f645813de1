"""axe-core finds nothing to complain about on any page, in light and dark, wide and narrow."""

from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from .test_site import PAGES

View = tuple[Literal["light", "dark"], int]


# Home and the lessons show every kind of element: they are looked at in all four combinations, the other pages in one.
ALL: list[View] = [("light", 1350), ("dark", 412), ("dark", 1350), ("light", 412)]
ONE: list[View] = [("dark", 412)]


@pytest.mark.parametrize("path", PAGES)
def test_a_page_has_no_accessibility_violations(browser: Browser, address: str, path: str) -> None:
    found: dict[str, str] = {}
    with browser.new_context(reduced_motion="reduce") as context:
        page = context.new_page()
        page.goto(address + path)
        page.add_style_tag(
            content=".highlight, .chart { content-visibility: visible !important }"
        )  # axe skips what is not drawn
        for scheme, width in ALL if path == "/" or path.startswith("/lessons/") else ONE:
            page.emulate_media(color_scheme=scheme)
            page.set_viewport_size({"width": width, "height": 900})
            for violation in Axe().run(page).response["violations"]:
                nodes = [node["html"][:160] for node in violation["nodes"][:3]]
                found[f"{violation['id']} ({scheme}, {width})"] = f"{violation['help']}: {nodes}"
    assert not found, "\n".join(f"{name}: {what}" for name, what in found.items())
