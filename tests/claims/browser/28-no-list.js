// Row 28: a module that is handed `eval` and `Reflect.set` uses them. No list of allowed calls stands between.
import { came, wasm } from "./run.js";

export default async () => {
  const { write, eval: evaluate } = await wasm("28-no-list", { js: { eval: globalThis.eval, set: Reflect.set } });
  const element = document.body.appendChild(document.createElement("p"));
  write(element, "innerHTML", "<b>x</b>");
  write(globalThis, "fromWasm", 5);
  const wrote = element.innerHTML;
  element.remove();
  return { "eval('6 * 7')": came(() => evaluate("6 * 7")), innerHTML: wrote, "a global": globalThis.fromWasm };
};
