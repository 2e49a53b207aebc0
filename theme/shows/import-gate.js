// The imports of a plugin at the gate: which of them get through, and which of those were granted.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} kind
 * @property {string} granted what is granted under these names: a kind, or nothing
 * @property {boolean} through
 * @property {"own" | "foreign" | "refused" | "engine"} verdict
 */

const ROW = 34;
const TOP = 58;
const FENCE = 432;

/** @type {Record<string, string>} */
const NAMES = { kata: "The untouched kata: one object for all", solution: "The solution: an object of its own" };

/** How a verdict looks: never by colour alone. */
const LOOKS = {
  own: { stroke: "s-good", fill: "f-good", word: "handed over" },
  foreign: { stroke: "s-bad", fill: "f-bad", word: "reached, not granted" },
  refused: { stroke: "s-muted", fill: "f-muted", word: "refused" },
  engine: { stroke: "s-warn dashed", fill: "f-warn", word: "the engine says no" },
};

/**
 * @param {ShowRun} run
 * @returns {Line[]}
 */
function lines({ rows }) {
  return rows.map(([module, name, kind, granted, outcome]) => {
    const through = outcome === "called" || outcome === "has";
    const verdict = through ? (granted === kind ? "own" : "foreign") : outcome === "refused" ? "refused" : "engine";
    return { name: `${module}.${name}`, kind: String(kind), granted: String(granted), through, verdict };
  });
}

/** @param {Line} line */
function grantOf({ kind, granted }) {
  if (granted === "") return "not granted";
  return granted === kind ? "granted" : `a ${granted} is`;
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/**
 * @param {Line} line
 * @param {number} y
 */
function drawLine(line, y) {
  const { stroke, fill, word } = LOOKS[line.verdict];
  const end = line.through ? FENCE + 22 : FENCE - 6;
  return [
    el("text", { class: "t-small", x: 8, y: y + 5 }, line.name),
    el("text", { class: "t-small", x: 168, y: y + 5 }, line.kind),
    el("text", { class: "t-small", x: 268, y: y + 5 }, grantOf(line)),
    el("line", { class: stroke, x1: 386, y1: y, x2: end, y2: y, "stroke-width": 2 }),
    line.through
      ? el("polygon", { class: fill, points: `${end + 8},${y} ${end - 2},${y - 5} ${end - 2},${y + 5}` })
      : el("line", { class: stroke, x1: end, y1: y - 8, x2: end, y2: y + 8, "stroke-width": 3 }),
    el("text", { class: "t-small", x: FENCE + 38, y: y + 5 }, word),
  ];
}

/**
 * @param {ShowRun} run
 * @param {number} top
 */
function drawRun(run, top) {
  const all = lines(run);
  const end = top + TOP + all.length * ROW - 16;
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 20 }, title(run.variant)),
    run.error === null
      ? [
          el("line", { class: "s-accent", x1: FENCE, y1: top + 36, x2: FENCE, y2: end, "stroke-width": 2 }),
          all.map((line, index) => drawLine(line, top + TOP + index * ROW)),
        ]
      : el("text", { class: "t-small", x: 8, y: top + TOP }, run.error),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "What a viewer asks for at the gate, after an editor came through, in your browser just now",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? lines(run).map((line) => [title(run.variant), line.name, line.kind, grantOf(line), LOOKS[line.verdict].word])
        : [[title(run.variant), run.error, "", "", ""]],
    );
    return { columns: ["Run", "The viewer asks for", "Kind", "Under these names", "What became of it"], rows };
  },

  draw(runs) {
    const height = TOP + 6 * ROW + 6;
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * height}` },
      runs.map((run, index) => drawRun(run, index * height)),
    );
  },
};
