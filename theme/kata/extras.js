// Wrong turns, hints and the solution: each opens when the reader is ready for it.

import { all, need } from "./dom.js";
import { failsElsewhere, fillOwnEngine } from "./matrix.js";
import { RunBar } from "./run.js";
import { hintsSeen, keepHints } from "./store.js";
import { brief, tone } from "./verdicts.js";

/** @typedef {import("./types.js").ZoneConfig} ZoneConfig */

/**
 * A variant that has its own run bar: an attempt, or the solution.
 *
 * @param {ZoneConfig} config
 * @param {HTMLElement} panel
 * @param {HTMLElement} details
 * @param {(ending: import("./run.js").Ending) => void} onEnd
 */
function variantBar(config, panel, details, onEnd) {
  const bar = need(details, ".kata-run");
  const word = need(details, "summary .kata-word");
  const variant = details.dataset.variant ?? "";
  const elsewhere = failsElsewhere(details);
  const judged = (/** @type {import("./run.js").Ending} */ ending) => {
    if (ending.how === "judged") {
      const said = tone(ending.verdicts);
      const isHalf = said === "good" && elsewhere !== null;
      details.dataset.outcome = isHalf ? "elsewhere" : { good: "passed", bad: "failed", open: "unjudged" }[said];
      word.textContent = isHalf ? elsewhere.word : brief(ending.verdicts);
      fillOwnEngine(panel, variant, ending.verdicts);
    } else if (ending.how === "not-compiled") {
      details.dataset.outcome = "failed";
      word.textContent = "does not compile";
    }
    onEnd(ending);
  };
  const runs = new RunBar(config, variant, bar, need(details, ".kata-tests"), { onEnd: judged });
  runs.elsewhere = elsewhere?.sentence ?? null;
}

/**
 * Each attempt keeps its reason to itself until it was run.
 *
 * @param {ZoneConfig} config
 * @param {HTMLElement} panel
 */
export function wireAttempts(config, panel) {
  for (const details of all(panel, ".kata-attempt")) {
    const why = need(details, ".kata-why");
    why.hidden = true;
    variantBar(config, panel, details, (ending) => {
      if (ending.how !== "stopped") why.hidden = false;
    });
  }
}

/**
 * A hint opens only after the one before it.
 *
 * @param {string} slug
 * @param {HTMLElement} panel
 * @returns {() => void} what to call when more may have been seen elsewhere
 */
export function wireHints(slug, panel) {
  const hints = all(panel, ".kata-hint");
  const unlock = () => {
    const seen = hintsSeen(slug);
    hints.forEach((hint, index) => {
      const summary = need(hint, "summary");
      const isLocked = index > seen;
      if (isLocked) summary.setAttribute("aria-disabled", "true");
      else summary.removeAttribute("aria-disabled");
      summary.title = isLocked ? `Open hint ${index} first` : "";
    });
  };
  hints.forEach((hint, index) => {
    hint.addEventListener("toggle", () => {
      if (!hint.hasAttribute("open") || index < hintsSeen(slug)) return;
      keepHints(slug, index + 1);
      unlock();
    });
    const summary = need(hint, "summary");
    summary.addEventListener("click", (event) => {
      if (summary.getAttribute("aria-disabled")) event.preventDefault();
    });
  });
  unlock();
  return unlock;
}

/**
 * The solution opens when asked twice, or at once for who has passed.
 *
 * @param {ZoneConfig} config
 * @param {HTMLElement} panel
 * @param {() => boolean} isSolved
 */
export function wireSolution(config, panel, isSolved) {
  const details = panel.querySelector(".kata-reveal");
  if (!(details instanceof HTMLDetailsElement)) return;
  const summary = need(details, "summary");
  const name = need(summary, ".kata-name");
  const confirm = need(panel, ".kata-confirm");
  const question = name.textContent;
  let asked = false;
  summary.addEventListener("click", (event) => {
    if (details.open || asked || isSolved()) {
      name.textContent = question;
      confirm.textContent = "";
      return;
    }
    event.preventDefault();
    asked = true;
    name.textContent = "Yes, show it";
    confirm.textContent = "Sure? A hint may be all you need. Ask once more to see it.";
  });
  variantBar(config, panel, details, () => {});
}
