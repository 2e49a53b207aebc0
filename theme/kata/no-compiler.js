// What to say, and to offer, where nobody compiles an edit: this copy of the book is files only.

import { h } from "./dom.js";

/**
 * @param {import("./draft.js").Surroundings} surroundings
 * @param {() => string} text the edit
 */
export function noCompiler({ config, chooseFix }, text) {
  const fix = h("button", { type: "button", class: "kata-quiet" }, "Choose a fix");
  fix.addEventListener("click", chooseFix);
  const save = h("button", { type: "button", class: "kata-quiet" }, "Download lib.rs");
  save.addEventListener("click", () => download(text()));
  return h(
    "div",
    { class: "kata-no-compiler" },
    h("p", {}, h("strong", {}, "This site has no compiler: "), "it keeps your edit and cannot run it. In a clone of this book, each of these runs it:"),
    h("pre", {}, h("code", { tabindex: 0, role: "group", "aria-label": "Commands" }, `cargo kata serve\ncargo kata grade ${config.slug} lib.rs`)),
    h("p", {}, "Here, the wrong turns and the solution can run. ", fix, save),
  );
}

/** @param {string} text */
function download(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  h("a", { href: url, download: "lib.rs" }).click();
  URL.revokeObjectURL(url);
}
