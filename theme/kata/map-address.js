// The address of a bundle's source map, for debuggers.
//
// A module names its map by a file name, which debuggers resolve against where the module came from. Ours are
// compiled from bytes, which come from nowhere: a frame without an origin can be sent nothing else. So the name
// becomes a whole address before the module is compiled. It stands behind the code, where it moves nothing.

const NAME = "sourceMappingURL";

/**
 * The module with the address of its map in place of the map's name; the same bytes if it names none.
 *
 * @param {ArrayBuffer} module
 * @param {URL} url where the module lies
 * @returns {ArrayBuffer}
 */
export function withMapAddress(module, url) {
  const bytes = new Uint8Array(module);
  // After the magic number and the version: one section after the other, an id and a size before each.
  let next = 8;
  for (let start = next; start < bytes.length; start = next) {
    const [size, body] = number(bytes, start + 1);
    next = body + size;
    if (bytes[start] !== 0) continue;
    const [name, rest] = text(bytes, body);
    if (name !== NAME) continue;
    const section = custom(NAME, new URL(text(bytes, rest)[0], url).href);
    const named = new Uint8Array(start + section.length + (bytes.length - next));
    named.set(bytes.subarray(0, start));
    named.set(section, start);
    named.set(bytes.subarray(next), start + section.length);
    return named.buffer;
  }
  return module;
}

/**
 * A number in LEB128, and where it ends.
 *
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[number, number]}
 */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    const byte = bytes[at++] ?? 0;
    value += (byte & 127) * 2 ** shift;
    if (byte < 128) return [value, at];
  }
}

/**
 * A text with its length before it, and where it ends.
 *
 * @param {Uint8Array} bytes
 * @param {number} at
 * @returns {[string, number]}
 */
function text(bytes, at) {
  const [length, from] = number(bytes, at);
  return [new TextDecoder().decode(bytes.subarray(from, from + length)), from + length];
}

/**
 * A custom section that holds one text.
 *
 * @param {string} name
 * @param {string} value
 */
function custom(name, value) {
  const content = [name, value].flatMap((part) => {
    const encoded = [...new TextEncoder().encode(part)];
    return [...leb(encoded.length), ...encoded];
  });
  return new Uint8Array([0, ...leb(content.length), ...content]);
}

/** @param {number} value */
function leb(value) {
  const bytes = [];
  for (; value > 127; value >>= 7) bytes.push((value & 127) | 128);
  return [...bytes, value];
}
