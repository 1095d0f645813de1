"""What axe-core complains about on a page."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe takes ten milliseconds to measure the contrast of an element, and a long page has thousands with text. Those with
# the same colors, letters and backgrounds have the same contrast: of each kind, the first is measured.
ONE_TEXT_OF_EACH_KIND = """() => {
    const kinds = new Set();
    for (const element of document.body.querySelectorAll("*")) {
        delete element.dataset.contrast;
        const field = element.matches("input, select, textarea");
        const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (!field && !texts.length) continue;
        const style = getComputedStyle(element);
        const kind = [style.color, style.fontSize, style.fontWeight, style.textShadow, element.checkVisibility()];
        for (let around = element; around; around = around.parentElement) {
            const { backgroundColor, backgroundImage, opacity, filter } = getComputedStyle(around);
            const behind = [backgroundColor, backgroundImage, opacity, filter].join();
            if (behind !== kind.at(-1)) kind.push(behind);
        }
        const name = kind.join("|");
        element.dataset.contrast = !field && kinds.has(name) ? "same" : "measured";
        kinds.add(name);
    }
}"""
CONTRAST = "color-contrast"


def violations(page: Page) -> list[str]:
    """Return the violations of a page as it looks now, each with the first elements that break the rule."""
    # axe skips what is not drawn.
    page.add_style_tag(content=".highlight, .highlight code, .chart { content-visibility: visible !important }")
    page.evaluate(ONE_TEXT_OF_EACH_KIND)
    measured = {"include": [["[data-contrast=measured]"]], "exclude": [["[data-contrast=same]"]]}
    found = [
        *_found(page, None, {"rules": {CONTRAST: {"enabled": False}}}),
        *_found(page, measured, {"runOnly": CONTRAST}),
    ]
    return [
        f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in found
    ]


def _found(page: Page, context: Any, options: dict[str, Any]) -> list[Any]:
    found: list[Any] = Axe().run(page, context, {"resultTypes": ["violations"], **options}).response["violations"]
    return found
