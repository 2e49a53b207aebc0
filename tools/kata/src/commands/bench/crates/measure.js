// Measures modules side by side: in every round each gets its turn at each operation, and its best
// round counts, for whatever else the machine does can only make a round longer.

const OPERATIONS = ["add", "multiply", "parse", "print"];
const QUESTIONS = [0, 1];

async function load(file) {
  const response = await fetch(`/modules/${file}`);
  const { instance } = await WebAssembly.instantiateStreaming(response, {});
  return instance.exports;
}

// The address in the upper half, the length in the lower.
function answer(exports, question) {
  const both = BigInt.asUintN(64, exports.answer(question));
  const bytes = new Uint8Array(exports.memory.buffer, Number(both >> 32n), Number(both & 0xffffffffn));
  return new TextDecoder().decode(bytes);
}

// Nanoseconds of one call. Repeats it until the clock's step, up to 1 ms, no longer matters.
function time(run, operation, milliseconds) {
  for (;;) {
    const times = run.times[operation];
    const start = performance.now();
    run.exports[operation](times);
    const elapsed = performance.now() - start;
    if (elapsed >= milliseconds) return (elapsed * 1e6) / times;
    run.times[operation] = times * 2;
  }
}

globalThis.measure = async ({ files, rounds, milliseconds }) => {
  const replies = {};
  const runs = [];
  for (const file of files) {
    try {
      const exports = await load(file);
      const answers = QUESTIONS.map((question) => answer(exports, question));
      replies[file] = { answers, ns: {} };
      runs.push({ file, exports, times: Object.fromEntries(OPERATIONS.map((name) => [name, 1000])) });
    } catch (error) {
      replies[file] = { failed: String(error) };
    }
  }
  // The first round is not counted: engines optimize what has run for a while.
  for (let round = 0; round <= rounds; round += 1) {
    for (const run of runs.filter(({ file }) => replies[file].ns)) {
      try {
        for (const operation of OPERATIONS) {
          const ns = time(run, operation, milliseconds);
          const best = replies[run.file].ns;
          if (round > 0) best[operation] = Math.min(ns, best[operation] ?? Infinity);
        }
      } catch (error) {
        replies[run.file] = { failed: String(error) };
      }
      await new Promise((next) => setTimeout(next));
    }
  }
  return replies;
};
