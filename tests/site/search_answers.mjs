/**
 * Answers queries as the search of a built site does: `node search_answers.mjs SITE` reads a query a line, each as JSON
 * with whether the excerpts are wanted, and writes its answer as a line of JSON. An excerpt is made when it is read: on a
 * page, for the results that are seen. The scripts are run as a page runs them, one after another.
 */
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { runInThisContext } from "node:vm";

const NEEDED = ["assets/vendor/minisearch/minisearch.js", "assets/search-index.js", "assets/js/search-ranking.js"];
for (const script of NEEDED) runInThisContext(readFileSync(`${process.argv[2]}/${script}`, "utf8"), script);
const { find } = globalThis.siteSearch(globalThis.MiniSearch, globalThis.searchIndex);
const brief = (results) =>
  results.map(({ address, kind, page, title, score }) => ({ address, kind, page, title, score }));
for await (const line of createInterface({ input: process.stdin })) {
  const { query, excerpts } = JSON.parse(line);
  const answer = find(query);
  if (!excerpts) {
    answer.results = brief(answer.results);
    answer.groups = answer.groups.map(({ name, results }) => ({ name, results: brief(results) }));
  }
  console.log(JSON.stringify(answer));
}
