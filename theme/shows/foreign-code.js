// What three modules ask of their host, what becomes of each, and how fast a CRC-32C can be here.

import { readyBundle } from "../kata/bundle.js";
import { el, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/** @typedef {{ module: string, name: string, kind: string }} Import */

/**
 * @typedef {object} Told
 * @property {string} title
 * @property {number} supplied imports that the glue supplies
 * @property {Import[]} open imports that nobody supplies
 * @property {string} outcome
 * @property {boolean} good
 */

const SLUG = "foreign-code";
const FOREIGN = "attempts/extern-c";
const WIDTH = 640;
const LINE = 22;

/** @type {Record<string, string>} */
const TITLES = {
  [FOREIGN]: 'The attempt: extern "C"',
  kata: "The untouched kata: SSE 4.2, or a panic",
  solution: "The solution: tables",
};

/** The attempt does not start, so its import section is read from outside: from its bytes. */
const foreignImports = await importsOf(FOREIGN).catch(() => []);

/**
 * @param {string} variant
 * @returns {Promise<Import[]>}
 */
async function importsOf(variant) {
  const { signal } = new AbortController();
  const bundle = await readyBundle(SLUG, variant, { signal, onStep() {} });
  if (bundle.status !== "ready") return [];
  const response = await fetch(`${bundle.url}spec_bg.wasm`);
  return WebAssembly.Module.imports(await WebAssembly.compile(await response.arrayBuffer()));
}

/**
 * @param {ShowRun} run
 * @returns {Told}
 */
function told({ variant, rows, error }) {
  const own = rows
    .filter(([what]) => what === "import")
    .map(([, module, name, kind]) => ({ module: String(module), name: String(name), kind: String(kind) }));
  const imports = own.length > 0 || variant !== FOREIGN ? own : foreignImports;
  const isGlue = (/** @type {Import} */ { module }) => module.startsWith("./");
  const value = rows.find(([what]) => what === "value")?.[1];
  return {
    title: TITLES[variant] ?? variant,
    supplied: imports.filter(isGlue).length,
    open: imports.filter((entry) => !isGlue(entry)),
    outcome: error ?? `crc32c("123456789") comes to ${value}`,
    good: !error && String(value).startsWith("0x"),
  };
}

/**
 * @param {ShowRun[]} runs
 * @returns {[string, number][]} each way and its megabytes a second
 */
function speeds(runs) {
  const rows = runs.flatMap((run) => (run.variant === "solution" ? run.rows : []));
  const all = rows.length > 0 ? rows : runs.flatMap((run) => run.rows);
  return all.filter(([what]) => what === "speed").map(([, way, speed]) => [String(way), Math.round(Number(speed) / 1e6)]);
}

/**
 * Lines of at most so many characters.
 *
 * @param {string} text
 * @param {number} most
 */
function lines(text, most) {
  /** @type {string[]} */
  const done = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > most) {
      done.push(line);
      line = word;
    } else line = line ? `${line} ${word}` : word;
  }
  return [...done, line];
}

/** @param {Told} it */
function heightOf(it) {
  return 104 + lines(it.outcome, 62).length * LINE;
}

/**
 * @param {Told} it
 * @param {number} top
 */
function drawTold(it, top) {
  const half = WIDTH / 2 - 16;
  const open = it.open.map(({ module, name }) => `${module}.${name}`).join(", ");
  const box = (/** @type {number} */ x, /** @type {string} */ stroke, /** @type {string} */ text) => [
    el("rect", { class: stroke, x, y: top + 34, width: half, height: 38, rx: 5 }),
    el("text", { class: "t-small", x: x + 12, y: top + 58 }, text),
  ];
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 22 }, it.title),
    box(8, "s-good", `the glue supplies ${it.supplied}`),
    open ? box(24 + half, "s-bad dashed", `open: ${open}`) : box(24 + half, "s-muted", "nothing else is asked for"),
    lines(`${it.good ? "✓" : "✗"} ${it.outcome}`, 62).map((line, index) =>
      el("text", { class: "t-small", x: 8, y: top + 98 + index * LINE }, line),
    ),
  );
}

/**
 * @param {[string, number][]} ways
 * @param {number} top
 */
function drawSpeeds(ways, top) {
  const x = linear([0, Math.max(1, ...ways.map(([, speed]) => speed))], [0, 300]);
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 22 }, "Megabytes a second, in this browser"),
    ways.map(([way, speed], index) => {
      const y = top + 40 + index * 40;
      return [
        el("text", { class: "t-small", x: 8, y: y + 21 }, way),
        el("rect", { class: "f-accent", x: 140, y: y + 3, width: Math.max(2, x(speed)), height: 26, rx: 3 }),
        el("text", { class: "t-small", x: 148 + x(speed), y: y + 21 }, `${speed.toLocaleString("en")} MB/s`),
      ];
    }),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "What each module imports, what becomes of it, and how fast three ways to a CRC-32C are in your browser just now",
  again: "Measure it again",
  variants: [FOREIGN, "kata", "solution"],

  table(runs) {
    const rows = runs.map(told).map((it) => {
      const open = it.open.map(({ module, name, kind }) => `${module}.${name} (${kind})`).join(", ");
      return [it.title, `${it.supplied} by the glue; ${open ? `by nobody: ${open}` : "nothing else"}`, it.outcome];
    });
    const fast = speeds(runs).map(([way, speed]) => [`Speed: ${way}`, "", `${speed} MB/s`]);
    return { columns: ["Module", "Its imports are supplied", "What comes"], rows: [...rows, ...fast] };
  },

  draw(runs) {
    let top = 0;
    const bands = runs.map(told).map((it) => {
      const band = drawTold(it, top);
      top += heightOf(it);
      return band;
    });
    const ways = speeds(runs);
    const height = top + 48 + ways.length * 40;
    return el("svg", { viewBox: `0 0 ${WIDTH} ${height}` }, bands, drawSpeeds(ways, top));
  },
};
