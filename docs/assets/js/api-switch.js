// @ts-check
/**
 * A switch in the header for pages that show a program for both APIs. It selects the tabs of one API; the theme keeps
 * all tabs of that name together and remembers the choice for every page of the site.
 */
"use strict";
{
  const APIS = ["Responses", "Chat Completions"];

  /** @type {HTMLLabelElement[]} */
  const labels = [...document.querySelectorAll(".tabbed-labels > label")].filter(
    /** @returns {label is HTMLLabelElement} */
    (label) => label instanceof HTMLLabelElement && APIS.includes(label.textContent?.trim() ?? ""),
  );

  /** @param {string} api */
  const tabsOf = (api) => labels.filter((label) => label.textContent?.trim() === api);

  /** @param {HTMLLabelElement} label */
  const isShown = (label) => label.control instanceof HTMLInputElement && label.control.checked;

  const palette = document.querySelector(".md-header__inner > .md-header__option");
  if (palette && APIS.every((api) => tabsOf(api).length)) {
    const group = document.createElement("div");
    group.className = "api-switch";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", "Show programs for");
    const buttons = APIS.map((api) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = api;
      button.addEventListener("click", () => tabsOf(api).forEach((label) => isShown(label) || label.click()));
      group.append(button);
      return button;
    });
    const update = () =>
      buttons.forEach((button, index) => {
        button.setAttribute("aria-pressed", String(tabsOf(APIS[index]).some(isShown)));
      });
    document.addEventListener("change", update);
    palette.before(group);
    // The theme restores the remembered choice while the page loads.
    addEventListener("load", update);
    update();
  }
}
