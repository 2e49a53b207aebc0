// Fetching what may be out of reach: without a network there are only copies of what was read and run before.

import { site } from "./site.js";

const NO_COPY =
  "this book's site cannot be reached, and this browser has no copy of what it needs. A kata that was run here once " +
  "runs again without a network; the start page can keep them all";

/** What it means that the local server does not answer. */
export const NOT_SERVED = "cargo kata serve does not answer. Is it still running?";

/** Thrown when neither the site nor a copy answers. The message says so in words for the reader. */
export class OutOfReach extends Error {
  /** @param {string} why */
  constructor(why) {
    super(why);
    this.name = "OutOfReach";
  }
}

/** With this the service worker answers for a site that is out of reach. */
const OFFLINE = 504;

/**
 * Like `fetch`, but says in words that nothing can be reached.
 *
 * @param {URL} url
 * @param {RequestInit} init
 * @param {string} [why] what that means
 * @returns {Promise<Response>}
 * @throws {OutOfReach}
 */
export async function reach(url, init, why = NO_COPY) {
  const response = await fetch(url, init).catch((error) => {
    if (init.signal?.aborted) throw error;
    throw new OutOfReach(why);
  });
  if (response.status === OFFLINE && response.statusText === "Offline") throw new OutOfReach(why);
  return response;
}

/**
 * Loads modules that a page asks for late: the site may be out of reach by then, or of another build.
 *
 * @template Module
 * @param {() => Promise<Module>} load
 * @throws {OutOfReach}
 */
export async function loadLate(load) {
  await refuseOtherBuild();
  try {
    return await load();
  } catch (error) {
    // No copy answers below this address.
    await reach(new URL("-/", site.root), { method: "HEAD" });
    throw error;
  }
}

/** Throws if the site was built anew since this page came: modules of two builds do not fit each other. */
export async function refuseOtherBuild() {
  // The local server loads its pages again by itself.
  if (site.mode === "serve") return;
  const worker = await fetch(new URL("lab-worker.js", site.root), { cache: "no-cache" }).catch(() => null);
  if (worker?.ok && !(await worker.text()).includes(`"${site.build}"`)) {
    throw new Error("the book was updated since this page was loaded. Load the page again");
  }
}
