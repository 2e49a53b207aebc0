//! What fixed-point arithmetic has to do with: its scale, its roundings, its errors, and text taken
//! apart. All of it is given.

use std::cmp::Ordering;
use std::fmt;

/// How many millionths are 1.
pub const SCALE: i64 = 1_000_000;

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

/// `numerator / denominator`, rounded once. The denominator is not zero, and both are far from the
/// ends of `i128`.
pub fn quotient(
    numerator: impl Into<i128>,
    denominator: impl Into<i128>,
    rounding: Rounding,
) -> i128 {
    let (numerator, denominator) = match (numerator.into(), denominator.into()) {
        (numerator, denominator @ ..0) => (-numerator, -denominator),
        positive => positive,
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
    /// It lies outside the range of an `i64` of millionths.
    #[error("out of range")]
    OutOfRange,
}

/// A filter's share is not a number from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a low-pass filter takes a share from 0 to 1 of each sample")]
pub struct InvalidShare;

/// A decimal number as text, taken apart: `digits * 10^exponent`, below zero if `is_negative`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Number {
    /// Whether a minus stands in front.
    pub is_negative: bool,
    /// ASCII digits with no zero at either end, however many; "0" for zero.
    pub digits: String,
    /// The power of ten of the last digit. One beyond all use is the largest, which is as useless.
    pub exponent: i64,
}

impl Number {
    /// Takes `-12.5` or `1e-7` apart: an optional sign, digits, optionally a point and more digits,
    /// optionally an exponent.
    ///
    /// # Errors
    ///
    /// [`ParseError::Malformed`] for all other text.
    pub fn read(text: &str) -> Result<Self, ParseError> {
        let (is_negative, text) = signed(text);
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, read_exponent(exponent)?),
            None => (text, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (whole, digits(fraction)?),
            None => (mantissa, ""),
        };
        let all = format!("{}{fraction}", digits(whole)?);
        let kept = all.trim_end_matches('0');
        let zeros = (all.len() - kept.len()) as i64;
        let (digits, exponent) = match kept.trim_start_matches('0') {
            "" => ("0", 0),
            digits => (
                digits,
                exponent.saturating_add(zeros - fraction.len() as i64),
            ),
        };
        Ok(Self {
            is_negative,
            digits: digits.to_owned(),
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
fn digits(text: &str) -> Result<&str, ParseError> {
    if text.is_empty() || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(ParseError::Malformed);
    }
    Ok(text)
}

fn read_exponent(text: &str) -> Result<i64, ParseError> {
    let (is_negative, text) = signed(text);
    let size = digits(text)?.parse().unwrap_or(i64::MAX);
    Ok(if is_negative { -size } else { size })
}

/// Millionths as people write them: exactly, with as many places as they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Millionths(pub i64);

impl fmt::Display for Millionths {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (magnitude, unit) = (self.0.unsigned_abs(), SCALE.unsigned_abs());
        let digits = match (magnitude / unit, magnitude % unit) {
            (whole, 0) => whole.to_string(),
            (whole, fraction) => format!("{whole}.{fraction:06}")
                .trim_end_matches('0')
                .to_owned(),
        };
        f.pad_integral(self.0 >= 0, "", &digits)
    }
}
