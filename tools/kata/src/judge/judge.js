// The judge's page: runs what WebDriver hands it with the very host that the book's page uses, and
// reports each event at once, so that nothing is lost when a kata takes the browser down.
import { runShow, runTests } from "/kata/host.js";

/** Events on their way, by job. What happens while some are under way goes with the next. */
function teller(job) {
  let waiting = [];
  let sending = Promise.resolve();
  const send = async () => {
    if (waiting.length === 0) return;
    const events = waiting;
    waiting = [];
    await fetch("/event", { method: "POST", body: JSON.stringify({ job, events }) });
  };
  return {
    tell(event) {
      waiting.push(event);
      sending = sending.then(send);
    },
    all: () => sending,
  };
}

globalThis.judge = async ({ job, ...options }) => {
  const { tell, all } = teller(job);
  await runTests({ ...options, onEvent: (event) => event.type !== "console" && tell(event) });
  await all();
  return true;
};

globalThis.judgeShow = (options) => runShow(options);
