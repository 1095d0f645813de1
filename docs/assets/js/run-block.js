// @ts-check
/**
 * Gives each Python block buttons that run it in the page: the real SDK against the sandbox, in a worker. Without the pack,
 * opened from a file, or where the reader saves data, there are no buttons. Nothing is loaded before a reader asks for it.
 */

import { about, boot, button, cached, canRun, element, endingText, explain, key, python, remember, show } from "./run-tools.js";

const REFUSED = "refused"; // the check, next to those of the tasks, of whether the API refused a request

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
    this.title = element("p", { className: "run-title", textContent: "Your run, simulated", hidden: true });
    this.output = element("pre", { className: "run-output", hidden: true, tabIndex: 0 });
    this.output.setAttribute("role", "log");
    this.output.setAttribute("aria-label", `Output of ${this.name}, simulated`);
    this.hint = element("p", { className: "run-hint", hidden: true });
    this.block.append(this.bar, this.title, this.output, this.hint);
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
    this.title.hidden = this.output.hidden = false;
    this.output.replaceChildren();
    this.hint.hidden = true;
    this.printed = "";
    this.say("Starting Python…");
    try {
      const beside = await this.beside();
      const ending = await python.run({ source: this.source, name: this.name, beside, checks: this.checks() }, {
        started: () => this.say("Running…"),
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
    if (!ending.stopped && this.source !== this.original) this.judge(ending);
    this.say(endingText(ending));
    if (!this.output.textContent?.trim()) this.output.textContent = ending.stopped ? "" : "(It printed nothing.)";
    if (ending.error) void explain(this.hint, this.printed ?? "").catch(() => {});
  }

  /** What the lesson asks to try with this program. @returns {Record<string, string>} */
  checks() {
    const checks = this.tasks().map((id) => [id, about.tasks[id].check]);
    return Object.fromEntries(checks.length ? [...checks, [REFUSED, about.refused]] : []);
  }

  /** The ids of this program's tasks. */
  tasks() {
    return Object.keys(about.tasks).filter((id) => about.tasks[id].file === this.name);
  }

  /**
   * Says below each task of this program whether it is done. A task that was done stays done, so that the reader can try
   * other things with the same program.
   *
   * @param {import("./python-runtime.js").Ending} ending
   */
  judge({ checks = {}, error }) {
    for (const id of this.tasks()) {
      const task = document.querySelector(`[data-task="${id}"]`);
      if (!task || task.classList.contains("is-done")) continue;
      const said = task.querySelector(".try-said") ?? task.appendChild(element("span", { className: "try-said" }));
      said.setAttribute("role", "status");
      const isDone = checks[id] === true; // no answer to a check is no
      const { done, missing, refused } = about.tasks[id];
      const why = checks[REFUSED] ? refused : error ? `Not yet. The program ended with ${error} first.` : missing;
      task.classList.toggle("is-done", isDone);
      said.textContent = (isDone ? done : why).replaceAll("`", "");
    }
  }

  /** Takes back what was said about the tasks of this program. */
  forget() {
    for (const id of this.tasks()) {
      const task = document.querySelector(`[data-task="${id}"]`);
      task?.classList.remove("is-done");
      task?.querySelector(".try-said")?.remove();
    }
  }

  /** @param {"stdout" | "stderr"} stream @param {string} text */
  write(stream, text) {
    this.printed += text;
    show(this.output, stream, text);
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
    editor.setAttribute("aria-label", `${this.name}: Tab indents, Control and Enter run, Escape leaves`);
    editor.setAttribute("autocapitalize", "off");
    const run = () => void (this.running || this.run());
    editor.addEventListener("keydown", (event) => key(event, editor, { run, leave: () => this.editButton.focus() }));
    const lines = element("div", { className: "run-lines", ariaHidden: "true" });
    const number = () => lines.replaceChildren(...editor.value.split("\n").map((line) => element("span", { textContent: line || " " })));
    editor.addEventListener("input", number);
    number();
    this.editor = editor;
    this.editing = element("div", { className: "run-editing" }, lines, editor);
    const pre = /** @type {HTMLElement} */ (this.code.parentElement);
    pre.hidden = true;
    pre.after(this.editing);
    this.editButton.textContent = "Reset";
    this.editButton.setAttribute("aria-label", `Reset ${this.name} to what the page shows`);
    editor.focus();
    editor.setSelectionRange(0, 0);
  }

  reset() {
    this.forget();
    this.editing?.remove();
    this.editor = undefined;
    const pre = /** @type {HTMLElement} */ (this.code.parentElement);
    pre.hidden = false;
    this.editButton.textContent = "Edit";
    this.editButton.setAttribute("aria-label", `Edit ${this.name}`);
  }
}

if (canRun) {
  const checked = "When you run the edited program, the result appears here. Only tasks that begin with “Try it” are checked.";
  document.querySelector("[data-task]")?.append(element("span", { className: "try-how", textContent: checked }));
  for (const block of document.querySelectorAll("[data-run]")) if (block instanceof HTMLElement) new RunnableBlock(block);
  if (cached() && document.querySelector("[data-run]")) {
    (globalThis.requestIdleCallback ?? setTimeout)(() => void boot().catch(() => {}), { timeout: 5000 });
  }
}
