import { el } from "../kata/svg.js";

export default {
  caption: "Input and output",
  variants: ["kata", "solution"],
  /** @param {import("../kata/types.js").ShowRun[]} runs */
  table(runs) {
    return { columns: ["variant", "input", "output"], rows: runs.flatMap((run) => run.rows.map((row) => [run.variant, ...row])) };
  },
  /** @param {import("../kata/types.js").ShowRun[]} runs */
  draw(runs) {
    const text = runs.map((run) => `${run.variant}: ${run.rows.join(" ")}`).join(", ");
    return el("svg", { viewBox: "0 0 640 40" }, el("text", { class: "t-label", x: 8, y: 24 }, text));
  },
};
