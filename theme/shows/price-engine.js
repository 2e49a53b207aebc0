// What 3,000 quotes leave behind, kata and solution: bytes against quotes, and how often the rules were read.

import { axis, el, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/** @typedef {{ quotes: number, kib: number, read: number, micros: string }} Sample */

const LEFT = 66;
const RIGHT = 420;
const TOP = 40;
const BOTTOM = 246;

/** @type {Record<string, { name: string, stroke: string, dash: string }>} */
const LOOKS = {
  kata: { name: "kata", stroke: "s-bad", dash: "8 4" },
  solution: { name: "solution", stroke: "s-good", dash: "none" },
};

/**
 * @param {ShowRun} run
 * @returns {Sample[]}
 */
function samples({ rows, error }) {
  if (error !== null) {
    return [];
  }
  return rows.map(([quotes, bytes, read, micros]) => ({
    quotes: Number(quotes),
    kib: Number(bytes) / 1024,
    read: Number(read),
    micros: typeof micros === "number" ? digits(micros) : "",
  }));
}

/** @param {number} value */
function count(value) {
  return value.toLocaleString("en");
}

/** Two digits that count. What is taken of a coarse clock has no more. @param {number} value */
function digits(value) {
  return value < 10 ? value.toPrecision(2) : value.toFixed(0);
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "3,000 quotes of three lines, made in your browser just now; each answer was dropped at once",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? samples(run).map(({ quotes, kib, read, micros }) => [
            LOOKS[run.variant]?.name ?? run.variant,
            count(quotes),
            kib.toFixed(1),
            count(read),
            micros,
          ])
        : [[run.variant, run.error, "", "", ""]],
    );
    return { columns: ["Code", "Quotes", "Memory kept, KiB", "Rules read, times", "Microseconds a quote"], rows };
  },

  draw(runs) {
    const drawn = runs.map((run) => ({ run, look: LOOKS[run.variant] ?? LOOKS.kata, all: samples(run) }));
    const every = drawn.flatMap(({ all }) => all);
    if (every.length === 0) {
      return el("svg", { viewBox: "0 0 640 60" }, el("text", { class: "t-label", x: 8, y: 34 }, "Nothing was measured."));
    }
    const x = linear([0, Math.max(...every.map(({ quotes }) => quotes))], [LEFT, RIGHT]);
    const y = linear([0, Math.max(10, ...every.map(({ kib }) => kib))], [BOTTOM, TOP]);
    return el(
      "svg",
      { viewBox: "0 0 640 310" },
      axis({ scale: y, side: "left", at: LEFT, grid: RIGHT - LEFT, count: 5, label: "memory kept, KiB" }),
      axis({ scale: x, side: "bottom", at: BOTTOM, count: 4, label: "quotes" }),
      drawn.map(({ look, all }, index) => {
        const points = all.map(({ quotes, kib }) => `${x(quotes).toFixed(1)},${y(kib).toFixed(1)}`).join(" ");
        const top = TOP + 8 + index * 104;
        const last = all[all.length - 1];
        return [
          el("polyline", { class: look.stroke, fill: "none", "stroke-dasharray": look.dash, points }),
          el("line", { class: look.stroke, "stroke-dasharray": look.dash, x1: 440, x2: 472, y1: top, y2: top }),
          el("text", { class: "t-label", x: 480, y: top, dy: "0.34em" }, look.name),
          last
            ? [
                el("text", { class: "t-small", x: 440, y: top + 24 }, `kept: ${last.kib.toFixed(0)} KiB`),
                el("text", { class: "t-small", x: 440, y: top + 44 }, `rules read: ${count(last.read)} times`),
                el("text", { class: "t-small", x: 440, y: top + 64 }, `a quote: ${last.micros} µs`),
              ]
            : el("text", { class: "t-small", x: 440, y: top + 24 }, "no result"),
        ];
      }),
    );
  },
};
