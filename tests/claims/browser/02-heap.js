// Rows 2 and 36: JavaScript reads and writes the memory that a module computes in, at the module's own addresses.
import { wasm } from "./run.js";

export default async () => {
  const { memory, address, load } = await wasm("02-heap");
  const view = new Uint8Array(memory.buffer, address(), 13);
  const read = new TextDecoder().decode(view);
  view[0] = 70;
  return { "JavaScript reads": read, "the module reads what JavaScript wrote": load(address()) };
};
