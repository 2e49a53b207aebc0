//! No digit is lost, and none in silence

use contract::Currency::{Jpy, Kwd, Usd};
use contract::Rounding::{HalfEven, HalfUp};
use contract::{Currency, MoneyError, PRODUCT_DIGITS};
use wasm_bindgen_test::*;

use super::SEEDS;
use super::cases::{FINE_RATES, LONG_FRACTIONS, TOO_LONG};
use super::draw::{CURRENCIES, ROUNDINGS};
use super::ends::{self, largest, smallest};
use super::expect::{decimal, expect_printed, money, shown};
use super::properties;
use crate::zone::{Decimal, Money};

/// A product is rounded once, also when it has 30 digits.
#[wasm_bindgen_test]
fn long_products_are_rounded_once() {
    let lesson = "The exact product ends in .46 of a unit. Many decimal types keep 28 digits of \
                  it and say nothing: .46 becomes .5, and that is rounded once more.";
    for (text, exact) in [
        (
            "7000000000000000000000000054",
            "6930000000000000000000000053",
        ),
        (
            "-7000000000000000000000000054",
            "-6930000000000000000000000053",
        ),
    ] {
        for rounding in [HalfEven, HalfUp] {
            let case = format!("99 percent of {text} in Jpy, {rounding:?},");
            let answer = money(text, Jpy).percent(decimal("99"), rounding);
            expect_printed(&case, answer, Some(exact), lesson);

            let case = format!("{text} * 0.99 in Jpy, {rounding:?},");
            let product = decimal(text).times(decimal("0.99"));
            let answer = product.and_then(|product| product.round(Jpy, rounding));
            expect_printed(&case, answer, Some(exact), lesson);
        }
    }
}

/// Amounts of 28 digits are exact to the last one.
#[wasm_bindgen_test]
fn amounts_of_28_digits_are_exact() {
    let lesson = "28 digits do not fit an f64 (15 to 17) or an i64 (18). They fit an i128.";
    for currency in CURRENCIES {
        let largest = largest(currency);
        let less = format!("{}8", &largest[..27 + usize::from(currency != Jpy)]);
        let unit = smallest(currency);
        for sign in ["", "-"] {
            let [less, unit, largest] =
                [&less, &unit, &largest].map(|text| format!("{sign}{text}"));
            let case = format!("{less} + {unit} in {currency:?}");
            let sum = money(&less, currency).plus(money(&unit, currency));
            expect_printed(&case, sum, Some(&largest), lesson);

            let case = format!("100 percent of {largest} in {currency:?}");
            let answer = money(&largest, currency).percent(decimal("100"), HalfUp);
            expect_printed(&case, answer, Some(&largest), lesson);
        }
        let case = format!("{largest} and as much below zero in {currency:?}");
        let sum = money(&largest, currency).plus(money(&format!("-{largest}"), currency));
        let nothing = money("0", currency).to_string();
        expect_printed(&case, sum, Some(&nothing), lesson);
    }
}

/// Digits far after the point count, or the product is refused: no panic, no wrapping.
#[wasm_bindgen_test]
fn long_fractions_are_exact_or_refused() {
    for (left, right) in LONG_FRACTIONS {
        for currency in CURRENCIES {
            for rounding in ROUNDINGS {
                properties::expect_product("", left, right, currency, rounding);
            }
        }
    }
    expect_squares("0.1", Usd, &["0.01"], Some("0.00"));
    let squares = ["100", "10000", "100000000", "10000000000000000"];
    expect_squares("10", Jpy, &squares, None);
    // One digit more than a number may have. Holding it would be fine; dropping it is not.
    let beside_a_tie = "0.00500000000000000000000000001".parse::<Decimal>();
    let rounded = beside_a_tie.and_then(|number| number.round(Usd, HalfEven));
    assert!(
        rounded == Err(MoneyError::Overflow) || rounded == Ok(money("0.01", Usd)),
        "0.005 and a little more is 0.01 or an overflow, but the answer was {}. Digits must not \
         be dropped in silence",
        shown(&rounded)
    );
}

/// What has more than 28 digits is an overflow: no panic, no wrapping, no rounding.
#[wasm_bindgen_test]
fn too_many_digits_are_an_overflow() {
    let lesson = "Too large is an answer too. It must not be a smaller number, an infinite one or \
                  a panic.";
    for text in TOO_LONG.into_iter().chain([&*"9".repeat(400)]) {
        for text in [text.to_owned(), format!("-{text}"), format!("{text}.0")] {
            let answer = text.parse::<Decimal>();
            assert!(
                answer == Err(MoneyError::Overflow),
                "{text} has too many digits for a Decimal: expected Overflow, but the answer was \
                 {answer:?}. {lesson}"
            );
            let case = format!("{text}, parsed in Kwd,");
            if !text.contains('.') {
                expect_printed(&case, Money::parse(&text, Kwd), None, lesson);
            }
        }
    }
    // 28 digits, but 30 of them in cents.
    let nines = "9".repeat(28);
    expect_printed(
        "28 nines, parsed in Usd,",
        Money::parse(&nines, Usd),
        None,
        lesson,
    );
    let rounded = decimal(&nines).round(Usd, HalfEven);
    expect_printed("28 nines, rounded to Usd,", rounded, None, lesson);
    let rounded = decimal(&format!("{}.5", &nines[1..])).round(Usd, HalfEven);
    expect_printed(
        "27 nines and a half, rounded to Usd,",
        rounded,
        None,
        lesson,
    );
    let square = decimal(&nines).times(decimal(&nines));
    let rounded = square.and_then(|square| square.round(Jpy, HalfEven));
    expect_printed("the square of 28 nines", rounded, None, lesson);

    CURRENCIES.into_iter().for_each(ends::are_overflows);
    ends::carries_are_overflows();
}

/// Products are exact; beyond 38 digits they may be refused, never rounded.
#[wasm_bindgen_test]
fn random_products_are_exact() {
    for seed in SEEDS {
        properties::products_are_exact(seed);
    }
    for seed in SEEDS {
        properties::fractions_are_exact(seed);
    }
}

/// Percentages are exact, however fine the rate; beyond 38 digits they may be refused.
#[wasm_bindgen_test]
fn random_percentages_are_exact() {
    for seed in SEEDS {
        properties::percentages_are_exact(seed);
    }
    for (percent, amount, half_even, half_up) in FINE_RATES {
        for (rounding, right) in [(HalfEven, half_even), (HalfUp, half_up)] {
            let case = format!("{percent} percent of {amount} in Usd, {rounding:?},");
            let answer = money(amount, Usd).percent(decimal(percent), rounding);
            let lesson = "A rate may be as fine as any number, and its last digit decides.";
            expect_printed(&case, answer, Some(right), lesson);
        }
    }
    for seed in SEEDS {
        properties::fine_percentages_are_exact(seed);
    }
}

/// Squares a number that has one digit beside its zeros until that is refused, or takes too long.
/// `first` are the first squares in `currency`, `then` all others; `None` is no amount.
#[track_caller]
#[allow(clippy::clone_on_copy, reason = "a design need not be Copy")]
fn expect_squares(start: &str, currency: Currency, first: &[&str], then: Option<&str>) {
    let lesson = "Products of products grow until no count of their digits fits. What is too long \
                  is refused. A count that wraps makes another number of it.";
    let mut number = decimal(start);
    for squares in 1..=70 {
        let begun = js_sys::Date::now();
        let factor = number.clone();
        let case = format!("{start}, squared {squares} times, in {currency:?}");
        number = match factor.times(number) {
            Ok(square) => square,
            Err(error) => {
                let is_long = (1_u128 << squares) + 2 > PRODUCT_DIGITS as u128;
                assert!(
                    is_long && error == MoneyError::Overflow,
                    "{case}, is exact while the factors have {PRODUCT_DIGITS} digits together or \
                     fewer, and then it may be an overflow. But the answer was {error:?}. {lesson}"
                );
                return;
            }
        };
        let rounded = number.clone().round(currency, HalfEven);
        expect_printed(
            &case,
            rounded,
            first.get(squares - 1).copied().or(then),
            lesson,
        );
        if js_sys::Date::now() - begun > 500.0 {
            return; // a design that holds every digit has shown what it can
        }
    }
}
