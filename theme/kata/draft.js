// The reader's own lib.rs while they write it: kept at every pause, run from the editor, saved to the clone on request, and
// never replaced without a choice.

import { canCompile, compile } from "./compile.js";
import { readyBundle } from "./bundle.js";
import { Choice } from "./choice.js";
import { h, need, reason } from "./dom.js";
import { noCompiler } from "./no-compiler.js";
import { site } from "./site.js";
import { reveal } from "./workbench.js";
import { openSource, readSource, writeSource } from "./source-file.js";
import { chooseEdit, dropEdit, editOf, keepEdit, keptEdit, onChange, otherEdits, trouble } from "./store.js";

/** @typedef {import("./types.js").ZoneConfig} ZoneConfig */
/** @typedef {import("./source-file.js").SourceFile} SourceFile */
/** @typedef {import("./compile.js").Diagnostic} Diagnostic */

/**
 * What an edit needs of the panel around it.
 *
 * @typedef {object} Surroundings
 * @property {ZoneConfig} config
 * @property {() => void} run
 * @property {(why: string) => void} cancelBuild ends a build that is going on, and says why
 * @property {() => void} chooseFix shows the wrong turns
 * @property {(hash: string) => void} saved the clone has a text with this hash now
 */

/** How long the reader pauses before an edit is kept, in milliseconds. */
const PAUSE = 300;

/** @param {string} a @param {string} b */
const same = (a, b) => a.trimEnd() === b.trimEnd();

/**
 * Puts the editor into the place of the code.
 *
 * @param {HTMLElement} pane
 * @param {Surroundings} surroundings
 * @returns {Promise<Draft>}
 */
export async function openDraft(pane, surroundings) {
  const { slug } = surroundings.config;
  const [{ mount }, file] = await Promise.all([
    import(new URL("editor/codemirror.js", site.root).href),
    site.mode === "serve" ? readSource(slug) : null,
  ]);
  const shown = `${need(pane, "code").textContent?.trimEnd()}\n`;
  return new Draft(pane, surroundings, mount, file ?? { text: shown, hash: "" });
}

export class Draft {
  #editor;
  /** The kata's text that the edit started from. */
  #base;
  #notes;
  #choice;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #clock;
  /** The text that was judged last. @type {string | null} */
  #judged = null;
  /** The kata as it is now, if the reader is asked whether to take it. @type {SourceFile | null} */
  #asked = null;

  /**
   * @param {HTMLElement} pane
   * @param {Surroundings} surroundings
   * @param {import("./types.js").Mount} mount
   * @param {SourceFile} file the kata as it is: in the clone, or in this copy of the book
   */
  constructor(pane, surroundings, mount, file) {
    this.pane = pane;
    this.surroundings = surroundings;
    this.file = file;
    const kept = editOf(surroundings.config.slug);
    this.#base = kept?.base ?? file.text;
    const place = h("div", { class: "kata-editor" });
    // mdBook's keys (s: search) do not know that something in a shadow root is typed into.
    place.addEventListener("keydown", (event) => event.stopPropagation());
    const leave = h("p", { class: "kata-leave" }, "Tab indents. Escape, then Tab, leaves the editor.");
    this.#notes = h("p", { role: "status" });
    const notes = h("div", { class: "kata-notes" }, this.#notes, !canCompile && noCompiler(surroundings, () => this.text));
    this.#choice = new Choice(() => this.#editor.focus());
    const figure = need(pane, ".kata-source");
    const pre = need(figure, "pre");
    pre.hidden = true;
    pre.after(this.#choice.node, place, leave, notes);
    this.#editor = mount({
      root: place.attachShadow({ mode: "open" }),
      text: kept?.text ?? file.text,
      label: `lib.rs of ${surroundings.config.title}. Press Escape, then Tab, to leave the editor.`,
      onEdit: () => this.#edited(),
      onRun: surroundings.run,
      onSave: () => void this.save(),
    });
    this.#addTools(need(figure, "figcaption"));
    this.#say(this.isChanged ? "Your edit is as you left it." : "");
    if (kept && !same(kept.base, file.text)) this.#ask("The kata has changed since you began this edit.", file);
    onChange((changed) => {
      if (changed === null || changed === surroundings.config.slug) this.#heedStore();
    });
    addEventListener("pagehide", () => this.#keep());
    this.#heedStore();
  }

  get text() {
    return this.#editor.text();
  }

  /** Whether this is another text than the kata's own. */
  get isChanged() {
    return !same(this.text, this.file.text);
  }

  focus() {
    this.#editor.focus();
  }

  /** Where the caret is, if the reader is writing. */
  get caret() {
    return this.#editor.caret();
  }

  /** @param {import("./types.js").Caret} caret */
  goBack(caret) {
    this.#editor.goBack(caret);
  }

  selectAll() {
    this.#editor.selectAll();
  }

  /**
   * What Run runs.
   *
   * @param {{ signal: AbortSignal, onStep: (step: string) => void }} options
   * @returns {ReturnType<import("./run.js").RunBar["bundle"]>}
   */
  async bundle(options) {
    const { slug } = this.surroundings.config;
    this.#keep();
    this.#judged = this.text;
    if (!this.isChanged) {
      this.#editor.mark([]);
      return readyBundle(slug, "kata", options);
    }
    if (!canCompile) return { status: "refused", why: "Your edit was not run." };
    options.onStep("compiling your edit");
    const answer = await compile(slug, this.text, options.signal);
    this.#editor.mark(answer.marks);
    return answer;
  }

  /**
   * Lists places of what rustc says, each a button that leads there.
   *
   * @param {Diagnostic[]} marks
   */
  places(marks) {
    const items = marks.map(({ line, column, level, message }) => {
      if (line === null) return h("li", {}, `${level}: ${message}`);
      const go = h("button", { type: "button", class: "kata-quiet" }, `Line ${line}`);
      go.addEventListener("click", () => {
        reveal(this.pane);
        this.#editor.goTo(line, column ?? 1);
      });
      return h("li", {}, go, ` ${level}: ${message}`);
    });
    return h("ul", { class: "kata-places" }, items);
  }

  /** Writes the edit to the clone, if the file there is the one that it started from. */
  async save() {
    if (site.mode !== "serve") {
      this.#keep();
      return this.#say(trouble() ?? (this.isChanged ? "Your edit is kept in this browser." : "This is the kata as it was."));
    }
    const { slug } = this.surroundings.config;
    try {
      const { text } = this;
      // A file that the reader has not taken yet is none that the edit started from: no file has an empty hash.
      const { saved, file } = await writeSource(slug, text, this.#asked ? "" : this.file.hash);
      if (!saved) return this.#ask("The file has changed on disk since you began. Nothing was written.", file);
      this.#settle(file);
      this.surroundings.saved(file.hash);
      this.#say(`Saved to katas/${slug}/src/lib.rs.`);
    } catch (error) {
      this.#say(`Not saved: ${reason(error)}`);
    }
  }

  /**
   * The file in the clone has changed. Resolves with whether there is something new to run.
   *
   * @returns {Promise<boolean>}
   */
  async heedFile() {
    let file;
    try {
      file = await readSource(this.surroundings.config.slug);
    } catch (error) {
      this.#say(`The file on disk could not be read: ${reason(error)}`);
      return true;
    }
    if (same(file.text, this.#base) || same(file.text, this.text)) {
      this.#settle(file);
      return this.#judged === null || !same(this.#judged, file.text);
    }
    if (this.#asked || this.isChanged) {
      this.#ask("The file has changed on disk, and you have an edit here.", file);
      return false;
    }
    this.#editor.replace(file.text);
    this.#settle(file);
    return true;
  }

  /** Something was typed, or a choice was made. */
  #edited() {
    this.surroundings.cancelBuild("You typed, so the build was cancelled.");
    clearTimeout(this.#clock);
    this.#clock = setTimeout(() => this.#keep(), PAUSE);
  }

  #keep() {
    this.#stopClock();
    const { slug } = this.surroundings.config;
    const kept = keptEdit(slug);
    if (!this.isChanged) return kept && dropEdit(slug);
    if (kept?.text === this.text) return;
    keepEdit(slug, this.text, this.#base);
    this.#say(trouble() ?? "Your edit is kept in this browser.");
  }

  /** All that is here is kept. */
  #stopClock() {
    clearTimeout(this.#clock);
    this.#clock = undefined;
  }

  /**
   * From now on the edit starts from this file.
   *
   * @param {SourceFile} file
   */
  #settle(file) {
    const { slug } = this.surroundings.config;
    this.file = file;
    this.#base = file.text;
    this.#close();
    this.#stopClock();
    if (this.isChanged) keepEdit(slug, this.text, file.text);
    else dropEdit(slug);
  }

  /**
   * Shows what was made of the edit elsewhere; without one, the kata. It may have begun from another kata than there is now.
   *
   * @param {{ text: string, base: string } | null} kept
   */
  #show(kept) {
    this.file = this.#asked ?? this.file;
    this.#close();
    this.#editor.replace(kept?.text ?? this.file.text);
    this.#stopClock();
    this.#base = kept?.base ?? this.file.text;
    if (!same(this.#base, this.file.text)) this.#ask("The kata has changed since that edit was begun.", this.file);
  }

  /** No question is open any more. */
  #close() {
    this.#asked = null;
    this.#choice.close();
    this.#editor.compare(null);
  }

  /**
   * Lets the reader choose between their edit and the kata as it is now.
   *
   * @param {string} what
   * @param {SourceFile} file
   */
  #ask(what, file) {
    this.#say("");
    this.#asked = file;
    const theirs = site.mode === "serve" ? "Take the file's" : "Take the new kata";
    this.#choice.ask(what, theirs, file.text, {
      mine: () => {
        this.#settle(file);
        this.#heedStore();
      },
      theirs: () => {
        this.#editor.replace(file.text);
        this.#settle(file);
        this.#offerUndo("The kata's text is here. Yours is not lost.");
      },
      both: (isShown) => this.#editor.compare(isShown ? file.text : null),
    });
  }

  /** Another tab, an import or a reset changed what is kept. */
  #heedStore() {
    // What was typed last is newer than all that is kept.
    if (this.#clock !== undefined) this.#keep();
    const { slug } = this.surroundings.config;
    const seen = otherEdits(slug);
    const [other] = seen;
    // One question at a time.
    if (other && this.#asked) return;
    if (other) {
      return this.#choice.ask("There is another edit of this kata, from another tab or an import.", "Take the other", other.text, {
        mine: () => {
          this.#close();
          chooseEdit(slug, { ...other, text: this.text, base: this.#base }, seen);
        },
        theirs: () => {
          this.#show(other);
          chooseEdit(slug, other, seen);
          this.#offerUndo("The other edit is here. Yours is not lost.");
        },
        both: (isShown) => this.#editor.compare(isShown ? other.text : null),
      });
    }
    if (!this.#asked) this.#close();
    const kept = editOf(slug);
    if (kept ? kept.text === this.text : !this.isChanged) return;
    this.#show(kept);
    this.#offerUndo(kept ? "Your edit is back." : "Your edit was dropped.");
  }

  #startAgain() {
    if (!this.isChanged) return this.#say("This is the kata as it was: there is nothing to drop.");
    this.#editor.replace(this.file.text);
    this.#keep();
    this.#offerUndo("Your edit is dropped.");
  }

  /** @param {string} what */
  #offerUndo(what) {
    const undo = h("button", { type: "button", class: "kata-quiet" }, "Undo");
    undo.addEventListener("click", () => {
      this.#editor.undo();
      this.#editor.focus();
      this.#keep();
    });
    this.#say(what, undo);
  }

  /**
   * @param {string} text
   * @param {Node} [more]
   */
  #say(text, more) {
    // What has been said is not said again.
    if (!more && this.#notes.textContent === text) return;
    this.#notes.replaceChildren(text, ...(more ? [" ", more] : []));
  }

  /** @param {HTMLElement} bar */
  #addTools(bar) {
    const tool = (/** @type {string} */ name, /** @type {() => unknown} */ act, label = name) => {
      const button = h("button", { type: "button", class: "kata-quiet", "aria-label": label, title: label }, name);
      button.addEventListener("click", () => void act());
      return button;
    };
    const tools = [tool("Start again", () => this.#startAgain())];
    if (site.mode === "serve") {
      const { slug } = this.surroundings.config;
      const open = () => openSource(slug).catch((error) => this.#say(`It was not opened: ${reason(error)}`));
      tools.push(tool("My editor", open, "Open in my editor"), tool("Save", () => this.save(), `Save to katas/${slug}`));
    }
    need(bar, '[data-action="copy"]').before(...tools);
  }
}
