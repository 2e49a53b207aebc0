// Texts in a guest's memory, byte by byte, with the guards on both sides.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/** @typedef {"guard" | "right" | "lost" | "trampled"} Kind */

/**
 * @typedef {object} Place
 * @property {string} text
 * @property {number} units what JavaScript's `length` says
 * @property {number} meant bytes of UTF-8
 * @property {number} told bytes that the guest was told of
 * @property {number} pages
 * @property {number} page the page that the text is in, from 0
 * @property {number} address
 * @property {{ hex: string, kind: Kind }[]} cells
 */

/** The guard's bytes next to the text: the end of one "canary!!" and the start of the next. */
const BEFORE = "72 79 21 21".split(" ");
const BEHIND = "63 61 6e 61".split(" ");
const CELL = 36;
const ROW = 106;
const TOP = 34;

/** @type {Record<string, string>} */
const NAMES = {
  kata: "The untouched kata: a view from before, and UTF-16 units",
  solution: "The solution: a view from after, and UTF-8 bytes",
};

/** How a byte looks: never by colour alone. */
const LOOKS = {
  guard: "s-muted",
  right: "s-good",
  lost: "s-warn dashed",
  trampled: "s-bad dashed",
};

/**
 * @param {ShowRun} run
 * @returns {Place[]}
 */
function places({ rows }) {
  return rows.map(([text, units, pages, address, meantHex, thereHex]) => {
    const meant = String(meantHex).split(" ");
    const there = String(thereHex).split(" ");
    const told = there.length - BEFORE.length - BEHIND.length;
    const cells = there.map((hex, index) => {
      const at = index - BEFORE.length;
      const inside = at >= 0 && at < told;
      const right = hex === (inside ? meant[at] : at < 0 ? BEFORE[index] : BEHIND[at - told]);
      /** @type {Kind} */
      const kind = inside ? (right ? "right" : "lost") : right ? "guard" : "trampled";
      return { hex, kind };
    });
    const page = Math.floor(Number(address) / 65536);
    return {
      text: String(text),
      units: Number(units),
      meant: meant.length,
      told,
      pages: Number(pages),
      page,
      address: Number(address),
      cells,
    };
  });
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/** @param {Place} place */
function outcome({ cells, told, meant }) {
  const count = (/** @type {Kind} */ kind) => cells.filter((cell) => cell.kind === kind).length;
  const [lost, trampled] = [count("lost"), count("trampled")];
  const faults = [
    lost > 0 && `${lost} of ${meant} bytes lost`,
    told < meant && `told of ${told} bytes, not ${meant}`,
    trampled > 0 && `${trampled} guard bytes overwritten`,
  ].filter(Boolean);
  return faults.length > 0 ? faults.join("; ") : `all ${meant} bytes there, guards intact`;
}

/**
 * The guest's pages as boxes, the text's own page filled.
 *
 * @param {Place} place
 * @param {number} y
 */
function pageMap({ pages, page }, y) {
  const label = pages === 1 ? "1 page" : `${pages} pages`;
  const left = 632 - pages * 18;
  return [
    el("text", { class: "t-small", x: left - 6, y: y + 12, "text-anchor": "end" }, label),
    Array.from({ length: pages }, (_, index) =>
      el("rect", { class: index === page ? "f-accent" : "s-accent", x: left + index * 18, y, width: 14, height: 14 }),
    ),
  ];
}

/**
 * @param {Place} place
 * @param {number} y
 */
function drawPlace(place, y) {
  return [
    el("text", { class: "t-label", x: 8, y: y + 13 }, `“${place.text}”`),
    pageMap(place, y),
    place.cells.map(({ hex, kind }, index) => {
      const x = 8 + index * CELL;
      return [
        el("rect", { class: LOOKS[kind], x, y: y + 26, width: CELL - 3, height: 30, rx: 3 }),
        kind === "guard" && el("line", { class: "s-muted", x1: x, x2: x + CELL - 3, y1: y + 61, y2: y + 61 }),
        el("text", { class: "t-small", x: x + (CELL - 3) / 2, y: y + 46, "text-anchor": "middle" }, hex),
      ];
    }),
    el("text", { class: "t-small", x: 8, y: y + 80 }, outcome(place)),
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
      ? places(run).map((place, index) => drawPlace(place, top + TOP + index * ROW))
      : el("text", { class: "t-small", x: 8, y: top + 50 }, run.error),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption:
    "Three texts in a guest's memory between its guard bytes (underlined while intact), as your browser holds them just now. The third guest grows its memory while it allocates",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? places(run).map((place) => [
            title(run.variant),
            place.text,
            place.units,
            place.meant,
            place.told,
            place.address,
            place.pages,
            place.cells.map(({ hex }) => hex).join(" "),
            outcome(place),
          ])
        : [[title(run.variant), run.error, "", "", "", "", "", "", ""]],
    );
    return {
      columns: [
        "Run",
        "Text",
        "UTF-16 units",
        "UTF-8 bytes",
        "Bytes told",
        "Address",
        "Memory, pages",
        "Guard, text, guard",
        "Outcome",
      ],
      rows,
    };
  },

  draw(runs) {
    const height = TOP + 3 * ROW + 8;
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * height}` },
      runs.map((run, index) => drawRun(run, index * height)),
    );
  },
};
