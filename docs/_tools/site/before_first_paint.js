// @ts-check
/**
 * Sets, before anything is drawn, what the theme's bundle sets at its end: otherwise a reader who prefers dark pages sees
 * a light one first, and a phone computes all styles of the page three times more. `__md_get` is the theme's.
 */
"use strict";
{
  document.documentElement.className = "js js-focus-visible";
  new MutationObserver((_, waiting) => {
    if (!document.body) return;
    waiting.disconnect();
    const auto = "(prefers-color-scheme)";
    const { media = auto, scheme } = __md_get("__palette")?.color ?? {};
    const preferred = matchMedia("(prefers-color-scheme: dark)").matches ? "slate" : "default";
    document.body.setAttribute("data-md-color-media", media);
    document.body.setAttribute("data-md-color-scheme", media === auto ? preferred : scheme);
  }).observe(document.documentElement, { childList: true });
}
