// What a reader can do with their progress: take it along as a file, bring it back, forget it, and take that back.

import { ask } from "./dialog.js";
import { all, count, h, need, reason } from "./dom.js";
import { site } from "./site.js";
import { asides, exported, extent, extentOfFile, onChange, onTrouble, reset, takeIn, trouble, undo, undoable } from "./store.js";

/** Brings the start page's part to life. */
export function wireProgress() {
  for (const place of all(document, ".kata-kept")) {
    const say = wireUndo(place);
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

/**
 * The same for one zone, to be put wherever its panel has room: reset, and undo.
 *
 * @param {string} slug
 */
export function zoneTools(slug) {
  const button = h("button", { type: "button", class: "kata-quiet" }, "Reset my progress");
  const line = h("span", { role: "status" });
  const back = h("button", { type: "button", class: "kata-quiet", "data-action": "undo", hidden: true }, "Undo");
  const place = h("p", { class: "kata-kept-line" }, button, line, " ", back);
  const say = wireUndo(place);
  button.addEventListener("click", () => void resetAsked(slug).then(say));
  return place;
}

/** Says once, wherever the reader is, that something could not be kept. */
export function watchTrouble() {
  const said = new Set();
  onTrouble(() => {
    const why = trouble();
    if (!why || said.has(why)) return;
    said.add(why);
    const keep = h("button", { type: "button", class: "kata-quiet" }, "Export to a file");
    const close = h("button", { type: "button", class: "kata-quiet" }, "Close");
    const buttons = h("div", { class: "kata-buttons" }, keep, close);
    const banner = h("div", { class: "kata-banner", role: "alert" }, h("strong", {}, "Not kept"), h("span", {}, why), buttons);
    keep.addEventListener("click", download);
    close.addEventListener("click", () => banner.remove());
    document.body.append(banner);
  });
}

/**
 * @param {HTMLElement} place
 * @returns {(text: string) => void} says what was done, and offers to take it back
 */
function wireUndo(place) {
  const line = need(place, '[role="status"]');
  const button = need(place, '[data-action="undo"]');
  const offer = () => {
    button.hidden = undoable() === null;
    button.title = `You ${undoable()}`;
  };
  button.addEventListener("click", () => {
    const what = undoable();
    void undo().then(() => {
      line.textContent = `Taken back: you ${what}.`;
      // The button goes; the focus stays near.
      const next = place.querySelector("button:not([hidden])");
      offer();
      if (next instanceof HTMLElement) next.focus();
    });
  });
  onChange(offer);
  if (place.matches(".kata-kept")) offer();
  return (text) => {
    line.textContent = text;
    offer();
  };
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

/** Hands the reader all their progress as a file. */
function download() {
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
async function bringIn() {
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
      const read = await file.text();
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
async function resetAsked(slug) {
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
    return `This browser has forgotten it, the clone has not: ${reason(error)}.`;
  }
}
