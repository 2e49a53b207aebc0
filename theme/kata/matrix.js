// Where the engines differ: marks the reader's own column and fills it, and says of an attempt that passes
// here where it does not.

import { all, h } from "./dom.js";
import { engineId } from "./engine.js";
import { brief } from "./verdicts.js";

/** @typedef {import("./types.js").Verdict} Verdict */

/** @type {Record<string, string>} */
const TITLES = { chromium: "Chromium", firefox: "Firefox", webkit: "WebKit" };

/**
 * Marks the column of this engine.
 *
 * @param {HTMLElement} panel
 */
export function markOwnEngine(panel) {
  for (const cell of all(panel, `.kata-matrix [data-engine="${engineId()}"]`)) {
    cell.dataset.own = "";
    if (cell.tagName === "TH") cell.append(h("span", { class: "kata-own kata-live" }, "your browser"));
  }
}

/**
 * Puts what a run came to beside what is declared of it.
 *
 * @param {HTMLElement} panel
 * @param {string} variant
 * @param {Verdict[]} verdicts
 */
export function fillOwnEngine(panel, variant, verdicts) {
  const of = `[data-variant="${CSS.escape(variant)}"]`;
  for (const here of all(panel, `.kata-matrix tr${of} [data-own] .kata-here`)) here.textContent = `here: ${brief(verdicts)}`;
  for (const { test, outcome } of verdicts) {
    const row = `.kata-engine-rules${of} tr[data-test="${CSS.escape(test)}"]`;
    const word = { passed: "passed", failed: "failed", timeout: "timed out", "load-error": "could not load", unjudged: "could not be judged" }[outcome];
    for (const here of all(panel, `${row} [data-own] .kata-here`)) here.textContent = `here: ${word}`;
  }
}

/**
 * Where an attempt fails that is declared to pass in this engine; null for any other.
 *
 * @param {HTMLElement} attempt
 * @returns {{ word: string, sentence: string } | null}
 */
export function failsElsewhere(attempt) {
  /** @type {Record<string, string | null>} */
  const fate = JSON.parse(attempt.dataset.fate ?? "{}");
  if (fate[engineId()] !== null) return null;
  /** @type {Map<string, string[]>} */
  const how = new Map();
  for (const [engine, what] of Object.entries(fate)) {
    if (what !== null) how.set(what, [...(how.get(what) ?? []), TITLES[engine] ?? engine]);
  }
  const list = new Intl.ListFormat("en");
  const parts = [...how].map(([what, engines]) => `${what} in ${list.format(engines)}`);
  return {
    word: `passes here, fails in ${list.format([...how.values()].flat())}`,
    sentence: `It is wrong all the same: it ${list.format(parts)}.`,
  };
}
