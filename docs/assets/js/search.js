// @ts-check
/**
 * The search of the site: a dialog with a field and a list of results, opened by its button, by `/`, `s` or Ctrl+K.
 *
 * What it needs is loaded when somebody is about to search. These are scripts, because a page opened from a file can load
 * neither modules nor data.
 *
 * @typedef {{text: string, marked: boolean}} Piece
 * @typedef {{address: string, kind: string, page: string, title: Piece[], excerpt: Piece[], score: number}} Result
 * @typedef {{name: string, address: string, title: string, why: string}} Absence
 * @typedef {{results: Result[], groups: {name: string, results: Result[]}[], absent: Absence[], unknown: string[], corrected: string[]}} Answer
 * @typedef {{find: (query: string) => Answer, message: (text: string) => string}} Search
 */
"use strict";
{
  const script = /** @type {HTMLScriptElement} */ (document.currentScript);
  const site = new URL("../../", script.src);
  const NEEDED = ["assets/vendor/minisearch/minisearch.js", "assets/search-index.js", "assets/js/search-ranking.js"];
  const opener = /** @type {HTMLButtonElement | null} */ (document.querySelector(".site-search__open"));

  /** @type {Promise<Search> | null} */
  let loading = null;

  /** @param {string} path @returns {Promise<void>} */
  const loaded = (path) =>
    new Promise((resolve, reject) => {
      const element = document.createElement("script");
      element.src = new URL(path, site).href;
      element.addEventListener("load", () => resolve());
      element.addEventListener("error", reject);
      document.head.append(element);
    });

  function load() {
    loading ??= Promise.all(NEEDED.map(loaded)).then(() => {
      const { siteSearch, MiniSearch, searchIndex } = /** @type {any} */ (globalThis);
      return siteSearch(MiniSearch, searchIndex);
    });
    loading.catch(() => (loading = null));
    return loading;
  }

  /**
   * @template {keyof HTMLElementTagNameMap} T
   * @param {T} tag
   * @param {Record<string, string>} attributes
   * @param {(string | Node)[]} content
   * @returns {HTMLElementTagNameMap[T]}
   */
  function make(tag, attributes = {}, ...content) {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...content);
    return element;
  }

  /** @param {number} number @param {string} thing */
  const count = (number, thing) => `${number} ${thing}${number === 1 ? "" : "s"}`;

  /** @param {Piece[]} pieces */
  const highlighted = (pieces) => pieces.map(({ text, marked }) => (marked ? make("mark", {}, text) : text));

  /** @param {HTMLButtonElement} button */
  function start(button) {
    const field = make("input", {
      // A field of the type "search" takes the first Escape to empty itself.
      type: "text",
      inputmode: "search",
      role: "combobox",
      "aria-label": "Search",
      "aria-autocomplete": "list",
      "aria-controls": "site-search-results",
      "aria-expanded": "false",
      placeholder: "A task, a name, an error message",
      autocomplete: "off",
      autocapitalize: "off",
      spellcheck: "false",
      enterkeyhint: "go",
    });
    const close = make("button", { type: "button", class: "site-search__close" }, "Close");
    const status = make("p", { role: "status" });
    const list = make("div", { role: "listbox", id: "site-search-results", "aria-label": "Results", hidden: "" });
    const form = make("form", { role: "search" }, field, close);
    const dialog = make("dialog", { class: "site-search", "aria-label": "Search" }, form, status, list);
    document.body.append(dialog);

    /** @type {HTMLElement[]} */
    let options = [];
    let active = -1;

    /** @param {number} number */
    function activate(number) {
      options[active]?.setAttribute("aria-selected", "false");
      active = number;
      const option = options[active];
      if (!option) return field.removeAttribute("aria-activedescendant");
      option.setAttribute("aria-selected", "true");
      field.setAttribute("aria-activedescendant", option.id);
      option.scrollIntoView({ block: "nearest" });
    }

    /** @param {string} address @param {(string | Node)[]} title @param {string} place @param {(string | Node)[]} text */
    function option(address, title, place, text) {
      const element = make(
        "a",
        { role: "option", tabindex: "-1", "aria-selected": "false", href: new URL(address, site).href },
        make("strong", {}, ...title),
        make("small", {}, place),
        make("span", {}, ...text),
      );
      element.id = `site-search-${options.push(element)}`;
      return element;
    }

    /** @param {string} name @param {HTMLElement[]} children */
    function group(name, children) {
      const label = make("div", { role: "presentation", id: `site-search-group-${name.replace(/\W/g, "")}` }, name);
      return make("div", { role: "group", "aria-labelledby": label.id }, label, ...children);
    }

    /** @param {Answer} answer */
    function show({ results, groups, absent, unknown, corrected }) {
      options = [];
      const parts = absent.map(({ name, address, title, why }) =>
        group("Not on this site", [option(address, [`${name}: not on this site`], "", ["Nearest: ", make("b", {}, title), ` ${why}.`])]),
      );
      for (const { name, results: found } of groups) {
        const mixed = name === groups[0].name;
        const items = found.map(({ address, kind, page, title, excerpt }) => {
          const named = title.map(({ text }) => text).join("");
          const place = [...(mixed ? [kind] : []), ...(named === page ? [] : [page])].join(" · ");
          return option(address, highlighted(title), place, highlighted(excerpt));
        });
        parts.push(group(name, items));
      }
      list.replaceChildren(...parts);
      list.scrollTop = 0;
      list.hidden = !options.length;
      field.setAttribute("aria-expanded", String(options.length > 0));
      const quoted = (/** @type {string[]} */ words) => words.map((word) => `“${word}”`).join(", ");
      const lacked = absent.map(({ name }) => name).join(", ");
      const others = results.length ? `The nearest page${absent.length > 1 ? "s" : ""} and ${count(results.length, "other")}.` : "";
      status.textContent = [
        lacked ? `Not on this site: ${lacked}. ${others}` : results.length ? `${count(results.length, "result")}.` : "Nothing found.",
        corrected.length ? `Searched for ${quoted(corrected)}.` : "",
        unknown.length ? `On no page: ${quoted(unknown.slice(0, 5))}.` : "",
      ].join(" ");
      activate(options.length ? 0 : -1);
    }

    function empty() {
      options = [];
      activate(-1);
      list.replaceChildren();
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
      status.textContent = "";
    }

    async function search() {
      const asked = field.value;
      if (!asked.trim()) return empty();
      try {
        const { find } = await load();
        if (asked === field.value) show(find(asked));
      } catch {
        empty();
        status.textContent = "The search could not be loaded.";
      }
    }

    function open() {
      if (dialog.open) return;
      dialog.showModal();
      field.select();
      void load().catch(() => {});
    }

    for (const event of ["pointerenter", "focus"]) {
      button.addEventListener(event, () => void load().catch(() => {}), { once: true });
    }
    button.addEventListener("click", open);
    close.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => event.preventDefault());
    field.addEventListener("input", () => void search());
    // The field would join the lines of a pasted traceback.
    field.addEventListener("paste", (event) => {
      const text = event.clipboardData?.getData("text") ?? "";
      if (!text.includes("\n")) return;
      event.preventDefault();
      void load().then(({ message }) => {
        field.setRangeText(message(text), field.selectionStart ?? 0, field.selectionEnd ?? 0, "end");
        return search();
      });
    });
    field.addEventListener("keydown", (event) => {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && options.length) {
        event.preventDefault();
        activate((active + step + options.length) % options.length);
      } else if (event.key === "Enter" && !event.isComposing) {
        event.preventDefault();
        options[active]?.click();
      }
    });
    dialog.addEventListener("click", ({ target }) => {
      if (target === dialog || (target instanceof Element && target.closest("a"))) dialog.close();
    });
    document.addEventListener("keydown", (event) => {
      const { key, target } = event;
      // For a moment after it is closed, the dialog's field still has the focus.
      const writing = target instanceof HTMLElement && !dialog.contains(target) &&
        (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
      const asked = event.ctrlKey || event.metaKey ? key.toLowerCase() === "k" : !writing && !event.altKey && (key === "/" || key === "s");
      if (!asked || dialog.open) return;
      event.preventDefault();
      open();
    });
    const query = new URLSearchParams(location.search).get("q");
    if (query) {
      open();
      field.value = query;
      void search();
    }
  }

  if (opener) start(opener);
}
