// Row 15: a module names what it imports; `env.memory` is a memory, and a function will not do.
import { bytes, came } from "./run.js";

export default async () => {
  const module = new WebAssembly.Module(await bytes("15-imports"));
  const memory = new WebAssembly.Memory({ initial: 1 });
  const start = (env) => came(() => (new WebAssembly.Instance(module, { env }), "starts"));
  const log = () => {};
  return {
    "asks for": WebAssembly.Module.imports(module).map(({ module, name, kind }) => `${module}.${name}, a ${kind}`),
    "with both": start({ memory, log }),
    "with a function for the memory": start({ memory: log, log }),
    "without log": start({ memory }),
  };
};
