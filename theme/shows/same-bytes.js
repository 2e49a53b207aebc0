// Two pairs of builds, section by section: what differs, what of it counts, and what the fingerprint says.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/** @typedef {"same" | "aside" | "counts"} Verdict */

/**
 * @typedef {object} Line
 * @property {string} section
 * @property {number} left bytes
 * @property {number} right bytes, or -1 where there is no such section
 * @property {Verdict} verdict
 */

/**
 * @typedef {object} Pair
 * @property {string} name
 * @property {boolean} equal whether there is one fingerprint
 * @property {Line[]} lines
 */

const COLUMNS = 3;
const WIDTH = 211;
const ROW = 34;
const HEAD = 34;
const TITLE = 34;

/** @type {Record<string, string>} */
const NAMES = {
  kata: "The untouched kata: a digest of the file",
  solution: "The solution: a digest of what counts",
};

/** @type {Record<string, string>} */
const PAIRS = {
  folders: "Built in two folders",
  path: "And a path in the data",
};

/** How a verdict looks: never by colour alone. @type {Record<Verdict, { stroke: string, mark: string, word: string }>} */
const LOOKS = {
  same: { stroke: "s-muted", mark: "", word: "same" },
  aside: { stroke: "s-good dashed", mark: "~ ", word: "differs, does not count" },
  counts: { stroke: "s-bad", mark: "≠ ", word: "differs, counts" },
};

/**
 * @param {ShowRun} run
 * @returns {Pair[]}
 */
function pairs({ rows }) {
  /** @type {Map<string, Pair>} */
  const found = new Map();
  for (const [name, section, left, right, change, counts, equal] of rows) {
    const pair = found.get(String(name)) ?? { name: String(name), equal: Boolean(equal), lines: [] };
    found.set(pair.name, pair);
    const verdict = change === "" ? "same" : counts ? "counts" : "aside";
    pair.lines.push({ section: String(section), left: Number(left), right: Number(right), verdict });
  }
  return [...found.values()];
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/**
 * What is drawn of a pair: all of the first, and what differs of the other.
 *
 * @param {Pair} pair
 */
function drawnLines({ name, lines }) {
  return name === "folders" ? lines : lines.filter(({ verdict }) => verdict !== "same");
}

/** @param {Pair} pair */
function outcome({ equal }) {
  return equal ? "one fingerprint" : "two fingerprints";
}

/** @param {Pair} pair */
function heightOf(pair) {
  return HEAD + Math.ceil(drawnLines(pair).length / COLUMNS) * ROW + 14;
}

/**
 * @param {Line} line
 * @param {number} index
 * @param {number} top
 */
function drawLine({ section, verdict }, index, top) {
  const { stroke, mark } = LOOKS[verdict];
  const x = 6 + (index % COLUMNS) * WIDTH;
  const y = top + Math.floor(index / COLUMNS) * ROW;
  const width = verdict === "same" ? 1 : 2.5;
  return [
    el("rect", { class: stroke, x, y, width: WIDTH - 8, height: ROW - 7, rx: 3, "stroke-width": width }),
    el("text", { class: "t-small", x: x + 8, y: y + 18 }, mark + section.replace("custom ", "")),
  ];
}

/**
 * @param {Pair} pair
 * @param {number} top
 */
function drawPair(pair, top) {
  return [
    el("text", { class: "t-small", x: 6, y: top + 18 }, `${PAIRS[pair.name] ?? pair.name}: ${outcome(pair)}`),
    drawnLines(pair).map((line, index) => drawLine(line, index, top + HEAD - 6)),
  ];
}

/**
 * @param {ShowRun} run
 * @param {number} top
 */
function drawRun(run, top) {
  let y = top + TITLE;
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 6, y: top + 20 }, title(run.variant)),
    run.error === null
      ? pairs(run).map((pair) => {
          const drawn = drawPair(pair, y);
          y += heightOf(pair);
          return drawn;
        })
      : el("text", { class: "t-small", x: 6, y: y + 18 }, run.error),
  );
}

/** @param {ShowRun} run */
function heightOfRun(run) {
  if (run.error !== null) return TITLE + HEAD;
  return pairs(run).reduce((sum, pair) => sum + heightOf(pair), TITLE);
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption:
    "Builds of one program, section by section, compared in your browser just now (~ differs and does not count, ≠ differs and counts)",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? pairs(run).flatMap((pair) =>
            pair.lines.map(({ section, left, right, verdict }) => [
              title(run.variant),
              PAIRS[pair.name] ?? pair.name,
              section,
              left,
              right < 0 ? "none" : right,
              LOOKS[verdict].word,
              outcome(pair),
            ]),
          )
        : [[title(run.variant), run.error, "", "", "", "", ""]],
    );
    return {
      columns: ["Run", "Builds", "Section", "Bytes, left", "Bytes, right", "Told", "Outcome"],
      rows,
    };
  },

  draw(runs) {
    let top = 0;
    const groups = runs.map((run) => {
      const drawn = drawRun(run, top);
      top += heightOfRun(run) + 12;
      return drawn;
    });
    return el("svg", { viewBox: `0 0 640 ${Math.max(top, 40)}` }, groups);
  },
};
