// What the reader has done, kept in their own browser by the zone's slug: verdicts, edits, hints, predictions.
//
// Each book has its own data: keys begin with the path of its root, for books of one host (name.github.io/…) share an
// origin. What is done here is told to the clone, where `cargo kata serve` serves one.

import { askTheClone, hintsInClone, isSolvedInClone, makeTheCloneForget, tellTheClone } from "./clone.js";
import { site } from "./site.js";
import { Area } from "./store-area.js";
import { Store } from "./store-core.js";
import { readFile, sizeOf, writeFile } from "./store-file.js";

export { askTheClone } from "./clone.js";
export { keepAcrossReload, keptAcrossReload } from "./reload.js";

/** @typedef {import("./store-core.js").Draft} Draft */
/** @typedef {{ state: "broken" | "solved", at: string }} Progress */

/** Where the first version kept verdicts, for every book of an origin. */
const OLD_KEY = "kata-progress";

const TROUBLE = {
  off: "This browser keeps nothing for this page: its storage is turned off. What you do here lasts until you close the page.",
  full: "This browser has no room left for this page. What you did last is kept only until you close the page.",
  newer: "What this browser keeps for this book was written by a newer version of it, and is left as it is. Reload the page to get that version; until then nothing new is kept.",
};

const area = new Area(() => localStorage, `kata:${site.root.pathname}:`);
const store = new Store(area, pageName(), oldProgress());

/** @type {Set<(slug: string | null) => void>} */
const listeners = new Set();

addEventListener("storage", (event) => {
  const [kind, slug] = area.nameOf(event)?.split(":") ?? [];
  if (kind === "version") store.heedVersion();
  if (kind === "zone" || kind === "edit") announce(slug);
  // The reader has cleared everything, or another tab did something that can be taken back, or took it back.
  if (event.key === null || kind === "undo") announce(null);
});

// A page that the browser has kept for its Back button has heard of nothing meanwhile.
addEventListener("pageshow", ({ persisted }) => {
  if (persisted) announce(null);
});

// Where there is a clone, its terminal may have said or judged something while the reader was away.
if (site.mode === "serve") addEventListener("focus", () => void askTheClone().then(() => announce(null)));

/**
 * Calls back when something has changed that this page did not do by itself: in another tab, in the clone, or by an import, a
 * reset or an undo.
 *
 * @param {(slug: string | null) => void} callback null: any zone may have changed
 */
export function onChange(callback) {
  listeners.add(callback);
}

/** @param {string | null} slug */
function announce(slug) {
  for (const listener of listeners) listener(slug);
}

/** Why what is done here is not kept, as sentences for the reader; null if all is well. */
export function trouble() {
  return area.refusal && TROUBLE[area.refusal];
}

/**
 * Calls back each time something could not be kept.
 *
 * @param {() => void} callback
 */
export function onTrouble(callback) {
  area.onRefusal = callback;
}

/**
 * @param {string} slug
 * @returns {Progress | null}
 */
export function progressOf(slug) {
  const here = store.facts(slug).verdict ?? null;
  const inClone = isSolvedInClone(slug);
  if (inClone === null) return here;
  if (inClone) return { at: here?.at ?? "", state: "solved" };
  // What was solved here is an edit that is not saved. Where there is none, the clone has another text, which nobody has run.
  return here?.state === "solved" && !keptEdit(slug) ? null : here;
}

/**
 * Remembers a run of the kata.
 *
 * @param {string} slug
 * @param {Progress["state"]} state
 * @param {string | null} source names the text that was judged, where a clone keeps the marks
 */
export async function remember(slug, state, source) {
  store.know(slug, { verdict: { state, at: new Date().toISOString() } });
  // Whether that was heard shows on the next page.
  if (site.mode === "serve" && state === "solved" && source !== null) await tellTheClone({ slug, source }).catch(() => {});
}

/**
 * Remembers that nothing is broken any more, though not every rule could be judged.
 *
 * @param {string} slug
 */
export function forgetBroken(slug) {
  if (store.facts(slug).verdict?.state === "broken") store.know(slug, { verdict: undefined });
}

/** @param {string} slug */
export function hintsSeen(slug) {
  return Math.max(store.facts(slug).hints?.seen ?? 0, hintsInClone(slug));
}

/**
 * @param {string} slug
 * @param {number} seen how many
 */
export function keepHints(slug, seen) {
  store.know(slug, { hints: { seen, at: new Date().toISOString() } });
  if (site.mode === "serve" && seen > hintsInClone(slug)) tellTheClone({ slug, hints: seen }).catch(() => {});
}

/**
 * The index of the reader's choice; null if there is none.
 *
 * @param {string} slug
 */
export function predictionOf(slug) {
  return store.facts(slug).prediction?.choice ?? null;
}

/**
 * @param {string} slug
 * @param {number} choice
 */
export function keepPrediction(slug, choice) {
  store.know(slug, { prediction: { choice, at: new Date().toISOString() } });
}

/**
 * What the reader has written, and the kata's text that it began from. The page shows it from now on, and may drop it.
 *
 * @param {string} slug
 * @returns {{ text: string, base: string } | null}
 */
export function editOf(slug) {
  return store.edit(slug);
}

/**
 * The same for who only looks: see {@link editOf}.
 *
 * @param {string} slug
 * @returns {{ text: string, base: string } | null}
 */
export function keptEdit(slug) {
  return store.peek(slug);
}

/**
 * Keeps an edit. One that another tab has written meanwhile is not lost: see {@link otherEdits}.
 *
 * @param {string} slug
 * @param {string} text
 * @param {string} base
 */
export function keepEdit(slug, text, base) {
  store.keepEdit(slug, text, base);
}

/** @param {string} slug */
export function dropEdit(slug) {
  store.dropEdit(slug);
}

/**
 * Edits of other tabs, or of an import, that differ from this page's. The reader should choose.
 *
 * @param {string} slug
 * @returns {Draft[]}
 */
export function otherEdits(slug) {
  return store.otherEdits(slug);
}

/**
 * Makes an edit this page's own and drops the others that the reader saw; `undo` brings them back.
 *
 * @param {string} slug
 * @param {Draft} chosen
 * @param {Draft[]} seen
 */
export function chooseEdit(slug, chosen, seen) {
  store.chooseEdit(slug, chosen, seen);
  announce(slug);
}

/** What could not be read and was set aside. */
export function asides() {
  return store.asides();
}

/** How much is kept. */
export function extent() {
  return sizeOf(store.zones());
}

/**
 * How much is in the text of a file. Throws like {@link takeIn}.
 *
 * @param {string} text
 */
export function extentOfFile(text) {
  return sizeOf(readFile(text));
}

/** All progress as the text of a file. */
export function exported() {
  return writeFile(store.zones(), store.asides(), site.root.href);
}

/**
 * Takes in the text of a file. Throws, in words for the reader, if it is no such file; then nothing has changed.
 *
 * @param {string} text
 * @param {"merge" | "replace"} how
 */
export function takeIn(text, how) {
  const zones = readFile(text);
  store.undoably(how === "merge" ? "import of a file" : "replacement by a file", [], () => {
    if (how === "replace") store.forget(null);
    store.merge(zones);
  });
  announce(null);
}

/**
 * Forgets a zone, or everything. Where there is a clone, its marks too: not the katas' files.
 *
 * @param {string | null} slug
 */
export async function reset(slug) {
  // First the clone, which may not answer: then nothing is forgotten.
  const clone = site.mode === "serve" ? await makeTheCloneForget(slug) : [];
  store.undoably(slug === null ? "reset of everything" : `reset of ${slug}`, [], () => store.forget(slug), clone);
  announce(slug);
}

/** What `undo` would take back: "reset of everything"; null if there is nothing. */
export function undoable() {
  return store.undo?.what ?? null;
}

/** Takes back the last import, reset or choice. What has been done since stays. */
export async function undo() {
  // What the clone refuses has changed there since, and is not solved any more.
  for (const news of store.takeBack()) await tellTheClone(news).catch(() => {});
  announce(null);
}

/** Names this page among all that are open. */
function pageName() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @returns {string | null} */
function oldProgress() {
  try {
    return localStorage.getItem(OLD_KEY);
  } catch {
    return null;
  }
}
