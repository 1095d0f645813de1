// @ts-check
/**
 * The playground: an editor with completion, lists that write into the program what they offer, its output, what goes over
 * the wire, and a link that holds the program. Python is loaded when the reader is about to run something.
 *
 * @typedef {{name: string, directive: string, does: string, raises: string, apis: string[]}} Fault
 * @typedef {import("./wire-view.js").Texts & {programs: {api: string, name: string, source: string}[], models: string[],
 *   faults: Fault[], keys: {prefixes: string[], public: string[]}}} Data
 */

import { CompletionList } from "./completion-list.js";
import { hasKey, packed, unpacked } from "./program-link.js";
import { about, boot, button, element, endingText, explain, insert, key, python, remember, show } from "./run-tools.js";
import { WireView, withCode } from "./wire-view.js";

const MODEL = /(\bmodel\s*=\s*)(["'])([^"'\n]*)\2/g;
const DIRECTIVE = /^# sandbox: *(.*)\n/gm;
const LATENCY = /^latency=([\d.]+)$/;
const LATENCIES = ["0.1", "0.5", "2"]; // seconds
const COMMAND = "uv run browser-pack";
const KEY_FOUND = "There is something in the program that looks like a real key. Take it out: the sandbox needs none.";

/** @param {string} name @param {HTMLElement} control */
function labeled(name, control) {
  control.id = `playground-${name.toLowerCase()}`;
  return element("div", {}, element("label", { htmlFor: control.id, textContent: name }), control);
}

/** @param {[string, string][]} options value and text */
function list(options) {
  const made = /** @type {HTMLSelectElement} */ (element("select"));
  made.append(...options.map(([value, textContent]) => element("option", { value, textContent })));
  return made;
}

/**
 * A program with other directives: those for which `replaces` is true are replaced by a new one, if there is one.
 *
 * @param {string} program @param {(directive: string) => boolean} replaces @param {string} directive
 */
export function withDirective(program, replaces, directive) {
  const kept = program.replace(DIRECTIVE, (line, said) => (replaces(said) ? "" : line));
  if (!directive) return kept.replace(/^\n+/, "").replace(/\n{3,}(?=(?:from|import) )/, "\n\n");
  const line = `# sandbox: ${directive}\n`;
  const others = [...kept.matchAll(DIRECTIVE)];
  const last = others[others.length - 1];
  if (last) return kept.slice(0, last.index + last[0].length) + line + kept.slice(last.index + last[0].length);
  const first = /^(?:from|import) /m.exec(kept)?.index ?? 0;
  return `${kept.slice(0, first)}${line}${kept[first] === "\n" ? "" : "\n"}${kept.slice(first)}`;
}

class Playground {
  /** @param {HTMLElement} place @param {Data} data */
  constructor(place, data) {
    this.data = data;
    this.api = data.programs[0];
    this.drafts = new Map(data.programs.map(({ api, source }) => [api, source]));
    this.isRunning = false;
    this.printed = "";
    const { apis, models, faults, latencies, pickers, fault } = this.#pickers();
    this.apis = apis;
    this.models = models;
    this.faults = faults;
    this.latencies = latencies;
    this.fault = fault;
    this.editor = this.#editor();
    const bar = this.#bar();
    this.output = element("pre", { className: "run-output", tabIndex: 0 });
    this.output.setAttribute("role", "log");
    this.output.setAttribute("aria-label", "Output, simulated");
    this.hint = element("p", { className: "run-hint", hidden: true });
    const rows = element("ol");
    const wire = element("div", { className: "wire", tabIndex: 0 }, rows);
    wire.setAttribute("role", "log");
    wire.setAttribute("aria-label", "On the wire, simulated");
    this.wire = new WireView(rows, data);
    const editing = element("div", { className: "playground-editor" }, this.editor);
    place.replaceChildren(
      element("div", { className: "playground-program" }, pickers, fault, editing, bar,
        element("p", { className: "playground-title", textContent: "Output, simulated" }), this.output, this.hint),
      element("div", { className: "playground-wire" },
        element("p", { className: "playground-title", textContent: "On the wire, simulated" }), wire,
        element("p", { className: "playground-empty", textContent: "Run the program to see its requests and what comes back." })),
    );
    this.completions = new CompletionList(this.editor, (before, after) => python.complete(before, after));
    this.#put(this.api.source);
    addEventListener("hashchange", () => void this.open());
  }

  #pickers() {
    const apis = list(this.data.programs.map(({ api }) => [api, api]));
    const models = list(this.data.models.map((id) => [id, id]));
    const faults = list([["", "none"], ...this.data.faults.map(({ name, directive, does }) => /** @type {[string, string]} */ ([directive, `${name}: ${does.replaceAll("`", "")}`]))]);
    const latencies = list([["", "none"], ...LATENCIES.map((value) => /** @type {[string, string]} */ ([value, `${value} s`]))]);
    apis.addEventListener("change", () => this.#switch());
    models.addEventListener("change", () => this.#write(this.editor.value.replace(MODEL, `$1$2${models.value}$2`)));
    faults.addEventListener("change", () => this.#write(withDirective(this.editor.value, (said) => this.#faultOf(said) !== null, faults.value)));
    latencies.addEventListener("change", () => {
      const directive = latencies.value && `latency=${latencies.value}`;
      this.#write(withDirective(this.editor.value, (said) => LATENCY.test(said.trim()), directive));
    });
    const pickers = element("div", { className: "playground-pickers" },
      labeled("API", apis), labeled("Model", models), labeled("Fault", faults), labeled("Latency", latencies));
    const fault = element("p", { className: "playground-fault", hidden: true });
    return { apis, models, faults, latencies, pickers, fault };
  }

  #editor() {
    const editor = /** @type {HTMLTextAreaElement} */ (element("textarea", { className: "run-editor", spellcheck: false, wrap: "off" }));
    editor.setAttribute("aria-label", "Program: Tab indents, Control and Enter run, Control and Space complete, Escape leaves");
    editor.setAttribute("autocapitalize", "off");
    editor.setAttribute("autocomplete", "off");
    editor.addEventListener("keydown", (event) => {
      if (this.completions?.key(event)) {
        if (event.key === " " && !python.isReady) this.#say("Completion works once Python is loaded: Run loads it.");
        return;
      }
      key(event, editor, { run: () => void (this.isRunning || this.run()), leave: () => this.runButton?.focus() });
    });
    editor.addEventListener("input", () => this.#read());
    return editor;
  }

  #bar() {
    this.runButton = button("Run", "Run the program", () => (this.isRunning ? python.stop() : void this.run()));
    this.runButton.className = "run";
    for (const event of ["pointerenter", "focus"]) this.runButton.addEventListener(event, () => void boot().catch(() => {}), { once: true });
    const reset = button("Reset", "Reset the program to what the API begins with", () => this.#write(this.api.source));
    const link = button("Copy link", "Copy a link that holds the program", () => void this.share());
    this.status = element("span", { className: "run-status" });
    this.status.setAttribute("role", "status");
    return element("div", { className: "run-bar" }, this.runButton, reset, link, this.status);
  }

  /** @param {string} text */
  #say(text) {
    if (this.status) this.status.textContent = text;
  }

  /** Puts another program into the editor, in a way that the browser can undo. @param {string} program */
  #write(program) {
    const { editor } = this;
    const from = document.activeElement;
    const { scrollTop, scrollLeft } = editor;
    editor.focus({ preventScroll: true });
    editor.setSelectionRange(0, editor.value.length);
    insert(editor, program);
    if (from instanceof HTMLElement && from !== editor) from.focus({ preventScroll: true });
    Object.assign(editor, { scrollTop, scrollLeft });
    this.#read();
  }

  /** Begins with a program. @param {string} program */
  #put(program) {
    this.editor.value = program;
    this.editor.setSelectionRange(0, 0);
    this.editor.scrollTop = 0;
    this.#read();
  }

  #switch() {
    this.drafts.set(this.api.api, this.editor.value);
    this.api = this.data.programs.find(({ api }) => api === this.apis.value) ?? this.api;
    this.#put(this.drafts.get(this.api.api) ?? this.api.source);
  }

  /** The fault that a directive asks for. @param {string} said */
  #faultOf(said) {
    const [word] = said.trim().split(/\s+/);
    return this.data.faults.find(({ name }) => name === word) ?? null;
  }

  /** Shows in the lists what the program says. */
  #read() {
    const program = this.editor.value;
    this.editor.setAttribute("rows", String(Math.min(Math.max(program.split("\n").length, 12), 32)));
    const [model] = [...program.matchAll(MODEL)].map(([, , , id]) => id);
    this.models.value = model ?? "";
    const said = [...program.matchAll(DIRECTIVE)].map(([, directive]) => directive.trim());
    const fault = said.map((directive) => this.#faultOf(directive)).find((found) => found) ?? null;
    this.faults.value = fault?.directive ?? "";
    const latency = said.map((directive) => LATENCY.exec(directive)?.[1]).find((found) => found) ?? "";
    this.latencies.value = LATENCIES.includes(latency) ? latency : "";
    this.fault.hidden = !fault;
    if (fault) {
      const elsewhere = fault.apis.includes(this.api.api) ? "" : ` Only with ${fault.apis.join(" and ")}.`;
      this.fault.replaceChildren(...withCode(`\`${fault.name}\`: ${fault.does}${elsewhere} The SDK raises ${fault.raises}`));
    }
  }

  async run() {
    if (hasKey(this.editor.value, this.data.keys)) return this.#say(KEY_FOUND);
    this.isRunning = true;
    this.#label("Stop", "Stop the program");
    this.completions.close();
    this.output.replaceChildren();
    this.wire.clear();
    this.hint.hidden = true;
    this.printed = "";
    this.#say("Starting Python…");
    try {
      const program = { source: this.editor.value, name: this.api.name, options: { wire: true } };
      this.#end(await python.run(program, {
        started: () => this.#say("Running…"),
        write: (/** @type {"stdout" | "stderr"} */ stream, /** @type {string} */ text) => {
          this.printed += text;
          show(this.output, stream, text);
        },
        wire: (/** @type {Record<string, any>} */ event) => this.wire.take(event),
      }));
    } catch (problem) {
      this.#say(`Python could not be loaded: ${problem instanceof Error ? problem.message : problem}. Run tries again.`);
    } finally {
      this.isRunning = false;
      this.#label("Run", "Run the program");
    }
  }

  /** @param {string} text @param {string} described */
  #label(text, described) {
    if (!this.runButton) return;
    this.runButton.textContent = text;
    this.runButton.setAttribute("aria-label", described);
    this.runButton.classList.toggle("stop", text === "Stop");
  }

  /** @param {import("./python-runtime.js").Ending} ending */
  #end(ending) {
    remember();
    this.#say(endingText(ending));
    if (!this.output.textContent?.trim() && !ending.stopped) this.output.textContent = "(It printed nothing.)";
    if (ending.error) void explain(this.hint, this.printed).catch(() => {});
  }

  /** Copies a link, which is also the page's address from then on. */
  async share() {
    if (hasKey(this.editor.value, this.data.keys)) return this.#say(KEY_FOUND);
    try {
      const fragment = await packed(this.editor.value);
      history.replaceState(history.state, "", location.pathname + location.search + fragment);
    } catch (problem) {
      return this.#say(`Not copied: ${problem instanceof Error ? problem.message : problem}.`);
    }
    try {
      await navigator.clipboard.writeText(location.href);
      this.#say("Copied. The link holds the whole program.");
    } catch {
      this.#say("Could not copy. The link is this page's address.");
    }
  }

  /** Takes the program of the address, if it has one. It is not run. */
  async open() {
    try {
      const program = await unpacked(location.hash);
      if (program === null) return;
      this.api = this.data.programs.find(({ api }) => (api === "Responses") !== program.includes("chat.completions")) ?? this.api;
      this.apis.value = this.api.api;
      this.#put(program);
      this.#say("This program came with the link. Read it before you run it.");
    } catch (problem) {
      this.#say(`The program of this link cannot be read: ${problem instanceof RangeError ? problem.message : "it is damaged"}.`);
    }
  }
}

/** @param {HTMLElement} place where the playground goes; `data-playground` is the address of what it offers */
async function start(place) {
  if (!about || typeof CompressionStream !== "function") {
    const command = element("code", { textContent: COMMAND });
    const missing = about ? ["The playground needs a browser that has CompressionStream."] : ["The playground needs the pack for browsers: run ", command, " and build the site again."];
    place.replaceChildren(element("p", {}, ...missing));
    return;
  }
  const answer = await fetch(new URL(place.dataset.playground ?? "", document.baseURI));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  await new Playground(place, await answer.json()).open();
}

for (const place of document.querySelectorAll(".playground")) {
  start(/** @type {HTMLElement} */ (place)).catch((problem) => {
    place.textContent = `The playground could not be loaded: ${problem}`;
  });
}
