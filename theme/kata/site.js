// What this copy of the book is: where it lives, who serves it, and how a run gets its lab.

/** @typedef {import("./types.js").Site} Site */

/** How long the lab's service worker may take to come alive, in milliseconds. */
const WORKER_LIMIT = 8000;

/** Why an address lets a page do less. */
export const INSECURE = "the address is not secure. Open the book by https, or at localhost as cargo kata serve does";

/** @returns {Site} */
function readSite() {
  const meta = document.querySelector('meta[name="kata-site"]');
  /** @type {{ mode?: string, build?: string, compile?: string }} */
  const facts = JSON.parse(meta?.getAttribute("content") ?? "{}");
  return {
    root: new URL("..", import.meta.url),
    mode: facts.mode === "serve" ? "serve" : "static",
    build: facts.build ?? "",
    compile: facts.compile ?? null,
  };
}

export const site = readSite();

/** Whether this is mdBook's page of all chapters, which is for paper. */
export const isPrintPage = document.querySelector('meta[name="robots"][content="noindex"]') !== null;

/**
 * The folder of one variant's bundle.
 *
 * @param {string} slug
 * @param {string} variant
 */
export function bundleUrl(slug, variant) {
  return new URL(`bundles/${slug}/${variant}/`, site.root).href;
}

/** @type {Promise<string> | null} */
let lab = null;

/**
 * The base address of the lab. Asked for once; a failure is asked for again.
 *
 * @returns {Promise<string>}
 */
export function labUrl() {
  lab ??= (site.mode === "serve" ? servedLab() : playedLab()).catch((error) => {
    lab = null;
    throw error;
  });
  return lab;
}

/** How long the lab's own port may be silent, in milliseconds: something between here and there may drop what is sent. */
const PORT_LIMIT = 3000;

/**
 * The real server, beside `cargo kata serve`: at its own port, or through the book's where that is the only one
 * that is forwarded.
 */
async function servedLab() {
  const response = await fetch(new URL("-/lab", site.root), { cache: "no-store" });
  if (!response.ok) throw new Error(`the local server has no lab: it answered ${response.status}`);
  /** @type {{ lab: string }} */
  const answer = await response.json();
  const info = fetch(`${answer.lab}/info`, { signal: AbortSignal.timeout(PORT_LIMIT) });
  const isThere = await info.then((response) => response.ok).catch(() => false);
  return isThere ? answer.lab : new URL("-/lab", site.root).href;
}

/** The service worker that plays the lab on a static host. */
async function playedLab() {
  await serviceWorker();
  return new URL("lab", site.root).href;
}

/**
 * Registers the site's service worker and waits until it controls this page.
 *
 * @returns {Promise<ServiceWorker>}
 */
export async function serviceWorker() {
  const workers = navigator.serviceWorker;
  if (!workers) {
    throw new Error(
      isSecureContext
        ? "what is missing here would come from a service worker, and this browser offers none"
        : `what is missing here would come from a service worker, and at ${location.origin} no browser offers one: ${INSECURE}`,
    );
  }
  const root = site.root.href;
  // What the worker is made of is asked for past the browser's own copies, or it would be of two builds.
  await workers.register(new URL("lab-worker.js", root), { scope: root, updateViaCache: "none" });
  if (!workers.controller) await controlled(workers);
  if (!workers.controller) throw new Error("the service worker went away; reload the page");
  return workers.controller;
}

/**
 * @param {ServiceWorkerContainer} workers
 * @returns {Promise<void>}
 */
function controlled(workers) {
  return new Promise((resolve, reject) => {
    const clock = setTimeout(() => {
      reject(new Error("the service worker did not take over this page; reload it"));
    }, WORKER_LIMIT);
    const done = () => {
      if (!workers.controller) return;
      clearTimeout(clock);
      resolve();
    };
    workers.addEventListener("controllerchange", done);
    done();
  });
}
