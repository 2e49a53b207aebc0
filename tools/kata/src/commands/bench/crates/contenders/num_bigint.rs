//! A big integer that counts ten-thousandths.

use core::cmp::Ordering;
use core::fmt;
use num_bigint::BigInt;

/// Ten-thousandths.
pub struct Number(BigInt);

const UNIT: u32 = 10_000;
const CENT: u32 = UNIT / 100;

pub fn parse(text: &str) -> Option<Number> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let fraction_units = UNIT / 10u32.pow(fraction.len() as u32);
    let fraction = if fraction.is_empty() {
        0
    } else {
        fraction.parse().ok()?
    };
    let whole: BigInt = whole.parse().ok()?;
    Some(Number(whole * UNIT + fraction * fraction_units))
}

pub fn add(left: &Number, right: &Number) -> Number {
    Number(&left.0 + &right.0)
}

pub fn multiply(left: &Number, right: &Number) -> Number {
    let product = &left.0 * &right.0;
    let mut cents = &product / (CENT * UNIT);
    let rest = product - &cents * (CENT * UNIT);
    let away = match (rest * 2u32).cmp(&BigInt::from(CENT * UNIT)) {
        Ordering::Equal => cents.bit(0),
        order => order.is_gt(),
    };
    cents += u32::from(away);
    Number(cents * CENT)
}

impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let whole = &self.0 / UNIT;
        let fraction = &self.0 - &whole * UNIT;
        write!(f, "{whole}.{fraction:0>4}")
    }
}
