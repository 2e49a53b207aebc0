// A browser's stack trace of wasm, as Rust names.
//
// Each engine writes wasm frames in its own way:
//   Chromium  "    at zone::encode (wasm://wasm/spec-0012ab:wasm-function[7]:0x1f)"
//   Firefox   "zone::encode@blob:…:wasm-function[7]:0x1f"
//   WebKit    "<?>.wasm-function[zone::encode]@[wasm code]"

const FRAMES = [
  /^\s*at (?:\S+\.wasm\.)?(.+?) \((?:wasm:|.*wasm-function\[)/,
  /^(.+?)@.*wasm-function\[\d+\]/,
  /wasm-function\[(.+)\]@\[wasm code\]/,
];

/** Frames that say how a panic or a test is carried out, not where it comes from. */
const MACHINERY =
  /^(std::|core::panicking|core::ops::function|core::result::unwrap_failed|core::option::(unwrap|expect)_failed|rust_panic|rust_begin_unwind|__rust|wasm_bindgen|<?wasm_bindgen|js_sys::|__wbg|__externref|<.* as (core::)?(future|ops)|core::(future|pin|task)|<core::pin|alloc::boxed|<alloc::boxed)/;

/** Where in the module a frame stands: Chromium and Firefox say so. */
const OFFSET = /wasm-function\[\d+\]:0x([0-9a-f]+)/;

/**
 * The Rust frames of a stack trace, innermost first, without the machinery around them: their names, and beside
 * each its offset in the module, where the engine says it.
 *
 * @param {string} trace
 * @returns {{ stack: string[], offsets: (number | null)[] }}
 */
export function rustFrames(trace) {
  /** @type {string[]} */
  const stack = [];
  /** @type {(number | null)[]} */
  const offsets = [];
  for (const line of trace.split("\n")) {
    const match = FRAMES.map((frame) => frame.exec(line)).find(Boolean);
    // Rust adds a hash to each function's name, or to each crate's: `std[a543996e6e7dbf1e]::panicking`.
    const name = match?.[1]
      ?.replace(/(::h[0-9a-f]{16})?(\.llvm\.\d+)?$/, "")
      .replace(/^spec[-\w]*\.wasm\./, "")
      .replace(/\[[0-9a-f]{16}\]/g, "");
    if (!name || /^\d+$/.test(name) || MACHINERY.test(name)) continue;
    if (stack.at(-1) === name) continue;
    const offset = OFFSET.exec(line)?.[1];
    stack.push(name);
    offsets.push(offset ? parseInt(offset, 16) : null);
    if (stack.length === 12) break;
  }
  return { stack, offsets };
}
