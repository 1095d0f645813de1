// @ts-check
/**
 * Runs Python programs against the sandbox, away from the page. Messages in: `boot` with the pack's address, `run` with a
 * program, `complete` with one that is being written. Messages out: `ready`, `write` for each piece of output, `wire` for
 * each thing on the wire if `options.wire` asks for it, `done` with how the program ended, `completed`, and `failed`.
 */

import { encode } from "../vendor/gpt-tokenizer/encoding/o200k_base.js";
import ranks from "../vendor/gpt-tokenizer/bpeRanks/o200k_base.js";

const SITE_PACKAGES = "/lib/python3.14/site-packages";
const clock = new Int32Array(new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
const bytesOf = new TextEncoder();

/** @type {Promise<any> | null} */
let runner = null;
/** @type {Promise<void> | null} */
let tests = null;
/** @type {any} */
let interpreter = null;
let running = 0;

/** @param {number} seconds */
function sleep(seconds) {
  if (seconds > 0) Atomics.wait(clock, 0, 0, seconds * 1000);
}

/** What the sandbox needs of a tokenizer, see openai_sandbox/model/tokens.py. */
const tokenizer = {
  /** @param {string} text */
  encode_ordinary: (text) => encode(text, { disallowedSpecial: new Set() }),
  /** @param {number} token */
  decode_single_token_bytes: (token) => {
    const piece = ranks[token];
    return typeof piece === "string" ? bytesOf.encode(piece) : Uint8Array.from(piece);
  },
};

/** @param {Promise<Response>} response @returns {Promise<Uint8Array>} */
async function unpacked(response) {
  const answer = await response;
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} for ${answer.url}`);
  return new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** Writes the packages into the interpreter's files: a list of paths and lengths, then the files themselves.
 * @param {any} FS @param {Uint8Array} content */
function install(FS, content) {
  const view = new DataView(content.buffer);
  const length = view.getUint32(0, true);
  let at = 4 + length;
  const made = new Set();
  for (const [path, size] of JSON.parse(new TextDecoder().decode(content.subarray(4, at)))) {
    const place = `${SITE_PACKAGES}/${path}`;
    const folder = place.slice(0, place.lastIndexOf("/"));
    if (!made.has(folder)) FS.mkdirTree(folder);
    made.add(folder);
    FS.writeFile(place, content.subarray(at, at + size), { canOwn: true });
    at += size;
  }
}

/** Loads what only tests need. @param {string} pack */
async function addTests(pack) {
  install(interpreter.FS, await unpacked(fetch(`${pack}tests.bin`)));
  interpreter.runPython("import importlib\nimportlib.invalidate_caches()");
}

/** @param {string} pack the address of the pack */
async function boot(pack) {
  const packages = unpacked(fetch(`${pack}site.bin`));
  const { loadPyodide } = await import(`${pack}pyodide.mjs`);
  const python = await loadPyodide({
    indexURL: pack,
    stdLibURL: `${pack}stdlib.zip`,
    env: { HOME: "/home/reader", PYTHONHASHSEED: "0", LANG: "C.UTF-8" },
  });
  install(python.FS, await packages);
  const write = (/** @type {string} */ stream, /** @type {string} */ text) =>
    self.postMessage({ type: "write", id: running, stream, text });
  const tell = (/** @type {string} */ event) => self.postMessage({ type: "wire", id: running, event: JSON.parse(event) });
  python.registerJsModule("page", { sleep, tokenizer, write, tell });
  interpreter = python;
  return python.runPython("from browser_runtime.start import runner\nrunner");
}

/** @param {string} before @param {string} after */
function completed(before, after) {
  try {
    return JSON.parse(interpreter.pyimport("browser_runtime.completion").complete(before, after));
  } catch (problem) {
    console.warn(problem); // a program can go on without it
    return null;
  }
}

self.addEventListener("message", async ({ data }) => {
  try {
    runner ??= boot(data.pack);
    const program = await runner;
    if (data.type === "boot") {
      if (data.ahead) interpreter.runPython("from browser_runtime.start import warm_up\nwarm_up()");
      self.postMessage({ type: "ready" });
    }
    if (data.type === "complete") {
      self.postMessage({ type: "completed", id: data.id, answer: completed(data.before, data.after) });
    }
    if (data.type !== "run") return;
    running = data.id;
    if (data.name.startsWith("test_")) await (tests ??= addTests(data.pack));
    const given = [data.source, data.name, JSON.stringify(data.beside ?? {}), JSON.stringify(data.checks ?? {})];
    const watched = data.options?.wire && interpreter.pyimport("browser_runtime.wire");
    const ended = watched ? watched.run(program, ...given) : program.run(...given);
    self.postMessage({ type: "done", id: data.id, ...JSON.parse(ended) });
  } catch (problem) {
    self.postMessage({ type: "failed", id: data.id, message: String(problem) });
  }
});
