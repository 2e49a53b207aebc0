// All that is kept of a reader, by zone: what they know of it, and what they wrote. Two pages never write the same
// edit: each has a name under which its own are kept. Where they differ, the reader chooses.

import { VERSION, checkAside, checkEdit, checkFacts, checkUndo, isSlug, mergeFacts, object, present } from "./store-shape.js";

/** @typedef {import("./store-shape.js").Facts} Facts */
/** @typedef {import("./store-shape.js").Edit} Edit */
/** @typedef {import("./store-shape.js").Zones} Zones */
/** @typedef {import("./store-shape.js").Aside} Aside */
/** @typedef {import("./store-shape.js").Taken} Taken */
/** @typedef {import("./store-shape.js").Undo} Undo */
/** @typedef {Edit & { writer: string }} Draft */

/** What the first version called all that it kept. */
const OLD_NAME = "kata-progress";

export class Store {
  #area;
  #writer;
  /** The draft that this page's own began from, by zone; null where there was none. @type {Map<string, Draft | null>} */
  #origins = new Map();

  /**
   * @param {import("./store-area.js").Area} area
   * @param {string} writer names this page among all that are open
   * @param {string | null} old what the first version kept for all books of an origin
   */
  constructor(area, writer, old) {
    this.#area = area;
    this.#writer = writer;
    this.#begin(old);
  }

  /**
   * What is known of a zone.
   *
   * @param {string} slug
   * @returns {Facts}
   */
  facts(slug) {
    return this.#read(`zone:${slug}`, checkFacts) ?? {};
  }

  /**
   * @param {string} slug
   * @param {Facts} facts those that are new
   */
  know(slug, facts) {
    // Read again each time: another page may have written since.
    this.#write(`zone:${slug}`, { ...this.facts(slug), ...facts });
  }

  /**
   * The reader's text for a zone: this page's own, or else the last that any page kept. The page shows it: what the
   * reader writes next goes on from there.
   *
   * @param {string} slug
   * @returns {Draft | null}
   */
  edit(slug) {
    const edit = this.peek(slug);
    if (edit?.writer !== this.#writer) this.#origins.set(slug, edit);
    return edit;
  }

  /**
   * The same for who does not show it: what is kept stays, whatever the reader writes next.
   *
   * @param {string} slug
   * @returns {Draft | null}
   */
  peek(slug) {
    const drafts = this.#drafts(slug);
    return drafts.find(({ writer }) => writer === this.#writer) ?? drafts[0] ?? null;
  }

  /**
   * Edits of other pages that are not what this page has.
   *
   * @param {string} slug
   * @returns {Draft[]}
   */
  otherEdits(slug) {
    const mine = this.peek(slug);
    return mine ? this.#drafts(slug).filter(({ text }) => text !== mine.text) : [];
  }

  /**
   * Keeps what the reader has written, in the place of what it began from. An edit that this page has never shown stays.
   *
   * @param {string} slug
   * @param {string} text
   * @param {string} base
   */
  keepEdit(slug, text, base) {
    const origin = this.#origins.get(slug) ?? null;
    this.#write(this.#editName(slug, this.#writer), { text, base, at: now() });
    this.#origins.set(slug, { writer: this.#writer, text, base, at: "" });
    if (origin && origin.writer !== this.#writer) this.#dropIfSame(slug, origin);
  }

  /**
   * Drops what this page shows as the reader's text. An edit that it has never shown stays.
   *
   * @param {string} slug
   */
  dropEdit(slug) {
    const origin = this.#origins.get(slug) ?? null;
    this.#area.set(this.#editName(slug, this.#writer), null);
    if (origin) this.#dropIfSame(slug, origin);
    this.#origins.set(slug, null);
  }

  /**
   * The reader has seen all of these edits and takes one, which becomes this page's own.
   *
   * @param {string} slug
   * @param {Draft} chosen
   * @param {Draft[]} seen
   */
  chooseEdit(slug, chosen, seen) {
    const { text, base } = chosen;
    const names = [...seen.map(({ writer }) => this.#editName(slug, writer)), this.#editName(slug, this.#writer)];
    this.undoably(`choice of an edit of ${slug}`, [...new Set(names)], () => {
      for (const draft of seen) this.#dropIfSame(slug, draft);
      this.keepEdit(slug, text, base);
    });
  }

  /** Everything, by zone. @returns {Zones} */
  zones() {
    // A zone may have any name, "constructor" too.
    /** @type {Zones} */
    const zones = Object.create(null);
    for (const name of this.#area.names()) {
      const [kind, slug] = name.split(":");
      if (kind !== "zone" && kind !== "edit") continue;
      if (!isSlug(slug)) this.#setAside(name, this.#area.get(name) ?? "", "it is no name of a zone");
      else if (kind === "zone") zones[slug] = { ...zones[slug], ...this.facts(slug) };
      else zones[slug] ??= {};
    }
    for (const slug of Object.keys(zones)) {
      const edits = this.#drafts(slug).map(({ text, base, at }) => ({ text, base, at }));
      if (edits.length > 0) zones[slug].edits = edits;
    }
    return zones;
  }

  /**
   * Adds to what is kept: the later of each fact, and every edit.
   *
   * @param {Zones} zones
   */
  merge(zones) {
    for (const [slug, { edits = [], ...facts }] of Object.entries(zones)) {
      if (Object.keys(facts).length > 0) this.#write(`zone:${slug}`, mergeFacts(this.facts(slug), facts));
      for (const edit of edits) this.#addEdit(slug, edit);
    }
  }

  /**
   * The names under which a zone's data is, or everything.
   *
   * @param {string | null} slug
   */
  namesOf(slug) {
    const kinds = slug === null ? ["zone", "edit", "aside"] : ["zone", "edit"];
    return this.#area.names().filter((name) => {
      const [kind, of] = name.split(":");
      return kinds.includes(kind) && (slug === null || of === slug);
    });
  }

  /**
   * Forgets a zone, or everything.
   *
   * @param {string | null} slug
   */
  forget(slug) {
    for (const name of this.namesOf(slug)) this.#area.set(name, null);
    if (slug === null) this.#origins.clear();
    else this.#origins.delete(slug);
  }

  /**
   * Makes a change that can be taken back, until the next one.
   *
   * @param {string} what is done, as a noun: "reset of everything"
   * @param {string[]} names that the change may write, beside those that are there
   * @param {() => void} make
   * @param {Taken[]} [clone] what the clone has lost with it
   */
  undoably(what, names, make, clone = []) {
    const before = new Map([...names, ...this.namesOf(null)].map((name) => [name, this.#area.get(name)]));
    make();
    for (const name of this.namesOf(null)) if (!before.has(name)) before.set(name, null);
    /** @type {Undo["changes"]} */
    const changes = [];
    for (const [name, text] of before) {
      const after = this.#area.get(name);
      if (text !== after) changes.push([name, text, after]);
    }
    if (changes.length + clone.length > 0) this.#write("undo", { what, at: now(), changes, clone });
  }

  /** The change that can be taken back. @returns {Undo | null} */
  get undo() {
    return this.#read("undo", checkUndo);
  }

  /**
   * Takes the last change back. What has been written since stays: facts are merged, edits are kept side by side.
   *
   * @returns {Taken[]} what is to be given back to the clone
   */
  takeBack() {
    const { changes, clone = [] } = this.undo ?? { changes: [] };
    this.#area.set("undo", null);
    this.#origins.clear();
    for (const [name, before, after] of changes) {
      const current = this.#area.get(name);
      if (current === after) this.#area.set(name, before);
      else if (before !== null) this.#bringBack(name, before);
    }
    return clone;
  }

  /** What was set aside because it could not be read. @returns {Aside[]} */
  asides() {
    const names = this.#area.names().filter((name) => name.startsWith("aside:"));
    return names.map((name) => {
      const text = this.#area.get(name) ?? "";
      try {
        const aside = JSON.parse(text);
        checkAside(aside, name);
        return aside;
      } catch (error) {
        return { name, text, why: why(error), at: "" };
      }
    });
  }

  /**
   * Another book's page has written something in a newer shape, or the reader has updated one: from now on this page
   * only reads what it can.
   */
  heedVersion() {
    const version = this.#area.kept("version");
    if (version !== null && Number(version) > VERSION) this.#area.seal();
  }

  /** @param {string | null} old */
  #begin(old) {
    const version = this.#area.get("version");
    if (version === String(VERSION)) return;
    if (version !== null && /^\d{1,9}$/.test(version) && Number(version) > VERSION) return this.#area.seal();
    if (version !== null) this.#setAside("version", version, `this should be ${VERSION}`);
    if (old !== null) this.#takeOver(old);
    this.#area.set("version", String(VERSION));
  }

  /**
   * The first version's data is all books' of this origin: it is copied and stays where it is.
   *
   * @param {string} old
   */
  #takeOver(old) {
    try {
      for (const [slug, mark] of Object.entries(object(JSON.parse(old), OLD_NAME))) this.#takeOverMark({ [slug]: mark });
    } catch (error) {
      this.#copyAside(OLD_NAME, old, why(error));
    }
  }

  /**
   * One bad mark among good ones takes none of them along.
   *
   * @param {Record<string, unknown>} zone
   */
  #takeOverMark(zone) {
    try {
      this.merge(present(zone, 0));
    } catch (error) {
      this.#copyAside(OLD_NAME, JSON.stringify(zone), why(error));
    }
  }

  /**
   * @template T
   * @param {string} name
   * @param {(value: unknown, place: string) => asserts value is T} check
   * @returns {T | null}
   */
  #read(name, check) {
    const text = this.#area.get(name);
    if (text === null) return null;
    try {
      const value = JSON.parse(text);
      check(value, name);
      return value;
    } catch (error) {
      this.#setAside(name, text, why(error));
      return null;
    }
  }

  /**
   * @param {string} name
   * @param {unknown} value
   */
  #write(name, value) {
    this.heedVersion();
    this.#area.set(name, JSON.stringify(value));
  }

  /**
   * Keeps what nobody can read under another name. Where there is no room for that, it stays where it is.
   *
   * @param {string} name
   * @param {string} text
   * @param {string} reason
   */
  #setAside(name, text, reason) {
    // What a newer page has written is not broken.
    if (this.#area.refusal === "newer") return;
    const copy = this.#copyAside(name, text, reason);
    if (copy && this.#area.kept(copy) !== null) this.#area.set(name, null);
  }

  /**
   * @param {string} name
   * @param {string} text
   * @param {string} reason
   * @returns {string | null} the name of the copy; null if there was one already
   */
  #copyAside(name, text, reason) {
    if (this.asides().some((aside) => aside.name === name && aside.text === text)) return null;
    const taken = new Set(this.#area.names());
    let number = 1;
    while (taken.has(`aside:${number}`)) number += 1;
    this.#write(`aside:${number}`, { name, text, why: reason, at: now() });
    return `aside:${number}`;
  }

  /**
   * Every edit of a zone, the newest first.
   *
   * @param {string} slug
   * @returns {Draft[]}
   */
  #drafts(slug) {
    const start = `edit:${slug}:`;
    const names = this.#area.names().filter((name) => name.startsWith(start));
    const drafts = names.flatMap((name) => {
      const edit = this.#read(name, checkEdit);
      return edit ? [{ ...edit, writer: name.slice(start.length) }] : [];
    });
    return drafts.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : 0));
  }

  /**
   * @param {string} slug
   * @param {Edit} edit
   */
  #addEdit(slug, edit) {
    const drafts = this.#drafts(slug);
    if (drafts.some(({ text }) => text === edit.text)) return;
    let number = 1;
    while (drafts.some(({ writer }) => writer === `added-${number}`)) number += 1;
    this.#write(this.#editName(slug, `added-${number}`), edit);
  }

  /**
   * @param {string} slug
   * @param {Draft} draft
   */
  #dropIfSame(slug, draft) {
    const name = this.#editName(slug, draft.writer);
    if (this.#read(name, checkEdit)?.text === draft.text) this.#area.set(name, null);
  }

  /**
   * @param {string} name
   * @param {string} before
   */
  #bringBack(name, before) {
    const [kind, slug] = name.split(":");
    if (kind === "aside") return this.#area.set(`${kind}:${slug}-${Date.now()}`, before);
    try {
      const value = JSON.parse(before);
      if (kind === "zone") {
        checkFacts(value, name);
        this.#write(name, mergeFacts(value, this.facts(slug)));
      } else {
        checkEdit(value, name);
        this.#addEdit(slug, value);
      }
    } catch (error) {
      this.#copyAside(name, before, why(error));
    }
  }

  /**
   * @param {string} slug
   * @param {string} writer
   */
  #editName(slug, writer) {
    return `edit:${slug}:${writer}`;
  }
}

function now() {
  return new Date().toISOString();
}

/** @param {unknown} error */
function why(error) {
  return error instanceof Error ? error.message : String(error);
}
