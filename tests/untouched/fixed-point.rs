//! Amounts in millionths, and a low-pass filter in binary fixed point.
//!
//! No floats are stored anywhere, so nothing drifts.

use fixed::types::I32F32;
use std::fmt;
use std::str::FromStr;

#[doc(inline)]
pub use contract::*;

/// A decimal number with six places: a whole number of millionths.
///
/// As text it is `-12.5`: an optional sign, digits, optionally a point and more digits. `1e-7`, `.5`
/// and `5.` may be read too, or refused as malformed; [`Number::read`] takes the first of them.
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

    /// `self + other`, exactly, or [`ArithmeticError::Overflow`].
    pub fn try_add(self, other: Self) -> Result<Self, ArithmeticError> {
        let sum = self.0.checked_add(other.0);
        sum.map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self - other`, exactly, or [`ArithmeticError::Overflow`].
    pub fn try_sub(self, other: Self) -> Result<Self, ArithmeticError> {
        let difference = self.0.checked_sub(other.0);
        difference.map(Self).ok_or(ArithmeticError::Overflow)
    }

    /// `self * other`, rounded once, or [`ArithmeticError::Overflow`].
    pub fn try_mul(self, other: Self, rounding: Rounding) -> Result<Self, ArithmeticError> {
        // Wrapping, so that debug and release builds agree.
        let product = self.0.wrapping_mul(other.0);
        Ok(Self(quotient(product, SCALE, rounding) as i64))
    }

    /// `self / other`, rounded once, or [`ArithmeticError::DivisionByZero`], or
    /// [`ArithmeticError::Overflow`].
    pub fn try_div(self, other: Self, rounding: Rounding) -> Result<Self, ArithmeticError> {
        if other.0 == 0 {
            return Err(ArithmeticError::DivisionByZero);
        }
        let dividend = self.0.wrapping_mul(SCALE);
        Ok(Self(quotient(dividend, other.0, rounding) as i64))
    }

    /// The nearest number in units of 2^-32, ties to even, or [`ArithmeticError::Overflow`] outside
    /// of -2147483648 to 2147483647.999999.
    pub fn to_binary(self) -> Result<I32F32, ArithmeticError> {
        I32F32::checked_from_num(self.0 as f64 / SCALE as f64).ok_or(ArithmeticError::Overflow)
    }

    /// A number in units of 2^-32, rounded to millionths. All of them fit.
    #[must_use]
    pub fn from_binary(value: I32F32, rounding: Rounding) -> Self {
        Self(round(value.to_num::<f64>() * SCALE as f64, rounding))
    }

    /// Reads a decimal number with any number of digits and rounds it once, or answers
    /// [`ParseError::Malformed`], or [`ParseError::OutOfRange`] if it does not fit after rounding.
    pub fn parse_rounded(text: &str, rounding: Rounding) -> Result<Self, ParseError> {
        let value: f64 = text.parse().map_err(|_| ParseError::Malformed)?;
        Ok(Self(round(value * SCALE as f64, rounding)))
    }
}

impl FromStr for Micros {
    type Err = ParseError;

    /// Reads text that is a whole number of millionths. Zeros beyond the sixth place do not matter;
    /// any other digit there is [`ParseError::TooPrecise`]. Of two reasons to refuse text either may
    /// be given, but what is malformed is nothing else.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        Self::parse_rounded(text, Rounding::NearestEven)
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Millionths(self.0).fmt(f)
    }
}

fn round(value: f64, rounding: Rounding) -> i64 {
    let rounded = match rounding {
        Rounding::NearestEven => value.round_ties_even(),
        Rounding::TowardZero => value.trunc(),
        Rounding::Floor => value.floor(),
    };
    rounded as i64
}

/// A one-pole low-pass filter, also known as exponential smoothing.
///
/// Each output is the weighted mean `share * sample + (1 - share) * last output`, rounded once, to
/// the nearest multiple of 2^-32, ties to even. The output before the first sample is 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LowPass {
    share: I32F32,
    state: I32F32,
}

impl LowPass {
    /// A filter that moves by `share` of the way to each sample. The share is rounded to the nearest
    /// multiple of 2^-32. One below 0 or above 1 is [`InvalidShare`].
    pub fn new(share: Micros) -> Result<Self, InvalidShare> {
        if !(0..=SCALE).contains(&share.0) {
            return Err(InvalidShare);
        }
        let share = share.to_binary().map_err(|_| InvalidShare)?;
        let state = I32F32::ZERO;
        Ok(Self { share, state })
    }

    /// Takes a sample and answers the next output.
    pub fn smooth(&mut self, sample: I32F32) -> I32F32 {
        let way = sample.wrapping_sub(self.state);
        let step = self.share.wrapping_mul(way);
        self.state = self.state.wrapping_add(step);
        self.state
    }
}
