// @ts-check
/**
 * Shows what goes over the wire while a program runs: requests, replies, waits before retries, and streamed events, each
 * with what the site's own data says about it.
 *
 * @typedef {{names: string[], text: string}} HeaderText
 * @typedef {{claims: Record<string, string>, codes: Record<string, string>, statuses: Record<string, string>,
 *   exceptions: Record<string, string>, headers: HeaderText[], events: Record<string, string>}} Texts
 * @typedef {{kind: string, at: number, number: number, [name: string]: any}} Happened see browser_runtime/wire.py
 */

import { element } from "./run-tools.js";

const MOST_EVENTS = 300; // that are shown of one reply
const MOST_REQUESTS = 100;
const ALSO = new Set(["content-type", "x-should-retry"]); // headers that are shown without a text about them

/** @param {string} text Markdown whose only markup is code */
export function withCode(text) {
  return text.split("`").map((part, at) => (at % 2 ? element("code", { textContent: part }) : part));
}

/** @param {number} value */
const seconds = (value) => `${value.toLocaleString("en-US", { maximumFractionDigits: value < 0.1 ? 3 : 2 })} s`;

/** @param {any} value */
const shown = (value) => (typeof value === "string" ? value : JSON.stringify(value, null, 2));

/** @param {string} text @param {string} name what it is, for who does not see it */
function box(text, name) {
  const made = element("pre", { textContent: text, tabIndex: 0 });
  made.setAttribute("role", "region");
  made.setAttribute("aria-label", name);
  return made;
}

/** @param {string} summary @param {(Node | string)[]} content */
const folded = (summary, ...content) => element("details", {}, element("summary", { textContent: summary }), ...content);

/** @param {Record<string, any>} event the short form of what an event brings */
function brought({ data }) {
  const text = data?.delta ?? data?.choices?.[0]?.delta?.content ?? "";
  return typeof text === "string" && text ? ` ${JSON.stringify(text)}` : "";
}

export class WireView {
  /** @type {Map<number, {path: string, status?: number, row?: HTMLElement, events?: HTMLElement, named?: HTMLElement, count: number}>} */
  #exchanges = new Map();
  /** @type {Set<string>} */
  #explained = new Set();

  /** @param {HTMLElement} list @param {Texts} texts */
  constructor(list, texts) {
    this.list = list;
    this.texts = texts;
  }

  clear() {
    this.#exchanges.clear();
    this.#explained.clear();
    this.list.replaceChildren();
  }

  /** @param {any} happened */
  take(happened) {
    const { kind, number } = /** @type {Happened} */ (happened);
    if (number > MOST_REQUESTS) {
      if (number === MOST_REQUESTS + 1 && kind === "request") this.#row("note", `Requests after the first ${MOST_REQUESTS} are not shown.`, 0);
      return;
    }
    if (kind === "request") this.#request(happened);
    else if (kind === "reply") this.#reply(happened);
    else if (kind === "event") this.#event(happened);
    else if (kind === "end") this.#end(happened);
    else if (kind === "broken") this.#broken(happened);
    else if (kind === "wait") this.#wait(happened);
  }

  /** @param {string} kind @param {string} line @param {number} at */
  #row(kind, line, at) {
    const time = element("small", { textContent: `at ${seconds(at)}` });
    const row = element("li", { className: `wire-${kind}` }, element("p", { className: "wire-line" }, element("strong", { textContent: line }), " ", time));
    this.list.append(row);
    return row;
  }

  /** @param {HTMLElement} row @param {string | undefined} text */
  #explain(row, text) {
    if (!text) return;
    row.querySelector(":scope > .wire-explain")?.remove();
    const said = element("p", { className: "wire-explain" }, ...withCode(text));
    row.querySelector(":scope > .wire-line")?.after(said);
  }

  /** @param {Happened} happened */
  #request({ number, at, method, path, headers, body }) {
    const { claims } = this.texts;
    this.#exchanges.set(number, { path, count: 0 });
    const retries = Number(new Map(headers).get("x-stainless-retry-count") ?? 0);
    const row = this.#row("request", `${number} → ${method} ${path}${retries ? `, retry ${retries}` : ""}`, at);
    const [route] = path.split("?");
    const first = { "POST /v1/responses": "request-shape", "POST /v1/chat/completions": "chat-request" }[`${method} ${route}`];
    this.#explain(row, claims[retries ? "retry-repeats-request" : first ?? ""]);
    const lines = headers.map((/** @type {[string, string]} */ [name, value]) => `${name}: ${value}`).join("\n");
    row.append(folded("Headers", box(lines, `Headers of request ${number}`)));
    if (body !== null) row.append(folded("Body", box(shown(body), `Body of request ${number}`)));
  }

  /** @param {Happened} happened */
  #reply({ number, at, status, headers, seconds: took }) {
    const exchange = this.#exchanges.get(number);
    if (!exchange) return;
    const row = this.#row(status < 400 ? "reply" : "error", `${number} ← ${status} after ${seconds(took)}`, at);
    exchange.row = row;
    exchange.status = status;
    const told = this.texts.headers;
    const values = new Map(headers);
    const mattering = [...values].filter(([name]) => ALSO.has(name) || told.some(({ names }) => names.includes(name)));
    const lines = mattering.map(([name, value]) => `${name}: ${value}`).join("\n");
    const texts = told.filter(({ names }) => names.some((name) => values.has(name)));
    const list = element("ul", {}, ...texts.map(({ text }) => element("li", {}, ...withCode(text))));
    row.append(folded("Headers", box(lines, `Headers of reply ${number}`), list));
    const id = told.find(({ names }) => names.includes("x-request-id"));
    this.#explain(row, status < 400 ? id?.text : this.#remedy(status, null));
  }

  /** What to do about an error. @param {number} status @param {string | null} code */
  #remedy(status, code) {
    const { codes, exceptions, statuses } = this.texts;
    const raised = statuses[status] ?? (status >= 500 ? "InternalServerError" : "APIStatusError");
    return `\`${raised}\`${code ? `, \`${code}\`` : ""}: ${(code && codes[code]) || exceptions[raised]}`;
  }

  /** @param {Happened} happened */
  #event({ number, name, data }) {
    const exchange = this.#exchanges.get(number);
    if (!exchange?.row) return;
    if (!exchange.events) {
      exchange.named = element("summary");
      exchange.events = element("ol", { className: "wire-events", tabIndex: 0 });
      exchange.events.setAttribute("aria-label", `Events of reply ${number}`);
      exchange.row.append(element("details", { open: true }, exchange.named, exchange.events));
    }
    exchange.count += 1;
    const more = exchange.count > MOST_EVENTS ? `, the first ${MOST_EVENTS} shown` : "";
    if (exchange.named) exchange.named.textContent = `${exchange.count} event${exchange.count === 1 ? "" : "s"}${more}`;
    if (exchange.count > MOST_EVENTS) return;
    const item = element("li", {}, folded(`${name}${brought({ data })}`, box(shown(data), `Event ${exchange.count} of reply ${number}`)));
    const text = this.texts.events[name];
    if (text && !this.#explained.has(`${number} ${name}`)) item.append(element("p", { className: "wire-explain" }, ...withCode(text)));
    this.#explained.add(`${number} ${name}`);
    exchange.events.append(item);
    exchange.events.scrollTop = exchange.events.scrollHeight;
  }

  /** @param {Happened} happened */
  #end({ number, body, seconds: took }) {
    const exchange = this.#exchanges.get(number);
    if (!exchange?.row) return;
    if (body === null) {
      if (exchange.named) exchange.named.textContent += `, complete after ${seconds(took)}`;
      return;
    }
    exchange.row.append(folded("Body", box(shown(body), `Body of reply ${number}`)));
    const status = exchange.status ?? 200;
    if (status >= 400) this.#explain(exchange.row, this.#remedy(status, body?.error?.code ?? null));
  }

  /** @param {Happened} happened */
  #broken({ number, at, problem, message, seconds: took }) {
    const raised = problem.endsWith("Timeout") ? "APITimeoutError" : "APIConnectionError";
    const row = this.#row("error", `${number} × ${problem}: ${message} After ${seconds(took)}.`, at);
    this.#explain(row, `\`${raised}\`: ${this.texts.exceptions[raised]}`);
  }

  /** @param {Happened} happened */
  #wait({ at, seconds: wait, because }) {
    const row = this.#row("wait", `The client waits ${seconds(wait)}, then retries`, at);
    this.#explain(row, this.texts.claims[because ? "retry-after" : "backoff"]);
  }
}
