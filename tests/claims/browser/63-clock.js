// Row 63: the smallest step of performance.now, rounded to the steps that engines are known to take.
import { spin } from "./run.js";

export const pages = ["plain", "isolated"];

export default async () => {
  spin(20);
  let least = Infinity;
  for (let before = performance.now(), end = before + 200; before < end; ) {
    const now = performance.now();
    if (now > before) least = Math.min(least, now - before);
    before = now;
  }
  const steps = [0.005, 0.02, 0.1, 1];
  const near = steps.find((step) => Math.abs(least - step) < step / 4);
  return { "smallest step of performance.now, in ms": near ?? `another: ${least.toFixed(4)}` };
};
