// Fetching what may be out of reach: without a network there are only copies of what was read and run before.

/** Thrown when neither the site nor a copy answers. The message says so in words for the reader. */
export class OutOfReach extends Error {
  constructor() {
    super(
      "this book's site cannot be reached, and this browser has no copy of what it needs. A kata that was run here once " +
        "runs again without a network; the start page can keep them all",
    );
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
 * @returns {Promise<Response>}
 * @throws {OutOfReach}
 */
export async function reach(url, init) {
  const response = await fetch(url, init).catch((error) => {
    if (init.signal?.aborted) throw error;
    throw new OutOfReach();
  });
  if (response.status === OFFLINE && response.statusText === "Offline") throw new OutOfReach();
  return response;
}
