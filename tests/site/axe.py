"""What axe-core complains about on a page."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

# axe measures the contrast of each element by itself, which takes a second for the thousands of words of a long page's
# programs. Words of the same kind look alike, so the first of each kind stays an element, and others become plain text.
ONE_WORD_OF_EACH_KIND = """() => {
    const kinds = new Set();
    for (const word of document.querySelectorAll(".highlight code span")) {
        if (word.children.length || word.getAttributeNames().some((name) => name !== "class")) continue;
        const around = word.parentElement.closest("[class]");
        const kind = [word.className, around.className, word.closest(".highlight").parentElement.className].join("|");
        if (kinds.has(kind)) word.replaceWith(...word.childNodes);
        kinds.add(kind);
    }
}"""


def violations(page: Page) -> list[str]:
    """Return the violations of a page as it looks now, each with the first elements that break the rule.

    The page's programs are then no longer as they were.
    """
    # axe skips what is not drawn.
    page.add_style_tag(content=".highlight, .highlight code, .chart { content-visibility: visible !important }")
    page.evaluate(ONE_WORD_OF_EACH_KIND)
    found = Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {[node['html'][:160] for node in violation['nodes'][:3]]}"
        for violation in found
    ]
