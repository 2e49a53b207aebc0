//! 96 bits and a power of ten.

pub type Number = rust_decimal::Decimal;

pub fn parse(text: &str) -> Option<Number> {
    Number::from_str_exact(text).ok()
}

pub fn add(left: &Number, right: &Number) -> Number {
    left + right
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    (left * right).round_dp(2) // half to even
}
