// What the reader has done, keyed by slug for ever and kept in their own browser. Which katas are solved,
// the clone knows better where `cargo kata serve` serves one: for its terminal and for every address it is read at.

import { site } from "./site.js";

/** @typedef {{ state: "broken" | "solved", at: string }} Progress */

const KEY = "kata-progress";
const RELOAD_KEY = "kata-reload";

/** The katas that the clone knows as solved; null where there is none. @type {Set<string> | null} */
let solvedInClone = null;

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
  const here = readAll()[slug] ?? null;
  if (!solvedInClone) return here;
  if (solvedInClone.has(slug)) return { at: here?.at ?? "", state: "solved" };
  return here && { at: here.at, state: "broken" };
}

/**
 * Learns which katas are solved in the clone, and the word that lets this page add one.
 *
 * @returns {Promise<string>} empty if nobody answers
 */
export async function askTheClone() {
  try {
    const response = await fetch(new URL("-/progress", site.root), { cache: "no-store" });
    /** @type {{ token: string, solved: string[] }} */
    const { token, solved } = await response.json();
    solvedInClone = new Set(solved);
    return token;
  } catch {
    // The server is gone. What this browser knows is all there is.
    return "";
  }
}

/**
 * @param {string} slug
 * @param {string} source
 */
async function tellTheClone(slug, source) {
  const headers = { "content-type": "application/json", "kata-token": await askTheClone() };
  const body = JSON.stringify({ slug, source });
  await fetch(new URL("-/progress", site.root), { method: "POST", headers, body });
  await askTheClone();
}

/**
 * Remembers a run of the kata. A browser that refuses to store anything still runs katas.
 *
 * @param {string} slug
 * @param {Progress["state"]} state
 * @param {string | null} source names the text that was judged, where a clone keeps the marks
 */
export async function remember(slug, state, source) {
  const all = readAll();
  all[slug] = { state, at: new Date().toISOString() };
  try {
    localStorage.setItem(KEY, JSON.stringify(all));
  } catch {
    // Private windows may refuse. Nothing to do.
  }
  // Whether that was heard shows on the next page.
  if (state === "solved" && source !== null) await tellTheClone(slug, source).catch(() => {});
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
