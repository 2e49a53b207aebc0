// The same page load, traced by each variant: one line a span, children below their parents, a bar for its time.

import { axis, el, legend, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Span
 * @property {string} name
 * @property {string} parent its name, or nothing
 * @property {number} start ms
 * @property {number | null} end ms; null while it is open
 * @property {string} status
 * @property {string} length what the tracer says of it
 * @property {number} depth how many parents stand above it
 */

const LEFT = 180;
const RIGHT = 476;
const LINE = 22;
const HEAD = 30;
const GAP = 16;

/** @type {Record<string, string>} */
const NAMES = {
  kata: "The untouched kata: times the call",
  "attempts/global-stack-of-spans": "An attempt: one stack of open spans",
  solution: "The solution: times the work",
};

/** @type {Record<string, string>} */
const COLOURS = { Done: "f-accent", Cancelled: "f-warn", Panicked: "f-bad", Open: "f-muted" };

/**
 * The spans of a run, each below its parent.
 *
 * @param {ShowRun} run
 * @returns {Span[]}
 */
function spans({ rows }) {
  const all = rows.slice(1).map(([name, parent, start, end, status, length]) => ({
    name: String(name),
    parent: String(parent),
    start: Number(start),
    end: Number(end) < 0 ? null : Number(end),
    status: String(status),
    length: String(length),
    depth: 0,
  }));
  /** @type {Span[]} */
  const ordered = [];
  const add = (/** @type {string} */ parent, /** @type {number} */ depth) => {
    for (const span of all.filter((one) => one.parent === parent)) {
      ordered.push({ ...span, depth });
      if (span.name !== parent && depth < all.length) add(span.name, depth + 1);
    }
  };
  add("", 0);
  return ordered;
}

/** @param {ShowRun[]} runs */
function step(runs) {
  return runs.find((run) => run.error === null)?.rows[0]?.[1];
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/**
 * @param {Span} span
 * @param {import("../kata/svg.js").Scale} x
 * @param {number} last where an open span is cut off
 * @param {number} y
 */
function line(span, x, last, y) {
  const from = x(span.start);
  const width = Math.max(x(span.end ?? last) - from, 2);
  return el(
    "g",
    { transform: `translate(0 ${y})` },
    el("text", { class: "t-small", x: 8 + span.depth * 14, y: 15 }, span.name),
    el("rect", { class: COLOURS[span.status] ?? "f-muted", x: from, y: 4, width, height: 13, rx: 2 }),
    el("text", { class: "t-small", x: RIGHT + 12, y: 15 }, span.length),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "One page load, traced three times in your browser just now: text and map load side by side, an advert is given up",
  variants: ["kata", "attempts/global-stack-of-spans", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) => {
      if (run.error !== null) return [[title(run.variant), run.error, "", "", "", ""]];
      return spans(run).map(({ name, parent, start, length, status }) => [
        title(run.variant),
        name,
        parent === "" ? "none" : parent,
        Math.round(start * 10) / 10,
        length,
        status,
      ]);
    });
    return { columns: ["Traced by", "Span", "Parent", "Begins at, ms", "Length", "Status"], rows };
  },

  draw(runs) {
    const traced = runs.map((run) => ({ run, lines: run.error === null ? spans(run) : [] }));
    const last = Math.max(1, ...traced.flatMap(({ lines }) => lines.flatMap(({ start, end }) => [start, end ?? start])));
    const x = linear([0, last], [LEFT, RIGHT]);
    let bottom = 0;
    const groups = traced.map(({ run, lines }) => {
      const top = bottom;
      bottom += HEAD + Math.max(lines.length, 1) * LINE + GAP;
      return el(
        "g",
        { transform: `translate(0 ${top})` },
        el("text", { class: "t-label", x: 8, y: 20 }, title(run.variant)),
        run.error !== null && el("text", { class: "t-small", x: 8, y: HEAD + 15 }, run.error),
        lines.map((span, index) => line(span, x, last, HEAD + index * LINE)),
      );
    });
    const clock = step(runs);
    return el(
      "svg",
      { viewBox: `0 0 640 ${bottom + 148}` },
      groups,
      axis({ scale: x, side: "bottom", at: bottom, count: 4, label: "milliseconds since the load began" }),
      legend(
        [
          { label: "done", className: "f-accent" },
          { label: "cancelled: the future was dropped", className: "f-warn" },
          { label: "never closed", className: "f-muted" },
        ],
        8,
        bottom + 70,
      ),
      clock !== undefined &&
        el("text", { class: "t-small", x: RIGHT + 12, y: bottom + 18 }, `clock: ${Math.round(Number(clock) * 1000) / 1000} ms`),
    );
  },
};
