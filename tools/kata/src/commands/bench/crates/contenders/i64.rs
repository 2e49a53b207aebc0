//! Baseline: a count of ten-thousandths, up to 18 digits.

use core::fmt;

/// Ten-thousandths.
pub struct Number(i64);

const UNIT: i64 = 10_000;
const PLACES: usize = 4;

pub fn parse(text: &str) -> Option<Number> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction_units = UNIT / i64::pow(10, fraction.len() as u32);
    let fraction = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    let units = whole.parse::<i64>().ok()?.checked_mul(UNIT)?;
    Some(Number(units.checked_add(fraction * fraction_units)?))
}

pub fn add(left: &Number, right: &Number) -> Number {
    Number(left.0.checked_add(right.0).unwrap_or(i64::MAX))
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    const CENT: i64 = UNIT / 100;
    let product = left.0.checked_mul(right.0).unwrap_or(i64::MAX);
    let (cents, rest) = (product / (CENT * UNIT), product % (CENT * UNIT));
    let away = rest * 2 > CENT * UNIT || (rest * 2 == CENT * UNIT && cents % 2 != 0);
    Number((cents + i64::from(away)) * CENT)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:0PLACES$}", self.0 / UNIT, self.0 % UNIT)
    }
}
