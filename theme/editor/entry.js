// The editor of the workbench: CodeMirror 6, with as much of it as a kata needs. Its styles are adopted by the shadow root
// that it is put in, for the page's policy allows no style elements.

import { defaultKeymap, history, historyKeymap, indentWithTab, isolateHistory, undo } from "@codemirror/commands";
import { rust } from "@codemirror/lang-rust";
import { bracketMatching, HighlightStyle, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { unifiedMergeView } from "@codemirror/merge";
import { search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { EditorView, highlightActiveLineGutter, highlightSpecialChars, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

/** The page's stylesheet gives each theme of the book its colours. */
const COLOURS = HighlightStyle.define([
  { tag: [tags.comment, tags.docComment], color: "var(--kata-code-comment)" },
  { tag: [tags.keyword, tags.self, tags.modifier, tags.operatorKeyword, tags.controlKeyword], color: "var(--kata-code-keyword)" },
  { tag: [tags.string, tags.character, tags.special(tags.string)], color: "var(--kata-code-string)" },
  { tag: [tags.number, tags.bool, tags.literal], color: "var(--kata-code-number)" },
  { tag: [tags.typeName, tags.namespace, tags.standard(tags.name)], color: "var(--kata-code-type)" },
  { tag: [tags.macroName, tags.meta, tags.annotation, tags.attributeName], color: "var(--kata-code-macro)" },
]);

const LOOK = EditorView.theme({
  "&": { height: "100%", backgroundColor: "var(--kata-code-ground)", color: "var(--kata-code-ink)" },
  "&.cm-focused": { outline: "2px solid var(--kata-accent)", outlineOffset: "-2px" },
  ".cm-scroller": { fontFamily: "var(--mono-font)", fontSize: "var(--kata-code-size)", lineHeight: "1.55" },
  ".cm-content": { padding: "1.6rem 0", caretColor: "var(--kata-code-ink)" },
  ".cm-gutters": { backgroundColor: "transparent", color: "var(--kata-code-comment)", border: "0" },
  ".cm-activeLineGutter": { backgroundColor: "transparent", color: "var(--kata-code-ink)" },
  ".cm-panels": { backgroundColor: "var(--bg)", color: "var(--kata-code-ink)", fontSize: "1.3rem" },
  ".cm-tooltip": { backgroundColor: "var(--bg)", color: "var(--kata-code-ink)", border: "1px solid var(--kata-line)" },
  ".cm-diagnostic": { fontFamily: "var(--mono-font)", fontSize: "1.2rem", whiteSpace: "pre-wrap", maxWidth: "60ch" },
  ".cm-textfield, .cm-button": {
    background: "var(--bg)",
    color: "var(--kata-code-ink)",
    border: "1px solid var(--kata-faint)",
    fontSize: "1.3rem",
  },
  ".cm-matchingBracket": { outline: "1px solid var(--kata-faint)", backgroundColor: "transparent !important" },
  "&.cm-merge-b .cm-changedText, .cm-insertedLine": { background: "color-mix(in srgb, var(--kata-good) 18%, transparent)" },
  "&.cm-merge-b .cm-deletedText": { background: "none", textDecoration: "underline var(--kata-bad)" },
  ".cm-deletedChunk": { backgroundColor: "color-mix(in srgb, var(--kata-bad) 13%, transparent)" },
  // A reader's own colours leave no ground to tell these by.
  "@media (forced-colors: active)": {
    ".cm-deletedChunk .cm-deletedLine del": { textDecoration: "line-through" },
    "&.cm-merge-b .cm-insertedLine": { textDecoration: "underline" },
  },
  ".cm-deletedChunk .cm-chunkButtons": { insetInlineEnd: "1rem" },
  ".cm-deletedChunk .cm-chunkButtons button": {
    margin: "0 0.2rem",
    padding: "0.1rem 0.6rem",
    background: "var(--bg)",
    color: "var(--kata-code-ink)",
    border: "1px solid var(--kata-faint)",
    borderRadius: "4px",
    fontSize: "1.2rem",
    fontWeight: "600",
    cursor: "pointer",
  },
});

/**
 * Puts an editor into a shadow root.
 *
 * @param {{ root: ShadowRoot, text: string, label: string, onEdit: () => void, onRun: () => void, onSave: () => void }} options
 */
export function mount({ root, text, label, onEdit, onRun, onSave }) {
  const comparison = new Compartment();
  const key = (/** @type {() => void} */ act) => () => (act(), true);
  const extensions = [
    lineNumbers(),
    highlightActiveLineGutter(),
    highlightSpecialChars(),
    lintGutter(),
    history(),
    indentUnit.of("    "),
    EditorState.tabSize.of(4),
    indentOnInput(),
    bracketMatching(),
    search({ top: true }),
    rust(),
    syntaxHighlighting(COLOURS),
    LOOK,
    comparison.of([]),
    EditorView.contentAttributes.of({ "aria-label": label, spellcheck: "false", autocapitalize: "off", autocorrect: "off" }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) onEdit();
    }),
    keymap.of([
      { key: "Mod-Enter", run: key(onRun) },
      { key: "Mod-s", run: key(onSave) },
      ...defaultKeymap,
      ...historyKeymap,
      ...searchKeymap,
      ...lintKeymap,
      // Escape, then Tab, leaves the editor.
      indentWithTab,
    ]),
  ];
  const view = new EditorView({ parent: root, root, state: EditorState.create({ doc: text, extensions }) });

  /** The place of a 1-based line and column; columns are UTF-16 units. */
  const at = (/** @type {number} */ line, /** @type {number} */ column) => {
    const { doc } = view.state;
    const { from, length } = doc.line(Math.min(Math.max(line, 1), doc.lines));
    return from + Math.min(Math.max(column - 1, 0), length);
  };

  /** A button of one difference, for keys too: CodeMirror's own hears a mouse alone. It goes, and the focus stays. */
  const mergeControls = (/** @type {string} */ name, /** @type {(event: Event) => void} */ act) => {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", name, textContent: name === "accept" ? "Keep mine" : "Take theirs" });
    button.addEventListener("click", (event) => {
      act(event);
      view.focus();
    });
    return button;
  };

  return {
    text: () => view.state.doc.toString(),
    focus: () => view.focus(),
    /** Replaces what differs. One undo takes it back, and nothing else. */
    replace(/** @type {string} */ text) {
      const old = view.state.doc.toString();
      let start = 0;
      while (start < Math.min(old.length, text.length) && old[start] === text[start]) start += 1;
      let end = 0;
      const rest = Math.min(old.length, text.length) - start;
      while (end < rest && old.at(-1 - end) === text.at(-1 - end)) end += 1;
      const changes = { from: start, to: old.length - end, insert: text.slice(start, text.length - end) };
      view.dispatch({ changes, annotations: isolateHistory.of("full") });
    },
    undo: () => undo(view),
    /** Selects the whole text, and puts the focus into the editor. */
    selectAll() {
      view.dispatch({ selection: { anchor: 0, head: view.state.doc.length } });
      view.focus();
    },
    /** Marks what rustc says, each at its place. */
    mark(/** @type {any[]} */ diagnostics) {
      const placed = diagnostics.filter(({ line }) => line !== null);
      const marks = placed.map(({ level, message, code, line, column, endLine, endColumn }) => {
        const from = at(line, column);
        const source = code ?? "rustc";
        return { from, to: Math.max(from, at(endLine, endColumn)), severity: level, source, message };
      });
      view.dispatch(setDiagnostics(view.state, marks));
    },
    /** Puts the caret at a place, and the focus into the editor. */
    goTo(/** @type {number} */ line, /** @type {number} */ column) {
      view.dispatch({ selection: { anchor: at(line, column) }, scrollIntoView: true });
      view.focus();
    },
    /** Where the caret is, and the other end of what is selected; null if the focus is elsewhere. */
    caret() {
      const { anchor, head } = view.state.selection.main;
      return view.hasFocus ? { anchor, head } : null;
    },
    /** Puts both ends back, and the focus into the editor. */
    goBack(/** @type {{ anchor: number, head: number }} */ { anchor, head }) {
      const last = (/** @type {number} */ place) => Math.min(place, view.state.doc.length);
      view.dispatch({ selection: { anchor: last(anchor), head: last(head) }, scrollIntoView: true });
      view.focus();
    },
    /** Shows each difference to another text, to be taken or left; null ends it. */
    compare(/** @type {string | null} */ other) {
      const extension = other === null ? [] : unifiedMergeView({ original: other, mergeControls });
      view.dispatch({ effects: comparison.reconfigure(extension) });
    },
  };
}
