// Row 8: work that a timer starts blocks where it lands, and so do promises that need no timer.
import { spin, ticks } from "./run.js";

export default async () => {
  const called = await ticks(
    () => new Promise((done) => setTimeout(() => {
      const { count } = counter();
      spin(150);
      setTimeout(done, 0, counter().count - count);
    }, 0)),
  );
  const chained = await ticks(async () => {
    for (const end = performance.now() + 150; performance.now() < end; ) await null;
  });
  return {
    "timers that fired during 150 ms of work in setTimeout": called.answer,
    "during 150 ms of await null": chained.count,
  };
};

let fired = 0;
setInterval(() => (fired += 1), 5);
const counter = () => ({ count: fired });
