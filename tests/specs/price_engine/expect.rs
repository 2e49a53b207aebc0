//! A small shop, and what the spec asks of it.

use super::trace::Request;
use crate::zone::{Answer, Engine};
use contract::{Country, Line, QuoteError, Totals};

/// A shop with little in it: rules, and an item of each class.
pub const SMALL: &str = "\
shop  small    currency=EUR rounding=half-even
item  pen      id=1 class=standard price=3.35   # euros
item  book     id=2 class=reduced  price=20.00
item  stamp    id=3 class=zero     price=0.95
tier  pens-10  item=pen from=10 price=2.99
tier  pens-50  item=pen from=50 price=2.50
promo spring   rank=2 item=pen from=5 percent=10
promo pens     rank=1 item=pen from=20 percent=5
promo all      rank=3 from=100 percent=1
tax   germany  to=DE standard=19 reduced=7
tax   denmark  to=DK standard=25 reduced=25
";

pub fn engine(rules: &str) -> Engine {
    Engine::new(rules).unwrap_or_else(|error| {
        panic!("these rules are valid, and the engine refused them: {error}");
    })
}

pub fn country(letters: &str) -> Country {
    letters.parse().unwrap()
}

pub fn lines(pairs: &[(u32, u32)]) -> impl Iterator<Item = Line> {
    let line = |&(item, quantity)| Line { item, quantity };
    pairs.iter().map(line)
}

/// A quote that must be made.
pub fn quoted(engine: &Engine, to: &str, basket: &[(u32, u32)]) -> Answer {
    match engine.quote(country(to), lines(basket)) {
        Ok(answer) => answer,
        Err(error) => panic!("a quote for {basket:?} to {to} was due, and the answer was: {error}"),
    }
}

/// A quote that must be refused.
pub fn refused(engine: &Engine, to: &str, basket: &[(u32, u32)]) -> QuoteError {
    match engine.quote(country(to), lines(basket)) {
        Err(error) => error,
        Ok(answer) => panic!(
            "{basket:?} to {to} cannot be quoted, and the answer was {:?}",
            answer.totals()
        ),
    }
}

/// Discount, net, tax and total.
pub fn sums(totals: Totals) -> [i64; 4] {
    [totals.discount, totals.net, totals.tax, totals.total]
}

/// Asserts what a basket costs, in minor units.
pub fn costs(engine: &Engine, to: &str, basket: &[(u32, u32)], due: [i64; 4], why: &str) {
    let sums = sums(quoted(engine, to, basket).totals());
    assert!(
        sums == due,
        "{basket:?} to {to}: discount, net, tax and total are {due:?} minor units, but the answer was {sums:?}. {why}"
    );
}

/// All numbers of a quote, or of why there is none.
pub fn numbers(engine: &Engine, request: &Request) -> Vec<i64> {
    match engine.quote(country(request.to), lines(&request.lines)) {
        Ok(answer) => {
            let each = answer.lines().iter();
            let each = each.flat_map(|price| [price.unit, price.discount, price.net]);
            let sums = sums(answer.totals());
            std::iter::once(0).chain(sums).chain(each).collect()
        }
        Err(QuoteError::UnknownDestination) => vec![1],
        Err(QuoteError::UnknownItem { index, .. }) => vec![2, index as i64],
        Err(QuoteError::Quantity { index, .. }) => vec![3, index as i64],
        Err(QuoteError::TooLarge { index }) => vec![4, index as i64],
        Err(QuoteError::Rules(error)) => panic!("the rules are valid, but a quote said: {error}"),
    }
}
