// The quote engine in plain JavaScript: the same rules, the same arithmetic, the same numbers as the Rust
// solution of the zone price-engine. Amounts are whole minor units. The rules keep them so small that every
// product is below 2^53, so that ordinary numbers are exact.

import { QuoteError, RuleError } from "./errors.js";

const MAX_QUANTITY = 9_999;
const MAX_PRICE = 10_000_000;
const MAX_NET = 100_000_000_000;
const DIGITS = { EUR: 2, JPY: 0, KWD: 3, USD: 2 };
const CLASSES = ["standard", "reduced", "zero"];

/** So much of an amount, in hundredths of a percent, rounded once. */
function percentOf(amount, rate, halfEven) {
  const product = amount * rate;
  const rest = product % 10_000;
  const units = (product - rest) / 10_000;
  const up = rest > 5_000 || (rest === 5_000 && (!halfEven || units % 2 === 1));
  return up ? units + 1 : units;
}

function decimal(text, digits, max) {
  const match = /^(\d+)(?:\.(\d+))?$/.exec(text);
  const fraction = match?.[2] ?? "";
  const units = Number(match?.[1] + fraction.padEnd(digits, "0"));
  return match && fraction.length <= digits && units <= max ? units : undefined;
}

/** The rules of a text, checked and ready for look-ups. */
function parse(text) {
  const rules = { digits: undefined, halfEven: false, items: new Map(), taxes: new Map() };
  const byName = new Map();
  const promos = [];
  const decided = new Set();
  text.split("\n").forEach((line, index) => {
    const [kind, name, ...fields] = line.split("#")[0].split(/\s+/).filter(Boolean);
    if (kind === undefined) return;
    const fault = (what) => new RuleError(`line ${index + 1}, rule \`${name}\`: ${what}`);
    const rule = Object.fromEntries(fields.map((field) => field.split("=")));
    const decide = (what) => {
      if (decided.has(what)) throw fault(`${what} is decided already`);
      decided.add(what);
    };
    const number = (field, digits, max) => {
      const value = decimal(rule[field] ?? "", digits, max);
      if (value === undefined) throw fault(`\`${field}=${rule[field]}\` is no number that may stand here`);
      return value;
    };
    decide(`name ${name}`);
    if ((kind === "shop") !== (rules.digits === undefined)) throw fault("the first rule, and no other, is the shop");
    switch (kind) {
      case "shop":
        rules.digits = DIGITS[rule.currency];
        rules.halfEven = rule.rounding === "half-even";
        if (rules.digits === undefined) throw fault(`there is no currency ${rule.currency}`);
        break;
      case "item": {
        const id = number("id", 0, 0xffff_ffff);
        decide(`id ${id}`);
        const price = number("price", rules.digits, MAX_PRICE);
        if (!CLASSES.includes(rule.class)) throw fault(`there is no class ${rule.class}`);
        const item = { class: CLASSES.indexOf(rule.class), price, tiers: [], promos: [] };
        byName.set(name, item);
        rules.items.set(id, item);
        break;
      }
      case "tier": {
        const item = byName.get(rule.item);
        if (!item) throw fault(`there is no item ${rule.item} above`);
        const from = number("from", 0, MAX_QUANTITY);
        decide(`tier ${rule.item} ${from}`);
        item.tiers.push({ from, price: number("price", rules.digits, MAX_PRICE) });
        break;
      }
      case "promo": {
        const item = byName.get(rule.item);
        if (rule.item !== undefined && !item) throw fault(`there is no item ${rule.item} above`);
        const rank = number("rank", 0, 0xffff_ffff);
        decide(`rank ${rank}`);
        const from = rule.from === undefined ? 1 : number("from", 0, MAX_QUANTITY);
        promos.push({ rank, item, from, rate: number("percent", 2, 10_000) });
        break;
      }
      case "tax":
        decide(`tax ${rule.to}`);
        rules.taxes.set(rule.to, [number("standard", 2, 10_000), number("reduced", 2, 10_000), 0]);
        break;
      default:
        throw fault(`there is no kind of rule ${kind}`);
    }
  });
  if (rules.digits === undefined) throw new RuleError("there is no shop");
  promos.sort((a, b) => a.rank - b.rank);
  for (const item of byName.values()) {
    item.tiers.sort((a, b) => b.from - a.from);
    item.promos = promos.filter((promo) => promo.item === undefined || promo.item === item);
  }
  return rules;
}

export class Engine {
  #rules;

  constructor(text) {
    this.#rules = parse(text);
  }

  /** Other rules from the next quote on. */
  swap(text) {
    this.#rules = parse(text);
  }

  /** Prices lines of `[item, quantity]`. */
  quote(to, lines) {
    const rules = this.#rules;
    const rates = rules.taxes.get(to);
    if (!rates) throw new QuoteError("destination");
    const nets = [0, 0, 0];
    let discount = 0;
    let net = 0;
    const prices = lines.map(([id, quantity], index) => {
      if (!(quantity >= 1 && quantity <= MAX_QUANTITY)) throw new QuoteError("quantity", index);
      const item = rules.items.get(id);
      if (!item) throw new QuoteError("item", index);
      const unit = item.tiers.find((tier) => quantity >= tier.from)?.price ?? item.price;
      const gross = unit * quantity;
      const promo = item.promos.find((promo) => quantity >= promo.from);
      const less = promo ? percentOf(gross, promo.rate, rules.halfEven) : 0;
      discount += less;
      net += gross - less;
      nets[item.class] += gross - less;
      if (net > MAX_NET) throw new QuoteError("too large", index);
      return { unit, discount: less, net: gross - less };
    });
    const tax = rates.reduce((sum, rate, index) => sum + percentOf(nets[index], rate, rules.halfEven), 0);
    return { discount, net, tax, total: net + tax, lines: prices };
  }
}
