// @ts-check
/**
 * One Python for a page: a worker that boots once, runs one program at a time, and is replaced when it is stopped.
 *
 * @typedef {{source: string, name: string, beside?: Record<string, string>, checks?: Record<string, string>}} Program
 * @typedef {{error: string | null, line?: number, ending?: string, code: number, stopped?: boolean, checks?: Record<string, boolean>}} Ending
 * @typedef {{
 *   write: (stream: "stdout" | "stderr", text: string) => void,
 *   wire?: (event: Record<string, any>) => void,
 *   started?: () => void,
 * }} Shown `started` is called once Python is there and the program begins
 */

const IDLE = 5 * 60_000; // ms after which a Python that nobody uses is ended
const WORKER = new URL("python-worker.js", import.meta.url);

export class PythonRuntime {
  /** @type {Worker | null} */
  #worker = null;
  /** @type {Promise<void> | null} */
  #ready = null;
  /** @type {{id: number, shown: Shown, end: (ending: Ending) => void, fail: (problem: Error) => void} | null} */
  #running = null;
  /** @type {Map<number, (answer: any) => void>} */
  #asked = new Map();
  #count = 0;
  #idle = 0;
  #isReady = false;

  /** @param {string} pack the address of the pack's folder */
  constructor(pack) {
    this.pack = pack;
  }

  get isRunning() {
    return this.#running !== null;
  }

  /**
   * Loads Python unless that was done. Ahead of a run, there is also time for a first request that nobody sees.
   *
   * @param {boolean} [ahead] @returns {Promise<void>}
   */
  boot(ahead = false) {
    this.#ready ??= new Promise((resolve, reject) => {
      const worker = new Worker(WORKER, { type: "module" });
      this.#worker = worker;
      const fail = (/** @type {string} */ message) => {
        if (this.#worker === worker) this.#end();
        reject(new Error(message));
        this.#running?.fail(new Error(message));
        this.#running = null;
      };
      worker.addEventListener("error", (event) => fail(event.message || "Python cannot be loaded"));
      worker.addEventListener("message", ({ data }) => {
        if (data.type === "ready") {
          this.#isReady = true;
          if (!this.#running) this.#rest();
          resolve(void performance.mark("python-ready"));
        } else if (data.type === "completed") this.#answer(data.id, data.answer);
        else if (data.type === "failed") fail(data.message);
        else this.#take(data);
      });
      worker.postMessage({ type: "boot", pack: this.pack, ahead });
    });
    return this.#ready;
  }

  /**
   * Runs a program. One that is still running is stopped first.
   *
   * @param {Program} program @param {Shown} shown @returns {Promise<Ending>}
   */
  async run(program, shown) {
    if (this.#running) this.stop();
    clearTimeout(this.#idle);
    const id = ++this.#count;
    const ended = new Promise((end, fail) => (this.#running = { id, shown, end, fail }));
    ended.catch(() => {});
    await this.boot();
    if (this.#running?.id === id) {
      this.#worker?.postMessage({ type: "run", id, pack: this.pack, ...program });
      shown.started?.();
    }
    return /** @type {Promise<Ending>} */ (ended);
  }

  /**
   * How a program can go on at the cursor. Null if Python is not loaded or runs a program.
   *
   * @param {string} before the program up to the cursor @param {string} after the rest of it
   * @returns {Promise<{prefix: string, options: {name: string, kind: string, detail: string}[]} | null>}
   */
  async complete(before, after) {
    if (!this.#isReady || this.#running || !this.#worker) return null;
    const id = ++this.#count;
    const answer = new Promise((resolve) => this.#asked.set(id, resolve));
    this.#worker.postMessage({ type: "complete", id, pack: this.pack, before, after });
    return /** @type {Promise<any>} */ (answer);
  }

  get isReady() {
    return this.#isReady;
  }

  /** Stops the program that is running, by ending its worker. Another one boots for the next run. */
  stop() {
    const stopped = this.#running;
    this.#running = null;
    this.#end();
    stopped?.end({ error: null, code: 130, stopped: true });
    void this.boot(true).catch(() => {});
  }

  /** @param {any} data */
  #take(data) {
    const running = this.#running;
    if (!running || data.id !== running.id) return;
    if (data.type === "write") running.shown.write(data.stream, data.text);
    if (data.type === "wire") running.shown.wire?.(data.event);
    if (data.type !== "done") return;
    this.#running = null;
    this.#rest();
    running.end(data);
  }

  /** Ends Python after a while in which nobody runs anything. */
  #rest() {
    clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#end(), IDLE);
  }

  #end() {
    this.#worker?.terminate();
    this.#worker = null;
    this.#ready = null;
    this.#isReady = false;
    for (const id of [...this.#asked.keys()]) this.#answer(id, null);
  }

  /** @param {number} id @param {any} answer */
  #answer(id, answer) {
    this.#asked.get(id)?.(answer);
    this.#asked.delete(id);
  }
}
