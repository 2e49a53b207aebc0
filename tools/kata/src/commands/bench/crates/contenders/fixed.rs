//! A binary fraction with 64 bits on either side of the point.

pub type Number = fixed::types::I64F64;

pub fn parse(text: &str) -> Option<Number> {
    text.parse().ok()
}

pub fn add(left: &Number, right: &Number) -> Number {
    left + right
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    (left * right * 100).round_ties_even() / 100
}
