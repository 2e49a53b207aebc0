// Rows 59 and 61: no instruction takes a float of the other width.
import { bytes, settled } from "./run.js";

export default async () => {
  const compiled = (name) => settled(async () => (await WebAssembly.compile(await bytes(name)), "compiles"));
  return {
    "f64.add of an f64 and an f32": await compiled("59-types"),
    "f32.trunc of an f64": await compiled("61-trunc"),
  };
};
