// What a guest finds behind the room that it made, and what its calls come to before and after its memory has grown.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Line
 * @property {string} name
 * @property {string} expected
 * @property {string[]} came before and after the memory has grown
 */

/** What the guest is to find: "ls", "é" and "🦀", each with its NUL. */
const MEANT = "6c 73 00 c3 a9 00 f0 9f a6 80 00".split(" ");
const CELL = 39;
const LEFT = 8;
const STRIP = 46;
const LINES = 176;
const LINE = 27;
const COLUMNS = [8, 234, 348, 496];

/** @type {Record<string, string>} */
const NAMES = {
  kata: "The untouched kata: characters, and one view for all calls",
  solution: "The solution: bytes, and a view for each call",
};

/** How a byte looks: never by colour alone. */
const LOOKS = { inside: "s-good", over: "s-bad dashed", free: "s-muted" };

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/**
 * The room that the guest was told to make, in bytes, and what stands there and behind.
 *
 * @param {ShowRun} run
 */
function room({ rows }) {
  const row = rows.find(([kind]) => kind === "room");
  return { told: Number(row?.[1] ?? 0), bytes: String(row?.[2] ?? "").split(" ") };
}

/**
 * How many bytes behind the room are overwritten.
 *
 * @param {ShowRun} run
 */
function over(run) {
  return Math.max(MEANT.length - room(run).told, 0);
}

/** @param {ShowRun} run */
function verdict(run) {
  const { told } = room(run);
  const behind = over(run);
  const words = `Room for ${told} bytes, as the guest was told; ${MEANT.length} are written`;
  return behind > 0 ? `${words}, ${behind} of them over what lies behind` : `${words}, and nothing behind is touched`;
}

/**
 * @param {ShowRun} run
 * @returns {Line[]}
 */
function lines({ rows }) {
  const calls = rows.filter(([kind]) => kind === "call");
  return calls.map(([, name, expected, ...came]) => ({ name: String(name), expected: String(expected), came: came.map(String) }));
}

/**
 * @param {ShowRun} run
 * @param {number} top
 */
function drawStrip(run, top) {
  const { told, bytes } = room(run);
  const edge = LEFT + told * CELL - 1.5;
  return [
    bytes.map((hex, index) => {
      const kind = index >= MEANT.length ? "free" : index < told ? "inside" : "over";
      const x = LEFT + index * CELL;
      return [
        el("rect", { class: LOOKS[kind], x, y: top, width: CELL - 3, height: 30, rx: 3 }),
        el("text", { class: "t-small", x: x + (CELL - 3) / 2, y: top + 20, "text-anchor": "middle" }, hex),
      ];
    }),
    el("line", { class: "s-accent", x1: edge, x2: edge, y1: top - 8, y2: top + 38, "stroke-width": 3 }),
    el("text", { class: "t-small", x: edge + 6, y: top + 52 }, "← the room ends here"),
    el("text", { class: "t-small", x: LEFT, y: top + 76 }, verdict(run)),
  ];
}

/**
 * @param {Line} line
 * @param {number} y
 */
function drawLine({ name, expected, came }, y) {
  return [
    el("text", { class: "t-small", x: COLUMNS[0], y }, name),
    el("text", { class: "t-small", x: COLUMNS[1], y }, expected),
    came.map((word, index) => {
      const right = word === expected;
      const x = COLUMNS[index + 2];
      return [
        el("rect", { class: right ? "s-good" : "s-bad dashed", x, y: y - 16, width: 136, height: 22, rx: 3 }),
        el("text", { class: "t-small", x: x + 8, y }, `${right ? "✓" : "✗"} ${word}`),
      ];
    }),
  ];
}

/**
 * @param {ShowRun} run
 * @param {number} top
 */
function drawRun(run, top) {
  const heads = ["Call", "Expected", "Came", "After growth"];
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: LEFT, y: top + 20 }, title(run.variant)),
    run.error !== null
      ? el("text", { class: "t-small", x: LEFT, y: top + 50 }, run.error)
      : [
          drawStrip(run, top + STRIP),
          heads.map((head, index) => el("text", { class: "t-small", x: COLUMNS[index], y: top + LINES - 28 }, head)),
          lines(run).map((line, index) => drawLine(line, top + LINES + index * LINE)),
        ],
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption:
    "The arguments ls, é and 🦀 in a guest's memory, byte by byte, and what its calls came to before and after that memory grew, in your browser just now",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? [
            [title(run.variant), "args_sizes_get", `${MEANT.length} bytes`, `${room(run).told} bytes`, verdict(run)],
            ...lines(run).map(({ name, expected, came: [before, after] }) => [title(run.variant), name, expected, before, after]),
          ]
        : [[title(run.variant), run.error, "", "", ""]],
    );
    return { columns: ["Run", "Call", "Expected", "Came", "After the memory has grown"], rows };
  },

  draw(runs) {
    const count = Math.max(...runs.map((run) => lines(run).length), 1);
    const height = LINES + count * LINE + 12;
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * height}` },
      runs.map((run, index) => drawRun(run, index * height)),
    );
  },
};
