// Texts by name, in the browser's storage. What it refuses to take stays in memory for as long as the page lives, and
// is written as soon as there is room: so a reader without storage has all but the next visit.

/** Why something is not kept: nothing ever is, there is no room, or it is not ours to write. */
/** @typedef {"off" | "full" | "newer"} Refusal */

export class Area {
  #open;
  #prefix;
  /** What could not be written; null for what could not be removed. @type {Map<string, string | null>} */
  #pending = new Map();
  #sealed = false;
  /** Called when a text could not be written, with the reason. @type {(why: Refusal) => void} */
  onRefusal = () => {};

  /**
   * @param {() => Storage | null} open may throw, as a browser does whose reader has turned storage off
   * @param {string} prefix of every key, so that books at one origin do not meet
   */
  constructor(open, prefix) {
    this.#open = open;
    this.#prefix = prefix;
  }

  /** The storage, if there is one that answers: in some browsers only its methods throw. */
  get #storage() {
    try {
      const storage = this.#open();
      storage?.getItem("");
      return storage;
    } catch {
      return null;
    }
  }

  /** Why what was written last is in memory only; null if all is kept. @returns {Refusal | null} */
  get refusal() {
    if (this.#sealed) return "newer";
    if (!this.#storage) return "off";
    return this.#pending.size > 0 ? "full" : null;
  }

  /** From now on nothing in the storage is touched. */
  seal() {
    this.#sealed = true;
  }

  /**
   * @param {string} name
   * @returns {string | null}
   */
  get(name) {
    return this.#pending.get(name) ?? (this.#pending.has(name) ? null : this.kept(name));
  }

  /**
   * What the storage itself has, which another page may have written.
   *
   * @param {string} name
   */
  kept(name) {
    return this.#storage?.getItem(this.#prefix + name) ?? null;
  }

  /**
   * @param {string} name
   * @param {string | null} text null removes it
   */
  set(name, text) {
    this.#pending.set(name, text);
    if (!this.#sealed) this.#flush();
    const why = this.refusal;
    if (why) this.onRefusal(why);
  }

  /** Every name that has a text, sorted. */
  names() {
    const storage = this.#storage;
    const names = new Set();
    for (let at = 0; storage && at < storage.length; at += 1) {
      const key = storage.key(at);
      if (key?.startsWith(this.#prefix)) names.add(key.slice(this.#prefix.length));
    }
    for (const [name, text] of this.#pending) {
      if (text === null) names.delete(name);
      else names.add(name);
    }
    return [...names].sort();
  }

  /**
   * The name that a storage event is about; null if it is none of ours.
   *
   * @param {StorageEvent} event
   */
  nameOf(event) {
    return event.key?.startsWith(this.#prefix) ? event.key.slice(this.#prefix.length) : null;
  }

  /** Writes what is pending. What is removed goes first, for it makes room. */
  #flush() {
    const storage = this.#storage;
    if (!storage) return;
    const pending = [...this.#pending].sort(([, a], [, b]) => Number(a !== null) - Number(b !== null));
    let tooLong = Infinity;
    for (const [name, text] of pending) {
      if (text !== null && text.length >= tooLong) continue;
      try {
        if (text === null) storage.removeItem(this.#prefix + name);
        else storage.setItem(this.#prefix + name, text);
        this.#pending.delete(name);
      } catch {
        // No room: it stays pending, and a shorter one may still fit.
        tooLong = text?.length ?? tooLong;
      }
    }
  }
}
