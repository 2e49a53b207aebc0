// What the clone knows of the reader, where `cargo kata serve` serves one: which katas are solved and how many hints
// were seen. It knows better than a browser, for its terminal and for every address that it is read at.

import { site } from "./site.js";

/** @typedef {import("./store-shape.js").Taken} Taken */

/** @type {{ solved: Set<string>, hints: Map<string, number> } | null} */
let known = null;

/**
 * Whether the clone has a kata as solved; null where there is no clone, or it did not answer yet.
 *
 * @param {string} slug
 */
export function isSolvedInClone(slug) {
  return known && known.solved.has(slug);
}

/**
 * How many hints of a zone were seen, on any page or in the terminal.
 *
 * @param {string} slug
 */
export function hintsInClone(slug) {
  return known?.hints.get(slug) ?? 0;
}

/**
 * Learns what the clone knows, and the word that lets this page change it.
 *
 * @returns {Promise<string>} empty if nobody answers
 */
export async function askTheClone() {
  try {
    const response = await fetch(address(), { cache: "no-store" });
    /** @type {{ token: string, solved: string[], hints: Record<string, number> }} */
    const { token, solved, hints } = await response.json();
    known = { solved: new Set(solved), hints: new Map(Object.entries(hints)) };
    return token;
  } catch {
    // The server is gone. What this browser knows is all there is.
    return "";
  }
}

/**
 * A kata is solved, so many hints were seen, or what was known before is given back.
 *
 * @param {{ slug: string, source?: string | null, hints?: number }} news `source` names the text that was judged
 */
export async function tellTheClone(news) {
  await send("POST", news);
  await askTheClone();
}

/**
 * Makes the clone forget a zone, or all of them.
 *
 * @param {string | null} slug
 * @returns {Promise<Taken[]>} what it has forgotten
 */
export async function makeTheCloneForget(slug) {
  const response = await send("DELETE", { slug });
  const taken = await response.json();
  await askTheClone();
  return taken;
}

/**
 * @param {string} method
 * @param {unknown} body
 */
async function send(method, body) {
  const headers = { "content-type": "application/json", "kata-token": await askTheClone() };
  const response = await fetch(address(), { method, headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`the local server answered ${response.status}: ${await response.text()}`);
  return response;
}

function address() {
  return new URL("-/progress", site.root);
}
