// @ts-check
/**
 * The token and cost calculator: takes the number of tokens or counts those of a text, works out what a model takes for
 * them, and compares all models. Prices come from a generated file. What is entered is kept in the address after "#", which
 * browsers send to no server: nothing leaves the page.
 *
 * @typedef {{input: number, cached: number | null, output: number}} Flat
 * @typedef {Flat & {long: (Flat & {above: number}) | null}} Rates dollars for a million tokens
 * @typedef {{id: string, standard: Rates, batch: Rates | null, estimate: boolean, window: number | null, reads: number | null,
 *   writes: number | null, promised: string | null, shutdown: string | null}} Price
 * @typedef {{count: number, pieces: string[]}} Counted how many tokens a text has, and the first of them
 * @typedef {{price: Price, each: number | null, fits: boolean}} Compared a model, what a request costs on it, and whether
 *   it takes so many tokens. Without a price for the way it is asked for, the cost is null.
 */

export const LONGEST = 5_000_000;
const MILLION = 1_000_000;
const PATIENCE = 200; // ms: about what it takes to start another worker
const STATE = "#cost?";
const LONGEST_KEPT = 2000; // characters of a prompt that is kept in the address
const TYPED = 300; // ms without a change, after which it is kept: browsers limit how often an address changes

/**
 * What a request costs, in dollars.
 *
 * @param {Rates} price
 * @param {number} input tokens of the prompt
 * @param {number} output tokens of the answer
 * @param {number} cachedShare part of the prompt that comes from the cache, 0 to 1
 */
export function cost(price, input, output, cachedShare) {
  const rates = price.long && input > price.long.above ? price.long : price;
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
  const amount =
    dollars === 0 || dollars >= 0.1
      ? dollars.toLocaleString("en-US", { minimumFractionDigits: 2, maximumFractionDigits: 2 }).replace(/\.00$/, "")
      : dollars.toLocaleString("en-US", { maximumSignificantDigits: 3, maximumFractionDigits: 20 });
  return `$${amount}`;
}

/**
 * Whether a model takes so many tokens.
 *
 * @param {Price} price
 * @param {number} input tokens of the prompt
 * @param {number} output tokens of the answer
 */
export function fits(price, input, output) {
  return (
    output <= (price.writes ?? Infinity) &&
    input <= (price.reads ?? Infinity) &&
    input + output <= (price.window ?? Infinity)
  );
}

/** @param {Price} price */
export function ending({ shutdown }) {
  return shutdown ? `, until ${shutdown}` : "";
}

/**
 * All models, the cheapest that fits first; those that do not fit, and those without a price, come last.
 *
 * @param {Price[]} prices
 * @param {number} input tokens of the prompt
 * @param {number} output tokens of the answer
 * @param {number} cachedShare part of the prompt that comes from the cache, 0 to 1
 * @param {boolean} batch with the Batch API
 * @returns {Compared[]}
 */
export function compared(prices, input, output, cachedShare, batch) {
  const rank = (/** @type {Compared} */ { each, fits }) => (each === null ? 2 : fits ? 0 : 1);
  return prices
    .map((price) => {
      const rates = batch ? price.batch : price.standard;
      const each = rates && cost(rates, input, output, cachedShare);
      return { price, each, fits: fits(price, input, output) };
    })
    .sort((one, other) => rank(one) - rank(other) || (one.each ?? 0) - (other.each ?? 0));
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
  if (price.promised) said.push(`OpenAI called this price promotional, available at least through ${price.promised}.`);
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
  /** @type {{models: Price[]}} */
  const { models: prices } = await answer.json();
  place.innerHTML = `
    <label class="wide">Your prompt, if its tokens are to be counted
      <textarea name="prompt" rows="6" spellcheck="false"></textarea></label>
    <p class="unused" aria-live="polite"></p>
    <label>Model <select name="model">${prices.map(({ id }) => `<option>${id}</option>`).join("")}</select></label>
    <label>Input tokens <input name="input" inputmode="numeric" value="0"></label>
    <label>Output tokens <input name="output" inputmode="numeric" value="500"></label>
    <label>From the cache, % <input name="cached" inputmode="decimal" value="0"></label>
    <label>Requests a month <input name="requests" inputmode="numeric" value="1000"></label>
    <label class="check"><input name="batch" type="checkbox"> With the Batch API</label>
    <p role="status" aria-live="polite"></p>
    <p class="remarks" aria-live="polite"></p>
    <p class="link"><button type="button" class="md-button">Copy link</button> <span aria-live="polite"></span></p>
    <details class="comparison"><summary></summary><table class="compared"><thead><tr><th scope="col">Model</th>
      <th scope="col">A request</th><th scope="col">A month</th></tr></thead><tbody></tbody></table></details>
    <div class="tokens" aria-hidden="true"></div>`;
  /** @type {any} */
  const [text, model, status, noted, tokens] = ["textarea", "select", "[role=status]", ".remarks", ".tokens"].map(
    (part) => place.querySelector(part),
  );
  /** @type {any} */
  const [unused, copy, linked] = [".unused", ".link button", ".link span"].map((part) => place.querySelector(part));
  /** @type {any} */
  const [comparison, cheapest, rows] = [".comparison", "summary", "tbody"].map((part) => place.querySelector(part));
  const field = (/** @type {string} */ name) => place.querySelector(`[name=${name}]`);
  const preferred = prices.findIndex(({ id }) => id === "gpt-6-luna");
  model.selectedIndex = Math.max(preferred, 0);
  const input = field("input");
  const none = input.value;
  let entered = false; // the number of tokens is the reader's, not a count of the prompt
  let waiting = ""; // why there is no count to price
  const kept = (/** @type {any} */ control) =>
    control.value !== "" && (control !== text || (!entered && text.value.length <= LONGEST_KEPT));
  const state = addressed(/** @type {any[]} */ ([...place.querySelectorAll("[name]")]), kept);
  const leftOut = () =>
    text.value !== "" && !kept(text) ? "The link has the number of tokens, not your prompt." : "";

  function show() {
    const batch = field("batch");
    const ignored = entered && text.value !== "";
    text.classList.toggle("ignored", ignored);
    unused.textContent = ignored
      ? "You entered the number of input tokens, so this prompt is not counted. Change the prompt to count it again."
      : "";
    copy.disabled = waiting !== "";
    linked.textContent = leftOut();
    batch.disabled = !prices[model.selectedIndex].batch;
    noted.textContent = "";
    comparison.hidden = true;
    if (waiting) {
      status.textContent = waiting;
      return;
    }
    const price = prices[model.selectedIndex];
    const estimate = price.estimate && !entered;
    try {
      const count = amount("Input tokens", input.value);
      const output = amount("Output tokens", field("output").value);
      const cached = amount("From the cache", field("cached").value, 100) / 100;
      const requests = amount("Requests a month", field("requests").value);
      const each = cost((batch.checked && price.batch) || price.standard, count, output, cached);
      status.textContent =
        `${estimate ? "About " : ""}${count.toLocaleString("en-US")} tokens in: ` +
        `${money(each)} a request, ${money(each * requests)} a month.` +
        (estimate ? ` An estimate: the tokenizer of ${price.id} is not documented.` : "");
      noted.textContent = remarks(price, count, output);
      compare(compared(prices, count, output, cached, batch.checked), requests);
    } catch (problem) {
      status.textContent = problem instanceof RangeError ? problem.message : String(problem);
    }
  }

  /**
   * @param {Compared[]} found
   * @param {number} requests
   */
  function compare(found, requests) {
    const [first] = found;
    cheapest.textContent = first.fits && first.each !== null
      ? `The cheapest that fits: ${first.price.id}, ${money(first.each)} a request${ending(first.price)}`
      : "No model takes so many tokens";
    rows.replaceChildren(
      ...found.map(({ price, each, fits }) => {
        const row = document.createElement("tr");
        const amounts = each === null ? ["no price", ""] : fits ? [money(each), money(each * requests)] : ["too long", ""];
        for (const content of [`${price.id}${ending(price)}`, ...amounts]) {
          const cell = document.createElement("td");
          cell.textContent = content;
          row.append(cell);
        }
        return row;
      }),
    );
    comparison.hidden = false;
  }

  const counting = counter(
    () => new Worker(new URL("token-worker.js", import.meta.url), { type: "module" }),
    (counted) => {
      input.value = String(counted.count);
      waiting = "";
      for (const piece of counted.pieces) {
        const span = document.createElement("span");
        span.textContent = piece;
        tokens.append(span);
      }
      const more = counted.count - counted.pieces.length;
      if (more > 0) tokens.append(` … and ${more} more`);
      state.keep();
      show();
    },
    () => {
      waiting = "The tokenizer could not be loaded.";
      show();
    },
  );

  function recount() {
    tokens.replaceChildren();
    entered = false;
    input.value = "";
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

  function enter() {
    counting.stop();
    tokens.replaceChildren();
    entered = text.value !== "" || input.value !== none;
    waiting = "";
    show();
  }

  function restore() {
    if (!state.restore()) return;
    if (text.value) recount();
    else enter();
    place.scrollIntoView();
  }

  async function copyLink() {
    state.write();
    let said = "Copied.";
    try {
      await navigator.clipboard.writeText(location.href);
    } catch {
      said = "Could not copy. The link is this page's address.";
    }
    linked.textContent = `${said} ${leftOut()}`;
  }

  text.addEventListener("input", recount);
  input.addEventListener("input", enter);
  copy.addEventListener("click", copyLink);
  for (const control of [model, field("output"), field("cached"), field("requests"), field("batch")]) {
    control.addEventListener("input", show);
  }
  place.addEventListener("input", state.keep);
  addEventListener("hashchange", restore);
  show();
  restore();
}

/**
 * Keeps what differs from the beginning in the address, without an entry in the history.
 *
 * @param {(HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement)[]} controls
 * @param {(control: HTMLElement) => boolean} kept whether what a control says goes into the address
 */
function addressed(controls, kept) {
  const read = (/** @type {any} */ control) => (control.type === "checkbox" ? String(control.checked) : control.value);
  const initial = new Map(controls.map((control) => [control.name, read(control)]));
  let patience = 0;

  function write() {
    const changed = controls
      .filter((control) => kept(control) && read(control) !== initial.get(control.name))
      .map((control) => [control.name, read(control)]);
    const hash = changed.length ? STATE + new URLSearchParams(changed) : "";
    history.replaceState(history.state, "", location.pathname + location.search + hash);
  }

  return {
    write,
    keep() {
      clearTimeout(patience);
      patience = setTimeout(write, TYPED);
    },
    /** Fills in what the address says, and the beginning for the rest. Returns whether it says anything. */
    restore() {
      if (!location.hash.startsWith(STATE)) return false;
      const said = new URLSearchParams(location.hash.slice(STATE.length));
      for (const control of /** @type {any[]} */ (controls)) {
        const value = said.get(control.name) ?? initial.get(control.name);
        if (control.type === "checkbox") control.checked = value === "true";
        else control.value = value;
        if (control.selectedIndex === -1) control.value = initial.get(control.name);
      }
      return true;
    },
  };
}

if (typeof document !== "undefined") {
  for (const place of document.querySelectorAll(".cost-calculator")) {
    start(/** @type {HTMLElement} */ (place)).catch((problem) => {
      place.textContent = `The calculator could not be loaded: ${problem}`;
    });
  }
}
