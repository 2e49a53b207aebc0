// The map of zones on the start page: how far the reader is in each, in each part, and in all.

import { all } from "./dom.js";
import { onChange, progressOf } from "./store.js";

/** What a state is called on the map. */
const WORDS = { new: "not run", broken: "broken", solved: "solved" };

/** Writes each listed zone's state beside its name, and counts them. */
export function markZoneLists() {
  for (const map of all(document, ".kata-zones")) {
    const zones = all(map, "[data-zone]");
    for (const zone of zones) {
      const state = progressOf(zone.dataset.zone ?? "")?.state ?? "new";
      zone.dataset.state = state;
      const word = zone.querySelector(".kata-zones-state");
      if (word) word.textContent = WORDS[state];
    }
    for (const part of all(map, ".kata-zones-part")) {
      const place = part.querySelector(".kata-zones-count");
      if (place) place.textContent = solvedOf(all(part, "[data-zone]"));
    }
    const line = map.querySelector(".kata-zones-all");
    if (!line) continue;
    const broken = zones.filter(({ dataset }) => dataset.state === "broken").length;
    line.textContent = `${solvedOf(zones)}${broken > 0 ? `, ${broken} broken` : ""}`;
  }
}

/** @param {HTMLElement[]} zones */
function solvedOf(zones) {
  return `${zones.filter(({ dataset }) => dataset.state === "solved").length} of ${zones.length} solved`;
}

/** Keeps the map true to what other tabs, an import or a reset do. */
export function keepMapTrue() {
  onChange(markZoneLists);
}
