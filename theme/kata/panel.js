// Brings the panels of a page to life. The server rendered all that there is to read; this module
// adds what only a running page can do.

import { all, h, need, reason } from "./dom.js";
import { wireAttempts, wireHints, wireSolution } from "./extras.js";
import { hasChanged, readyBundle } from "./bundle.js";
import { Editing } from "./editing.js";
import { showHit } from "./hits.js";
import { isolate } from "./isolation.js";
import { keepKeys } from "./keys.js";
import { fillOwnEngine, markOwnEngine } from "./matrix.js";
import { keepForOffline } from "./offline.js";
import { Prediction } from "./predict.js";
import { askTheClone, forgetBroken, keptAcrossReload, onChange, progressOf, remember } from "./store.js";
import { loadLate } from "./reach.js";
import { RunBar } from "./run.js";
import { reachWhatScrolls } from "./scroll.js";
import { LivePicture } from "./show.js";
import { tone } from "./verdicts.js";
import { INSECURE, isPrintPage, site } from "./site.js";
import { watchTrouble, zoneTools } from "./progress-tools.js";
import { followLinks, Workbench } from "./workbench.js";
import { markZoneLists } from "./zone-map.js";

/** @typedef {import("./types.js").ZoneConfig} ZoneConfig */
/** @typedef {import("./types.js").Verdict} Verdict */

// A script in the page's head waits for this sign of life.
document.documentElement.classList.add("modules");

/** What the server rendered to be opened; a verdict's own folds are not kept. */
const FOLDS = ".kata-test-code, .kata-held, .kata-attempt, .kata-hint, .kata-reveal";

/** The element that `{{#kata slug}}` becomes. */
export class KataPanel extends HTMLElement {
  /** @type {ZoneConfig} */
  config = JSON.parse(this.dataset.config ?? "{}");
  /** What only a full panel has. @type {Workbench | null} */ #bench = null;
  /** @type {RunBar | null} */ #bar = null;
  /** @type {Editing | null} */ #editing = null;
  /** @type {Prediction | null} */ #prediction = null;
  /** @type {LivePicture | null} */ #picture = null;
  #unlockHints = () => {};
  /** Names the text in which every rule held last. @type {string | null} */ #solved = null;
  /** What the badge says where no verdict is kept. @type {"new" | "open"} */ #unkept = "new";

  connectedCallback() {
    // Firefox loads modules from files too; nothing can run there all the same.
    if (this.#bar || isPrintPage || location.protocol === "file:") return;
    if (!document.documentElement.classList.contains("js")) return sayWhyStill(this);
    const { config } = this;
    if (this.matches(".kata-bench")) this.#bench = new Workbench(this);
    this.#bar = new RunBar(config, "kata", need(this, ":scope > .kata-run"), need(this, this.#bench ? ".kata-rules" : ".kata-tests"), {
      onStart: () => this.#bench?.offer("rules"),
      onEnd: (ending) => {
        if (ending.how === "judged") void this.#judged(ending.verdicts, ending.source);
        if (ending.how === "not-compiled") void this.#listPlaces(ending.marks);
      },
    });
    this.#wireCopy();
    const fieldset = this.querySelector(".kata-predict");
    if (fieldset instanceof HTMLElement && config.predict) {
      const prediction = new Prediction(fieldset, config.predict, config.slug);
      this.#prediction = prediction;
      this.#bar.remark = (verdicts) => prediction.answer(verdicts);
    }
    const show = this.querySelector(".kata-show");
    if (show instanceof HTMLElement) this.#picture = new LivePicture(config, show);
    markOwnEngine(this);
    wireAttempts(config, this);
    this.#unlockHints = wireHints(config.slug, this);
    if (this.#bench) this.#wireEditing(this.#bench, this.#bar);
    wireSolution(config, this, () => progressOf(config.slug)?.state === "solved");
    this.showProgress();
  }

  /**
   * @param {Verdict[]} verdicts
   * @param {string | null} source names the text that was judged
   */
  async #judged(verdicts, source) {
    fillOwnEngine(this, "kata", verdicts);
    if (verdicts.length === 0) return;
    const { slug } = this.config;
    const said = tone(verdicts);
    this.#solved = said === "good" ? source : null;
    if (said === "open") {
      forgetBroken(slug);
      this.#unkept = "open";
      this.showProgress();
    } else {
      const state = said === "good" ? "solved" : "broken";
      this.#showState(state);
      await remember(slug, state, source);
    }
    markZoneLists();
  }

  /**
   * The clone has a text now. If it is the one that was judged, the clone is told that it is solved.
   *
   * @param {string} hash
   */
  async #saved(hash) {
    if (hash !== this.#solved) return;
    await remember(this.config.slug, "solved", hash);
    this.showProgress();
  }

  /** Shows what is kept of the reader's progress. */
  showProgress() {
    this.#unlockHints();
    this.#prediction?.refresh();
    this.#showState(progressOf(this.config.slug)?.state ?? this.#unkept);
  }

  /** @param {"new" | "open" | "broken" | "solved"} state */
  #showState(state) {
    const badge = need(this, ".kata-state");
    badge.dataset.state = state;
    const words = { new: "not run yet", open: "nothing broken here", broken: "broken", solved: "solved" };
    badge.textContent = words[state];
  }

  /**
   * @param {Workbench} bench
   * @param {RunBar} bar
   */
  #wireEditing(bench, bar) {
    const editing = new Editing(need(this, ':scope > [data-tab="code"]'), {
      config: this.config,
      run: () => void bar.start(),
      cancelBuild: (why) => bar.cancelBuild(why),
      chooseFix: () => bench.go("attempts"),
      saved: (hash) => void this.#saved(hash),
    });
    bar.bundle = async (options) => {
      const draft = await editing.draft;
      return draft ? draft.bundle(options) : readyBundle(this.config.slug, "kata", options);
    };
    this.#editing = editing;
    need(this, ':scope > [data-tab="hints"]').append(zoneTools(this.config.slug));
  }

  /** @param {import("./compile.js").Diagnostic[]} marks */
  async #listPlaces(marks) {
    const draft = await this.#editing?.draft;
    if (draft && marks.length > 0) need(this, ".kata-diagnostics").before(draft.places(marks));
  }

  #wireCopy() {
    for (const button of all(this, '[data-action="copy"]')) {
      button.removeAttribute("disabled");
      const isMine = button.closest('[data-tab="code"]') !== null;
      button.addEventListener("click", async () => copy(button, isMine ? await this.#editing?.draft : null));
    }
  }

  /** The local server has rebuilt this kata: run it again, if it was run before. */
  async rebuilt() {
    const bar = this.#bar;
    if (!bar) return;
    const draft = await this.#editing?.draft;
    if (draft && !(await draft.heedFile())) return;
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
      tabs: this.#bench?.snapshot() ?? null,
      chosen: this.#prediction?.chosen ?? -1,
      verdicts: this.#bar?.verdicts ?? [],
      identity: this.#bar?.identity ?? null,
      caret: this.#editing?.caret ?? null,
    };
  }

  /** @param {ReturnType<KataPanel["snapshot"]>} kept */
  restore(kept) {
    all(this, FOLDS).forEach((node, index) => node.toggleAttribute("open", kept.open[index] ?? false));
    if (kept.tabs) this.#bench?.restore(kept.tabs);
    this.#prediction?.choose(kept.chosen);
    if (kept.caret) void this.#editing?.goBack(kept.caret);
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
 * Copies the code of a button's figure, or the text that is being written there.
 *
 * @param {HTMLElement} button
 * @param {import("./draft.js").Draft | null | undefined} draft
 */
async function copy(button, draft) {
  const code = need(/** @type {HTMLElement} */ (button.closest("figure")), "code");
  try {
    await navigator.clipboard.writeText(draft?.text ?? code.textContent ?? "");
    button.textContent = "Copied";
  } catch {
    // An address may not be secure, or the reader has refused it. Then it is one key away.
    if (draft) draft.selectAll();
    else getSelection()?.selectAllChildren(code);
    button.textContent = "Selected";
    button.title = isSecureContext ? "" : `No page may copy by itself: ${INSECURE}`;
  }
  setTimeout(() => (button.textContent = "Copy"), 1500);
}

/** @param {unknown} error */
function sayNotLoaded(error) {
  const line = need(document, ".kata-kept-trouble");
  line.textContent = `These buttons could not be loaded: ${reason(error)}.`;
  line.hidden = false;
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
  watchTrouble();
  markZoneLists();
  if (document.querySelector(".kata-zones")) void loadLate(() => import("./start.js")).then(({ startPage }) => startPage(), sayNotLoaded);
  onChange(() => panels().forEach((panel) => panel.showProgress()));
  try {
    const kept = keptAcrossReload();
    panels().forEach((panel, index) => {
      const mine = kept?.panels[index];
      if (mine?.slug === panel.config.slug) panel.restore(mine);
    });
    if (kept) {
      scrollTo(0, kept.scroll);
      document.getElementById(kept.focus)?.focus({ preventScroll: true });
    }
  } catch {
    // Another version of this page has kept it. The page starts afresh.
  }
  followLinks();
  showHit();
  if (site.mode === "serve") {
    void import("./serve.js").then(({ listen }) => listen(panels));
    void askTheClone().then(() => {
      markZoneLists();
      for (const panel of panels()) panel.showProgress();
    });
  }
  else {
    void keepForOffline();
  }
}
