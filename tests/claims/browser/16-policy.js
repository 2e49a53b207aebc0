// Row 16: a policy decides whether WebAssembly compiles. What a module calls once it runs, no policy sees.
import { bytes, came, settled } from "./run.js";

export const pages = ["plain", "self", "wasm"];

export default async () => {
  const code = await bytes("16-policy");
  let calls = 0;
  const start = () => WebAssembly.instantiate(code, { env: { call: () => (calls += 1) } });
  const started = await settled(async () => (await start(), "starts"));
  return { instantiate: started, "calls of its import": calls, "eval('6 * 7')": came(() => (0, eval)("6 * 7")) };
};
