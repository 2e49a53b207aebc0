// A heartbeat strip for each variant: one spike a beat, before, during and after a wait.

import { axis, el, linear } from "../kata/svg.js";

/** @typedef {import("../kata/types.js").ShowRun} ShowRun */

/**
 * @typedef {object} Strip
 * @property {number[]} beats when the heartbeat beat, in ms since the start
 * @property {number} begins when the wait began
 * @property {number} ends when it was over
 * @property {number} during how many beats came in between
 * @property {number} silence the longest time without a beat in between
 */

const LEFT = 8;
const RIGHT = 632;
const LANE = 104;
const PULSE = 62;

/** Without a beat for this long, the line counts as flat: five beats are missing. */
const FLAT_MS = 60;

/** @type {Record<string, string>} */
const NAMES = {
  kata: "The untouched kata: spins",
  "attempts/microtask-yield": "An attempt: awaits a resolved promise in a loop",
  solution: "The solution: sets a timer",
};

/**
 * @param {ShowRun} run
 * @returns {Strip}
 */
function strip({ rows }) {
  const at = (/** @type {string} */ what) => rows.filter((row) => row[0] === what).map((row) => Number(row[1]));
  const [beats, [begins], [ends]] = [at("beat"), at("wait begins"), at("wait ends")];
  const inside = beats.filter((beat) => beat >= begins && beat <= ends);
  const marks = [begins, ...inside, ends];
  const gaps = marks.slice(1).map((mark, index) => mark - marks[index]);
  return { beats, begins, ends, during: inside.length, silence: Math.max(...gaps) };
}

/** @param {ShowRun[]} runs */
function strips(runs) {
  return runs.map((run) => (run.error === null ? strip(run) : null));
}

/** @param {string} variant */
function title(variant) {
  return NAMES[variant] ?? variant;
}

/** @param {number} count */
function beatsText(count) {
  return count === 1 ? "1 beat" : `${count} beats`;
}

/**
 * The line from one beat to the next, with the spike of the second at its end.
 *
 * @param {number} from
 * @param {number} to
 * @param {import("../kata/svg.js").Scale} x
 */
function pulse(from, to, x) {
  const [start, end] = [x(from), x(to)];
  const flat = to - from > FLAT_MS;
  return [
    el("path", { class: flat ? "s-bad dashed" : "s-good", d: `M${start} ${PULSE}H${Math.max(start, end - 3)}` }),
    el("path", { class: "s-good", d: `M${end - 3} ${PULSE}l2 -24l2 32l2 -8` }),
  ];
}

/**
 * @param {ShowRun} run
 * @param {Strip | null} data
 * @param {import("../kata/svg.js").Scale} x
 * @param {number} top
 */
function drawLane(run, data, x, top) {
  const name = el("text", { class: "t-label", x: LEFT, y: 20 }, title(run.variant));
  if (data === null) {
    const reason = el("text", { class: "t-small", x: LEFT, y: PULSE }, run.error);
    return el("g", { transform: `translate(0 ${top})` }, name, reason);
  }
  const { beats, begins, ends, during, silence } = data;
  return el(
    "g",
    { transform: `translate(0 ${top})` },
    el("rect", { class: "s-muted", x: x(begins), y: 30, width: x(ends) - x(begins), height: 48, rx: 4 }),
    beats.map((beat, index) => pulse(beats[index - 1] ?? 0, beat, x)),
    name,
    el(
      "text",
      { class: "t-small", x: RIGHT, y: 96, "text-anchor": "end" },
      `${beatsText(during)} in the wait (box), longest silence ${Math.round(silence)} ms`,
    ),
  );
}

/** @type {import("../kata/types.js").Show} */
export default {
  caption: "A 10 ms heartbeat before, during and after a wait of 400 ms, recorded in your browser just now",
  variants: ["kata", "attempts/microtask-yield", "solution"],

  table(runs) {
    const rows = strips(runs).map((data, index) => {
      const name = title(runs[index].variant);
      if (data === null) return [name, runs[index].error ?? "", "", ""];
      return [name, data.during, Math.round(data.ends - data.begins), Math.round(data.silence)];
    });
    return { columns: ["Run", "Beats during the wait", "Length of the wait, ms", "Longest silence in it, ms"], rows };
  },

  draw(runs) {
    const data = strips(runs);
    const last = Math.max(...data.flatMap((one) => one?.beats ?? []), 1);
    const x = linear([0, last], [LEFT, RIGHT]);
    const bottom = runs.length * LANE + 8;
    return el(
      "svg",
      { viewBox: `0 0 640 ${bottom + 62}` },
      runs.map((run, index) => drawLane(run, data[index], x, index * LANE)),
      axis({ scale: x, side: "bottom", at: bottom, label: "milliseconds" }),
    );
  },
};
