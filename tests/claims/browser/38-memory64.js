// Row 38: a memory with 64-bit addresses, and what becomes of 2^32 + 8 there.
import { bytes, came, wasm } from "./run.js";

export default async () => {
  const valid = WebAssembly.validate(await bytes("38-memory64"));
  const far = async () => (await wasm("38-memory64")).byte;
  const byte = valid ? await far() : undefined;
  return {
    "a 64-bit memory is valid": valid,
    "a byte at 8, 2^32 + 8": byte ? [8n, 2n ** 32n + 8n].map((address) => came(() => byte(address))) : "none",
  };
};
