// The reader's lib.rs in the clone that `cargo kata serve` serves: read it, write it if nobody else has, open it elsewhere.

import { NOT_SERVED, reach } from "./reach.js";
import { askTheClone } from "./store.js";
import { site } from "./site.js";

/** @typedef {{ text: string, hash: string }} SourceFile */

/** How lines end in each file; an editor knows one way only. @type {Map<string, string>} */
const ends = new Map();

/**
 * The file, its lines ended as the page ends them.
 *
 * @param {string} slug
 * @returns {Promise<SourceFile>}
 */
export async function readSource(slug) {
  const response = await reach(address("source", slug), { cache: "no-store" }, NOT_SERVED);
  if (!response.ok) throw new Error(await refusal(response));
  return asOnPage(slug, await response.json());
}

/**
 * A text of the page, its lines ended as in the file.
 *
 * @param {string} slug
 * @param {string} text
 */
export function asInFile(slug, text) {
  return text.replaceAll("\n", ends.get(slug) ?? "\n");
}

/**
 * @param {string} slug
 * @param {SourceFile} file
 * @returns {SourceFile}
 */
function asOnPage(slug, { text, hash }) {
  ends.set(slug, text.includes("\r\n") ? "\r\n" : "\n");
  return { text: text.replaceAll(/\r\n?/g, "\n"), hash };
}

/**
 * Writes the file, unless it is another by now: then nothing is written, and the file as it is comes back.
 *
 * @param {string} slug
 * @param {string} text
 * @param {string} base the hash of the file that the edit started from
 * @returns {Promise<{ saved: boolean, file: SourceFile }>}
 */
export async function writeSource(slug, text, base) {
  const response = await send("PUT", address("source", slug), { text: asInFile(slug, text), base });
  if (response.status === 409) return { saved: false, file: asOnPage(slug, await response.json()) };
  if (!response.ok) throw new Error(await refusal(response));
  return { saved: true, file: { text, hash: (await response.json()).hash } };
}

/**
 * Opens the file in the reader's own editor.
 *
 * @param {string} slug
 */
export async function openSource(slug) {
  const response = await send("POST", address("open", slug), {});
  if (!response.ok) throw new Error(await refusal(response));
}

/**
 * @param {string} what
 * @param {string} slug
 */
function address(what, slug) {
  return new URL(`-/${what}/${slug}`, site.root);
}

/**
 * @param {string} method
 * @param {URL} url
 * @param {object} body
 */
async function send(method, url, body) {
  const headers = { "content-type": "application/json", "kata-token": await askTheClone() };
  return reach(url, { method, headers, body: JSON.stringify(body) }, NOT_SERVED);
}

/** @param {Response} response */
async function refusal(response) {
  const text = await response.text();
  if (response.status !== 501) return text || `the local server answered ${response.status}`;
  const { reason, path } = JSON.parse(text);
  return `${reason} The file is ${path}.`;
}
