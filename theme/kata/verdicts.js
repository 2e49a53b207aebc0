// Shows verdicts: a row a test, calm when it holds, in plain words when it does not.

import { all, count, duration, h } from "./dom.js";

/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {Verdict["outcome"] | "none" | "waiting" | "running"} RowState */

/** @type {Record<RowState, string>} */
const WORDS = {
  none: "not run",
  waiting: "waiting",
  running: "running",
  passed: "passed",
  failed: "failed",
  timeout: "timed out",
  "load-error": "could not load",
  unjudged: "could not be judged here",
};

/** What is said first, with its reason. @type {string[]} */
const BROKEN = ["failed", "timeout", "load-error", "unjudged"];

/**
 * How often a list may change while tests run, in milliseconds. Each change is a frame of a long page,
 * and frames take the processor from the tests.
 */
const PACE = 100;

/**
 * The rows of one run. Rows that the server rendered are used; missing ones are made. Where there is a place for them, what
 * is broken comes first, and what holds is folded to a count.
 */
export class VerdictList {
  /** What is to be drawn, by test: only the last of its states. @type {Map<string, () => void>} */
  #due = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {HTMLElement} root a list, or what holds the lists of several groups */
  constructor(root) {
    /** Where rows go that the server did not render. */
    this.list = all(root, ".kata-tests").at(-1) ?? root;
    /** Where the rows go that do not hold. @type {HTMLElement | null} */
    this.broken = root.querySelector(".kata-broken");
    /** @type {HTMLElement | null} */
    this.held = root.querySelector(".kata-held");
    /** @type {Map<string, HTMLElement>} */
    this.rows = new Map(all(root, "[data-test]").map((row) => [row.dataset.test ?? "", row]));
  }

  /**
   * Forgets the last run and waits for this one.
   *
   * @param {string[]} tests
   */
  begin(tests) {
    this.finish();
    this.held?.removeAttribute("open");
    for (const test of tests) this.#set(test, "waiting");
    for (const [test, row] of this.rows) {
      if (!tests.includes(test)) this.#set(test, "none");
      row.querySelector(".kata-outcome")?.remove();
    }
    this.#sort();
  }

  /**
   * Lists what could be run.
   *
   * @param {string[]} tests
   */
  announce(tests) {
    for (const test of tests) this.#set(test, "none");
    this.#sort();
  }

  /**
   * A test has begun, which is shown within {@link PACE}.
   *
   * @param {string} test
   */
  start(test) {
    this.#plan(test, () => this.#set(test, "running"));
  }

  /**
   * A verdict has come, which is shown within {@link PACE}.
   *
   * @param {Verdict} verdict
   * @param {string | null} [lines] the address of the bundle's source map
   */
  show(verdict, lines = null) {
    this.#plan(verdict.test, () => this.#show(verdict, lines));
  }

  /** Shows at once all that has come. */
  finish() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#due.size === 0) return;
    for (const draw of this.#due.values()) draw();
    this.#due.clear();
    this.#sort();
  }

  /** Puts the rows that do not hold first, all in their order, and counts the others. */
  #sort() {
    if (!this.broken || !this.held) return;
    const rows = [...this.rows.values()];
    const focused = document.activeElement;
    for (const row of rows) {
      const list = BROKEN.includes(row.dataset.outcome ?? "") ? this.broken : this.list;
      if (row.parentElement !== list) list.insertBefore(row, after(row, list, rows));
    }
    // What is moved loses it.
    if (focused instanceof HTMLElement && focused !== document.activeElement) focused.focus({ preventScroll: true });
    const number = (/** @type {RowState[]} */ ...states) =>
      rows.filter(({ dataset }) => states.includes(/** @type {RowState} */ (dataset.outcome))).length;
    const [held, due, none] = [number("passed"), number("waiting", "running"), number("none")];
    const parts = [
      held > 0 && count(held, "rule holds", "rules hold"),
      due > 0 && `${due} to come`,
      none > 0 && (held > 0 ? `${none} not run` : `${count(none, "rule", "rules")}, not run`),
    ];
    const name = this.held.querySelector(".kata-name");
    if (name) name.textContent = parts.filter(Boolean).join(", ");
    this.held.hidden = !parts.some(Boolean);
  }

  /** Puts back what will not come: the run was stopped. */
  halt() {
    this.finish();
    for (const [test, row] of this.rows) {
      if (row.dataset.outcome === "waiting" || row.dataset.outcome === "running") this.#set(test, "none");
    }
    this.#sort();
  }

  /**
   * @param {string} test
   * @param {() => void} draw
   */
  #plan(test, draw) {
    this.#due.set(test, draw);
    this.#timer ??= setTimeout(() => this.finish(), PACE);
  }

  /**
   * @param {Verdict} verdict
   * @param {string | null} lines
   */
  #show(verdict, lines) {
    const state = verdict.outcome;
    const row = this.#set(verdict.test, state);
    const time = row.querySelector(".kata-ms");
    if (time) time.textContent = state === "load-error" ? "" : duration(verdict.ms);
    row.querySelector(".kata-outcome")?.remove();
    const details = explain(verdict, lines);
    if (details.length > 0) row.append(h("div", { class: "kata-outcome" }, ...details));
  }

  /**
   * @param {string} test
   * @param {RowState} state
   */
  #set(test, state) {
    const row = this.rows.get(test) ?? this.#add(test);
    row.dataset.outcome = state;
    const word = row.querySelector(".kata-word");
    if (word) word.textContent = WORDS[state];
    const time = row.querySelector(".kata-ms");
    if (time) time.textContent = "";
    return row;
  }

  /**
   * A test's name as a sentence, which the page's own list of rules spells. A rule leads to its test.
   *
   * @param {string} test
   */
  #title(test) {
    const rule = this.list.closest("kata-panel")?.querySelector(`.kata-spec [data-test="${CSS.escape(test)}"]`);
    const title = rule?.querySelector(".kata-name")?.textContent ?? test;
    return rule && this.held ? h("a", { href: `#${rule.id}` }, title) : title;
  }

  /** @param {string} test */
  #add(test) {
    const row = h(
      "li",
      { class: "kata-test", "data-test": test },
      h(
        "div",
        { class: "kata-test-head" },
        h("span", { class: "kata-mark" }),
        h("span", { class: "kata-name" }, this.#title(test)),
        h("span", { class: "kata-word" }),
        h("span", { class: "kata-ms" }),
      ),
    );
    this.rows.set(test, row);
    this.list.append(row);
    return row;
  }
}

/**
 * The first of a list's rows that comes behind a row.
 *
 * @param {HTMLElement} row
 * @param {HTMLElement} list
 * @param {HTMLElement[]} rows in their order
 */
function after(row, list, rows) {
  return rows.slice(rows.indexOf(row) + 1).find((other) => other.parentElement === list) ?? null;
}

/**
 * @param {Verdict} verdict
 * @param {string | null} lines
 * @returns {HTMLElement[]}
 */
function explain(verdict, lines) {
  const parts = [];
  if (verdict.message) parts.push(h("p", { class: "kata-message" }, withCode(verdict.message)));
  if (verdict.panic) {
    const { text, location } = verdict.panic;
    const own = text.trim() === verdict.message.trim() ? null : h("span", { class: "kata-panic-text" }, text);
    parts.push(h("p", { class: "kata-panic" }, own, "panicked at ", h("code", { class: "hljs" }, location)));
  }
  if (verdict.stack.length > 0) {
    const frames = verdict.stack.map((frame) => h("li", {}, h("code", {}, frame)));
    const fold = foldedList(`Rust stack, ${count(frames.length, "frame", "frames")}`, "kata-stack", frames);
    if (lines) fold.addEventListener("toggle", () => void addPlaces(frames, lines, verdict.offsets), { once: true });
    parts.push(fold);
  }
  if (verdict.console.length > 0) {
    const lines = verdict.console.map(({ level, text }) =>
      h("li", { "data-level": level }, h("span", { class: "kata-level" }, level), h("span", {}, text)),
    );
    parts.push(foldedList(`Console, ${count(lines.length, "line", "lines")}`, "kata-console", lines));
  }
  return parts;
}

/**
 * Adds to each frame where it stands in Rust. A map that cannot be had leaves the names, which say enough.
 *
 * @param {HTMLElement[]} frames
 * @param {string} lines
 * @param {(number | null)[]} offsets
 */
async function addPlaces(frames, lines, offsets) {
  const map = import("./source-map.js");
  const places = await map.then(({ placesOf }) => placesOf(lines, offsets)).catch(() => []);
  frames.forEach((frame, index) => {
    const place = places[index];
    if (place) frame.append(" at ", h("code", {}, place));
  });
}

/**
 * A message with its `quoted` words as code.
 *
 * @param {string} message
 * @returns {(string | HTMLElement)[]}
 */
function withCode(message) {
  return message
    .split(/`([^`\n]+)`/)
    .map((part, index) => (index % 2 === 1 ? h("code", { class: "hljs" }, part) : part));
}

/**
 * A list that may be long: it is folded, and scrolls by keyboard.
 *
 * @param {string} label
 * @param {string} name the list's class
 * @param {HTMLElement[]} items
 */
function foldedList(label, name, items) {
  const list = h("ol", { class: name, tabindex: "0", "aria-label": label }, items);
  return h("details", { class: "kata-fold" }, h("summary", {}, label), list);
}

/**
 * One line on a whole run: "2 of 9 rules broken".
 *
 * @param {Verdict[]} verdicts
 */
export function summary(verdicts) {
  /** @param {Verdict["outcome"]} outcome */
  const number = (outcome) => verdicts.filter((verdict) => verdict.outcome === outcome).length;
  const total = verdicts.length;
  const [passed, failed, late] = [number("passed"), number("failed"), number("timeout")];
  const [unloaded, unjudged] = [number("load-error"), number("unjudged")];
  if (passed === total) return `All ${count(total, "rule holds", "rules hold")}`;
  if (unloaded === total) return "The module could not be loaded";
  const parts = [];
  if (failed + late > 0) parts.push(`${failed + late} of ${count(total, "rule", "rules")} broken`);
  if (late > 0) parts.push(`${late} by the time limit`);
  if (unloaded > 0) parts.push(`${unloaded} could not load`);
  if (parts.length === 0 && passed > 0) parts.push(count(passed, "rule holds", "rules hold"));
  if (unjudged > 0) parts.push(`${unjudged} could not be judged here`);
  return parts.join(", ");
}

/**
 * What a whole run says of the kata: "open" if nothing was broken, but not everything could be judged.
 *
 * @param {Verdict[]} verdicts
 * @returns {"good" | "bad" | "open"}
 */
export function tone(verdicts) {
  if (verdicts.every((verdict) => verdict.outcome === "passed")) return "good";
  return verdicts.every((verdict) => verdict.outcome === "passed" || verdict.outcome === "unjudged") ? "open" : "bad";
}

/**
 * A run in the fewest words, for the line of an attempt: "breaks 2 of 9".
 *
 * @param {Verdict[]} verdicts
 */
export function brief(verdicts) {
  const broken = verdicts.filter((verdict) => !["passed", "unjudged"].includes(verdict.outcome)).length;
  if (broken > 0) return `breaks ${broken} of ${verdicts.length}`;
  return tone(verdicts) === "good" ? "every rule holds" : "all that could be judged holds";
}
