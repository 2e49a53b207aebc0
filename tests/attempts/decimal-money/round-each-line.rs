//! Invoices in yen, dollars and dinars, in whole minor units. Each line carries
//! its own tax.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

#[doc(inline)]
pub use contract::*;

/// The first count with one digit more than an amount or a number may have.
const LIMIT: i128 = 10i128.pow(MAX_DIGITS as u32);

/// A decimal number: a price, a quantity, a rate. Equal by value: 19 is 19.00, -0 is 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decimal {
    /// The number is `digits / 10^places`, without a zero at the end of the fraction.
    digits: i128,
    places: usize,
}

impl FromStr for Decimal {
    type Err = MoneyError;

    /// Reads a number of up to [`MAX_DIGITS`] digits.
    ///
    /// # Errors
    ///
    /// Those of [`Digits::of`], or [`MoneyError::Overflow`] if it has more.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        let text = Digits::of(text)?;
        let places = text.fraction.len();
        match format!("{}{}{}", text.sign, text.whole, text.fraction).parse() {
            Ok(digits) if (1 - LIMIT..LIMIT).contains(&digits) && places <= MAX_DIGITS => {
                Self::new(digits, places)
            }
            _ => Err(MoneyError::Overflow),
        }
    }
}

impl Decimal {
    /// Drops the zeros at the end of the fraction. Without them two numbers are
    /// equal if their fields are: 0.07 times 100 is 7, and one rate of tax with it.
    fn new(mut digits: i128, mut places: usize) -> Result<Self, MoneyError> {
        while places > 0 && digits % 10 == 0 {
            digits /= 10;
            places -= 1;
        }
        if places > PRODUCT_DIGITS {
            return Err(MoneyError::Overflow);
        }
        Ok(Self { digits, places })
    }

    /// The product, with all of its digits.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if they are too many. If the two numbers have [`PRODUCT_DIGITS`]
    /// digits together, or fewer, they are not.
    pub fn times(self, other: Self) -> Result<Self, MoneyError> {
        let digits = self.digits.checked_mul(other.digits);
        Self::new(
            digits.ok_or(MoneyError::Overflow)?,
            self.places + other.places,
        )
    }

    /// The amount nearest to this number.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if it has more than [`MAX_DIGITS`] digits.
    pub fn round(self, currency: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let places = currency.fraction_digits();
        // At least one of the two is 1: a number is finer than its currency, or it is not.
        let unit = 10i128.pow(self.places.saturating_sub(places) as u32);
        let missing = 10i128.pow(places.saturating_sub(self.places) as u32);
        let (units, rest) = (self.digits / unit, (self.digits % unit).abs());
        let away = match (rest.cmp(&(unit - rest)), rounding) {
            (Ordering::Equal, Rounding::HalfEven) => units % 2 != 0,
            (Ordering::Equal, Rounding::HalfUp) => true,
            (order, _) => order.is_gt(),
        };
        let units = (units + i128::from(away) * self.digits.signum()).checked_mul(missing);
        Money::new(units.ok_or(MoneyError::Overflow)?, currency)
    }
}

/// An amount of money: as many digits after the point as its currency has, and at most
/// [`MAX_DIGITS`] in all. It prints without the currency's name, and nothing prints without a sign.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Money {
    /// Cents of a dollar, fils of a dinar, whole yen.
    units: i128,
    currency: Currency,
}

impl Money {
    fn new(units: i128, currency: Currency) -> Result<Self, MoneyError> {
        if !(1 - LIMIT..LIMIT).contains(&units) {
            return Err(MoneyError::Overflow);
        }
        Ok(Self { units, currency })
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
        Self::new(amounts.into_iter().map(|money| money.units).sum(), currency)
    }

    /// So many percent of this amount, rounded once.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if the result has more than [`MAX_DIGITS`] digits, or if amount and
    /// rate have more than [`PRODUCT_DIGITS`] together and that is too long to be exact.
    pub fn percent(self, percent: Decimal, rounding: Rounding) -> Result<Self, MoneyError> {
        let hundredth = Decimal::new(self.units, self.currency.fraction_digits() + 2)?;
        hundredth.times(percent)?.round(self.currency, rounding)
    }

    /// This amount in `parts` shares that sum to it. No two of them differ by more than one minor
    /// unit; the larger ones come first (below zero, those farther from it). Takes memory for each
    /// part, so bound a number of parts that comes from outside.
    ///
    /// # Errors
    ///
    /// [`MoneyError::NoParts`] for 0 parts.
    pub fn split(self, parts: usize) -> Result<Vec<Self>, MoneyError> {
        if parts == 0 {
            return Err(MoneyError::NoParts);
        }
        let (share, left_over) = (self.units / parts as i128, self.units % parts as i128);
        (0..parts as i128)
            .map(|index| i128::from(index < left_over.abs()) * self.units.signum())
            .map(|extra| Self::new(share + extra, self.currency))
            .collect()
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.fraction_digits();
        let (units, unit) = (self.units.abs(), self.currency.minor_units());
        let sign = if self.units < 0 { "-" } else { "" };
        match digits {
            0 => write!(f, "{sign}{units}"),
            _ => write!(f, "{sign}{}.{:0digits$}", units / unit, units % unit),
        }
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
            let taxes = (amounts.iter())
                .map(|amount| amount.percent(percent, rounding))
                .collect::<Result<Vec<_>, _>>()?;
            let net = Money::sum(amounts, currency)?;
            let tax = Money::sum(taxes, currency)?;
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
