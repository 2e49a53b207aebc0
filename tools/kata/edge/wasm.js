// The same engine in WebAssembly: a module with raw exports, and what its host does for it.

import { QuoteError, RuleError } from "./errors.js";

const KINDS = ["", "destination", "item", "quantity", "too large"];
const SUMS = 4;
const EACH = 3;
const LINES = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

function failed(code) {
  const kind = KINDS[code % 8];
  return new QuoteError(kind, kind === "destination" ? undefined : code >> 3);
}

export class Engine {
  #exports;
  #input;
  #output;

  /** @param {WebAssembly.Module} module */
  constructor(module, text) {
    this.#exports = new WebAssembly.Instance(module, {}).exports;
    const line = this.#exports.start(...this.#write(text));
    if (line !== 0) throw new RuleError(`line ${line} of the rules is wrong`);
    this.quote = this.#exports.quote ? this.#byNumbers : this.#byText;
    this.#look();
  }

  /** Views, taken anew whenever memory has grown. */
  #look() {
    const { memory, input, output } = this.#exports;
    this.#input = new Uint32Array(memory.buffer, input(), LINES * 2);
    this.#output = new Float64Array(memory.buffer, output(), SUMS + LINES * EACH);
  }

  #write(text) {
    const bytes = encoder.encode(text);
    const place = this.#exports.room(bytes.length);
    new Uint8Array(this.#exports.memory.buffer, place, bytes.length).set(bytes);
    return [place, bytes.length];
  }

  /** Items and quantities are below 2^32, as they are in the trace: a typed array would cut off the rest. */
  #byNumbers(to, lines) {
    if (lines.length > LINES) throw new RangeError(`${lines.length} lines, and room for ${LINES}`);
    if (this.#input.length === 0) this.#look();
    const input = this.#input;
    let at = 0;
    for (const [item, quantity] of lines) {
      input[at++] = item;
      input[at++] = quantity;
    }
    const code = this.#exports.quote(to.charCodeAt(0) | (to.charCodeAt(1) << 8), lines.length);
    if (code !== 0) throw failed(code);
    if (this.#output.length === 0) this.#look();
    const output = this.#output;
    const prices = [];
    for (let place = SUMS; prices.length < lines.length; place += EACH) {
      prices.push({ unit: output[place], discount: output[place + 1], net: output[place + 2] });
    }
    return { discount: output[0], net: output[1], tax: output[2], total: output[3], lines: prices };
  }

  #byText(to, lines) {
    const text = `${to} ${lines.map((line) => line.join(" ")).join(" ")}`;
    const place = this.#exports.quote_text(...this.#write(text));
    const { buffer } = this.#exports.memory;
    const length = new DataView(buffer).getUint32(place, true);
    const words = decoder.decode(new Uint8Array(buffer, place + 4, length)).split(" ");
    if (words[0] === "error") throw failed(Number(words[1]));
    const [discount, net, tax, total, ...each] = words.map(Number);
    const prices = lines.map((_, index) => {
      const [unit, discount, net] = each.slice(index * EACH);
      return { unit, discount, net };
    });
    return { discount, net, tax, total, lines: prices };
  }
}
