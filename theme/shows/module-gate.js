// What stands at the gate: what this browser's engine says of each module, and what the gate says. And the reader's own file.

import { h, reason } from "../kata/dom.js";
import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */
/** @typedef {import("../kata/types.js").Ask} Ask */

/** @typedef {{ name: string, engine: boolean, through: boolean, words: string }} Line */

const ROW = 30;
const TOP = 56;
const GATE = 330;

/** A page that reads a file holds it twice; the gate's own limit is the policy's. */
const MOST_BYTES = 64 * 1024 * 1024;

const POLICY = `start wasm2
allow tail-call
bytes 16777216
functions 100000
pages 1024`;

/** @type {Record<string, string>} */
const NAMES = { kata: "The untouched kata asks this browser", solution: "The solution asks the policy" };

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/**
 * @param {ShowRun} run
 * @returns {Line[]}
 */
function lines({ rows }) {
  return rows.map(([name, engine, through, words]) => ({
    name: String(name),
    engine: engine === true,
    through: through === true,
    words: String(words),
  }));
}

/** @param {Line} line */
function said({ through, words }) {
  if (!through) return words;
  return words === "" ? "passes" : `passes: ${words}`;
}

/** @param {string} text */
function cut(text) {
  return text.length > 34 ? `${text.slice(0, 33)}…` : text;
}

/**
 * @param {Line} line
 * @param {number} y
 */
function drawLine(line, y) {
  const end = line.through ? GATE + 20 : GATE - 6;
  return [
    el("text", { class: "t-small", x: 8, y: y + 5 }, line.name),
    el("text", { class: "t-small", x: 196, y: y + 5 }, line.engine ? "✓ takes it" : "✗ does not"),
    el("line", { class: line.through ? "s-good" : "s-muted", x1: 288, y1: y, x2: end, y2: y, "stroke-width": 2 }),
    line.through
      ? el("polygon", { class: "f-good", points: `${end + 8},${y} ${end - 2},${y - 5} ${end - 2},${y + 5}` })
      : el("line", { class: "s-muted", x1: end, y1: y - 8, x2: end, y2: y + 8, "stroke-width": 3 }),
    el("text", { class: "t-small", x: GATE + 36, y: y + 5 }, cut(said(line))),
  ];
}

/**
 * @param {ShowRun} run
 * @param {number} top
 */
function drawRun(run, top) {
  const all = lines(run);
  const end = top + TOP + all.length * ROW - 14;
  return el(
    "g",
    {},
    el("text", { class: "t-label", x: 8, y: top + 20 }, title(run.variant)),
    run.error === null
      ? [
          el("text", { class: "t-small", x: 196, y: top + 40 }, "this engine"),
          el("line", { class: "s-accent", x1: GATE, y1: top + 34, x2: GATE, y2: end, "stroke-width": 2 }),
          all.map((line, index) => drawLine(line, top + TOP + index * ROW)),
        ]
      : el("text", { class: "t-small", x: 8, y: top + TOP }, run.error),
  );
}

/** What each kind of row of `look` is called. */
const KINDS = /** @type {Record<string, string>} */ ({
  need: "needs",
  size: "has",
  import: "imports",
  export: "exports",
});

/**
 * What the gate says of a file, as a table.
 *
 * @param {[string, string, string, boolean][]} rows
 */
function answer(rows) {
  const [[kind, text, more]] = rows;
  if (kind === "policy") return [h("p", {}, `The policy cannot be read. ${text}`)];
  const body = rows.slice(1).map(([of, what, where, good]) =>
    h("tr", {}, h("td", {}, KINDS[of] ?? of), h("td", {}, what), h("td", {}, where), h("td", {}, good ? "" : "✗ not allowed")),
  );
  const head = ["", "What", "Place, size or kind", "By the policy"].map((name) => h("th", { scope: "col" }, name || "The module"));
  return [
    h("p", {}, h("strong", {}, text), more && ` ${more}`),
    body.length > 0 && h("table", {}, h("thead", {}, h("tr", {}, head)), h("tbody", {}, body)),
  ];
}

/**
 * Where a reader drops a file.
 *
 * @param {Ask} ask
 */
function tool(ask) {
  const input = h("input", { type: "file", accept: ".wasm,application/wasm" });
  const drop = h("label", { class: "kata-drop" }, "Your own module: drop a .wasm file here, or choose one. ", input);
  const policy = h("textarea", { rows: 5, spellcheck: "false", "aria-label": "The policy for your module" });
  policy.value = POLICY;
  const result = h("div", { role: "status" });
  /** @type {File | null} */
  let file = null;
  let turn = 0;

  /** @param {(Node | string | null | undefined | false)[]} nodes */
  const say = (nodes) => result.replaceChildren(...nodes.filter((node) => node instanceof Node || typeof node === "string"));

  const judge = async () => {
    if (!file) return;
    const mine = ++turn;
    const { name, size } = file;
    if (size > MOST_BYTES) return say([h("p", {}, `${name} has ${size} bytes. This page reads files up to ${MOST_BYTES}.`)]);
    say([h("p", {}, `Looking at ${name}, ${size} bytes`)]);
    try {
      const bytes = new Uint8Array(await file.arrayBuffer());
      const rows = await ask("look", bytes, policy.value);
      if (mine === turn) say([h("p", {}, `${name}, ${size} bytes:`), ...answer(rows)]);
    } catch (error) {
      if (mine === turn) say([h("p", {}, `${name} could not be judged: ${reason(error)}`)]);
    }
  };

  /** @param {FileList | null | undefined} files */
  const take = (files) => {
    if (!files?.length) return;
    file = files[0];
    void judge();
  };

  input.addEventListener("change", () => take(input.files));
  policy.addEventListener("change", () => void judge());
  drop.addEventListener("dragover", (event) => {
    event.preventDefault();
    drop.dataset.over = "";
  });
  drop.addEventListener("dragleave", () => delete drop.dataset.over);
  drop.addEventListener("drop", (event) => {
    event.preventDefault();
    delete drop.dataset.over;
    take(event.dataTransfer?.files);
  });
  const note = "The file stays on your machine. This page reads it and hands it to the solution's gate, in a worker of its own; no request is sent.";
  return h("div", { class: "kata-tool" }, drop, h("p", {}, note), policy, result);
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "Ten modules at the gate, in your browser just now. The policy: start wasm2, allow memory64. Below: your own file",
  variants: ["kata", "solution"],
  tool,

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? lines(run).map((line) => [title(run.variant), line.name, line.engine ? "takes it" : "does not", said(line)])
        : [[title(run.variant), run.error, "", ""]],
    );
    return { columns: ["Run", "Module", "This engine", "The gate"], rows };
  },

  draw(runs) {
    const height = TOP + 10 * ROW + 10;
    return el(
      "svg",
      { viewBox: `0 0 640 ${runs.length * height}` },
      runs.map((run, index) => drawRun(run, index * height)),
    );
  },
};
