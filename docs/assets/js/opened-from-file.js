// @ts-check
/**
 * Makes a page work that was opened from a file. There a browser loads no module, no data and no worker, and shows the
 * list of a folder instead of its index.html. With this script links lead to pages, icons are visible, and a widget that
 * cannot work says so.
 *
 * Considered: the theme's plugin `offline`. It adds .html to the address of every page, wherever the site is published.
 */
"use strict";
if (location.protocol === "file:") {
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);

  for (const event of ["click", "auxclick"]) {
    document.addEventListener(
      event,
      ({ target }) => {
        const link = target instanceof Element ? target.closest("a") : null;
        if (link?.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
      },
      { capture: true },
    );
  }

  // Icons are masks, and a browser takes a mask from no other file.
  const icons = document.createElement("link");
  icons.rel = "stylesheet";
  icons.href = new URL("../stylesheets/data-icons.css", script.src).href;
  document.head.append(icons);

  for (const place of document.querySelectorAll(".cost-calculator, .error-finder, .playground, .retry-timeline")) {
    const [said, name] = /^The (\S+) needs JavaScript\./.exec(place.textContent ?? "") ?? [];
    if (!said) continue;
    const paragraph = document.createElement("p");
    const command = document.createElement("code");
    command.textContent = "uv run mkdocs serve";
    const rest = (place.textContent ?? "").slice(said.length);
    paragraph.append(
      `A browser does not let a page opened from a file load what the ${name} needs. To use it, run `,
      command,
      `.${rest}`,
    );
    place.replaceChildren(paragraph);
  }
}
