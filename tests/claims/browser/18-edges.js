// Rows 18 and 37: where a load traps, in a memory of 65,536 bytes. From the inside only the end is an edge.
import { came, wasm } from "./run.js";

export default async () => {
  const { memory, byte, byte_behind, word, store } = await wasm("18-edges");
  const each = (load, ...addresses) => addresses.map((address) => came(() => load(address)));
  return {
    "a byte at 0, 8, 65535, 65536, -1": each(byte, 0, 8, 65535, 65536, -1),
    "a byte at 2^32 + 8": came(() => byte(2 ** 32 + 8)),
    "with offset=1, at 65534, 65535, -1": each(byte_behind, 65534, 65535, -1),
    "four bytes at 65532, 65533": each(word, 65532, 65533),
    "a store of four bytes at 65533": came(() => store(65533, -1)),
    "the last three bytes afterwards": [...new Uint8Array(memory.buffer, 65533)],
  };
};
