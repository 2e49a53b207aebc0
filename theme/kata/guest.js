// The guest: runs one spec's wasm, out of the page's reach.
//
// This file is a classic script on purpose. The very same text is a dedicated worker
// (`new Worker("guest.js")`) and the script of the sandboxed frame (`<script src="guest.js">`): an
// opaque origin may load classic scripts from any file server, but modules only from one that
// sends CORS headers.
//
// The host sends the spec's glue and wasm; the guest gives each test a fresh instance of both and
// answers through a private port. It forgets nothing on purpose and trusts nothing that a kata
// does: whatever hangs here is ended from outside.
"use strict";

{
  /** Console text kept for one test, in characters. A kata may print gigabytes. */
  const CONSOLE_LIMIT = 16_384;
  /** Loop turns and calls that a frame's test may take: a frame that spins could freeze the page. */
  const FUEL = 300_000_000n;
  const TEST_PREFIX = "__wbgt_";

  const scope = /** @type {any} */ (globalThis);
  const inDocument = typeof document !== "undefined";
  const now = performance.now.bind(performance);
  const { createObjectURL, revokeObjectURL } = URL;
  const RealBlob = Blob;
  const RealPromise = Promise;
  const later = setTimeout.bind(globalThis);
  const { apply } = Reflect;
  const { postMessage } = MessagePort.prototype;

  /** @type {MessagePort} */
  let port;
  /**
   * Tells the host something. A kata may put a function of its own in the place of any that it can
   * reach, and so change what is told: this way goes through none of them.
   *
   * @param {object} message
   */
  const tell = (message) => apply(postMessage, port, [message]);
  /** @type {() => any} */
  let makeGlue;
  /** @type {WebAssembly.Module} */
  let module;
  /** @type {Capture | null} */
  let capture = null;

  /**
   * What is heard of one test while it runs.
   *
   * @typedef {{ test: string, room: number, dropped: number, output: string[],
   *   panics: { text: string, location: string, stack: string }[], inside: boolean, fail: () => void }} Capture
   */

  /** @param {string} test */
  function newCapture(test) {
    return /** @type {Capture} */ ({ test, room: CONSOLE_LIMIT, dropped: 0, output: [], panics: [], inside: false, fail() {} });
  }

  /** @param {unknown} value */
  function show(value) {
    if (typeof value === "string") return value;
    if (value instanceof Error) return `${value.name}: ${value.message}`;
    try {
      return String(value);
    } catch {
      return "[a value that cannot be shown]";
    }
  }

  /**
   * @param {string} level
   * @param {unknown[]} args
   */
  function heard(level, args) {
    if (!capture) return;
    const first = args[0];
    if (level === "error" && typeof first === "string" && first.startsWith("panicked at ")) {
      const [head, stack = ""] = first.split("\n\nStack:\n\n");
      const end = head.indexOf("\n");
      const location = head.slice("panicked at ".length, end < 0 ? undefined : end).replace(/:$/, "");
      capture.panics.push({ location, text: end < 0 ? "" : head.slice(end + 1), stack });
      return;
    }
    if (level === "log" && typeof first === "string" && first.startsWith("Invoking test: ")) return;
    if (capture.room <= 0) {
      capture.dropped += 1;
      return;
    }
    const text = args.map(show).join(" ").slice(0, capture.room);
    capture.room -= text.length + 1;
    tell({ type: "console", test: capture.test, level, text });
  }

  for (const level of /** @type {const} */ (["debug", "log", "info", "warn", "error"])) {
    console[level] = (/** @type {unknown[]} */ ...args) => heard(level, args);
  }
  scope.addEventListener("error", (/** @type {ErrorEvent} */ event) => {
    heard("error", [`uncaught: ${event.message}`]);
    event.preventDefault();
    // In WebKitGTK what a test in a frame throws now and then goes past the glue that should catch it, and then the test has
    // no end. What a callback throws that the test calls comes this way, too, but then the test goes on.
    const here = capture;
    later(() => here?.inside && here.fail());
  });
  scope.addEventListener("unhandledrejection", (/** @type {PromiseRejectionEvent} */ event) => {
    heard("error", ["unhandled rejection:", event.reason]);
    event.preventDefault();
  });

  /**
   * Runs the test up to its next `.await`. If that throws, the test has failed, and stays marked as inside.
   *
   * @param {() => void} poll
   */
  function invoke(poll) {
    if (capture) capture.inside = true;
    poll();
    if (capture) capture.inside = false;
  }

  // What wasm-bindgen-test expects to find around it.
  // Fixed, or a kata could swallow what its test throws.
  Object.defineProperties(scope, {
    __wbg_test_invoke: { value: invoke },
    __wbg_test_output_writeln: { value: (/** @type {string} */ line) => capture?.output.push(line) },
  });

  /**
   * Takes the spec in: its wasm is compiled if it is not yet, its glue becomes a function that
   * makes fresh glue.
   *
   * @param {{ glue: string, wasm: ArrayBuffer | WebAssembly.Module }} bundle
   */
  async function load({ glue, wasm }) {
    const url = createObjectURL(new RealBlob([glue], { type: "text/javascript" }));
    try {
      const compiling = wasm instanceof WebAssembly.Module ? wasm : WebAssembly.compile(wasm);
      const [compiled, glueModule] = await Promise.all([compiling, import(url)]);
      module = compiled;
      makeGlue = glueModule.default;
    } finally {
      revokeObjectURL(url);
    }
  }

  /** A fresh instance, with fresh glue: glue keeps its instance in a variable. */
  function instantiate() {
    const spec = makeGlue();
    return { spec, wasm: spec.initSync({ module }) };
  }

  /** The text that the test context wrote: into a document's `#output`, or line by line in a worker. */
  function output() {
    return inDocument ? (document.getElementById("output")?.textContent ?? "") : (capture?.output.join("\n") ?? "");
  }

  /** @param {string} text what the test context printed about a failure */
  function thrown(text) {
    const [, after = ""] = text.split("JS exception that was thrown:\n");
    const lines = after.split("\n").map((line) => line.trim());
    return { message: lines[0] ?? "", stack: lines.slice(1).join("\n") };
  }

  /** A clean document, with the element that the test context writes into. */
  function freshDocument() {
    if (!inDocument) return;
    const pre = document.createElement("pre");
    pre.id = "output";
    pre.hidden = true;
    document.body.replaceChildren(pre);
  }

  /** @param {string} test the test's name as the spec writes it */
  async function runTest(test) {
    freshDocument();
    const heardHere = (capture = newCapture(test));
    const { spec, wasm } = instantiate();
    const entry = Object.keys(wasm).find((name) => name.startsWith(TEST_PREFIX) && name.split("::").at(-1) === test);
    if (!entry) throw new Error(`the module has no test ${test}`);
    const fuel = wasm.__kata_fuel;
    if (fuel) fuel.value = FUEL;
    const context = new spec.WasmBindgenTestContext(false);
    tell({ type: "start", test });
    const started = now();
    let escaped = "";
    const passed = await new RealPromise(async (/** @type {(passed: boolean) => void} */ settle) => {
      heardHere.fail = () => settle(false);
      try {
        settle(await context.run([wasm[entry]]));
      } catch (error) {
        escaped = show(error);
        settle(false);
      }
    });
    const ms = now() - started;
    const { message, stack } = thrown(output());
    if (heardHere.dropped > 0) {
      tell({ type: "console", test, level: "info", text: `… and ${heardHere.dropped} more lines that are not kept` });
    }
    capture = null;
    tell({
      type: "done",
      test,
      passed,
      ms,
      thrown: escaped || message,
      thrownStack: stack,
      panics: heardHere.panics.slice(-4),
      exhausted: wasm.__kata_exhausted ? wasm.__kata_exhausted.value > 0 : false,
    });
  }

  /**
   * @param {string} name the export that gives the rows of the chapter's picture, or answers what a reader hands it
   * @param {unknown[]} args what it is called with
   */
  async function callExport(name, args) {
    freshDocument();
    capture = newCapture(name);
    const { spec, wasm } = instantiate();
    if (wasm.__kata_fuel) wasm.__kata_fuel.value = FUEL;
    // The context installs the panic hook; without it a panic would be a bare trap.
    new spec.WasmBindgenTestContext(false);
    tell({ type: "start", test: name });
    try {
      tell({ type: "value", value: await spec[name](...args) });
    } catch (error) {
      const panic = capture.panics.at(-1);
      tell({ type: "failed", message: panic ? panic.text : show(error) });
    }
  }

  /** @param {MessageEvent} event */
  async function onCommand({ data }) {
    try {
      if (data.type === "load") {
        scope.__kataLab = data.lab;
        await load(data);
        tell({ type: "ready" });
      } else if (data.type === "test") {
        await runTest(data.test);
      } else if (data.type === "call") {
        await callExport(data.name, data.args);
      }
    } catch (error) {
      tell({ type: "broken", message: show(error) });
    }
  }

  scope.addEventListener(
    "message",
    (/** @type {MessageEvent} */ event) => {
      port = event.ports[0];
      port.onmessage = onCommand;
      port.onmessageerror = () => tell({ type: "broken", message: "a message of the page could not be read" });
      tell({ type: "hello" });
    },
    { once: true },
  );
}
