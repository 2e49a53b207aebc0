// What to say, and to offer, where nobody compiles an edit: this copy of the book is files only.

import { h } from "./dom.js";

/**
 * @param {import("./draft.js").Surroundings} surroundings
 * @param {() => string} text the edit
 */
export function noCompiler({ config, chooseFix }, text) {
  const fix = h("button", { type: "button", class: "kata-quiet" }, "Choose a fix");
  fix.addEventListener("click", chooseFix);
  // mdBook links to it in its menu, if book.toml names it.
  const repository = document.querySelector('a[title="Git repository"]')?.getAttribute("href");
  const clone = repository ? [`git clone ${repository} wasm-katas`, "cd wasm-katas"] : [];
  const own = [...clone, "cargo kata serve", `cargo kata grade ${config.slug} lib.rs`];
  const container = "npx @devcontainers/cli";
  const contained = [`${container} up --workspace-folder .`, `${container} exec --workspace-folder . ${own.at(-1)}`];
  const save = h("button", { type: "button", class: "kata-quiet" }, "Download lib.rs");
  save.addEventListener("click", () => download(text()));
  return h(
    "div",
    { class: "kata-no-compiler" },
    h("p", {}, h("strong", {}, "This site has no compiler: "), "it keeps your edit and cannot run it. In a clone of this book, cargo kata serve and grade do:"),
    commands("Commands", own),
    h(
      "details",
      { class: "kata-fold" },
      h("summary", {}, "Without Rust: its dev container, in your editor or by Docker and Node.js"),
      commands("Commands for the dev container", contained),
    ),
    h("p", {}, "Here, the wrong turns and the solution can run. ", fix, save),
  );
}

/**
 * @param {string} label
 * @param {string[]} lines
 */
function commands(label, lines) {
  return h("pre", {}, h("code", { tabindex: 0, role: "group", "aria-label": label }, lines.join("\n")));
}

/** @param {string} text */
function download(text) {
  const url = URL.createObjectURL(new Blob([text], { type: "text/plain" }));
  h("a", { href: url, download: "lib.rs" }).click();
  URL.revokeObjectURL(url);
}
