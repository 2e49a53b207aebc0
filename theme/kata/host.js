// The host: runs a spec's tests in a guest that it can always end.
//
// A guest is a worker, or a sandboxed frame for zones that need a document. The host watches every
// test with a clock; a guest that hangs, crashes or fails is thrown away, and the next test gets a
// new one. Continuous integration judges katas with this very module.

import { Forbidden, whatForbids } from "./forbidden.js";
import { withMapAddress } from "./map-address.js";
import { OutOfReach, reach } from "./reach.js";
import { rustFrames } from "./stack.js";

/** @typedef {import("./types.js").Verdict} Verdict */
/** @typedef {import("./types.js").RunOptions} RunOptions */

/** How long a guest may take to load, in milliseconds. */
const LOAD_LIMIT = 20_000;

/** How long a guest may say nothing before the host is asked whether it forbids it, in milliseconds. */
const SILENCE = 1000;

/** How a spec's panic begins where this place lacks what a rule is judged by. */
const UNJUDGED = "could not be judged here: ";

/** Where specs are. A kata has no say in whether it is judged. */
const SPECS = "tests/specs/";

/** Thrown when the run was stopped through its signal. */
export class Stopped extends Error {
  constructor() {
    super("stopped");
    this.name = "Stopped";
  }
}

/**
 * A bundle, fetched once for a run, as a guest takes it.
 *
 * Compiled, a guest that replaces another need not compile again. But a module cannot be sent to a
 * sandboxed frame, whose origin is opaque, nor, as is reported of some Safaris, to a worker. Bytes can.
 *
 * @typedef {{ glue: string, wasm: ArrayBuffer | WebAssembly.Module }} Bundle
 *
 * @param {string} url
 * @param {boolean} compiled
 * @param {AbortSignal} [signal]
 * @returns {Promise<Bundle>}
 */
function fetchBundle(url, compiled, signal) {
  /** @param {string} name */
  const get = async (name) => {
    // A file server may send no cache headers; glue and wasm must be of one build.
    const response = await reach(new URL(name, new URL(url, location.href)), { signal, cache: "no-cache" });
    if (!response.ok) throw new NotBegun(`${name}: the server answered ${response.status}`);
    return response;
  };
  const files = Promise.all([
    get("spec.js").then((response) => response.text()),
    get("spec_bg.wasm")
      .then((response) => response.arrayBuffer())
      .then((bytes) => withMapAddress(bytes, new URL(url, location.href)))
      .then((bytes) => (compiled ? WebAssembly.compile(bytes) : bytes)),
  ]);
  const bundle = files.then(([glue, wasm]) => ({ glue, wasm }));
  // Whoever loads a guest meets the error; a guest that never starts leaves it unseen.
  bundle.catch(() => {});
  return bundle;
}

/** What keeps a run from beginning, and says nothing of its code. */
class NotBegun extends Error {}

/** One worker or frame, and the private port to it. */
class Guest {
  /** @type {Worker | HTMLIFrameElement} */ #body;
  /** @type {MessagePort} */ #port;
  /** @type {(message: any) => void} */ #receive = () => {};

  /** @param {"worker" | "frame"} host */
  constructor(host) {
    const channel = new MessageChannel();
    this.#port = channel.port1;
    this.#port.onmessage = ({ data }) => this.#receive(data);
    if (host === "worker") {
      const worker = new Worker(new URL("guest.js", import.meta.url), { name: "kata" });
      worker.onerror = (event) => {
        event.preventDefault();
        this.#receive({ type: "broken", message: event.message || "the worker could not start" });
      };
      worker.postMessage(null, [channel.port2]);
      this.#body = worker;
    } else {
      const frame = document.createElement("iframe");
      frame.setAttribute("sandbox", "allow-scripts");
      frame.title = "Where the kata runs";
      frame.tabIndex = -1;
      frame.ariaHidden = "true";
      Object.assign(frame.style, { position: "fixed", left: "-10px", top: "0", width: "1px", height: "1px", border: "0" });
      frame.src = new URL("guest-frame.html", import.meta.url).href;
      frame.onload = () => frame.contentWindow?.postMessage(null, "*", [channel.port2]);
      document.body.append(frame);
      this.#body = frame;
    }
  }

  /**
   * Sends a command and waits for one of the messages named.
   *
   * @param {object | null} command
   * @param {string[]} until types of message that end the wait
   * @param {{ limit: number, signal?: AbortSignal, startsAt?: string, onMessage?: (message: any) => void,
   *   transfer?: Transferable[] }} options `startsAt`: the type of message at which the limit starts anew
   * @returns {Promise<any>} the message, or `{ type: "timeout" }`
   */
  ask(command, until, { limit, signal, startsAt, onMessage, transfer = [] }) {
    return new Promise((resolve, reject) => {
      /** @type {ReturnType<typeof setTimeout>} */
      let clock;
      const arm = () => {
        clearTimeout(clock);
        clock = setTimeout(() => end(() => resolve({ type: "timeout" })), limit);
      };
      const stop = () => end(() => reject(new Stopped()));
      const end = (/** @type {() => void} */ settle) => {
        clearTimeout(clock);
        signal?.removeEventListener("abort", stop);
        this.#receive = () => {};
        settle();
      };
      if (signal?.aborted) return reject(new Stopped());
      signal?.addEventListener("abort", stop);
      this.#receive = (message) => {
        if (message.type === startsAt) arm();
        if (until.includes(message.type)) end(() => resolve(message));
        else onMessage?.(message);
      };
      arm();
      if (command) this.#port.postMessage(command, transfer);
    });
  }

  end() {
    this.#receive = () => {};
    this.#port.close();
    if (this.#body instanceof Worker) this.#body.terminate();
    else this.#body.remove();
  }
}

/**
 * Waits until a guest has started. A host that forbids it makes it silent for ever, so whoever says nothing for a
 * while is asked about.
 *
 * @param {Guest} guest
 * @param {Pick<RunOptions, "host" | "signal">} options
 * @returns {Promise<any>} the guest's message, or `{ type: "timeout" }`
 * @throws {Forbidden}
 */
async function greeting(guest, { host, signal }) {
  const until = ["hello", "broken"];
  const early = await guest.ask(null, until, { limit: SILENCE, signal });
  if (early.type !== "timeout") return early;
  const late = guest.ask(null, until, { limit: LOAD_LIMIT - SILENCE, signal });
  const refusal = whatForbids(host).then((forbidden) => {
    if (forbidden) throw forbidden;
    return late;
  });
  return Promise.race([late, refusal]);
}

/**
 * A guest with the bundle loaded. It starts while the bundle is still on its way.
 *
 * @param {Promise<Bundle>} bundle
 * @param {Pick<RunOptions, "host" | "lab" | "signal">} options
 * @returns {Promise<{ guest: Guest | null, error: string, outcome: "load-error" | "unjudged", lost?: OutOfReach }>}
 * @throws {Forbidden} when the host forbids what a guest needs
 */
async function loadGuest(bundle, { host, lab, signal }) {
  /** @type {Guest | null} */
  let guest = null;
  let error = "";
  /** @type {"load-error" | "unjudged"} */
  let outcome = "load-error";
  /** @type {Forbidden | null} */
  let forbidden = null;
  /** @type {OutOfReach | undefined} */
  let lost;
  try {
    guest = new Guest(host);
    let late = "did not start";
    let answer = await greeting(guest, { host, signal });
    if (answer.type === "timeout") outcome = "unjudged";
    if (answer.type === "hello") {
      late = "started, but did not take the bundle";
      const command = { type: "load", ...(await bundle), lab };
      answer = await guest.ask(command, ["ready", "broken"], { limit: LOAD_LIMIT, signal });
    }
    if (answer.type === "ready") return { guest, error, outcome };
    error = answer.message ?? `the ${host} ${late} within ${LOAD_LIMIT / 1000} s`;
  } catch (thrown) {
    if (thrown instanceof Forbidden) forbidden = thrown;
    else if (thrown instanceof OutOfReach) lost = thrown;
    else if (thrown instanceof NotBegun) outcome = "unjudged";
    error = `the bundle did not load: ${thrown}`;
  }
  guest?.end();
  if (signal?.aborted) throw new Stopped();
  forbidden ??= await whatForbids(host);
  if (forbidden) throw forbidden;
  return { guest: null, error, outcome, lost };
}

/**
 * A panic's location as a reader can find it: `katas/x/src/lib.rs:12:5`.
 *
 * @param {string} location
 */
function plainLocation(location) {
  const parts = [];
  for (const part of location.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== ".") parts.push(part);
  }
  return parts.join("/");
}

/**
 * @param {any} done the guest's last message about the test
 * @param {import("./types.js").ConsoleLine[]} lines
 * @returns {Verdict}
 */
function verdictOf(done, lines) {
  const panic = done.panics.at(-1);
  if (!done.passed && panic?.text.startsWith(UNJUDGED) && plainLocation(panic.location).startsWith(SPECS)) {
    return bareVerdict(done.test, "unjudged", panic.text.slice(UNJUDGED.length), done.ms, lines);
  }
  const earlier = done.panics.slice(0, -1).map((/** @type {any} */ p) => `(an earlier panic: ${p.text})`);
  const message = done.exhausted
    ? "stopped: an endless loop (300,000,000 loop turns and calls)"
    : [panic ? panic.text : done.thrown || "the test failed and gave no reason", ...earlier].join("\n");
  return {
    test: done.test,
    outcome: done.passed ? "passed" : done.exhausted ? "timeout" : "failed",
    message: done.passed ? "" : message,
    panic: done.passed || !panic ? null : { text: panic.text, location: plainLocation(panic.location) },
    ...rustFrames(done.passed ? "" : panic ? panic.stack : done.thrownStack),
    ms: done.ms,
    console: lines,
  };
}

/**
 * @param {string} test
 * @param {Verdict["outcome"]} outcome
 * @param {string} message
 * @param {number} ms
 * @param {import("./types.js").ConsoleLine[]} [lines]
 * @returns {Verdict}
 */
function bareVerdict(test, outcome, message, ms, lines = []) {
  return { test, outcome, message, panic: null, stack: [], offsets: [], ms, console: lines };
}

/**
 * Runs the tests named, one after the other, each in a fresh instance, and answers one verdict for
 * each. Never throws for what a kata does.
 *
 * @param {RunOptions} options
 * @returns {Promise<Verdict[]>}
 * @throws {Stopped} when `signal` is aborted
 * @throws {Forbidden} when the host of this site lets no guest run
 * @throws {OutOfReach} when neither the site nor a copy has the bundle
 */
export async function runTests(options) {
  const { tests, timeoutMs, onEvent = () => {}, signal } = options;
  /** @type {Verdict[]} */
  const verdicts = [];
  const report = (/** @type {Verdict} */ verdict) => {
    verdicts.push(verdict);
    onEvent({ type: "verdict", verdict });
  };
  let bundle = fetchBundle(options.bundleUrl, options.host === "worker", signal);
  /** @type {Guest | null} */
  let guest = null;
  let error = "";
  /** @type {"load-error" | "unjudged"} */
  let outcome = "load-error";
  /** @type {OutOfReach | undefined} */
  let lost;
  let triedAgain = false;
  try {
    for (const test of tests) {
      if (!guest && !error) ({ guest, error, outcome } = await loadGuest(bundle, options));
      if (!guest && !triedAgain) {
        // A connection or a service worker may fail once, and an engine may not take the module. What is
        // wrong with the bundle fails again.
        triedAgain = true;
        bundle = fetchBundle(options.bundleUrl, false, signal);
        ({ guest, error, outcome, lost } = await loadGuest(bundle, options));
        if (lost) throw lost;
      }
      if (!guest) {
        report(bareVerdict(test, outcome, error, 0));
        continue;
      }
      /** @type {import("./types.js").ConsoleLine[]} */
      const lines = [];
      const started = performance.now();
      const answer = await guest.ask({ type: "test", test }, ["done", "broken"], {
        limit: timeoutMs,
        signal,
        startsAt: "start",
        onMessage(message) {
          if (message.type === "start") onEvent({ type: "start", test });
          if (message.type === "console") {
            lines.push({ level: message.level, text: message.text });
            onEvent(message);
          }
        },
      });
      const ms = performance.now() - started;
      const limit = `no end within ${timeoutMs / 1000} s: the run was stopped`;
      if (answer.type === "done") report(verdictOf(answer, lines));
      else if (answer.type === "timeout") report(bareVerdict(test, "timeout", limit, ms, lines));
      else report(bareVerdict(test, "load-error", answer.message, ms, lines));
      if (verdicts.at(-1)?.outcome !== "passed") {
        guest.end();
        guest = null;
      }
    }
  } finally {
    guest?.end();
  }
  return verdicts;
}

/**
 * Calls one export of the spec in a fresh guest and answers what it returns: the rows of a picture. Its arguments are cloned on
 * the way.
 *
 * @param {Pick<RunOptions, "bundleUrl" | "host" | "timeoutMs" | "lab" | "signal"> & {
 *   name?: string, args?: unknown[] }} options
 * @returns {Promise<any>}
 * @throws {Stopped} when `signal` is aborted
 * @throws {Forbidden} when the host of this site lets no guest run
 * @throws {Error} with the panic's or exception's text
 */
export async function runShow(options) {
  const { timeoutMs, signal, name = "show", args = [] } = options;
  // Bytes: a single guest has no use for a module that others could share.
  const bundle = fetchBundle(options.bundleUrl, false, signal);
  const { guest, error, lost } = await loadGuest(bundle, options);
  if (!guest) throw lost ?? new Error(error);
  try {
    const answer = await guest.ask({ type: "call", name, args }, ["value", "failed", "broken"], {
      limit: timeoutMs,
      signal,
      startsAt: "start",
    });
    if (answer.type === "value") return answer.value;
    throw new Error(answer.message ?? `no end within ${timeoutMs / 1000} s`);
  } finally {
    guest.end();
  }
}
