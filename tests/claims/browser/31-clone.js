// Rows 31 and 32: what comes out at the other end of a message channel.
import { came } from "./run.js";

function sent(value) {
  const { port1, port2 } = new MessageChannel();
  return new Promise((done, fail) => {
    port1.onmessage = ({ data }) => done(data);
    port2.postMessage(value);
  });
}

const refused = (value) => came(() => (new MessageChannel().port1.postMessage(value), "sent"));

export default async () => {
  class Point {
    x = 1;
    norm() {}
  }
  const cycle = {};
  cycle.self = cycle;
  const [map, set, date, regexp, big, nan, zero, floats, round, point, module] = await sent([
    new Map([[{}, 2]]), new Set([1]), new Date(0), /a+/gi, 2n ** 70n, NaN, -0, new Float32Array([1.5]),
    cycle, new Point(), new WebAssembly.Module(new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0])),
  ]);
  return {
    "a function, also inside an object": [refused(() => 1), refused({ f() {} })],
    "a cycle is still one": round.self === round,
    "a class instance: keys, class": [Object.keys(point), point.constructor === Object],
    "Map, Set, Date, RegExp": [map.size, set.has(1), date.getTime(), String(regexp)],
    "2n ** 70n": String(big),
    "NaN, -0": [Number.isNaN(nan), Object.is(zero, -0)],
    "Float32Array, WebAssembly.Module": [floats[0], module instanceof WebAssembly.Module],
    "refused: promise, WeakMap, symbol, proxy, element":
      [Promise.resolve(), new WeakMap(), Symbol(), new Proxy({}, {}), document.body].map(refused),
  };
};
