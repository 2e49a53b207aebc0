// Nanoseconds a quote of each way to build the engine, under Node. For figures that count, name one at a time.
// node --no-liftoff steps.js ROUNDS trace.json NAME...   ("js" is plain JavaScript; any other name is a module, NAME.wasm)
// Prints {name: [ns of round 1, ...]}: CPU time, so that other programs do not count.

import { readFileSync } from "node:fs";
import * as js from "./engine.js";
import { answer } from "./service.js";
import * as wasm from "./wasm.js";

const [rounds, trace, ...names] = process.argv.slice(2);
const file = (name) => readFileSync(new URL(name, import.meta.url));
const shop = file("shop.txt").toString();
const body = file(trace).toString();
const requests = JSON.parse(body);
const engines = names.map((name) =>
  name === "js" ? new js.Engine(shop) : new wasm.Engine(new WebAssembly.Module(file(`${name}.wasm`)), shop),
);

/** So many quotes, nanoseconds of CPU time each. */
function time(engine, quotes) {
  let total = 0;
  const begins = process.cpuUsage();
  for (let index = 0; index < quotes; index++) {
    const { to, lines } = requests[index % requests.length];
    try {
      total += engine.quote(to, lines).total;
    } catch {
      total += 1;
    }
  }
  const { user, system } = process.cpuUsage(begins);
  const ns = ((user + system) * 1000) / quotes;
  return total > 0 ? ns : NaN;
}

const warm = engines.map((engine) => answer(engine, "/batch?0", "[]") && time(engine, 50));
const found = names.map(() => []);
for (let round = -1; round < Number(rounds); round++) {
  engines.forEach((engine, index) => {
    // The first, which reads its rules for each line, would take minutes.
    const quotes = warm[index] > 200_000 ? 200 : requests.length * 4;
    const ns = time(engine, quotes);
    if (round >= 0) found[index].push(ns);
  });
}
console.log(JSON.stringify(Object.fromEntries(names.map((name, index) => [name, found[index]]))));
