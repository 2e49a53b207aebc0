// The start page's two buttons for reading without a network: keep the whole book, and keep nothing.

import { count, need, reason } from "./dom.js";
import { keepForOffline, NO_COPIES } from "./offline.js";
import { reach, refuseOtherBuild } from "./reach.js";
import { serviceWorker, site } from "./site.js";

/** The names of the service worker's caches begin with this. */
const COPIES = `kata-book ${site.root.href} `;

/** How many files are fetched at a time. */
const AT_ONCE = 4;

/** Deletes every copy of this book. */
async function forgetAll() {
  const names = (await caches.keys()).filter((name) => name.startsWith(COPIES));
  await Promise.all(names.map((name) => caches.delete(name)));
}

/** Waits until the service worker of the newest build keeps what this page asks for: an older one keeps nothing of this build. */
async function ownWorker() {
  await serviceWorker();
  const registration = await navigator.serviceWorker.getRegistration(site.root);
  await registration?.update().catch(() => {});
  const next = registration?.installing ?? registration?.waiting;
  if (!next) return;
  await new Promise((done) => {
    const look = () => ["activated", "redundant"].includes(next.state) && done(null);
    next.addEventListener("statechange", look);
    look();
  });
}

/**
 * Has the service worker keep every file of the book.
 *
 * @param {AbortSignal} signal
 * @param {(done: number, of: number) => void} onStep
 */
async function keepAll(signal, onStep) {
  await ownWorker();
  const response = await reach(new URL("files.json", site.root), { signal, cache: "no-cache" });
  if (!response.ok) throw new Error(`the list of files is not there: the server answered ${response.status}`);
  /** @type {string[]} */
  const files = await response.json();
  await refuseOtherBuild();
  const copies = await caches.open(COPIES + site.build);
  const left = [...files];
  let done = 0;
  const work = async () => {
    for (let file = left.pop(); file !== undefined; file = left.pop()) {
      signal.throwIfAborted();
      const url = new URL(file, site.root);
      if (!(await copies.match(url))) {
        const got = await reach(url, { signal, cache: "no-cache" });
        if (!got.ok) throw new Error(`${file}: the server answered ${got.status}`);
        await got.arrayBuffer();
      }
      onStep((done += 1), files.length);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  // The worker puts away the last files after they have come here.
  await new Promise((resolve) => setTimeout(resolve, 500));
  const missing = await Promise.all(files.map(async (file) => !(await copies.match(new URL(file, site.root)))));
  const lost = missing.filter(Boolean).length;
  if (lost > 0) await refuseOtherBuild();
  if (lost > 0) throw new Error(`this browser has no room for ${count(lost, "file", "files")}`);
}

/** Brings the start page's section on reading offline to life, which the local server's book does not have. */
export function wireOffline() {
  const section = document.querySelector(".kata-offline");
  if (!(section instanceof HTMLElement)) return;
  const line = need(section, '[role="status"]');
  const all = need(section, '[data-action="keep"]');
  const none = need(section, '[data-action="forget"]');
  /** @type {AbortController | null} */
  let control = null;

  const show = async () => {
    const off = await caches.has(NO_COPIES);
    all.textContent = control ? "Stop" : "Keep the whole book";
    none.textContent = off ? "Keep what I read again" : "Keep nothing";
    if (off) line.textContent = "Nothing is kept in this browser.";
  };
  const keep = async () => {
    if (control) return control.abort();
    control = new AbortController();
    const { signal } = control;
    try {
      await caches.delete(NO_COPIES);
      await show();
      let said = 0;
      await keepAll(signal, (done, of) => {
        // A screen reader is told a few times, not at every file.
        const tenth = Math.floor((10 * done) / of);
        if (tenth > said) line.textContent = `${10 * (said = tenth)} % of ${of} files are kept.`;
      });
      line.textContent = "The whole book is kept. It reads and runs without a network.";
    } catch (error) {
      line.textContent = signal.aborted ? "Stopped. What has come is kept." : `Not all is kept: ${reason(error)}.`;
    }
    control = null;
    await show();
  };
  const forget = async () => {
    if (await caches.has(NO_COPIES)) {
      await caches.delete(NO_COPIES);
      line.textContent = "From now on, what you read and run is kept.";
      void keepForOffline();
    } else {
      control?.abort();
      await caches.open(NO_COPIES);
      await forgetAll();
      const workers = await navigator.serviceWorker?.getRegistrations();
      await Promise.all((workers ?? []).filter(({ scope }) => scope === site.root.href).map((one) => one.unregister()));
    }
    await show();
  };
  if (!("caches" in globalThis) || !navigator.serviceWorker) {
    line.textContent = "This browser keeps nothing at this address: it is not secure, or keeping is switched off.";
    return;
  }
  all.addEventListener("click", () => void keep());
  none.addEventListener("click", () => void forget());
  show().then(
    () => [all, none].forEach((button) => button.removeAttribute("disabled")),
    () => (line.textContent = "This browser keeps nothing: its storage is switched off."),
  );
}
