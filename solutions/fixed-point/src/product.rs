//! The product of two numbers of millionths, without 128-bit arithmetic.
//!
//! WebAssembly has no 128-bit integers: an `i128` product is a call, the division
//! after it a loop, and in most engines the two take ten times as long as
//! `a * b / 1_000_000`, or more. Two observations make them unnecessary.
//!
//! - Everyday products fit an `i64`. Then one multiplication and one division by a
//!   constant, which engines turn into a multiplication, are the whole work.
//! - For all others a float guesses the quotient, and integers put the guess right. What
//!   it leaves over, `a * b - guess * 10^6`, is small. Its two terms fit no `i64`, but they
//!   wrap alike, and their difference is right again.
//!
//! The float chooses the way and makes the guess. It never touches the result.

use super::{Rounding, SCALE};

/// Below this, a product computed as `f64` is surely an `i64`, even with half a unit added:
/// two conversions and one multiplication are each off by at most one part in 2^53.
const FITS: f64 = 9.2e18;

/// Beyond this, a guess is of a quotient beyond 2^63: five roundings (the factor 1e-6 is one)
/// miss less than 2^13 there, and this leaves them twice as much.
const BEYOND: f64 = (1_u64 << 63) as f64 + 16_384.0;

/// `a * b / 1_000_000`, rounded once; `None` if that is no `i64`.
#[inline]
pub fn in_millionths(a: i64, b: i64, rounding: Rounding) -> Option<i64> {
    let product = a as f64 * b as f64;
    if product.abs() < FITS {
        return corrected(0, a, b, rounding);
    }
    let guess = product * 1e-6;
    if guess.abs() > BEYOND {
        return None;
    }
    // Between the end of the range and `BEYOND` this saturates, and misses by that much more.
    corrected(guess as i64, a, b, rounding)
}

/// The exact answer from a guess that is at most 2^15 away from it, or from 0 if `a * b` is an `i64`.
#[inline]
fn corrected(guess: i64, a: i64, b: i64, rounding: Rounding) -> Option<i64> {
    let left_over = a.wrapping_mul(b).wrapping_sub(guess.wrapping_mul(SCALE));
    let correction = match rounding {
        Rounding::Floor => floor(left_over).0,
        Rounding::TowardZero => {
            let (down, rest) = floor(left_over);
            down + i64::from((a ^ b) < 0 && rest != 0)
        }
        Rounding::NearestEven => match floor(left_over + SCALE / 2) {
            (up, 0) => up - ((guess ^ up) & 1), // a tie: the sum has to be even
            (nearest, _) => nearest,
        },
    };
    guess.checked_add(correction)
}

/// The quotient by 10^6, rounded down, and a rest that is 0 if nothing is left over.
#[inline]
fn floor(units: i64) -> (i64, i64) {
    let (quotient, rest) = (units / SCALE, units % SCALE);
    (quotient + (rest >> 63), rest) // rest >> 63 is -1 below zero
}
