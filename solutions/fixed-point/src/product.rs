//! The product of two numbers of millionths, without 128-bit arithmetic.
//!
//! WebAssembly has no 128-bit integers: an `i128` product is a call, the division
//! after it a loop, and together they take about fifteen times as long as
//! `a * b / 1_000_000`. Two observations make them unnecessary.
//!
//! - Everyday products fit an `i64`. Then one multiplication and one division by a
//!   constant, which engines turn into a multiplication, are the whole work.
//! - All others are multiplied as at school, with the two digits of each factor in
//!   base one million: with a = a1 * 10^6 + a0 and b = b1 * 10^6 + b0,
//!   `a * b / 10^6 = a1 * b1 * 10^6 + a1 * b0 + a0 * b1 + a0 * b0 / 10^6`,
//!   and only the last term needs a division.

use super::{Rounding, SCALE};

/// `a * b / 1_000_000`, rounded once; `None` if that is no `i64`.
#[inline]
pub fn in_millionths(a: i64, b: i64, rounding: Rounding) -> Option<i64> {
    if fits(a, b) {
        Some(narrow(a * b, rounding))
    } else {
        wide(a, b, rounding)
    }
}

/// Whether `a * b` is surely an `i64`, even with half a unit added.
///
/// The float only chooses the way. Two conversions and one multiplication are each
/// off by at most one part in 2^53, so a product below 9.2e18 here is below 2^63.
#[inline]
fn fits(a: i64, b: i64) -> bool {
    (a as f64 * b as f64).abs() < 9.2e18
}

#[inline]
fn narrow(product: i64, rounding: Rounding) -> i64 {
    let floor = |units: i64| {
        let (quotient, rest) = (units / SCALE, units % SCALE);
        (quotient + (rest >> 63), rest) // rest >> 63 is -1 below zero
    };
    match rounding {
        Rounding::TowardZero => product / SCALE,
        Rounding::Floor => floor(product).0,
        Rounding::NearestEven => match floor(product + SCALE / 2) {
            (tie, 0) => tie & !1,
            (nearest, _) => nearest,
        },
    }
}

/// On magnitudes. The sign is a mask of ones or zeros and goes back on at the end: it is as
/// good as random, and a branch on it would be guessed wrong half of the time.
fn wide(a: i64, b: i64, rounding: Rounding) -> Option<i64> {
    const UNIT: u64 = SCALE.unsigned_abs();
    let sign = (a ^ b) >> 63;
    let is_negative = sign.unsigned_abs(); // 0 or 1
    let (a, b) = (a.unsigned_abs(), b.unsigned_abs());
    let (a1, a0) = (a / UNIT, a % UNIT);
    let (b1, b0) = (b / UNIT, b % UNIT);
    // a1 and b1 are below 2^44, a0 and b0 below 10^6. The two products in the middle
    // are each below 2^63 - 10^12, so their sum has room for the last term as well.
    let whole = multiply(a1, b1)?.checked_mul(UNIT)?;
    let last = a0 * b0;
    let quotient = whole.checked_add(a1 * b0 + a0 * b1 + last / UNIT)?;
    let rest = last % UNIT;
    let away = match rounding {
        Rounding::TowardZero => 0,
        Rounding::Floor => is_negative & u64::from(rest > 0),
        Rounding::NearestEven => u64::from(2 * rest + (quotient & 1) > UNIT),
    };
    let magnitude = quotient.checked_add(away)?;
    if magnitude > i64::MAX as u64 + is_negative {
        return None;
    }
    Some((magnitude as i64 ^ sign).wrapping_sub(sign))
}

/// A checked product. `checked_mul` would call the 128-bit product every time.
#[inline]
fn multiply(a: u64, b: u64) -> Option<u64> {
    if (a | b) >> 32 == 0 {
        Some(a * b)
    } else {
        a.checked_mul(b)
    }
}
