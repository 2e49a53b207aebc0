// Runs a Go program in a page, with what the programs here ask of their host, and leaves its lines in `globalThis.came`.
const lines = [];
console.log = (line) => lines.push(line);
const go = new Go();
go.importObject.env = { host_mul: (a, b) => a * b };
try {
  const { instance } = await WebAssembly.instantiateStreaming(fetch("/program.wasm"), go.importObject);
  globalThis.instance = instance;
  await go.run(instance);
} catch (error) {
  lines.push(error.name);
}
globalThis.came = lines;
