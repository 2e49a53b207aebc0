// Small building blocks for the book's live pictures: nodes, scales, axes, legends.
//
// A picture is drawn in a viewBox that is 640 units wide. Colour comes only from
// the classes in kata.css, so that every theme fits:
//   stroke  s-good s-bad s-warn s-muted s-accent
//   fill    f-good f-bad f-warn f-muted f-accent f-panel
//   text    t-label (14 units high, 19 on a phone), t-small (12 units, 17 on a phone)
// Leave text room to grow by that much, and never let colour say something alone:
// add a label, a dash (class `dashed`) or a shape.

/** @typedef {string | number | Node | null | undefined | false} Leaf */
/** @typedef {Leaf | readonly any[]} Child a list may hold lists, at any depth */
/** @typedef {(value: number) => number} Project */
/** @typedef {Project & { domain: [number, number], range: [number, number], ticks: (count?: number) => number[] }} Scale */

const NAMESPACE = "http://www.w3.org/2000/svg";

/**
 * Makes one SVG element. Strings and numbers become text nodes; null, undefined and
 * false are left out, in children and in attributes alike.
 *
 * @template {keyof SVGElementTagNameMap} Name
 * @param {Name} name
 * @param {Record<string, string | number | boolean | null | undefined>} [attributes]
 * @param {Child[]} children
 * @returns {SVGElementTagNameMap[Name]}
 */
export function el(name, attributes, ...children) {
  const node = document.createElementNS(NAMESPACE, name);
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (value === null || value === undefined || value === false) continue;
    node.setAttribute(key, value === true ? "" : short(value));
  }
  append(node, children);
  return node;
}

/**
 * @param {Element} parent
 * @param {Child[]} children
 */
function append(parent, children) {
  for (const child of children) {
    if (Array.isArray(child)) append(parent, child);
    else if (child instanceof Node) parent.append(child);
    else if (child !== null && child !== undefined && child !== false) parent.append(String(child));
  }
}

/**
 * Coordinates do not need twelve digits.
 *
 * @param {string | number} value
 * @returns {string}
 */
function short(value) {
  return typeof value === "number" ? String(Math.round(value * 100) / 100) : value;
}

/**
 * A linear scale. It extends beyond its domain; clamp the value if it must not.
 *
 * @param {[number, number]} domain
 * @param {[number, number]} range
 * @returns {Scale}
 */
export function linear(domain, range) {
  const [low, high] = domain;
  const span = high - low || 1;
  return scale(
    (value) => range[0] + ((value - low) / span) * (range[1] - range[0]),
    domain,
    range,
    (count = 5) => linearTicks(low, high, count),
  );
}

/**
 * A logarithmic scale over positive values. A value at or below 0 lands on the start
 * of the range, so that "no error at all" still has a place in an error plot.
 *
 * @param {[number, number]} domain both ends above 0
 * @param {[number, number]} range
 * @returns {Scale}
 */
export function log(domain, range) {
  const [low, high] = [Math.log10(domain[0]), Math.log10(domain[1])];
  const span = high - low || 1;
  return scale(
    (value) => {
      const at = value > 0 ? (Math.log10(value) - low) / span : 0;
      return range[0] + at * (range[1] - range[0]);
    },
    domain,
    range,
    (count = 5) => logTicks(domain[0], domain[1], count),
  );
}

/**
 * @param {Project} project
 * @param {[number, number]} domain
 * @param {[number, number]} range
 * @param {(count?: number) => number[]} ticks
 * @returns {Scale}
 */
function scale(project, domain, range, ticks) {
  return Object.assign(/** @type {Project} */ ((value) => project(value)), { domain, range, ticks });
}

/**
 * About `count` round values (steps of 1, 2 or 5 times a power of ten) inside the domain.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @returns {number[]}
 */
function linearTicks(low, high, count) {
  const [from, to] = low <= high ? [low, high] : [high, low];
  if (!(to > from)) return [from];
  const rough = (to - from) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5, 10].find((factor) => factor * power >= rough * 0.99) ?? 10);
  const ticks = [];
  for (let index = Math.ceil(from / step - 1e-9); index * step <= to + step * 1e-9; index += 1) {
    ticks.push(Number((index * step).toPrecision(12)));
  }
  return ticks;
}

/**
 * Powers of ten inside the domain, thinned to about `count`.
 *
 * @param {number} low
 * @param {number} high
 * @param {number} count
 * @returns {number[]}
 */
function logTicks(low, high, count) {
  const first = Math.ceil(Math.log10(Math.min(low, high)) - 1e-9);
  const last = Math.floor(Math.log10(Math.max(low, high)) + 1e-9);
  const step = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const ticks = [];
  for (let exponent = first; exponent <= last; exponent += step) ticks.push(Number(`1e${exponent}`));
  return ticks;
}

/**
 * An axis with ticks, their text and a label.
 *
 * @param {object} options
 * @param {Scale} options.scale places the ticks along the axis
 * @param {"bottom" | "left"} options.side
 * @param {number} options.at the axis' y (bottom) or x (left)
 * @param {number} [options.length] draw the line this far, if that is further than the scale's range
 * @param {number} [options.grid] length of faint lines across the plot; none by default
 * @param {number} [options.count] about how many ticks
 * @param {(value: number) => string} [options.format]
 * @param {string} [options.label]
 * @returns {SVGGElement}
 */
export function axis({ scale, side, at, length = 0, grid = 0, count = 5, format = String, label }) {
  const bottom = side === "bottom";
  const [start, end] = scale.range;
  const reach = Math.max(Math.abs(end - start), length) * Math.sign(end - start || 1);
  const ticks = scale.ticks(count).map((value) => {
    const place = scale(value);
    return el(
      "g",
      { transform: bottom ? `translate(${short(place)} ${short(at)})` : `translate(${short(at)} ${short(place)})` },
      grid > 0 && el("line", { class: "s-muted axis-grid", ...(bottom ? { y2: -grid } : { x2: grid }) }),
      el("line", { class: "s-muted", ...(bottom ? { y2: 5 } : { x2: -5 }) }),
      el(
        "text",
        bottom
          ? { class: "t-small", y: 10, dy: "0.8em", "text-anchor": "middle" }
          : { class: "t-small", x: -9, dy: "0.34em", "text-anchor": "end" },
        format(value),
      ),
    );
  });
  const line = bottom
    ? el("line", { class: "s-muted", x1: start, x2: start + reach, y1: at, y2: at })
    : el("line", { class: "s-muted", x1: at, x2: at, y1: start, y2: start + reach });
  const middle = (start + end) / 2;
  const caption =
    label &&
    el(
      "text",
      bottom
        ? { class: "t-label", x: middle, y: at + 30, dy: "0.9em", "text-anchor": "middle" }
        : { class: "t-label", x: Math.max(at - 60, 2), y: Math.min(start, end) - 14, "text-anchor": "start" },
      label,
    );
  return el("g", { class: "axis" }, line, ticks, caption);
}

/**
 * A legend, one item below the other. A class that begins with `s-` gives the item a
 * line (so `dashed` shows), any other a square.
 *
 * @param {{ label: string, className: string }[]} items
 * @param {number} x
 * @param {number} y the middle of the first item
 * @returns {SVGGElement}
 */
export function legend(items, x, y) {
  return el(
    "g",
    { class: "legend", transform: `translate(${short(x)} ${short(y)})` },
    items.map(({ label, className }, index) =>
      el(
        "g",
        { transform: `translate(0 ${index * 22})` },
        /(^|\s)s-/.test(className)
          ? el("line", { class: className, x1: 0, x2: 22, y1: 0, y2: 0, "stroke-width": 3 })
          : el("rect", { class: className, x: 4, y: -7, width: 14, height: 14, rx: 2 }),
        el("text", { class: "t-small", x: 30, dy: "0.34em" }, label),
      ),
    ),
  );
}
