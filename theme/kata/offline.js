// Reading without a network. The service worker keeps what is read and run; this module tells it what a page is made of.

import { serviceWorker, site } from "./site.js";

/** A cache that is there when the reader wants no copies. */
export const NO_COPIES = `kata-book-off ${site.root.href}`;

/** Keeps this page and what it loaded, so that it can be read again without a network. */
export async function keepForOffline() {
  try {
    if (await caches.has(NO_COPIES)) return;
    const workers = navigator.serviceWorker;
    /** @type {string[]} */
    const loaded = [location.href];
    const tell = (/** @type {string[]} */ urls) =>
      workers.controller?.postMessage({ type: "keep", urls, build: site.build });
    // A new build's worker takes over from an old one, which keeps nothing of this page.
    workers.addEventListener("controllerchange", () => tell(loaded));
    await serviceWorker();
    tell([location.href]);
    // What the page asks for from now on goes through the worker. What it asked for before may still be on its way, and
    // is listed when it has come.
    const since = performance.now();
    new PerformanceObserver((list) => {
      const missed = list.getEntries().filter((entry) => entry.startTime < since);
      const urls = missed.map((entry) => entry.name);
      loaded.push(...urls);
      if (urls.length > 0) tell(urls);
    }).observe({ type: "resource", buffered: true });
  } catch {
    // Offline reading is a gift: without a service worker the page is all there, as long as it is online.
  }
}
