// What both engines throw.

export class RuleError extends Error {}

/** Why there is no quote: `kind` is "destination", "item", "quantity" or "too large"; `index` is the line. */
export class QuoteError extends Error {
  constructor(kind, index) {
    super(index === undefined ? kind : `line ${index}: ${kind}`);
    this.kind = kind;
    this.index = index;
  }
}
