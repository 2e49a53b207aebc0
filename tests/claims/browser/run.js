// Runs the programs of this folder that ask for this page, and leaves what each answers in `globalThis.came`:
// plain data, in which nothing depends on how fast the machine is. The pages differ in the headers that they come
// with (tests/tests/book/claims/measured.rs); to run all of them, on three engines:
//
//     cargo test -p book-tests --target host-tuple --test book claims
//
// What an engine answered is in measured.json, and the ledger shows it. An engine that answers something else fails
// that test. To write down what all three say now, run it with CLAIMS=write, and read the difference.

/** The exports of a module, which is assembled from the text beside the program. */
export async function wasm(name, imports = {}) {
  const { instance } = await WebAssembly.instantiate(await bytes(name), imports);
  return instance.exports;
}

/** The bytes of that module. */
export async function bytes(name) {
  return (await fetch(`/${name}.wasm`)).arrayBuffer();
}

/** What a function answers, or the class of what it throws. */
export function came(work) {
  try {
    return work();
  } catch (error) {
    return error.name;
  }
}

/** The same for a promise. */
export async function settled(work) {
  try {
    return await work();
  } catch (error) {
    return error.name;
  }
}

/** What a worker with this code answers to a message. */
export function worker(code, message) {
  const url = URL.createObjectURL(new Blob([code], { type: "text/javascript" }));
  const it = new Worker(url);
  return new Promise((done, fail) => {
    it.onmessage = ({ data }) => done(data);
    it.onmessageerror = () => done("messageerror");
    it.onerror = ({ message }) => fail(new Error(message));
    it.postMessage(message);
  }).finally(() => it.terminate());
}

/** Keeps the thread for so many milliseconds. */
export function spin(ms) {
  for (const end = performance.now() + ms; performance.now() < end; );
}

/** Counts the turns of a timer of 5 ms while something goes on. */
export async function ticks(work) {
  let count = 0;
  const timer = setInterval(() => (count += 1), 5);
  // The timer has begun once it fired.
  while (count === 0) await new Promise((done) => setTimeout(done, 5));
  const before = count;
  const answer = await work();
  clearInterval(timer);
  return { answer, count: count - before };
}

async function main() {
  const page = location.pathname.split("/")[1];
  const names = await (await fetch("/programs.json")).json();
  const all = {};
  for (const name of names) {
    const { default: program, pages = ["plain"] } = await import(`/${name}.js`);
    if (pages.includes(page)) {
      all[name] = Object.entries(await program().catch((error) => ({ error: `${error.name}: ${error.message}` })));
    }
  }
  globalThis.came = all;
}

// In a worker, or imported by a program, this file is a box of tools.
if (globalThis.document?.querySelector("script[src='/run.js']") && !globalThis.began) {
  globalThis.began = true;
  main().catch((error) => (globalThis.came = { error: String(error) }));
}
