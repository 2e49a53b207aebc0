//! A shop's prices: quotes by rules that may change at any time.
//!
//! The rules are read once, when they come. From then on a quote only looks things up. It takes hold of one
//! set of rules when it begins and keeps that to its end, whatever is put in force meanwhile, and nothing
//! of it is left when its answer is dropped.

use std::cell::RefCell;
use std::rc::Rc;

#[doc(inline)]
pub use contract::*;

/// Makes quotes by the rules that are in force.
#[derive(Debug)]
pub struct Engine {
    current: RefCell<Rc<Edition>>,
}

/// Rules, and which ones they are.
#[derive(Debug)]
struct Edition {
    revision: u32,
    rules: Rules,
}

impl Engine {
    /// An engine with its first rules. They have revision 1.
    ///
    /// # Errors
    /// What is wrong with the rules.
    pub fn new(rules: &str) -> Result<Self, RuleError> {
        let first = Edition {
            revision: 1,
            rules: Rules::parse(rules)?,
        };
        Ok(Self {
            current: RefCell::new(Rc::new(first)),
        })
    }

    /// Puts new rules in force, for all quotes that begin from now on, and answers their revision: one more
    /// than before. They are read here, once, and never again: [`parses`] counts.
    ///
    /// It may be called at any time, also by what hands lines to a quote.
    ///
    /// # Errors
    /// What is wrong with the rules. Those that were in force stay so, and so does the revision.
    pub fn swap(&self, rules: &str) -> Result<u32, RuleError> {
        let rules = Rules::parse(rules)?;
        let revision = self.current.borrow().revision + 1;
        self.current.replace(Rc::new(Edition { revision, rules }));
        Ok(revision)
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
        let mut prices = Vec::new();
        let totals = self.price(to, lines, |price| prices.push(price))?;
        Ok(Answer { totals, prices })
    }

    /// The same for whoever needs no list: each line's price is handed over as it is found, and nothing
    /// is allocated. If a later line is refused, those before it have been handed over.
    ///
    /// # Errors
    /// See [`QuoteError`].
    pub fn price(
        &self,
        to: Country,
        lines: impl IntoIterator<Item = Line>,
        mut each: impl FnMut(LinePrice),
    ) -> Result<Totals, QuoteError> {
        // A count of owners goes up. No borrow is held while the caller's code runs, which may swap.
        let edition = Rc::clone(&self.current.borrow());
        let rules = &edition.rules;
        let taxes = rules.taxes(to).ok_or(QuoteError::UnknownDestination)?;
        let (mut discount, mut net) = (0, 0);
        let mut nets = [0; Class::ALL.len()];
        for (index, line) in lines.into_iter().enumerate() {
            let (class, price) = rules.price(index, line)?;
            discount += price.discount;
            net += price.net;
            nets[class as usize] += price.net;
            if net > MAX_NET {
                return Err(QuoteError::TooLarge { index });
            }
            each(price);
        }
        let tax = taxes.on(nets, rules.rounding());
        Ok(Totals {
            revision: edition.revision,
            discount,
            net,
            tax,
            total: net + tax,
        })
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
