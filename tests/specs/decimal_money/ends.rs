//! The ends of the range: the last amount there is, and what lies beyond.

use super::exact::printed;
use super::expect::{decimal, expect_printed, lines, money};
use crate::zone;
use contract::{Currency, Rounding};

use Currency::Jpy;
use Rounding::{HalfEven, HalfUp};

const LESSON: &str = "Too large is an answer too. It must not be a smaller number, an infinite one, \
                      or one with more digits than there may be.";

/// The largest amount: 28 nines.
pub fn largest(currency: Currency) -> String {
    printed(&"9".repeat(28).parse().unwrap(), currency).unwrap()
}

/// The smallest amount above nothing.
pub fn smallest(currency: Currency) -> String {
    printed(&1.into(), currency).unwrap()
}

/// Sums, percentages and invoices just beyond the largest amount, and below the least.
#[track_caller]
pub fn are_overflows(currency: Currency) {
    for sign in ["", "-"] {
        let text = format!("{sign}{}", largest(currency));
        let unit = format!("{sign}{}", smallest(currency));
        let case = format!("{text} + {unit} in {currency:?}");
        let sum = money(&text, currency).plus(money(&unit, currency));
        expect_printed(&case, sum, None, LESSON);

        let case = format!("twice {text} in {currency:?}");
        let sum = money(&text, currency).plus(money(&text, currency));
        expect_printed(&case, sum, None, LESSON);

        let case = format!("100.0000001 percent of {text} in {currency:?}");
        let answer = money(&text, currency).percent(decimal("100.0000001"), HalfEven);
        expect_printed(&case, answer, None, LESSON);
    }
    let text = largest(currency);
    let total = |quantities: &[&str], tax: &str| {
        let texts: Vec<_> = quantities
            .iter()
            .map(|quantity| [quantity, &*text, tax].map(str::to_owned))
            .collect();
        zone::invoice(&lines(&texts), currency, HalfUp).map(|invoice| invoice.total)
    };
    for (what, total) in [
        ("60 times", total(&["60"], "19")),
        ("two lines of", total(&["1", "1"], "0")),
        ("19 percent tax on", total(&["1"], "19")),
    ] {
        let case = format!("the total of {what} {text} in {currency:?}");
        expect_printed(&case, total, None, LESSON);
    }
}

/// A rounding that carries into a 29th digit, and one that just does not.
#[track_caller]
pub fn carries_are_overflows() {
    // 244.1 percent of the first lies half a unit below 10^28, an even number.
    const CARRIES: &str = "4096681687832855387136419500";
    const JUST_DOES_NOT: &str = "4096681687832855387136419499";
    for sign in ["", "-"] {
        for rounding in [HalfEven, HalfUp] {
            let most = format!("{sign}9999999999999999999999999997");
            for (text, right) in [(CARRIES, None), (JUST_DOES_NOT, Some(&*most))] {
                let text = format!("{sign}{text}");
                let case = format!("244.1 percent of {text} in Jpy, {rounding:?},");
                let answer = money(&text, Jpy).percent(decimal("244.1"), rounding);
                expect_printed(&case, answer, right, LESSON);
            }
        }
    }
}
