//! A right `sum` is within one ulp of the correctly rounded exact sum: the
//! nearest `f32`, or its neighbour. Whatever the order, the lanes, the length,
//! the alignment; with a condition number of up to 1e8, and beyond that in the
//! classic cases where everything large cancels. So is a right `dot`. A right
//! `variance` has a relative error below 1e-12. With SIMD or without, in one
//! browser or another, the bits are the same.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use js_sys::Array;
use wasm_bindgen::prelude::*;
use wasm_bindgen_test::*;

use crate::zone;

#[path = "stable_sum/contenders.rs"]
mod contenders;
#[path = "stable_sum/data.rs"]
mod data;
#[path = "stable_sum/exact.rs"]
mod exact;
#[path = "stable_sum/expect.rs"]
mod expect;
#[path = "stable_sum/measure.rs"]
mod measure;
#[path = "stable_sum/nist.rs"]
mod nist;
#[path = "shared/random.rs"]
mod random;

use data::{Order, ill_conditioned, ill_conditioned_dot};
use exact::{Exact, ulps_between};
use expect::{
    both_dots, both_sums, expect_condition, expect_dot, expect_sum, expect_sum_of, expect_variance,
};
use random::Random;

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// What the page draws: rows of data, n, algorithm, error in ulps, GB/s.
#[wasm_bindgen]
pub fn show() -> Array {
    measure::picture()
}

/// What `cargo kata bench` prints: rows of algorithm, GB/s, error in ulps.
#[wasm_bindgen]
pub fn bench() -> Array {
    measure::benchmark()
}

/// The reference of this spec adds exactly and rounds to nearest, ties to even.
#[wasm_bindgen_test]
fn the_judge_is_right_about_known_sums() {
    let big = 16_777_216.0; // 2^24: the next f32 is 2 away
    let least = f32::from_bits(1);
    let known: [(&[f32], f32); 11] = [
        (&[], 0.0),
        (&[1.0, 2.0, -3.0], 0.0),
        (&[big, 1.0], big),                  // a tie goes to the even neighbour
        (&[big, 1.0, least], big + 2.0),     // a hair above the tie
        (&[big, 2.0, 1.0], big + 4.0),       // a tie above an odd one
        (&[-big, -1.0, -least], -big - 2.0), // and all that below zero
        (&[1.0, 1e30, 1.0, -1e30], 2.0),
        (&[least, least, -least], least),
        (&[f32::MAX, f32::MAX, -f32::MAX], f32::MAX),
        (&[f32::MAX, 2f32.powi(103)], f32::INFINITY), // the first sum that overflows
        (&[f32::MAX, 2f32.powi(103), -least], f32::MAX),
    ];
    for (values, sum) in known {
        let judged = Exact::sum(values).nearest();
        assert_eq!(judged, sum, "the judge is wrong about {values:?}");
    }
    let tiny = Exact::dot(&[2f32.powi(-100), 1.0], &[2f32.powi(-60), 1.0]);
    assert_eq!(
        tiny.nearest(),
        1.0,
        "the judge is wrong about a tiny product"
    );
    let mut square = Exact::ZERO;
    square.add_product(0.1, 0.1);
    square.add(-(0.1 * 0.1));
    assert_eq!(
        square.approximate(),
        -8.326672684688674e-19,
        "the judge is wrong about how far 0.1 * 0.1 is rounded"
    );
}

/// Ten million times 0.1 is a million: errors do not pile up.
#[wasm_bindgen_test]
fn ten_million_tenths_make_a_million() {
    let n = 10_000_000;
    let mut exact = Exact::ZERO;
    exact.add_product(f64::from(0.1f32), f64::from(n));
    expect_sum_of(
        "ten million times 0.1",
        &vec![0.1; n as usize],
        &exact,
        "Once the running sum is large, every addition rounds 0.1 the same way, and ten \
         million equal errors do not average out.",
    );
}

/// Ones still count when the sum is so large that an `f32` cannot add 1.
#[wasm_bindgen_test]
fn small_terms_survive_beside_a_large_one() {
    for first in [0, 1, 7, 500, 1000] {
        let mut values = vec![1.0; 1001];
        values[first] = 16_777_216.0;
        expect_sum(
            &format!("a thousand ones, with 2^24 at index {first},"),
            &values,
            "2^24 + 1 is not an f32 and rounds back to 2^24: whoever shares an f32 lane with \
             the large term is lost.",
        );
    }
}

/// 1 + 1e30 + 1 - 1e30 is 2, in every lane.
#[wasm_bindgen_test]
fn neumaiers_case_keeps_both_ones() {
    for run in 1..=40 {
        let values: Vec<f32> = [1.0, 1e30, 1.0, -1e30]
            .iter()
            .flat_map(|&value| vec![value; run])
            .collect();
        expect_sum(
            &format!("1, 1e30, 1, -1e30 (each {run} times)"),
            &values,
            "The large terms cancel and the ones are the answer. Kahan's correction assumes \
             that the sum is larger than the next term; here it is not.",
        );
    }
}

/// Large terms that cancel only all together, no two of them, leave the small ones intact.
#[wasm_bindgen_test]
fn large_terms_cancel_only_together() {
    const UNIT: f32 = (1u64 << 40) as f32;
    let large = [16_000_012.0, -11_000_003.0, -5_000_009.0].map(|x| x * UNIT);
    for run in 1..=20 {
        for [a, b, c] in [[0, 1, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let terms = [1.0, large[a], 1.0, large[b], 1.0, large[c], 1.0];
            let values = terms.map(|value| vec![value; run]).concat();
            let case = format!(
                "1, {:e}, 1, {:e}, 1, {:e}, 1 (each {run} times)",
                large[a], large[b], large[c]
            );
            let lesson = "The three large terms are 0 together. Neither sorting by size nor \
                          striking out opposite pairs keeps the ones: keep what each addition loses.";
            expect_sum(&case, &values, lesson);
            expect_dot(&case, &values, &vec![1.0; values.len()], lesson);
        }
    }
}

/// Terms that are large and small by turns leave the small ones intact.
#[wasm_bindgen_test]
fn alternating_magnitudes_cancel_exactly() {
    for (large, small) in [(1e8, 0.1), (1e12, 0.1), (3e20, 7.0), (1e35, 1e-3)] {
        for run in [1, 2, 3, 5, 8] {
            let period = [large, small, -large, small].map(|value| vec![value; run]);
            let values = period.concat().repeat(200);
            expect_sum(
                &format!("±{large:e} and {small:e} by turns (each {run} times)"),
                &values,
                "Each small term meets a sum that is large and about to vanish; what is \
                 rounded away there is all that should be left.",
            );
        }
    }
}

/// Condition numbers up to 1e8 cost no digit, in any order.
#[wasm_bindgen_test]
fn ill_conditioned_sums_hold_to_one_ulp() {
    for condition in [1e2, 1e4, 1e6, 1e8] {
        for (n, seed) in [(1_000, 1), (1_001, 2), (100_000, 3)] {
            for order in [Order::Shuffled, Order::Mountain] {
                let (values, exact) = ill_conditioned(n, condition, order, seed);
                let measured = Exact::magnitude(&values).approximate() / exact.approximate();
                expect_condition(measured, condition);
                expect_sum_of(
                    &format!(
                        "{n} terms of condition number {condition:e} ({order:?}, seed {seed})"
                    ),
                    &values,
                    &exact,
                    "The condition number is by how much cancellation magnifies each rounding \
                     error: at 1e8 plain f64 accumulators have too few digits to spare.",
                );
            }
        }
    }
}

/// Whatever nobody thought of: random terms of any size, and their dot products.
#[wasm_bindgen_test]
fn random_sums_hold_to_one_ulp() {
    for seed in 0..1_000 {
        let mut random = Random::new(seed);
        let left = random.any_f32s();
        let right = random.signed_f32s(left.len(), -10, 10);
        let case = format!("{} random terms (seed {seed})", left.len());
        let lesson =
            "Small terms are rounded away beside large ones, and then the large ones cancel.";
        expect_sum(&case, &left, lesson);
        expect_dot(&case, &left, &right, lesson);
    }
}

/// Subnormal numbers are numbers: none is flushed to zero.
#[wasm_bindgen_test]
fn subnormals_count() {
    let lesson = "Below 1.2e-38 an f32 has fewer digits, but it is not zero.";
    expect_sum(
        "a thousand least subnormals",
        &[f32::from_bits(1); 1000],
        lesson,
    );
    let mut random = Random::new(5);
    let tiny: Vec<f32> = (0..999)
        .map(|_| f32::from_bits(random.next() as u32 & 0x8000_1fff))
        .collect();
    expect_sum("999 random subnormals", &tiny, lesson);
    expect_sum(
        "the least normal f32 minus the largest subnormal",
        &[f32::MIN_POSITIVE, -f32::MIN_POSITIVE.next_down()],
        lesson,
    );
}

/// Every length from 0 to 67, from every offset in 64 bytes, counts each value once.
#[wasm_bindgen_test]
fn every_length_and_misalignment_counts_each_value_once() {
    let mut random = Random::new(67);
    // Odd numbers so small that neither sums nor squares are ever rounded.
    let values: Vec<f32> = (0..67)
        .map(|_| random.below(128) as f32 * 2.0 - 127.0)
        .collect();
    let lesson = "A value was left out, counted twice, or read from outside the slice.";
    for length in 0..=67 {
        for offset in 0..16 {
            let mut buffer = vec![f32::NAN; offset + length + 16];
            let slice = &mut buffer[offset..offset + length];
            slice.copy_from_slice(&values[..length]);
            let case = format!("{length} whole numbers, {offset} elements into a buffer,");
            expect_sum(&case, slice, lesson);
            expect_dot(&case, slice, slice, lesson);
        }
    }
}

/// What does not fill a vector is added as carefully as the rest.
#[wasm_bindgen_test]
fn tails_are_as_accurate_as_lanes() {
    for length in 3..=67 {
        for place in 0..length - 2 {
            let mut values = vec![1.0; length];
            values[place] = 1e30;
            values[length - 1] = -1e30;
            expect_sum(
                &format!("{length} terms with 1e30 at {place} and -1e30 at the end"),
                &values,
                "The lanes and the tail must meet before anything is rounded to f32.",
            );
        }
    }
}

/// Infinities and NaN come through as IEEE 754 says, from every lane.
#[wasm_bindgen_test]
fn infinities_and_nan_follow_ieee() {
    let (inf, nan) = (f32::INFINITY, f32::NAN);
    let cases: [(&[f32], f32); 7] = [
        (&[inf], inf),
        (&[-inf], -inf),
        (&[inf, inf], inf),
        (&[inf, -inf], nan),
        (&[nan], nan),
        (&[nan, inf], nan),
        (&[-inf, f32::MAX, f32::MAX], -inf),
    ];
    for (special, expected) in cases {
        for length in special.len()..=40 {
            // All at the front, then all at the back: lanes and tail.
            for from in [0, length - special.len()] {
                let mut values = vec![1.0; length];
                values[from..from + special.len()].copy_from_slice(special);
                for (name, sum) in both_sums(&values) {
                    assert!(
                        ulps_between(sum, expected) == 0,
                        "{name} of {special:?} among {length} terms is {expected} by IEEE 754, \
                         but the answer was {sum}: a correction must not make inf - inf"
                    );
                }
            }
        }
    }
    let dots = [
        ([inf, 1.0], [0.0, 1.0], nan),
        ([inf, 1.0], [2.0, 1.0], inf),
        ([inf, inf], [1.0, -1.0], nan),
        ([nan, 1.0], [0.0, 1.0], nan),
    ];
    for (left, right, expected) in dots {
        for (name, dot) in both_dots(&left, &right) {
            assert!(
                ulps_between(dot, expected) == 0,
                "{name} of {left:?} and {right:?} is {expected} by IEEE 754, but the answer was {dot}"
            );
        }
    }
}

/// Only the sum itself may overflow, never a part of it.
#[wasm_bindgen_test]
fn partial_sums_may_leave_the_range() {
    let max = f32::MAX;
    let lesson = "A partial sum beyond 3.4e38 is infinite as f32, and infinity stays.";
    for run in 1..=20 {
        let there_and_back = [vec![max; run], vec![max / 2.0], vec![-max; run]].concat();
        expect_sum(
            &format!("{run} times f32::MAX, its half, {run} times -f32::MAX"),
            &there_and_back,
            lesson,
        );
    }
    expect_sum("f32::MAX twice, minus f32::MAX", &[max, max, -max], lesson);
    let below_all = [max, max, f32::NEG_INFINITY];
    for (name, sum) in both_sums(&below_all) {
        assert!(
            sum == f32::NEG_INFINITY,
            "{name} of f32::MAX twice and -inf is -inf, but the answer was {sum}: an infinity that \
             only rounding made must not meet one that is real"
        );
    }
    for (name, sum) in both_sums(&[max, max]) {
        assert!(
            sum == f32::INFINITY,
            "{name} of f32::MAX twice is beyond the range and so infinite, but the answer was {sum}"
        );
    }
}

/// A dot product keeps what is left when its large products cancel.
#[wasm_bindgen_test]
fn dot_products_keep_what_cancels() {
    let lesson = "A product of two f32 has 48 bits. Rounded to f32 before it is added, it has \
                  lost half of them, and no summation brings them back.";
    let e = f32::EPSILON;
    expect_dot(
        "[1+ε, 1] and [1-ε, -1]",
        &[1.0 + e, 1.0],
        &[1.0 - e, -1.0],
        lesson,
    );
    for run in 1..=20 {
        let spread = |values: [f32; 3]| values.map(|value| vec![value; run]).concat();
        expect_dot(
            &format!("[1e15, 1, 1e15] and [1e15, 1, -1e15] (each {run} times)"),
            &spread([1e15, 1.0, 1e15]),
            &spread([1e15, 1.0, -1e15]),
            "The products are exact in f64, but the ones do not fit beside 1e30: a dot product \
             needs the same care as a sum.",
        );
    }
    for condition in [1e4, 1e8] {
        for (n, seed) in [(40, 1), (999, 2), (40_000, 3), (40_000, 4), (40_000, 5)] {
            let (left, right) = ill_conditioned_dot(n, condition, seed);
            let absolute = |values: &[f32]| values.iter().map(|x| x.abs()).collect::<Vec<_>>();
            let magnitude = Exact::dot(&absolute(&left), &absolute(&right)).approximate();
            let measured = magnitude / Exact::dot(&left, &right).approximate();
            expect_condition(measured, condition);
            expect_dot(
                &format!("{n} pairs of condition number {condition:e} (seed {seed})"),
                &left,
                &right,
                "A product of two f32 has 48 bits, so an f64 has five to spare. Without care they \
                 are soon used up, in whatever order the products are added.",
            );
        }
    }
}

/// Products may be larger or smaller than any `f32`; their sum need not be.
#[wasm_bindgen_test]
fn dot_multiplies_beyond_the_range_of_f32() {
    let lesson = "1e30 * 1e30 is infinite and 1e-30 * 1e-30 is zero in f32. Both are ordinary \
                  numbers in f64.";
    expect_dot(
        "[1e30, 1e30, 2] and [1e30, -1e30, 3]",
        &[1e30, 1e30, 2.0],
        &[1e30, -1e30, 3.0],
        lesson,
    );
    for (name, dot) in both_dots(&[1e30, f32::NEG_INFINITY], &[1e30, 1.0]) {
        assert!(
            dot == f32::NEG_INFINITY,
            "{name} of [1e30, -inf] and [1e30, 1] is -inf, but the answer was {dot}. {lesson}"
        );
    }
    let tiny = vec![1e-23; 10_000];
    expect_dot("ten thousand times 1e-23 * 1e-23", &tiny, &tiny, lesson);
}

/// Slices that do not pair up are an error, never a shorter sum.
#[wasm_bindgen_test]
fn dot_refuses_slices_of_different_lengths() {
    let values = [1.0; 9];
    for (left, right) in [(9, 8), (0, 1), (3, 4), (8, 9)] {
        let both = [
            zone::dot(&values[..left], &values[..right]),
            zone::dot_scalar(&values[..left], &values[..right]),
        ];
        assert_eq!(
            both,
            [Err(zone::LengthMismatch { left, right }); 2],
            "dot and dot_scalar of {left} and {right} elements must answer LengthMismatch: a \
             zip that stops at the shorter slice answers another question"
        );
    }
}

/// NIST's certified standard deviations, to the last digit that `f64` data allow.
#[wasm_bindgen_test]
fn variance_matches_nist() {
    for data in nist::datasets() {
        let mut sum = Exact::ZERO;
        data.values.iter().for_each(|&x| sum.add(x));
        let mean = sum.approximate() / data.values.len() as f64;
        assert!(
            (mean - data.mean).abs() <= 1e-14 * data.mean.abs(),
            "the spec's table of {} has mean {mean}, not {}",
            data.name,
            data.mean
        );
        let deviation = zone::variance(&data.values).sqrt();
        let digits = -((deviation - data.deviation).abs() / data.deviation).log10();
        assert!(
            digits >= data.digits,
            "the standard deviation of {} is certified as {}, but the variance answers \
             {deviation}: {:.1} digits agree, {} can. Subtracting two large squares leaves their \
             rounding errors: subtract the mean first",
            data.name,
            data.deviation,
            digits.max(0.0),
            data.digits
        );
        expect_variance(data.name, &data.values);
    }
}

/// Moving all values by a billion does not change how far apart they are.
#[wasm_bindgen_test]
fn variance_survives_a_large_offset() {
    for (n, offset) in [(2, 1e9), (999, 1e9), (20_000, 1e6), (20_000, -1e12)] {
        let mut random = Random::new(n as u64);
        let values: Vec<f64> = (0..n).map(|_| offset + random.unit()).collect();
        expect_variance(&format!("{n} values from {offset:e} to one above"), &values);
    }
}

/// One value far away from the others, and the first at that, costs no digit.
#[wasm_bindgen_test]
fn variance_survives_an_outlier() {
    for (place, seed) in [(0, 1), (1, 2), (19_999, 3)] {
        let mut random = Random::new(seed);
        let mut values: Vec<f64> = (0..20_000).map(|_| 1e6 + random.unit()).collect();
        values[place] = 0.0;
        let case = format!("20000 values near 1e6 but for a 0 at index {place}");
        expect_variance(&case, &values);
    }
}

/// Equal values have no variance; fewer than two have none to speak of.
#[wasm_bindgen_test]
fn variance_knows_its_edges() {
    for value in [0.0, 0.1, 1e9 + 0.1, -3e-5] {
        let variance = zone::variance(&[value; 1000]);
        assert!(
            (0.0..=1e-28 * value * value).contains(&variance),
            "a thousand times {value} has variance 0, but the answer was {variance:e}: \
             rounding must not invent one, and below zero there is no square root"
        );
    }
    for (case, values) in [
        ("no value", &[][..]),
        ("one value", &[1.0]),
        ("an infinity", &[1.0, f64::INFINITY, 2.0]),
        ("a NaN", &[1.0, f64::NAN, 2.0]),
    ] {
        let variance = zone::variance(values);
        assert!(
            variance.is_nan(),
            "the variance of {case} is NaN, but the answer was {variance}"
        );
    }
}

/// With SIMD and without, every bit is the same.
#[wasm_bindgen_test]
fn simd_and_scalar_agree_bit_for_bit() {
    let mut random = Random::new(128);
    for n in (1..=67).chain([4095, 4096, 4097, 30_000]) {
        let left = random.signed_f32s(n, -20, 20);
        let right = random.signed_f32s(n, -20, 20);
        for [(name, simd), (_, scalar)] in [both_sums(&left), both_dots(&left, &right)] {
            assert!(
                simd.to_bits() == scalar.to_bits(),
                "{name} of {n} random terms is {simd:?} with SIMD and {scalar:?} without: the \
                 lanes added in another order, and nobody could tell"
            );
        }
    }
}

/// The bits that every engine answers for the same inputs.
#[wasm_bindgen_test]
fn bits_are_the_same_on_every_engine() {
    // Computed with Python's integers. The exact values lie at least 1/6 ulp away
    // from the next tie, so a right answer is not a neighbour.
    const GOLDEN: [(usize, u32, u32); 4] = [
        (100, 0xc4d3_2151, 0xcbcb_05d0),
        (1_500, 0x469b_2b2c, 0x4b04_32d1),
        (10_000, 0x480e_f8c4, 0x4d2e_8402),
        (100_000, 0xc840_fa7b, 0x4e7f_d054),
    ];
    for (n, sum_bits, dot_bits) in GOLDEN {
        let mut random = Random::new(n as u64);
        let left = random.signed_f32s(n, -12, 12);
        let right = random.signed_f32s(n, -12, 12);
        let answers = [both_sums(&left), both_dots(&left, &right)];
        for (answers, golden) in answers.into_iter().zip([sum_bits, dot_bits]) {
            for (name, answer) in answers {
                assert!(
                    answer.to_bits() == golden,
                    "{name} of {n} fixed terms is {:?} on every engine ({golden:#010x}), but the \
                     answer was {answer:?} ({:#010x})",
                    f32::from_bits(golden),
                    answer.to_bits()
                );
            }
        }
    }
}
