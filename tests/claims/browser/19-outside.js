// Row 19: past the end of a typed array nothing traps.
import { came } from "./run.js";

export default async () => {
  const view = new Uint8Array(new WebAssembly.Memory({ initial: 1 }).buffer);
  const end = view.length;
  view[end] = 7;
  return {
    "view[end]": String(view[end]),
    "view.subarray(end - 3, end + 1).length": view.subarray(end - 3, end + 1).length,
    "view.set of 4 bytes at end - 3": came(() => view.set([1, 2, 3, 4], end - 3)),
    "DataView.getUint32(end - 3)": came(() => new DataView(view.buffer).getUint32(end - 3)),
  };
};
