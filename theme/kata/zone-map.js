// The map of zones on the start page: how far the reader is in each, in each part, and in all.

import { all } from "./dom.js";
import { progressOf } from "./store.js";

/** What a state is called on the map. */
const WORDS = { new: "not run", broken: "broken", solved: "solved" };

/** Writes each listed zone's state beside its name, and counts them. */
export function markZoneLists() {
  for (const map of all(document, ".kata-zones")) {
    const zones = all(map, "[data-zone]");
    for (const zone of zones) {
      const state = progressOf(zone.dataset.zone ?? "")?.state ?? "new";
      zone.dataset.state = state;
      write(zone.querySelector(".kata-zones-state"), WORDS[state]);
    }
    for (const part of all(map, ".kata-zones-part")) {
      write(part.querySelector(".kata-zones-count"), solvedOf(all(part, "[data-zone]")));
    }
    const broken = zones.filter(({ dataset }) => dataset.state === "broken").length;
    write(map.querySelector(".kata-zones-all"), `${solvedOf(zones)}${broken > 0 ? `, ${broken} broken` : ""}`);
  }
}

/**
 * What is there already is not written again: a screen reader would say it.
 *
 * @param {Element | null} place
 * @param {string} text
 */
function write(place, text) {
  if (place && place.textContent !== text) place.textContent = text;
}

/** @param {HTMLElement[]} zones */
function solvedOf(zones) {
  return `${zones.filter(({ dataset }) => dataset.state === "solved").length} of ${zones.length} solved`;
}
