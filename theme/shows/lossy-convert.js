// The truth table: one number, and what each conversion makes of it in this engine.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */
/** @typedef {number | string | boolean} Value */

/**
 * @typedef {object} Cell
 * @property {string} text
 * @property {Look} look
 */

/** @typedef {keyof typeof LOOKS} Look */

/**
 * @typedef {object} Grid
 * @property {string} title
 * @property {string[][]} heads one for each column, each of one or two lines
 * @property {Cell[][]} rows
 * @property {string} note
 */

const MIN = -(2 ** 31);
const MAX = 2 ** 31 - 1;
const ROW = 27;
const HEAD = 76;
const FIRST = 124;

/** How an answer looks: never by colour alone, the text says it too. */
const LOOKS = {
  exact: { frame: "", word: "the number, without its fraction" },
  rounded: { frame: "s-accent", word: "another whole number" },
  refused: { frame: "s-good", word: "refused: there is no such number" },
  invented: { frame: "s-warn dashed", word: "an integer for a number that has none" },
  broken: { frame: "s-bad", word: "not what the function promises" },
  absent: { frame: "s-muted dashed", word: "not in this engine" },
};

/** The unsigned relaxed instruction on x86-64, 2026-11-22: Chromium 156, Firefox 153 ESR. */
const RECORDED = new Map([
  ["1.5", [1, 1]],
  ["2147483648", [2147483648, 2147483648]],
  ["2147483904", [2147483904, 2147483904]],
  ["4294967296", [4294967295, 0]],
  ["inf", [4294967295, 2147483648]],
  ["-1.5", [0, 4294967295]],
  ["-2147483648", [0, 2147483648]],
  ["NaN", [0, 2147483648]],
]);

/**
 * The rows of one kind, without the tag.
 *
 * @param {ShowRun} run
 * @param {string} kind
 */
function rowsOf(run, kind) {
  return run.rows.filter(([tag]) => tag === kind).map(([, ...row]) => row);
}

/** @param {Value} input as Rust writes it */
function number(input) {
  return Number(String(input).replace("inf", "Infinity"));
}

/** @param {Value} value */
function plain(value) {
  if (typeof value !== "number") return String(value).replace("inf", "∞").replace("-", "−");
  if (value === MIN || value === MAX) return value === MIN ? "MIN" : "MAX";
  if (value > MIN && value < MIN + 1000) return `MIN+${value - MIN}`;
  if (value < MAX && value > MAX - 1000) return `MAX−${MAX - value}`;
  return String(value).replace("-", "−");
}

/**
 * @param {Value} value an answer to `meant`
 * @param {number} meant
 * @param {number} low the ends of the integer type
 * @param {number} high
 * @returns {Cell}
 */
function judged(value, meant, low = MIN, high = MAX) {
  const whole = Math.trunc(meant);
  const text = plain(value);
  if (value === "absent") return { text, look: "absent" };
  if (typeof value !== "number") return { text, look: "refused" };
  if (!(whole >= low && whole <= high)) return { text, look: "invented" };
  return { text, look: value === whole ? "exact" : "rounded" };
}

/**
 * @param {Value} value
 * @returns {Cell}
 */
function bare(value) {
  return { text: plain(value), look: "exact" };
}

/** @param {Cell[]} cells */
function differ(cells) {
  return new Set(cells.map(({ text }) => text)).size > 1;
}

/**
 * The instructions are the same in every variant, so the last run speaks for them.
 *
 * @param {ShowRun} run
 * @returns {Grid}
 */
function instructions(run) {
  const all = rowsOf(run, "float");
  const rows = all
    .map(([input, rounds, cuts, trunc, sat, , relaxed, orZero]) => {
      const float = Math.fround(number(input));
      const answers = [rounds, cuts, trunc, sat, relaxed].map((value) => judged(value, float));
      return [bare(input), ...answers, judged(orZero, number(input))];
    })
    .filter(([, ...answers]) => differ(answers.filter(({ look }) => look !== "absent")));
  return {
    title: "One number, six conversions to i32",
    heads: [["number"], ["x86", "cvtps2dq"], ["x86", "cvttps2dq"], ["wasm", "trunc"], ["wasm", "trunc_sat"], ["wasm", "relaxed"], ["JS", "x | 0"]],
    rows,
    note: `All agree on ${all.length - rows.length} more numbers, which the table lists.`,
  };
}

/**
 * @param {ShowRun[]} runs
 * @returns {Grid}
 */
function functions(runs) {
  const perRun = runs.map((run) => rowsOf(run, "float"));
  const rows = perRun[0]
    .map(([input, rounds], index) => {
      const float = Math.fround(number(input));
      const checked = perRun.map((rows) => kept(judged(rows[index][8], float)));
      const rounded = perRun.map((rows) => like(rows[index][10], rows[index][11], rounds));
      return [bare(input), ...checked, ...rounded];
    })
    .filter(([, ...cells]) => cells.some(({ look }) => look !== "exact"));
  const heads = (/** @type {string} */ name) => runs.map(({ variant }) => [variant, name]);
  return {
    title: "The functions (“2 / 3”: in a vector / in the tail)",
    heads: [["number"], ...heads("checked"), ...heads("x86_round")],
    rows,
    note: "",
  };
}

/**
 * An answer of `checked`, which promises not to invent one.
 *
 * @param {Cell} cell
 * @returns {Cell}
 */
function kept({ text, look }) {
  return { text, look: look === "invented" ? "broken" : look };
}

/**
 * An answer of `x86_round` beside x86's own.
 *
 * @param {Value} vector
 * @param {Value} tail
 * @param {Value} right
 * @returns {Cell}
 */
function like(vector, tail, right) {
  const text = vector === tail ? plain(vector) : `${plain(vector)} / ${plain(tail)}`;
  return { text, look: vector === right && tail === right ? "exact" : "broken" };
}

/**
 * @param {ShowRun} run
 * @returns {Grid}
 */
function unsigned(run) {
  const rows = rowsOf(run, "unsigned").map(([input, sat, relaxed]) => {
    const float = Math.fround(number(input));
    const answers = [sat, relaxed, ...(RECORDED.get(String(input)) ?? [])];
    return [bare(input), ...answers.map((value) => judged(value, float, 0, 2 ** 32 - 1))];
  });
  return {
    title: "To u32, with the instruction that may choose",
    heads: [["number"], ["here", "trunc_sat"], ["here", "relaxed"], ["Chromium", "relaxed"], ["Firefox", "relaxed"]],
    rows,
    note: "Chromium 156 and Firefox 153 on x86-64, 2026-11-22.",
  };
}

/**
 * @param {ShowRun[]} runs
 * @returns {Grid}
 */
function counts(runs) {
  const perRun = runs.map((run) => rowsOf(run, "count"));
  const rows = perRun[0]
    .map(([count, float, x86, wasm], index) => {
      const meant = Number(count);
      const verdicts = perRun.map((rows) => exactly(rows[index][4], meant, Number(float)));
      return [bare(String(count)), asFloat(Number(float), meant), judged(x86, meant), judged(wasm, meant), ...verdicts];
    })
    .filter(([, ...cells]) => cells.some(({ look }) => look !== "exact"));
  return {
    title: "The way back: an i32 as f32, and then as i32 again",
    heads: [["count"], ["as f32"], ["back", "x86"], ["back", "wasm"], ...runs.map(({ variant }) => [variant, "exact_floats"])],
    rows,
    note: "",
  };
}

/**
 * The float that a count becomes. Near the ends of i32 it is shown by its distance from 2^31.
 *
 * @param {number} float
 * @param {number} meant
 * @returns {Cell}
 */
function asFloat(float, meant) {
  const [sign, inward] = float < 0 ? ["−", "+"] : ["", "−"];
  const distance = 2 ** 31 - Math.abs(float);
  const near = `${sign}2^31${distance > 0 ? inward + distance : ""}`;
  return { text: distance < 1000 ? near : plain(float), look: float === meant ? "exact" : "rounded" };
}

/**
 * What a variant's `exact_floats` said of a count.
 *
 * @param {Value} answer
 * @param {number} count
 * @param {number} float
 * @returns {Cell}
 */
function exactly(answer, count, float) {
  if (answer !== "exact") return { text: String(answer), look: "refused" };
  return { text: "exact", look: count === float ? "exact" : "broken" };
}

/**
 * @param {ShowRun[]} runs
 * @returns {Grid[]}
 */
function grids(runs) {
  const whole = runs.filter((run) => run.error === null);
  if (whole.length === 0) return [];
  const last = whole[whole.length - 1];
  return [instructions(last), functions(whole), unsigned(last), counts(whole)];
}

/** @param {Grid} grid */
function height({ rows, note }) {
  return HEAD + rows.length * ROW + (note ? 30 : 10) + 24;
}

/**
 * @param {Grid} grid
 * @param {number} top
 */
function drawGrid({ title, heads, rows, note }, top) {
  const width = (632 - FIRST) / (heads.length - 1);
  const middle = (/** @type {number} */ column) => FIRST + (column - 0.5) * width;
  const place = (/** @type {number} */ column) =>
    column === 0 ? { x: 8 } : { x: middle(column), "text-anchor": "middle" };
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 20 }, title),
    heads.map((lines, column) =>
      lines.map((line, index) =>
        el("text", { class: "t-small", ...place(column), y: top + HEAD - 10 - (lines.length - 1 - index) * 19 }, line),
      ),
    ),
    el("line", { class: "s-muted", x1: 8, x2: 632, y1: top + HEAD, y2: top + HEAD }),
    rows.map((cells, index) => {
      const y = top + HEAD + 4 + index * ROW;
      return cells.map(({ text, look }, column) => [
        LOOKS[look].frame &&
          el("rect", { class: LOOKS[look].frame, x: middle(column) - width / 2 + 2, y: y + 1, width: width - 4, height: ROW - 4, rx: 3 }),
        el("text", { class: "t-small", ...place(column), y: y + ROW / 2, dy: "0.3em" }, text),
      ]);
    }),
    note && el("text", { class: "t-small", x: 8, y: top + HEAD + rows.length * ROW + 26 }, note),
  );
}

const KEY = Object.values(LOOKS).filter(({ frame }) => frame);

function drawKey() {
  return KEY.map(({ frame, word }, index) => {
    const y = 6 + index * ROW;
    return [
      el("rect", { class: frame, x: 8, y, width: 34, height: 18, rx: 3 }),
      el("text", { class: "t-small", x: 52, y: y + 9, dy: "0.34em" }, word),
    ];
  });
}

const COLUMNS = ["Number", "x86 cvtps2dq", "x86 cvttps2dq", "wasm trunc", "wasm trunc_sat", "the same with SIMD", "relaxed SIMD", "JS x | 0"];
const FUNCTIONS = ["checked", "saturating", "x86_round", "the same in a tail", "exact_floats"];

/**
 * The three kinds of rows in one table. What does not apply stays empty.
 *
 * @param {ShowRun[]} runs
 */
function tableRows(runs) {
  const all = (/** @type {string} */ kind) => {
    const perRun = runs.map((run) => rowsOf(run, kind));
    return (perRun[0] ?? []).map((row, index) => ({ row, here: perRun.map((rows) => rows[index]) }));
  };
  const floats = all("float").map(({ row, here }) => [...row.slice(0, 8), ...here.flatMap((own) => [...own.slice(8), ""])]);
  const unsigned = all("unsigned").map(({ row: [input, sat, relaxed], here }) => {
    return [`${input} to u32`, "", "", "", sat, "", relaxed, "", ...here.flatMap(() => ["", "", "", "", ""])];
  });
  const counts = all("count").map(({ row: [count, float, x86, wasm], here }) => {
    const own = here.flatMap((row) => [row[5], "", "", "", row[4]]);
    return [`${count} as f32 (${float}) and back`, x86, x86, "", wasm, "", "", "", ...own];
  });
  return [...floats, ...unsigned, ...counts];
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "The truth table, made in your browser just now; the x86 columns are a processor's, held by a test",
  variants: ["kata", "solution"],

  table(runs) {
    const whole = runs.filter((run) => run.error === null);
    return { columns: [...COLUMNS, ...whole.flatMap(({ variant }) => FUNCTIONS.map((name) => `${variant}: ${name}`))], rows: tableRows(whole) };
  },

  draw(runs) {
    const all = grids(runs);
    if (all.length === 0) {
      return el("svg", { viewBox: "0 0 640 60" }, el("text", { class: "t-label", x: 8, y: 34 }, "Nothing was converted."));
    }
    let top = KEY.length * ROW + 24;
    const drawn = all.map((grid) => {
      const here = drawGrid(grid, top);
      top += height(grid);
      return here;
    });
    return el("svg", { viewBox: `0 0 640 ${top}` }, drawKey(), drawn);
  },
};
