// Rows 45, 47, 48 and 49: numbers to f32 and back.
import { came, wasm } from "./run.js";

export default async () => {
  const { trap, saturate, lanes, out, out_lanes } = await wasm("45-conversions");
  const integers = [8388609, 16777216, 16777217, 16777219, 2147483583, 2147483584, 2147483647, -2147483648, -2147483647];
  const floats = [1.5, 2.5, -1.5, 2147483520, 2147483648, -2147483648, -2147483904, 4294967296, Infinity, -Infinity, NaN];
  return {
    "i32 as f32": integers.map((n) => `${n}: ${out(n)}`),
    "and back, saturated": integers.map((n) => `${n}: ${saturate(out(n))}`),
    "f32 to i32, saturated": floats.map((x) => `${x}: ${saturate(x)}`),
    "i32.trunc_f32_s": floats.map((x) => `${x}: ${came(() => trap(x))}`),
    "four lanes say the same": [floats.every((x) => lanes(x) === saturate(x)), integers.every((n) => out_lanes(n) === out(n))],
  };
};
