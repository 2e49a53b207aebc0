//! Lanes and tails

use wasm_bindgen_test::*;

use super::expect::{both_dots, both_sums, expect_dot, expect_sum};
use super::memory_end::MemoryEnd;
use super::random::Random;
use crate::zone;

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

/// Adds up a slice.
type Call<'a> = &'a dyn Fn(&[f32]) -> f32;

/// Nothing behind a slice is read: one in the last bytes of memory adds up like any other.
#[wasm_bindgen_test]
fn a_slice_at_the_end_of_memory_adds_up() {
    let lesson = "The values that are left over fill no vector: a vector load there reads what is \
                  not the slice's, and at the end of memory it traps.";
    let mut end = MemoryEnd::new();
    for length in 0..=67 {
        let values: Vec<f32> = (0..length).map(|place| place as f32 - 20.0).collect();
        let dot = |left: &[f32], right: &[f32]| zone::dot(left, right).unwrap_or(f32::NAN);
        let calls: [(&str, Call<'_>); 4] = [
            ("sum", &zone::sum),
            ("sum_scalar", &zone::sum_scalar),
            ("dot, on the left,", &|slice| dot(slice, &values)),
            ("dot, on the right,", &|slice| dot(&values, slice)),
        ];
        for (function, call) in calls {
            let mut answer = 0.0;
            let outcome = end.run(&values, |slice| answer = call(slice));
            if let Err(words) = outcome {
                panic!(
                    "{function} of {length} values at the end of memory was stopped by the engine \
                     ({words}). {lesson}"
                );
            }
            let right = call(&values);
            assert!(
                answer == right,
                "{function} of {length} values at the end of memory is {answer:?}, and elsewhere the \
                 same values give {right:?}. {lesson}"
            );
        }
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
