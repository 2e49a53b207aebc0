// The live picture of a zone: runs its variants, draws what they measured, and tells it as a table.

import { Forbidden, whatForbids } from "./forbidden.js";
import { runShow } from "./host.js";
import { readyBundle } from "./bundle.js";
import { h, need, reason } from "./dom.js";
import { loadLate } from "./reach.js";
import { labUrl, site } from "./site.js";

/** @typedef {import("./types.js").Show} Show */
/** @typedef {import("./types.js").ShowRun} ShowRun */
/** @typedef {import("./types.js").ZoneConfig} ZoneConfig */

export class LivePicture {
  #section;
  #stage;
  #caption;
  #draw;
  #toggle;
  #busy = false;
  /** @type {HTMLElement | null} */
  #tool = null;

  /**
   * @param {ZoneConfig} config
   * @param {HTMLElement} section
   */
  constructor(config, section) {
    this.config = config;
    this.drawn = false;
    this.#section = section;
    this.#stage = need(section, ".kata-stage");
    this.#caption = need(section, ".kata-caption");
    this.#draw = need(section, '[data-action="show"]');
    this.#toggle = need(section, '[data-action="table"]');
    this.#draw.addEventListener("click", () => void this.draw());
    this.#toggle.addEventListener("click", () => this.#flip());
    this.#draw.removeAttribute("disabled");
  }

  /** Runs and draws. Never throws: what goes wrong stands in the caption. */
  async draw() {
    if (this.#busy) return;
    this.#busy = true;
    this.#draw.setAttribute("aria-disabled", "true");
    try {
      /** @type {{ default: Show }} */
      const { default: show } = await loadLate(() => import(new URL(`shows/${this.config.slug}.js`, site.root).href));
      const lab = this.config.needs.includes("lab") ? await labUrl() : undefined;
      /** @type {ShowRun[]} */
      const runs = [];
      for (const variant of show.variants) {
        this.#caption.textContent = `Running ${variant}, ${runs.length + 1} of ${show.variants.length}`;
        runs.push(await this.#run(variant, lab));
      }
      this.#place(show, runs);
      // Once, or a reader's own data would be gone with the next picture.
      if (show.tool && !this.#tool) {
        this.#tool = show.tool((name, ...args) => this.#ask(name, args));
        this.#section.append(this.#tool);
      }
    } catch (error) {
      const why = error instanceof Forbidden ? error : ((await whatForbids(this.config.host)) ?? error);
      this.#caption.textContent = `The picture could not be drawn: ${reason(why)}`;
    } finally {
      this.#busy = false;
      this.#draw.removeAttribute("aria-disabled");
    }
  }

  /**
   * @param {string} variant
   * @param {string | undefined} lab
   * @returns {Promise<ShowRun>}
   */
  async #run(variant, lab) {
    const { slug, host, timeoutMs } = this.config;
    if (variant === "solution" && !this.config.solution) return { variant, rows: [], error: "kept back in this copy" };
    const { signal } = new AbortController();
    try {
      const bundle = await readyBundle(slug, variant, {
        signal,
        onStep: (step) => {
          this.#caption.textContent = `Building ${variant}: ${step}`;
        },
      });
      if (bundle.status === "failed") return { variant, rows: [], error: "does not compile" };
      const rows = await runShow({ bundleUrl: bundle.url, host, timeoutMs, lab, signal });
      if (!Array.isArray(rows) || !rows.every(Array.isArray)) {
        return { variant, rows: [], error: "its show returned no rows" };
      }
      return { variant, rows, error: null };
    } catch (error) {
      if (error instanceof Forbidden) throw error;
      return { variant, rows: [], error: reason(error) };
    }
  }

  /**
   * Calls another export than `show`, of the solution, for a reader's own data.
   *
   * @param {string} name
   * @param {unknown[]} args
   */
  async #ask(name, args) {
    const { slug, host, timeoutMs, solution } = this.config;
    if (!solution) throw new Error("the solution is kept back in this copy");
    const { signal } = new AbortController();
    const bundle = await readyBundle(slug, "solution", { signal, onStep() {} });
    if (bundle.status === "failed") throw new Error("the solution does not compile");
    return runShow({ bundleUrl: bundle.url, host, timeoutMs, lab: undefined, signal, name, args });
  }

  /**
   * @param {Show} show
   * @param {ShowRun[]} runs
   */
  #place(show, runs) {
    const picture = show.draw(runs);
    // A picture that a reader can work says itself what it is.
    if (!picture.hasAttribute("role")) {
      picture.setAttribute("role", "img");
      picture.setAttribute("aria-label", show.caption);
    }
    const { columns, rows } = show.table(runs);
    const head = h("tr", {}, columns.map((column) => h("th", { scope: "col" }, column)));
    const body = rows.map((row) => h("tr", {}, row.map((cell) => h("td", {}, cellText(cell)))));
    const table = h(
      "div",
      { class: "kata-table", role: "region", "aria-label": show.caption },
      h("table", {}, h("caption", {}, show.caption), h("thead", {}, head), h("tbody", {}, body)),
    );
    const focused = document.activeElement === this.#draw;
    this.#stage.replaceChildren(picture, table);
    this.#caption.textContent = show.caption;
    for (const { variant, error } of runs) {
      if (error) this.#caption.append(h("span", { class: "kata-show-error" }, `${variant}: ${error}`));
    }
    this.#toggle.removeAttribute("disabled");
    // The picture has taken the button's place; it moves below, and keeps the focus if it had it.
    this.#draw.textContent = show.again ?? "Draw it again";
    this.#draw.className = "kata-quiet";
    this.#toggle.before(this.#draw);
    if (focused) this.#draw.focus();
    this.drawn = true;
  }

  #flip() {
    const asTable = this.#section.dataset.view !== "table";
    this.#section.dataset.view = asTable ? "table" : "picture";
    this.#toggle.setAttribute("aria-pressed", String(asTable));
    // A wide table scrolls by keyboard, but only while it can be seen.
    const table = need(this.#section, ".kata-table");
    if (asTable) table.setAttribute("tabindex", "0");
    else table.removeAttribute("tabindex");
  }
}

/** @param {string | number | boolean} cell */
function cellText(cell) {
  if (typeof cell === "number" && !Number.isInteger(cell)) return String(Number(cell.toPrecision(4)));
  return String(cell);
}
