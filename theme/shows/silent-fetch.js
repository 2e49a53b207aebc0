// A timeline for each thing that a server can do: when the headers came, when the request ended, and with what.

import { axis, el, legend, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Timeline
 * @property {string} what the server does
 * @property {number} budget ms
 * @property {number | null} headers ms; null if none were seen
 * @property {number | null} end ms; null if the request was still waiting
 * @property {string} words what it came to
 * @property {boolean} right
 */

const LEFT = 184;
const RIGHT = 624;
const TOP = 56;
const LANE = 34;
const GAP = 14;
/** How long the spec watches a request that does not end. */
const PATIENCE = 1200;

const x = linear([0, PATIENCE], [LEFT, RIGHT]);

/**
 * @param {ShowRun} run
 * @returns {Timeline[]}
 */
function timelines({ rows }) {
  const time = (/** @type {number | string | boolean | undefined} */ ms) => (Number(ms) < 0 ? null : Number(ms));
  return rows.map(([what, budget, headers, end, words, right]) => ({
    what: String(what),
    budget: Number(budget),
    headers: time(headers),
    end: time(end),
    words: String(words),
    right: right === true,
  }));
}

/** @param {Timeline} timeline */
function outcome({ end, words }) {
  return end === null ? `${words} after ${PATIENCE} ms` : `${words}, ${Math.round(end)} ms`;
}

/**
 * One request: a muted line until the headers, a strong one for the body, and a mark where it ended.
 *
 * @param {string} variant
 * @param {Timeline} timeline
 * @param {number} y
 */
function lane(variant, timeline, y) {
  const { headers, end, right } = timeline;
  const stop = x(Math.min(end ?? PATIENCE, PATIENCE));
  const turn = x(Math.min(headers ?? end ?? PATIENCE, PATIENCE));
  const state = right ? "s-good" : "s-bad";
  return el(
    "g",
    { transform: `translate(0 ${y})` },
    el("text", { class: "t-small", x: LEFT, y: 0 }, `${right ? "✓" : "✗"} ${variant}: ${outcome(timeline)}`),
    el("path", { class: "s-muted", "stroke-width": 3, d: `M${LEFT} 12H${turn}` }),
    headers !== null && el("path", { class: "s-accent", "stroke-width": 7, d: `M${turn} 12H${stop}` }),
    end === null
      ? el("path", { class: state, "stroke-width": 3, d: `M${stop - 2} 5l8 7l-8 7` })
      : el("path", { class: state, "stroke-width": 3, d: `M${stop} 4V20` }),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "Each thing that the server does, and what became of a request with a budget of 500 ms.",
  variants: ["kata", "solution"],

  table(runs) {
    const ms = (/** @type {number | null} */ time) => (time === null ? "–" : Math.round(time));
    return {
      columns: ["The server", "Code", "Headers after, ms", "Ended after, ms", "Outcome", "Right"],
      rows: runs.flatMap((run) =>
        timelines(run).map(({ what, headers, end, words, right }) => [
          what,
          run.variant,
          ms(headers),
          ms(end),
          words,
          right ? "yes" : "no",
        ]),
      ),
    };
  },

  draw(runs) {
    const lanes = runs.filter((run) => run.error === null).map((run) => ({ run, timelines: timelines(run) }));
    const cases = lanes[0]?.timelines ?? [];
    const height = lanes.length * LANE + GAP;
    const bottom = TOP + cases.length * height;
    const budget = x(cases[0]?.budget ?? 0);
    return el(
      "svg",
      { viewBox: `0 0 640 ${bottom + 128}` },
      el("text", { class: "t-small", x: budget, y: 18, "text-anchor": "middle" }, "budget"),
      el("path", { class: "s-muted dashed", d: `M${budget} 26V${bottom}` }),
      cases.map(({ what }, index) => {
        const y = TOP + index * height;
        return el(
          "g",
          {},
          index > 0 && el("path", { class: "s-muted axis-grid", d: `M8 ${y - 18}H${RIGHT}` }),
          el("text", { class: "t-label", x: 8, y: y + 2 }, what),
          lanes.map((entry, at) => {
            const timeline = entry.timelines[index];
            return timeline && lane(entry.run.variant, timeline, y + at * LANE);
          }),
        );
      }),
      axis({ scale: x, side: "bottom", at: bottom, count: 4, label: "milliseconds since the call" }),
      legend(
        [
          { label: "waiting for headers", className: "s-muted" },
          { label: "reading the body", className: "s-accent" },
        ],
        8,
        bottom + 82,
      ),
    );
  },
};
