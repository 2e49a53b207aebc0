//! Invoices in yen, dollars and dinars, all of it in `rust_decimal`.

use std::fmt;
use std::str::FromStr;

use rust_decimal::RoundingStrategy::{MidpointAwayFromZero, MidpointNearestEven};

#[doc(inline)]
pub use contract::*;

/// A decimal number: a price, a quantity, a rate. Equal by value: 19 is 19.00, -0 is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decimal(rust_decimal::Decimal);

impl FromStr for Decimal {
    type Err = MoneyError;

    /// Reads a number of up to [`MAX_DIGITS`] digits.
    ///
    /// # Errors
    ///
    /// Those of [`Digits::of`], or [`MoneyError::Overflow`] if it has more.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let Digits {
            sign,
            whole,
            fraction,
        } = Digits::of(text)?;
        let point = if fraction.is_empty() { "" } else { "." };
        let text = format!("{sign}{whole}{point}{fraction}");
        let number = rust_decimal::Decimal::from_str_exact(&text);
        let number = number.map_err(|_| MoneyError::Overflow)?;
        if number.mantissa().abs() >= 10i128.pow(MAX_DIGITS as u32) {
            return Err(MoneyError::Overflow);
        }
        Ok(Self(number))
    }
}

impl Decimal {
    /// The product, with all of its digits.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if they are too many. If the two numbers have [`PRODUCT_DIGITS`]
    /// digits together, or fewer, they are not.
    pub fn times(self, other: Self) -> Result<Self, MoneyError> {
        let product = self.0.checked_mul(other.0);
        product.map(Self).ok_or(MoneyError::Overflow)
    }

    /// The amount nearest to this number.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if it has more than [`MAX_DIGITS`] digits.
    pub fn round(self, currency: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let strategy = match rounding {
            Rounding::HalfEven => MidpointNearestEven,
            Rounding::HalfUp => MidpointAwayFromZero,
        };
        let places = currency.fraction_digits() as u32;
        Money::new(self.0.round_dp_with_strategy(places, strategy), currency)
    }
}

/// An amount of money: as many digits after the point as its currency has, and at most
/// [`MAX_DIGITS`] in all. It prints without the currency's name, and nothing prints without a sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Money {
    amount: rust_decimal::Decimal,
    currency: Currency,
}

impl Money {
    fn new(amount: rust_decimal::Decimal, currency: Currency) -> Result<Self, MoneyError> {
        let whole_digits = MAX_DIGITS - currency.fraction_digits();
        let limit = rust_decimal::Decimal::from_i128_with_scale(10i128.pow(whole_digits as u32), 0);
        if amount.abs() >= limit {
            return Err(MoneyError::Overflow);
        }
        Ok(Self { amount, currency })
    }

    /// Reads an amount. Nothing is rounded.
    ///
    /// # Errors
    ///
    /// Those of [`Digits::of_amount`], or [`MoneyError::Overflow`] beyond [`MAX_DIGITS`] digits.
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        Digits::of_amount(text, currency)?;
        text.parse::<Decimal>()?.round(currency, Rounding::HalfEven)
    }

    /// The sum, exactly.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`], also if one of the two is nothing, or
    /// [`MoneyError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        let (left, right) = (self.currency, other.currency);
        if left != right {
            return Err(MoneyError::CurrencyMismatch { left, right });
        }
        Self::sum([self, other], left)
    }

    /// The sum of amounts in one currency. Only the last sum has to fit: how it came about does not
    /// matter.
    fn sum(
        amounts: impl IntoIterator<Item = Self>,
        currency: Currency,
    ) -> Result<Self, MoneyError> {
        let sum = amounts
            .into_iter()
            .try_fold(rust_decimal::Decimal::ZERO, |sum, money| {
                sum.checked_add(money.amount)
            });
        Self::new(sum.ok_or(MoneyError::Overflow)?, currency)
    }

    /// So many percent of this amount, rounded once.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if the result has more than [`MAX_DIGITS`] digits, or if amount and
    /// rate have more than [`PRODUCT_DIGITS`] together and that is too long to be exact.
    pub fn percent(self, percent: Decimal, rounding: Rounding) -> Result<Self, MoneyError> {
        let fraction = percent.times(Decimal(rust_decimal::Decimal::new(1, 2)))?;
        Decimal(self.amount)
            .times(fraction)?
            .round(self.currency, rounding)
    }

    /// This amount in `parts` shares that sum to it. No two of them differ by more than one minor
    /// unit; the larger ones come first (below zero, either end may).
    ///
    /// # Errors
    ///
    /// [`MoneyError::NoParts`] for 0 parts.
    pub fn split(self, parts: usize) -> Result<Vec<Self>, MoneyError> {
        if parts == 0 {
            return Err(MoneyError::NoParts);
        }
        let unit = rust_decimal::Decimal::new(1, self.currency.fraction_digits() as u32);
        let count = rust_decimal::Decimal::from(parts as u64);
        let units = (self.amount / unit).trunc();
        let (share, left_over) = ((units / count).trunc(), units % count);
        (0..parts)
            .map(|index| rust_decimal::Decimal::from(index as u64) < left_over.abs())
            .map(|more| rust_decimal::Decimal::from(i32::from(more)))
            .map(|extra| {
                if units.is_sign_negative() {
                    share - extra
                } else {
                    share + extra
                }
            })
            .map(|units| Self::new(units * unit, self.currency))
            .collect()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.fraction_digits();
        write!(f, "{:.digits$}", self.amount)
    }
}

/// Makes out an invoice: lines are rounded, net and total are sums of what is printed, and tax is
/// rounded once for each rate. The order of the lines changes no amount.
///
/// # Errors
///
/// [`MoneyError::Overflow`] if an amount of the invoice has more than [`MAX_DIGITS`] digits.
pub fn invoice(
    lines: &[Line<Decimal>],
    currency: Currency,
    rounding: Rounding,
) -> Result<Invoice<Decimal, Money>, MoneyError> {
    let amounts: Vec<Money> = lines
        .iter()
        .map(|line| {
            line.unit_price
                .times(line.quantity)?
                .round(currency, rounding)
        })
        .collect::<Result<_, _>>()?;
    let net = Money::sum(amounts.iter().copied(), currency)?;
    let taxes: Vec<Tax<Decimal, Money>> = by_rate(lines, &amounts)
        .into_iter()
        .map(|(percent, amounts)| {
            let net = Money::sum(amounts, currency)?;
            let tax = net.percent(percent, rounding)?;
            Ok(Tax { percent, net, tax })
        })
        .collect::<Result<_, _>>()?;
    let total = Money::sum(taxes.iter().map(|tax| tax.tax).chain([net]), currency)?;
    Ok(Invoice {
        lines: amounts,
        net,
        taxes,
        total,
    })
}
