// Row 7: while a worker computes without a pause, the page's timers fire.
import { ticks, worker } from "./run.js";

export default async () => {
  const busy = "onmessage = () => { for (const end = performance.now() + 400; performance.now() < end; ); postMessage(7); };";
  const { answer, count } = await ticks(() => worker(busy));
  return { "the worker answers": answer, "the page's timers fired": count > 0 };
};
