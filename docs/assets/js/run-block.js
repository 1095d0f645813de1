// @ts-check
/**
 * Gives each Python block buttons that run it in the page: the real SDK against the sandbox, in a worker. Without the pack,
 * opened from a file, or where the reader saves data, there are no buttons. Nothing is loaded before a reader asks for it.
 */

import { PythonRuntime } from "./python-runtime.js";

const about = JSON.parse(document.getElementById("browser-pack")?.textContent ?? "null");
const CACHED = "browser-pack"; // in the browser's storage: the pack that this browser has loaded
const LINES = 400; // what is shown of an output without end

/** @param {string} tag @param {Record<string, any>} properties @param {(Node | string)[]} children */
function element(tag, properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  made.append(...children);
  return made;
}

/** @param {string} text @param {string} described @param {() => void} act */
function button(text, described, act) {
  const made = element("button", { type: "button", textContent: text, onclick: act });
  made.setAttribute("aria-label", described);
  return /** @type {HTMLButtonElement} */ (made);
}

function cached() {
  try {
    return localStorage.getItem(CACHED) === about.pack;
  } catch {
    return false;
  }
}

function remember() {
  try {
    localStorage.setItem(CACHED, about.pack);
  } catch {
    // A browser without storage loads Python only when it is asked to.
  }
}

const python = about && new PythonRuntime(new URL(about.pack, document.baseURI).href);

/** @returns {Promise<any>} */
function boot() {
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

/** A program on the page, its buttons and what it printed last. */
class RunnableBlock {
  /** @param {HTMLElement} block */
  constructor(block) {
    this.block = block;
    this.code = /** @type {HTMLElement} */ (block.querySelector("pre > code"));
    this.name = block.querySelector(".filename")?.textContent?.trim().split(/\s/)[0] ?? "program.py";
    this.original = this.code.textContent ?? "";
    this.runButton = button("Run", `Run ${this.name}`, () => this.runOrStop());
    this.runButton.className = "run";
    this.editButton = button("Edit", `Edit ${this.name}`, () => (this.editor ? this.reset() : this.edit()));
    this.status = element("span", { className: "run-status" });
    this.status.setAttribute("role", "status");
    this.bar = element("div", { className: "run-bar" }, this.runButton, this.editButton, this.status);
    this.output = element("pre", { className: "run-output", hidden: true, tabIndex: 0 });
    this.output.setAttribute("role", "log");
    this.output.setAttribute("aria-label", `Output of ${this.name}, simulated`);
    this.hint = element("p", { className: "run-hint", hidden: true });
    this.block.append(this.bar, this.output, this.hint);
    for (const event of ["pointerenter", "focus"]) this.runButton.addEventListener(event, () => void boot().catch(() => {}), { once: true });
  }

  get source() {
    return this.editor ? this.editor.value : this.original;
  }

  runOrStop() {
    if (this.running) python.stop();
    else void this.run();
  }

  async run() {
    this.running = true;
    this.runButton.textContent = "Stop";
    this.runButton.setAttribute("aria-label", `Stop ${this.name}`);
    this.runButton.classList.add("stop");
    this.output.hidden = false;
    this.output.replaceChildren();
    this.hint.hidden = true;
    this.printed = "";
    this.lines = 0;
    this.say("Starting Python…");
    try {
      const beside = await this.beside();
      const ending = await python.run({ source: this.source, name: this.name, beside, checks: this.checks() }, {
        write: (/** @type {"stdout" | "stderr"} */ stream, /** @type {string} */ text) => this.write(stream, text),
      });
      this.end(ending);
    } catch (problem) {
      this.say(`Python could not be loaded: ${problem instanceof Error ? problem.message : problem}. Run tries again.`);
    } finally {
      this.running = false;
      this.runButton.textContent = "Run";
      this.runButton.setAttribute("aria-label", `Run ${this.name}`);
      this.runButton.classList.remove("stop");
    }
  }

  /** @param {import("./python-runtime.js").Ending} ending */
  end(ending) {
    remember();
    if (!ending.stopped && this.source !== this.original) this.judge(ending.checks ?? {});
    if (ending.stopped) this.say("Stopped.");
    else if (ending.error && ending.line) this.say(`${ending.error} in line ${ending.line}. ${this.made()}`);
    else if (ending.error) this.say(`${ending.error}. ${this.made()}`);
    else this.say(ending.code ? `It ended with exit code ${ending.code}. ${this.made()}` : this.made());
    if (!this.output.textContent) this.output.textContent = ending.stopped ? "" : "(It printed nothing.)";
    if (ending.error) void known(this.printed ?? "").then((problem) => problem && this.explain(problem)).catch(() => {});
  }

  /** What the lesson asks to try with this program. @returns {Record<string, string>} */
  checks() {
    return Object.fromEntries(
      Object.entries(about.tasks).filter(([, { file }]) => file === this.name).map(([id, { check }]) => [id, check]),
    );
  }

  /** Says below each task of this program whether it is done. @param {Record<string, boolean>} done */
  judge(done) {
    for (const [id, isDone] of Object.entries(done)) {
      const task = document.querySelector(`[data-task="${id}"]`);
      if (!task) continue;
      const said = task.querySelector(".try-said") ?? task.appendChild(element("span", { className: "try-said" }));
      said.setAttribute("role", "status");
      task.classList.toggle("is-done", isDone);
      said.textContent = about.tasks[id][isDone ? "done" : "missing"].replaceAll("`", "");
    }
  }

  made() {
    return `Simulated API, real openai ${about.openai}.`;
  }

  /** @param {{title: string, url: string}} problem */
  explain(problem) {
    const link = element("a", { href: new URL(about.root + problem.url, document.baseURI).href, textContent: problem.title });
    this.hint.replaceChildren("Why, and what to do: ", link);
    this.hint.hidden = false;
  }

  /** @param {"stdout" | "stderr"} stream @param {string} text */
  write(stream, text) {
    if (!this.printed) this.say("Running…");
    this.printed += text;
    this.lines = (this.lines ?? 0) + text.split("\n").length - 1;
    while (this.lines > LINES && this.output.firstChild) {
      this.lines -= (this.output.firstChild.textContent ?? "").split("\n").length - 1;
      this.output.firstChild.remove();
    }
    this.output.append(element("span", { className: stream, textContent: text }));
    this.output.scrollTop = this.output.scrollHeight;
  }

  /** @param {string} text */
  say(text) {
    this.status.textContent = text;
  }

  /** The files that the program needs in its folder. @returns {Promise<Record<string, string>>} */
  async beside() {
    const names = (this.block.dataset.run ?? "").split(" ").filter(Boolean);
    const download = this.block.querySelector(".filename a[download]");
    const folder = new URL(".", download instanceof HTMLAnchorElement ? download.href : document.baseURI);
    const texts = await Promise.all(names.map(async (name) => {
      const answer = await fetch(new URL(name, folder));
      if (!answer.ok) throw new Error(`${name} is not beside the page`);
      return answer.text();
    }));
    return Object.fromEntries(names.map((name, at) => [name, texts[at]]));
  }

  edit() {
    const editor = /** @type {HTMLTextAreaElement} */ (element("textarea", { className: "run-editor", spellcheck: false }));
    editor.value = this.original;
    editor.rows = this.original.split("\n").length;
    editor.setAttribute("aria-label", `${this.name}: Tab indents, Control and Enter run, Escape leaves`);
    editor.setAttribute("autocapitalize", "off");
    editor.addEventListener("keydown", (event) => this.key(event));
    editor.addEventListener("input", () => (editor.rows = editor.value.split("\n").length));
    this.editor = editor;
    const pre = /** @type {HTMLElement} */ (this.code.parentElement);
    pre.hidden = true;
    pre.after(editor);
    this.editButton.textContent = "Reset";
    this.editButton.setAttribute("aria-label", `Reset ${this.name} to what the page shows`);
    editor.focus();
    editor.setSelectionRange(0, 0);
  }

  reset() {
    this.editor?.remove();
    this.editor = undefined;
    const pre = /** @type {HTMLElement} */ (this.code.parentElement);
    pre.hidden = false;
    this.editButton.textContent = "Edit";
    this.editButton.setAttribute("aria-label", `Edit ${this.name}`);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const editor = /** @type {HTMLTextAreaElement} */ (this.editor);
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      if (!this.running) void this.run();
    } else if (event.key === "Escape") {
      this.editButton.focus();
    } else if (event.key === "Tab" && !event.ctrlKey && !event.altKey && !event.metaKey) {
      event.preventDefault();
      indent(editor, event.shiftKey);
      editor.dispatchEvent(new Event("input"));
    } else if (event.key === "Enter" && !event.shiftKey && !event.altKey) {
      event.preventDefault();
      const before = editor.value.slice(0, editor.selectionStart);
      const [spaces] = /[ \t]*/.exec(before.slice(before.lastIndexOf("\n") + 1)) ?? [""];
      insert(editor, `\n${spaces}${/[:([{]\s*$/.test(before) ? "    " : ""}`);
    }
  }
}

/** Puts text in place of the selection, so that the browser can undo it. @param {HTMLTextAreaElement} editor @param {string} text */
function insert(editor, text) {
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

// @ts-expect-error: not every browser tells whether its reader saves data
if (python && location.protocol !== "file:" && !navigator.connection?.saveData && typeof DecompressionStream === "function") {
  for (const block of document.querySelectorAll("[data-run]")) if (block instanceof HTMLElement) new RunnableBlock(block);
  if (cached() && document.querySelector("[data-run]")) {
    (globalThis.requestIdleCallback ?? setTimeout)(() => void boot().catch(() => {}), { timeout: 5000 });
  }
}
