// Bytes against time: how long a sender stands still, and how long until the answer, for a buffer that
// is copied and one that moves.

import { axis, el, legend, log } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Sample
 * @property {string} mode "move" or "copy": what the caller asked for
 * @property {number} bytes
 * @property {number} blocked milliseconds for which the sender stood still
 * @property {number} total milliseconds until the answer
 */

const LEFT = 84;
const RIGHT = 616;
const PANEL = 236;
const PLOT = 150;
const TOP = 48;

/** The shortest time that the picture tells from none. */
const FLOOR = 0.01;

const MARKERS = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  square: "M-4 -4h8v8h-8z",
  cross: "M-5 -5l10 10M-5 5l10 -10",
};

/**
 * What is drawn. Of the kata only what it makes of a buffer that should move: it copies all the same.
 *
 * @type {{ variant: string, mode: string, label: string, stroke: string, marker: keyof typeof MARKERS }[]}
 */
const LINES = [
  { variant: "kata", mode: "move", label: "✗ the kata, asked to move it", stroke: "s-bad dashed", marker: "cross" },
  { variant: "solution", mode: "copy", label: "□ the solution, asked to copy it", stroke: "s-warn", marker: "square" },
  { variant: "solution", mode: "move", label: "○ the solution, asked to move it", stroke: "s-good", marker: "circle" },
];

/**
 * @param {ShowRun} run
 * @returns {Sample[]}
 */
function samples({ rows }) {
  return rows.map(([mode, bytes, blocked, total]) => ({
    mode: String(mode),
    bytes: Number(bytes),
    blocked: Number(blocked),
    total: Number(total),
  }));
}

/** @param {number} bytes */
function size(bytes) {
  return bytes >= 1 << 20 ? `${bytes / (1 << 20)} MiB` : `${bytes / 1024} KiB`;
}

/** @param {number} ms */
function time(ms) {
  return ms < FLOOR ? `below ${FLOOR}` : String(Number(ms.toPrecision(2)));
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption:
    "A buffer goes to a worker, from 64 KiB to 64 MiB, measured in your browser just now. Up to 32 calls for each point; the mean is drawn.",
  again: "Measure it again",
  variants: ["kata", "solution"],

  table(runs) {
    return {
      columns: ["Code", "Asked to", "Bytes", "Sender stands still, ms", "Until the answer, ms"],
      rows: runs.flatMap((run) =>
        samples(run).map(({ mode, bytes, blocked, total }) => [run.variant, mode, size(bytes), time(blocked), time(total)]),
      ),
    };
  },

  draw(runs) {
    const lines = LINES.map((line) => {
      const run = runs.find(({ variant, error }) => variant === line.variant && error === null);
      return { ...line, points: run ? samples(run).filter(({ mode }) => mode === line.mode) : [] };
    });
    const all = lines.flatMap(({ points }) => points);
    const sizes = [...new Set(all.map(({ bytes }) => bytes))].sort((a, b) => a - b);
    const x = log([sizes[0] ?? 1, sizes.at(-1) ?? 2], [LEFT, RIGHT]);
    const xTicks = Object.assign((/** @type {number} */ value) => x(value), x, { ticks: () => sizes });
    const most = Math.max(...all.map(({ total }) => total), 1);
    const panels = /** @type {const} */ ([
      ["blocked", "the sender stands still, ms"],
      ["total", "until the answer, ms"],
    ]);
    return el(
      "svg",
      { viewBox: `0 0 640 ${2 * PANEL + 96}` },
      panels.map(([field, label], index) => {
        const top = TOP + index * PANEL;
        const y = log([FLOOR, 10 ** Math.ceil(Math.log10(most))], [top + PLOT, top]);
        return [
          axis({ scale: y, side: "left", at: LEFT, grid: RIGHT - LEFT, label }),
          axis({ scale: xTicks, side: "bottom", at: top + PLOT, format: size }),
          lines.map(({ points, stroke, marker }) => {
            const places = points.map((point) => [x(point.bytes), y(Math.max(point[field], FLOOR))]);
            const path = places.map(([left, up]) => `${left.toFixed(1)} ${up.toFixed(1)}`).join("L");
            return [
              path && el("path", { class: stroke, fill: "none", "stroke-width": 2, d: `M${path}` }),
              places.map(([left, up]) =>
                el("path", {
                  class: stroke.replace(" dashed", ""),
                  fill: "none",
                  "stroke-width": 2,
                  transform: `translate(${left.toFixed(1)} ${up.toFixed(1)})`,
                  d: MARKERS[marker],
                }),
              ),
            ];
          }),
        ];
      }),
      legend(
        lines.map(({ label, stroke }) => ({ label, className: stroke })),
        12,
        2 * PANEL + 36,
      ),
    );
  },
};
