// Row 34: a value is copied before postMessage returns, so its sender pays for that. What is moved is gone at once;
// a wasm memory cannot be moved.
import { came } from "./run.js";

export default async () => {
  const { port1, port2 } = new MessageChannel();
  const arrives = () => new Promise((done) => (port1.onmessage = ({ data }) => done(data)));
  const value = { n: 1 };
  let read = false;
  Object.defineProperty(value, "getter", { enumerable: true, get: () => (read = true) });
  const first = arrives();
  port2.postMessage(value);
  value.n = 2;
  const copy = await first;
  const moved = new ArrayBuffer(8);
  port2.postMessage(moved, [moved]);
  const { buffer } = new WebAssembly.Memory({ initial: 1 });
  return {
    "a getter was called before postMessage returned": read,
    "a change right after it arrives": copy.n === 2,
    "byteLength of what was moved": moved.byteLength,
    "moving a wasm memory": came(() => (port2.postMessage(buffer, [buffer]), "moved")),
  };
};
