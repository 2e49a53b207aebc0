// One run bar: Run, Stop, the clock, the summary line, and the rows below it.

import { engineName } from "./engine.js";
import { Forbidden, whatForbids } from "./forbidden.js";
import { runTests } from "./host.js";
import { readyBundle } from "./bundle.js";
import { all, count, duration, h, need, reason } from "./dom.js";
import { labUrl } from "./site.js";
import { VerdictList, summary, tone } from "./verdicts.js";

/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {import("./types.js").ZoneConfig} ZoneConfig */

/**
 * How a run ended.
 *
 * @typedef {{ how: "judged", verdicts: Verdict[], source: string | null }
 *   | { how: "not-compiled", marks: import("./compile.js").Diagnostic[] } | { how: "stopped" } | { how: "error" }} Ending
 */

/**
 * What there is to run, or why there is nothing.
 *
 * @typedef {import("./bundle.js").Bundle | import("./bundle.js").FailedBundle | { status: "refused", why: string }} Found
 */

/** The run that is going on: one at a time, so that no run disturbs another's clock. */
/** @type {RunBar | null} */
let current = null;

export class RunBar {
  /** @type {AbortController | null} */ #control = null;
  /** The run whose bundle is being built. @type {AbortSignal | null} */ #building = null;
  /** What a run that was stopped says. */
  #farewell = "";
  #buttons;
  #place;
  #line;
  #clock;
  #list;
  /** Names the bundle that was judged last. @type {string | null} */
  identity = null;
  /** @type {Verdict[]} */ verdicts = [];
  /** What to add if every rule holds here, and not in each engine. @type {string | null} */
  elsewhere = null;
  /** Where the bundle comes from. @type {(options: Parameters<typeof readyBundle>[2]) => Promise<Found>} */
  bundle = (options) => readyBundle(this.config.slug, this.variant, options);
  /** What else there is to say of verdicts. @type {(verdicts: Verdict[]) => string} */
  remark = () => "";

  /**
   * @param {ZoneConfig} config
   * @param {string} variant
   * @param {HTMLElement} bar the `.kata-run`
   * @param {HTMLElement} list the list of rows, or what holds several
   * @param {{ onStart?: () => void, onEnd: (ending: Ending) => void }} listeners
   */
  constructor(config, variant, bar, list, { onStart = () => {}, onEnd }) {
    this.config = config;
    this.variant = variant;
    this.bar = bar;
    this.onStart = onStart;
    this.onEnd = onEnd;
    // A run bar that is always in sight must not grow.
    this.#place = list.matches(".kata-rules") ? list : bar;
    this.#line = need(bar, ".kata-line");
    this.#clock = need(bar, ".kata-clock");
    this.#list = new VerdictList(list);
    if (this.#place === list) this.#list.announce(config.tests);
    const [run, stop] = [need(bar, '[data-action="run"]'), need(bar, '[data-action="stop"]')];
    this.#buttons = { run, stop: /** @type {HTMLButtonElement} */ (stop) };
    run.addEventListener("click", () => {
      if (!this.running) void this.start();
    });
    stop.addEventListener("click", () => this.stop());
    run.removeAttribute("disabled");
  }

  get running() {
    return this.#control !== null;
  }

  stop() {
    this.#control?.abort();
  }

  /**
   * Ends a build that is going on; tests that run already go on.
   *
   * @param {string} why what to say
   */
  cancelBuild(why) {
    if (!this.#building) return;
    this.#farewell = why;
    this.stop();
  }

  /**
   * Runs the variant's tests. Never throws: what goes wrong is said on the page.
   *
   * @param {string} [opening] what to say while it begins
   */
  async start(opening = "Fetching the bundle") {
    current?.stop();
    current = this;
    const control = new AbortController();
    this.#control = control;
    this.#farewell = "Stopped.";
    this.#begin(opening);
    /** @type {Ending} */
    let ending;
    try {
      ending = await this.#judge(control.signal);
    } catch (error) {
      // The rows and the line may be the next run's already.
      const isMine = this.#control === control;
      if (isMine) this.#list.halt();
      if (control.signal.aborted) {
        ending = { how: "stopped" };
        if (isMine) this.#say(this.#farewell);
      } else {
        ending = { how: "error" };
        const forbidden = error instanceof Forbidden ? error : await whatForbids(this.config.host);
        if (forbidden) this.#say("Nothing can run here.", "bad", forbidden.message);
        else this.#say(`The run could not start: ${reason(error)}`, "bad");
      }
    }
    if (this.#control === control) this.#finish();
    this.onEnd(ending);
  }

  /**
   * Shows verdicts that were judged before a reload.
   *
   * @param {Verdict[]} verdicts
   * @param {string | null} identity of the bundle that they judge
   */
  restore(verdicts, identity) {
    this.identity = identity;
    this.verdicts = verdicts;
    for (const verdict of verdicts) this.#list.show(verdict);
    this.#list.finish();
    this.#say(`${summary(verdicts)}.`, tone(verdicts), `${engineName()}, before the page was reloaded.`);
  }

  /** Whether there is a result that a rebuilt bundle would make old. */
  get hasResult() {
    return this.identity !== null || this.#place.querySelector(".kata-diagnostics") !== null;
  }

  /**
   * @param {AbortSignal} signal
   * @returns {Promise<Ending>}
   */
  async #judge(signal) {
    const { host, needs, timeoutMs } = this.config;
    this.#building = signal;
    const onStep = (/** @type {string} */ step) => this.#say(`Building: ${step}`);
    const bundle = await this.bundle({ signal, onStep }).finally(() => {
      if (this.#building === signal) this.#building = null;
    });
    signal.throwIfAborted();
    if (bundle.status === "refused") {
      this.#list.halt();
      this.#say(bundle.why, "open", "This site has no compiler. Below your edit stands how to run it.");
      return { how: "error" };
    }
    if (bundle.status === "failed") {
      this.identity = null;
      this.#list.halt();
      const isBelow = this.#place === this.bar;
      this.#say("It does not compile.", "bad", isBelow ? "rustc says:" : "What rustc says stands in Rules.");
      const label = { role: "region", "aria-label": "What rustc says", tabindex: "0" };
      const text = h("pre", { class: "kata-diagnostics", ...label }, h("code", {}, bundle.diagnostics));
      if (isBelow) this.bar.append(text);
      else this.#place.prepend(text);
      return { how: "not-compiled", marks: bundle.marks ?? [] };
    }
    this.identity = bundle.identity;
    const tests = bundle.tests ?? this.config.tests;
    const lab = needs.includes("lab") ? await labUrl() : undefined;
    signal.throwIfAborted();
    this.#say(`Running ${count(tests.length, "test", "tests")}, ${timeoutMs / 1000} s at most for each`);
    this.#list.begin(tests);
    const started = performance.now();
    const verdicts = await runTests({
      bundleUrl: bundle.url,
      host,
      tests,
      timeoutMs,
      lab,
      signal,
      onEvent: (event) => {
        if (signal.aborted) return;
        if (event.type === "start") this.#list.start(event.test);
        if (event.type === "verdict") this.#list.show(event.verdict, bundle.lines);
      },
    });
    this.verdicts = verdicts;
    this.#list.finish();
    const took = duration(performance.now() - started);
    const said = tone(verdicts);
    if (said === "good" && this.elsewhere) {
      this.#say(`${summary(verdicts)} here.`, "open", `${engineName()}, ${took}. ${this.elsewhere}`);
    } else {
      this.#say(`${summary(verdicts)}.`, said, `${engineName()}, ${took}. ${this.remark(verdicts)}`);
    }
    return { how: "judged", verdicts, source: bundle.source };
  }

  /** @param {string} opening */
  #begin(opening) {
    const { run, stop } = this.#buttons;
    run.setAttribute("aria-disabled", "true");
    stop.disabled = false;
    const focused = this.#place.contains(document.activeElement) ? document.activeElement : null;
    for (const old of all(this.#place, ".kata-diagnostics, .kata-places")) old.remove();
    this.verdicts = [];
    this.#list.begin(this.config.tests);
    // A run may begin by itself, and take away what the reader was at.
    if (focused && (focused !== document.activeElement || !focused.checkVisibility())) run.focus({ preventScroll: true });
    this.onStart();
    this.#say(opening);
    // Whole seconds: each text is a frame of a long page, drawn while the tests need the processor.
    const started = performance.now();
    this.#clock.textContent = "";
    clearInterval(this.ticking);
    this.ticking = setInterval(() => {
      this.#clock.textContent = `${Math.round((performance.now() - started) / 1000)} s`;
    }, 1000);
  }

  #finish() {
    this.#control = null;
    if (current === this) current = null;
    clearInterval(this.ticking);
    const { run, stop } = this.#buttons;
    // A button that is disabled under the reader's fingers would lose the focus.
    if (document.activeElement === stop) run.focus();
    run.removeAttribute("aria-disabled");
    stop.disabled = true;
    this.#clock.textContent = "";
  }

  /**
   * @param {string} text
   * @param {"good" | "bad" | "open" | "neutral"} [tone]
   * @param {string} [detail] what follows in a quieter voice
   */
  #say(text, tone = "neutral", detail = "") {
    this.#line.dataset.tone = tone;
    if (tone === "neutral") this.#line.textContent = text;
    else this.#line.replaceChildren(h("strong", {}, text), detail && ` ${detail}`);
  }
}
