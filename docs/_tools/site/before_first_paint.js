// @ts-check
/**
 * Sets, before anything is drawn, what the theme sets at the end of the page: otherwise a reader who prefers dark pages sees
 * a light one first, tabs change under the reader's eyes, and a phone computes all styles of the page three times more.
 * When the page is parsed, it loads the scripts that nothing on the first screen waits for. `__md_get` is the theme's.
 */
"use strict";
{
  const AUTO = "(prefers-color-scheme)";

  /** @param {string} name @returns {any} what the theme keeps by this name; nothing if storage is off or holds no JSON */
  function kept(name) {
    try {
      return __md_get(name);
    } catch {
      return null;
    }
  }

  const tabs = kept("__tabs");
  /** @type {string[]} The names of the tabs that were chosen last, the latest first. */
  const chosen = Array.isArray(tabs) ? tabs : [];

  function color() {
    const { media = AUTO, scheme } = kept("__palette")?.color ?? {};
    const preferred = matchMedia("(prefers-color-scheme: dark)").matches ? "slate" : "default";
    document.body.setAttribute("data-md-color-media", media);
    document.body.setAttribute("data-md-color-scheme", media === AUTO ? preferred : scheme);
  }

  function showTabs() {
    for (const set of document.querySelectorAll(".tabbed-set")) {
      /** @type {HTMLLabelElement[]} */
      const labels = [...set.querySelectorAll(":scope > .tabbed-labels > label")];
      const named = chosen.map((name) => labels.find((label) => label.textContent?.trim() === name)).find(Boolean);
      if (named?.control instanceof HTMLInputElement) named.control.checked = true;
    }
    const target = document.getElementById(location.hash.slice(1));
    if (target instanceof HTMLInputElement && target.name.startsWith("__tabbed_")) target.checked = true;
  }

  function loadScripts() {
    for (const address of JSON.parse(document.getElementById("scripts")?.textContent ?? "[]")) {
      const script = document.createElement("script");
      script.async = false; // they run in their order
      script.src = address;
      document.body.append(script);
    }
  }

  document.documentElement.className = "js js-focus-visible";
  let colored = false;
  const parsing = new MutationObserver(() => {
    if (!document.body) return;
    if (!colored) color();
    colored = true;
    showTabs();
  });
  parsing.observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("DOMContentLoaded", () => {
    parsing.disconnect();
    showTabs();
    loadScripts();
  });
}
