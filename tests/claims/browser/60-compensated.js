// Row 60: the article's error term and the right one, and a million tenths with each.
import { wasm } from "./run.js";

export default async () => {
  const { article, lost } = await wasm("60-compensated");
  const pairs = [[1e16, 1], [1, 1e-17], [0.1, 0.2], [1e308, 1e308]];
  const tenths = (term) => {
    let sum = 0;
    let error = 0;
    for (let n = 0; n < 1e6; n += 1) {
      const y = 0.1 + error;
      error = term(sum, y);
      sum += y;
    }
    return sum;
  };
  const say = (numbers) => numbers.map(String);
  return {
    "the article's term of 1e16+1, 1+1e-17, 0.1+0.2, 1e308+1e308": say(pairs.map(([x, y]) => article(x, y))),
    "the right one": say(pairs.map(([x, y]) => lost(x, y))),
    "a million tenths with the article's": String(tenths(article)),
    "with the right one": String(tenths(lost)),
  };
};
