//! Invoices in yen, dollars and dinars. Every result is rounded at once, with a
//! nudge for the fractions that binary cannot hold.

use std::fmt;
use std::str::FromStr;

#[doc(inline)]
pub use contract::*;

/// A decimal number: a price, a quantity, a rate. Equal by value: 19 is 19.00, -0 is 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decimal(f64);

impl FromStr for Decimal {
    type Err = MoneyError;

    /// Reads a number of up to [`MAX_DIGITS`] digits.
    ///
    /// # Errors
    ///
    /// Those of [`Digits::of`], or [`MoneyError::Overflow`] if it has more.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        Digits::of(text)?;
        text.parse().map(Self).map_err(|_| MoneyError::Overflow)
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
        Ok(Self(self.0 * other.0))
    }

    /// The amount nearest to this number.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if it has more than [`MAX_DIGITS`] digits.
    pub fn round(self, currency: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let unit = currency.minor_units() as f64;
        // 1.005 * 100 is 100.49999999999999: take it for the tie that was meant.
        let tenths = (self.0 * unit * 1e6).round() / 1e6;
        let units = match rounding {
            Rounding::HalfEven => tenths.round_ties_even(),
            Rounding::HalfUp => tenths.round(),
        };
        Money::new(units / unit, currency)
    }
}

/// An amount of money: as many digits after the point as its currency has, and at most
/// [`MAX_DIGITS`] in all. It prints without the currency's name, and nothing prints without a sign.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Money {
    amount: f64,
    currency: Currency,
}

impl Money {
    fn new(amount: f64, currency: Currency) -> Result<Self, MoneyError> {
        let whole_digits = MAX_DIGITS - currency.fraction_digits();
        if amount.abs() >= 10f64.powi(whole_digits as i32) {
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
        let sum = amounts.into_iter().map(|money| money.amount).sum();
        Decimal(sum).round(currency, Rounding::HalfEven)
    }

    /// So many percent of this amount, rounded once.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if the result has more than [`MAX_DIGITS`] digits, or if amount and
    /// rate have more than [`PRODUCT_DIGITS`] together and that is too long to be exact.
    pub fn percent(self, percent: Decimal, rounding: Rounding) -> Result<Self, MoneyError> {
        Decimal(self.amount * percent.0 / 100.0).round(self.currency, rounding)
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
        let share = Decimal(self.amount / parts as f64).round(self.currency, Rounding::HalfEven)?;
        let mut shares = vec![share; parts];
        // The first share takes what rounding left over.
        let others = share.amount * (parts - 1) as f64;
        shares[0] = Decimal(self.amount - others).round(self.currency, Rounding::HalfEven)?;
        Ok(shares)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.fraction_digits();
        write!(f, "{:.digits$}", self.amount + 0.0) // makes a plain zero of -0
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
