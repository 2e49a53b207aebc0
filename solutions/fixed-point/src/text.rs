//! Text in and out, digit by digit. A float on the way would round to binary first,
//! and nobody could tell its error from what was written.

use super::{Micros, Rounding, SCALE, quotient};
use std::fmt;
use std::str::FromStr;

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

impl FromStr for Micros {
    type Err = ParseError;

    /// Reads text that is a whole number of millionths. Zeros beyond the sixth place
    /// do not matter; any other digit there is refused.
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let quarters = quarters(text)?;
        if quarters % 4 != 0 {
            return Err(ParseError::TooPrecise);
        }
        in_range(quarters / 4)
    }
}

impl Micros {
    /// Reads a decimal number with any number of digits and rounds it once.
    ///
    /// # Errors
    ///
    /// [`ParseError::Malformed`] if `text` is no decimal number, and
    /// [`ParseError::OutOfRange`] if it does not fit after rounding.
    pub fn parse_rounded(text: &str, rounding: Rounding) -> Result<Self, ParseError> {
        in_range(quotient(quarters(text)?, 4, rounding))
    }
}

impl fmt::Display for Micros {
    /// The exact value, with as many places as it needs.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = SCALE.unsigned_abs();
        let magnitude = self.raw().unsigned_abs();
        let (whole, fraction) = (magnitude / unit, magnitude % unit);
        let digits = match fraction {
            0 => whole.to_string(),
            _ => format!("{whole}.{fraction:06}")
                .trim_end_matches('0')
                .to_owned(),
        };
        f.pad_integral(self.raw() >= 0, "", &digits)
    }
}

fn in_range(millionths: i128) -> Result<Micros, ParseError> {
    i64::try_from(millionths)
        .map(Micros::from_raw)
        .map_err(|_| ParseError::OutOfRange)
}

/// The value in quarters of a millionth. What lies strictly between two halves of a
/// millionth is given as the quarter between them: it rounds alike, in every direction.
fn quarters(text: &str) -> Result<i128, ParseError> {
    let number = Number::split(text).ok_or(ParseError::Malformed)?;
    // How many digits stand before the point, counted in millionths.
    let mut places = number
        .exponent
        .saturating_add(number.whole.len() as i64 + 6);
    let mut units: i128 = 0;
    let (mut tenths, mut is_more) = (0, false);
    for digit in (number.whole.bytes().chain(number.fraction.bytes())).map(|byte| byte - b'0') {
        match places {
            1.. => units = append(units, digit)?,
            0 => tenths = digit,
            ..0 => is_more |= digit != 0,
        }
        places = places.saturating_sub(1);
    }
    while places > 0 && units != 0 {
        units = append(units, 0)?;
        places -= 1;
    }
    let rest = match (tenths, is_more) {
        (0, false) => 0,
        (..5, _) => 1,
        (5, false) => 2,
        _ => 3,
    };
    let quarters = units * 4 + rest;
    Ok(if number.is_negative {
        -quarters
    } else {
        quarters
    })
}

fn append(units: i128, digit: u8) -> Result<i128, ParseError> {
    match units * 10 + i128::from(digit) {
        units if units > i128::from(u64::MAX) => Err(ParseError::OutOfRange),
        units => Ok(units),
    }
}

/// The parts of a decimal number, all digits ASCII.
struct Number<'a> {
    is_negative: bool,
    whole: &'a str,
    fraction: &'a str,
    exponent: i64,
}

impl<'a> Number<'a> {
    fn split(text: &'a str) -> Option<Self> {
        let (is_negative, text) = signed(text);
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, digits(fraction)?),
            None => (mantissa, ""),
        };
        let whole = digits(whole)?;
        Some(Self {
            is_negative,
            whole,
            fraction,
            exponent,
        })
    }
}

/// Splits off a sign.
fn signed(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// At least one digit, and nothing else.
fn digits(text: &str) -> Option<&str> {
    (!text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())).then_some(text)
}

/// An exponent beyond all use becomes the largest, which is as useless.
fn read_exponent(text: &str) -> Option<i64> {
    let (is_negative, text) = signed(text);
    let size = digits(text)?.parse().unwrap_or(i64::MAX);
    Some(if is_negative { -size } else { size })
}
