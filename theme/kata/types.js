// The shapes that the page's modules share. Types only: nothing here runs.

/**
 * How a test ended. `unjudged`: the spec says that it cannot be judged here, which says nothing of the kata.
 *
 * @typedef {"passed" | "failed" | "timeout" | "load-error" | "unjudged"} Outcome
 */

/** @typedef {{ level: string, text: string }} ConsoleLine */

/**
 * What one test of a spec came to.
 *
 * @typedef {object} Verdict
 * @property {string} test the function's name in the spec
 * @property {Outcome} outcome
 * @property {string} message the assertion's own words, or why the bundle did not load
 * @property {{ text: string, location: string } | null} panic
 * @property {string[]} stack one Rust frame each, demangled, innermost first
 * @property {(number | null)[]} offsets where in the module each frame stands, in bytes, if the engine says so
 * @property {number} ms
 * @property {ConsoleLine[]} console
 */

/**
 * What a run tells while it runs.
 *
 * @typedef {{ type: "start", test: string }
 *   | { type: "verdict", verdict: Verdict }
 *   | { type: "console", test: string, level: string, text: string }} RunEvent
 */

/**
 * @typedef {object} RunOptions
 * @property {string} bundleUrl folder of the bundle, with a slash at the end
 * @property {"frame" | "worker"} host
 * @property {string[]} tests
 * @property {number} timeoutMs for each test
 * @property {string | undefined} lab base address of the misbehaving server, if the zone needs it
 * @property {(event: RunEvent) => void} [onEvent]
 * @property {AbortSignal} [signal] ends the worker or frame at once
 */

/**
 * One variant's data for a picture: the rows that the spec's `show` export returned, or
 * the reason why there are none.
 *
 * @typedef {object} ShowRun
 * @property {string} variant "kata", "solution" or "attempts/<name>"
 * @property {(number | string | boolean)[][]} rows empty if `error` is set
 * @property {string | null} error
 */

/**
 * Calls an export of the solution's spec with these arguments, in a fresh guest, and answers what it returns. Throws what
 * went wrong, in words for the reader.
 *
 * @typedef {(name: string, ...args: unknown[]) => Promise<any>} Ask
 */

/**
 * What a module in theme/shows exports by default.
 *
 * @typedef {object} Show
 * @property {string} caption one line
 * @property {string} [again] the button that runs it once more, if "Draw it again" says too little
 * @property {string[]} variants in the order in which `table` and `draw` get them
 * @property {(runs: ShowRun[]) => { columns: string[], rows: (string | number | boolean)[][] }} table
 * @property {(runs: ShowRun[]) => SVGSVGElement} draw
 * @property {(ask: Ask) => HTMLElement} [tool] what stands below the picture once it is drawn, for a reader's own data
 */

/** Both ends of what is selected, in UTF-16 units. @typedef {{ anchor: number, head: number }} Caret */

/**
 * The editor, as theme/editor/entry.js makes it of CodeMirror.
 *
 * @typedef {object} Editor
 * @property {() => string} text
 * @property {() => void} focus
 * @property {(text: string) => void} replace changes what differs; it can be undone
 * @property {() => boolean} undo
 * @property {() => void} selectAll puts the focus into the editor, too
 * @property {(diagnostics: import("./compile.js").Diagnostic[]) => void} mark marks what rustc says, each at its place
 * @property {(line: number, column: number) => void} goTo puts the caret there, and the focus into the editor
 * @property {() => Caret | null} caret where it is, if the focus is there
 * @property {(caret: Caret) => void} goBack puts it back, and the focus into the editor
 * @property {(other: string | null) => void} compare shows each difference to another text, or none
 */

/**
 * @typedef {(options: { root: ShadowRoot, text: string, label: string, onEdit: () => void, onRun: () => void,
 *   onSave: () => void }) => Editor} Mount
 */

/** @typedef {{ text: string, passes: boolean, words: string | null }} Choice */

/**
 * What the site builder writes into `data-config` of a panel.
 *
 * @typedef {object} ZoneConfig
 * @property {string} slug
 * @property {string} title
 * @property {"frame" | "worker"} host
 * @property {string[]} needs "lab", "isolation"
 * @property {number} timeoutMs for each test
 * @property {string[]} tests names, in the spec's order
 * @property {boolean} solution whether this copy of the book has it
 * @property {{ test: string, explain: string, choices: Choice[] } | null} predict
 */

/**
 * How this copy of the book was made and where it lives.
 *
 * @typedef {object} Site
 * @property {URL} root the folder that holds index.html
 * @property {"static" | "serve"} mode
 * @property {string} build changes with every build
 * @property {string | null} compile the address of a service that compiles edits, with a slash at the end
 */

export {};
