// The three-way choice, where two texts claim the same place: keep mine, take theirs, or see both first. Until the reader
// has chosen, nothing is lost and nothing is written.

import { h } from "./dom.js";

/**
 * @typedef {object} Answers
 * @property {() => void} mine
 * @property {() => void} theirs
 * @property {(isShown: boolean) => void} both shows the differences, or hides them again
 */

export class Choice {
  node = h("div", { class: "kata-choose", role: "group", "aria-label": "Which text do you want?", hidden: true });

  /**
   * @param {string} what has happened
   * @param {string} theirs what taking the other is called
   * @param {Answers} answers
   */
  ask(what, theirs, answers) {
    const button = (/** @type {string} */ name, /** @type {() => void} */ act) => {
      const node = h("button", { type: "button", class: "kata-quiet" }, name);
      node.addEventListener("click", act);
      return node;
    };
    const both = button("See both", () => {
      const isShown = both.getAttribute("aria-pressed") !== "true";
      both.setAttribute("aria-pressed", String(isShown));
      answers.both(isShown);
    });
    both.setAttribute("aria-pressed", "false");
    const buttons = [button("Keep mine", answers.mine), button(theirs, answers.theirs), both];
    this.node.replaceChildren(h("p", { role: "alert" }, h("strong", {}, what), " Nothing is lost until you choose."), ...buttons);
    this.node.hidden = false;
  }

  close() {
    this.node.hidden = true;
    this.node.replaceChildren();
  }
}
