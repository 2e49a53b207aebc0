// The judge's page: runs what WebDriver hands it with the very host that the book's page uses, and
// reports each event at once, so that nothing is lost when a kata takes the browser down.
import { runShow, runTests } from "/kata/host.js";

let last = Promise.resolve();

function tell(job, event) {
  const body = JSON.stringify({ job, event });
  last = last.then(() => fetch("/event", { method: "POST", body })).then(() => {});
}

globalThis.judge = async ({ job, ...options }) => {
  await runTests({ ...options, onEvent: (event) => event.type !== "console" && tell(job, event) });
  await last;
  return true;
};

globalThis.judgeShow = (options) => runShow(options);
