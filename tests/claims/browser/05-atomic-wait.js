// Rows 5 and 6: what really puts a thread to sleep. On the page's own thread an engine refuses, or all stands still.
import { bytes, came, ticks, wasm, worker } from "./run.js";

export default async () => {
  const { wait } = await wasm("05-atomic-wait");
  const { answer, count } = await ticks(() => came(wait));
  const asleep = `onmessage = async ({ data }) => {
    const { instance } = await WebAssembly.instantiate(data);
    postMessage(instance.exports.wait());
  };`;
  return {
    "memory.atomic.wait32 on the page's thread": answer,
    "timers that fired meanwhile": count,
    "in a worker": await worker(asleep, await bytes("05-atomic-wait")),
  };
};
