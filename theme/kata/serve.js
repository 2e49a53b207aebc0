// What only `cargo kata serve` can do: tell the page that a file was edited.

import { h } from "./dom.js";
import { keepAcrossReload } from "./reload.js";
import { site } from "./site.js";
import { readSource } from "./source-file.js";

/** @typedef {import("./panel.js").KataPanel} KataPanel */

/**
 * Listens for edits for as long as the page lives.
 *
 * @param {() => KataPanel[]} panels
 */
export function listen(panels) {
  const source = new EventSource(new URL("-/events", site.root));
  source.addEventListener("reload", () => {
    keepAcrossReload({ scroll: scrollY, panels: panels().map((panel) => panel.snapshot()) });
    location.reload();
  });
  source.addEventListener("bundle", (event) => {
    /** @type {{ slug: string, variant: string, status: string }} */
    const { slug, variant, status } = JSON.parse(event.data);
    if (variant !== "kata" || status === "building") return;
    for (const panel of panels()) {
      if (panel.config.slug === slug) void panel.rebuilt();
    }
  });
  source.addEventListener("problem", (event) => {
    /** @type {{ message: string }} */
    const { message } = JSON.parse(event.data);
    banner(message);
  });
}

/**
 * A banner that stays until it is closed or the page reloads.
 *
 * @param {string} message
 */
function banner(message) {
  document.querySelector(".kata-banner")?.remove();
  const close = h("button", { type: "button", class: "kata-quiet" }, "Close");
  const text = h("pre", { tabindex: "0" }, message);
  const node = h("div", { class: "kata-banner", role: "alert" }, h("strong", {}, "The book did not build"), text, close);
  close.addEventListener("click", () => node.remove());
  document.body.append(node);
}

/**
 * Shows the code of one panel as it is in the file by now: the page, which has it too, may not be built again yet. What is
 * given changes with a reload only.
 *
 * @param {HTMLElement} panel
 */
export async function refreshSource(panel) {
  const text = (await readSource(panel.dataset.slug ?? "")).text.trimEnd();
  const shown = panel.querySelector(':scope > :is([data-tab="code"], .kata-source) code');
  if (!shown || shown.textContent === text) return;
  shown.textContent = text;
  /** @type {any} */ (globalThis).hljs?.highlightBlock(shown);
}
