// What is kept of a reader, as data: its shape, how older shapes become this one, and how two become one.
// The same rules hold for the browser's storage and for an exported file.

/**
 * @typedef {{ state: "broken" | "solved", at: string }} Mark
 * @typedef {{ text: string, base: string, at: string }} Edit what the reader wrote, and the kata's text that it began from
 * @typedef {{ verdict?: Mark, hints?: { seen: number, at: string }, prediction?: { choice: number, at: string } }} Facts
 * @typedef {Facts & { edits?: Edit[] }} ZoneProgress the newest edit first
 * @typedef {Record<string, ZoneProgress>} Zones by slug
 */

/** What was kept under one of our names and is not ours to read: whole, under another name. */
/** @typedef {{ name: string, text: string, why: string, at: string }} Aside */

/** What a reset took from the clone, to be given back. */
/** @typedef {{ slug: string, hints: number, source: string | null }} Taken */

/**
 * A change that can be taken back: what it was, each name's text before and after, and what the clone has lost with it.
 *
 * @typedef {{ what: string, at: string, changes: [string, string | null, string | null][], clone?: Taken[] }} Undo
 */

/** Of this shape. Raise it with a step in {@link STEPS}. */
export const VERSION = 1;

/** From each version to the next, for all zones at once. @type {((zones: any) => any)[]} */
const STEPS = [
  // 0: only verdicts, straight below the slug.
  (zones) => Object.fromEntries(Object.entries(zones).map(([slug, mark]) => [slug, { verdict: mark }])),
];

/** Data that is not what it should be: the message says what is wrong, and where. */
export class Misshapen extends Error {}

/**
 * Checks data of a version and brings it to the present one.
 *
 * @param {unknown} zones
 * @param {number} version
 * @returns {Zones}
 */
export function present(zones, version) {
  let now = object(zones, "zones");
  for (const step of STEPS.slice(version)) now = step(now);
  for (const [slug, zone] of Object.entries(now)) {
    if (!isSlug(slug)) throw new Misshapen(`zones: ${JSON.stringify(slug)} is no name of a zone`);
    const { edits, ...facts } = object(zone, `zones.${slug}`);
    checkFacts(facts, `zones.${slug}`);
    if (edits === undefined) continue;
    if (!Array.isArray(edits)) throw wrong(`zones.${slug}.edits`, "a list", edits);
    edits.forEach((edit, index) => checkEdit(edit, `zones.${slug}.edits[${index}]`));
  }
  return now;
}

/** @param {string} text */
export function isSlug(text) {
  return /^[a-z][a-z0-9-]{0,63}$/.test(text);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {asserts value is Facts}
 */
export function checkFacts(value, place) {
  const facts = only(value, ["verdict", "hints", "prediction"], place);
  if (facts.verdict !== undefined) {
    const mark = only(facts.verdict, ["state", "at"], `${place}.verdict`);
    if (mark.state !== "broken" && mark.state !== "solved") {
      throw wrong(`${place}.verdict.state`, '"broken" or "solved"', mark.state);
    }
    time(mark.at, `${place}.verdict.at`);
  }
  if (facts.hints !== undefined) {
    const hints = only(facts.hints, ["seen", "at"], `${place}.hints`);
    small(hints.seen, `${place}.hints.seen`);
    time(hints.at, `${place}.hints.at`);
  }
  if (facts.prediction !== undefined) {
    const prediction = only(facts.prediction, ["choice", "at"], `${place}.prediction`);
    small(prediction.choice, `${place}.prediction.choice`);
    time(prediction.at, `${place}.prediction.at`);
  }
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {asserts value is Edit}
 */
export function checkEdit(value, place) {
  const edit = only(value, ["text", "base", "at"], place);
  for (const name of ["text", "base"]) {
    if (typeof edit[name] !== "string") throw wrong(`${place}.${name}`, "a text", edit[name]);
  }
  time(edit.at, `${place}.at`);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {asserts value is Aside}
 */
export function checkAside(value, place) {
  const aside = only(value, ["name", "text", "why", "at"], place);
  if (Object.values(aside).some((text) => typeof text !== "string")) throw new Misshapen(`${place}: not all is text`);
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {asserts value is Undo}
 */
export function checkUndo(value, place) {
  const { what, at, changes, clone = [] } = only(value, ["what", "at", "changes", "clone"], place);
  if (typeof what !== "string") throw wrong(`${place}.what`, "a text", what);
  time(at, `${place}.at`);
  if (!Array.isArray(changes)) throw wrong(`${place}.changes`, "a list", changes);
  for (const change of changes) {
    const isChange = Array.isArray(change) && change.length === 3 && /^(zone|edit|aside):/.test(change[0]);
    const isText = (/** @type {unknown} */ text) => text === null || typeof text === "string";
    if (!isChange || !change.slice(1).every(isText)) throw wrong(`${place}.changes`, "names of ours with two texts", change);
  }
  if (!Array.isArray(clone)) throw wrong(`${place}.clone`, "a list", clone);
  for (const taken of clone) only(taken, ["slug", "hints", "source"], `${place}.clone`);
}

/**
 * Of two sets of facts about one zone the later of each; of hints the most that were seen, for nobody unsees one.
 *
 * @param {Facts} a
 * @param {Facts} b
 * @returns {Facts}
 */
export function mergeFacts(a, b) {
  /** @type {Facts} */
  const merged = {};
  const verdict = later(a.verdict, b.verdict);
  const prediction = later(a.prediction, b.prediction);
  const hints = (b.hints?.seen ?? -1) > (a.hints?.seen ?? -1) ? b.hints : a.hints;
  if (verdict) merged.verdict = verdict;
  if (hints) merged.hints = hints;
  if (prediction) merged.prediction = prediction;
  return merged;
}

/**
 * @template {{ at: string }} T
 * @param {T | undefined} a
 * @param {T | undefined} b
 */
function later(a, b) {
  if (!a || !b) return a ?? b;
  return b.at > a.at ? b : a;
}

/**
 * @param {unknown} value
 * @param {string} place
 * @returns {Record<string, any>}
 */
export function object(value, place) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw wrong(place, "an object", value);
  return value;
}

/**
 * An object that has no fields but these: what we do not know we could not keep.
 *
 * @param {unknown} value
 * @param {string[]} known
 * @param {string} place
 */
export function only(value, known, place) {
  const fields = object(value, place);
  const other = Object.keys(fields).find((name) => !known.includes(name));
  if (other !== undefined) throw new Misshapen(`${place}: nobody knows the field ${JSON.stringify(other)}`);
  return fields;
}

/**
 * @param {unknown} value
 * @param {string} place
 */
function small(value, place) {
  if (!Number.isInteger(value) || Number(value) < 0 || Number(value) > 99) {
    throw wrong(place, "a whole number from 0 to 99", value);
  }
}

/**
 * @param {unknown} value
 * @param {string} place
 */
function time(value, place) {
  const isTime = typeof value === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$/.test(value);
  if (!isTime || Number.isNaN(Date.parse(value))) throw wrong(place, "a time like 2026-11-28T16:30:00Z", value);
}

/**
 * @param {string} place
 * @param {string} wanted
 * @param {unknown} value
 */
function wrong(place, wanted, value) {
  const text = JSON.stringify(value) ?? "missing";
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return new Misshapen(`${place}: this should be ${wanted}, and is ${shown}`);
}
