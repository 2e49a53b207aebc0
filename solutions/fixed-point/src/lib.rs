//! Fixed point in two scales: millionths for amounts, 2^-32 for signals.
//!
//! A fixed-point number is an integer and a promise about its unit. People write
//! decimals, so what they write is kept as whole millionths ([`Micros`]) and is
//! exact. Filters halve and average, and shifts are cheap, so a signal is kept
//! in units of 2^-32 (`fixed::types::I32F32`). 0.1 is exact in the first scale
//! and not in the second; both are an `i64` inside, and only the type tells
//! them apart.
//!
//! One rule holds everywhere: compute the exact result, round it once, in the
//! direction that was asked for, and answer an error if it does not fit.

mod low_pass;
mod product;
mod rounding;
mod text;

use fixed::types::I32F32;

pub use low_pass::{InvalidShare, LowPass};
pub use rounding::Rounding;
use rounding::quotient;
pub use text::ParseError;

/// How many units of a [`Micros`] are 1.
const SCALE: i64 = 1_000_000;

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

/// A decimal number with six places: a whole number of millionths.
///
/// The range is -9223372036854.775808 to 9223372036854.775807, all in steps of
/// 0.000001. That is the range of a *value*: two values multiply without leaving
/// it only if their product lies in it too.
///
/// As text it is `-12.5` or `1e-7`: an optional sign, digits, optionally a point and
/// more digits, optionally an exponent. [`str::parse`] takes text that is a whole
/// number of millionths, and nothing else; [`Micros::parse_rounded`] takes any.
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
    #[inline]
    pub fn try_mul(self, other: Self, rounding: Rounding) -> Result<Self, ArithmeticError> {
        let product = product::in_millionths(self.0, other.0, rounding);
        product.map(Self).ok_or(ArithmeticError::Overflow)
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
        i64::try_from(quotient(dividend, other.0.into(), rounding))
            .map(Self)
            .map_err(|_| ArithmeticError::Overflow)
    }

    /// The nearest number in units of 2^-32, ties to even.
    ///
    /// # Errors
    ///
    /// [`ArithmeticError::Overflow`] outside of -2147483648 to 2147483647.999999.
    pub fn to_binary(self) -> Result<I32F32, ArithmeticError> {
        let bits = i128::from(self.0) << I32F32::FRAC_NBITS;
        i64::try_from(quotient(bits, SCALE.into(), Rounding::NearestEven))
            .map(I32F32::from_bits)
            .map_err(|_| ArithmeticError::Overflow)
    }

    /// A number in units of 2^-32, rounded to millionths. All of them fit.
    #[must_use]
    pub fn from_binary(value: I32F32, rounding: Rounding) -> Self {
        let millionths = i128::from(value.to_bits()) * i128::from(SCALE);
        let rounded = quotient(millionths, 1 << I32F32::FRAC_NBITS, rounding);
        Self(rounded as i64) // no loss: at most 2^31 * 10^6
    }
}
