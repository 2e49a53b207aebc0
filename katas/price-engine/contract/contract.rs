//! What is given: a shop's rules as data, how they are read and checked, and the arithmetic of a price.
//!
//! A rule is a line: its kind, its name, and its fields. `#` begins a comment.
//!
//! ```text
//! shop  main     currency=EUR rounding=half-even     # first, and once
//! item  pen      id=17 class=standard price=3.35     # class: standard, reduced, zero
//! tier  pens-10  item=pen from=10 price=2.99         # each piece, from so many on
//! promo spring   rank=1 item=pen from=5 percent=10   # without `item`: of every item; `from` may be left out
//! tax   germany  to=DE standard=19 reduced=7         # percent, by destination; `zero` is never taxed
//! ```
//!
//! Amounts are whole minor units of the shop's currency: cents, yen, fils. All are so small that even
//! a JavaScript number, an `f64`, holds each product exactly.

use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

/// Pieces in a line, at most.
pub const MAX_QUANTITY: u32 = 9_999;

/// The price of a piece, at most, in minor units.
pub const MAX_PRICE: i64 = 10_000_000;

/// What a basket may cost before tax, at most, in minor units.
pub const MAX_NET: i64 = 100_000_000_000;

/// The shop's currency, of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are the standard's own")]
pub enum Currency {
    Eur,
    Jpy,
    Kwd,
    Usd,
}

impl Currency {
    /// Digits after the point. ISO 4217 calls them the minor unit.
    pub const fn digits(self) -> usize {
        match self {
            Self::Jpy => 0,
            Self::Eur | Self::Usd => 2,
            Self::Kwd => 3,
        }
    }
}

/// What becomes of an amount halfway between two minor units. Any other goes to the nearest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the even one.
    HalfEven,
    /// To the larger one.
    HalfUp,
}

/// How an item is taxed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// At the country's standard rate.
    Standard,
    /// At its reduced rate.
    Reduced,
    /// Not at all.
    Zero,
}

impl Class {
    /// All of them, each at the index `class as usize`.
    pub const ALL: [Self; 3] = [Self::Standard, Self::Reduced, Self::Zero];
}

/// A percentage, in hundredths of a percent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rate(u32);

impl Rate {
    /// So much of an amount, rounded once. The amount is 0 to 9.2e14, far more than [`MAX_NET`].
    pub const fn of(self, amount: i64, rounding: Rounding) -> i64 {
        const WHOLE: i64 = 10_000;
        let product = amount * self.0 as i64;
        let (units, rest) = (product / WHOLE, product % WHOLE);
        let up = match rounding {
            Rounding::HalfUp => rest >= WHOLE / 2,
            Rounding::HalfEven => rest > WHOLE / 2 || (rest == WHOLE / 2 && units % 2 == 1),
        };
        units + up as i64
    }
}

/// Where it goes: two capital letters, as in ISO 3166.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Country([u8; 2]);

impl Country {
    /// From the bytes of two letters; none if they are anything else.
    pub const fn new(letters: [u8; 2]) -> Option<Self> {
        match letters {
            [b'A'..=b'Z', b'A'..=b'Z'] => Some(Self(letters)),
            _ => None,
        }
    }
}

impl FromStr for Country {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let letters = text.as_bytes().try_into().map_err(|_| ())?;
        Self::new(letters).ok_or(())
    }
}

/// So many of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Line {
    /// The item's id.
    pub item: u32,
    /// How many, from 1 to [`MAX_QUANTITY`].
    pub quantity: u32,
}

/// What a line costs, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LinePrice {
    /// The line.
    pub line: Line,
    /// The price of a piece: the item's, or that of the highest tier that the quantity reaches.
    pub unit: i64,
    /// What the promotion takes off quantity times `unit`; 0 without one.
    pub discount: i64,
    /// What is left, before tax.
    pub net: i64,
}

/// What a basket costs, in minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Totals {
    /// By which rules: 1 for an engine's first, and one more each time that it takes new ones.
    pub revision: u32,
    /// All discounts.
    pub discount: i64,
    /// All lines, before tax.
    pub net: i64,
    /// The tax of each class, on the sum of that class's lines and rounded once; added up.
    pub tax: i64,
    /// Net and tax.
    pub total: i64,
}

/// Why there is no quote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum QuoteError {
    /// No rule says how this destination is taxed. This comes before any fault of a line.
    #[error("there is no tax rule for the destination")]
    UnknownDestination,
    /// No rule names this item.
    #[error("line {index}: there is no item {item}")]
    UnknownItem {
        /// The line, from 0.
        index: usize,
        /// Its item.
        item: u32,
    },
    /// Nothing, or more than may be ordered in a line. This comes before [`QuoteError::UnknownItem`].
    #[error("line {index}: {quantity} pieces are not 1 to {MAX_QUANTITY}")]
    Quantity {
        /// The line, from 0.
        index: usize,
        /// Its quantity.
        quantity: u32,
    },
    /// With this line the basket costs more than [`MAX_NET`] before tax.
    #[error("line {index}: the basket costs too much")]
    TooLarge {
        /// The line, from 0.
        index: usize,
    },
    /// There are no valid rules in force. Whoever keeps none but valid rules never says this.
    #[error(transparent)]
    Rules(#[from] RuleError),
}

/// A price or a percentage that holds from a quantity on.
#[derive(Debug, Clone, Copy)]
struct Step<T> {
    from: u32,
    value: T,
}

/// An item with all that the rules say of it.
#[derive(Debug)]
struct Item {
    id: u32,
    class: Class,
    price: i64,
    /// The highest quantity first.
    tiers: Vec<Step<i64>>,
    /// The lowest rank first.
    promos: Vec<Step<Rate>>,
}

/// The first step that the quantity reaches.
fn first<T: Copy>(steps: &[Step<T>], quantity: u32) -> Option<T> {
    let step = steps.iter().find(|step| quantity >= step.from)?;
    Some(step.value)
}

/// A destination's rates of tax.
#[derive(Debug, Clone, Copy)]
pub struct Taxes {
    to: Country,
    rates: [Rate; Class::ALL.len()],
}

impl Taxes {
    /// The tax of all lines of a basket, from the sum of each class, which stands at `class as usize`. A sum is what
    /// [`Rate::of`] takes.
    pub fn on(&self, nets: [i64; Class::ALL.len()], rounding: Rounding) -> i64 {
        let each = self.rates.iter().zip(nets);
        each.map(|(rate, net)| rate.of(net, rounding)).sum()
    }
}

/// A shop's rules, checked, and sorted for looking things up. Reading them is work: see [`parses`].
#[derive(Debug)]
pub struct Rules {
    currency: Currency,
    rounding: Rounding,
    items: Vec<Item>,
    taxes: Vec<Taxes>,
}

impl Rules {
    /// Reads and checks rules.
    ///
    /// # Errors
    /// The first fault, with the line and the name of its rule.
    pub fn parse(text: &str) -> Result<Self, RuleError> {
        PARSES.fetch_add(1, Relaxed);
        let mut reader = Reader::default();
        for (index, line) in text.lines().enumerate() {
            let line = line.split('#').next().unwrap_or_default();
            let Some(mut rule) = Fields::split(line) else {
                continue;
            };
            let name = rule.name.to_owned();
            let read = reader.add(&mut rule).and_then(|()| rule.end());
            read.map_err(|fault| RuleError {
                line: index + 1,
                rule: name,
                fault,
            })?;
        }
        reader.finish().ok_or(RuleError {
            line: 1,
            rule: String::new(),
            fault: Fault::NoShop,
        })
    }

    /// The currency of all amounts.
    pub fn currency(&self) -> Currency {
        self.currency
    }

    /// What becomes of halves.
    pub fn rounding(&self) -> Rounding {
        self.rounding
    }

    /// The price of a line, which is the one at `index` of its basket, and how it is taxed. The promotion with the
    /// lowest rank of those that fit applies, alone; what it takes off is rounded once.
    ///
    /// # Errors
    /// [`QuoteError::Quantity`], then [`QuoteError::UnknownItem`].
    pub fn price(&self, index: usize, line: Line) -> Result<(Class, LinePrice), QuoteError> {
        let Line { item, quantity } = line;
        if !(1..=MAX_QUANTITY).contains(&quantity) {
            return Err(QuoteError::Quantity { index, quantity });
        }
        let item = find(&self.items, |known| known.id.cmp(&item))
            .ok_or(QuoteError::UnknownItem { index, item })?;
        let unit = first(&item.tiers, quantity).unwrap_or(item.price);
        let gross = unit * i64::from(quantity);
        let promo = first(&item.promos, quantity);
        let discount = promo.map_or(0, |rate| rate.of(gross, self.rounding));
        let price = LinePrice {
            line,
            unit,
            discount,
            net: gross - discount,
        };
        Ok((item.class, price))
    }

    /// The taxes of a destination.
    pub fn taxes(&self, to: Country) -> Option<&Taxes> {
        find(&self.taxes, |taxes| taxes.to.cmp(&to))
    }
}

fn find<T>(sorted: &[T], by: impl FnMut(&T) -> Ordering) -> Option<&T> {
    let index = sorted.binary_search_by(by).ok()?;
    sorted.get(index)
}

static PARSES: AtomicU32 = AtomicU32::new(0);

/// How often [`Rules::parse`] was called in this instance: a figure for a shop's dashboard.
pub fn parses() -> u32 {
    PARSES.load(Relaxed)
}

/// A rule that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, rule `{rule}`: {fault}")]
pub struct RuleError {
    /// Its line, from 1.
    pub line: usize,
    /// Its name.
    pub rule: String,
    /// What is wrong with it.
    pub fault: Fault,
}

/// What is wrong with a rule.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The first rule must say what shop this is.
    #[error("the first rule must be a `shop`")]
    NoShop,
    /// There is no such kind of rule.
    #[error("there is no kind of rule `{0}`")]
    Kind(String),
    /// Something that is not `field=value`, a field that this kind does not have, or one that stands twice.
    #[error("`{0}` does not belong here")]
    Stray(String),
    /// A field without which the rule means nothing.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// A field with a value that it cannot have.
    #[error("`{field}={value}` should be {wanted}")]
    Value {
        /// The field.
        field: &'static str,
        /// What stands there.
        value: String,
        /// What may stand there.
        wanted: String,
    },
    /// A rule for an item that no line above names.
    #[error("there is no item `{0}` above")]
    NoItem(String),
    /// It has another rule's name, or decides what that has decided.
    #[error("rule `{0}` says so already")]
    Twice(String),
}

/// The fields of one rule that have not been read yet.
struct Fields<'a> {
    kind: &'a str,
    name: &'a str,
    rest: Vec<&'a str>,
}

impl<'a> Fields<'a> {
    /// None for a line without a rule.
    fn split(line: &'a str) -> Option<Self> {
        let mut words = line.split_whitespace();
        Some(Self {
            kind: words.next()?,
            name: words.next().unwrap_or_default(),
            rest: words.collect(),
        })
    }

    fn take(&mut self, field: &'static str) -> Option<&'a str> {
        let value = |word: &&'a str| word.strip_prefix(field)?.strip_prefix('=');
        let index = self.rest.iter().position(|word| value(word).is_some())?;
        value(&self.rest.remove(index))
    }

    fn read<T>(
        &mut self,
        field: &'static str,
        wanted: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<T, Fault> {
        let value = self.take(field).ok_or(Fault::Missing(field))?;
        read(value).ok_or_else(|| Fault::Value {
            field,
            value: value.to_owned(),
            wanted: wanted.to_owned(),
        })
    }

    /// An amount or a rate, in units of its last digit, of which there are at most `max`: a whole number when written.
    fn decimal(&mut self, field: &'static str, digits: usize, max: i64) -> Result<i64, Fault> {
        let most = max / 10_i64.pow(digits as u32);
        let wanted =
            format!("a number from 0 to {most} with at most {digits} digits after the point");
        self.read(field, &wanted, |text| {
            let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
            let sound = plain(whole) && plain(fraction) && !whole.is_empty();
            if !sound || text.ends_with('.') || fraction.len() > digits {
                return None;
            }
            let units = format!("{whole}{fraction:0<digits$}").parse().ok()?;
            (units <= max).then_some(units)
        })
    }

    fn rate(&mut self, field: &'static str) -> Result<Rate, Fault> {
        Ok(Rate(self.decimal(field, 2, 10_000)? as u32))
    }

    fn quantity(&mut self) -> Result<u32, Fault> {
        let wanted = format!("a quantity from 1 to {MAX_QUANTITY}");
        self.read("from", &wanted, |text| {
            let from = whole(text)?;
            (1..=MAX_QUANTITY).contains(&from).then_some(from)
        })
    }

    fn end(self) -> Result<(), Fault> {
        match self.rest.first() {
            None => Ok(()),
            Some(word) => Err(Fault::Stray((*word).to_owned())),
        }
    }
}

/// The rules so far.
#[derive(Default)]
struct Reader {
    shop: Option<(Currency, Rounding)>,
    items: Vec<Item>,
    /// Where each item stands, by name.
    places: BTreeMap<String, usize>,
    /// By rank, with the item if there is one.
    promos: BTreeMap<u32, (Option<usize>, Step<Rate>)>,
    taxes: Vec<Taxes>,
    /// What is decided, and the name of the rule that does.
    decided: BTreeMap<String, String>,
}

impl Reader {
    fn add(&mut self, rule: &mut Fields<'_>) -> Result<(), Fault> {
        self.decide(rule, format!("name {}", rule.name))?;
        let Some((currency, _)) = self.shop else {
            return self.shop(rule);
        };
        match rule.kind {
            "item" => {
                let id = rule.read("id", WHOLE, whole)?;
                self.decide(rule, format!("id {id}"))?;
                let class = rule.read("class", "standard, reduced or zero", class)?;
                let price = rule.decimal("price", currency.digits(), MAX_PRICE)?;
                let (tiers, promos) = (Vec::new(), Vec::new());
                self.places.insert(rule.name.to_owned(), self.items.len());
                self.items.push(Item {
                    id,
                    class,
                    price,
                    tiers,
                    promos,
                });
            }
            "tier" => {
                let name = rule.take("item").ok_or(Fault::Missing("item"))?;
                let place = self.place(name)?;
                let from = rule.quantity()?;
                self.decide(rule, format!("tier {name} {from}"))?;
                let value = rule.decimal("price", currency.digits(), MAX_PRICE)?;
                self.items[place].tiers.push(Step { from, value });
            }
            "promo" => {
                let rank = rule.read("rank", WHOLE, whole)?;
                self.decide(rule, format!("rank {rank}"))?;
                let item = rule.take("item").map(|name| self.place(name));
                let from = match rule.quantity() {
                    Err(Fault::Missing(_)) => 1,
                    other => other?,
                };
                let value = rule.rate("percent")?;
                self.promos
                    .insert(rank, (item.transpose()?, Step { from, value }));
            }
            "tax" => {
                let to: Country =
                    rule.read("to", "two capital letters", |text| text.parse().ok())?;
                self.decide(rule, format!("tax {to:?}"))?;
                let rates = [rule.rate("standard")?, rule.rate("reduced")?, Rate(0)];
                self.taxes.push(Taxes { to, rates });
            }
            "shop" => return Err(Fault::Stray("shop".to_owned())),
            kind => return Err(Fault::Kind(kind.to_owned())),
        }
        Ok(())
    }

    fn shop(&mut self, rule: &mut Fields<'_>) -> Result<(), Fault> {
        if rule.kind != "shop" {
            return Err(Fault::NoShop);
        }
        let currency = rule.read("currency", "EUR, JPY, KWD or USD", |text| match text {
            "EUR" => Some(Currency::Eur),
            "JPY" => Some(Currency::Jpy),
            "KWD" => Some(Currency::Kwd),
            "USD" => Some(Currency::Usd),
            _ => None,
        })?;
        let rounding = rule.read("rounding", "half-even or half-up", |text| match text {
            "half-even" => Some(Rounding::HalfEven),
            "half-up" => Some(Rounding::HalfUp),
            _ => None,
        })?;
        self.shop = Some((currency, rounding));
        Ok(())
    }

    /// Refuses what another rule has decided.
    fn decide(&mut self, rule: &Fields<'_>, what: String) -> Result<(), Fault> {
        match self.decided.insert(what, rule.name.to_owned()) {
            Some(other) => Err(Fault::Twice(other)),
            None => Ok(()),
        }
    }

    fn place(&self, name: &str) -> Result<usize, Fault> {
        let place = self.places.get(name).copied();
        place.ok_or_else(|| Fault::NoItem(name.to_owned()))
    }

    fn finish(mut self) -> Option<Rules> {
        let (currency, rounding) = self.shop?;
        for &(of, step) in self.promos.values() {
            let items = match of {
                Some(place) => &mut self.items[place..=place],
                None => &mut self.items[..],
            };
            items.iter_mut().for_each(|item| item.promos.push(step));
        }
        for item in &mut self.items {
            item.tiers.sort_unstable_by_key(|tier| Reverse(tier.from));
        }
        self.items.sort_unstable_by_key(|item| item.id);
        self.taxes.sort_unstable_by_key(|taxes| taxes.to);
        Some(Rules {
            currency,
            rounding,
            items: self.items,
            taxes: self.taxes,
        })
    }
}

/// What [`whole`] reads.
const WHOLE: &str = "a whole number";

/// Digits alone. `parse` would take a sign in front as well.
fn whole(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| plain(text))
}

fn plain(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit())
}

fn class(text: &str) -> Option<Class> {
    match text {
        "standard" => Some(Class::Standard),
        "reduced" => Some(Class::Reduced),
        "zero" => Some(Class::Zero),
        _ => None,
    }
}
