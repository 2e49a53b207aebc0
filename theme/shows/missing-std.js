// What each call of std comes to in this browser: one tile a call, grouped by what it asks for.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/** @typedef {{ area: string, call: string, outcome: string, words: string }} Call */

/**
 * How an outcome looks: never by colour alone.
 *
 * @type {Record<string, { box: string, sign: string, means: string }>}
 */
const LOOKS = {
  works: { box: "s-good", sign: "✓", means: "does what it should" },
  error: { box: "s-warn", sign: "!", means: "answers an error" },
  panics: { box: "s-bad", sign: "✕", means: "stops, and says why" },
  traps: { box: "s-bad dashed", sign: "■", means: "stops, and says nothing" },
  spins: { box: "s-bad dashed", sign: "∞", means: "comes to no end" },
  silent: { box: "s-accent dashed", sign: "?", means: "does nothing, and says it is done" },
};

const UNKNOWN = { box: "s-muted", sign: "·", means: "" };

const TOP = 150;
const LINE = 27;
const HEAD = 34;

/**
 * @param {ShowRun} run
 * @returns {Call[]}
 */
function calls({ rows }) {
  return rows.map(([area, call, outcome, words, trap]) => ({
    area: String(area),
    call: String(call),
    outcome: String(outcome),
    words: outcome === "traps" ? `the engine says: ${trap}` : String(words),
  }));
}

/**
 * The areas in order, each with its calls.
 *
 * @param {Call[]} all
 * @returns {[string, Call[]][]}
 */
function areas(all) {
  const names = new Set(all.map(({ area }) => area));
  return [...names].map((name) => [name, all.filter(({ area }) => area === name)]);
}

/** @param {string} outcome */
function look(outcome) {
  return LOOKS[outcome] ?? UNKNOWN;
}

/**
 * The sign of an outcome, in its box.
 *
 * @param {string} outcome
 * @param {number} x
 * @param {number} y
 */
function tile(outcome, x, y) {
  const { box, sign } = look(outcome);
  return [
    el("rect", { class: box, x, y, width: 20, height: 20, rx: 3 }),
    el("text", { class: "t-small", x: x + 10, y: y + 15, "text-anchor": "middle" }, sign),
  ];
}

/**
 * How many calls came to what.
 *
 * @param {Call[]} all
 */
function summary(all) {
  return Object.entries(LOOKS).map(([outcome, { means }], index) => {
    const count = all.filter((call) => call.outcome === outcome).length;
    const [x, y] = [8 + (index % 2) * 320, 10 + Math.floor(index / 2) * 42];
    return [
      tile(outcome, x, y),
      el("text", { class: "t-label", x: x + 30, y: y + 14 }, `${outcome}: ${count}`),
      el("text", { class: "t-small", x: x + 30, y: y + 32 }, means),
    ];
  });
}

/**
 * One area: its name, and a line for each call.
 *
 * @param {string} area
 * @param {Call[]} all
 * @param {number} x
 * @param {number} top
 */
function drawArea(area, all, x, top) {
  return [
    el("text", { class: "t-label", x, y: top + 18 }, area),
    all.map(({ call, outcome }, index) => {
      const y = top + HEAD - 6 + index * LINE;
      return [tile(outcome, x, y), el("text", { class: "t-small", x: x + 28, y: y + 15 }, call)];
    }),
  ];
}

/**
 * Puts the areas into two columns of about the same height.
 *
 * @param {Call[]} all
 */
function columns(all) {
  const heights = [TOP, TOP];
  const total = areas(all).reduce((sum, [, list]) => sum + HEAD + list.length * LINE, 0);
  const places = areas(all).map(([area, list]) => {
    const height = HEAD + list.length * LINE;
    const column = heights[0] - TOP + height / 2 <= total / 2 ? 0 : 1;
    const top = heights[column];
    heights[column] += height;
    return { area, list, x: 8 + column * 320, top };
  });
  return { places, bottom: Math.max(...heights) };
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "What each call of std came to in your browser just now, in a fresh instance of its own",
  again: "Call them again",
  variants: ["solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? calls(run).map(({ area, call, outcome, words }) => [area, call, outcome, words])
        : [["", "", run.error, ""]],
    );
    return { columns: ["Asks for", "Call", "Outcome", "In its own words"], rows };
  },

  draw([run]) {
    if (run.error !== null) {
      return el("svg", { viewBox: "0 0 640 60" }, el("text", { class: "t-small", x: 8, y: 34 }, run.error));
    }
    const all = calls(run);
    const { places, bottom } = columns(all);
    return el(
      "svg",
      { viewBox: `0 0 640 ${bottom + 8}` },
      summary(all),
      places.map(({ area, list, x, top }) => drawArea(area, list, x, top)),
    );
  },
};
