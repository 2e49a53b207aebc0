// Row 33: shared memory with and without cross-origin isolation.
import { came, worker } from "./run.js";

export const pages = ["plain", "isolated"];

export default async () => {
  const buffer = came(() => new WebAssembly.Memory({ initial: 1, maximum: 1, shared: true }).buffer);
  const write = "onmessage = ({ data }) => { Atomics.store(new Int32Array(data), 0, 42); postMessage('wrote'); };";
  const posted = came(() => (new MessageChannel().port1.postMessage(buffer), "sent"));
  const wrote = posted === "sent" ? await worker(write, buffer) : posted;
  return {
    crossOriginIsolated: globalThis.crossOriginIsolated ?? "undefined",
    "the global SharedArrayBuffer": typeof SharedArrayBuffer,
    "Memory({ shared: true }).buffer": Object.prototype.toString.call(buffer),
    "posted to a worker": wrote,
    "the page reads": typeof buffer === "object" ? new Int32Array(buffer)[0] : "nothing",
  };
};
