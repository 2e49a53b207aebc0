// A question that the page waits for, in the browser's own dialog: it keeps the keyboard inside, closes by Escape, and
// gives the focus back.

import { h } from "./dom.js";

let number = 0;

/**
 * Asks, and answers the value of the button that was pressed: "" if the reader has closed the dialog.
 *
 * @param {string} title
 * @param {(Node | string)[]} body
 * @param {[string, string][]} buttons value and label; the last cancels, with the value ""
 * @param {(value: string) => boolean} [mayClose] is asked before a button closes the dialog
 * @returns {Promise<string>}
 */
export function ask(title, body, buttons, mayClose = () => true) {
  const id = `kata-dialog-${(number += 1)}`;
  const row = h("div", { class: "kata-buttons" });
  const content = h("div", { class: "kata-dialog-body" }, h("h2", { id }, title), ...body, row);
  const dialog = h("dialog", { class: "kata-dialog", "aria-labelledby": id }, content);
  // mdBook's keys are for the page, which is out of reach now. It would take Escape, too.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());
  for (const [value, label] of buttons) {
    const button = h("button", { type: "button", class: "kata-secondary", "data-answer": value }, label);
    button.addEventListener("click", () => {
      if (value === "" || mayClose(value)) dialog.close(value);
    });
    row.append(button);
  }
  return new Promise((answer) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      answer(dialog.returnValue);
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
