// The judge's page: runs what WebDriver hands it with the very host that the book's page uses, and
// reports each event at once, so that nothing is lost when a kata takes the browser down.
import { runShow, runTests } from "/kata/host.js";

/** Characters kept of a message, and of each line of a stack: a panic may carry a gigabyte. */
const KEPT = 16_384;

/**
 * Short enough to send, and proper Unicode, which a JavaScript string need not be.
 *
 * @param {string} text
 */
function cut(text) {
  const more = text.length - KEPT;
  return (more > 0 ? `${text.slice(0, KEPT)}\n… and ${more} more characters` : text).toWellFormed();
}

/** What the command makes use of, without the console. */
function brief(event) {
  if (event.type !== "verdict") return event;
  const { test, outcome, message, panic, stack, ms } = event.verdict;
  const location = panic && { location: cut(panic.location) };
  return { type: "verdict", verdict: { test, outcome, message: cut(message), panic: location, stack: stack.slice(0, 40).map(cut), ms } };
}

/** Events on their way, by job. What happens while some are under way goes with the next. */
function teller(job) {
  let waiting = [];
  let sending = Promise.resolve();
  const send = async () => {
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    const response = await fetch("/event", { method: "POST", body: JSON.stringify({ job, events }) });
    if (!response.ok) throw new Error(`the judge answered ${response.status}`);
  };
  return {
    tell(event) {
      waiting.push(event);
      sending = sending.then(send);
    },
    all: () => sending,
  };
}

/** Judges one bundle. */
async function judge({ job, ...options }) {
  const { tell, all } = teller(job);
  await runTests({ ...options, onEvent: (event) => event.type !== "console" && tell(brief(event)) });
  await all();
}

/** Judges bundles, so many at once: each lane takes the next one when it is through with its last. */
globalThis.judge = async (jobs, lanes) => {
  const waiting = jobs.values();
  const lane = async () => {
    for (const job of waiting) await judge(job);
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return true;
};

globalThis.judgeShow = (options) => runShow(options);
