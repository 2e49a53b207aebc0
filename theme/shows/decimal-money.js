// How often an answer is wrong, by the number of digits: three tasks, the kata and the solution.

import { axis, el, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Line
 * @property {string} label
 * @property {string} stroke
 * @property {keyof typeof MARKERS} marker
 * @property {{ digits: number, wrong: number }[]} points
 */

const LEFT = 66;
const RIGHT = 430;
const TOP = 56;
const BOTTOM = 286;
const LABEL_STEP = 24;

const MARKERS = {
  circle: "M-4 0a4 4 0 1 0 8 0a4 4 0 1 0 -8 0",
  square: "M-4 -4h8v8h-8z",
  diamond: "M0 -5l5 5l-5 5l-5 -5z",
  cross: "M-4 -4l8 8M-4 4l8 -8",
};

/** @type {Record<string, { name: string, stroke: string, marker: keyof typeof MARKERS }>} */
const TASKS = {
  print: { name: "parse and print", stroke: "s-accent", marker: "square" },
  round: { name: "round a tie", stroke: "s-bad", marker: "cross" },
  tax: { name: "tax of 19.5%", stroke: "s-warn", marker: "diamond" },
};

/**
 * @param {ShowRun[]} runs
 * @returns {{ variant: string, task: string, digits: number, wrong: number }[]}
 */
function cells(runs) {
  return runs.flatMap(({ variant, rows, error }) =>
    error === null
      ? rows.map(([task, digits, wrong]) => ({ variant, task: String(task), digits: Number(digits), wrong: Number(wrong) }))
      : [],
  );
}

/**
 * One line for each task of the kata; the solution's three are one, at its worst.
 *
 * @param {ReturnType<typeof cells>} all
 * @returns {Line[]}
 */
function lines(all) {
  const kata = all.filter(({ variant }) => variant === "kata");
  const solution = all.filter(({ variant }) => variant === "solution");
  /** @type {Line[]} */
  const found = Object.entries(TASKS).map(([task, { name, stroke, marker }]) => ({
    label: `kata: ${name}`,
    stroke,
    marker,
    points: kata.filter((cell) => cell.task === task),
  }));
  const lengths = [...new Set(solution.map(({ digits }) => digits))];
  const worst = lengths.map((digits) => ({
    digits,
    wrong: Math.max(...solution.filter((cell) => cell.digits === digits).map(({ wrong }) => wrong)),
  }));
  found.push({ label: "solution: all three", stroke: "s-good", marker: "circle", points: worst });
  return found.filter(({ points }) => points.length > 0);
}

/**
 * @param {Line} line
 * @param {number} x
 * @param {number} y
 */
function mark({ stroke, marker }, x, y) {
  return el("path", { class: stroke, d: MARKERS[marker], transform: `translate(${x.toFixed(1)} ${y.toFixed(1)})` });
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "Wrong answers among 200 random amounts of each length, counted in your browser just now",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = cells(runs).map(({ variant, task, digits, wrong }) => [variant, TASKS[task]?.name ?? task, digits, wrong]);
    return { columns: ["Code", "Task", "Digits", "Wrong, %"], rows };
  },

  draw(runs) {
    const all = cells(runs);
    if (all.length === 0) {
      return el("svg", { viewBox: "0 0 640 60" }, el("text", { class: "t-label", x: 8, y: 34 }, "Nothing was measured."));
    }
    const lengths = all.map(({ digits }) => digits);
    const x = linear([Math.min(...lengths), Math.max(...lengths)], [LEFT, RIGHT]);
    const y = linear([0, 100], [BOTTOM, TOP]);
    const drawn = lines(all);
    const labels = drawn
      .map((line) => ({ line, end: y(line.points[line.points.length - 1].wrong), at: 0 }))
      .toSorted((a, b) => a.end - b.end);
    labels.forEach((label, index) => {
      label.at = Math.max(label.end, index > 0 ? labels[index - 1].at + LABEL_STEP : TOP);
    });
    return el(
      "svg",
      { viewBox: "0 0 640 350" },
      axis({ scale: y, side: "left", at: LEFT, grid: RIGHT - LEFT, count: 5, label: "wrong answers, %" }),
      axis({ scale: x, side: "bottom", at: BOTTOM, count: 6, label: "digits of the amount" }),
      drawn.map((line) => {
        const at = line.points.map(({ digits, wrong }) => ({ x: x(digits), y: y(wrong) }));
        const points = at.map((p) => `${p.x.toFixed(1)},${p.y.toFixed(1)}`).join(" ");
        return [
          el("polyline", { class: line.stroke, fill: "none", points }),
          at.filter((_, index) => index % 2 === 0).map((p) => mark(line, p.x, p.y)),
        ];
      }),
      labels.map(({ line, end, at }) => [
        el("line", { class: "s-muted", x1: RIGHT + 6, x2: RIGHT + 18, y1: end, y2: at }),
        mark(line, RIGHT + 28, at),
        el("text", { class: "t-small", x: RIGHT + 40, y: at, dy: "0.34em" }, line.label),
      ]),
    );
  },
};
