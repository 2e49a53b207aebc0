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
        let product = i128::from(self.0) * i128::from(other.0);
        fitting(quotient(product, SCALE.into(), rounding))
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
        let dividend = i128::from(self.0) * i128::from(SCALE);
        fitting(quotient(dividend, other.0.into(), rounding))
    }

    /// The nearest number in units of 2^-32, ties to even.
    ///
    /// # Errors
    ///
    /// [`ArithmeticError::Overflow`] outside of -2147483648 to 2147483647.999999.
    pub fn to_binary(self) -> Result<I32F32, ArithmeticError> {
        Ok(I32F32::from_bits(self.0))
    }

    /// A number in units of 2^-32, rounded to millionths. All of them fit.
    #[must_use]
    pub fn from_binary(value: I32F32, _rounding: Rounding) -> Self {
        Self(value.to_bits())
    }

    /// Reads a decimal number with any number of digits and rounds it once.
    ///
    /// # Errors
    ///
    /// [`ParseError::Malformed`] if `text` is no decimal number, and
    /// [`ParseError::OutOfRange`] if it does not fit after rounding.
    pub fn parse_rounded(text: &str, rounding: Rounding) -> Result<Self, ParseError> {
        let quarters = quarters(text)?;
        fitting(quotient(quarters, 4, rounding)).map_err(|_| ParseError::OutOfRange)
    }
}

impl FromStr for Micros {
    type Err = ParseError;

    /// Reads text that is a whole number of millionths. Zeros beyond the sixth place
    /// do not matter; any other digit there is refused.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let quarters = quarters(text)?;
        if quarters % 4 != 0 {
            return Err(ParseError::TooPrecise);
        }
        fitting(quarters / 4).map_err(|_| ParseError::OutOfRange)
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
fn quotient(numerator: i128, denominator: i128, rounding: Rounding) -> i128 {
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

/// The number, if it is in range.
fn fitting(units: i128) -> Result<Micros, ArithmeticError> {
    let units = i64::try_from(units);
    units.map(Micros).map_err(|_| ArithmeticError::Overflow)
}

/// The value in quarters of a millionth. What lies strictly between two halves counts
/// as the quarter between them: it rounds alike.
fn quarters(text: &str) -> Result<i128, ParseError> {
    let (is_negative, text) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, places) = text.split_once('.').unwrap_or((text, "0"));
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !is_number(whole) || !is_number(places) {
        return Err(ParseError::Malformed);
    }
    let mut kept = 0_i128;
    for digit in whole.bytes().chain(places.bytes().chain([b'0'; 6]).take(6)) {
        kept = kept * 10 + i128::from(digit - b'0');
        if kept > i128::from(u64::MAX) {
            return Err(ParseError::OutOfRange);
        }
    }
    let rest = places.as_bytes().get(6..).unwrap_or_default();
    let is_more = rest.iter().skip(1).any(|&digit| digit != b'0');
    let quarter = match (rest.first(), is_more) {
        (None | Some(b'0'), false) => 0,
        (Some(b'5'), false) => 2,
        (Some(b'5'..), _) => 3,
        _ => 1,
    };
    let quarters = kept * 4 + quarter;
    Ok(if is_negative { -quarters } else { quarters })
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
        if !(0..=SCALE).contains(&share.0) {
            return Err(InvalidShare);
        }
        Ok(Self {
            share: I32F32::from_bits(share.0),
            state: I32F32::ZERO,
        })
    }

    /// Takes a sample and answers the next output.
    pub fn smooth(&mut self, sample: I32F32) -> I32F32 {
        let [share, state, sample] =
            [self.share, self.state, sample].map(|x| i128::from(x.to_bits()));
        let mean = share * sample + ((1 << 32) - share) * state;
        let units = quotient(mean, 1 << 32, Rounding::NearestEven);
        self.state = I32F32::from_bits(units as i64);
        self.state
    }
}
