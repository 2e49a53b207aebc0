//! What right fixed-point arithmetic must do: compute the exact result, round it once,
//! in the direction asked for, and answer a typed error if it does not fit. That holds
//! for products, quotients, text and both conversions; over the whole range, below zero
//! too. And the filter's output is a matter of integers: the same bits everywhere.
//!
//! How you get there is up to you. The judge computes with 128-bit integers.

#![allow(clippy::unwrap_used)]

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use crate::zone::{ArithmeticError, InvalidShare, LowPass, Micros, ParseError};

#[path = "fixed_point/cases.rs"]
mod cases;
#[path = "fixed_point/contenders.rs"]
mod contenders;
#[path = "fixed_point/data.rs"]
mod data;
#[path = "fixed_point/exact.rs"]
mod exact;
#[path = "fixed_point/expect.rs"]
mod expect;
#[path = "fixed_point/golden.rs"]
mod golden;
#[path = "fixed_point/measure.rs"]
mod measure;
#[path = "shared/random.rs"]
mod random;

use cases::{
    BEYOND, BINARY, ENDS_OF_PRODUCTS, ENDS_OF_QUOTIENTS, ENDS_OF_TEXT, EXACT_TEXT, HALF_WRITTEN,
    INEXACT_SCIENTIFIC, INEXACT_TEXT, NONSENSE, ONE, PRINTED, PRODUCTS, SCIENTIFIC, TENTHS, THIRDS,
};
use exact::{ROUNDINGS, Shown, in_range, rounded};
use expect::{
    expect_outputs, expect_product, expect_ratio, expect_read, expect_read_or_malformed,
    expect_rounded, expect_rounded_or_malformed, expect_sums, smoothed,
};
use fixed::types::I32F32;
use random::Random;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: rows of operation, way, operands, accumulators, millions a second.
#[wasm_bindgen]
pub fn show() -> Array {
    measure::picture()
}

/// What `cargo kata bench fixed` prints and judges: rows of operation, way, operands,
/// accumulators, nanoseconds.
#[wasm_bindgen]
pub fn bench() -> Array {
    measure::benchmark()
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

/// Text is read as it is written, with no binary float in between.
#[wasm_bindgen_test]
fn text_is_read_digit_by_digit() {
    let lesson = "An f64 on the way holds 53 bits, and no decimal fraction but halves, quarters \
                  and the like. It rounds before you do.";
    for (text, rights) in INEXACT_TEXT {
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            expect_rounded("", text, how, Ok(right), lesson);
        }
    }
    let zeros = format!("-{}7.5", "0".repeat(400));
    for (text, right) in EXACT_TEXT.into_iter().chain([(&*zeros, -7_500_000)]) {
        expect_read("", text, Ok(right), lesson);
        for how in ROUNDINGS {
            expect_rounded("", text, how, Ok(right), lesson);
        }
    }
}

/// A digit beyond the sixth place is refused, or rounded as asked: never dropped in silence.
#[wasm_bindgen_test]
fn digits_beyond_the_sixth_place_are_never_dropped_in_silence() {
    for (text, _) in INEXACT_TEXT {
        expect_read(
            "",
            text,
            Err(ParseError::TooPrecise),
            "Somebody wrote those digits. If they do not fit and nobody said how to round, the \
             honest answer is that they do not fit.",
        );
    }
    let zeros = "0".repeat(400);
    let above_half = format!("0.0000005{zeros}1");
    let below_zero = format!("-0.{zeros}1");
    for (text, rights) in [(above_half, [1, 0, 0]), (below_zero, [0, 0, -1])] {
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            let lesson = "The last digit counts, wherever it stands.";
            expect_rounded("", &text, how, Ok(right), lesson);
        }
    }
}

/// JavaScript writes 0.0000001 as `1e-7`: that is read exactly or refused, but is not 0.
#[wasm_bindgen_test]
fn scientific_notation_is_read_exactly_or_refused() {
    let lesson = "`String(0.0000001)` is \"1e-7\" in JavaScript, so such text will come.";
    for (text, right) in SCIENTIFIC {
        expect_read_or_malformed(text, right, lesson);
    }
    for (text, rights) in INEXACT_SCIENTIFIC {
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            expect_rounded_or_malformed(text, how, right, lesson);
        }
    }
}

/// Text beyond the range is `OutOfRange`, however long; at the very end rounding decides.
#[wasm_bindgen_test]
fn text_beyond_the_range_is_refused() {
    let lesson = "The nearest number that fits is not what was written.";
    let long = "1".repeat(400);
    for text in BEYOND.into_iter().chain([&*long]) {
        expect_read("", text, Err(ParseError::OutOfRange), lesson);
        for how in ROUNDINGS {
            expect_rounded("", text, how, Err(ParseError::OutOfRange), lesson);
        }
    }
    for (text, rights) in ENDS_OF_TEXT {
        for (how, right) in ROUNDINGS.into_iter().zip(rights) {
            expect_rounded("", text, how, right, lesson);
        }
    }
}

/// What is no decimal number is `Malformed`, even if a float parser takes it.
#[wasm_bindgen_test]
fn nonsense_is_refused() {
    let lesson = "A float's parser knows NaN and inf; cast to an integer they are 0 and the \
                  largest number.";
    for text in NONSENSE {
        expect_read("", text, Err(ParseError::Malformed), lesson);
        for how in ROUNDINGS {
            expect_rounded("", text, how, Err(ParseError::Malformed), lesson);
        }
    }
    for (text, right) in HALF_WRITTEN {
        expect_read_or_malformed(text, Ok(right), "Take it or leave it, but take it whole.");
    }
}

/// Random decimals with up to 15 places, against exact fractions.
#[wasm_bindgen_test]
fn random_text_matches_exact_fractions() {
    for seed in 1..=4 {
        let mut random = Random::new(seed);
        for at in 0..3_000 {
            let (text, numerator, denominator) = random.decimal();
            for how in ROUNDINGS {
                let right = in_range(rounded(numerator * exact::SCALE, denominator, how.0));
                expect_rounded(
                    format_args!("(seed {seed}, text {at}) "),
                    &text,
                    how,
                    right.ok_or(ParseError::OutOfRange),
                    "The judge took the text for an exact fraction and rounded it once.",
                );
            }
        }
    }
}

/// What is printed is exact, plain, and reads back as the same number.
#[wasm_bindgen_test]
fn every_number_survives_printing_and_reading() {
    for (raw, text) in PRINTED {
        let printed = Micros::from_raw(raw).to_string();
        assert!(
            printed == text,
            "{raw} millionths print as {text:?}, but came as {printed:?}"
        );
    }
    for seed in 1..=2 {
        let mut random = Random::new(seed);
        for at in 0..5_000 {
            let value = Micros::from_raw(random.any_i64());
            let again = value.to_string().parse();
            assert!(
                again == Ok(value),
                "(seed {seed}, number {at}) {} printed as {:?} and was read back as {again:?}",
                Shown(value.raw()),
                value.to_string(),
            );
        }
    }
}

/// Millionths become units of 2^-32 and back by value, never by bits, and never through a float.
#[wasm_bindgen_test]
fn scales_convert_by_value() {
    for (raw, bits) in BINARY {
        assert_eq!(
            exact::binary(raw),
            bits,
            "the judge is wrong about {raw} in units of 2^-32"
        );
    }
    for seed in 1..=3 {
        let mut random = Random::new(seed);
        for at in 0..4_000 {
            let raw = BINARY
                .get(at)
                .map_or_else(|| random.any_i64(), |&(raw, _)| raw);
            let right = exact::binary(raw)
                .map(I32F32::from_bits)
                .ok_or(ArithmeticError::Overflow);
            let answer = Micros::from_raw(raw).to_binary();
            assert!(
                answer == right,
                "(seed {seed}, number {at}) {} is {:?} in units of 2^-32, but the answer was {:?}. \
                 The integers inside differ by a factor of 2^32 / 10^6, and a float between them \
                 drops the last bits of a large one.",
                Shown(raw),
                right.map(I32F32::to_bits),
                answer.map(I32F32::to_bits),
            );
            let bits = random.any_i64();
            for (rounding, name) in ROUNDINGS {
                let answer = Micros::from_binary(I32F32::from_bits(bits), rounding).raw();
                let right = exact::decimal(bits, rounding);
                assert!(
                    answer == right,
                    "(seed {seed}, number {at}) {bits} units of 2^-32 are {}, rounded {name}, but the \
                     answer was {}",
                    Shown(right),
                    Shown(answer),
                );
            }
        }
    }
}

/// Each output of the filter is an exact weighted mean, rounded once.
#[wasm_bindgen_test]
fn each_output_of_the_filter_is_rounded_once() {
    for seed in 1..=3 {
        let mut random = Random::new(seed);
        let any: Vec<i64> = (0..400).map(|_| random.any_i64()).collect();
        let ends: Vec<i64> = (0..400)
            .map(|_| [i64::MIN, i64::MAX][random.below(2)])
            .collect();
        let share = random.below_u64(ONE as u64 + 1) as i64;
        for share in [share, 1, 500_000, 999_999, ONE, 0] {
            let bits = exact::binary(share).unwrap();
            for samples in [&any, &ends] {
                expect_outputs(
                    format_args!("(seed {seed}) a filter with a share of {}", Shown(share)),
                    &smoothed(share, samples),
                    &exact::smoothed(bits, samples),
                    "`*` of the crate `fixed` rounds down, and the way from the lower end of the \
                     range to the upper one needs 33 bits before the point.",
                );
            }
        }
    }
}

/// Turn the signal upside down and the output turns with it: the filter has no drift.
#[wasm_bindgen_test]
fn the_filter_does_not_drift() {
    for share in [50_000, 1_000, 10] {
        let mut random = Random::new(share as u64);
        let signal: Vec<i64> = (0..3_000).map(|_| random.next() as i64 >> 40).collect();
        let mirrored: Vec<i64> = signal.iter().map(|sample| -sample).collect();
        let turned: Vec<i64> = smoothed(share, &mirrored)
            .iter()
            .map(|output| -output)
            .collect();
        expect_outputs(
            format_args!(
                "(seed {share}) a filter with a share of {} and the signal upside down",
                Shown(share)
            ),
            &turned,
            &smoothed(share, &signal),
            "Rounding down takes half a unit from every step, up or down the signal, and a \
             filter adds its steps up.",
        );
    }
}

/// The bits that every engine and every machine answers for the same samples.
#[wasm_bindgen_test]
fn filter_bits_are_the_same_everywhere() {
    for case in golden::GOLDEN {
        let outputs = smoothed(case.share, &(case.samples)());
        expect_outputs(
            format_args!("{}, the first outputs", case.name),
            &outputs[..4],
            &case.first,
            "Python's integers computed it.",
        );
        let answer = (outputs[outputs.len() - 1], golden::fingerprint(&outputs));
        assert!(
            answer == (case.last, case.fingerprint),
            "{}: the last output is {} and the fingerprint of all {:#018x}, but the answer was {} \
             and {:#018x}. Somewhere on the way one step was rounded another way, and a filter \
             never forgets it quite.",
            case.name,
            case.last,
            case.fingerprint,
            answer.0,
            answer.1,
        );
    }
}

/// A share below 0 or above 1 makes no filter.
#[wasm_bindgen_test]
fn a_share_outside_of_0_to_1_is_refused() {
    for share in [-1, ONE + 1, 2 * ONE, -ONE, i64::MAX, i64::MIN] {
        let answer = LowPass::new(Micros::from_raw(share)).map(|_| ());
        assert!(
            answer == Err(InvalidShare),
            "a filter that takes {} of each sample is none: expected Err(InvalidShare), came \
             {answer:?}",
            Shown(share)
        );
    }
}
