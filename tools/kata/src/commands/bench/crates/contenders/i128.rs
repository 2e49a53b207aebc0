//! What this chapter's solution does: a count, up to 38 digits.

use core::fmt;

/// Ten-thousandths.
pub struct Number(i128);

const UNIT: i128 = 10_000;
const PLACES: usize = 4;

pub fn parse(text: &str) -> Option<Number> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction_units = UNIT / i128::pow(10, fraction.len() as u32);
    let fraction = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    let units = whole.parse::<i128>().ok()?.checked_mul(UNIT)?;
    Some(Number(units.checked_add(fraction * fraction_units)?))
}

pub fn add(left: &Number, right: &Number) -> Number {
    Number(left.0.checked_add(right.0).unwrap_or(i128::MAX))
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    const CENT: i128 = UNIT / 100;
    let product = left.0.checked_mul(right.0).unwrap_or(i128::MAX);
    let (cents, rest) = (product / (CENT * UNIT), product % (CENT * UNIT));
    let away = rest * 2 > CENT * UNIT || (rest * 2 == CENT * UNIT && cents % 2 != 0);
    Number((cents + i128::from(away)) * CENT)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{:0PLACES$}", self.0 / UNIT, self.0 % UNIT)
    }
}
