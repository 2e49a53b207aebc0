// Waits until a variant's bundle is there. On a static site it is; the local server compiles it.

import { reach } from "./reach.js";
import { bundleUrl } from "./site.js";

/**
 * @typedef {object} Bundle
 * @property {"ready"} status
 * @property {string} url the bundle's folder, with a slash at the end
 * @property {string[] | null} tests as the compiled spec names them, if the bundle says
 * @property {string} identity changes when the bundle does
 * @property {string | null} lines the address of its source map, if it has one
 * @property {string | null} source SHA-256 of the text that it was made of, which the local server tells
 */

/**
 * @typedef {object} FailedBundle
 * @property {"failed"} status
 * @property {string} diagnostics what rustc says
 * @property {import("./compile.js").Diagnostic[]} [marks] the same by its places, if it is the reader's edit
 */

/** Time between two questions: quick at first, patient later. */
const FIRST_WAIT = 150;
const LONGEST_WAIT = 1000;

/**
 * @param {string} slug
 * @param {string} variant
 * @param {{ signal: AbortSignal, onStep: (step: string) => void }} options
 * @returns {Promise<Bundle | FailedBundle>}
 */
export async function readyBundle(slug, variant, { signal, onStep }) {
  const url = bundleUrl(slug, variant);
  for (let wait = FIRST_WAIT; ; wait = Math.min(wait * 1.5, LONGEST_WAIT)) {
    const response = await reach(new URL("bundle.json", url), { cache: "no-store", signal });
    if (!response.ok) throw new Error(`the bundle is not there: the server answered ${response.status}`);
    const text = await response.text();
    const answer = JSON.parse(text);
    if (answer.status === "failed") return { status: "failed", diagnostics: String(answer.diagnostics) };
    if (answer.status !== "building") {
      const tests = Array.isArray(answer.tests) ? answer.tests : null;
      const lines = answer.lines ? new URL("spec_bg.wasm.map", url).href : null;
      return { status: "ready", url, tests, identity: text, lines, source: answer.source ?? null };
    }
    onStep(String(answer.step ?? "compiling"));
    await pause(wait, signal);
  }
}

/**
 * Whether the bundle differs from one that was used before; not, if nobody answers.
 *
 * @param {string} slug
 * @param {string} variant
 * @param {string} identity
 */
export async function hasChanged(slug, variant, identity) {
  const response = await fetch(new URL("bundle.json", bundleUrl(slug, variant)), { cache: "no-store" }).catch(() => null);
  return response !== null && response.ok && (await response.text()) !== identity;
}

/**
 * @param {number} ms
 * @param {AbortSignal} signal
 * @returns {Promise<void>}
 */
function pause(ms, signal) {
  return new Promise((resolve, reject) => {
    const stop = () => {
      clearTimeout(clock);
      reject(signal.reason);
    };
    const clock = setTimeout(() => {
      signal.removeEventListener("abort", stop);
      resolve();
    }, ms);
    signal.addEventListener("abort", stop, { once: true });
  });
}
