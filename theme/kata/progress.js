// What the reader has done, kept in their own browser and keyed by slug for ever.

/** @typedef {{ state: "broken" | "solved", at: string }} Progress */

const KEY = "kata-progress";
const RELOAD_KEY = "kata-reload";

/** @returns {Record<string, Progress>} */
function readAll() {
  try {
    return JSON.parse(localStorage.getItem(KEY) ?? "{}");
  } catch {
    return {};
  }
}

/**
 * @param {string} slug
 * @returns {Progress | null}
 */
export function progressOf(slug) {
  return readAll()[slug] ?? null;
}

/**
 * Remembers a run of the kata. A browser that refuses to store anything still runs katas.
 *
 * @param {string} slug
 * @param {Progress["state"]} state
 */
export function remember(slug, state) {
  const all = readAll();
  all[slug] = { state, at: new Date().toISOString() };
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Private windows may refuse. Nothing to do.
  }
}

/** Writes each listed zone's state beside its name on the start page. */
export function markZoneLists() {
  for (const item of document.querySelectorAll(".kata-zones [data-zone]")) {
    const state = progressOf(item.getAttribute("data-zone") ?? "")?.state;
    const place = item.querySelector(".kata-zones-state");
    if (!place || !state) continue;
    place.setAttribute("data-state", state);
    place.textContent = state === "solved" ? "solved" : "seen it break";
  }
}

/**
 * Keeps what a page shows across a reload that the reader did not ask for.
 *
 * @param {unknown} value
 */
export function keepAcrossReload(value) {
  try {
    sessionStorage.setItem(RELOAD_KEY, JSON.stringify({ page: location.pathname, value }));
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
    const kept = JSON.parse(sessionStorage.getItem(RELOAD_KEY) ?? "null");
    sessionStorage.removeItem(RELOAD_KEY);
    return kept?.page === location.pathname ? kept.value : null;
  } catch {
    return null;
  }
}
