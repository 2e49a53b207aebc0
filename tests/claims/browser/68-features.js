// Row 68: modules of one instruction each that is not in the first version of WebAssembly. Compilers of today use these.
import { bytes } from "./run.js";

export default async () => {
  const valid = async (name) => WebAssembly.validate(await bytes(name));
  return {
    "saturating conversion": await valid("68-saturating"),
    "sign extension": await valid("68-sign-extension"),
    "bulk memory": await valid("68-bulk-memory"),
    "reference types": await valid("68-reference-types"),
  };
};
