// Row 49 and the table: the conversion that may choose its answer, asked what leaves it no choice.
import { bytes, wasm } from "./run.js";

export default async () => {
  if (!WebAssembly.validate(await bytes("49-relaxed"))) return { "relaxed SIMD is valid": false };
  const { signed, unsigned } = await wasm("49-relaxed");
  return {
    "relaxed SIMD is valid": true,
    "signed, of 1.5 and 2147483520": [1.5, 2147483520].map(signed),
    "signed, of -2147483648": signed(-2147483648),
    "unsigned, of 1.5": unsigned(1.5),
  };
};
