// Keeps what a page shows across a reload that the reader did not ask for.

const KEY = "kata-reload";

/** @param {unknown} value */
export function keepAcrossReload(value) {
  try {
    sessionStorage.setItem(KEY, JSON.stringify({ page: location.pathname, value }));
  } catch {
    // The page then starts afresh.
  }
}

/**
 * What was kept for this page, once.
 *
 * @returns {any}
 */
export function keptAcrossReload() {
  try {
    const kept = JSON.parse(sessionStorage.getItem(KEY) ?? "null");
    sessionStorage.removeItem(KEY);
    return kept?.page === location.pathname ? kept.value : null;
  } catch {
    return null;
  }
}
