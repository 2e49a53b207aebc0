//! The ends of the range: the last amount there is, and what lies beyond.

use super::exact::printed;
use super::expect::{decimal, expect_printed, lines, money};
use crate::zone::{self, Currency, Rounding};

use Currency::Jpy;
use Rounding::{HalfEven, HalfUp};

const LESSON: &str = "Too large is an answer too. It must not be a smaller number, an infinite one, \
                      or one with more digits than there may be.";

/// The largest amount: 28 nines.
pub fn largest(currency: Currency) -> String {
    printed(&"9".repeat(28).parse().unwrap(), currency).unwrap()
}

/// Sums, percentages and invoices just beyond the largest amount.
#[track_caller]
pub fn are_overflows(currency: Currency) {
    let text = largest(currency);
    let most = money(&text, currency);
    let unit = decimal("1").round(currency, HalfUp).unwrap();
    expect_printed(
        &format!("{text} + {unit} in {currency:?}"),
        most.plus(unit),
        None,
        LESSON,
    );
    let case = format!("100.0000001 percent of {text} in {currency:?}");
    expect_printed(
        &case,
        most.percent(decimal("100.0000001"), HalfEven),
        None,
        LESSON,
    );
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
