//! The properties of `decimal-money`'s spec, natively, over many more seeds: the solution against
//! exact fractions. And the claim of its chapter that a decimal crate may round in silence.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use rust_decimal::{Decimal, RoundingStrategy};
use solution_decimal_money as zone;

#[path = "../../../tests/specs/decimal_money/draw.rs"]
mod draw;
#[path = "../../../tests/specs/decimal_money/exact.rs"]
mod exact;
#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/decimal_money/expect.rs"]
mod expect;
#[path = "../../../tests/specs/decimal_money/properties.rs"]
mod properties;
#[path = "../../../tests/specs/shared/random.rs"]
mod random;

/// Each failure names its seed; the property alone, with that seed, fails again.
const SEEDS: std::ops::Range<u64> = 0..5_000;

#[test]
fn random_roundings_match_exact_arithmetic() {
    SEEDS.for_each(properties::roundings_are_exact);
}

#[test]
fn random_products_are_exact_or_refused() {
    SEEDS.for_each(properties::products_are_exact);
}

#[test]
fn random_fractions_are_exact_or_refused() {
    SEEDS.for_each(properties::fractions_are_exact);
}

/// Squaring 0.1 again and again doubles the digits after the point until no count of them fits.
#[test]
fn a_product_without_end_is_refused() {
    let mut number: zone::Decimal = "0.1".parse().unwrap();
    let squares = std::iter::from_fn(|| {
        number = number.times(number).ok()?;
        Some(number)
    });
    let squares: Vec<_> = squares.take(100).collect();
    assert!(squares.len() < 100, "refused in the end");
    for square in squares {
        let rounded = square.round(zone::Currency::Usd, zone::Rounding::HalfUp);
        assert_eq!(
            rounded.unwrap().to_string(),
            if square == "0.01".parse().unwrap() {
                "0.01"
            } else {
                "0.00"
            }
        );
    }
}

#[test]
fn random_percentages_are_exact() {
    SEEDS.for_each(properties::percentages_are_exact);
    SEEDS.for_each(properties::fine_percentages_are_exact);
}

#[test]
fn random_invoices_match_exact_arithmetic() {
    SEEDS.for_each(properties::invoices_are_exact);
}

#[test]
fn random_shares_sum_to_the_whole() {
    SEEDS.for_each(properties::shares_sum_to_the_whole);
}

#[test]
fn random_amounts_print_and_parse() {
    SEEDS.for_each(properties::printed_amounts_parse);
}

/// What the chapter says of `rust_decimal`: a product beyond 28 digits is rounded, `checked_mul`
/// says nothing, and the second rounding then goes the wrong way.
#[test]
fn rust_decimal_rounds_long_products_in_silence() {
    let amount: Decimal = "7000000000000000000000000054".parse().unwrap();
    let product = amount.checked_mul("0.99".parse().unwrap()).unwrap();
    assert_eq!(
        product.to_string(),
        "6930000000000000000000000053.5",
        "exactly it ends in .46"
    );
    let rounded = product.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    assert_eq!(
        rounded.to_string(),
        "6930000000000000000000000054",
        "exactly it is ...53"
    );
}

/// What the chapter says of other parsers: each of these is refused by the solution.
#[test]
fn other_parsers_take_more() {
    for text in ["inf", "1e3"] {
        assert!(text.parse::<f64>().is_ok(), "f64 refuses {text}");
        assert!(text.parse::<zone::Decimal>().is_err(), "{text}");
    }
    for text in ["1_000", ".5"] {
        assert!(
            Decimal::from_str_exact(text).is_ok(),
            "rust_decimal refuses {text}"
        );
        assert!(text.parse::<zone::Decimal>().is_err(), "{text}");
    }
}
