// What every page has of the reader's progress: a line to reset a zone and take that back, and the word that nothing can
// be kept. What asks and writes files comes when it is used.

import { banner } from "./banner.js";
import { h, need, reason } from "./dom.js";
import { loadLate } from "./reach.js";
import { onChange, onTrouble, trouble, undo, undoable } from "./store.js";

const dialogs = () => loadLate(() => import("./progress-dialogs.js"));

/** @param {unknown} error */
const notLoaded = (error) => `It could not be loaded: ${reason(error)}.`;

/**
 * A line that resets one zone and takes that back, to be put wherever its panel has room.
 *
 * @param {string} slug
 */
export function zoneTools(slug) {
  const button = h("button", { type: "button", class: "kata-quiet" }, "Reset my progress");
  const line = h("span", { role: "status" });
  const back = h("button", { type: "button", class: "kata-quiet", "data-action": "undo", hidden: true }, "Undo");
  const place = h("p", { class: "kata-kept-line" }, button, line, " ", back);
  const say = offerUndo(place);
  button.addEventListener("click", () => {
    void dialogs()
      .then(({ resetAsked }) => resetAsked(slug))
      .then(say, (error) => say(notLoaded(error)));
  });
  return place;
}

/** Says once, wherever the reader is, that something could not be kept. */
export function watchTrouble() {
  const said = new Set();
  onTrouble(() => {
    const why = trouble();
    if (!why || said.has(why)) return;
    said.add(why);
    const keep = h("button", { type: "button", class: "kata-quiet" }, "Export to a file");
    const text = h("span", {}, why);
    const sayLost = (/** @type {unknown} */ error) => text.append(` ${notLoaded(error)}`);
    keep.addEventListener("click", () => void dialogs().then(({ download }) => download(), sayLost));
    banner("Not kept", text, keep);
  });
}

/**
 * Brings a line with an Undo button to life.
 *
 * @param {HTMLElement} place
 * @returns {(text: string) => void} says what was done, and offers to take it back
 */
export function offerUndo(place) {
  const line = need(place, '[role="status"]');
  const button = need(place, '[data-action="undo"]');
  const offer = () => {
    const what = undoable();
    button.hidden = what === null;
    button.textContent = `Undo: ${what}`;
  };
  button.addEventListener("click", () => {
    const what = undoable();
    void undo().then(() => {
      line.textContent = `Taken back: ${what}.`;
      // The button goes; the focus stays near.
      const next = place.querySelector("button:not([hidden])");
      offer();
      if (next instanceof HTMLElement) next.focus();
    });
  });
  onChange(offer);
  if (place.matches(".kata-kept")) offer();
  return (text) => {
    line.textContent = text;
    offer();
  };
}
