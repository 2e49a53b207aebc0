//! A big integer and a power of ten, rounded to a precision that here has no limit.

use dashu_float::FBig;
use dashu_float::round::mode::HalfEven;

pub type Number = FBig<HalfEven, 10>;

pub fn parse(text: &str) -> Option<Number> {
    Some(text.parse::<Number>().ok()?.with_precision(0).value())
}

pub fn add(left: &Number, right: &Number) -> Number {
    left + right
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    let hundredfold = (left * right) << 2;
    hundredfold.round() >> 2
}
