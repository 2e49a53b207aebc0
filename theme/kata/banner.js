// A banner over the page: it stays until it is closed, and then the focus goes back to where it was.

import { h, need } from "./dom.js";

/**
 * @param {string} title
 * @param {HTMLElement} text
 * @param {HTMLElement[]} buttons beside Close
 */
export function banner(title, text, ...buttons) {
  const close = h("button", { type: "button", class: "kata-quiet" }, "Close");
  const row = h("div", { class: "kata-buttons" }, ...buttons, close);
  const node = h("div", { class: "kata-banner", role: "alert" }, h("strong", {}, title), text, row);
  /** @type {EventTarget | null} */
  let before = null;
  node.addEventListener("focusin", ({ relatedTarget }) => {
    if (!node.contains(/** @type {Node | null} */ (relatedTarget))) before = relatedTarget;
  });
  close.addEventListener("click", () => {
    node.remove();
    const main = need(document, "main");
    if (before instanceof HTMLElement && before.isConnected) return before.focus();
    main.tabIndex = -1;
    main.focus({ preventScroll: true });
  });
  document.body.append(node);
  return node;
}
