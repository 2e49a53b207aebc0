// Memory and live closures over 6,000 cycles of subscribing and unsubscribing.

import { axis, el, legend, linear, log } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Course
 * @property {{ cycles: number, pages: number, live: number }[]} samples
 * @property {number} pages added in all
 * @property {number} low the fewest closures that were alive
 * @property {number} high the most
 * @property {number} pause the longest batch of 100 cycles, in ms
 * @property {number} heard standing callbacks that heard the event at the end
 */

const STANDING = 100;
const LEFT = 76;
const RIGHT = 620;

/** @type {Record<string, { name: string, line: string }>} */
const LOOKS = {
  kata: { name: "the untouched kata", line: "s-bad dashed" },
  "attempts/forget": { name: "forget()", line: "s-warn" },
  solution: { name: "the solution", line: "s-good" },
};

/**
 * @param {ShowRun} run
 * @returns {Course | null}
 */
function course({ rows, error }) {
  if (error !== null) return null;
  const sampled = rows.filter((row) => row[0] === "sample").map((row) => row.map(Number));
  const samples = sampled.map(([, cycles, pages, live]) => ({ cycles, pages, live }));
  const lives = samples.map(({ live }) => live);
  return {
    samples,
    pages: samples[samples.length - 1].pages,
    low: Math.min(...lives),
    high: Math.max(...lives),
    pause: Math.max(...sampled.map((row) => row[4])),
    heard: Number(rows.find((row) => row[0] === "heard")?.[1] ?? 0),
  };
}

/** @param {string} variant */
function look(variant) {
  return LOOKS[variant] ?? { name: variant, line: "s-muted" };
}

/** @param {Course} course */
function steady({ low, high }) {
  return Math.max(STANDING - low, high - STANDING) <= 0.03 * STANDING;
}

/** @param {Course} course */
function liveText({ low, high }) {
  return low === high ? String(low) : `${low} to ${high}`;
}

/**
 * @param {Course["samples"]} samples
 * @param {(sample: Course["samples"][number]) => [number, number]} place
 */
function path(samples, place) {
  return `M${samples.map((sample) => place(sample).map((at) => at.toFixed(1)).join(" ")).join("L")}`;
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption:
    "6,000 cycles of subscribing and unsubscribing with 16 KiB captured, beside 100 standing subscriptions, run in your browser just now. Pause: the longest 100 cycles without a break",
  variants: ["kata", "attempts/forget", "solution"],

  table(runs) {
    const rows = runs.map((run) => {
      const data = course(run);
      const { name } = look(run.variant);
      if (data === null) return [name, run.error ?? "", "", "", "", "", ""];
      return [
        name,
        data.pages,
        data.pages / 16,
        liveText(data),
        steady(data) ? "yes" : "no",
        data.pause,
        `${data.heard} of ${STANDING}`,
      ];
    });
    return {
      columns: [
        "Run",
        "Pages added",
        "MiB added",
        `Live closures (${STANDING} are subscribed)`,
        "Steady within 3%",
        "Longest pause for 100 cycles, ms",
        "Standing callbacks that hear an event at the end",
      ],
      rows,
    };
  },

  draw(runs) {
    const data = runs.map(course);
    const known = data.flatMap((one) => one?.samples ?? []);
    const x = linear([0, Math.max(...known.map(({ cycles }) => cycles), 1)], [LEFT, RIGHT]);
    const pages = linear([0, Math.max(...known.map((sample) => sample.pages), 16)], [190, 40]);
    const live = log([1, 10_000], [412, 262]);
    const lines = data.map((one, index) => {
      if (one === null) return null;
      const className = look(runs[index].variant).line;
      return [
        el("path", { class: className, fill: "none", d: path(one.samples, (s) => [x(s.cycles), pages(s.pages)]) }),
        el("path", { class: className, fill: "none", d: path(one.samples, (s) => [x(s.cycles), live(s.live)]) }),
      ];
    });
    const items = data.map((one, index) => {
      const { name, line } = look(runs[index].variant);
      const told =
        one === null
          ? runs[index].error
          : `+${one.pages} pages, ${liveText(one)} live, pause ${Number(one.pause.toPrecision(3))} ms, ${one.heard} of ${STANDING} hear`;
      return { label: `${name}: ${told}`, className: line };
    });
    return el(
      "svg",
      { viewBox: "0 0 640 566" },
      axis({ scale: pages, side: "left", at: LEFT, count: 4, grid: RIGHT - LEFT, label: "pages of 64 KiB added" }),
      axis({ scale: x, side: "bottom", at: 190, count: 6 }),
      axis({
        scale: live,
        side: "left",
        at: LEFT,
        grid: RIGHT - LEFT,
        // A log scale has no 0; what has none is drawn on its first line.
        format: (value) => (value === 1 ? "0" : String(value)),
        label: "live closures, 100 of them meant (log scale)",
      }),
      axis({ scale: x, side: "bottom", at: 412, count: 6, label: "cycles of subscribing and unsubscribing" }),
      lines,
      legend(items, 10, 500),
    );
  },
};
