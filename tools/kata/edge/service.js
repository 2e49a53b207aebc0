// What a shop's server does with a request, in both runtimes and around both engines.

import { numbers } from "./numbers.js";

/**
 * What the clock in here says of a loop of 30 million turns, in milliseconds, and how many different answers it gives to
 * 100,000 questions in a row. The sum keeps the loop.
 */
function clock() {
  const begins = performance.now();
  let sum = 0;
  for (let turn = 0; turn < 30_000_000; turn++) sum = (sum + turn) | 0;
  const ms = performance.now() - begins;
  const answers = new Set();
  for (let question = 0; question < 100_000; question++) answers.add(performance.now());
  return [ms, answers.size, sum];
}

/** Answers a request's body. `/quote` is one quote; `/batch?N` quotes a whole trace N times; `/clock` looks at the clock. */
export function answer(engine, path, body) {
  if (path === "/clock") return JSON.stringify(clock());
  const request = JSON.parse(body);
  if (path === "/quote") return JSON.stringify(numbers(() => engine.quote(request.to, request.lines)));
  const rounds = Number(path.split("?")[1]);
  let total = 0;
  for (let round = 0; round < rounds; round++) {
    for (const { to, lines } of request) {
      try {
        total += engine.quote(to, lines).total;
      } catch {
        total += 1;
      }
    }
  }
  return JSON.stringify(total);
}
