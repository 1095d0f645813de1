/**
 * Answers queries as the search of a built site does: `node search_answers.mjs SITE` reads a query a line, each as JSON,
 * and writes its answer as a line of JSON. The scripts are run as a page runs them, one after another.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { runInThisContext } from "node:vm";

const NEEDED = ["assets/vendor/minisearch/minisearch.js", "assets/search-index.js", "assets/js/search-ranking.js"];
for (const script of NEEDED) runInThisContext(readFileSync(`${process.argv[2]}/${script}`, "utf8"), script);
const { find } = globalThis.siteSearch(globalThis.MiniSearch, globalThis.searchIndex);
for await (const line of createInterface({ input: process.stdin })) console.log(JSON.stringify(find(JSON.parse(line))));
