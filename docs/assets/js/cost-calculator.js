// @ts-check
/**
 * The token and cost calculator: counts the tokens of a text and works out what a model takes for it. Prices come from
 * a generated file. Nothing leaves the page.
 *
 * @typedef {{input: number, cached: number | null, output: number}} Flat
 * @typedef {Flat & {long: (Flat & {from: number}) | null}} Rates dollars for a million tokens
 * @typedef {Rates & {id: string, batch: Rates | null, estimate: boolean, window: number | null, reads: number | null,
 *   writes: number | null, promised: string | null}} Price
 * @typedef {{count: number, pieces: string[]}} Counted how many tokens a text has, and the first of them
 */

export const LONGEST = 5_000_000;
const MILLION = 1_000_000;
const PATIENCE = 200; // ms: about what it takes to start another worker

/**
 * What a request costs, in dollars.
 *
 * @param {Rates} price
 * @param {number} input tokens of the prompt
 * @param {number} output tokens of the answer
 * @param {number} cachedShare part of the prompt that comes from the cache, 0 to 1
 */
export function cost(price, input, output, cachedShare) {
  const rates = price.long && input > price.long.from ? price.long : price;
  const cached = input * cachedShare;
  return ((input - cached) * rates.input + cached * (rates.cached ?? rates.input) + output * rates.output) / MILLION;
}

/**
 * Reads a number from a field, or says what is wrong with it.
 *
 * @param {string} name what the field is called
 * @param {string} text
 * @param {number} most
 * @returns {number}
 */
export function amount(name, text, most = 1e12) {
  const value = Number(text.trim() === "" ? Number.NaN : text);
  if (!Number.isFinite(value) || value < 0 || value > most) {
    throw new RangeError(`${name}: a number from 0 to ${most.toLocaleString("en-US")}, please.`);
  }
  return value;
}

/** @param {number} dollars */
export function money(dollars) {
  return `$${dollars.toLocaleString("en-US", { maximumSignificantDigits: 4, maximumFractionDigits: 20 })}`;
}

/**
 * What is to be known before sending: how full the context window gets, what does not fit, what may cost more soon.
 *
 * @param {Price} price
 * @param {number} input tokens of the prompt
 * @param {number} output tokens of the answer
 */
export function remarks(price, input, output) {
  const said = [];
  const number = (/** @type {number} */ value) => value.toLocaleString("en-US");
  if (price.writes && output > price.writes) said.push(`${price.id} writes at most ${number(price.writes)} tokens.`);
  if (price.reads && input > price.reads) {
    said.push(`Too long: ${price.id} reads at most ${number(price.reads)} tokens.`);
  } else if (price.window && input + output > price.window) {
    said.push(`Too long: input and output are more than the context window of ${number(price.window)} tokens.`);
  } else if (price.window && input > 0) {
    const share = input / price.window;
    const percent = share.toLocaleString("en-US", { style: "percent", maximumSignificantDigits: 2 });
    said.push(`The prompt takes ${share < 0.001 ? "less than 0.1%" : percent} of the context window.`);
  }
  if (price.promised) said.push(`The price is promotional, promised at least through ${price.promised}.`);
  return said.join(" ");
}

/**
 * Counts the newest text in a worker. What a worker has begun cannot be interrupted: one that is still busy a moment after
 * the text has changed is ended, and a new one counts the new text. A worker that still loads its tokenizer is kept.
 *
 * @param {() => Worker} open starts a worker, which posts a message without a count once it is ready for texts
 * @param {(counted: Counted) => void} counted gets the count of the newest text, and of no other
 * @param {() => void} failed the tokenizer could not be loaded; the next text tries it again
 */
export function counter(open, counted, failed) {
  /** @type {Worker | undefined} */
  let worker;
  /** @type {"loading" | "idle" | "busy"} */
  let state = "loading";
  /** @type {string | undefined} */
  let next; // the newest text, until a worker has got it
  let patience = 0;

  function end() {
    clearTimeout(patience);
    patience = 0;
    worker?.terminate();
    worker = undefined;
  }

  function begin() {
    const mine = open();
    worker = mine;
    state = "loading";
    mine.addEventListener("error", () => {
      if (worker !== mine) return;
      end();
      failed();
    });
    mine.addEventListener("message", ({ data }) => {
      if (worker !== mine) return;
      clearTimeout(patience);
      patience = 0;
      state = "idle";
      if (next !== undefined) post();
      else if (data.count !== undefined) counted(data);
    });
  }

  function post() {
    state = "busy";
    worker?.postMessage(next);
    next = undefined;
  }

  function replace() {
    end();
    begin();
  }

  return {
    /** @param {string} text */
    count(text) {
      next = text;
      if (!worker) begin();
      else if (state === "idle") post();
      else if (state === "busy") patience ||= setTimeout(replace, PATIENCE);
    },
    /** Counts nothing any more, until there is another text. */
    stop() {
      next = undefined;
      if (state === "busy") end();
    },
  };
}

/** @param {HTMLElement} place where the calculator goes; `data-prices` is the address of the prices */
async function start(place) {
  const answer = await fetch(new URL(place.dataset.prices ?? "", document.baseURI));
  /** @type {Price[]} */
  const prices = await answer.json();
  place.innerHTML = `
    <label class="wide">Your prompt <textarea rows="6" spellcheck="false"></textarea></label>
    <label>Model <select>${prices.map(({ id }) => `<option>${id}</option>`).join("")}</select></label>
    <label>Output tokens <input name="output" inputmode="numeric" value="500"></label>
    <label>From the cache, % <input name="cached" inputmode="decimal" value="0"></label>
    <label>Requests a month <input name="requests" inputmode="numeric" value="1000"></label>
    <label class="check"><input name="batch" type="checkbox"> With the Batch API</label>
    <p role="status" aria-live="polite"></p>
    <p class="remarks" aria-live="polite"></p>
    <div class="tokens" aria-hidden="true"></div>`;
  /** @type {any} */
  const [text, model, status, noted, tokens] = ["textarea", "select", "[role=status]", ".remarks", ".tokens"].map(
    (part) => place.querySelector(part),
  );
  const field = (/** @type {string} */ name) => place.querySelector(`[name=${name}]`);
  const preferred = prices.findIndex(({ id }) => id === "gpt-6-luna");
  model.selectedIndex = Math.max(preferred, 0);

  let count = 0;
  let waiting = ""; // why there is no count to price

  function show() {
    const batch = field("batch");
    batch.disabled = !prices[model.selectedIndex].batch;
    noted.textContent = "";
    if (waiting) {
      status.textContent = waiting;
      return;
    }
    const price = prices[model.selectedIndex];
    try {
      const output = amount("Output tokens", field("output").value);
      const cached = amount("From the cache", field("cached").value, 100) / 100;
      const requests = amount("Requests a month", field("requests").value);
      const each = cost((batch.checked && price.batch) || price, count, output, cached);
      status.textContent =
        `${price.estimate ? "About " : ""}${count.toLocaleString("en-US")} tokens in: ` +
        `${money(each)} a request, ${money(each * requests)} a month.` +
        (price.estimate ? ` An estimate: the tokenizer of ${price.id} is not documented.` : "");
      noted.textContent = remarks(price, count, output);
    } catch (problem) {
      status.textContent = problem instanceof RangeError ? problem.message : String(problem);
    }
  }

  const counting = counter(
    () => new Worker(new URL("token-worker.js", import.meta.url), { type: "module" }),
    (counted) => {
      count = counted.count;
      waiting = "";
      for (const piece of counted.pieces) {
        const span = document.createElement("span");
        span.textContent = piece;
        tokens.append(span);
      }
      if (count > counted.pieces.length) tokens.append(` … and ${count - counted.pieces.length} more`);
      show();
    },
    () => {
      waiting = "The tokenizer could not be loaded.";
      show();
    },
  );

  function recount() {
    tokens.replaceChildren();
    if (text.value.length > LONGEST) {
      counting.stop();
      waiting =
        `That is ${text.value.length.toLocaleString("en-US")} characters: too many to count here. ` +
        `At most ${LONGEST.toLocaleString("en-US")}.`;
    } else {
      counting.count(text.value);
      waiting = "Counting …";
    }
    show();
  }

  text.addEventListener("input", recount);
  for (const control of [model, field("output"), field("cached"), field("requests"), field("batch")]) {
    control.addEventListener("input", show);
  }
  show();
}

if (typeof document !== "undefined") {
  for (const place of document.querySelectorAll(".cost-calculator")) {
    start(/** @type {HTMLElement} */ (place)).catch((problem) => {
      place.textContent = `The calculator could not be loaded: ${problem}`;
    });
  }
}
