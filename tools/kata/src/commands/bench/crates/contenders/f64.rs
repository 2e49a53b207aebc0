//! Baseline: a binary fraction, the nearest one.

pub type Number = f64;

pub fn parse(text: &str) -> Option<Number> {
    text.parse().ok()
}

pub fn add(left: &Number, right: &Number) -> Number {
    left + right
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    (left * right * 100.0).round_ties_even() / 100.0
}
