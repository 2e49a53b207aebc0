// Row 61: `f32.trunc` drops a fraction; `f32.demote_f64` and `Math.fround` round.
import { wasm } from "./run.js";

export default async () => {
  const { trunc, demote } = await wasm("61-demote");
  return {
    "f32.trunc of 1.75, -1.75": [trunc(1.75), trunc(-1.75)],
    "f32.demote_f64 of 1.75, 16777217, 16777219": [1.75, 16777217, 16777219].map(demote),
    "Math.fround of the same": [1.75, 16777217, 16777219].map(Math.fround),
  };
};
