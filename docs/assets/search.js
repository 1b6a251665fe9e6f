/* Find what was typed, whole, and put the place that explains it first.

   This runs as the worker of the theme's search, in place of the theme's own, and speaks its
   messages. That one parts Chinese into words, loses the last word of what was typed, and knows
   neither the glossary nor that a chapter explains more than a reference. The index comes from
   docs/hooks/book/search_index.py. */

const [SETUP, READY, QUERY, RESULT] = [0, 1, 2, 3];
const IN_TITLE = 8; // against a word of the text, which counts one to two
const IN_CODE = 0.2;
const IN_NAME = 40; // for the start of a term that is explained, by how much of it is typed
const SHOWN = 2; // passages of an entry
const NONE = { title: 0, text: 0 };
const AROUND = 70; // characters shown before and after a match, about

const APART = "\u0000"; // nothing matches across it
const CODE = /<pre>.*?<\/pre>/gs;
const HAN = /\p{Script=Han}+/u;
const PARTS = /\p{Script=Han}+|(?:(?!\p{Script=Han})[\p{L}\p{N}_])+/gu;
const ASKING = /为什么|什么是|是什么|有什么用|什么|怎么样|怎么|怎样|如何|哪些|区别|的|吗|呢|和|与/u;
const SMALL = new Set(
  "a an and are be can do does for from how i in is it of on or the to what when where which who why with"
    .split(" "),
);
const SPELLINGS = [
  [/(col|behavi|neighb)ou?r/g, "$1ou?r"],
  [/gr[ea]y/g, "gr[ea]y"],
  [/cent(?:re|er)/g, "cent(?:re|er)"],
  [/i[sz](e|ing|ation)/g, "i[sz]$1"],
];

let entries = [];
let everything = "";

addEventListener("message", ({ data: { type, data } }) => {
  if (type === SETUP) {
    read(data.docs);
    postMessage({ type: READY });
  } else if (type === QUERY) {
    postMessage({ type: RESULT, data: { items: search(data) } });
  }
});

function read(docs) {
  const pages = new Map();
  entries = docs.map((doc) => {
    const page = doc.location.split("#")[0];
    if (!pages.has(page)) pages.set(page, doc.location);
    const [text, code] = [doc.text.replace(CODE, "<p>"), doc.text.match(CODE) ?? []];
    const passages = text.split(/<\/?(?:p|li|ol|ul)>/).map(plain);
    return {
      location: doc.location,
      page: pages.get(page),
      title: plain(doc.title),
      passages: passages.filter((passage) => passage),
      code: code.map(plain),
      terms: doc.terms ?? [],
      weight: doc.weight ?? 1,
    };
  });
  everything = entries.map(written).join(APART).toLowerCase();
}

function written({ title, passages, code }) {
  return [title, ...passages, ...code].join(APART);
}

function plain(html) {
  const text = html.replace(/<[^>]+>/g, "").replace(/\s+/g, " ").trim();
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
}

function search(typed) {
  const words = wordsOf(typed.normalize("NFKC").toLowerCase());
  if (!words.length) return [];
  const telling = (word) => !SMALL.has(word);
  const phrase = words.slice(words.findIndex(telling), words.findLastIndex(telling) + 1);
  if (!phrase.length) phrase.push(...words);
  const last = phrase.at(-1);
  const parts = [...new Set(phrase.some(telling) ? phrase.filter(telling) : phrase)];
  const matchers = parts.map((part) => new RegExp(pattern(part, part === last), "giu"));
  const patterns = phrase.map((word, i) => pattern(word, i === phrase.length - 1));
  const whole = new RegExp(patterns.join("[\\s_-]*"), "giu");
  const found = entries.map((entry) => compare(entry, key(phrase.join(" ")), matchers, whole));
  const rarity = parts.map((_, i) => {
    const having = found.filter(({ counts }) => counts[i].found).length;
    return Math.log(1 + entries.length / (having + 1));
  });
  const any = new RegExp(matchers.map((one) => one.source).join("|"), "giu");
  const results = found
    .map((one) => ({ ...one, score: score(one, rarity) }))
    .filter((one) => one.score > 0)
    .sort((a, b) => b.score - a.score);
  const first = new Map([...results].reverse().map((one) => [one.entry.page, one]));
  return byPage(
    results.map((one) => {
      const { together } = one.together ? one : first.get(one.entry.page);
      return shown(one, parts, together ? whole : any);
    }),
  );
}

/* Words of English and runs of Chinese. A run that stands nowhere is parted into what does. */
function wordsOf(typed) {
  return (typed.match(PARTS) ?? []).flatMap((part) =>
    !HAN.test(part) || everything.includes(part) || isName(part)
      ? [part]
      : part.split(ASKING).filter(Boolean).flatMap(piecesOf),
  );
}

function piecesOf(run) {
  const pieces = [];
  for (let start = 0; start < run.length; ) {
    let end = run.length;
    while (end > start + 1 && !everything.includes(run.slice(start, end))) end -= 1;
    pieces.push(run.slice(start, end));
    start = end;
  }
  const longer = pieces.filter((piece) => piece.length > 1);
  return longer.length ? longer : [run];
}

/* A word in either number and both spellings; the last is perhaps still being typed. */
function pattern(part, last) {
  if (HAN.test(part)) return part;
  let stem = part;
  if (part.length > 3) stem = stem.replace(/(?:y|ies)$/, "(?:y|ies)").replace(/([^s])s$/, "$1s?");
  for (const [spelling, either] of SPELLINGS) stem = stem.replace(spelling, either);
  const whole = !last || part.length === 1 || /^\d+$/.test(part);
  const end = !whole ? "[\\p{L}\\p{N}]*" : "(?:s|es|ed|ing)?(?![\\p{L}\\p{N}])";
  return `(?<![\\p{L}\\p{N}])${stem}${end}`;
}

/* What is left of a name when it does not matter how it is written. */
function key(name) {
  return (name.toLowerCase().match(PARTS) ?? [])
    .map((part) => part.replace(/_/g, "").replace(/ies$/, "y").replace(/([^s])s$/, "$1"))
    .join("")
    .replace(/(col|behavi|neighb)our/g, "$1or")
    .replace(/is(e|ing|ation)/g, "iz$1");
}

function isName(part) {
  return entries.some((entry) => entry.terms.some((term) => term.some((name) => name === part)));
}

function share(start, name) {
  return name.startsWith(start) ? start.length / name.length : 0;
}

function compare(entry, typed, matchers, whole) {
  const fields = [entry.title, entry.passages.join(APART), entry.code.join(APART)];
  const count = (matcher) => {
    const [title, text, code] = fields.map((field) => (field.match(matcher) ?? []).length);
    return { title, text: text + code * IN_CODE, found: title + text + code > 0 };
  };
  const joined = count(whole);
  return {
    entry,
    counts: matchers.map(count),
    together: joined.found,
    joined: matchers.length > 1 ? joined : NONE,
    named: entry.terms.find((term) => term.some((name) => key(name) === typed)),
    begun: Math.max(0, ...entry.terms.flat().map((name) => share(typed, key(name)))),
    titled: key(entry.title) === typed,
  };
}

function score({ entry, counts, joined, named, begun, titled }, rarity) {
  const worth = ({ title, text }) => (title ? IN_TITLE : 0) + (2 * text) / (1 + text);
  const sum = counts.reduce((all, one, i) => all + rarity[i] * worth(one), 0);
  const matched = counts.filter(({ found }) => found).length / counts.length;
  const whole = (titled ? IN_TITLE : 0) + begun * IN_NAME;
  const first = entry.location === entry.page ? 1.5 : 1;
  const total = entry.weight * first * (sum * matched ** 2 + 2 * worth(joined) + whole);
  return total + (named ? 1000 : 0);
}

function shown({ entry, score, counts, named }, parts, marks) {
  const { location, page, title, passages, code } = entry;
  const having = [...passages, ...code].filter((passage) => passage.search(marks) >= 0);
  const best = having.length ? having.slice(0, SHOWN) : passages.slice(0, 1);
  const text = best.map((one) => `<p>${excerpt(one, marks)}</p>`);
  return { location, page, title: mark(title, marks), text: text.join(""), score, terms: told() };

  /* What the page marks, once it is opened, and what it does not have. */
  function told() {
    const matches = written(entry).match(marks) ?? [];
    const missing = parts.filter((_, i) => !counts[i].found);
    return Object.fromEntries([
      ...[...matches, ...(named ? [named[0]] : [])].map((one) => [one.toLowerCase(), true]),
      ...missing.map((one) => [one, false]),
    ]);
  }
}

/* The part of a passage around its first match. */
function excerpt(passage, marks) {
  const at = Math.max(0, passage.search(marks));
  const start = at > AROUND * 1.5 ? at - AROUND : 0;
  const end = passage.length > at + AROUND * 2 ? at + AROUND * 1.5 : passage.length;
  const from = start && passage.slice(start).search(/[\s，。；：]|\p{Script=Han}/u) + start;
  const cut = passage.slice(from, end).replace(/[\p{L}\p{N}]+$/u, (last) =>
    end < passage.length && !HAN.test(last) ? "" : last,
  );
  return `${start ? "…" : ""}${mark(cut.trim(), marks)}${end < passage.length ? "…" : ""}`;
}

function mark(text, marks) {
  let [html, last] = ["", 0];
  for (const match of text.matchAll(marks)) {
    html += `${escape(text.slice(last, match.index))}<mark>${escape(match[0])}</mark>`;
    last = match.index + match[0].length;
  }
  return (html + escape(text.slice(last))).replace(/<\/mark>([\s-]*)<mark>/g, "$1");
}

function escape(text) {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/* The theme wants the results of a page together, with the page's own entry among them. */
function byPage(results) {
  const pages = new Map();
  for (const { page, ...result } of results) {
    pages.set(page, [...(pages.get(page) ?? []), result]);
  }
  for (const [page, items] of pages) {
    if (items.some(({ location }) => location === page)) continue;
    const { title } = entries.find(({ location }) => location === page);
    items.push({ location: page, title: escape(title), text: "", score: 0, terms: {} });
  }
  return [...pages.values()];
}
