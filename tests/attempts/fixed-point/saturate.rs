//! Amounts in millionths, and a low-pass filter in binary fixed point.
//!
//! No floats are stored anywhere, so nothing drifts.

use fixed::types::I32F32;
use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// How many units of a [`Micros`] are 1.
const SCALE: i64 = 1_000_000;

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

/// Why two numbers have no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ArithmeticError {
    /// The exact result, rounded as asked, lies outside the type's range.
    #[error("the result is out of range")]
    Overflow,
    /// The divisor is zero, whatever the dividend.
    #[error("division by zero")]
    DivisionByZero,
}

/// Why text is not a number of millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ParseError {
    /// It is no decimal number.
    #[error("not a decimal number")]
    Malformed,
    /// It has digits beyond the sixth place, and nobody said how to round them.
    #[error("more than six decimal places")]
    TooPrecise,
    /// It lies outside the range of [`Micros`].
    #[error("out of range")]
    OutOfRange,
}

/// A decimal number with six places: a whole number of millionths.
///
/// As text it is `-12.5`: an optional sign, digits, optionally a point and more
/// digits. `1e-7` may be read too, or refused as malformed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Micros(i64);

impl Micros {
    /// From a number of millionths.
    #[must_use]
    pub const fn from_raw(millionths: i64) -> Self {
        Self(millionths)
    }

    /// The number of millionths.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// `self + other`, exactly.
    ///
    /// # Errors
    ///
    /// [`ArithmeticError::Overflow`].
    pub fn try_add(self, other: Self) -> Result<Self, ArithmeticError> {
        let sum = self.0.checked_add(other.0);
        sum.map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self - other`, exactly.
    ///
    /// # Errors
    ///
    /// [`ArithmeticError::Overflow`].
    pub fn try_sub(self, other: Self) -> Result<Self, ArithmeticError> {
        let difference = self.0.checked_sub(other.0);
        difference.map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self * other`, rounded once.
    ///
    /// # Errors
    ///
    /// [`ArithmeticError::Overflow`].
    pub fn try_mul(self, other: Self, rounding: Rounding) -> Result<Self, ArithmeticError> {
        // No sign can flip any more.
        let product = self.0.saturating_mul(other.0);
        Ok(Self(quotient(product, SCALE, rounding)))
    }

    /// `self / other`, rounded once.
    ///
    /// # Errors
    ///
    /// [`ArithmeticError::DivisionByZero`], or [`ArithmeticError::Overflow`].
    pub fn try_div(self, other: Self, rounding: Rounding) -> Result<Self, ArithmeticError> {
        if other.0 == 0 {
            return Err(ArithmeticError::DivisionByZero);
        }
        let dividend = self.0.saturating_mul(SCALE);
        Ok(Self(quotient(dividend, other.0, rounding)))
    }

    /// The nearest number in units of 2^-32, ties to even.
    ///
    /// # Errors
    ///
    /// [`ArithmeticError::Overflow`] outside of -2147483648 to 2147483647.999999.
    pub fn to_binary(self) -> Result<I32F32, ArithmeticError> {
        I32F32::checked_from_num(self.0 as f64 / SCALE as f64).ok_or(ArithmeticError::Overflow)
    }

    /// A number in units of 2^-32, rounded to millionths. All of them fit.
    #[must_use]
    pub fn from_binary(value: I32F32, rounding: Rounding) -> Self {
        Self(round(value.to_num::<f64>() * SCALE as f64, rounding))
    }

    /// Reads a decimal number with any number of digits and rounds it once.
    ///
    /// # Errors
    ///
    /// [`ParseError::Malformed`] if `text` is no decimal number, and
    /// [`ParseError::OutOfRange`] if it does not fit after rounding.
    pub fn parse_rounded(text: &str, rounding: Rounding) -> Result<Self, ParseError> {
        let value: f64 = text.parse().map_err(|_| ParseError::Malformed)?;
        Ok(Self(round(value * SCALE as f64, rounding)))
    }
}

impl FromStr for Micros {
    type Err = ParseError;

    /// Reads text that is a whole number of millionths. Zeros beyond the sixth place
    /// do not matter; any other digit there is refused.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse_rounded(text, Rounding::NearestEven)
    }
}

impl fmt::Display for Micros {
    /// The exact value, with as many places as it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let magnitude = self.0.unsigned_abs();
        let (whole, fraction) = (magnitude / 1_000_000, magnitude % 1_000_000);
        let sign = if self.0 < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{fraction:06}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// `numerator / denominator`, rounded once. The denominator is not zero.
fn quotient(numerator: i64, denominator: i64, rounding: Rounding) -> i64 {
    let (numerator, denominator) = match denominator {
        ..0 => (numerator.wrapping_neg(), denominator.wrapping_neg()),
        0.. => (numerator, denominator),
    };
    let floor = numerator.wrapping_div_euclid(denominator);
    let rest = numerator.wrapping_rem_euclid(denominator); // 0 <= rest < denominator
    let up = match rounding {
        Rounding::Floor => false,
        Rounding::TowardZero => numerator < 0 && rest > 0,
        Rounding::NearestEven => match rest.cmp(&denominator.wrapping_sub(rest)) {
            Ordering::Less => false,
            Ordering::Equal => floor & 1 == 1,
            Ordering::Greater => true,
        },
    };
    floor + i64::from(up)
}

fn round(value: f64, rounding: Rounding) -> i64 {
    let rounded = match rounding {
        Rounding::NearestEven => value.round_ties_even(),
        Rounding::TowardZero => value.trunc(),
        Rounding::Floor => value.floor(),
    };
    rounded as i64
}

/// A filter's share is not a number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a low-pass filter takes a share from 0 to 1 of each sample")]
pub struct InvalidShare;

/// A one-pole low-pass filter, also known as exponential smoothing.
///
/// Each output is the weighted mean `share * sample + (1 - share) * last output`,
/// rounded once, to the nearest multiple of 2^-32, ties to even. The output before
/// the first sample is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowPass {
    share: I32F32,
    state: I32F32,
}

impl LowPass {
    /// A filter that moves by `share` of the way to each sample. The share is rounded
    /// to the nearest multiple of 2^-32.
    ///
    /// # Errors
    ///
    /// [`InvalidShare`] if `share` is below 0 or above 1.
    pub fn new(share: Micros) -> Result<Self, InvalidShare> {
        let share = share.to_binary().map_err(|_| InvalidShare)?;
        if !(I32F32::ZERO..=I32F32::ONE).contains(&share) {
            return Err(InvalidShare);
        }
        Ok(Self {
            share,
            state: I32F32::ZERO,
        })
    }

    /// Takes a sample and answers the next output.
    pub fn smooth(&mut self, sample: I32F32) -> I32F32 {
        let way = sample.wrapping_sub(self.state);
        let step = self.share.wrapping_mul(way);
        self.state = self.state.wrapping_add(step);
        self.state
    }
}
