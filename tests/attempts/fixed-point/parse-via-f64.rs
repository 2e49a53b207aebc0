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
/// The range is -9223372036854.775808 to 9223372036854.775807, all in steps of
/// 0.000001. That is the range of a *value*: two values multiply without leaving
/// it only if their product lies in it too.
///
/// As text it is `-12.5` or `1e-7`, as [`Number::read`] takes it. [`str::parse`] takes text that is
/// a whole number of millionths, and nothing else; [`Micros::parse_rounded`] takes any.
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
        let product = i128::from(self.0) * i128::from(other.0);
        fitting(quotient(product, SCALE, rounding)).map(Self)
    }

    /// `self / other`, rounded once, or [`ArithmeticError::DivisionByZero`], or
    /// [`ArithmeticError::Overflow`].
    pub fn try_div(self, other: Self, rounding: Rounding) -> Result<Self, ArithmeticError> {
        if other.0 == 0 {
            return Err(ArithmeticError::DivisionByZero);
        }
        let dividend = i128::from(self.0) * i128::from(SCALE);
        fitting(quotient(dividend, other.0, rounding)).map(Self)
    }

    /// The nearest number in units of 2^-32, ties to even, or [`ArithmeticError::Overflow`] outside
    /// of -2147483648 to 2147483647.999999.
    pub fn to_binary(self) -> Result<I32F32, ArithmeticError> {
        let bits = i128::from(self.0) << I32F32::FRAC_NBITS;
        fitting(quotient(bits, SCALE, Rounding::NearestEven)).map(I32F32::from_bits)
    }

    /// A number in units of 2^-32, rounded to millionths. All of them fit.
    #[must_use]
    pub fn from_binary(value: I32F32, rounding: Rounding) -> Self {
        let millionths = i128::from(value.to_bits()) * i128::from(SCALE);
        let rounded = quotient(millionths, 1_i64 << I32F32::FRAC_NBITS, rounding);
        Self(rounded as i64) // no loss: at most 2^31 * 10^6
    }

    /// Reads a decimal number with any number of digits and rounds it once, or answers
    /// [`ParseError::Malformed`], or [`ParseError::OutOfRange`] if it does not fit after rounding.
    pub fn parse_rounded(text: &str, rounding: Rounding) -> Result<Self, ParseError> {
        let units = fitting(quotient(quarters(text)?, 4, rounding));
        units.map(Self).map_err(|_| ParseError::OutOfRange)
    }
}

impl FromStr for Micros {
    type Err = ParseError;

    /// Reads text that is a whole number of millionths. Zeros beyond the sixth place do not matter;
    /// any other digit there is [`ParseError::TooPrecise`]. Of two reasons to refuse text either may
    /// be given, but what is malformed is nothing else.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let quarters = quarters(text)?;
        if quarters % 4 != 0 {
            return Err(ParseError::TooPrecise);
        }
        let units = fitting(quarters / 4);
        units.map(Self).map_err(|_| ParseError::OutOfRange)
    }
}

impl fmt::Display for Micros {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Millionths(self.0).fmt(f)
    }
}

/// The units, if they fit.
fn fitting(units: i128) -> Result<i64, ArithmeticError> {
    i64::try_from(units).map_err(|_| ArithmeticError::Overflow)
}

/// The value in quarters of a millionth.
fn quarters(text: &str) -> Result<i128, ParseError> {
    let value: f64 = text.parse().map_err(|_| ParseError::Malformed)?;
    if !value.is_finite() {
        return Err(ParseError::Malformed);
    }
    let quarters = value * 4.0 * SCALE as f64;
    if quarters.abs() > i64::MAX as f64 * 4.0 {
        return Err(ParseError::OutOfRange);
    }
    // What lies between two quarters must not be lost: one of them is odd.
    Ok(quarters.floor() as i128 | i128::from(quarters.fract() != 0.0))
}

/// A one-pole low-pass filter, also known as exponential smoothing.
///
/// Each output is the weighted mean `share * sample + (1 - share) * last output`, computed
/// exactly and then rounded once, to the nearest multiple of 2^-32, ties to even. Integers have no
/// other way to do that, so every machine answers the same bits. The output before the first sample
/// is 0.
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
        // `wide_mul` keeps all 64 places. A mean lies between its two numbers, so it
        // fits where they do. Their difference may not: it has 33 bits before the point.
        let rest = I32F32::ONE - self.share;
        let mean = self.share.wide_mul(sample) + rest.wide_mul(self.state);
        let units = (mean << I32F32::FRAC_NBITS).round_ties_even();
        self.state = I32F32::from_bits(units.to_num());
        self.state
    }
}
