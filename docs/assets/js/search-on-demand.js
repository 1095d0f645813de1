// @ts-check
/**
 * Loads the search index when somebody is about to search, not with every page: it would be a third of a page's weight.
 *
 * The theme asks for the index as soon as it starts. This script runs before and holds that one request back until
 * the search field gets the focus or the pointer, or the address asks for a search or for highlighted words.
 */
{
  const { open, send } = XMLHttpRequest.prototype;
  /** @type {WeakSet<XMLHttpRequest>} */
  const held = new WeakSet();

  /** @type {Promise<void>} */
  const wanted = new Promise((resolve) => {
    const parameters = new URLSearchParams(location.search);
    if (parameters.has("q") || parameters.has("h")) resolve();
    for (const event of ["focusin", "pointerover", "touchstart"]) {
      document.addEventListener(
        event,
        ({ target }) => {
          if (target instanceof Element && target.closest(".md-search, [for=__search]")) resolve();
        },
        { passive: true },
      );
    }
  });

  /** @this {XMLHttpRequest} @param {any[]} args */
  XMLHttpRequest.prototype.open = function (...args) {
    if (String(args[1]).endsWith("/search/search_index.json")) held.add(this);
    return Reflect.apply(open, this, args);
  };

  /** @this {XMLHttpRequest} @param {any[]} args */
  XMLHttpRequest.prototype.send = function (...args) {
    if (held.has(this)) wanted.then(() => Reflect.apply(send, this, args));
    else Reflect.apply(send, this, args);
  };
}
