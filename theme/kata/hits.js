// A hit of the book's search must be seen. mdBook marks it wherever it is, also inside a fold or behind a tab. The reader
// came for it by the name of its heading, so whatever hides it opens, be it a hint or the solution.

import { all, anchor } from "./dom.js";

/** What gives something away: opened only if the words are nowhere else below the heading. */
const TELLING = ".kata-hint, .kata-attempt, .kata-reveal, .kata-explain";

/** Said only where no script runs. */
const STILL = ".kata-still";

/** Shows the hit that the reader came for, once mdBook's script, which stands at the page's end, has marked it. */
export function showHit() {
  // To another hit of the same words on the same page, only the heading's name changes.
  addEventListener("hashchange", show);
  if (document.readyState === "complete") show();
  // The browser goes to the heading when the page is loaded, and the hit is wanted after that.
  else addEventListener("load", () => requestAnimationFrame(show), { once: true });
}

function show() {
  if (!new URLSearchParams(location.search).has("highlight")) return;
  const marks = all(document, "main mark").filter((mark) => isBelowHeading(mark) && !mark.closest(STILL));
  const hit =
    marks.find((mark) => mark.checkVisibility()) ?? marks.find((mark) => !mark.closest(TELLING)) ?? marks[0];
  if (!hit) return;
  // What holds a tab opens it at this event, with which a browser shows what it found on a page.
  hit.dispatchEvent(new Event("beforematch", { bubbles: true }));
  for (let fold = hit.closest("details"); fold; fold = fold.parentElement?.closest("details") ?? null) fold.open = true;
  // What is else told after a run: why a wrong turn is wrong, and the answer to the question before it.
  hit.closest(".kata-why")?.removeAttribute("hidden");
  hit.closest(".kata-explain")?.classList.remove("kata-nojs");
  hit.scrollIntoView({ block: "center", behavior: "instant" });
}

/**
 * Whether a mark stands below the heading that the address names, and before the next one that mdBook's index knows.
 *
 * @param {HTMLElement} mark
 */
function isBelowHeading(mark) {
  const heading = document.getElementById(anchor());
  if (!heading) return true;
  const isAfter = (/** @type {Node} */ node, /** @type {Node} */ other) =>
    (other.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
  if (heading.contains(mark)) return true;
  const next = all(document, "main :is(h1, h2, h3)[id]").find((other) => isAfter(other, heading));
  // The index knows the question before the spec, which the script has moved: it stands where the code does.
  const panel = mark.closest('[data-tab="predict"]')?.closest("kata-panel");
  const place = panel?.querySelector('[data-tab="code"]') ?? mark;
  return isAfter(place, heading) && (!next || !isAfter(place, next));
}
