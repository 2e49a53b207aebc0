// A hit of the book's search must be seen. mdBook marks it wherever it is, also inside a fold.

import { all } from "./dom.js";

/** Folds that give nothing away. Hints, wrong turns and the solution stay as the reader left them. */
const HARMLESS = ".kata-given, .kata-test-code";

/** Opens the fold that the hit is in which the reader came for, and goes there. */
export function showHit() {
  const heading = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const section = heading?.closest("section, kata-panel");
  const hit = section && all(section, "mark")[0];
  const fold = hit?.closest("details:not([open])");
  if (!hit || !fold?.matches(HARMLESS)) return;
  fold.setAttribute("open", "");
  // Once the page is loaded the browser goes to the heading.
  const go = () => hit.scrollIntoView({ block: "center", behavior: "instant" });
  if (document.readyState === "complete") go();
  else addEventListener("load", () => requestAnimationFrame(go), { once: true });
}
