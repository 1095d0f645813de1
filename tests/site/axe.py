"""What axe-core complains about on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page) -> list[str]:
    """Return the violations of a page as it looks now, each with the first elements that break the rule."""
    # axe skips what is not drawn.
    page.add_style_tag(content=".highlight, .chart { content-visibility: visible !important }")
    return [
        f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in Axe().run(page).response["violations"]
    ]
