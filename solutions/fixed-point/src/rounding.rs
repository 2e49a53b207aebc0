//! Where a result goes that lies between two units.

use std::cmp::Ordering;

/// Which neighbour a result that is not a whole number of units becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// The nearer one; half-way, the one whose last digit is even.
    NearestEven,
    /// The one nearer to zero: digits are cut off.
    TowardZero,
    /// The lower one, below zero too.
    Floor,
}

/// `numerator / denominator`, rounded once. The denominator is not zero, and both
/// are far from the ends of `i128`.
pub fn quotient(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
    let (numerator, denominator) = match denominator {
        ..0 => (-numerator, -denominator),
        0.. => (numerator, denominator),
    };
    let floor = numerator.div_euclid(denominator);
    let rest = numerator.rem_euclid(denominator); // 0 <= rest < denominator
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::TowardZero => numerator < 0 && rest > 0,
        Rounding::NearestEven => match rest.cmp(&(denominator - rest)) {
            Ordering::Less => false,
            Ordering::Equal => floor & 1 == 1,
            Ordering::Greater => true,
        },
    };
    floor + i128::from(up)
}
