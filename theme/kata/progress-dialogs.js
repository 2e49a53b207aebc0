// What a reader is asked before their progress is brought in from a file, or forgotten; and the file itself.

import { ask } from "./dialog.js";
import { count, h, reason } from "./dom.js";
import { site } from "./site.js";
import { exported, extent, extentOfFile, reset, takeIn } from "./store.js";
import { textOf } from "./store-file.js";

/** Hands the reader all their progress as a file. */
export function download() {
  const url = URL.createObjectURL(new Blob([exported()], { type: "application/json" }));
  const day = new Date().toISOString().slice(0, 10);
  h("a", { href: url, download: `wasm-katas-${day}.json` }).click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}

/**
 * Asks for a file, and how to take it in.
 *
 * @returns {Promise<string>} what came of it
 */
export async function bringIn() {
  const input = h("input", { type: "file", accept: ".json,application/json" });
  const found = h("p", { role: "status" }, "An export of this page, from any browser.");
  const radio = (/** @type {string} */ value, /** @type {string} */ label) =>
    h("label", {}, h("input", { type: "radio", name: "kata-how", value, checked: value === "merge" }), ` ${label}`);
  const ways = h(
    "fieldset",
    {},
    h("legend", {}, "And what is here already?"),
    radio("merge", "Add to it: the later verdict, all edits"),
    radio("replace", "Replace it: only what is in the file stays"),
  );
  let text = "";
  input.addEventListener("change", async () => {
    const file = input.files?.[0];
    if (!file) return;
    text = "";
    try {
      const read = await textOf(file);
      found.textContent = `It holds ${amount(extentOfFile(read))}.`;
      text = read;
    } catch (error) {
      found.textContent = `${file.name} cannot be taken in. ${reason(error)}.`;
    }
  });
  const answer = await ask("Import progress", [h("label", { class: "kata-file" }, "The file ", input), found, ways], [["import", "Import"], ["", "Cancel"]], () => {
    if (text === "") found.textContent = "Choose a file first.";
    return text !== "";
  });
  if (answer === "") return "";
  const how = ways.querySelector("input:checked")?.getAttribute("value") === "replace" ? "replace" : "merge";
  takeIn(text, how);
  return `Taken in: ${amount(extentOfFile(text))}.`;
}

/** @param {{ zones: number, edits: number }} extent */
function amount({ zones, edits }) {
  return `${count(zones, "kata", "katas")} and ${count(edits, "edit", "edits")}`;
}

/**
 * @param {string | null} slug
 * @returns {Promise<string>} what came of it
 */
export async function resetAsked(slug) {
  const what =
    slug === null
      ? `All verdicts, predictions, hints seen and edits are forgotten: ${amount(extent())}.`
      : "The verdict, the prediction, the hints seen and your edit of this kata are forgotten.";
  const clone = site.mode === "serve" ? " The clone forgets the same; its files in katas/ stay as they are." : "";
  const title = slug === null ? "Reset everything?" : "Reset this kata?";
  const answer = await ask(title, [h("p", {}, `${what}${clone} Undo brings it back.`)], [["reset", "Reset"], ["", "Cancel"]]);
  if (answer === "") return "";
  try {
    await reset(slug);
    return "Done.";
  } catch (error) {
    return `Nothing was forgotten: ${reason(error)}.`;
  }
}
