// The start page: what the reader has done, and what their browser can do. No other page loads this.

import { showAbilities } from "./abilities.js";
import { wireOffline } from "./copies.js";
import { all, count, need } from "./dom.js";
import { bringIn, download, resetAsked } from "./progress-dialogs.js";
import { offerUndo } from "./progress-tools.js";
import { asides, onChange, trouble } from "./store.js";
import { markZoneLists } from "./zone-map.js";

/** Brings to life what only the start page has. */
export function startPage() {
  onChange(markZoneLists);
  wireProgress();
  wireOffline();
  showAbilities();
}

/** Progress: taken along, brought back, forgotten. */
function wireProgress() {
  for (const place of all(document, ".kata-kept")) {
    const say = offerUndo(place);
    for (const button of all(place, "button")) button.removeAttribute("disabled");
    need(place, '[data-action="export"]').addEventListener("click", () => {
      download();
      say("All of it is in the file.");
    });
    need(place, '[data-action="import"]').addEventListener("click", () => void bringIn().then(say));
    need(place, '[data-action="reset"]').addEventListener("click", () => void resetAsked(null).then(say));
    showTrouble(place);
    onChange(() => showTrouble(place));
  }
}

/** @param {HTMLElement} place */
function showTrouble(place) {
  const aside = asides().length;
  const said = [
    trouble(),
    aside > 0 && `${count(aside, "record", "records")} could not be read and ${aside === 1 ? "was" : "were"} set aside. An export holds them as they are.`,
  ];
  const line = need(place, ".kata-kept-trouble");
  line.textContent = said.filter(Boolean).join(" ");
  line.hidden = line.textContent === "";
}
