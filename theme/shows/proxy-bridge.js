// One request before and after the rules, header by header, and where some targets lead: the kata beside the solution.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Line
 * @property {string} name the header, or `target`
 * @property {string} came
 * @property {Record<string, { sent: string, right: boolean }>} runs what each variant sends
 */

const COLUMNS = [8, 324];
const ROW = 50;
const HEAD = 34;

/** @type {Record<string, string>} */
const NAMES = { kata: "The untouched kata sends", solution: "The solution sends" };

/** Never by colour alone: a tick or a cross. */
const MARKS = {
  right: { stroke: "s-good", d: "M0 5l4 4l7 -9", word: "right" },
  wrong: { stroke: "s-bad", d: "M1 0l9 9M10 0l-9 9", word: "wrong" },
};

/** @param {boolean} right */
const mark = (right) => (right ? MARKS.right : MARKS.wrong);

/** @param {string} variant */
const title = (variant) => NAMES[variant] ?? variant;

/**
 * @param {ShowRun[]} runs
 * @returns {Line[]}
 */
function lines(runs) {
  /** @type {Line[]} */
  const found = [];
  for (const { variant, rows, error } of runs) {
    if (error !== null) continue;
    rows.forEach(([name, came, sent, right], index) => {
      found[index] ??= { name: String(name), came: String(came), runs: {} };
      found[index].runs[variant] = { sent: String(sent), right: Boolean(right) };
    });
  }
  return found;
}

/** The scheme is the same everywhere and takes room. @param {string} text */
const short = (text) => text.replace(/^http:\/\//, "");

/**
 * @param {Line} line
 * @param {ShowRun[]} runs
 * @param {number} y
 */
function drawLine({ name, came, runs: sent }, runs, y) {
  const what = name === "target" ? `GET ${came}` : `${name}: ${came}`;
  return [
    el("path", { class: "s-muted", d: `M8 ${y}H632` }),
    el("text", { class: "t-label", x: 8, y: y + 19 }, what),
    runs.map(({ variant }, index) => {
      const one = sent[variant];
      if (!one) return null;
      const { stroke, d } = mark(one.right);
      const x = COLUMNS[index] ?? 8;
      return [
        el("path", { class: stroke, fill: "none", "stroke-width": 2.5, d, transform: `translate(${x} ${y + 30})` }),
        el("text", { class: "t-small", x: x + 18, y: y + 41 }, short(one.sent)),
      ];
    }),
  ];
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "What comes to the bridge, and what it sends: /api leads to 127.0.0.1:8080, /docs to 127.0.0.1:8080/public",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = lines(runs).flatMap(({ name, came, runs: sent }) =>
      Object.entries(sent).map(([variant, one]) => [name, came, title(variant), one.sent, mark(one.right).word]),
    );
    const failed = runs.filter(({ error }) => error !== null).map(({ variant, error }) => ["", "", title(variant), String(error), ""]);
    return { columns: ["Part", "What came", "Run", "What is sent", "That is"], rows: [...rows, ...failed] };
  },

  draw(runs) {
    const all = lines(runs);
    return el(
      "svg",
      { viewBox: `0 0 640 ${HEAD + all.length * ROW + 6}` },
      runs.map(({ variant, error }, index) => [
        el("text", { class: "t-label", x: COLUMNS[index] ?? 8, y: 20 }, error === null ? title(variant) : `${title(variant)}: ${error}`),
      ]),
      all.map((line, index) => drawLine(line, runs, HEAD + index * ROW)),
    );
  },
};
