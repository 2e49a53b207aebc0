//! `fixed-point` on this machine: the solution against exact integers, with many more cases than a
//! page has time for, and the filter's golden output, which must have the same bits here as in every
//! browser.
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

use solution_fixed_point as zone;

#[path = "../../../tests/specs/fixed_point/data.rs"]
mod data;
#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/fixed_point/exact.rs"]
mod exact;
#[path = "../../../tests/specs/fixed_point/golden.rs"]
mod golden;
#[path = "../../../tests/specs/shared/random.rs"]
mod random;

use exact::ROUNDINGS;
use fixed::types::I32F32;
use random::Random;
use zone::{ArithmeticError, LowPass, Micros, ParseError};

/// A filter's output, in units of 2^-32.
fn smoothed(share: i64, samples: &[i64]) -> Vec<i64> {
    let mut filter = LowPass::new(Micros::from_raw(share)).unwrap();
    let samples = samples.iter().map(|&bits| I32F32::from_bits(bits));
    samples
        .map(|sample| filter.smooth(sample).to_bits())
        .collect()
}

#[test]
fn products_and_quotients_are_exact() {
    for seed in 0..1_000 {
        let mut random = Random::new(seed);
        for at in 0..500 {
            let (left, right) = match at % 2 {
                0 => random.pair_at_the_edge(),
                _ => (random.any_i64(), random.any_i64()),
            };
            let (a, b) = (Micros::from_raw(left), Micros::from_raw(right));
            for (rounding, name) in ROUNDINGS {
                assert_eq!(
                    a.try_mul(b, rounding).ok().map(Micros::raw),
                    exact::product(left, right, rounding),
                    "seed {seed}: {left} * {right} millionths, {name}"
                );
                let quotient = a.try_div(b, rounding);
                if right == 0 {
                    assert_eq!(quotient, Err(ArithmeticError::DivisionByZero));
                    continue;
                }
                assert_eq!(
                    quotient.ok().map(Micros::raw),
                    exact::ratio(left, right, rounding),
                    "seed {seed}: {left} / {right} millionths, {name}"
                );
            }
        }
    }
}

/// The solution multiplies in one of two ways, and refuses in one of two. Where they meet, both
/// must be right: at the largest product that it takes for an `i64`, and some ten thousand
/// millionths around the end of the range.
#[test]
fn the_ways_to_multiply_meet_without_a_gap() {
    for seed in 0..100_000 {
        let mut random = Random::new(seed);
        let left = (random.below_u64(1 << 62) >> random.below(60)).max(1) as i64;
        let near = match random.below(2) {
            0 => 9_200_000_000_000_000_000 + i128::from(left) * random.below(2_000) as i128,
            _ => (i128::from(i64::MAX) + random.below(60_000) as i128 - 30_000) * 1_000_000,
        };
        let right = (near / i128::from(left)).min(i64::MAX.into()) as i64;
        for left in [left, -left] {
            for (rounding, name) in ROUNDINGS {
                let product = Micros::from_raw(left).try_mul(Micros::from_raw(right), rounding);
                assert_eq!(
                    product.ok().map(Micros::raw),
                    exact::product(left, right, rounding),
                    "seed {seed}: {left} * {right} millionths, {name}"
                );
            }
        }
    }
}

#[test]
fn text_is_exact() {
    for seed in 0..100_000 {
        let (text, numerator, denominator) = Random::new(seed).decimal();
        for (rounding, name) in ROUNDINGS {
            let right = exact::rounded(numerator * exact::SCALE, denominator, rounding);
            let right = exact::in_range(right).ok_or(ParseError::OutOfRange);
            let answer = Micros::parse_rounded(&text, rounding).map(Micros::raw);
            assert_eq!(answer, right, "seed {seed}: {text:?}, {name}");
            if numerator * exact::SCALE % denominator == 0 {
                assert_eq!(
                    text.parse().map(Micros::raw),
                    right,
                    "seed {seed}: {text:?}"
                );
            }
        }
    }
}

#[test]
fn scales_convert_exactly() {
    for seed in 0..100_000 {
        let mut random = Random::new(seed);
        let (raw, bits) = (random.any_i64(), random.any_i64());
        assert_eq!(
            Micros::from_raw(raw).to_binary().ok().map(I32F32::to_bits),
            exact::binary(raw),
            "seed {seed}: {raw} millionths"
        );
        for (rounding, name) in ROUNDINGS {
            assert_eq!(
                Micros::from_binary(I32F32::from_bits(bits), rounding).raw(),
                exact::decimal(bits, rounding),
                "seed {seed}: {bits} units of 2^-32, {name}"
            );
        }
    }
}

#[test]
fn the_filter_rounds_each_output_once() {
    for seed in 0..500 {
        let mut random = Random::new(seed);
        let share = random.below(1_000_001) as i64;
        let samples: Vec<i64> = (0..300).map(|_| random.any_i64()).collect();
        let bits = exact::binary(share).unwrap();
        assert_eq!(
            smoothed(share, &samples),
            exact::smoothed(bits, &samples),
            "seed {seed}, a share of {share} millionths"
        );
    }
}

/// The very numbers that the spec demands of every browser.
#[test]
fn the_filter_has_the_browsers_bits() {
    for case in golden::GOLDEN {
        let outputs = smoothed(case.share, &(case.samples)());
        assert_eq!(outputs[..4], case.first, "{}", case.name);
        assert_eq!(outputs.last(), Some(&case.last), "{}", case.name);
        assert_eq!(
            golden::fingerprint(&outputs),
            case.fingerprint,
            "{}",
            case.name
        );
    }
}
