// @ts-check
/**
 * Makes the button below the title copy the page as Markdown, which the link beside it opens. Opened from a file, the
 * page may not read its neighbor: then the button stays invisible.
 */
"use strict";
{
  const SHOWN = 2000; // milliseconds

  /** @param {HTMLAnchorElement} twin @param {HTMLButtonElement} button */
  async function copy(twin, button) {
    let said = "Copied";
    try {
      const reply = await fetch(twin.href);
      if (!reply.ok) throw new Error(String(reply.status));
      await navigator.clipboard.writeText(await reply.text());
    } catch {
      said = "Could not copy";
    }
    const before = button.textContent;
    button.textContent = said;
    setTimeout(() => (button.textContent = before), SHOWN);
  }

  const row = document.querySelector(".page-as-markdown");
  const link = row?.querySelector("a");
  const button = row?.querySelector("button");
  if (link && button && navigator.clipboard && location.protocol !== "file:") {
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", () => copy(link, button));
    button.classList.add("works");
  }
}
