"""Diagrams can be read on a phone and on a desk, in light and dark."""

from typing import Literal

import pytest
from playwright.sync_api import BrowserContext

from docs._tools.site.diagrams import SMALLEST

DIAGRAMS = {
    "/lessons/first-call/": 2,
    "/lessons/conversation-memory/": 1,
    "/lessons/structured-output/": 1,
    "/lessons/tools/": 1,
    "/lessons/typed-tools/": 1,
    "/lessons/agent-loop/": 1,
    "/lessons/prompting/": 1,
    "/lessons/workflow-patterns/": 5,
    "/guides/recover-from-errors/": 1,
}

# The smallest letters of each drawing as they are shown, in pixels: from the SVG, scaled as the image is.
LETTERS = """async () => {
    const sizes = [];
    for (const image of document.querySelectorAll("figure.diagram img")) {
        if (!image.checkVisibility()) continue;
        image.loading = "eager";
        await image.decode();
        const holder = document.createElement("div");
        holder.innerHTML = await (await fetch(image.currentSrc)).text();
        document.body.append(holder);
        const svg = holder.firstElementChild;
        const letters = [...svg.querySelectorAll("text, tspan")].filter((text) => text.textContent.trim())
            .map((text) => parseFloat(getComputedStyle(text).fontSize));
        const scale = image.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        sizes.push([Math.min(...letters) * scale, image.currentSrc, scale]);
        holder.remove();
    }
    return sizes;
}"""


@pytest.mark.parametrize("path", DIAGRAMS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("width", "layout"), [(412, "narrow"), (1350, "wide")])
def test_letters_are_large_enough(
    visit: BrowserContext, address: str, path: str, scheme: Literal["light", "dark"], width: int, layout: str
) -> None:
    page = visit.new_page()
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.goto(address + path)
    shown = page.evaluate(LETTERS)
    assert len(shown) == DIAGRAMS[path]
    for letters, source, scale in shown:
        assert source.endswith(f"-{layout}-{scheme}.svg")
        assert letters >= SMALLEST, source
        assert scale <= 1.01, "not blown up either"
    page.close()


def test_no_diagram_scrolls_sideways_on_a_phone(visit: BrowserContext, address: str) -> None:
    page = visit.new_page()
    page.set_viewport_size({"width": 412, "height": 900})
    for path, count in DIAGRAMS.items():
        page.goto(address + path)
        sizes = page.locator("figure.diagram").evaluate_all(
            "(all) => all.map((it) => [it.scrollWidth, it.clientWidth])"
        )
        assert len(sizes) == count
        assert all(inner <= outer for inner, outer in sizes)
    page.close()
