// The way into the editor: a button, Enter in the code, or an edit that was kept. All else is loaded when it is needed.

import { h, need, reason } from "./dom.js";
import { loadLate } from "./reach.js";
import { keptEdit } from "./store.js";

/** @typedef {import("./draft.js").Draft} Draft */

export class Editing {
  /** @type {Promise<Draft> | null} */
  #draft = null;
  /** The same once it is there. @type {Draft | null} */
  #opened = null;
  #button;

  /**
   * @param {HTMLElement} pane the part with the reader's code
   * @param {import("./draft.js").Surroundings} surroundings
   */
  constructor(pane, surroundings) {
    this.pane = pane;
    this.surroundings = surroundings;
    this.#button = need(pane, '[data-action="edit"]');
    this.#button.addEventListener("click", () => void this.open(true));
    this.#button.removeAttribute("disabled");
    need(pane, "code").addEventListener("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      void this.open(true);
    });
    if (keptEdit(surroundings.config.slug)) void this.open(false);
  }

  /** The edit that is open, if one is. */
  get draft() {
    return this.#draft;
  }

  /** Where the caret is, if the reader is writing. */
  get caret() {
    return this.#opened?.caret ?? null;
  }

  /**
   * Opens the editor where the reader was writing before the page was loaded again.
   *
   * @param {import("./types.js").Caret} caret
   */
  async goBack(caret) {
    await this.open(false);
    this.#opened?.goBack(caret);
  }

  /** @param {boolean} isAsked whether the reader is waiting to write */
  async open(isAsked) {
    const figure = need(this.pane, ".kata-source");
    figure.querySelector(":scope > p.kata-notes")?.remove();
    try {
      this.#button.setAttribute("aria-disabled", "true");
      this.#draft ??= loadLate(async () => (await import("./draft.js")).openDraft(this.pane, this.surroundings));
      const draft = await this.#draft;
      this.#opened = draft;
      // What the editor takes the place of leaves it the focus.
      const left = [this.#button, need(figure, "pre")];
      if (isAsked || left.some((node) => node.contains(document.activeElement))) draft.focus();
      this.#button.hidden = true;
    } catch (error) {
      this.#draft = null;
      figure.append(h("p", { class: "kata-notes", role: "status" }, `The editor could not be loaded: ${reason(error)}`));
    }
    this.#button.removeAttribute("aria-disabled");
  }
}
