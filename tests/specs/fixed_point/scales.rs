//! Two scales, and a filter between them

use contract::{ArithmeticError, InvalidShare, Rounding};
use fixed::types::I32F32;
use wasm_bindgen_test::*;

use super::cases::{BINARY, BINARY_TIES, ONE};
use super::exact::{self, ROUNDINGS, Shown};
use super::expect::{expect_outputs, smoothed};
use super::golden;
use super::random::Random;
use crate::zone::{LowPass, Micros};

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
            for how in ROUNDINGS {
                expect_decimal(&format!("(seed {seed}, number {at}) "), bits, how);
            }
        }
    }
}

/// Units of 2^-32 half-way between two millionths go to the even one, or where they were asked.
#[wasm_bindgen_test]
fn half_a_millionth_in_binary_goes_where_it_was_asked() {
    for odd in BINARY_TIES {
        for beside in [-1, 0, 1] {
            for how in ROUNDINGS {
                expect_decimal("", (odd << 25) + beside, how);
            }
        }
    }
}

/// Fails unless so many units of 2^-32 become the right number of millionths.
#[track_caller]
fn expect_decimal(case: &str, bits: i64, (rounding, name): (Rounding, &str)) {
    let answer = Micros::from_binary(I32F32::from_bits(bits), rounding).raw();
    let right = exact::decimal(bits, rounding);
    assert!(
        answer == right,
        "{case}{bits} units of 2^-32 are {}, rounded {name}, but the answer was {}. They are a \
         fraction over 2^32: multiply by a million first, then round once.",
        Shown(right),
        Shown(answer),
    );
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
