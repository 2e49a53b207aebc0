//! The solution of `stable-sum` promises more than its spec asks: correct rounding. Natively there
//! is time to hold it to that, against the spec's own exact reference. (The scalar path runs here; the
//! spec shows in browsers that the SIMD path gives the same bits.)
#![cfg(not(target_family = "wasm"))]
// In a test a panic is the verdict; helpers of tests are tests too.
#![allow(clippy::unwrap_used, clippy::expect_used)]

#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/stable_sum/data.rs"]
mod data;
#[allow(dead_code, reason = "the spec uses the rest")]
#[path = "../../../tests/specs/stable_sum/exact.rs"]
mod exact;
#[path = "../../../tests/specs/shared/random.rs"]
mod random;

use data::{Order, ill_conditioned, ill_conditioned_dot};
use exact::Exact;
use random::Random;
use solution_stable_sum::{dot, sum};

#[track_caller]
fn rounds_correctly(values: &[f32], what: &str) {
    let (answer, right) = (sum(values), Exact::sum(values).nearest());
    assert_eq!(
        answer.to_bits(),
        right.to_bits(),
        "{what}: the sum is {right:e}, not {answer:e}"
    );
}

#[test]
fn random_sums_round_correctly() {
    for seed in 0..20_000 {
        let terms = Random::new(seed).any_f32s();
        rounds_correctly(&terms, &format!("seed {seed}, {} terms", terms.len()));
    }
}

#[test]
fn ties_go_to_the_even_neighbour() {
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let value = random.f32_between(-60, 60);
        let half_step = (f32::from_bits(value.to_bits() + 1) - value) / 2.0;
        let hair = f32::from_bits(1 + random.below(8) as u32);
        rounds_correctly(&[value, half_step], &format!("seed {seed}, a tie"));
        rounds_correctly(
            &[value, half_step, hair],
            &format!("seed {seed}, above a tie"),
        );
        rounds_correctly(
            &[half_step, -hair, value],
            &format!("seed {seed}, below a tie"),
        );
    }
}

#[test]
fn cancelling_sums_round_correctly() {
    for seed in 0..200 {
        for order in [
            Order::Shuffled,
            Order::Mountain,
            Order::Ledge(1),
            Order::Ledge(4),
        ] {
            for condition in [1e2, 1e5, 1e8] {
                let (values, _) = ill_conditioned(1000, condition, order, seed);
                rounds_correctly(
                    &values,
                    &format!("seed {seed}, condition {condition:e}, {order:?}"),
                );
            }
        }
    }
}

#[test]
fn cancelling_dot_products_round_correctly() {
    for seed in 0..300 {
        let (left, right) = ill_conditioned_dot(500, 1e8, seed);
        let (answer, exact) = (
            dot(&left, &right).unwrap(),
            Exact::dot(&left, &right).nearest(),
        );
        assert_eq!(
            answer.to_bits(),
            exact.to_bits(),
            "seed {seed}: {exact:e}, not {answer:e}"
        );
    }
}

/// Where the products are too small for an `f32`, the sum is a zero; its sign is that of what was lost.
#[test]
fn tiny_dot_products_keep_the_sign_of_zero() {
    for seed in 0..20_000 {
        let mut random = Random::new(seed);
        let n = 1 + random.below(60);
        let mut left = random.signed_f32s(n, -126, -110);
        let mut right = random.signed_f32s(n, -126, -20);
        for i in 0..n / 2 {
            left.push(left[i]);
            right.push(-right[i]);
        }
        let answer = dot(&left, &right).unwrap();
        let exact = Exact::dot(&left, &right).nearest();
        assert_eq!(
            answer.to_bits(),
            exact.to_bits(),
            "seed {seed}: {exact:e}, not {answer:e}"
        );
    }
}
