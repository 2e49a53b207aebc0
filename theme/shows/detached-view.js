// The life of an encoded array: what JavaScript reads in it, moment by moment.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Moment
 * @property {string} name
 * @property {number} pages
 * @property {number} length
 * @property {string[]} bytes the first bytes, hexadecimal; none if the array is empty
 * @property {"intact" | "changed" | "gone"} state
 */

const BYTES = 8;
const LEFT = 218;
const CELL = 39;
const ROW = 50;

/** @type {Record<string, string>} */
const NAMES = { kata: "The untouched kata: a view", solution: "The solution: a copy" };

/** How a state looks: never by colour alone. */
const LOOKS = {
  intact: { stroke: "s-good", word: "intact" },
  changed: { stroke: "s-bad dashed", word: "changed" },
  gone: { stroke: "s-muted dashed", word: "gone" },
};

/**
 * The spec's rows as moments. Its first row is what was meant; the others are judged by it.
 *
 * @param {ShowRun} run
 * @returns {Moment[]}
 */
function moments({ rows }) {
  const [meant, ...later] = rows;
  return later.map(([name, pages, length, hex]) => ({
    name: String(name),
    pages: Number(pages),
    length: Number(length),
    bytes: length === 0 ? [] : String(hex).split(" "),
    state: length === 0 ? "gone" : length === meant[2] && hex === meant[3] ? "intact" : "changed",
  }));
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/**
 * @param {Moment} moment
 * @param {number} y
 */
function drawMoment({ name, length, bytes, state }, y) {
  const { stroke, word } = LOOKS[state];
  const cells = Array.from({ length: BYTES }, (_, index) => {
    const x = LEFT + index * CELL;
    return [
      el("rect", { class: stroke, x, y: y + 5, width: CELL - 5, height: ROW - 14, rx: 3 }),
      el("text", { class: "t-small", x: x + (CELL - 5) / 2, y: y + 29, "text-anchor": "middle" }, bytes[index] ?? "–"),
    ];
  });
  const end = LEFT + BYTES * CELL + 6;
  return [
    el("text", { class: "t-small", x: 8, y: y + 29 }, name),
    cells,
    el("text", { class: "t-label", x: end, y: y + 20 }, `${length} bytes`),
    el("text", { class: "t-small", x: end, y: y + 40 }, word),
  ];
}

/**
 * @param {ShowRun} run
 * @param {number} top
 */
function drawRun(run, top) {
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 18 }, title(run.variant)),
    run.error === null
      ? moments(run).map((moment, index) => drawMoment(moment, top + 28 + index * ROW))
      : el("text", { class: "t-small", x: 8, y: top + 50 }, run.error),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "The array's byteLength and its first 8 bytes, as JavaScript reads them in your browser just now",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? moments(run).map(({ name, pages, length, bytes, state }) => [
            title(run.variant),
            name,
            pages,
            length,
            bytes.join(" ") || "none",
            LOOKS[state].word,
          ])
        : [[title(run.variant), run.error, "", "", "", ""]],
    );
    return { columns: ["Run", "Moment", "Memory, pages", "byteLength", "First bytes", "Compared with what was meant"], rows };
  },

  draw(runs) {
    const height = 28 + 3 * ROW + 18;
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * height}` },
      runs.map((run, index) => drawRun(run, index * height)),
    );
  },
};
