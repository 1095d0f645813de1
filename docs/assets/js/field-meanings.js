// @ts-check
/**
 * Shows what the fields of a JSON reply mean. The page has the meaning of each key in its `title`; here it becomes a
 * tooltip that also keyboards and fingers reach. A block is one tab stop, arrow keys lead from key to key, Escape closes.
 */
"use strict";
{
  const PAUSE = 150; // ms: a pointer that only crosses the code opens nothing, and has time to reach the tooltip
  const GAP = 4; // px between a key and its tooltip, and between the tooltip and the edge of the window

  /** @type {WeakMap<HTMLElement, string>} */
  const meanings = new WeakMap();
  /** @type {HTMLElement | null} */
  let shown = null;
  let timer = 0;

  const tip = document.createElement("div");
  tip.id = "field-meaning";
  tip.className = "field-meaning";
  tip.hidden = true;
  tip.setAttribute("role", "tooltip");

  /** @param {EventTarget | null} target */
  function keyAt(target) {
    const key = target instanceof Element ? target.closest(".nt") : null;
    return key instanceof HTMLElement && meanings.has(key) ? key : null;
  }

  /** @param {HTMLElement} key */
  function show(key) {
    clearTimeout(timer);
    if (shown !== key) hide();
    shown = key;
    tip.textContent = meanings.get(key) ?? "";
    tip.hidden = false;
    key.setAttribute("aria-describedby", tip.id);
    place();
  }

  function hide() {
    shown?.removeAttribute("aria-describedby");
    shown = null;
    tip.hidden = true;
  }

  /** Puts the tooltip below its key, or above where there is no room. A key that was scrolled away has none. */
  function place() {
    if (!shown) return;
    const key = shown.getBoundingClientRect();
    const { clientWidth, clientHeight } = document.documentElement;
    if (key.bottom < 0 || key.top > clientHeight) {
      hide();
      return;
    }
    const below = key.bottom + GAP;
    const above = key.top - GAP - tip.offsetHeight;
    const left = Math.min(key.left, clientWidth - tip.offsetWidth - GAP);
    tip.style.left = `${Math.max(GAP, left)}px`;
    tip.style.top = `${below + tip.offsetHeight > clientHeight && above > 0 ? above : below}px`;
  }

  /** @param {Element} code a block of which some keys have a meaning */
  function explain(code) {
    const keys = /** @type {HTMLElement[]} */ ([...code.querySelectorAll(".nt[title]")]);
    keys.forEach((key, index) => {
      meanings.set(key, key.title);
      key.removeAttribute("title"); // or the browser would show its own tooltip, too
      key.tabIndex = index ? -1 : 0;
      key.setAttribute("role", "button");
    });

    /** @param {HTMLElement} key */
    function enter(key) {
      for (const other of keys) other.tabIndex = other === key ? 0 : -1;
      show(key);
    }

    code.addEventListener("focusin", ({ target }) => {
      const key = keyAt(target);
      if (key) enter(key);
    });
    code.addEventListener("focusout", () => {
      if (!tip.matches(":hover")) hide();
    });
    code.addEventListener("click", ({ target }) => {
      const key = keyAt(target);
      if (key) key.focus({ preventScroll: true });
      if (key) show(key);
    });
    code.addEventListener("pointerover", (event) => {
      const key = keyAt(event.target);
      if (!key || /** @type {PointerEvent} */ (event).pointerType === "touch") return;
      clearTimeout(timer);
      timer = setTimeout(show, PAUSE, key);
    });
    code.addEventListener("pointerout", leave);
    code.addEventListener("keydown", (event) => {
      const { key: pressed, target, altKey, ctrlKey, metaKey } = /** @type {KeyboardEvent} */ (event);
      const key = keyAt(target);
      if (!key || altKey || ctrlKey || metaKey) return;
      const here = keys.indexOf(key);
      const next = {
        ArrowDown: here + 1,
        ArrowRight: here + 1,
        ArrowUp: here - 1,
        ArrowLeft: here - 1,
        Home: 0,
        End: keys.length - 1,
        Enter: here,
        " ": here,
      }[pressed];
      if (next === undefined) return;
      event.preventDefault();
      const reached = keys[Math.max(0, Math.min(next, keys.length - 1))];
      reached.focus();
      show(reached);
    });
  }

  /** Closes in a moment, unless the pointer comes back or the keyboard holds it open. */
  function leave() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (shown !== document.activeElement) hide();
    }, PAUSE);
  }

  tip.addEventListener("pointerenter", () => clearTimeout(timer));
  tip.addEventListener("pointerleave", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    clearTimeout(timer);
    hide();
  });
  document.addEventListener("pointerdown", ({ target }) => {
    if (shown && !keyAt(target) && !tip.contains(/** @type {Node} */ (target))) hide();
  });
  document.addEventListener("scroll", place, { capture: true, passive: true });
  addEventListener("resize", place);

  const blocks = new Set([...document.querySelectorAll(".nt[title]")].map((key) => key.closest("code")));
  for (const code of blocks) if (code) explain(code);
  (document.querySelector("article") ?? document.body).append(tip);
}
