// @ts-check
/**
 * Runs Python programs against the sandbox, away from the page. Messages in: `boot` with the pack's address, `run` with a
 * program, `complete` with one that is being written. Messages out: `ready`, `write` for each piece of output, `wire` for
 * each thing on the wire if `options.wire` asks for it, `done` with how the program ended, `completed`, and `failed`.
 */

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

/** What the sandbox needs of a tokenizer, see openai_sandbox/model/tokens.py. It loads while the interpreter is compiled. */
async function loadTokenizer() {
  const [{ encode }, { default: ranks }] = await Promise.all([
    import("../vendor/gpt-tokenizer/encoding/o200k_base.js"),
    import("../vendor/gpt-tokenizer/bpeRanks/o200k_base.js"),
  ]);
  return {
    /** @param {string} text */
    encode_ordinary: (text) => encode(text, { disallowedSpecial: new Set() }),
    /** @param {number} token */
    decode_single_token_bytes: (token) => {
      const piece = ranks[token];
      return typeof piece === "string" ? bytesOf.encode(piece) : Uint8Array.from(piece);
    },
  };
}

/** @param {Promise<Response>} response @returns {Promise<Uint8Array>} */
async function unpacked(response) {
  const answer = await response;
  if (!answer.ok || !answer.body) throw new Error(`${answer.status} for ${answer.url}`);
  return new Uint8Array(await new Response(answer.body.pipeThrough(new DecompressionStream("gzip"))).arrayBuffer());
}

/** The folder or file of a package. @param {string} path */
const top = (path) => path.split("/", 1)[0];

/**
 * Gives the interpreter the packages: a list of paths and lengths, then the files themselves. Modules stay in one block, which
 * is faster. Other files become files, and so do packages with a part in machine code, because programs look at these.
 *
 * @param {any} python @param {Uint8Array} content
 */
function install(python, content) {
  const view = new DataView(content.buffer);
  const length = view.getUint32(0, true);
  let at = 4 + length;
  const files = JSON.parse(new TextDecoder().decode(content.subarray(4, at)));
  const paths = files.map(([/** @type {string} */ path]) => path);
  const sources = new Set(paths.filter((/** @type {string} */ path) => path.endsWith(".py")));
  const compiled = paths.filter((/** @type {string} */ path) => path.endsWith(".so")).map(top);
  const made = new Set();
  const modules = [];
  for (const [path, size] of files) {
    const source = path.slice(0, -1);
    if (path.endsWith(".pyc") && !compiled.includes(top(path))) modules.push([sources.has(source) ? source : path, at, size]);
    else {
      const place = `${SITE_PACKAGES}/${path}`;
      const folder = place.slice(0, place.lastIndexOf("/"));
      if (!made.has(folder)) python.FS.mkdirTree(folder);
      made.add(folder);
      python.FS.writeFile(place, content.subarray(at, at + size), { canOwn: true });
    }
    at += size;
  }
  python.pyimport("importlib").invalidate_caches();
  python.pyimport("packed_modules").PackedModules.add(SITE_PACKAGES, JSON.stringify(modules), content);
}

/** Loads what only tests need. @param {string} pack */
async function addTests(pack) {
  install(interpreter, await unpacked(fetch(`${pack}tests.bin`)));
}

/** @param {string} pack the address of the pack */
async function boot(pack) {
  const packages = unpacked(fetch(`${pack}site.bin`));
  const { loadPyodide } = await import(`${pack}pyodide.mjs`);
  const loading = loadPyodide({
    indexURL: pack,
    stdLibURL: `${pack}stdlib.zip`,
    env: { HOME: "/home/reader", PYTHONHASHSEED: "0", LANG: "C.UTF-8" },
  });
  const tokenizer = await loadTokenizer();
  const python = await loading;
  install(python, await packages);
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
