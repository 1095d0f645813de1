// @ts-check
/**
 * The retry timeline: draws what the client does when a request keeps failing. What it draws was measured with the
 * installed SDK and comes from a generated file.
 *
 * @typedef {[number, number]} Span the shortest and the longest, in seconds
 * @typedef {{answer: string, pause: string, timeout: number, max_retries: number, requests: number, took: number,
 *   waits: Span[], total: Span, raises: string}} Timeline
 * @typedef {{answer: string, pause: string, timeout: number, retries: number}} Choice
 * @typedef {{from: number, to: number, kind: "wait" | "jitter" | "try"}} Bar
 */

const ANSWERS = {
  429: "Status 429",
  500: "Status 500",
  503: "Status 503",
  400: "Status 400",
  timeout: "No answer",
  "connection drop": "The connection drops",
};
const PAUSES = {
  none: "none",
  "1 s": "Retry-After: 1",
  "30 s": "Retry-After: 30",
  "121 s": "Retry-After: 121",
  "200 ms": "retry-after-ms: 200",
};

/**
 * Finds what was measured for a choice. Without an answer there is no header; with one the timeout changes nothing.
 *
 * @param {Timeline[]} timelines
 * @param {Choice} choice
 */
export function find(timelines, choice) {
  const found = timelines.find(
    (row) =>
      row.answer === choice.answer &&
      row.max_retries === choice.retries &&
      (row.pause === choice.pause || silent(choice.answer)) &&
      (row.timeout === choice.timeout || choice.answer !== "timeout"),
  );
  if (!found) throw new RangeError(`nothing was measured for ${JSON.stringify(choice)}`);
  return found;
}

/** @param {string} answer */
export function silent(answer) {
  return answer === "timeout" || answer === "connection drop";
}

/** @param {number} value seconds */
function digits(value) {
  return value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}

/** @param {Span} span */
export function seconds([least, most]) {
  return least === most ? `${digits(least)} s` : `${digits(least)} to ${digits(most)} s`;
}

/**
 * What happens, in a sentence.
 *
 * @param {Timeline} timeline
 */
export function summary(timeline) {
  const requests = timeline.requests === 1 ? "One request" : `${timeline.requests} requests`;
  return `${requests}, then ${timeline.raises}${timeline.total[1] ? ` after ${seconds(timeline.total)}` : " at once"}.`;
}

/**
 * What is to be known about a choice.
 *
 * @param {Choice} choice
 * @param {Timeline} timeline
 */
export function remark(choice, timeline) {
  if (choice.answer === "400") return "The same request would be refused again, so the client does not retry it.";
  if (choice.answer === "timeout") {
    return "The timeout starts over with each attempt. There is no answer, so no header asks for a wait.";
  }
  if (choice.answer === "connection drop") return "There is no answer, so no header asks for a wait.";
  if (choice.pause === "121 s") return "The client does not wait that long, so it does not retry.";
  if (!timeline.waits.length) return "With max_retries=0, the client does not retry.";
  if (choice.pause === "none") {
    const wait = timeline.waits.length > 1 ? "Each wait is twice the one before" : "The wait is half a second";
    return `${wait}, minus a random amount of up to 25%.`;
  }
  if (timeline.waits[0][1] > choice.timeout) {
    return "The client waits as long as the server asks, even though that is longer than the timeout.";
  }
  return "The wait that the server asks for replaces the client's own waits.";
}

/**
 * Where the bars of each try stand, in seconds, if every wait is as long as it can be.
 *
 * @param {Timeline} timeline
 * @returns {Bar[][]}
 */
export function bars(timeline) {
  let now = 0;
  return [...Array(timeline.requests).keys()].map((index) => {
    /** @type {Bar[]} */
    const row = [];
    if (index > 0) {
      const [least, most] = timeline.waits[index - 1];
      row.push({ from: now, to: now + least, kind: "wait" });
      if (most > least) row.push({ from: now + least, to: now + most, kind: "jitter" });
      now += most;
    }
    row.push({ from: now, to: now + timeline.took, kind: "try" });
    now += timeline.took;
    return row;
  });
}

/**
 * @param {Timeline} timeline
 * @param {number} index of the try, from 0
 */
function told(timeline, index) {
  const waited = index > 0 ? ` after a wait of ${seconds(timeline.waits[index - 1])}` : "";
  const took = timeline.took ? `, timed out after ${seconds([timeline.took, timeline.took])}` : "";
  return `Request ${index + 1}${waited}: ${outcome(timeline.answer)}${took}`;
}

/** @param {string} answer */
function outcome(answer) {
  if (answer === "timeout") return "no answer";
  return answer === "connection drop" ? "connection dropped" : `status ${answer}`;
}

/**
 * @param {string} name
 * @param {string} label
 * @param {[string, string][]} options value and text
 * @param {string} chosen
 */
function select(name, label, options, chosen) {
  const choices = options.map(
    ([value, text]) => `<option value="${value}"${value === chosen ? " selected" : ""}>${text}</option>`,
  );
  const id = `retry-timeline-${name}`;
  return `<div><label for="${id}">${label}</label><select id="${id}" name="${name}">${choices.join("")}</select></div>`;
}

/** @param {HTMLElement} place where the timeline goes; `data-timelines` is the address of what was measured */
async function start(place) {
  const reply = await fetch(new URL(place.dataset.timelines ?? "", document.baseURI));
  /** @type {{openai: string, timelines: Timeline[]}} */
  const { openai, timelines } = await reply.json();
  const numbers = (/** @type {(row: Timeline) => number} */ read) =>
    [...new Set(timelines.map(read))].sort((a, b) => a - b).map(String);
  place.innerHTML = `
    ${select("answer", "What comes back", Object.entries(ANSWERS), "429")}
    ${select("pause", "Wait the server asks for", Object.entries(PAUSES), "none")}
    ${select("retries", "max_retries", numbers((row) => row.max_retries).map((value) => [value, value]), "2")}
    ${select("timeout", "timeout", numbers((row) => row.timeout).map((value) => [value, `${value} s`]), "600")}
    <p role="status" aria-live="polite"></p>
    <ol></ol>
    <p class="scale" aria-hidden="true"><span>0 s</span><span></span></p>
    <p class="remarks"></p>
    <p class="remarks">Measured with openai ${openai}. The bars show the longest possible waits; the striped part
    is random, so it may be shorter.
    </p>`;
  /** @type {any} */
  const [status, list, end, noted] = ["[role=status]", "ol", ".scale span:last-child", ".remarks"].map((part) =>
    place.querySelector(part),
  );
  const control = (/** @type {string} */ name) =>
    /** @type {HTMLSelectElement} */ (place.querySelector(`[name=${name}]`));

  function show() {
    const choice = {
      answer: control("answer").value,
      pause: control("pause").value,
      timeout: Number(control("timeout").value),
      retries: Number(control("retries").value),
    };
    control("pause").disabled = silent(choice.answer);
    const timeline = find(timelines, choice);
    const longest = timeline.total[1];
    status.textContent = summary(timeline);
    noted.textContent = remark(choice, timeline);
    end.textContent = longest ? `${digits(longest)} s` : "";
    list.replaceChildren(
      ...bars(timeline).map((row, index) => {
        const item = document.createElement("li");
        item.textContent = told(timeline, index);
        const track = item.appendChild(document.createElement("div"));
        track.className = "track";
        for (const { from, to, kind } of row) {
          const bar = track.appendChild(document.createElement("i"));
          bar.className = kind;
          bar.style.left = `${longest ? (from / longest) * 100 : 0}%`;
          bar.style.width = `${longest ? ((to - from) / longest) * 100 : 0}%`;
        }
        return item;
      }),
    );
  }

  for (const name of ["answer", "pause", "retries", "timeout"]) control(name).addEventListener("input", show);
  show();
}

if (typeof document !== "undefined") {
  for (const place of document.querySelectorAll(".retry-timeline")) {
    start(/** @type {HTMLElement} */ (place)).catch((problem) => {
      place.textContent = `The timeline could not be loaded: ${problem}`;
    });
  }
}
