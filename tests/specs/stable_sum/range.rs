//! The ends of the range, and the judge

use wasm_bindgen_test::*;

use super::exact::{Exact, ulps_between};
use super::expect::{both_dots, both_sums, expect_sum};
use super::random::Random;

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
    // Far apart in a long slice: whoever adds in blocks meets them in different ones.
    let far: [(&[(usize, f32)], f32); 6] = [
        (&[(10, inf), (8_195, -inf)], nan),
        (&[(10, -inf), (5_000, inf)], nan),
        (&[(10, inf), (5_000, nan)], nan),
        (&[(8_195, nan)], nan),
        (&[(10, -inf), (8_195, -inf)], -inf),
        (&[(5_000, inf)], inf),
    ];
    for (specials, expected) in far {
        let mut values = vec![1.0; 8_200];
        for &(place, special) in specials {
            values[place] = special;
        }
        let ones = vec![1.0; values.len()];
        for (name, answer) in [both_sums(&values), both_dots(&ones, &values)].concat() {
            assert!(
                ulps_between(answer, expected) == 0,
                "{name} of 8200 terms, all 1 but for (place, value) {specials:?}, is {expected} \
                 by IEEE 754, but the answer was {answer}: what is not finite in one block counts \
                 in all"
            );
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
