// @ts-check
/**
 * Ranks the sections of the site for a query. No page is touched here, so that tests can run it in Node.
 *
 * A query is taken apart into parts: a word, a name, or several words that have a synonym in docs/search.yml. MiniSearch
 * says how well each word fits each section. A section counts by how much of the query it and its page cover, so that
 * more words narrow what is found, and one word too many does not empty it.
 *
 * A classic script, because a page opened from a file can load no module.
 *
 * @typedef {{address: string, title: string, kind: string, about: string}} SearchedPage
 * @typedef {{id: number, page: number, anchor: string, title: string, prose: string, names: string, asked: string, said: string, about: string}} Section
 * @typedef {{name: string, address: string, title: string, why: string}} Absence
 * @typedef {{text: string, marked: boolean}} Piece
 * @typedef {{address: string, kind: string, page: string, title: Piece[], excerpt: Piece[], score: number}} Result
 * @typedef {{results: Result[], groups: {name: string, results: Result[]}[], absent: Absence[], unknown: string[], corrected: string[]}} Answer
 * @typedef {{words: string[], worth: number, told: "typed" | "same" | "narrower"}} Wording
 * @typedef {{text: string, wordings: Wording[], name: boolean, length: number, last: boolean, models: string[]}} Part
 * @typedef {{words: Set<string>, phrases: string[][], models: boolean}} Marks
 * @typedef {{scores: Map<number, number>, terms: Set<string>, topical: boolean, begun?: boolean}} Hits
 * @typedef {{scores: Map<number, number>, terms: string[], marks: {words: string[], phrases: string[][]}, lists: Set<number>, topical: boolean, rarity: number, top: number}} Fit
 */
"use strict";
{
  /** How much a word counts in each part of a section. */
  const BOOST = { title: 5, asked: 6, about: 1.5, said: 2, names: 1.5, prose: 1 };
  const FIELDS = Object.keys(BOOST);
  const TOPICAL = new Set(["title", "asked", "said"]);
  /** How much it matters that a section lacks a word that no heading and no phrase of docs/search.yml has. */
  const PASSING = 0.15;
  /** A word in fewer sections than this is no rarer than one in as many. */
  const RAREST = 8;
  /** How much less these count than a word that is there as it is typed. */
  const SYNONYM = 0.7;
  const PREFIX = 0.6;
  const PART_OF_NAME = 0.6;
  const PART_OF_KNOWN_NAME = 0.05;
  /** How much less a section counts that only repeats what others say. */
  const RECAP = 0.5;
  /** How much better the beginning of a page fits a query of one or two words. */
  const TOP = 1.3;
  /** How much the rest of its page counts for a section. */
  const OF_PAGE = 0.3;
  /** How much it counts that a query is what a section is called. */
  const LIKENESS = 4;
  const LIKENESS_OF_MESSAGE = 1.5;
  /** What a word counts there that no section is called by. */
  const UNSAID = 1;
  /** Who types nothing but names looks them up. */
  const NAMES_IN = /** @type {Record<string, number>} */ ({ Reference: 1.5, Lessons: 1.2 });
  const ERRORS_IN = /** @type {Record<string, number>} */ ({ Errors: 1.8 });
  /** From this part of the best score for a word on, a section counts as one that is about the word. */
  const FULL = 2.5;
  /** Who asks for a remedy needs no reference. */
  const REMEDIES_IN = /** @type {Record<string, number>} */ ({ Errors: 1.5, Guides: 1.5, Reference: 0.5 });
  /** How much better a section fits a model's id and all else that was typed if it lists that model, and the id alone. */
  const LISTS = 8;
  const LISTS_ALONE = 100;
  /** A query with more parts than this is a pasted message: nothing in it is a typo, and few sections have all of it. */
  const LONG = 9;
  const LONGEST_TYPED = 120;
  const LONGEST_READ = 20_000;
  /** This many results are shown whatever they lack. */
  const BEST = 3;
  const OF_A_KIND = 5;
  const MOST_PARTS = 40;
  /** So many of what comes near are shown for a thing that the site does not have. */
  const NEAR = 3;
  const EXCERPT = 170;
  /** The least letters of a name written together that a typo is compared with. */
  const SHORTEST_NAME = 6;

  const NAME = /[\p{L}\p{N}_]+(?:[.'’-][\p{L}\p{N}_]+)*/gu;
  const SNAPSHOT = /-(?:\d{4}-\d\d-\d\d|\d{4}|latest)$/;
  const HUMP = /(?<=[a-z\d])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])/;

  /** @param {string} name without the apostrophe of "can't" */
  const bare = (name) => name.replace(/['’]/g, "");
  /** @param {string} text */
  const namesIn = (text) => [...text.matchAll(NAME)].map(([name]) => bare(name));

  const COLOR = /\u001b\[[0-9;]*[A-Za-z]/g;
  const FRAME = /^[^\S\n]*File "[^"\n]*(?:(?:site|dist)-packages|lib\/python)[^\n]*\n(?:(?![^\S\n]*File ")[^\S\n]{2,}[^\n]*\n)*|[^\S\n]*File "[^"\n]*", line \d+(?:, in [\w<>.]+)?/gm;
  const SAID = /(?:^|[\s"'(])(?:\w+\.)*[A-Z]\w*(?:Error|Exception|Warning|Removed\w*)\b|["'](?:message|code|type)["']/;

  /**
   * What a pasted text says went wrong: without colors and frames, and of several lines those that name an exception,
   * with what follows each up to the next empty line or frame.
   *
   * @param {string} text
   */
  function message(text) {
    const readable = text.slice(-LONGEST_READ).replace(COLOR, "").replace(FRAME, "").trim();
    const kept = [];
    let inside = false;
    for (const line of readable.split(/\r?\n/)) {
      if (/^\s*(Traceback|$)/.test(line)) inside = false;
      if (SAID.test(line) && !/^\s*(raise|except|import|from)\b/.test(line)) inside = true;
      if (inside) kept.push(line);
    }
    return (kept.join(" ") || readable).replace(/\s+/g, " ");
  }

  /** @param {string} word "retries", "retried" and "retrying" are one word */
  function stem(word) {
    if (word.length < 4 || !/^[a-z]+$/.test(word)) return word;
    let stemmed = word;
    if (/[^su]s$/.test(stemmed)) stemmed = stemmed.slice(0, -1).replace(/ie$/, "y");
    const short = stemmed.replace(/(?:ing|ed)$/, "");
    if (short !== stemmed && short.length > 2 && /[aeiouy]/.test(short)) stemmed = short.replace(/([^aeiouylsz])\1$/, "$1");
    stemmed = stemmed.replace(/(?<=....)ly$/, "").replace(/ical$/, "ic");
    return stemmed.replace(/(?<=..[st])ion$/, "").replace(/(?<=...)e$/, "").replace(/(?<=..)[iy]$/, "i");
  }

  /** @param {string} name the words that a name consists of */
  function parts(name) {
    return name
      .replaceAll("OpenAI", "Openai")
      .split(/[._-]/)
      .flatMap((part) => part.split(HUMP))
      .filter(Boolean)
      .map((part) => stem(part.toLowerCase()));
  }

  /**
   * What a name is found by: whole, by what is between its dots, and by its words.
   *
   * @param {string} text
   * @returns {string[]}
   */
  function terms(text) {
    const found = [];
    for (const name of namesIn(text)) {
      const whole = name.toLowerCase();
      const words = parts(name);
      if (words.length < 2) {
        found.push(words[0] ?? whole);
        continue;
      }
      const steps = whole.split(".");
      for (let from = 0; from < steps.length; from++) {
        for (let to = from + 1; to <= steps.length; to++) {
          const step = steps.slice(from, to).join(".");
          if (!words.includes(step)) found.push(step);
        }
      }
      found.push(...words);
    }
    return found;
  }

  /** How many letters are wrong, missing, too many or in the wrong order. @param {string} one @param {string} other */
  function distance(one, other) {
    /** @type {number[][]} */
    const rows = [[...other, ""].map((_, number) => number)];
    for (let down = 1; down <= one.length; down++) {
      const row = [down];
      for (let right = 1; right <= other.length; right++) {
        const same = one[down - 1] === other[right - 1];
        row.push(Math.min(rows[down - 1][right] + 1, row[right - 1] + 1, rows[down - 1][right - 1] + (same ? 0 : 1)));
        if (right > 1 && down > 1 && one[down - 1] === other[right - 2] && one[down - 2] === other[right - 1]) {
          row[right] = Math.min(row[right], rows[down - 2][right - 2] + 1);
        }
      }
      rows.push(row);
    }
    return rows[one.length][other.length];
  }

  /** @param {string} name without what separates its words */
  const together = (name) => name.toLowerCase().replace(/[._-]/g, "");
  /** @param {string} name */
  const digits = (name) => name.replace(/\D/g, "");

  /** @param {any} MiniSearch @param {any} data the index, as docs/_tools/site/search_index.py writes it */
  function siteSearch(MiniSearch, data) {
    const stop = new Set(data.stop.map((/** @type {string} */ word) => stem(word.replace("'", ""))));
    /** @type {SearchedPage[]} */
    const pages = data.pages.map((/** @type {string[]} */ [address, title, kind, about]) => ({ address, title, kind, about }));
    /** @type {Section[]} */
    const sections = data.sections.map((/** @type {any[]} */ row, /** @type {number} */ id) => {
      const [page, anchor, title, prose = "", asked = "", said = "", names = ""] = row;
      return { id, page, anchor, title, prose, names, asked, said, about: `${pages[page].title} ${anchor ? "" : pages[page].about}` };
    });
    const recaps = new Set(data.recaps);
    const index = new MiniSearch({ fields: FIELDS, tokenize: terms, processTerm: (/** @type {string} */ term) => term });
    index.addAll(sections);

    /** What a part of a query means besides itself, by its words. @type {Map<string, Wording[]>} */
    const meanings = new Map();
    /** The section that lists a model, by the model's id. @type {Map<string, number>} */
    const listed = new Map(Object.entries(data.models));

    const families = [...listed.keys()].flatMap((id) => [...id.matchAll(/(?<=\d)-/g)].map(({ index: end }) => id.slice(0, end)));
    /** A model or a family, however its parts are written together. */
    const MODEL = new RegExp(
      `(?<![\\w.-])(?:${[...listed.keys(), ...families]
        .filter((id) => id.includes("-"))
        .sort((one, other) => other.length - one.length)
        .map((id) => id.replaceAll(".", "\\.").replaceAll("-", "[-_ ]?"))
        .join("|")})(?![\\w]|[.-]\\w)`,
      "gi",
    );
    /** @type {Map<string, string>} */
    const spelled = new Map([...listed.keys(), ...families].map((id) => [together(id), id]));
    /** @param {string} text with the models in it spelled as the site does */
    const withIds = (text) => text.replace(MODEL, (name) => spelled.get(together(name.replaceAll(" ", ""))) ?? name);

    /** The models that a name is: one, as it is or of a day, or a family. @param {string} name @returns {string[]} */
    function models(name) {
      const id = name.toLowerCase().replace(SNAPSHOT, "");
      if (listed.has(id)) return [id];
      return /\d/.test(id) ? [...listed.keys()].filter((model) => model.startsWith(`${id}-`)) : [];
    }

    /** @param {string} phrase */
    const words = (phrase) => phrase.split(/\s+/).flatMap((word) => parts(bare(word)));
    /** @param {string[]} all @returns {string[]} */
    const telling = (all) => {
      const some = all.filter((word) => !stop.has(word));
      return some.length > 1 ? some : all;
    };
    /** @param {string} key @param {string[]} others @param {"same" | "narrower"} told */
    function addMeanings(key, others, told) {
      const added = others.map((other) => ({ words: telling(words(other)), worth: SYNONYM, told }));
      meanings.set(key, [...(meanings.get(key) ?? []), ...added]);
    }
    /** Phrases that mean the same, by their words: which of the synonyms they are. @type {Map<string, string>} */
    const senses = new Map();
    for (const [number, set] of data.synonyms.entries()) {
      for (const phrase of set) {
        const key = words(phrase).join(" ");
        senses.set(key, senses.get(key) ?? `=${number}`);
        const others = set.filter((/** @type {string} */ other) => other !== phrase);
        addMeanings(key, others, "same");
      }
    }
    for (const [phrase, others] of Object.entries(data.narrower)) {
      addMeanings(words(phrase).join(" "), /** @type {string[]} */ (others), "narrower");
    }
    const longest = Math.max(1, ...[...meanings.keys()].map((key) => key.split(" ").length));

    /**
     * Takes a text apart: into the longest phrases that are known, and single names.
     *
     * @param {string} text
     * @param {Map<string, unknown>} phrases by their words
     */
    function* segments(text, phrases) {
      const names = namesIn(text);
      const stems = names.map((name) => parts(name).join(" "));
      for (let at = 0, count = 0; at < names.length; at += count) {
        const key = () => stems.slice(at, at + count).join(" ");
        for (count = Math.min(longest, names.length - at); count > 1 && !phrases.has(key()); ) count--;
        const last = at + count === names.length;
        yield { text: names.slice(at, at + count).join(" "), key: key(), known: phrases.has(key()), count, last };
      }
    }

    /** What a text says: its words, those that mean the same as one, and none that say nothing. @param {string} text */
    function content(text) {
      /** @type {Set<string>} */
      const found = new Set();
      for (const { text: name, key, known } of segments(text, senses)) {
        if (known) found.add(senses.get(key) ?? key);
        else for (const term of terms(name)) if (!stop.has(term)) found.add(term);
      }
      return found.size ? found : new Set(terms(text));
    }

    /** The sections of each page. */
    const onPage = pages.map((_, page) => sections.filter((section) => section.page === page).map(({ id }) => id));
    /** The titles and phrases that a section is known by. */
    const phrases = sections.map(({ title, asked }) => [title, ...asked.split("; ")].filter(Boolean).map(content));
    /** How many sections a word of these is in. @type {Map<string, number>} */
    const sayings = new Map();
    for (const known of phrases) {
      for (const term of new Set(known.flatMap((phrase) => [...phrase]))) sayings.set(term, (sayings.get(term) ?? 0) + 1);
    }

    const remedies = data.remedies.map((/** @type {string} */ phrase) => ` ${words(phrase).join(" ")} `);
    /** @type {{asked: string[], absence: Absence}[]} */
    const absences = data.absent.map((/** @type {any[]} */ [asked, name, address, title, why]) => ({
      asked: asked.map((/** @type {string} */ phrase) => ` ${words(phrase).join(" ")} `),
      absence: { name, address, title, why },
    }));

    /** @type {Map<string, Hits>} */
    const known = new Map();
    /** @param {string} term @param {object} how @returns {Hits} */
    function hits(term, how = {}) {
      const key = `${term} ${JSON.stringify(how)}`;
      let found = known.get(key);
      if (!found) {
        found = { scores: new Map(), terms: new Set(), topical: false };
        const options = { boost: BOOST, tokenize: (/** @type {string} */ text) => [text], ...how };
        for (const { id, score, match } of index.search(term, options)) {
          found.scores.set(id, score);
          for (const [each, fields] of Object.entries(match)) {
            found.terms.add(each);
            found.topical ||= /** @type {string[]} */ (fields).some((field) => TOPICAL.has(field));
          }
        }
        known.set(key, found);
      }
      return found;
    }

    /**
     * How well a word fits each section: as it is, or as the beginning of a word that is still being typed.
     *
     * @param {string} term
     * @param {boolean} last
     * @returns {Hits}
     */
    function word(term, last) {
      const exact = hits(term);
      if (term.length < 2 || (exact.scores.size && !(last && term.length > 2))) return exact;
      const begun = hits(term, { prefix: true, weights: { prefix: PREFIX, fuzzy: 0 } });
      return exact.scores.size ? begun : { ...begun, begun: true };
    }

    /** The words that readers may have meant, by their length. @type {Map<number, Set<string>>} */
    const spellings = new Map();
    const ofSynonyms = JSON.stringify([data.synonyms, data.narrower, data.absent.map((/** @type {any[]} */ [asked]) => asked)]);
    for (const text of [...sections.flatMap(({ title, prose, asked }) => [title, prose, asked]), ofSynonyms]) {
      for (const [found] of text.matchAll(/(?<![\p{L}\p{N}_.-])\p{L}{4,}(?![\p{L}\p{N}_-])/gu)) {
        const spelling = found.toLowerCase();
        spellings.set(spelling.length, (spellings.get(spelling.length) ?? new Set()).add(spelling));
      }
    }

    /** Names of several words as they are written, by their letters and digits. @type {Map<string, string>} */
    const names = new Map();
    const written = sections
      .flatMap((section) => FIELDS.flatMap((field) => namesIn(section[/** @type {"title"} */ (field)])))
      .filter((name) => parts(name).length > 1 && /\p{L}/u.test(name));
    for (const form of [...written, ...written.flatMap((name) => terms(name).filter((term) => term.includes("_")))]) {
      if (!names.has(together(form))) names.set(together(form), form);
    }
    /** @type {Map<number, string[]>} */
    const nameLengths = new Map();
    for (const key of names.keys()) nameLengths.set(key.length, [...(nameLengths.get(key.length) ?? []), key]);
    /** What the vocabulary names is no typo. */
    const phrased = new Set(namesIn(ofSynonyms).map((name) => name.toLowerCase()));

    /**
     * The one of some words that is nearest to what was typed, or "".
     *
     * @param {string} typed
     * @param {Map<number, Iterable<string>>} known by their length
     * @param {number} least what is as far as this is too far
     * @returns {[string, number]}
     */
    function nearest(typed, known, least) {
      let best = "";
      for (const length of [0, 1, -1, 2, -2]) {
        for (const spelling of known.get(typed.length + length) ?? []) {
          if (digits(spelling) !== digits(typed)) continue;
          const apart = distance(typed, spelling) + (spelling[0] === typed[0] ? 0 : 0.5);
          if (apart < least) [best, least] = [spelling, apart];
        }
      }
      return [best, least];
    }

    /** Whether a section has all of these words. @param {string[]} own @param {boolean} last */
    function shared(own, last) {
      const [first, ...others] = own.map((term, number) => word(term, last && number === own.length - 1).scores);
      return [...first.keys()].some((id) => others.every((scores) => scores.has(id)));
    }

    /**
     * What was meant with a word or a name that is nowhere, or null: how it is spelled, and what of that is corrected.
     *
     * @param {string} typed
     * @param {boolean} last
     * @returns {{text: string, corrected: string[]} | null}
     */
    function meant(typed, last) {
      const name = bare(typed);
      const whole = name.toLowerCase();
      const own = parts(name);
      const one = own.length < 2;
      if (!own.length || whole.length < 4 || phrased.has(whole) || models(whole).length || word(whole, last).scores.size) return null;
      const found = shared(own, last);
      if (one && (found || spellings.get(whole.length)?.has(whole) || stop.has(own[0]))) return null;
      const plain = together(name);
      const same = names.get(plain);
      if (same) return { text: same, corrected: [same] };
      const [spelling, apart] = one && /^\p{L}+$/u.test(whole) ? nearest(whole, spellings, whole.length > 6 ? 3 : 2) : ["", Infinity];
      const most = !found && plain.length > (one ? 8 : 6) ? 3 : 2;
      const [key] = plain.length < SHORTEST_NAME ? [""] : nearest(plain, nameLengths, Math.min(apart, most));
      const better = names.get(key) ?? spelling;
      if (better) return { text: better, corrected: [better] };
      if (one || (found && !isId(name))) return null;
      // Nobody has the whole name: what is known of its words is looked for.
      const id = isId(name);
      const each = name
        .split(/[._-]/)
        .flatMap((part) => part.split(HUMP))
        .filter((part) => part && (!id || /^\p{L}+$/u.test(part)));
      const corrected = each.map((part) => (id ? null : meant(part, false)));
      if (!each.some((part, number) => corrected[number] || hits(stem(part.toLowerCase())).scores.size)) return null;
      const text = each.map((part, number) => corrected[number]?.text ?? part).join(" ");
      return { text, corrected: corrected.flatMap((part) => part?.corrected ?? []) };
    }

    /**
     * The parts of a query, each with the wordings that count as it.
     *
     * @param {string} query
     */
    function understood(query) {
      /** @type {Map<string, Part>} */
      const all = new Map();
      /** @type {typeof all} */
      const spoken = new Map();
      for (const { text, key, known, count, last } of segments(query, meanings)) {
        const own = key.split(" ");
        const whole = text.toLowerCase();
        const name = count === 1 && own.length > 1;
        /** @type {Wording[]} */
        const wordings = [...(meanings.get(key) ?? [])];
        const ids = count === 1 ? models(whole) : [];
        /** @param {string[]} words @param {number} worth */
        const typed = (words, worth) => wordings.push({ words, worth, told: "typed" });
        if (name) typed([whole], 1);
        for (const id of ids) if (id !== whole) typed([id], 1);
        const apart = hits(whole).scores.size ? PART_OF_KNOWN_NAME : PART_OF_NAME;
        if (!name || !ids.length) typed(telling(own), name ? apart : 1);
        const meaning = wordings.map(({ words: each }) => each.join(" ")).sort().join();
        const part = { text, wordings, name, length: own.length, last, models: ids };
        all.set(meaning, part);
        if (known || name || !(stop.has(own[0]) || remedies.includes(` ${own[0]} `))) spoken.set(meaning, part);
      }
      return [...(spoken.size && !SAID.test(query) ? spoken : all).values()].slice(0, MOST_PARTS);
    }

    /** How much a phrase and a query have in common, from 0 to 1. @param {Set<string>} one @param {Set<string>} other */
    function likeness(one, other) {
      let both = 0;
      let all = 0;
      for (const term of new Set([...one, ...other])) {
        const times = sayings.get(term);
        const worth = times ? Math.log(1 + sections.length / times) : UNSAID;
        all += worth;
        if (one.has(term) && other.has(term)) both += worth;
      }
      return all ? both / all : 0;
    }

    /** @param {string} name something like `resp_68f1a2`, which is in no section */
    const isId = (name) => /\d/.test(name) && /[_-]/.test(name) && !models(name).length && !hits(name.toLowerCase()).scores.size;

    /**
     * How well each section fits a part of a query.
     *
     * @param {Part} part
     * @param {boolean} long
     * @returns {Fit}
     */
    function fit({ wordings, name, last, models: ids }, long) {
      /** @type {Map<number, number>} */
      const scores = new Map();
      /** @type {string[]} */
      const found = [];
      /** @type {{words: string[], phrases: string[][]}} */
      const marks = { words: [], phrases: [] };
      let topical = false;
      for (const { words: own, worth, told } of wordings) {
        const whole = long || ids.length || told !== "typed";
        const each = own.map((term, number) => (whole ? hits(term) : word(term, last && number === own.length - 1)));
        for (const id of each[0].scores.keys()) {
          if (!each.every((one) => one.scores.has(id))) continue;
          const sum = each.reduce((total, one) => total + (one.scores.get(id) ?? 0), 0) / Math.sqrt(own.length);
          scores.set(id, Math.max(scores.get(id) ?? 0, worth * sum));
        }
        topical ||= each.every((one) => one.topical && !one.begun);
        const matched = each.flatMap((one) => [...one.terms]);
        found.push(...matched);
        if (told === "typed" && !(name && worth === PART_OF_KNOWN_NAME)) marks.words.push(...matched);
        else if (told !== "narrower") marks.phrases.push(own);
      }
      const rarity = Math.log(1 + sections.length / Math.max(RAREST, scores.size)) * (topical || name ? 1 : PASSING);
      const lists = new Set(ids.flatMap((id) => listed.get(id) ?? []));
      return { scores, terms: found, marks, lists, topical, rarity, top: Math.max(...scores.values()) };
    }

    /**
     * The sections that fit any part of a query, best first, and how much of it each covers.
     *
     * @param {Fit[]} fits
     * @param {Set<string>} said what the query says
     * @param {{long: boolean, sorts: Record<string, number>}} query
     */
    function ranked(fits, said, { long, sorts }) {
      const all = fits.reduce((sum, { rarity }) => sum + rarity, 0);
      const topics = fits.reduce((sum, { rarity, topical }) => sum + (topical ? rarity : 0), 0);
      const alone = fits.every(({ lists }) => lists.size);
      const ofPage = pages.map((_, page) => {
        const best = fits.map(({ scores }) => Math.max(0, ...onPage[page].map((id) => scores.get(id) ?? 0)));
        const covered = fits.reduce((sum, { rarity }, number) => sum + (best[number] ? rarity : 0), 0);
        return best.reduce((sum, score) => sum + score, 0) * (covered / all) ** 2;
      });
      return [...new Set(fits.flatMap(({ scores }) => [...scores.keys()]))]
        .map((id) => {
          const section = sections[id];
          let score = 0;
          let covered = 0;
          let fitted = 0;
          let onTopic = 0;
          for (const { scores, rarity, topical, top } of fits) {
            const own = scores.get(id);
            if (own === undefined) continue;
            score += own;
            covered += rarity;
            fitted += rarity * Math.min(1, (FULL * own) / top);
            if (topical) onTopic += rarity;
          }
          const value = score * (fitted / all) ** 2 + OF_PAGE * ofPage[section.page];
          const like = Math.max(...phrases[id].map((phrase) => likeness(phrase, said)));
          const called = 1 + (long ? LIKENESS_OF_MESSAGE : LIKENESS) * like ** 2;
          const first = section.anchor || fits.length > 2 ? 1 : TOP;
          const { kind, address } = pages[section.page];
          const recap = recaps.has(section.title) || recaps.has(address) ? RECAP : 1;
          const share = covered / all;
          const topic = topics ? onTopic / topics : share;
          const lists = share > 0.999 && fits.some((each) => each.lists.has(id)) ? (alone ? LISTS_ALONE : LISTS) : 1;
          return { section, share, topic, score: value * called * first * lists * (sorts[kind] ?? 1) * recap };
        })
        .sort((one, other) => other.score - one.score);
    }

    /** @param {string} typed @returns {Answer} */
    function find(typed) {
      const said = withIds(message(typed));
      /** @type {string[]} */
      const corrected = [];
      /** @type {string[]} */
      const unknown = [];
      const query = said.replace(NAME, (name, at) => {
        const last = at + name.length === said.length;
        const other = said.length >= LONGEST_TYPED || (isId(name) && !(last && at === 0)) ? null : meant(name, last);
        corrected.push(...(other?.corrected ?? []));
        if (other && isId(name)) unknown.push(name);
        return other?.text ?? name;
      });
      const asked = understood(query);
      const long = asked.length > LONG;
      const others = asked.filter(({ text }) => !isId(text));
      const all = (others.length ? others : asked).map((part) => ({ text: part.text, ...fit(part, long) }));
      const fits = all.filter(({ scores }) => scores.size);
      const names = asked.every(({ name }) => name) ? NAMES_IN : {};
      const remedy = remedies.some((/** @type {string} */ phrase) => ` ${words(query).join(" ")} `.includes(phrase));
      const sorts = long || /Error\b|Exception\b/.test(query) ? ERRORS_IN : remedy ? REMEDIES_IN : names;
      const found = ranked(fits, content(query), { long, sorts });
      // What has all of the query; else what has most of its topics; and the best ones whatever they lack.
      const whole = found.filter(({ share }) => share > 0.999);
      const most = Math.max(...found.map(({ topic }) => topic));
      const inside = new Set(whole.length ? whole : found.filter(({ topic }) => topic > most - 0.001));
      const says = (/** @type {string} */ term) => !stop.has(term);
      const near = new Set(fits.flatMap((each) => each.terms).filter(says));
      const marks = {
        words: new Set(fits.flatMap((each) => each.marks.words).filter(says)),
        phrases: fits.flatMap((each) => each.marks.phrases),
        models: fits.some(({ lists }) => lists.size),
      };
      const absent = lacking(query, asked.reduce((sum, { length }) => sum + length, 0));
      const results = found
        .filter((entry, rank) => rank < (absent.length ? NEAR : BEST) || (inside.has(entry) && !absent.length))
        .map(({ section, score }) => shown(section, score, near, marks));
      return {
        results,
        groups: grouped(results),
        absent,
        unknown: [...unknown, ...all.filter(({ scores }) => !scores.size).map(({ text }) => text)],
        corrected,
      };
    }

    /**
     * What the site does not have, if at least half of a query is about it.
     *
     * @param {string} query
     * @param {number} length how many words it has that say something
     */
    function lacking(query, length) {
      const spoken = query.replace(NAME, (name) => (name.includes("_") ? name : parts(bare(name)).join(" ")));
      const isAbout = (/** @type {string} */ phrase) =>
        ` ${spoken} `.includes(phrase) && 2 * phrase.trim().split(" ").length >= length;
      return absences.filter(({ asked }) => asked.some(isAbout)).map(({ absence }) => absence);
    }

    /** @param {Section} section @param {number} score @param {Set<string>} near what the excerpt has @param {Marks} marks @returns {Result} */
    function shown(section, score, near, marks) {
      const { address, title, kind } = pages[section.page];
      return {
        address: address + (section.anchor && `#${section.anchor}`),
        kind,
        page: title,
        title: pieces(section.title, marks),
        get excerpt() {
          return pieces(passage(section.prose, near), marks);
        },
        score,
      };
    }

    /** @param {string} text @param {Marks} marks @returns {Piece[]} */
    function pieces(text, marks) {
      const names = [...text.matchAll(NAME)].map((match) => ({ match, own: parts(bare(match[0])), marked: false }));
      for (const each of names) {
        const [name] = each.match;
        const known = marks.models && listed.has(name.toLowerCase()) ? [name.toLowerCase()] : terms(name);
        each.marked = known.some((term) => marks.words.has(term));
      }
      const said = names.filter(({ own }) => !stop.has(own.join(" ")));
      for (const phrase of marks.phrases) {
        said.forEach((_, at) => {
          const some = said.slice(at, at + phrase.length);
          if (some.map(({ own }) => own.join(" ")).join(" ") === phrase.join(" ")) some.forEach((each) => (each.marked = true));
        });
      }
      const found = [];
      let end = 0;
      for (const { match, marked } of names) {
        if (!marked) continue;
        if (match.index > end) found.push({ text: text.slice(end, match.index), marked: false });
        end = match.index + match[0].length;
        found.push({ text: match[0], marked: true });
      }
      if (end < text.length) found.push({ text: text.slice(end), marked: false });
      return found;
    }

    return { find, message };
  }

  /**
   * The best results, whatever they are, and the others by kind, the kind with the best one first.
   *
   * @param {Result[]} results
   */
  function grouped(results) {
    const page = (/** @type {Result} */ { address }) => address.split("#")[0];
    /** @type {Result[]} */
    const best = [];
    for (const result of results) {
      if (best.length < BEST && best.filter((one) => page(one) === page(result)).length < 2) best.push(result);
    }
    /** @type {Map<string, Result[]>} */
    const kinds = new Map();
    for (const result of results) {
      if (best.includes(result)) continue;
      const others = kinds.get(result.kind) ?? [];
      kinds.set(result.kind, others);
      if (others.length < OF_A_KIND) others.push(result);
    }
    const groups = [...kinds].map(([name, others]) => ({ name, results: others }));
    return [{ name: "Best matches", results: best }, ...groups].filter((group) => group.results.length);
  }

  /** The passage of a text that has most of the terms. @param {string} text @param {Set<string>} marked */
  function passage(text, marked) {
    if (text.length <= EXCERPT) return text;
    const spots = [...text.matchAll(NAME)].flatMap((match) => {
      const term = terms(match[0]).find((each) => marked.has(each));
      return term ? [{ at: match.index, term }] : [];
    });
    let start = 0;
    let most = 0;
    for (const { at } of spots) {
      const inside = spots.filter((spot) => spot.at >= at && spot.at < at + EXCERPT * 0.8);
      const count = new Set(inside.map(({ term }) => term)).size;
      if (count > most) [most, start] = [count, at];
    }
    const sentence = Math.max(...[". ", "? ", "! "].map((mark) => text.lastIndexOf(mark, start) + 2));
    const near = sentence > 1 && start - sentence < EXCERPT / 3;
    const from = start < EXCERPT / 2 ? 0 : near ? sentence : text.lastIndexOf(" ", start - 20) + 1;
    const to = from + EXCERPT >= text.length ? text.length : text.lastIndexOf(" ", from + EXCERPT);
    return `${from && sentence !== from ? "… " : ""}${text.slice(from, to)}${to < text.length ? " …" : ""}`;
  }

  Object.assign(globalThis, { siteSearch });
}
