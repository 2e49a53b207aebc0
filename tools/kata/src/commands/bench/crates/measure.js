// Measures modules side by side: in every round each gets its turn at each operation. A turn is cut
// into slices and the best slice of all rounds counts: whatever else the machine does can only make a
// slice longer, and a short one may be spared.

const OPERATIONS = ["add", "multiply", "parse", "print"];
const QUESTIONS = [0, 1];

// Milliseconds of a slice where the clock allows it.
const SLICE = 4;

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

// The smallest step that the clock was seen to make, in milliseconds.
function clockStep() {
  let step = Infinity;
  for (let seen = 0; seen < 20; seen += 1) {
    const start = performance.now();
    let now = start;
    while (now === start) now = performance.now();
    step = Math.min(step, now - start);
  }
  return step;
}

// Nanoseconds of one call in the best slice of a turn. A slice is so long that the clock's step makes
// no more than one percent of it.
function time(run, operation, milliseconds, slice) {
  let best = Infinity;
  let total = 0;
  while (total < milliseconds) {
    const times = run.times[operation];
    const start = performance.now();
    run.exports[operation](times);
    const elapsed = performance.now() - start;
    if (elapsed < slice) {
      run.times[operation] = times * 2;
    } else {
      total += elapsed;
      best = Math.min(best, (elapsed * 1e6) / times);
    }
  }
  return best;
}

globalThis.measure = async ({ files, rounds, milliseconds }) => {
  const slice = Math.max(SLICE, 100 * clockStep());
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
          const ns = time(run, operation, milliseconds, slice);
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
