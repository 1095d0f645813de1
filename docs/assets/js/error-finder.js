// @ts-check
/**
 * The error finder: takes a traceback or message as it was pasted and names the problems of this site that fit best,
 * and why. The problems come from a generated file. Nothing leaves the page.
 *
 * Words count by how rare they are among the problems: "error" says little, "max_tokens" a lot. What stands in the lines
 * that name an exception counts more than the frames above them. Text that was wrapped is read joined as well.
 *
 * @typedef {{id: string, url: string, title: string, symptom: string, cause: string, fix: string,
 *   exception: string | null, status: number | null, code: string | null, raised_from: string | null,
 *   messages: string[], recognized_by: string[][]}} Problem
 * @typedef {{problem: Problem, sure: string | null, score: number, why: string[]}} Match
 * @typedef {{problem: Problem, wordings: Wording[], messages: Bag[], words: Set<string>, signs: string[]}} Entry
 * @typedef {{shown: string, length: number, parts: RegExp[]}} Wording
 * @typedef {{words: Set<string>, pairs: Set<string>}} Bag
 * @typedef {{name: string, url: string, do: string}} ExceptionClass
 * @typedef {{entries: Entry[], rarity: Map<string, number>}} Index
 */

/** How much of a pasted text is read: its beginning and its end, which is where tracebacks say what happened. */
export const LONGEST = 100_000;
const SHOWN = 3;
const MATCH = "A match, because the message agrees:";
const POSSIBLE = "Not sure: no problem here has this message.";
const NOTHING = "No match: none of the problems here fits this text.";
const LEAST = 8;
const UNKNOWN = 2;
const CONTROL = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f\ufffd]/g;
const COLOR = /\u001b\[[0-9;]*[A-Za-z]/g;
const CHAINED = /^.*(?:During handling of the above exception|The above exception was the direct cause).*$/gm;
// A frame, and where it is one of a library the line of code below it: their words are not about the problem.
const FRAME = /^[^\S\n]*File "[^"\n]*(?:(?:site|dist)-packages|lib\/python)[^\n]*\n(?:(?![^\S\n]*File ")[^\S\n]{2,}[^\n]*\n)*|^[^\S\n]*File "[^\n]*$/gm;
const EXCEPTION = /(?:^|[\s"'(])(?:[\w]+\.)*[A-Z]\w*(?:Error|Exception|Warning|Removed\w*)\b|"(?:message|code|type)"|'(?:message|code|type)'/;
const SILENT = new Set(
  ("a an and are as at be been but by can did do does for from get got had has have how i if in into is it its just me my no " +
    "not of on or our so than that the them then there this to up was we what when where which who why will with you your " +
    "file line most recent call last traceback self return raise module none true false null str int error message param " +
    "invalid_request_error openai").split(" "),
);

/** @param {string} text */
function clean(text) {
  return text.replace(COLOR, "").replace(CHAINED, "").replace(FRAME, "").replace(/\r\n?/g, "\n").replace(/[\u2018\u2019]/g, "'").replace(/[\u201c\u201d]/g, '"');
}

/**
 * The words of a text and the pairs of neighbors, in lower case. A name such as max_tokens is one word and also its parts.
 *
 * @param {string} text
 * @returns {Bag}
 */
export function bag(text) {
  const words = new Set();
  const pairs = new Set();
  let before = "";
  for (const [found] of text.toLowerCase().matchAll(/[\p{L}_][\p{L}\d_]*|\d{3,}/gu)) {
    const word = stem(found.replace(/^_+|_+$/g, ""));
    if (!word || SILENT.has(word)) continue;
    words.add(word);
    if (word.includes("_")) for (const part of word.split("_")) if (part && !SILENT.has(part)) words.add(part);
    if (before) pairs.add(`${before} ${word}`);
    before = word;
  }
  return { words, pairs };
}

/** @param {string} word "retries", "retried" and "retrying" count as one; names of exceptions stay as they are */
function stem(word) {
  return /^[a-z]{5,}$/.test(word) && !word.endsWith("error") ? word.replace(/(?:ies|ied|y|ing|ed|es|s|e)$/, "") : word;
}

/** @param {string} text the same text as it was before a terminal wrapped it in the middle of words */
function joined(text) {
  return text.replace(/(?<=\S{2})\n[ \t│|>]*(?=\S)/g, "");
}

/** @param {string} text the lines that name an exception, and what follows each up to the next empty line or frame */
function exceptions(text) {
  const kept = [];
  let inside = false;
  for (const line of text.split("\n")) {
    if (/^\s*(File "|Traceback|$)/.test(line)) inside = false;
    if (EXCEPTION.test(line) && !/^\s*(raise|except|import|from)\b/.test(line)) inside = true;
    if (inside) kept.push(line);
  }
  return kept.join("\n");
}

/** @param {string} text as wordings are compared: on one line, in lower case, with one kind of quotes */
function flat(text) {
  return text.replace(/\\+(?=["'`])/g, "").replace(/["“”‘’]/g, "'").replace(/\s+/g, " ").toLowerCase();
}

/**
 * @param {string[]} texts
 * @returns {Wording}
 */
function wording(texts) {
  const parts = texts.map((text) => flat(text).split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&")));
  return {
    shown: texts.join("” and “"),
    length: texts.join("").length,
    parts: parts.map((part) => new RegExp(part.join(".{0,80}?"))),
  };
}

/** @param {string | null} name `openai.BadRequestError` is `badrequesterror` */
function short(name) {
  return stem((name ?? "").split(".").slice(-1)[0].toLowerCase());
}

/**
 * @param {Problem[]} problems
 * @returns {Index}
 */
export function index(problems) {
  /** @type {Map<string, number>} */
  const count = new Map();
  const entries = problems.map((problem) => {
    const messages = problem.messages.map((message) => bag(clean(message)));
    const { words } = bag(`${problem.title} ${problem.symptom} ${problem.cause} ${problem.fix} ${problem.messages.join(" ")}`);
    const signs = [problem.code ?? "", short(problem.exception), short(problem.raised_from)].map((sign) => sign.toLowerCase());
    const all = new Set([...signs, ...words, ...messages.flatMap((each) => [...each.words, ...each.pairs])]);
    for (const word of all) count.set(word, (count.get(word) ?? 0) + 1);
    const wordings = problem.recognized_by.map(wording).sort((one, other) => other.length - one.length);
    return { problem, wordings, messages, words, signs: signs.filter((sign) => sign) };
  });
  const rarity = new Map([...count].map(([word, times]) => [word, Math.log(1 + problems.length / times)]));
  return { entries, rarity };
}

/**
 * @param {Set<string>} wanted
 * @param {Set<string>} there
 * @param {Map<string, number>} rarity
 * @returns {{share: number, weight: number}} how much of what is wanted is there, and what that is worth
 */
function overlap(wanted, there, rarity) {
  let whole = 0;
  let weight = 0;
  for (const word of wanted) {
    const worth = rarity.get(word) ?? 0;
    whole += worth;
    if (there.has(word)) weight += worth;
  }
  return { share: whole ? weight / whole : 0, weight };
}

/**
 * What a text says of a problem in its own words: much where most of a short question is about it, little where a long
 * log mentions it. A word that no problem knows counts as one that speaks against all.
 *
 * @param {Set<string>} words those of the problem
 * @param {Set<string>} asked those of the text
 * @param {Map<string, number>} rarity
 */
function about(words, asked, rarity) {
  let whole = 0;
  let weight = 0;
  for (const word of asked) {
    const worth = rarity.get(word) ?? UNKNOWN;
    whole += worth;
    if (words.has(word)) weight += worth;
  }
  return whole ? (1.5 * weight * weight) / whole : 0;
}

/**
 * The problems that fit a text, best first. None where nothing fits well enough to be named. A match is sure if the text
 * has a wording that only this problem has; then `sure` is that wording. Others share words or a class with the text.
 *
 * @param {Index} index
 * @param {string} pasted
 * @returns {Match[]}
 */
export function find({ entries, rarity }, pasted) {
  const text = clean(pasted);
  const whole = bag(`${text}\n${joined(text)}`);
  const said = exceptions(text);
  const focus = said ? bag(`${said}\n${joined(said)}`) : whole;
  const line = `${flat(text)} ${flat(joined(text))}`;
  const matches = entries.map(({ problem, wordings, messages, words, signs }) => {
    const agreed = wordings.find(({ parts }) => parts.every((part) => part.test(line)));
    let score = 0;
    let best = 0;
    /** @type {string[]} */
    const why = [];
    messages.forEach((message, number) => {
      const near = overlap(message.words, focus.words, rarity);
      const far = overlap(message.words, whole.words, rarity);
      const pairs = overlap(message.pairs, whole.pairs, rarity);
      const value = near.share * near.weight + 0.5 * far.share * far.weight + pairs.share * pairs.weight;
      if (value > best) {
        best = value;
        if (pairs.share > 0.5) why[0] = `the words of “${problem.messages[number].slice(0, 120)}”`;
      }
    });
    score += best;
    for (const sign of signs) {
      if (!focus.words.has(sign)) continue;
      score += (rarity.get(sign) ?? 0) * (sign === (problem.code ?? "").toLowerCase() ? 2 : 1);
      // A class of the SDK alone is reason enough to name the problem. A TypeError is not.
      if (sign === short(problem.exception) && problem.exception?.startsWith("openai.")) score += LEAST / 2;
      why.push(sign === short(problem.exception) ? `the exception ${problem.exception}` : sign);
    }
    if (problem.status && focus.words.has(String(problem.status))) score += 0.5;
    score += about(words, whole.words, rarity);
    return { problem, sure: agreed?.shown ?? null, length: agreed?.length ?? 0, score, why: why.filter(Boolean) };
  });
  return matches
    .filter(({ sure, score }) => sure || score >= LEAST)
    .sort((one, other) => other.length - one.length || other.score - one.score);
}

// What tells a server apart in an address, a message or the name of a class. The first that fits is named.
/** @type {[RegExp, string][]} */
const SERVERS = [
  [/openrouter/i, "OpenRouter"],
  [/\bazure(?!.{0,3}identity)|\.azure\.com/i, "Azure"],
  [/ollama|localhost:11434|127\.0\.0\.1:11434/i, "Ollama"],
  [/lm ?studio|localhost:1234\b/i, "LM Studio"],
  [/\bvllm/i, "vLLM"],
  [/llama[.-]?(?:cpp|server)/i, "llama.cpp"],
  [/\bgroq\b/i, "Groq"],
  [/deepseek/i, "DeepSeek"],
  [/api\.openai\.com/i, "OpenAI"],
];
// Modules that a traceback passes through whatever the problem is.
const PASSED_THROUGH = new Set(
  ("openai httpx httpx2 httpcore httpcore2 anyio h11 h2 pydantic tenacity stamina requests urllib3 aiohttp json ssl asyncio " +
    "builtins concurrent").split(" "),
);

/**
 * What a text says of itself, whether or not a problem of this site fits it.
 *
 * @param {string} text
 * @returns {{exception: string | null, status: number | null, server: string | null, library: string | null}}
 */
export function recognize(text) {
  const plain = text.replace(COLOR, "");
  const classes = [...plain.matchAll(/(?:^|[\s"'(|])((?:[a-z_]\w*\.)*[A-Z]\w*(?:Error|Exception|Warning))\b(?=[:\s"',)(]|$)/gm)].map((found) => found[1]);
  const status = /Error code: (\d{3})|status(?:[_ ]?code)?["']?[ :=]+(\d{3})|HTTP\/\d(?:\.\d)?"? (\d{3})|\b([45]\d\d) (?:Bad|Unauth|Forbidden|Not Found|Too Many|Internal|Service|Client|Server)/i.exec(plain);
  const frames = [...plain.matchAll(/(?:site|dist)-packages[\\/](\w+)/g)].map((found) => found[1]);
  const named = classes.map((name) => name.split(".")[0]).filter((name) => /^[a-z]/.test(name));
  return {
    exception: classes.findLast((name) => name.includes(".")) ?? classes.at(-1) ?? null,
    status: status ? Number(status.slice(1).find(Boolean)) : null,
    server: SERVERS.find(([sign]) => sign.test(plain))?.[1] ?? null,
    library: [...frames, ...named].reverse().find((name) => !PASSED_THROUGH.has(name)) ?? null,
  };
}

/**
 * What is read of a pasted text, or why none of it is.
 *
 * @param {string} text
 * @returns {{text: string, remark: string}}
 */
export function readable(text) {
  const odd = text.match(CONTROL)?.length ?? 0;
  if (odd > 20 && odd > text.length / 20) return { text: "", remark: "This is no text: paste the message or the traceback." };
  if (text.length <= LONGEST) return { text, remark: "" };
  const half = LONGEST / 2;
  const kept = `${text.slice(0, half)}\n\n${text.slice(-half)}`;
  return { text: kept, remark: `Only the first and the last ${half.toLocaleString("en-US")} characters were read. ` };
}

/** @param {HTMLElement} place where the finder goes; `data-problems` is the address of the problems */
function start(place) {
  place.innerHTML = `
    <label>Your traceback or message
      <textarea rows="7" spellcheck="false" autocapitalize="off" autocomplete="off"></textarea></label>
    <p role="status"></p>
    <ol></ol>`;
  const area = /** @type {HTMLTextAreaElement} */ (place.querySelector("textarea"));
  const status = /** @type {HTMLElement} */ (place.querySelector("[role=status]"));
  const list = /** @type {HTMLElement} */ (place.querySelector("ol"));
  const address = new URL(place.dataset.problems ?? "", document.baseURI);
  const site = new URL("../", address);
  /** @type {Promise<{known: Index, classes: ExceptionClass[]}> | null} */
  let loading = null;
  let turn = 0;
  let cut = "";

  const load = () => {
    loading ??= fetch(address)
      .then((answer) => (answer.ok ? answer.json() : Promise.reject(new Error(String(answer.status)))))
      .then(({ problems, exceptions }) => ({ known: index(problems), classes: exceptions }));
    loading.catch(() => (loading = null));
    return loading;
  };

  const show = async () => {
    const mine = ++turn;
    const { text, remark } = readable(area.value);
    const said = remark || cut;
    place.querySelector(".recognized")?.remove();
    if (!text.trim()) {
      list.replaceChildren();
      cut = "";
      status.textContent = said;
      return;
    }
    let found, classes;
    try {
      const loaded = await load();
      found = find(loaded.known, text);
      classes = loaded.classes;
    } catch {
      if (mine === turn) status.textContent = "The list of problems could not be loaded. Look through the pages below.";
      return;
    }
    if (mine !== turn) return;
    const certain = Boolean(found[0]?.sure);
    list.replaceChildren(...found.slice(0, SHOWN).map((match) => item(match, site, certain && !match.sure)));
    status.textContent = said + (certain ? MATCH : found.length ? POSSIBLE : NOTHING);
    if (!certain) list.before(...recognized(recognize(text), classes, site));
  };

  // A browser takes many seconds to lay out a megabyte of lines: what would not be read is not put into the field.
  area.addEventListener("paste", (event) => {
    const { text, remark } = readable(event.clipboardData?.getData("text") ?? "");
    cut = text && remark;
    if (!cut) return;
    event.preventDefault();
    area.setRangeText(text, area.selectionStart, area.selectionEnd, "end");
    void show();
  });
  area.addEventListener("focus", () => void load().catch(() => {}), { once: true });
  let timer = 0;
  area.addEventListener("input", () => {
    cut = "";
    window.clearTimeout(timer);
    timer = window.setTimeout(show, 150);
  });
}

/**
 * A sure match is shown with its fix, and another with its symptom, so that the reader can tell whether it fits.
 *
 * @param {Match} match
 * @param {URL} site
 * @param {boolean} brief whether the title is enough, because another problem matches for sure
 */
function item({ problem, sure, why }, site, brief) {
  const entry = document.createElement("li");
  const link = document.createElement("a");
  link.href = new URL(problem.url, site).href;
  link.textContent = problem.title;
  if (brief) {
    entry.append("Possible: ", link);
    return entry;
  }
  const text = document.createElement("p");
  text.append(...marked(sure ? problem.fix : problem.symptom));
  const reason = document.createElement("small");
  reason.textContent = sure ? `Because the text has “${sure}”.` : why.length ? `Possible, because of ${why.join(", ")}.` : "Possible, because of its words.";
  entry.append(link, text, reason);
  return entry;
}

/**
 * What was recognized of a text that no problem fits for sure, and what to do with it.
 *
 * @param {ReturnType<typeof recognize>} found
 * @param {ExceptionClass[]} classes
 * @param {URL} site
 * @returns {HTMLElement[]}
 */
function recognized({ exception, status, server, library }, classes, site) {
  const facts = [
    exception && `the exception \`${exception}\``,
    status && `status ${status}`,
    server && `the server ${server}`,
    library && `the library \`${library}\``,
  ].filter(Boolean);
  if (!facts.length) return [];
  const line = document.createElement("p");
  line.className = "recognized";
  line.append(...marked(`Recognized: ${facts.join(", ")}. `));
  const known = classes.find(({ name }) => name === exception?.split(".").at(-1));
  if (known) {
    const link = document.createElement("a");
    link.href = new URL(known.url, site).href;
    link.append(code(known.name));
    line.append("About ", link, ": ", ...marked(known.do), " ");
  }
  if (server && server !== "OpenAI") line.append(`${server} may answer otherwise than OpenAI: look in its documentation, too. `);
  if (library) line.append(`Look for the message among the issues of ${library}, too.`);
  return [line];
}

/** @param {string} text with code between backticks */
function marked(text) {
  return text.split("`").map((part, number) => (number % 2 ? code(part) : part));
}

/** @param {string} text */
function code(text) {
  const element = document.createElement("code");
  element.textContent = text;
  return element;
}

if (typeof document !== "undefined") {
  for (const place of document.querySelectorAll(".error-finder")) start(/** @type {HTMLElement} */ (place));
}
