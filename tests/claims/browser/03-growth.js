// Rows 3 and 35: growth detaches views, by 0 pages too; nothing shrinks or frees.
import { came } from "./run.js";

export default async () => {
  const memory = new WebAssembly.Memory({ initial: 1, maximum: 3 });
  const view = new Uint8Array(memory.buffer);
  const before = view.length;
  memory.grow(1);
  const next = new Uint8Array(memory.buffer);
  memory.grow(0);
  return {
    "length of a view, before and after growth": [before, view.length],
    "length of a new view after growth by 0 pages": next.length,
    "growth beyond the maximum": came(() => memory.grow(5)),
    "shrink and drop": [typeof memory.shrink, typeof memory.drop],
  };
};
