// What a shop's server does with a request, in both runtimes and around both engines.

import { numbers } from "./numbers.js";

/** Answers a request's body. `/quote` is one quote; `/batch?N` quotes a whole trace N times. */
export function answer(engine, path, body) {
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
