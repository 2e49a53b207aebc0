// Row 58: SIMD, without a flag.
import { wasm } from "./run.js";

export default async () => ({ "1.25 + 1.25 in four lanes": (await wasm("58-simd")).sum(1.25) });
