// Compiles what the reader wrote: by the local server, or by the service that this site was built with.

import { askTheClone } from "./store.js";
import { site } from "./site.js";
import { NOT_SERVED, reach } from "./reach.js";
import { asInFile } from "./source-file.js";

/**
 * What rustc says of a place. Lines and columns count from 1, columns in UTF-16 units; null outside of lib.rs.
 *
 * @typedef {object} Diagnostic
 * @property {"error" | "warning"} level
 * @property {string} message
 * @property {string | null} code
 * @property {string} rendered
 * @property {number | null} line
 * @property {number | null} column
 * @property {number | null} endLine
 * @property {number | null} endColumn
 */

/** @typedef {import("./bundle.js").Bundle & { marks: Diagnostic[] }} Compiled */
/** @typedef {import("./bundle.js").FailedBundle & { marks: Diagnostic[] }} Uncompiled */

/** Whether anybody here compiles. */
export const canCompile = site.mode === "serve" || site.compile !== null;

/**
 * @param {string} slug
 * @param {string} text the whole lib.rs
 * @param {AbortSignal} signal ends the build too
 * @returns {Promise<Compiled | Uncompiled>}
 */
export async function compile(slug, text, signal) {
  const isLocal = site.mode === "serve";
  const root = isLocal ? site.root : new URL(site.compile ?? "", site.root);
  /** @type {Record<string, string>} */
  const headers = { "content-type": "application/json" };
  if (isLocal) headers["kata-token"] = await askTheClone();
  const url = new URL(`${isLocal ? "-/" : ""}compile/${slug}`, root);
  const body = JSON.stringify({ text: asInFile(slug, text) });
  const gone = isLocal ? NOT_SERVED : "the compile service cannot be reached";
  const response = await reach(url, { method: "POST", headers, body, signal }, gone);
  if (!response.ok) throw new Error(`the compiler answered ${response.status}: ${await response.text()}`);
  const answer = await response.json();
  if (answer.status === "failed") return { status: "failed", diagnostics: answer.rendered, marks: answer.diagnostics };
  const { identity, source, tests, diagnostics } = answer;
  return { status: "ready", url: new URL(answer.url, root).href, tests, identity, source, lines: null, marks: diagnostics };
}
