// Brings the panels of a page to life. The server rendered all that there is to read; this module
// adds what only a running page can do.

import { all, h, need } from "./dom.js";
import { wireAttempts, wireHints, wireSolution } from "./extras.js";
import { hasChanged } from "./bundle.js";
import { showHit } from "./hits.js";
import { isolate } from "./isolation.js";
import { keepKeys } from "./keys.js";
import { fillOwnEngine, markOwnEngine } from "./matrix.js";
import { keepForOffline, wireOffline } from "./offline.js";
import { Prediction } from "./predict.js";
import { askTheClone, keptAcrossReload, markZoneLists, progressOf, remember } from "./progress.js";
import { RunBar } from "./run.js";
import { reachWhatScrolls } from "./scroll.js";
import { listen, refreshSource } from "./serve.js";
import { LivePicture } from "./show.js";
import { tone } from "./verdicts.js";
import { INSECURE, isPrintPage, site } from "./site.js";

/** @typedef {import("./types.js").ZoneConfig} ZoneConfig */
/** @typedef {import("./types.js").Verdict} Verdict */

// A script in the page's head waits for this sign of life.
document.documentElement.classList.add("modules");

/** What the server rendered to be opened; a verdict's own folds are not kept. */
const FOLDS = ".kata-given, .kata-test-code, .kata-attempt, .kata-hint, .kata-reveal";

/** The element that `{{#kata slug}}` becomes. */
export class KataPanel extends HTMLElement {
  /** @type {ZoneConfig} */
  config = JSON.parse(this.dataset.config ?? "{}");
  /** @type {RunBar | null} */ #bar = null;
  /** @type {Prediction | null} */ #prediction = null;
  /** @type {LivePicture | null} */ #picture = null;

  connectedCallback() {
    if (this.#bar || isPrintPage) return;
    if (!document.documentElement.classList.contains("js")) return sayWhyStill(this);
    const { config } = this;
    this.#bar = new RunBar(
      config,
      "kata",
      need(this, ":scope > .kata-run"),
      need(this, ":scope > .kata-tests, :scope > .kata-spec"),
      (ending) => {
        if (ending.how === "judged") void this.#judged(ending.verdicts, ending.source);
      },
    );
    this.#wireCopy();
    const fieldset = this.querySelector(".kata-predict");
    if (fieldset instanceof HTMLElement && config.predict) {
      this.#prediction = new Prediction(fieldset, config.predict);
    }
    const show = this.querySelector(".kata-show");
    if (show instanceof HTMLElement) this.#picture = new LivePicture(config, show);
    markOwnEngine(this);
    wireAttempts(config, this);
    wireHints(this);
    wireSolution(config, this, () => progressOf(config.slug)?.state === "solved");
    this.showProgress();
  }

  /**
   * @param {Verdict[]} verdicts
   * @param {string | null} source names the text that was judged
   */
  async #judged(verdicts, source) {
    this.#prediction?.answer(verdicts);
    fillOwnEngine(this, "kata", verdicts);
    const said = tone(verdicts);
    if (verdicts.length === 0 || said === "open") return;
    const state = said === "good" ? "solved" : "broken";
    this.#showState(state);
    await remember(this.config.slug, state, source);
    markZoneLists();
  }

  /** Shows how far the reader is, before anything was run here. */
  showProgress() {
    this.#showState(progressOf(this.config.slug)?.state ?? "new");
  }

  /** @param {"new" | "broken" | "solved"} state */
  #showState(state) {
    const badge = need(this, ".kata-state");
    badge.dataset.state = state;
    badge.textContent = { new: "not run yet", broken: "broken", solved: "solved" }[state];
  }

  #wireCopy() {
    for (const button of all(this, '[data-action="copy"]')) {
      button.removeAttribute("disabled");
      button.addEventListener("click", () => void copy(button));
    }
  }

  /** The local server has rebuilt this kata: run it again, if it was run before. */
  async rebuilt() {
    const bar = this.#bar;
    if (!bar) return;
    await refreshSource(this);
    const used = bar.identity;
    if (!bar.hasResult || (used !== null && !(await hasChanged(this.config.slug, "kata", used)))) return;
    await bar.start("Your edit was rebuilt. Running it");
    if (this.#picture?.drawn) await this.#picture.draw();
  }

  /** What a reload must not lose. */
  snapshot() {
    return {
      slug: this.config.slug,
      open: all(this, FOLDS).map((node) => node.hasAttribute("open")),
      chosen: this.#prediction?.chosen ?? -1,
      verdicts: this.#bar?.verdicts ?? [],
      identity: this.#bar?.identity ?? null,
    };
  }

  /** @param {ReturnType<KataPanel["snapshot"]>} kept */
  restore(kept) {
    all(this, FOLDS).forEach((node, index) => node.toggleAttribute("open", kept.open[index] ?? false));
    this.#prediction?.choose(kept.chosen);
    if (kept.verdicts.length === 0 || !this.#bar) return;
    this.#bar.restore(kept.verdicts, kept.identity);
    this.#prediction?.answer(kept.verdicts);
    fillOwnEngine(this, "kata", kept.verdicts);
  }
}

/**
 * This module runs, and mdBook's first script, which stands in the page, did not: somebody forbids it.
 *
 * @param {HTMLElement} panel
 */
function sayWhyStill(panel) {
  const what = "Nothing can run here: this host's Content-Security-Policy forbids scripts that stand in a page.";
  const instead = " In a clone of this book, cargo kata serve runs everything.";
  need(panel, '[data-why="script"]').replaceChildren(h("strong", {}, what), instead);
}

/**
 * Copies the code of a button's figure.
 *
 * @param {HTMLElement} button
 */
async function copy(button) {
  const code = need(/** @type {HTMLElement} */ (button.closest("figure")), "code");
  try {
    await navigator.clipboard.writeText(code.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    // An address may not be secure, or the reader has refused it. Then it is one key away.
    getSelection()?.selectAllChildren(code);
    button.textContent = "Selected";
    button.title = isSecureContext ? "" : `No page may copy by itself: ${INSECURE}`;
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

/** @returns {KataPanel[]} */
const panels = () => all(document, "kata-panel").filter((node) => node instanceof KataPanel);

// A page that will be loaded again does not come to life before.
const isolated = isPrintPage ? [] : all(document, '[data-need="isolation"]');
if (isolated.length > 0) {
  const said = await isolate();
  for (const badge of isolated) badge.textContent = said;
}
customElements.define("kata-panel", KataPanel);
reachWhatScrolls();
if (!isPrintPage) {
  keepKeys();
  markZoneLists();
  const kept = keptAcrossReload();
  if (kept) {
    panels().forEach((panel, index) => {
      const mine = kept.panels[index];
      if (mine?.slug === panel.config.slug) panel.restore(mine);
    });
    scrollTo(0, kept.scroll);
  }
  showHit();
  if (site.mode === "serve") {
    listen(panels);
    void askTheClone().then(() => {
      markZoneLists();
      for (const panel of panels()) panel.showProgress();
    });
  }
  else {
    void keepForOffline();
    wireOffline();
  }
}
