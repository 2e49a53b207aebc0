// Additions that were lost: where the other end was made to step in, and where a second thread ran free.

import { axis, el, legend, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Count
 * @property {{ at: number, lost: number }[]} places where the other end stepped in, and how many of 2 additions were lost
 * @property {{ additions: number, lost: number }[]} free of a thread that nobody stops; none if no memory is shared
 * @property {string} way
 */

const LEFT = 84;
const RIGHT = 616;

/** @type {Record<string, { name: string, line: string }>} */
const LOOKS = {
  kata: { name: "the untouched kata", line: "s-bad dashed" },
  "attempts/plain-increment": { name: "atomic load, atomic store", line: "s-warn" },
  solution: { name: "the solution", line: "s-good" },
};

/** @param {string} variant */
const look = (variant) => LOOKS[variant] ?? { name: variant, line: "s-muted" };

/**
 * @param {ShowRun} run
 * @returns {Count | null}
 */
function count({ rows, error }) {
  if (error !== null) return null;
  const of = (/** @type {string} */ kind) => rows.filter((row) => row[0] === kind);
  return {
    places: of("certain").map(([, at, , lost]) => ({ at: Number(at), lost: Number(lost) })),
    free: of("free").map(([, additions, lost]) => ({ additions: Number(additions), lost: Number(lost) })),
    way: String(of("way")[0]?.[1] ?? ""),
  };
}

/** @param {number} number */
const grouped = (number) => number.toLocaleString("en");

/** @param {Count} count */
function told({ places, free, way }) {
  const certain = `${places.reduce((sum, { lost }) => sum + lost, 0)} for certain`;
  const last = free.at(-1);
  return last ? `${certain}, ${grouped(last.lost)} of ${grouped(last.additions)} by chance` : `${certain}; ${way}`;
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption:
    "Additions that two threads made to one word, and that are not in it. Above, the other end steps in before each access once; below, a second thread adds as fast as it can, in your browser just now",
  variants: ["kata", "attempts/plain-increment", "solution"],

  table(runs) {
    const rows = runs.map((run) => {
      const { name } = look(run.variant);
      const data = count(run);
      if (data === null) return [name, run.error ?? "", "", "", ""];
      const last = data.free.at(-1);
      return [
        name,
        data.way,
        data.places.map(({ at, lost }) => `${at + 1}: ${lost}`).join(", "),
        last ? last.additions : "–",
        last ? last.lost : "–",
      ];
    });
    return {
      columns: [
        "Code",
        "The line runs over",
        "Lost of 2, by the access before which the other end steps in",
        "Additions of two free threads",
        "Lost of these",
      ],
      rows,
    };
  },

  draw(runs) {
    const data = runs.map(count);
    const known = data.flatMap((one) => one?.free ?? []);
    const x = linear([0, Math.max(...known.map(({ additions }) => additions), 1)], [LEFT, RIGHT]);
    const y = linear([0, Math.max(...known.map(({ lost }) => lost), 10)], [400, 262]);
    const lanes = data.map((one, index) => {
      const top = 40 + index * 52;
      const { name } = look(runs[index].variant);
      return el(
        "g",
        { transform: `translate(0 ${top})` },
        el("text", { class: "t-small", x: 8, y: 6 }, name),
        one?.places.map(({ at, lost }) => {
          const left = LEFT + at * 260;
          return [
            el("rect", { class: lost ? "f-bad" : "f-good", x: left, y: 14, width: 14, height: 14, rx: 2 }),
            el("text", { class: "t-small", x: left + 22, y: 26 }, `before access ${at + 1}: ${lost ? `${lost} lost` : "none"}`),
          ];
        }),
      );
    });
    const lines = data.map((one, index) => {
      if (!one || one.free.length === 0) return null;
      const points = [{ additions: 0, lost: 0 }, ...one.free];
      const d = `M${points.map(({ additions, lost }) => `${x(additions).toFixed(1)} ${y(lost).toFixed(1)}`).join("L")}`;
      return el("path", { class: look(runs[index].variant).line, fill: "none", "stroke-width": 2, d });
    });
    const items = data.map((one, index) => {
      const { name, line } = look(runs[index].variant);
      return { label: `${name}: ${one ? told(one) : runs[index].error}`, className: line };
    });
    return el(
      "svg",
      { viewBox: "0 0 640 556" },
      el("text", { class: "t-label", x: 8, y: 20 }, "the other end steps in"),
      lanes,
      axis({ scale: y, side: "left", at: LEFT, count: 4, grid: RIGHT - LEFT, label: "additions lost, two free threads" }),
      axis({ scale: x, side: "bottom", at: 400, count: 4, format: grouped, label: "additions of both" }),
      lines,
      known.length === 0 && el("text", { class: "t-small", x: LEFT + 12, y: 330 }, "no memory is shared here, so nothing can be lost by chance"),
      legend(items, 10, 480),
    );
  },
};
