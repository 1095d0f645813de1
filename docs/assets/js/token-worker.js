// @ts-check
/** Counts tokens away from the page, so that a long text does not freeze it. Loads the tokenizer when it starts. */

import { decode, encode } from "../vendor/gpt-tokenizer/encoding/o200k_base.js";

const SHOWN = 400;

self.addEventListener("message", ({ data: text }) => {
  // A byte order mark is the one text this tokenizer counts otherwise than OpenAI's own.
  const tokens = encode(text.replaceAll("\uFEFF", ""), { disallowedSpecial: new Set() });
  const pieces = tokens.slice(0, SHOWN).map((/** @type {number} */ token) => decode([token]));
  self.postMessage({ count: tokens.length, pieces });
});
self.postMessage({});
