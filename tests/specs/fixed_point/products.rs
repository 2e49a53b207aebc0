//! Exact first, rounded once

use contract::ArithmeticError;
use wasm_bindgen_test::*;

use super::cases::{
    DIVISORS, ENDS_OF_PRODUCTS, ENDS_OF_QUOTIENTS, HALVES, ONE, PRODUCTS, TENTHS, THIRDS,
};
use super::exact::{ROUNDINGS, Shown, rounded};
use super::expect::{expect_product, expect_ratio, expect_sums};
use super::random::Random;
use crate::zone::Micros;

/// 3038 times 3038 is 9229444: a product may need more than 64 bits on its way.
#[wasm_bindgen_test]
fn products_beyond_64_bits_are_exact() {
    for (left, right) in PRODUCTS {
        for how in ROUNDINGS {
            expect_product(
                "",
                left * ONE,
                right * ONE,
                how,
                "Both factors carry the scale, so their product carries it twice, and its \
                 millionths of millionths leave an i64 at 9.2 million.",
            );
        }
    }
}

/// A product or quotient out of range is `Overflow`, and the last one inside is not.
#[wasm_bindgen_test]
fn overflow_is_an_error_and_never_a_number() {
    let lesson = "A result that does not fit has no nearest neighbour to stand in for it: \
                  whoever wraps or clips goes on with a number that is wrong.";
    for (left, right) in ENDS_OF_PRODUCTS {
        for how in ROUNDINGS {
            expect_product("", left, right, how, lesson);
            expect_product("", right, left, how, lesson);
        }
    }
    for (left, right) in ENDS_OF_QUOTIENTS {
        for how in ROUNDINGS {
            expect_ratio("", left, right, how, lesson);
        }
    }
}

/// What lies between two millionths goes where it was asked to go, below zero too.
#[wasm_bindgen_test]
fn rounding_goes_where_it_was_asked() {
    let lesson = "Cutting off, rounding down and rounding to nearest differ, most of all below \
                  zero: -0.0000001 is nearer to 0, and the number below it is -0.000001.";
    for left in -7..=7 {
        for right in [
            100_000, 250_000, 499_999, 500_000, 500_001, 750_000, 1_500_000,
        ] {
            for how in ROUNDINGS {
                expect_product("", left, right, how, lesson);
                expect_product("", right, -left, how, lesson);
                expect_ratio("", left, right, how, lesson);
                expect_ratio("", left, -right, how, lesson);
            }
        }
    }
}

/// A result half-way between two millionths goes to the even one, be it small or close to the end.
#[wasm_bindgen_test]
fn halves_go_to_the_even_neighbour() {
    let lesson = "A tie needs the whole rest to be seen, and random numbers hardly ever make one.";
    for odd in HALVES {
        for factor in [500_000, -500_000] {
            for beside in [-1, 0, 1] {
                for how in ROUNDINGS {
                    expect_product("", odd, factor + beside, how, lesson);
                    expect_product("", factor + beside, odd, how, lesson);
                }
            }
        }
    }
    for divisor in DIVISORS {
        let longest = (i64::MAX / ONE).saturating_mul(divisor);
        for left in (-9..=9)
            .chain(longest - 9..=longest)
            .chain(-longest..=9 - longest)
        {
            for how in ROUNDINGS {
                expect_ratio("", left, divisor, how, lesson);
                expect_ratio("", left, -divisor, how, lesson);
            }
        }
    }
}

/// Products of random numbers of every size, against 128-bit integers.
#[wasm_bindgen_test]
fn random_products_match_exact_integers() {
    for seed in 1..=4 {
        let mut random = Random::new(seed);
        for at in 0..8_000 {
            let (left, right) = match at % 4 {
                0 => random.pair_at_the_edge(),
                _ => (random.any_i64(), random.any_i64()),
            };
            for how in ROUNDINGS {
                expect_product(
                    format_args!("(seed {seed}, pair {at}) "),
                    left,
                    right,
                    how,
                    "The judge multiplied in 128 bits and rounded once.",
                );
            }
        }
    }
}

/// Quotients of random numbers of every size, against 128-bit integers.
#[wasm_bindgen_test]
fn random_quotients_match_exact_integers() {
    for seed in 1..=4 {
        let mut random = Random::new(seed);
        for at in 0..4_000 {
            let (left, right) = (random.any_i64(), random.any_i64());
            if right == 0 {
                continue;
            }
            for how in ROUNDINGS {
                expect_ratio(
                    format_args!("(seed {seed}, pair {at}) "),
                    left,
                    right,
                    how,
                    "The dividend needs the scale once more before it is divided, and that may \
                     take it beyond 64 bits, even if the quotient is small.",
                );
            }
        }
    }
}

/// A third times three is 0.999999: each step is rounded, and says so.
#[wasm_bindgen_test]
fn a_third_times_three_is_short_of_one() {
    let three = Micros::from_raw(3 * ONE);
    for (numerator, thirds, products) in THIRDS {
        for (at, (rounding, name)) in ROUNDINGS.into_iter().enumerate() {
            let third = Micros::from_raw(numerator * ONE).try_div(three, rounding);
            let product = third.and_then(|third| third.try_mul(three, rounding));
            let right = [thirds[at], products[at]].map(Micros::from_raw).map(Ok);
            assert!(
                [third, product] == right,
                "{numerator} / 3, rounded {name}, is {} and three times that {}, but the answers \
                 were {third:?} and {product:?}. No number of millionths is a third. What rounding \
                 took, multiplying cannot bring back.",
                Shown(thirds[at]),
                Shown(products[at]),
            );
        }
    }
}

/// Dividing by zero is its own error, whatever is divided.
#[wasm_bindgen_test]
fn division_by_zero_is_refused() {
    for left in [0, 1, -1, ONE, i64::MIN, i64::MAX] {
        for (rounding, name) in ROUNDINGS {
            let answer = Micros::from_raw(left).try_div(Micros::from_raw(0), rounding);
            assert!(
                answer == Err(ArithmeticError::DivisionByZero),
                "{} / 0, rounded {name}, has no answer: expected Err(DivisionByZero), came \
                 {answer:?}",
                Shown(left)
            );
        }
    }
}

/// Sums are exact, to both ends of the range.
#[wasm_bindgen_test]
fn sums_are_exact_or_refused() {
    expect_sums("", 100_000, 200_000);
    expect_sums("", i64::MAX, 1);
    expect_sums("", i64::MIN, 1);
    expect_sums("", i64::MIN, -1);
    for seed in 1..=2 {
        let mut random = Random::new(seed);
        for at in 0..5_000 {
            let (left, right) = (random.any_i64(), random.any_i64());
            expect_sums(format_args!("(seed {seed}, pair {at}) "), left, right);
        }
    }
}

/// The reference of this spec rounds as its three directions say.
#[wasm_bindgen_test]
fn the_judge_is_right_about_known_quotients() {
    for (numerator, right) in TENTHS {
        for ((rounding, name), right) in ROUNDINGS.into_iter().zip(right) {
            for sign in [1, -1] {
                let judged = rounded(sign * numerator, sign * 10, rounding);
                assert_eq!(
                    judged, right,
                    "the judge is wrong about {numerator} / 10, {name}"
                );
            }
        }
    }
}
