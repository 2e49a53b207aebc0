//! What is right, computed with 128-bit integers, which hold every product here.

use contract::Rounding;
use std::fmt::{self, Display};

/// One million: how many units of a `Micros` are 1.
pub const SCALE: i128 = 1_000_000;

/// All directions, with their names in messages.
pub const ROUNDINGS: [(Rounding, &str); 3] = [
    (Rounding::NearestEven, "to nearest, ties to even"),
    (Rounding::TowardZero, "toward zero"),
    (Rounding::Floor, "down"),
];

/// `numerator / denominator`, rounded once.
///
/// Rust's own division truncates. What it leaves over decides about the rest.
pub fn rounded(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    let truncated = numerator / denominator;
    let rest = (numerator % denominator).abs();
    let outward = if (numerator < 0) == (denominator < 0) {
        1
    } else {
        -1
    };
    let is_outward = match rounding {
        Rounding::TowardZero => false,
        Rounding::Floor => rest != 0 && outward < 0,
        Rounding::NearestEven => {
            let excess = 2 * rest - denominator.abs();
            excess > 0 || (excess == 0 && truncated % 2 != 0)
        }
    };
    if is_outward {
        truncated + outward
    } else {
        truncated
    }
}

/// An `i64`, or none if `value` lies outside its range.
pub fn in_range(value: i128) -> Option<i64> {
    i64::try_from(value).ok()
}

/// The product of two numbers of millionths.
pub fn product(left: i64, right: i64, rounding: Rounding) -> Option<i64> {
    in_range(rounded(
        i128::from(left) * i128::from(right),
        SCALE,
        rounding,
    ))
}

/// The quotient of two numbers of millionths.
pub fn ratio(left: i64, right: i64, rounding: Rounding) -> Option<i64> {
    in_range(rounded(i128::from(left) * SCALE, right.into(), rounding))
}

/// Millionths as units of 2^-32, to nearest.
pub fn binary(millionths: i64) -> Option<i64> {
    in_range(rounded(
        i128::from(millionths) << 32,
        SCALE,
        Rounding::NearestEven,
    ))
}

/// Units of 2^-32 as millionths.
pub fn decimal(bits: i64, rounding: Rounding) -> i64 {
    rounded(i128::from(bits) * SCALE, 1 << 32, rounding) as i64
}

/// A low-pass filter: share and outputs in units of 2^-32.
pub fn smoothed(share: i64, samples: &[i64]) -> Vec<i64> {
    let (share, mut state) = (i128::from(share), 0);
    let step = |&sample: &i64| {
        let mean = share * i128::from(sample) + ((1 << 32) - share) * state;
        state = rounded(mean, 1 << 32, Rounding::NearestEven);
        state as i64
    };
    samples.iter().map(step).collect()
}

/// Millionths as people write them.
pub struct Shown(pub i64);

impl Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let magnitude = self.0.unsigned_abs();
        match (magnitude / 1_000_000, magnitude % 1_000_000) {
            (whole, 0) => write!(f, "{sign}{whole}"),
            (whole, rest) => {
                let places = format!("{rest:06}");
                write!(f, "{sign}{whole}.{}", places.trim_end_matches('0'))
            }
        }
    }
}
