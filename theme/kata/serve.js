// What only `cargo kata serve` can do: tell the page that a file was edited.

import { banner } from "./banner.js";
import { h } from "./dom.js";
import { keepAcrossReload } from "./reload.js";
import { site } from "./site.js";
import { readSource } from "./source-file.js";

/** @typedef {import("./panel.js").KataPanel} KataPanel */
/**
 * What the server tells.
 *
 * @typedef {{ event: "reload" } | { event: "bundle", slug: string, variant: string, status: string }
 *   | { event: "problem", message: string }} News
 */

/**
 * Listens for edits for as long as the page lives. One tab listens for all of them: browsers open six connections to a server,
 * and with one for each tab the seventh chapter would never come.
 *
 * @param {() => KataPanel[]} panels
 */
export function listen(panels) {
  // The tab that has the lock listens until it is closed; then another gets it. There are none at an address that is not secure.
  const { locks } = navigator;
  const name = `kata-events ${site.root.href}`;
  const others = locks ? new BroadcastChannel(name) : null;
  /** What a tab that comes later must hear too. @type {News | null} */
  let unbuilt = null;
  const source = () =>
    new Promise(() => {
      const events = new EventSource(new URL("-/events", site.root));
      for (const kind of ["reload", "bundle", "problem"]) {
        events.addEventListener(kind, ({ data }) => {
          /** @type {News} */
          const news = JSON.parse(data);
          if (news.event === "problem") unbuilt = news;
          others?.postMessage(news);
          hear(news, panels());
        });
      }
    });
  if (!others) return void source();
  others.onmessage = ({ data }) => {
    if (data.event !== "new tab") hear(data, panels());
    else if (unbuilt) others.postMessage(unbuilt);
  };
  others.postMessage({ event: "new tab" });
  void locks.request(name, source);
}

/**
 * @param {News} news
 * @param {KataPanel[]} panels
 */
function hear(news, panels) {
  if (news.event === "reload") {
    keepAcrossReload({ scroll: scrollY, focus: document.activeElement?.id, panels: panels.map((panel) => panel.snapshot()) });
    location.reload();
  } else if (news.event === "problem") {
    problem(news.message);
  } else if (news.variant === "kata" && news.status !== "building") {
    for (const panel of panels) {
      // What cannot be read does not compile either: the run says why.
      if (panel.config.slug === news.slug) void refreshSource(panel).catch(() => {}).then(() => panel.rebuilt());
    }
  }
}

/**
 * Says that the book did not build, once.
 *
 * @param {string} message
 */
function problem(message) {
  const old = document.querySelector(".kata-banner[data-problem] pre");
  if (old) old.textContent = message;
  else banner("The book did not build", h("pre", { tabindex: "0" }, message)).dataset.problem = "";
}

/**
 * Shows the code of one panel as it is in the file by now: the page, which has it too, may not be built again yet. What is
 * given changes with a reload only.
 *
 * @param {HTMLElement} panel
 */
async function refreshSource(panel) {
  const text = (await readSource(panel.dataset.slug ?? "")).text.trimEnd();
  const shown = panel.querySelector(':scope > :is([data-tab="code"], .kata-source) code');
  if (!shown || shown.textContent === text) return;
  shown.textContent = text;
  /** @type {any} */ (globalThis).hljs?.highlightBlock(shown);
}
