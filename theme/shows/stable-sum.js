// Seven ways to add: how wrong each is as n grows, and how fast.

import { axis, el, linear, log } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Cell
 * @property {string} data "tenths" or "cancelling"
 * @property {number} n
 * @property {string} algorithm
 * @property {number} error in ulps
 * @property {number} speed in GB/s
 */

const LEFT = 66;
const RIGHT = 446;
const PLOT = 190;
const BAR = 24;
const LINE = 20;

/** What the rows call the variant's own sum. */
const OWN = "sum()";

/** The smallest error that the picture tells from none. */
const FLOOR = 0.01;

/** @type {Record<string, string>} */
const PANELS = {
  tenths: "n times 0.1",
  cancelling: "Terms that cancel, condition number 1e8",
};

const MARKERS = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  square: "M-4 -4h8v8h-8z",
  diamond: "M0 -5l5 5l-5 5l-5 -5z",
  cross: "M-4 -4l8 8M-4 4l8 -8",
};

/**
 * Stroke and marker of each algorithm: never told apart by colour alone.
 *
 * @type {Record<string, { stroke: string, marker: keyof typeof MARKERS }>}
 */
const LOOKS = {
  naive: { stroke: "s-bad", marker: "cross" },
  "naive SIMD": { stroke: "s-bad dashed", marker: "circle" },
  pairwise: { stroke: "s-warn", marker: "square" },
  Kahan: { stroke: "s-muted", marker: "diamond" },
  Neumaier: { stroke: "s-muted dashed", marker: "cross" },
  "f64 lanes": { stroke: "s-accent", marker: "square" },
  "the kata": { stroke: "s-accent dashed", marker: "diamond" },
  "the solution": { stroke: "s-good", marker: "circle" },
};

/**
 * All rows, with each variant's own `sum()` under its name. The other six are the same
 * code in every variant and are taken from the last run.
 *
 * @param {ShowRun[]} runs
 * @returns {Cell[]}
 */
function cells(runs) {
  const whole = runs.filter((run) => run.error === null);
  return whole.flatMap(({ variant, rows }, index) =>
    rows
      .map(([data, n, algorithm, error, speed]) => ({
        data: String(data),
        n: Number(n),
        algorithm: algorithm === OWN ? `the ${variant}` : String(algorithm),
        error: Number(error),
        speed: Number(speed),
      }))
      .filter(({ algorithm }) => algorithm === `the ${variant}` || index === whole.length - 1),
  );
}

/** @param {Cell[]} all */
function algorithms(all) {
  return Object.keys(LOOKS).filter((name) => all.some(({ algorithm }) => algorithm === name));
}

/** @param {number} ulps */
function plain(ulps) {
  if (!Number.isFinite(ulps)) return "no number";
  if (ulps <= 0.5) return "nearest f32";
  return ulps < 1000 ? `${Number(ulps.toPrecision(2))} ulps` : `${ulps.toExponential(0).replace("e+", "e")} ulps`;
}

/**
 * @param {string} name of the algorithm
 * @param {number} x
 * @param {number} y
 */
function mark(name, x, y) {
  const { stroke, marker } = LOOKS[name];
  const transform = `translate(${x.toFixed(1)} ${y.toFixed(1)})`;
  return el("path", { class: stroke.replace(" dashed", ""), d: MARKERS[marker], transform });
}

/**
 * Pushes labels apart, so that each has its own line between `top` and `bottom`.
 *
 * @template {{ y: number }} Label
 * @param {Label[]} labels
 * @param {number} bottom
 */
function spread(labels, bottom) {
  labels.sort((a, b) => a.y - b.y);
  let limit = bottom;
  for (const label of labels.toReversed()) {
    label.y = Math.min(label.y, limit);
    limit = label.y - LINE;
  }
  return labels;
}

/**
 * @param {Cell[]} all
 * @param {string} data
 * @param {number} top
 */
function drawErrors(all, data, top) {
  const here = all.filter((cell) => cell.data === data);
  const sizes = here.map(({ n }) => n);
  const worst = Math.max(10, ...here.map(({ error }) => error).filter(Number.isFinite));
  const x = log([Math.min(...sizes), Math.max(...sizes)], [LEFT, RIGHT]);
  const y = log([FLOOR, worst], [top + PLOT, top]);
  const place = (/** @type {number} */ error) => y(Math.min(Math.max(error, FLOOR), worst));
  const lines = algorithms(here).map((name) => {
    const points = here.filter(({ algorithm }) => algorithm === name).toSorted((a, b) => a.n - b.n);
    const at = points.map(({ n, error }) => ({ x: x(n), y: place(error) }));
    const end = at[at.length - 1].y;
    return { name, at, end, y: end };
  });
  const half = y(0.5);
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top - 42 }, PANELS[data]),
    el("line", { class: "s-good dashed", x1: LEFT, x2: RIGHT, y1: half, y2: half }),
    el("text", { class: "t-small", x: LEFT + 6, y: half - 6 }, "below: the nearest f32"),
    axis({ scale: y, side: "left", at: LEFT, count: 5, format: power, label: "error, ulps" }),
    axis({ scale: x, side: "bottom", at: top + PLOT, count: 4, format: power, label: "n" }),
    lines.map(({ name, at }) => {
      const points = at.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(" ");
      return [
        el("polyline", { class: LOOKS[name].stroke, fill: "none", points }),
        at.map((p) => mark(name, p.x, p.y)),
      ];
    }),
    spread(lines, top + PLOT).map(({ name, end, y: labelY }) => [
      el("line", { class: "s-muted", x1: RIGHT + 6, x2: RIGHT + 20, y1: end, y2: labelY }),
      mark(name, RIGHT + 30, labelY),
      el("text", { class: "t-small", x: RIGHT + 42, y: labelY, dy: "0.34em" }, name),
    ]),
  );
}

/** @param {number} value a power of ten */
function power(value) {
  return value >= 1 && value < 1000 ? String(value) : `1e${Math.round(Math.log10(value))}`;
}

/**
 * @param {Cell[]} all
 * @param {number} top
 */
function drawSpeeds(all, top) {
  const largest = Math.max(...all.map(({ n }) => n));
  const here = all.filter(({ n, data }) => n === largest && data === "tenths");
  const left = 160;
  const x = linear([0, Math.max(...here.map(({ speed }) => speed))], [left, 570]);
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top }, `Speed at n = ${largest.toLocaleString("en")}, GB/s`),
    algorithms(here).map((name, index) => {
      const { speed } = /** @type {Cell} */ (here.find(({ algorithm }) => algorithm === name));
      const y = top + 14 + index * BAR;
      const fill = LOOKS[name].stroke.replace(" dashed", "").replace("s-", "f-");
      return [
        el("text", { class: "t-small", x: left - 10, y: y + 12, "text-anchor": "end" }, name),
        el("rect", { class: fill, x: left, y, width: Math.max(1, x(speed) - left), height: BAR - 8, rx: 2 }),
        el("text", { class: "t-small", x: x(speed) + 8, y: y + 12 }, speed.toPrecision(2)),
      ];
    }),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "Error and speed of seven ways to add, measured in your browser just now",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = cells(runs).map(({ data, n, algorithm, error, speed }) => [
      PANELS[data] ?? data,
      n,
      algorithm,
      plain(error),
      Number(speed.toPrecision(2)),
    ]);
    return { columns: ["Input", "n", "Algorithm", "Error", "GB/s"], rows };
  },

  draw(runs) {
    const all = cells(runs);
    if (all.length === 0) {
      return el("svg", { viewBox: "0 0 640 60" }, el("text", { class: "t-label", x: 8, y: 34 }, "Nothing was measured."));
    }
    const panel = PLOT + 136;
    const bars = 2 * panel + 30;
    const height = bars + 20 + algorithms(all).length * BAR;
    return el(
      "svg",
      { viewBox: `0 0 640 ${height}` },
      drawErrors(all, "tenths", 64),
      drawErrors(all, "cancelling", 64 + panel),
      drawSpeeds(all, bars),
    );
  },
};
