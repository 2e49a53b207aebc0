// The question before the first run, and what the run said to it.

import { all, h, need } from "./dom.js";
import { keepPrediction, predictionOf } from "./store.js";

/** @typedef {import("./types.js").Verdict} Verdict */

/**
 * Whether a verdict makes a choice the right one. The command line judges by the same rule.
 *
 * @param {import("./types.js").Choice} choice
 * @param {Verdict} verdict
 */
export function isRight(choice, verdict) {
  const passed = verdict.outcome === "passed";
  if (choice.words !== null) return !passed && verdict.message.includes(choice.words);
  return choice.passes && passed;
}

export class Prediction {
  #fieldset;
  #inputs;
  #answered = false;

  /**
   * @param {HTMLElement} fieldset
   * @param {NonNullable<import("./types.js").ZoneConfig["predict"]>} question
   * @param {string} slug
   */
  constructor(fieldset, question, slug) {
    this.#fieldset = fieldset;
    this.question = question;
    this.#inputs = all(fieldset, "input").filter((input) => input instanceof HTMLInputElement);
    this.slug = slug;
    fieldset.removeAttribute("disabled");
    this.refresh();
    fieldset.addEventListener("change", () => keepPrediction(slug, this.chosen));
  }

  /** Shows the choice that is kept, which another tab or a reset may have changed. */
  refresh() {
    const kept = predictionOf(this.slug) ?? -1;
    this.#inputs.forEach((input, index) => (input.checked = index === kept));
  }

  /** The index of the reader's choice, or -1. */
  get chosen() {
    return this.#inputs.findIndex((input) => input.checked);
  }

  /** @param {number} index */
  choose(index) {
    const input = this.#inputs[index];
    if (input) input.checked = true;
  }

  /**
   * Marks the right answer. The first run that gives one settles it: later runs may be of an edited
   * kata, and a kata that passes has been edited already.
   *
   * @param {Verdict[]} verdicts
   * @returns {string} what there is to say of it where the question is not in sight
   */
  answer(verdicts) {
    const edited = verdicts.every(({ outcome }) => outcome === "passed");
    if (this.#answered || edited) return "";
    const verdict = verdicts.find(({ test }) => test === this.question.test);
    const right = verdict ? this.question.choices.findIndex((choice) => isRight(choice, verdict)) : -1;
    if (right < 0) return "";
    this.#answered = true;
    const chosen = this.chosen;
    this.#inputs.forEach((input, index) => {
      const label = input.closest("label");
      const word = label?.querySelector(".kata-choice-word");
      if (!label || !word) return;
      label.dataset.answer = index === right ? "right" : index === chosen ? "wrong" : "";
      word.textContent = index === right ? "what happened" : index === chosen ? "your guess" : "";
    });
    const place = need(this.#fieldset, ".kata-answer");
    const opening = chosen < 0 ? "" : chosen === right ? "You called it. " : "Not this time. ";
    const explain = need(this.#fieldset, ".kata-explain");
    const text = [...explain.children].slice(1).map((node) => node.cloneNode(true));
    const first = text[0];
    if (opening && first instanceof HTMLElement) first.prepend(h("strong", {}, opening));
    place.replaceChildren(...text);
    place.hidden = false;
    return `${opening}The answer stands in Predict.`;
  }
}
