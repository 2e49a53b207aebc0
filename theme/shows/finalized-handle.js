// What becomes of a thousand handles while garbage is made: lines over time, one panel a variant.

import { axis, el, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Moment
 * @property {number} at milliseconds
 * @property {number} live
 * @property {number} closed
 * @property {number} finalized
 * @property {number} out resources that have not gone back
 */

const LEFT = 66;
const RIGHT = 450;
const PLOT = 150;
const PANEL = PLOT + 116;

/** @type {Record<string, string>} */
const NAMES = { kata: "The untouched kata", solution: "The solution" };

/**
 * The lines, each with its own stroke and dash, and its name at its end.
 *
 * @type {{ key: "live" | "closed" | "finalized", stroke: string, label: string }[]}
 */
const LINES = [
  { key: "live", stroke: "s-accent", label: "live" },
  { key: "finalized", stroke: "s-good", label: "finalized" },
  { key: "closed", stroke: "s-muted dashed", label: "closed" },
];

/**
 * @param {ShowRun} run
 * @returns {Moment[]}
 */
function moments({ rows }) {
  return rows.map(([at, live, closed, finalized, out]) => ({
    at: Number(at),
    live: Number(live),
    closed: Number(closed),
    finalized: Number(finalized),
    out: Number(out),
  }));
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/** @param {Moment[]} all */
function verdict(all) {
  const { finalized } = all[all.length - 1];
  return finalized === 0 ? "no finalizer ran" : `${finalized} of 600 forgotten handles came back`;
}

/**
 * @param {ShowRun} run
 * @param {number} top
 * @param {number} longest milliseconds
 */
function drawRun(run, top, longest) {
  const all = moments(run);
  if (run.error !== null || all.length === 0) {
    return el("text", { class: "t-label", x: 8, y: top + 18 }, `${title(run.variant)}: ${run.error ?? "no data"}`);
  }
  const x = linear([0, longest], [LEFT, RIGHT]);
  const y = linear([0, 1000], [top + 54 + PLOT, top + 54]);
  const last = all[all.length - 1];
  const labels = LINES.map((line) => ({ ...line, end: y(last[line.key]), y: y(last[line.key]) }));
  labels.sort((a, b) => a.y - b.y);
  labels.forEach((label, index) => {
    if (index > 0) label.y = Math.max(label.y, labels[index - 1].y + 20);
  });
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 18 }, `${title(run.variant)}: ${verdict(all)}`),
    axis({ scale: y, side: "left", at: LEFT, count: 4, grid: RIGHT - LEFT, label: "handles" }),
    axis({ scale: x, side: "bottom", at: top + 54 + PLOT, count: 5, label: "milliseconds of making garbage" }),
    labels.map(({ key, stroke, label, end, y: place }) => [
      el("polyline", {
        class: stroke,
        fill: "none",
        points: all.map((moment) => `${x(moment.at).toFixed(1)},${y(moment[key]).toFixed(1)}`).join(" "),
      }),
      el("line", { class: "s-muted", x1: x(last.at) + 4, x2: RIGHT + 20, y1: end, y2: place }),
      el("text", { class: "t-small", x: RIGHT + 26, y: place, dy: "0.34em" }, `${label}: ${last[key]}`),
    ]),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "1,000 handles in your browser just now: 300 closed, 100 kept, 600 forgotten",
  again: "Make garbage again",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      moments(run).map(({ at, live, closed, finalized, out }) => [
        title(run.variant),
        Math.round(at),
        live,
        closed,
        finalized,
        out,
      ]),
    );
    return { columns: ["Run", "Milliseconds", "Live", "Closed", "Finalized", "Resources out"], rows };
  },

  draw(runs) {
    const longest = Math.max(1000, ...runs.flatMap((run) => moments(run).map(({ at }) => at)));
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * PANEL}` },
      runs.map((run, index) => drawRun(run, index * PANEL, longest)),
    );
  },
};
