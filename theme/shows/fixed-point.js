// How fast numbers add and multiply, by the way it is done and by the number of accumulators.

import { el, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Bar
 * @property {string} operation "add" or "multiply"
 * @property {string} way
 * @property {string} operands "everyday" or "wide"
 * @property {number} accumulators
 * @property {number} speed millions a second
 * @property {boolean} optimised
 */

const LEFT = 236;
const RIGHT = 560;
const ROW = 25;
const HEAD = 40;

/** The spec's names for the operations of the variant itself. */
const OWN = "try_";

/**
 * How a way of computing looks: f64, naive and i128 are the same code in every variant.
 *
 * @type {[start: string, fill: string][]}
 */
const LOOKS = [
  ["f64", "f-accent"],
  ["naive", "f-bad"],
  ["i128", "f-warn"],
  ["kata", "f-muted"],
  ["solution", "f-good"],
];

/** @type {{ operation: string, operands: string, title: string }[]} */
const PANELS = [
  { operation: "add", operands: "everyday", title: "Additions, millions a second" },
  { operation: "multiply", operands: "everyday", title: "Products, millions a second" },
  { operation: "multiply", operands: "wide", title: "Products beyond 64 bits (where the naive way is wrong)" },
];

/**
 * Each variant's own operations, and the common ones from the last run.
 *
 * @param {ShowRun[]} runs
 * @returns {Bar[]}
 */
function bars(runs) {
  const whole = runs.filter((run) => run.error === null);
  return whole.flatMap(({ variant, rows }, index) =>
    rows
      .filter(([, way]) => String(way).startsWith(OWN) || index === whole.length - 1)
      .map(([operation, way, operands, accumulators, speed, optimised]) => ({
        operation: String(operation),
        way: String(way).startsWith(OWN) ? `${variant}: ${way}` : String(way),
        operands: String(operands),
        accumulators: Number(accumulators),
        speed: Number(speed),
        optimised: Boolean(optimised),
      }))
      // The kata is no way to multiply numbers that it wraps.
      .filter(({ way, operands }) => operands !== "wide" || !way.startsWith("kata")),
  );
}

/** @param {Bar} bar */
function label({ way, accumulators }) {
  return accumulators === 1 ? way : `${way}, ${accumulators} sums`;
}

/** @param {number} speed */
function round(speed) {
  return Number(speed.toPrecision(2)).toLocaleString("en");
}

/**
 * @param {Bar[]} here
 * @param {string} title
 * @param {number} top
 */
function drawPanel(here, title, top) {
  const x = linear([0, Math.max(...here.map(({ speed }) => speed))], [LEFT, RIGHT]);
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 22 }, title),
    here.map((bar, index) => {
      const y = top + HEAD + index * ROW;
      const [, fill] = LOOKS.find(([start]) => bar.way.startsWith(start)) ?? ["", "f-muted"];
      const end = Math.max(LEFT + 2, x(bar.speed));
      return [
        el("text", { class: "t-small", x: LEFT - 8, y: y + 13, "text-anchor": "end" }, label(bar)),
        el("rect", { class: fill, x: LEFT, y, width: end - LEFT, height: ROW - 8, rx: 2 }),
        el("text", { class: "t-small", x: end + 8, y: y + 13 }, round(bar.speed)),
      ];
    }),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "Additions and multiplications a second, measured in your browser just now, best of five turns",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = bars(runs).map(({ operation, way, operands, accumulators, speed, optimised }) => [
      operation,
      way,
      operands,
      accumulators,
      Number(speed.toPrecision(2)),
      optimised ? "release" : "unoptimised",
    ]);
    return { columns: ["Operation", "Way", "Operands", "Accumulators", "Millions a second", "Build"], rows };
  },

  draw(runs) {
    const all = bars(runs);
    if (all.length === 0) {
      return el("svg", { viewBox: "0 0 640 60" }, el("text", { class: "t-label", x: 8, y: 34 }, "Nothing was measured."));
    }
    let top = 0;
    const panels = PANELS.map(({ operation, operands, title }) => {
      const here = all.filter((bar) => bar.operation === operation && bar.operands === operands);
      const panel = drawPanel(here, title, top);
      top += HEAD + here.length * ROW + 14;
      return panel;
    });
    const isOptimised = all.every(({ optimised }) => optimised);
    return el(
      "svg",
      { viewBox: `0 0 640 ${top + (isOptimised ? 0 : 30)}` },
      panels,
      !isOptimised &&
        el("text", { class: "t-small", x: 8, y: top + 16 }, "This is an unoptimised build: its figures say little."),
    );
  },
};
