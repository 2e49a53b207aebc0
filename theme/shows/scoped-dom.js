// Six ways over the fence of a garden, and where each of them ended.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Way
 * @property {string} name
 * @property {boolean} over whether it led out
 * @property {string} words what came of it
 */

const LANE = 52;
const TOP = 62;
const FENCE = 264;

/** @type {Record<string, string>} */
const NAMES = {
  kata: "The untouched kata",
  "attempts/requery-attribute": "The mark, looked up at each use",
  "attempts/prefix-selector": ":scope in front of the selector",
  solution: "The solution",
};

/**
 * @param {ShowRun} run
 * @returns {Way[]}
 */
function ways({ rows }) {
  return rows.map(([name, over, words]) => ({ name: String(name), over: Boolean(over), words: String(words) }));
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/** @param {Way[]} all */
function count(all) {
  const over = all.filter((way) => way.over).length;
  return over === 0 ? "nobody came over the fence" : `${over} of ${all.length} came over the fence`;
}

/**
 * @param {Way} way
 * @param {number} y the middle of the lane
 */
function drawWay({ name, over, words }, y) {
  const end = over ? FENCE + 34 : FENCE - 12;
  const line = over ? "s-bad" : "s-good";
  return [
    el("text", { class: "t-small", x: 16, y: y - 8 }, name),
    el("line", { class: line, x1: 16, x2: end, y1: y + 6, y2: y + 6 }),
    over
      ? el("polygon", { class: "f-bad", points: `${end + 10},${y + 6} ${end - 4},${y - 1} ${end - 4},${y + 13}` })
      : el("line", { class: line, x1: end, x2: end, y1: y - 2, y2: y + 14 }),
    el("text", { class: "t-small", x: over ? FENCE + 52 : FENCE + 14, y: y + 11 }, over ? `✗ ${words}` : `✓ ${words}`),
  ];
}

/**
 * @param {ShowRun} run
 * @param {number} top
 * @param {number} height
 */
function drawRun(run, top, height) {
  const all = ways(run);
  if (run.error !== null) {
    return el("text", { class: "t-label", x: 8, y: top + 18 }, `${title(run.variant)}: ${run.error}`);
  }
  const bottom = top + height - 28;
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 18 }, `${title(run.variant)}: ${count(all)}`),
    el("rect", { class: "f-good", opacity: 0.12, x: 8, y: top + 30, width: FENCE - 8, height: bottom - top - 30, rx: 3 }),
    el("line", { class: "s-accent dashed", x1: FENCE, x2: FENCE, y1: top + 30, y2: bottom }),
    all.map((way, index) => drawWay(way, top + TOP + index * LANE)),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption:
    "Six ways out of the garden (the field on the left; the dashed line is its fence), tried in your browser just now. An arrow across the fence is a plugin that has something from outside",
  variants: ["kata", "attempts/requery-attribute", "attempts/prefix-selector", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? ways(run).map(({ name, over, words }) => [title(run.variant), name, over ? "over the fence" : "inside", words])
        : [[title(run.variant), run.error, "", ""]],
    );
    return { columns: ["Run", "Way", "Where it ended", "What came of it"], rows };
  },

  draw(runs) {
    const lanes = Math.max(1, ...runs.map((run) => run.rows.length));
    const height = TOP + lanes * LANE + 24;
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * height}` },
      runs.map((run, index) => drawRun(run, index * height, height)),
    );
  },
};
