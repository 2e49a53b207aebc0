//! Dot products

use std::iter::repeat_n;

use contract::LengthMismatch;
use wasm_bindgen_test::*;

use super::data::ill_conditioned_dot;
use super::exact::Exact;
use super::expect::{both_dots, expect_condition, expect_dot};
use crate::zone;

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

/// 200,000 products with all 48 bits, and 50,000 that cancel them, lose nothing.
#[wasm_bindgen_test]
fn long_dot_products_lose_nothing() {
    let lesson = "A product of two f32 has 48 bits, and rounded to 24 it is another. Whatever adds \
                  such products exactly has an end too: 32,768 of them fill an i64, so carry before that.";
    let full = f32::from_bits(0x3fff_ffff); // 24 ones
    let mut left = vec![full; 200_000];
    let mut right = left.clone();
    expect_dot("200,000 equal products", &left, &right, lesson);
    // Products four times as large cancel them, so that only the last one is left.
    left.extend(repeat_n(-2.0 * full, 50_000));
    right.extend(repeat_n(2.0 * full, 50_000));
    for rest in [1e-3, -1e10] {
        left.push(rest);
        right.push(full);
        let case = format!("200,000 equal products, 50,000 that cancel them, and {rest:e}");
        expect_dot(&case, &left, &right, lesson);
    }
}

/// Slices that do not pair up are an error, never a shorter sum.
#[wasm_bindgen_test]
fn dot_refuses_slices_of_different_lengths() {
    let values = [1.0; 9000];
    for (left, right) in [(9, 8), (0, 1), (3, 4), (8, 9), (4096, 9000), (9000, 0)] {
        let both = [
            zone::dot(&values[..left], &values[..right]),
            zone::dot_scalar(&values[..left], &values[..right]),
        ];
        assert_eq!(
            both,
            [Err(LengthMismatch { left, right }); 2],
            "dot and dot_scalar of {left} and {right} elements must answer LengthMismatch: a \
             zip that stops at the shorter slice answers another question"
        );
    }
}
