// The way into the editor: a button, Enter in the code, or an edit that was kept. All else is loaded when it is needed.

import { h, need, reason } from "./dom.js";
import { keptEdit } from "./store.js";

/** @typedef {import("./draft.js").Draft} Draft */

export class Editing {
  /** @type {Promise<Draft> | null} */
  #draft = null;
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

  /** @param {boolean} isAsked whether the reader is waiting to write */
  async open(isAsked) {
    try {
      this.#button.setAttribute("aria-disabled", "true");
      this.#draft ??= import("./draft.js").then(({ openDraft }) => openDraft(this.pane, this.surroundings));
      const draft = await this.#draft;
      if (isAsked) draft.focus();
      this.#button.hidden = true;
    } catch (error) {
      this.#draft = null;
      this.#button.removeAttribute("aria-disabled");
      this.pane.querySelector(".kata-notes")?.remove();
      this.pane.append(h("p", { class: "kata-notes", role: "status" }, `The editor could not be loaded: ${reason(error)}`));
    }
  }
}
