// All progress as one file, which another browser can take in.

import { Misshapen, VERSION, object, only, present } from "./store-shape.js";

/** @typedef {import("./store-shape.js").Zones} Zones */

/** What every such file says of itself. */
const FORMAT = "wasm-katas-progress";

/** No browser keeps as much as this: a file with more was not exported, and would keep the page busy for minutes. */
const MOST = { bytes: 1 << 24, zones: 500, edits: 1000 };

/**
 * The text of a file that may be an export.
 *
 * @param {File} file
 */
export async function textOf(file) {
  if (file.size > MOST.bytes) throw new Misshapen("It is larger than any export");
  return file.text();
}

/**
 * @param {Zones} zones
 * @param {import("./store-core.js").Aside[]} aside what could not be read, so that the file has all there is
 * @param {string} book where it was written
 */
export function writeFile(zones, aside, book) {
  const at = new Date().toISOString();
  return `${JSON.stringify({ format: FORMAT, version: VERSION, at, book, zones, aside }, null, 2)}\n`;
}

/**
 * The zones of a file. What its writer had set aside is not read: it cannot be.
 *
 * @param {string} text
 * @returns {Zones}
 */
export function readFile(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new Misshapen(`It is no JSON: ${error instanceof Error ? error.message : error}`);
  }
  const file = object(value, "the file");
  if (file.format !== FORMAT) throw new Misshapen(`It is no exported progress: its format is not "${FORMAT}"`);
  const { version } = file;
  if (!Number.isInteger(version) || version < 0) throw new Misshapen("version: this should be a whole number");
  if (version > VERSION) {
    throw new Misshapen(`version: it is ${version}, and this page knows ${VERSION}. Reload the page, and try again`);
  }
  only(file, ["format", "version", "at", "book", "zones", "aside"], "the file");
  const zones = present(file.zones, version);
  const { zones: number, edits } = sizeOf(zones);
  if (number > MOST.zones || edits > MOST.edits) throw new Misshapen("It holds more katas or edits than any export");
  return zones;
}

/** @param {Zones} zones */
export function sizeOf(zones) {
  const all = Object.values(zones);
  return { zones: all.length, edits: all.flatMap(({ edits = [] }) => edits).length };
}
