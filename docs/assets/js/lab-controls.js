// @ts-check
/**
 * Gives the charts of a lab controls: a slider for each number that a reader may turn. The lab's own code then measures and
 * draws again, in the page. Nothing is loaded before a control is used.
 */

import { boot, canRun, element, endingText, python } from "./run-tools.js";

/** @typedef {{chart: number, name: string, values: (number | string)[], value: number | string, program?: string}} Control */

const page = JSON.parse(document.getElementById("lab-controls")?.textContent ?? "null");
const charts = [...document.querySelectorAll("article .chart")];
const outputs = [...document.querySelectorAll("article .output pre > code")];
/** @type {Map<string, number | string>} */
const chosen = new Map();
/** @type {Promise<{files: Record<string, string>, controls: Control[]}> | null} */
let data = null;
/** @type {Map<Control, HTMLElement>} */
const waiting = new Map(); // the controls that were turned and not measured yet, with their places for what is said
let measuring = false;

/** @param {string} name */
const words = (name) => name.toLowerCase().replaceAll("_", " ");

/** The program of a control, with all values that are chosen now. @param {string} program */
const withChosen = (program) =>
  program.replace(/^#: (\w+)$/gm, (line, name) => (chosen.has(name) ? `${name} = ${JSON.stringify(chosen.get(name))}` : line));

async function load() {
  const answer = await fetch(new URL(page.data, document.baseURI));
  if (!answer.ok) throw new Error(`${answer.status} for ${answer.url}`);
  return answer.json();
}

/** @param {number} number @param {string} svg */
function draw(number, svg) {
  const ours = svg.replace(/var\((--chart-\d), #\w+\)/g, "var($1)");
  const made = document.importNode(new DOMParser().parseFromString(ours, "image/svg+xml").documentElement, true);
  made.setAttribute("role", "img");
  const turned = [...chosen].map(([name, value]) => `${words(name)} ${value}`).join(", ");
  const before = charts[number].querySelector("svg");
  const described = before?.dataset.described ?? before?.getAttribute("aria-label") ?? "";
  made.dataset.described = described;
  made.setAttribute("aria-label", turned ? `Drawn again with ${turned}. As it was first: ${described}` : described);
  charts[number].replaceChildren(made);
}

/** Measures for one control after the other. One that is turned again meanwhile comes again, with its last value. */
async function measureAll() {
  if (measuring) return;
  measuring = true;
  for (const [control, status] of waiting) {
    waiting.delete(control);
    await measure(control, status);
  }
  measuring = false;
}

/**
 * Measures and draws again what depends on a control.
 *
 * @param {Control} control @param {HTMLElement} status
 */
async function measure(control, status) {
  status.textContent = python.isReady ? "Measuring…" : "Starting Python…";
  try {
    const { files, controls } = await (data ??= load());
    const { program = "" } = controls.find(({ name }) => name === control.name) ?? {};
    let cell = "";
    const printed = new Map();
    let failed = "";
    const ending = await python.run({ source: withChosen(program), name: "lab.py", beside: files }, {
      started: () => (status.textContent = "Measuring…"),
      write: (/** @type {string} */ stream, /** @type {string} */ text) => {
        if (stream === "cell") cell = text;
        else if (stream === "chart") draw(Number(text.slice(0, text.indexOf(" "))), text.slice(text.indexOf(" ") + 1));
        else if (stream === "stdout" && cell) printed.set(cell, (printed.get(cell) ?? "") + text);
        else if (stream === "stderr") failed += text;
      },
    });
    for (const [number, text] of printed) outputs[Number(number)].textContent = text.trimEnd();
    status.textContent = failed.trim().split("\n").at(-1) || endingText(ending);
  } catch (problem) {
    data = null;
    status.textContent = `Python could not be loaded: ${problem instanceof Error ? problem.message : problem}. Try again.`;
  }
}

/** @param {Control} control @param {HTMLElement} status */
function slider(control, status) {
  const { name, values, value } = control;
  const shown = element("span", { className: "value", ariaHidden: "true", textContent: value.toLocaleString("en-US") });
  const input = element("input", { type: "range", min: 0, max: values.length - 1, step: 1 });
  input.value = String(values.indexOf(value));
  const say = () => {
    const now = values[Number(input.value)];
    shown.textContent = now.toLocaleString("en-US");
    input.setAttribute("aria-valuetext", shown.textContent ?? "");
    return now;
  };
  say();
  input.addEventListener("input", say);
  input.addEventListener("change", () => {
    chosen.set(name, say());
    status.textContent = "Waiting…";
    waiting.set(control, status);
    void measureAll();
  });
  for (const event of ["pointerenter", "focus"]) input.addEventListener(event, () => void boot().catch(() => {}), { once: true });
  return element("label", {}, element("span", { textContent: words(name) }), input, shown);
}

if (page && canRun) {
  for (const place of document.querySelectorAll(".lab-controls")) {
    const status = element("p", { className: "run-status", textContent: "Move a slider, and the page measures again." });
    status.setAttribute("role", "status");
    const chart = Number(/** @type {HTMLElement} */ (place).dataset.chart);
    place.append(...page.controls.filter((/** @type {Control} */ control) => control.chart === chart)
      .map((/** @type {Control} */ control) => slider(control, status)), status);
  }
}
