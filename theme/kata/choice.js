// The three-way choice, where two texts claim the same place: keep mine, take theirs, or see both first. Until the reader
// has chosen, nothing is lost and nothing is written.

import { all, h } from "./dom.js";

/**
 * @typedef {object} Answers
 * @property {() => void} mine
 * @property {() => void} theirs
 * @property {(isShown: boolean) => void} both shows the differences, or hides them again
 */

export class Choice {
  node = h("div", { class: "kata-choose", role: "group", "aria-label": "Which text do you want?", hidden: true });
  /** The question that is open. @type {string | null} */
  #asked = null;
  /** @type {Answers | null} */
  #answers = null;
  #leave;

  /** @param {() => void} leave takes the focus, if it was here when the reader has chosen */
  constructor(leave) {
    this.#leave = leave;
  }

  /**
   * Asks. What is asked already stays as it is: a reader may be about to answer, or have answered half of it.
   *
   * @param {string} what has happened
   * @param {string} theirs what taking the other is called
   * @param {string} other the text that there is to take
   * @param {Answers} answers
   */
  ask(what, theirs, other, answers) {
    const asked = JSON.stringify([what, theirs, other]);
    this.#answers = answers;
    if (this.#asked === asked) return;
    this.#asked = asked;
    const button = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const node = h("button", { type: "button", class: "kata-quiet" }, name);
      node.addEventListener("click", act);
      return node;
    };
    const had = all(this.node, "button").findIndex((node) => node === document.activeElement);
    const both = button("See both", () => {
      const isShown = both.getAttribute("aria-pressed") !== "true";
      both.setAttribute("aria-pressed", String(isShown));
      this.#answers?.both(isShown);
    });
    both.setAttribute("aria-pressed", "false");
    const buttons = [
      button("Keep mine", () => this.#answers?.mine()),
      button(theirs, () => this.#answers?.theirs()),
      both,
    ];
    if (this.node.querySelector('[aria-pressed="true"]')) answers.both(false);
    this.node.replaceChildren(h("p", { role: "alert" }, h("strong", {}, what), " Nothing is lost until you choose."), ...buttons);
    this.node.hidden = false;
    buttons[had]?.focus();
  }

  close() {
    const had = this.node.contains(document.activeElement);
    this.#asked = null;
    this.node.hidden = true;
    this.node.replaceChildren();
    if (had) this.#leave();
  }
}
