//! A shop's prices: quotes by rules that may change at any time.

use std::cell::{Cell, RefCell};

#[doc(inline)]
pub use contract::*;

/// Makes quotes by the rules that are in force.
#[derive(Debug)]
pub struct Engine {
    text: RefCell<String>,
    revision: Cell<u32>,
}

impl Engine {
    /// An engine with its first rules. They have revision 1.
    ///
    /// # Errors
    /// What is wrong with the rules.
    pub fn new(rules: &str) -> Result<Self, RuleError> {
        let engine = Self {
            text: RefCell::default(),
            revision: Cell::new(0),
        };
        engine.swap(rules)?;
        Ok(engine)
    }

    /// Puts new rules in force, for all quotes that begin from now on, and answers their revision: one more
    /// than before. They are read here, once, and never again: [`parses`] counts.
    ///
    /// It may be called at any time, also by what hands lines to a quote.
    ///
    /// # Errors
    /// What is wrong with the rules. Those that were in force stay so, and so does the revision.
    pub fn swap(&self, rules: &str) -> Result<u32, RuleError> {
        Rules::parse(rules)?;
        self.text.replace(rules.to_owned());
        self.revision.set(self.revision.get() + 1);
        Ok(self.revision.get())
    }

    /// The rules that are in force.
    fn rules(&self) -> Result<Rules, RuleError> {
        Rules::parse(&self.text.borrow())
    }

    /// Prices a basket, line by line in their order, by one set of rules: those in force when it begins, or,
    /// if it takes all lines first, when it has them. Its revision says which.
    ///
    /// Each line counts for itself, also if two have the same item. An empty basket costs nothing. Nothing of a
    /// quote stays behind once the answer is dropped, and a refused quote leaves nothing at all.
    ///
    /// # Errors
    /// See [`QuoteError`]. The first fault is the answer.
    pub fn quote(
        &self,
        to: Country,
        lines: impl IntoIterator<Item = Line>,
    ) -> Result<Answer, QuoteError> {
        let (rules, revision) = (self.rules()?, self.revision.get());
        let taxes = rules.taxes(to).ok_or(QuoteError::UnknownDestination)?;
        let (mut discount, mut net) = (0, 0);
        let mut nets = [0; Class::ALL.len()];
        let mut prices = Vec::new();
        for (index, line) in lines.into_iter().enumerate() {
            let (class, price) = rules.price(index, line)?;
            discount += price.discount;
            net += price.net;
            nets[class as usize] += price.net;
            if net > MAX_NET {
                return Err(QuoteError::TooLarge { index });
            }
            prices.push(price);
        }
        let tax = taxes.on(nets, rules.rounding());
        let totals = Totals {
            revision,
            discount,
            net,
            tax,
            total: net + tax,
        };
        Ok(Answer { totals, prices })
    }
}

/// A basket's prices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    totals: Totals,
    prices: Vec<LinePrice>,
}

impl Answer {
    /// What the basket costs.
    pub fn totals(&self) -> Totals {
        self.totals
    }

    /// What each line costs, in the order of the basket. It stays where it is while the answer lives.
    pub fn lines(&self) -> &[LinePrice] {
        &self.prices
    }
}
