//! Decimal means decimal

use contract::Currency::{Jpy, Usd};
use contract::Rounding::{HalfEven, HalfUp};
use num_bigint::BigInt;
use wasm_bindgen_test::*;

use super::SEEDS;
use super::cases::{BESIDE_A_TIE, KNOWN_ROUNDINGS, PRODUCTS, TIES, long_numbers};
use super::exact::{number, printed, units};
use super::expect::{decimal, expect_rounded, money};
use super::properties;

/// Half a cent goes to the even neighbour or away from zero, as asked.
#[wasm_bindgen_test]
fn half_a_cent_rounds_as_asked() {
    let lesson = "1.005 lies exactly between 1.00 and 1.01. The nearest f64 does not: it is \
                  1.00499999999999989, and there is no tie left to round as asked.";
    for (text, currency, half_even, half_up) in TIES {
        expect_rounded(text, currency, HalfEven, half_even, lesson);
        expect_rounded(text, currency, HalfUp, half_up, lesson);
    }
}

/// A number beside a tie goes to the nearer side, however close it is.
#[wasm_bindgen_test]
fn beside_a_tie_the_nearer_side_wins() {
    let lesson = "The last digit decides, be it the eleventh or the 25th. Who drops it first, or rounds twice, sees a tie \
                  where there is none.";
    for rounding in [HalfEven, HalfUp] {
        for (text, expected) in BESIDE_A_TIE {
            expect_rounded(text, Usd, rounding, expected, lesson);
        }
    }
}

/// 0.10 + 0.20 is 0.30, and ten dimes are a dollar.
#[wasm_bindgen_test]
fn a_tenth_and_two_tenths_are_three_tenths() {
    let lesson = "Most decimal fractions are no binary fractions: an f64 holds the nearest one, \
                  and the difference shows as soon as two amounts are compared.";
    let sum = money("0.10", Usd).plus(money("0.20", Usd));
    assert!(
        sum == Ok(money("0.30", Usd)),
        "0.10 + 0.20 equals 0.30, but the sum is {sum:?} and 0.30 is {:?}. {lesson}",
        money("0.30", Usd)
    );
    let dime = money("0.10", Usd);
    let dollar = (0..10).try_fold(money("0", Usd), |sum, _| sum.plus(dime));
    assert!(
        dollar == Ok(money("1", Usd)),
        "ten times 0.10 equals 1.00, but the sum is {dollar:?}. {lesson}"
    );
}

/// Numbers of one value are equal, also if one is a product: 0.07 times 100 is 7. No others are.
#[wasm_bindgen_test]
fn equal_numbers_are_equal() {
    for (left, right, product) in PRODUCTS {
        let answer = decimal(left).times(decimal(right));
        assert!(
            answer == Ok(decimal(product)),
            "{left} * {right} equals {product}, but the answer was {answer:?} and {product} is \
             {:?}. An invoice has one tax for each rate, so it must see that two rates are one",
            decimal(product)
        );
    }
    assert!(
        decimal("19") == decimal("19.00") && decimal("19") != decimal("1.9"),
        "19 is 19.00 and not 1.9: numbers are equal by value, not by their digits"
    );
    for (at, (left, a)) in long_numbers().iter().enumerate() {
        for (other, (right, b)) in long_numbers().iter().enumerate() {
            assert!(
                (a == b) == (at == other),
                "{left} and {right} are {}, but comparing them says the contrary. Numbers of \
                 different scales do not meet in an i128 if they are long: whoever compares them \
                 there must not take two overflows for one number",
                if at == other { "equal" } else { "not equal" }
            );
        }
    }
}

/// Random numbers round as exact arithmetic does, most of them at or beside a tie.
#[wasm_bindgen_test]
fn random_roundings_match_exact_arithmetic() {
    for seed in SEEDS {
        properties::roundings_are_exact(seed);
    }
}

/// The reference of this spec rounds as the definition of rounding says.
#[wasm_bindgen_test]
fn the_judge_is_right_about_known_roundings() {
    for (text, half_even, half_up) in KNOWN_ROUNDINGS {
        for (rounding, expected) in [(HalfEven, half_even), (HalfUp, half_up)] {
            let judged = printed(&units(&number(text), Usd, rounding), Usd);
            assert_eq!(
                judged.as_deref(),
                Some(expected),
                "the judge is wrong about {text}, {rounding:?}"
            );
        }
    }
    let nines = "9".repeat(28).parse::<BigInt>().unwrap();
    assert_eq!(printed(&nines, Jpy), Some("9".repeat(28)));
    assert_eq!(printed(&(nines + 1), Jpy), None, "28 digits are the most");
}
