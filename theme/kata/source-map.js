// Where in Rust an offset of a bundle's wasm stands: reads the source map that lies beside it.

/**
 * A map, decoded: for each offset in order, the place that begins there; null where it is in none of our files.
 *
 * @typedef {{ offsets: number[], places: (string | null)[] }} Lines
 */

/** @type {Map<string, Promise<Lines>>} */
const known = new Map();

/**
 * The places, `solutions/zone/src/lib.rs:12`, of some offsets; null for what is not known.
 *
 * @param {string} url of the map
 * @param {(number | null)[]} offsets
 * @returns {Promise<(string | null)[]>}
 */
export async function placesOf(url, offsets) {
  let lines = known.get(url);
  if (!lines) known.set(url, (lines = load(url)));
  const { offsets: starts, places } = await lines;
  return offsets.map((offset) => {
    if (offset === null) return null;
    let [low, high] = [0, starts.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (/** @type {number} */ (starts[middle]) <= offset) low = middle + 1;
      else high = middle;
    }
    return places[low - 1] ?? null;
  });
}

/**
 * @param {string} url
 * @returns {Promise<Lines>}
 */
async function load(url) {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`the map is not there: the server answered ${response.status}`);
  /** @type {{ sources: string[], mappings: string }} */
  const { sources, mappings } = await response.json();
  /** @type {Lines} */
  const lines = { offsets: [], places: [] };
  let [offset, source, line] = [0, 0, 0];
  for (const segment of mappings.split(",")) {
    const [forth = 0, toSource, toLine = 0] = numbers(segment);
    offset += forth;
    lines.offsets.push(offset);
    if (toSource === undefined) {
      lines.places.push(null);
    } else {
      source += toSource;
      line += toLine;
      lines.places.push(`${sources[source]}:${line + 1}`);
    }
  }
  return lines;
}

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/**
 * The numbers of a segment: five bits a digit, the least first; the last bit of a number is its sign.
 *
 * @param {string} segment
 */
function numbers(segment) {
  const all = [];
  let [value, shift] = [0, 0];
  for (const letter of segment) {
    const digit = DIGITS.indexOf(letter);
    value |= (digit & 31) << shift;
    shift += 5;
    if (digit & 32) continue;
    all.push(value & 1 ? -(value >> 1) : value >> 1);
    [value, shift] = [0, 0];
  }
  return all;
}
