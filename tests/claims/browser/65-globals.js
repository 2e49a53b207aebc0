// Row 65: no engine brings a WASI of its own.
export default async () => ({
  "globals with WASI in their name": Object.getOwnPropertyNames(globalThis).filter((name) => /wasi/i.test(name)),
  "names in WebAssembly that speak of it": Object.getOwnPropertyNames(WebAssembly).filter((name) => /wasi|args/i.test(name)),
});
