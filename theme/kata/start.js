// The start page: what the reader has done, and what their browser can do.

import { showAbilities } from "./abilities.js";
import { wireProgress } from "./progress-tools.js";
import { keepMapTrue, markZoneLists } from "./zone-map.js";

/** Brings to life what only the start page has. */
export function startPage() {
  markZoneLists();
  keepMapTrue();
  showAbilities();
  wireProgress();
}
