// The workbench of a panel: tabs over the parts that the server rendered one below the other. Wide, the code and the
// verdicts stand side by side, each with its tabs; narrow, all parts share one row. Which of the two it is, the stylesheet
// says: the page and this module cannot disagree.

import { all, anchor, h, need } from "./dom.js";

/** @typedef {"code" | "verdicts"} Side */

/** The parts that stand on the code's side; the others are verdicts. */
const CODE = ["code", "given", "spec"];

/** Where the browser can find text in what is hidden, and says so, what is hidden stays findable. */
const HIDDEN = "onbeforematch" in document.body ? "until-found" : "";

/** @type {WeakMap<Element, Workbench>} */
const benches = new WeakMap();

export class Workbench {
  /** @type {Map<string, { side: Side, pane: HTMLElement, button: HTMLButtonElement }>} */
  #tabs = new Map();
  /** @type {Record<Side, HTMLElement>} */
  #lists;
  /** @type {Record<Side, string>} */
  #chosen = { code: "code", verdicts: "predict" };
  /** The side that a narrow panel shows. @type {Side} */
  #front = "code";
  #isNarrow = true;

  /** @param {HTMLElement} panel a panel with parts */
  constructor(panel) {
    benches.set(panel, this);
    const list = (/** @type {Side} */ side) => need(panel, `:scope > .kata-tabs[data-side="${side}"]`);
    this.#lists = { code: list("code"), verdicts: list("verdicts") };
    unfold(panel);
    for (const pane of all(panel, ":scope > .kata-pane")) this.#add(pane);
    for (const node of Object.values(this.#lists)) {
      node.setAttribute("role", "tablist");
      node.addEventListener("keydown", (event) => this.#move(event));
    }
    const arrange = () => this.#arrange(getComputedStyle(panel).getPropertyValue("--kata-sides").trim() !== "2");
    arrange();
    new ResizeObserver(arrange).observe(panel);
  }

  /** The tabs that are chosen, for {@link restore}. */
  snapshot() {
    return { ...this.#chosen, front: this.#front };
  }

  /** @param {ReturnType<Workbench["snapshot"]>} kept */
  restore(kept) {
    this.select(kept.code);
    this.select(kept.verdicts);
    this.#front = kept.front;
    this.#show();
  }

  /**
   * Chooses a tab. The focus stays where it is.
   *
   * @param {string} name
   */
  select(name) {
    const tab = this.#tabs.get(name);
    if (!tab) return;
    this.#chosen[tab.side] = name;
    this.#front = tab.side;
    this.#show();
  }

  /**
   * Chooses a tab and goes there: what the reader has pressed may be hidden now.
   *
   * @param {string} name
   */
  go(name) {
    this.select(name);
    this.#tabs.get(name)?.button.focus();
  }

  /**
   * Chooses a tab, unless it would take from the reader's eyes what they are at.
   *
   * @param {string} name
   */
  offer(name) {
    const side = this.#tabs.get(name)?.side;
    const busy = this.#busy();
    if (!busy || (!this.#isNarrow && busy.side !== side)) this.select(name);
  }

  /** The tab of the part that has the focus. */
  #busy() {
    return [...this.#tabs.values()].find(({ pane }) => pane.contains(document.activeElement));
  }

  /** @param {HTMLElement} pane */
  #add(pane) {
    const { tab = "", label = "" } = pane.dataset;
    /** @type {Side} */
    const side = CODE.includes(tab) ? "code" : "verdicts";
    const id = `${pane.id}-tab`;
    const button = h("button", { type: "button", role: "tab", id, "aria-controls": pane.id }, label);
    button.addEventListener("click", () => this.select(tab));
    pane.setAttribute("role", "tabpanel");
    pane.setAttribute("aria-labelledby", id);
    pane.addEventListener("beforematch", () => this.select(tab));
    this.#tabs.set(tab, { side, pane, button });
  }

  /**
   * Puts the tabs where the stylesheet has room for them.
   *
   * @param {boolean} isNarrow
   */
  #arrange(isNarrow) {
    if (isNarrow === this.#isNarrow && this.#lists.code.hasChildNodes()) return;
    this.#isNarrow = isNarrow;
    const focused = document.activeElement;
    // A page that is turned or enlarged keeps in sight what the reader is at.
    this.#front = this.#busy()?.side ?? this.#front;
    for (const { side, button } of this.#tabs.values()) this.#lists[isNarrow ? "code" : side].append(button);
    this.#lists.code.setAttribute("aria-label", isNarrow ? "The kata" : "The code");
    if (focused instanceof HTMLElement && focused.role === "tab") focused.focus();
    this.#show();
  }

  #show() {
    for (const [name, { side, pane, button }] of this.#tabs) {
      const isShown = this.#chosen[side] === name && (!this.#isNarrow || this.#front === side);
      button.setAttribute("aria-selected", String(isShown));
      button.tabIndex = isShown ? 0 : -1;
      if (isShown) pane.removeAttribute("hidden");
      else pane.setAttribute("hidden", HIDDEN);
      if (isShown) scrollAlong(button);
    }
  }

  /** @param {KeyboardEvent} event */
  #move(event) {
    const buttons = all(/** @type {HTMLElement} */ (event.currentTarget), '[role="tab"]');
    const at = buttons.findIndex((button) => button === event.target);
    const last = buttons.length - 1;
    /** @type {Record<string, number>} */
    const moves = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last };
    const next = buttons[moves[event.key] ?? -1];
    if (!next || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    next.focus();
    next.click();
  }
}

/**
 * Opens the tab that an element is in. Folds and scrolling are the caller's.
 *
 * @param {Element} node
 */
export function reveal(node) {
  const pane = node.closest(".kata-pane");
  const panel = pane?.closest("kata-panel");
  if (panel && pane instanceof HTMLElement) benches.get(panel)?.select(pane.dataset.tab ?? "");
}

/** Follows links into what a tab or a fold hides: to a rule, a heading. */
export function followLinks() {
  const follow = () => {
    const target = document.getElementById(anchor());
    if (!target?.closest(".kata-pane")) return;
    reveal(target);
    target.querySelector(":scope > .kata-test-code")?.setAttribute("open", "");
    target.scrollIntoView({ block: "nearest", behavior: "instant" });
    // The link may be hidden by what it leads to.
    const summary = target.querySelector(":scope > .kata-test-code > summary");
    if (summary instanceof HTMLElement) summary.focus({ preventScroll: true });
  };
  addEventListener("hashchange", follow);
  follow();
}

/**
 * Makes parts of what was a list: what is given is no fold any more, and the spec stands beside the code.
 *
 * @param {HTMLElement} panel
 */
function unfold(panel) {
  const given = panel.querySelector(".kata-given");
  const figure = given?.querySelector("figure");
  if (given && figure) given.replaceWith(figure);
  const spec = need(panel, ':scope > [data-tab="spec"]');
  need(panel, ':scope > [data-side="verdicts"]').before(spec);
}

/**
 * Scrolls a row of tabs, and nothing else, so that one of them is seen.
 *
 * @param {HTMLElement} button
 */
function scrollAlong(button) {
  const row = button.parentElement;
  if (!row || row.scrollWidth <= row.clientWidth) return;
  row.scrollLeft = button.offsetLeft - row.offsetLeft - (row.clientWidth - button.offsetWidth) / 2;
}
