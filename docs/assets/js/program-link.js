// @ts-check
/**
 * A program as a link: compressed, in the part of the address that browsers send to no server. And what may not be in
 * one: a key.
 */

const NAME = "program";
const LONGEST_LINK = 8000; // characters, which chats and mail programs still pass on
const LONGEST_PROGRAM = 100_000; // characters of a program that a link may unpack to

/** @param {ReadableStream<Uint8Array>} stream @param {number} most bytes */
async function bytesOf(stream, most) {
  const reader = stream.getReader();
  const parts = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError("it is too long");
    }
    parts.push(value);
  }
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}

/** @param {Uint8Array<ArrayBuffer>} bytes @param {CompressionStream | DecompressionStream} by @param {number} most */
const through = (bytes, by, most) => bytesOf(new Blob([bytes]).stream().pipeThrough(by), most);

/**
 * The fragment of an address that holds a program.
 *
 * @param {string} program @returns {Promise<string>}
 */
export async function packed(program) {
  const bytes = await through(new TextEncoder().encode(program), new CompressionStream("deflate-raw"), Infinity);
  const text = btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const fragment = `#${NAME}=${text}`;
  if (fragment.length > LONGEST_LINK) throw new RangeError("the program is too long for a link");
  return fragment;
}

/**
 * The program in a fragment. Null if it holds none.
 *
 * @param {string} fragment @returns {Promise<string | null>}
 */
export async function unpacked(fragment) {
  const [, text] = new RegExp(`^#${NAME}=([\\w-]*)$`).exec(fragment) ?? [];
  if (text === undefined) return fragment.startsWith(`#${NAME}=`) ? Promise.reject(new RangeError("it is damaged")) : null;
  const raw = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(raw, (letter) => letter.charCodeAt(0));
  const program = await through(bytes, new DecompressionStream("deflate-raw"), LONGEST_PROGRAM);
  return new TextDecoder("utf-8", { fatal: true }).decode(program);
}

/**
 * Whether a program has something in it that looks like a key, and is not one that everybody knows.
 *
 * @param {string} program @param {{prefixes: string[], public: string[]}} keys
 */
export function hasKey(program, keys) {
  const looks = new RegExp(`(?<![A-Za-z0-9])(?:${keys.prefixes.join("|")})[A-Za-z0-9_+/=-]{16,}`, "g");
  return [...program.matchAll(looks)].some(([found]) => !keys.public.includes(found));
}
