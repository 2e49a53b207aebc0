// What only `cargo kata serve` can do: tell the page that a file was edited.

import { h } from "./dom.js";
import { keepAcrossReload } from "./reload.js";
import { site } from "./site.js";

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
 * Fetches this page again and takes over the code of one panel: a file has changed.
 *
 * @param {HTMLElement} panel
 */
export async function refreshSource(panel) {
  const response = await fetch(location.href, { cache: "no-store" });
  if (!response.ok) return;
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  for (const place of [':is([data-tab="code"], .kata-source)', ':is([data-tab="given"], .kata-given)']) {
    const fresh = page.querySelector(`kata-panel[data-slug="${panel.dataset.slug}"] > ${place} code`);
    const shown = panel.querySelector(`:scope > ${place} code`);
    if (!fresh || !shown || fresh.textContent === shown.textContent) continue;
    shown.textContent = fresh.textContent;
    /** @type {any} */ (globalThis).hljs?.highlightBlock(shown);
  }
}
