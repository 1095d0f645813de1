// @ts-check
/**
 * Mends what the theme does while the page loads and is resized: boxes around wide tables and rows of tabs that scroll
 * but take no focus, code that loses its focus while it fits, and a navigation landmark without a name on every code
 * block.
 */
"use strict";
{
  function mend() {
    for (const box of document.querySelectorAll(
      ".md-typeset__scrollwrap:not([tabindex]), .md-typeset pre > code:not([tabindex]), .tabbed-labels:not([tabindex])",
    )) {
      box.setAttribute("tabindex", "0");
    }
    for (const nav of document.querySelectorAll("pre > .md-code__nav:not([aria-label])")) {
      const blocks = [...document.querySelectorAll("pre")];
      nav.setAttribute("aria-label", `Code block ${blocks.findIndex((block) => block.contains(nav)) + 1}`);
    }
  }

  new MutationObserver(mend).observe(document.body, {
    attributeFilter: ["tabindex"],
    childList: true,
    subtree: true,
  });
  mend();
}
