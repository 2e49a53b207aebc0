//! A big integer and a power of ten.

use bigdecimal::{BigDecimal, RoundingMode};

pub type Number = BigDecimal;

pub fn parse(text: &str) -> Option<Number> {
    text.parse().ok()
}

pub fn add(left: &Number, right: &Number) -> Number {
    left + right
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    (left * right).with_scale_round(2, RoundingMode::HalfEven)
}
