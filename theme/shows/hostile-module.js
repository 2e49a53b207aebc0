// The twelve guests as a board of lamps, and for each how long the heart of the thread that called `run` stood still.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Lamp
 * @property {string} name of the guest
 * @property {string} expected its end
 * @property {string} came how it ended here
 * @property {number} took milliseconds
 * @property {number} still the longest between two beats of the heart, in milliseconds
 */

const ROW = 30;
const TOP = 62;
const ROWS = 13;
const PANEL = TOP + ROWS * ROW + 14;

/** A heart that beats every 5 ms and stands still for longer than that has missed something. */
const MISSED = 50;

/** @type {Record<string, string>} */
const NAMES = { kata: "The untouched kata", solution: "The solution" };

/** @type {Record<string, string>} */
const WORDS = {
  OutOfFuel: "out of fuel",
  StackExhausted: "stack exhausted",
  Memory: "memory",
  Table: "table",
  Trapped: "trapped",
  NotGranted: "not granted",
  Reentered: "re-entered",
  TooLarge: "too large",
  Late: "late",
  Malformed: "malformed",
  NoCage: "no worker",
};

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/** @param {string} end */
function words(end) {
  return WORDS[end] ?? end;
}

/**
 * @param {ShowRun} run
 * @returns {Lamp[]}
 */
function lamps({ rows }) {
  return rows.map(([name, expected, came, took, still]) => ({
    name: String(name),
    expected: String(expected),
    came: String(came),
    took: Number(took),
    still: Number(still),
  }));
}

/** @param {Lamp} lamp */
function isRight({ expected, came }) {
  return expected === came;
}

/**
 * @param {Lamp} lamp
 * @param {number} y
 */
function drawLamp(lamp, y) {
  const right = isRight(lamp);
  const beat = lamp.still < MISSED;
  return [
    // A full lamp and a cross, so that colour says nothing alone.
    right
      ? el("circle", { class: "f-good", cx: 18, cy: y, r: 8 })
      : [
          el("line", { class: "s-bad", x1: 11, y1: y - 7, x2: 25, y2: y + 7, "stroke-width": 3 }),
          el("line", { class: "s-bad", x1: 25, y1: y - 7, x2: 11, y2: y + 7, "stroke-width": 3 }),
        ],
    el("text", { class: "t-small", x: 36, y: y + 5 }, lamp.name),
    el("text", { class: "t-small", x: 372, y: y + 5 }, words(lamp.came)),
    el("rect", {
      class: beat ? "f-muted" : "f-warn",
      x: 530,
      y: y - 6,
      width: Math.max(2, Math.min(44, lamp.still / 10)),
      height: 12,
      rx: 2,
    }),
    el("text", { class: "t-small", x: 636, y: y + 5, "text-anchor": "end" }, `${Math.round(lamp.still)}`),
  ];
}

/**
 * @param {ShowRun} run
 * @param {number} top
 */
function drawRun(run, top) {
  const all = lamps(run);
  const right = all.filter(isRight).length;
  if (run.error !== null) {
    return el("text", { class: "t-label", x: 8, y: top + 20 }, `${title(run.variant)}: ${run.error}`);
  }
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 20 }, `${title(run.variant)}: ${right} of ${all.length} as they should`),
    el("text", { class: "t-small", x: 372, y: top + 44 }, "it ended"),
    el("text", { class: "t-small", x: 636, y: top + 44, "text-anchor": "end" }, "stood still, ms"),
    all.map((lamp, index) => drawLamp(lamp, top + TOP + 8 + index * ROW)),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "Twelve guests that mean harm and a friend, in your browser just now",
  again: "Let them in again",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? lamps(run).map((lamp) => [
            title(run.variant),
            lamp.name,
            words(lamp.expected),
            words(lamp.came),
            lamp.took.toFixed(1),
            lamp.still.toFixed(1),
          ])
        : [[title(run.variant), run.error, "", "", "", ""]],
    );
    return {
      columns: ["Run", "Guest", "Its end", "How it ended", "Milliseconds", "Its host stood still, ms"],
      rows,
    };
  },

  draw(runs) {
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * PANEL}` },
      runs.map((run, index) => drawRun(run, index * PANEL)),
    );
  },
};
