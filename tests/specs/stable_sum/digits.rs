//! Small terms beside large ones

use wasm_bindgen_test::*;

use super::data::{Order, ill_conditioned};
use super::exact::Exact;
use super::expect::{expect_condition, expect_dot, expect_dot_of, expect_sum, expect_sum_of};
use super::random::Random;

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
            let lesson = "The three large terms are 0 only together, so there are no opposite \
                          pairs to strike out, and beside one of them a 1 is rounded away: keep what each \
                          addition loses.";
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
    let lesson = "The condition number is by how much cancellation magnifies each rounding error: at \
                  1e8 plain f64 accumulators have too few digits to spare.";
    for condition in [1e2, 1e4, 1e6, 1e8] {
        for (n, seed) in [(1_000, 1), (1_001, 2), (100_000, 3)] {
            for order in [Order::Shuffled, Order::Mountain] {
                expect_ill_conditioned(n, condition, order, seed, lesson);
            }
        }
    }
    // Where f64 lanes are nearly good enough.
    let lesson = "Plain f64 lanes are off by an ulp or two here. Whoever bounds their error, and adds with \
                  more care only if it matters, needs a bound that holds for the worst order too.";
    for condition in [1e6, 6e6, 1e7, 3e7] {
        for order in [Order::Mountain, Order::Ledge(1), Order::Ledge(4)] {
            for (n, seed) in [
                (500, 10),
                (4_096, 11),
                (4_096, 12),
                (4_096, 13),
                (4_096, 14),
            ] {
                expect_ill_conditioned(n, condition, order, seed, lesson);
            }
        }
    }
}

fn expect_ill_conditioned(n: usize, condition: f64, order: Order, seed: u64, lesson: &str) {
    let (values, exact) = ill_conditioned(n, condition, order, seed);
    let measured = Exact::magnitude(&values).approximate() / exact.approximate();
    expect_condition(measured, condition);
    let case = format!("{n} terms of condition number {condition:e} ({order:?}, seed {seed})");
    expect_sum_of(&case, &values, &exact, lesson);
    if n <= 4_096 {
        let ones = vec![1.0; n];
        expect_dot_of(&format!("{case} and ones"), &values, &ones, &exact, lesson);
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
