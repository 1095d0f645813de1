// @ts-check
/**
 * What the buttons on blocks and the playground share: the page's Python, output that does not grow without end, and an
 * editor's keys.
 */

import { PythonRuntime } from "./python-runtime.js";

/** What the build says about the pack: its address, the site's root and the version of openai. Null: there is no pack. */
export const about = JSON.parse(document.getElementById("browser-pack")?.textContent ?? "null");
const CACHED = "browser-pack"; // in the browser's storage: the pack that this browser has loaded
const LINES = 400; // what is shown of an output without end
/** @type {WeakMap<HTMLElement, number>} */
const shown = new WeakMap(); // the number of lines in each output

/** @type {any} */
export const python = about && new PythonRuntime(new URL(about.pack, document.baseURI).href);

/** Whether programs run in this page: not from a file, in an old browser, or for a reader who saves data. */
export const canRun =
  python &&
  location.protocol !== "file:" &&
  !(/** @type {any} */ (navigator).connection?.saveData) &&
  typeof DecompressionStream === "function";

export function cached() {
  try {
    return localStorage.getItem(CACHED) === about.pack;
  } catch {
    return false;
  }
}

export function remember() {
  try {
    localStorage.setItem(CACHED, about.pack);
  } catch {
    // A browser without storage loads Python only when it is asked to.
  }
}

/** @returns {Promise<any>} */
export function boot() {
  return python.boot(true).then(remember);
}

/** The known problem that a traceback shows for sure. @param {string} text */
async function known(text) {
  const [{ find, index }, answer] = await Promise.all([
    import("./error-finder.js"),
    fetch(new URL(`${about.root}data/problems.json`, document.baseURI)),
  ]);
  const [best] = find(index((await answer.json()).problems), text);
  return best?.sure ? best.problem : null;
}

/** What a page says when a program has ended. @param {import("./python-runtime.js").Ending} ending */
export function endingText({ stopped, error, line, code }) {
  if (stopped) return "Stopped.";
  const made = `Simulated API, real openai ${about.openai}.`;
  if (error) return `${error}${line ? ` in line ${line}` : ""}. ${made}`;
  return code ? `It ended with exit code ${code}. ${made}` : made;
}

/**
 * Shows in a hint the known problem that a traceback shows for sure, and leads to it.
 *
 * @param {HTMLElement} hint @param {string} text
 */
export async function explain(hint, text) {
  const problem = await known(text);
  if (!problem) return;
  const link = element("a", { href: new URL(about.root + problem.url, document.baseURI).href, textContent: problem.title });
  hint.replaceChildren("Why, and what to do: ", link);
  hint.hidden = false;
}

/** @param {string} tag @param {Record<string, any>} properties @param {(Node | string)[]} children */
export function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** @param {string} text @param {string} described @param {() => void} act */
export function button(text, described, act) {
  const made = element("button", { type: "button", textContent: text, onclick: act });
  made.setAttribute("aria-label", described);
  return /** @type {HTMLButtonElement} */ (made);
}

/**
 * Adds to an output, and takes away what is at its beginning if it gets long.
 *
 * @param {HTMLElement} output @param {"stdout" | "stderr"} stream @param {string} text
 */
export function show(output, stream, text) {
  const lines = (/** @type {string | null | undefined} */ of) => (of ?? "").split("\n").length - 1;
  let count = (output.firstChild ? shown.get(output) ?? 0 : 0) + lines(text);
  output.append(element("span", { className: stream, textContent: text }));
  while (count > LINES && output.firstChild !== output.lastChild) {
    count -= lines(output.firstChild?.textContent);
    output.firstChild?.remove();
  }
  shown.set(output, count);
  output.scrollTop = output.scrollHeight;
}

/** Puts text in place of the selection, so that the browser can undo it. @param {HTMLTextAreaElement} editor @param {string} text */
export function insert(editor, text) {
  // What else writes into a field forgets what was undone before.
  if (!document.execCommand("insertText", false, text)) editor.setRangeText(text, editor.selectionStart, editor.selectionEnd, "end");
}

/** @param {HTMLTextAreaElement} editor @param {boolean} less */
function indent(editor, less) {
  const { value, selectionStart: start, selectionEnd: end } = editor;
  if (!less && start === end) return insert(editor, "    ");
  const from = value.lastIndexOf("\n", start - 1) + 1;
  const lines = value.slice(from, end).split("\n");
  const changed = lines.map((line) => (less ? line.replace(/^ {1,4}/, "") : line && `    ${line}`)).join("\n");
  editor.setSelectionRange(from, end);
  insert(editor, changed);
  editor.setSelectionRange(from, from + changed.length);
}

/**
 * Does what a key does in an editor of programs.
 *
 * @param {KeyboardEvent} event @param {HTMLTextAreaElement} editor @param {{run: () => void, leave: () => void}} does
 */
export function key(event, editor, does) {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    does.run();
  } else if (event.key === "Escape") {
    does.leave();
  } else if (event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) {
    event.preventDefault();
    indent(editor, event.shiftKey);
    editor.dispatchEvent(new Event("input"));
  } else if (event.key === "Enter" && !event.shiftKey && !event.altKey && !event.isComposing) {
    event.preventDefault();
    const before = editor.value.slice(0, editor.selectionStart);
    const [spaces] = /[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1)) ?? [""];
    insert(editor, `\n${spaces}${/[:([{]\s*$/.test(before) ? "    " : ""}`);
  }
}
