// What the reader's browser can do, measured: each ability has a module of a few bytes that only validates where it is
// there. Nothing is compiled or run for it.

import { all } from "./dom.js";
import { engineName } from "./engine.js";

const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

/**
 * A module with one function without parameters.
 *
 * @param {number[]} results its types
 * @param {number[]} code its instructions, without the last `end`
 * @param {number[]} [memory] a memory section
 */
function isValid(results, code, memory = []) {
  // A reader may have turned it off, as Lockdown Mode does.
  if (typeof WebAssembly === "undefined") return false;
  const body = [0, ...code, 0x0b];
  const types = [1, 4 + results.length, 1, 0x60, 0, results.length, ...results];
  const bodies = [10, body.length + 2, 1, body.length, ...body];
  return WebAssembly.validate(new Uint8Array([...HEADER, ...types, 3, 2, 1, 0, ...memory, ...bodies]));
}

const V128 = 0x7b;
/** `i32.const 0, i8x16.splat` @type {number[]} */
const VECTOR = [0x41, 0, 0xfd, 0x0f];
/** `memory 1 1 shared` */
const SHARED_MEMORY = [5, 4, 1, 3, 1, 1];

/** Each ability by the name that the page gives it: whether it is there, and in which words. */
/** @type {Record<string, () => { has: boolean, words: string }>} */
const MEASURE = {
  simd: () => plain(isValid([V128], [...VECTOR, 0xfd, 0x62])), // i8x16.popcnt
  "relaxed-simd": () => plain(isValid([V128], [...VECTOR, ...VECTOR, 0xfd, 0x80, 2])), // i8x16.relaxed_swizzle
  threads: () => {
    const valid = isValid([], [0x41, 0, 0xfe, 0x10, 2, 0, 0x1a], SHARED_MEMORY); // i32.atomic.load, drop
    if (!valid) return plain(false);
    return crossOriginIsolated ? plain(true) : { has: false, words: "on isolated pages" };
  },
  exceptions: () => {
    if (isValid([], [0x1f, 0x40, 0, 0x0b])) return plain(true); // try_table
    return isValid([], [0x06, 0x40, 0x19, 0x0b]) ? { has: false, words: "an older form" } : plain(false); // try, catch_all
  },
  isolation: () => (crossOriginIsolated ? plain(true) : { has: false, words: "where a kata needs it" }),
};

/** @param {boolean} has */
function plain(has) {
  return { has, words: has ? "yes" : "no" };
}

/** Fills in what stands on the page of abilities. */
export function showAbilities() {
  for (const place of all(document, ".kata-engine")) {
    const name = place.querySelector(".kata-engine-name");
    if (name) name.textContent = engineName();
    for (const row of all(place, "[data-ability]")) {
      const { has, words } = MEASURE[row.dataset.ability ?? ""]();
      row.dataset.has = String(has);
      const answer = row.querySelector("dd");
      if (answer) answer.textContent = words;
    }
  }
}
