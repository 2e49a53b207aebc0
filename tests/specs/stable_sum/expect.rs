//! What the tests expect of the variant under test, in words that teach.

use super::exact::{Exact, ulps_between};
use crate::zone;

/// How far an answer may be from the exact value: half an ulp, as the nearest `f32` may, and a sixth
/// more, so that near the middle between two either will do.
const MOST_ULPS: f64 = 2.0 / 3.0;

/// What `sum` and `sum_scalar` answer.
pub fn both_sums(values: &[f32]) -> [(&'static str, f32); 2] {
    [
        ("sum", zone::sum(values)),
        ("sum_scalar", zone::sum_scalar(values)),
    ]
}

/// What `dot` and `dot_scalar` answer for slices of one length.
pub fn both_dots(left: &[f32], right: &[f32]) -> [(&'static str, f32); 2] {
    [
        ("dot", zone::dot(left, right)),
        ("dot_scalar", zone::dot_scalar(left, right)),
    ]
    .map(|(name, dot)| (name, dot.expect("the slices have one length")))
}

/// Fails unless `sum` and `sum_scalar` are near the exact sum.
pub fn expect_sum(case: &str, values: &[f32], lesson: &str) {
    expect_sum_of(case, values, &Exact::sum(values), lesson);
}

/// The same, where the exact sum is known already.
pub fn expect_sum_of(case: &str, values: &[f32], exact: &Exact, lesson: &str) {
    for (name, sum) in both_sums(values) {
        expect_near(&format!("{name} of {case}"), sum, exact, lesson);
    }
}

/// Fails unless `dot` and `dot_scalar` are near the exact dot product.
pub fn expect_dot(case: &str, left: &[f32], right: &[f32], lesson: &str) {
    expect_dot_of(case, left, right, &Exact::dot(left, right), lesson);
}

/// The same, where the exact dot product is known already.
pub fn expect_dot_of(case: &str, left: &[f32], right: &[f32], exact: &Exact, lesson: &str) {
    for (name, dot) in both_dots(left, right) {
        expect_near(&format!("{name} of {case}"), dot, exact, lesson);
    }
}

fn expect_near(what: &str, answer: f32, exact: &Exact, lesson: &str) {
    let nearest = exact.nearest();
    assert!(
        answer == nearest || exact.error_in_ulps(answer) <= MOST_ULPS,
        "the {what} is {nearest:?} to the nearest f32, but the answer was {answer:?}, {}. {lesson}",
        distance(answer, nearest)
    );
}

/// How far `answer` is from the right one, in words.
fn distance(answer: f32, nearest: f32) -> String {
    if !answer.is_finite() {
        return "which is no finite number".to_owned();
    }
    match ulps_between(answer, nearest) {
        1 => "its neighbour, and the exact value is not near their middle".to_owned(),
        ulps @ 2..=1000 => format!("{ulps} ulps away"),
        _ => {
            let (answer, nearest) = (f64::from(answer), f64::from(nearest));
            let percent = 100.0 * ((answer - nearest) / nearest).abs();
            match percent {
                ..1000.0 => format!("{percent:.2} % off"),
                _ => "which is of another size".to_owned(),
            }
        }
    }
}

/// Fails unless the spec's own data are as hard as they claim.
pub fn expect_condition(measured: f64, condition: f64) {
    assert!(
        (0.5..2.0).contains(&(measured.abs() / condition)),
        "the spec's own data have condition number {measured:e}, not {condition:e}"
    );
}

/// Fails unless the variance has a relative error below 1e-12.
pub fn expect_variance(case: &str, values: &[f64]) {
    let n = values.len() as f64;
    let mut sum = Exact::ZERO;
    values.iter().for_each(|&x| sum.add(x));
    let mean = sum.approximate() / n;
    // The exact sums of x - mean and of (x - mean)^2, for this rounded mean.
    let mut rest = Exact::ZERO;
    let mut squares = Exact::ZERO;
    for &x in values {
        rest.add(x);
        rest.add(-mean);
        squares.add_product(x, x);
        squares.add_product(-2.0 * mean, x);
        squares.add_product(mean, mean);
    }
    let exact = (squares.approximate() - rest.approximate().powi(2) / n) / (n - 1.0);
    let answer = zone::variance(values);
    let error = ((answer - exact) / exact).abs();
    assert!(
        error <= 1e-12,
        "the variance of {case} is {exact:e}, but the answer was {answer:e}, a relative error \
         of {error:.0e}. Squares of large values have no digits left for small differences, so \
         subtract the mean first; and the mean is rounded, so take out what that adds"
    );
}
