// A ruler of the guest's memory around its end: pick an address, and see what each width does there.

import { el } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * What one run did at one address with one width.
 *
 * @typedef {object} Access
 * @property {number} address
 * @property {number} width
 * @property {string} load how the guest's load ended
 * @property {string} copy how the host's copy ended
 * @property {number} bytes that the copy has
 */

const END = 65536;
const LEFT = 20;
const CELL = 30;
const RULER = 46;
const BAR = 26;

/** @type {Record<string, string>} */
const NAMES = { kata: "The untouched kata", solution: "The solution" };

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/**
 * @param {ShowRun} run
 * @returns {Access[]}
 */
function accesses({ rows }) {
  return rows.map(([address, width, load, copy, bytes]) => ({
    address: Number(address),
    width: Number(width),
    load: String(load),
    copy: String(copy),
    bytes: Number(bytes),
  }));
}

/** @param {Access} access */
function loaded({ load }) {
  return load === "ok" ? "reads" : load;
}

/** @param {Access} access */
function copied({ copy, bytes, width }) {
  if (copy !== "ok") return copy;
  return bytes === width ? "whole" : `${bytes} of ${width} bytes`;
}

/**
 * What is right: all bytes lie below the end, or it is out of bounds.
 *
 * @param {Access} access
 */
function isRight(access) {
  const expected = access.address + access.width <= END ? ["reads", "whole"] : ["out of bounds", "out of bounds"];
  return loaded(access) === expected[0] && copied(access) === expected[1];
}

/**
 * The bytes around the end, and the one that is chosen.
 *
 * @param {number[]} addresses
 * @param {number} chosen
 * @param {(address: number) => void} choose
 */
function drawRuler(addresses, chosen, choose) {
  const [first] = addresses;
  const place = (/** @type {number} */ address) => LEFT + (address - first) * CELL;
  const end = place(END);
  return [
    el("text", { class: "t-small", x: end - 6, y: 16, "text-anchor": "end" }, "the last page"),
    el("text", { class: "t-small", x: end + 6, y: 16 }, "no memory"),
    addresses.map((address) => {
      const x = place(address);
      const inside = address < END;
      const cell = el(
        "g",
        {},
        el("rect", { class: "f-panel", x, y: RULER - 20, width: CELL - 3, height: 34 }),
        el("rect", { class: inside ? "s-accent" : "s-muted dashed", x, y: RULER - 16, width: CELL - 3, height: 26, rx: 3 }),
        el("text", { class: "t-small", x: x + (CELL - 3) / 2, y: RULER + 2, "text-anchor": "middle" }, String(address % 100).padStart(2, "0")),
        address === chosen && el("polygon", { class: "f-accent", points: `${x + 13.5},${RULER + 13} ${x + 7},${RULER + 24} ${x + 20},${RULER + 24}` }),
      );
      cell.style.cursor = "pointer";
      cell.addEventListener("click", () => choose(address));
      return cell;
    }),
    el("line", { class: "s-bad", x1: end - 1.5, x2: end - 1.5, y1: 4, y2: RULER + 32 + 4 * BAR, "stroke-width": 3 }),
  ];
}

/**
 * The bytes that each width reaches from the chosen address.
 *
 * @param {number} first
 * @param {Access[]} reached
 */
function drawReach(first, reached) {
  return reached.map(({ address, width }, index) => {
    const x = LEFT + (address - first) * CELL;
    const y = RULER + 34 + index * BAR;
    const fits = address + width <= END;
    const room = Math.min(width * CELL - 3, 636 - x);
    return [
      el("rect", { class: fits ? "s-good" : "s-bad dashed", x, y, width: Math.max(room, 8), height: 15, rx: 3 }),
      el("text", { class: "t-small", x: x - 6, y: y + 12, "text-anchor": "end" }, `${width}`),
    ];
  });
}

/**
 * What a run did there, a line for each width.
 *
 * @param {ShowRun} run
 * @param {number} chosen
 * @param {number} top
 */
function drawRun(run, chosen, top) {
  const heads = ["Width", "The guest's load", "The host's copy", ""];
  const columns = [8, 90, 290, 490];
  const lines = accesses(run).filter(({ address }) => address === chosen);
  return [
    el("text", { class: "t-label", x: 8, y: top }, title(run.variant)),
    run.error !== null && el("text", { class: "t-small", x: 8, y: top + 24 }, run.error),
    lines.length > 0 && heads.map((head, at) => el("text", { class: "t-small", x: columns[at], y: top + 24 }, head)),
    lines.map((access, index) => {
      const y = top + 48 + index * 24;
      const cells = [`${access.width}`, loaded(access), copied(access), isRight(access) ? "✓ right" : "✗ wrong"];
      return cells.map((text, at) => el("text", { class: "t-small", x: columns[at], y }, text));
    }),
  ];
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "The end of a memory of one page, as your browser just showed it. Pick an address, with a click or with the arrow keys",
  variants: ["kata", "solution"],

  table(runs) {
    const rows = runs.flatMap((run) =>
      run.error === null
        ? accesses(run).map((access) => [
            title(run.variant),
            access.address,
            access.width,
            loaded(access),
            copied(access),
            isRight(access) ? "right" : "wrong",
          ])
        : [[title(run.variant), run.error, "", "", "", ""]],
    );
    return { columns: ["Run", "Address", "Width", "The guest's load", "The host's copy", "Judged"], rows };
  },

  draw(runs) {
    const sound = runs.find((run) => run.error === null);
    const addresses = sound ? [...new Set(accesses(sound).map(({ address }) => address))] : [];
    const [first = END, last = END] = [addresses[0], addresses.at(-1)];
    const top = RULER + 34 + 4 * BAR + 34;
    const height = 158;
    const svg = el("svg", { viewBox: `0 0 640 ${top + runs.length * height}` });
    let chosen = Math.min(Math.max(END - 3, first), last);

    /** @param {number} address */
    const choose = (address) => {
      chosen = Math.min(Math.max(address, first), last);
      const reached = sound ? accesses(sound).filter((access) => access.address === chosen) : [];
      const ends = reached.map(({ width }) => (chosen + width <= END ? `${width} fits` : `${width} does not`));
      svg.setAttribute("aria-valuenow", String(chosen));
      svg.setAttribute("aria-valuetext", `Address ${chosen}. Bytes: ${ends.join(", ")}`);
      const marks = el(
        "g",
        {},
        addresses.length > 0 && drawRuler(addresses, chosen, choose),
        drawReach(first, reached),
        runs.map((run, index) => drawRun(run, chosen, top + 12 + index * height)),
        el("text", { class: "t-small", x: 8, y: RULER + 34 + 4 * BAR + 12 }, `From address ${chosen}`),
      );
      svg.replaceChildren(marks);
    };

    svg.setAttribute("tabindex", "0");
    svg.setAttribute("role", "slider");
    svg.setAttribute("aria-label", "An address at the end of the guest's memory");
    svg.setAttribute("aria-valuemin", String(first));
    svg.setAttribute("aria-valuemax", String(last));
    svg.addEventListener("keydown", (event) => {
      /** @type {Record<string, number>} */
      const steps = { ArrowLeft: chosen - 1, ArrowDown: chosen - 1, ArrowRight: chosen + 1, ArrowUp: chosen + 1, Home: first, End: last };
      const next = steps[event.key];
      if (next === undefined) return;
      event.preventDefault();
      choose(next);
    });
    choose(chosen);
    return svg;
  },
};
