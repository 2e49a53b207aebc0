//! Invoices in yen, dollars and dinars: lines, tax and a total that add up.

use std::fmt;
use std::str::FromStr;

/// Digits that an amount or a number may have, those after the point included.
pub const MAX_DIGITS: usize = 28;

/// A currency of ISO 4217.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Currency {
    /// Japanese yen.
    Jpy,
    /// United States dollar.
    Usd,
    /// Kuwaiti dinar.
    Kwd,
}

impl Currency {
    /// Digits after the point: ISO 4217 calls them the minor unit.
    #[must_use]
    pub fn fraction_digits(self) -> usize {
        match self {
            Self::Jpy => 0,
            Self::Usd => 2,
            Self::Kwd => 3,
        }
    }
}

/// What becomes of a number halfway between two amounts. Any other goes to the
/// nearest amount, always.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the amount whose last digit is even: no drift over many amounts.
    HalfEven,
    /// Away from zero, as schools and most tax offices teach it.
    HalfUp,
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MoneyError {
    /// The text is not an optional minus, digits, and optionally a point and
    /// more digits. `at` counts bytes from 0; `found` is `None` where the text
    /// ends too early.
    #[error("{} at byte {at}", .found.map_or("the text ends".to_owned(), |c| format!("unexpected {c:?}")))]
    Malformed {
        /// The first byte that is wrong.
        at: usize,
        /// What stands there.
        found: Option<char>,
    },
    /// The currency has fewer digits after the point.
    #[error("the digit at byte {at} is one too many: the currency has {digits} after the point")]
    TooFine {
        /// The first byte that is too much.
        at: usize,
        /// How many digits the currency has after the point.
        digits: usize,
    },
    /// The number has more than [`MAX_DIGITS`] digits.
    #[error("the number has too many digits")]
    Overflow,
    /// Two currencies have no sum.
    #[error("{left:?} and {right:?} have no sum")]
    CurrencyMismatch {
        /// On the left.
        left: Currency,
        /// On the right.
        right: Currency,
    },
    /// Nothing can be split into no parts.
    #[error("there are no parts to split into")]
    NoParts,
}

/// A decimal number: a price, a quantity, a rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Decimal(f64);

impl FromStr for Decimal {
    type Err = MoneyError;

    /// Reads an optional minus, digits, and optionally a point and more digits.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Malformed`] for any other text; [`MoneyError::Overflow`]
    /// beyond [`MAX_DIGITS`] digits, not counting zeros that change nothing.
    fn from_str(text: &str) -> Result<Self, MoneyError> {
        scan(text)?;
        text.parse().map(Self).map_err(|_| MoneyError::Overflow)
    }
}

impl Decimal {
    /// The product.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if it has too many digits.
    pub fn times(self, other: Self) -> Result<Self, MoneyError> {
        Ok(Self(self.0 * other.0))
    }

    /// The amount nearest to this number.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`] if it has more than [`MAX_DIGITS`] digits.
    pub fn round(self, currency: Currency, rounding: Rounding) -> Result<Money, MoneyError> {
        let unit = 10f64.powi(currency.fraction_digits() as i32);
        let units = match rounding {
            Rounding::HalfEven => (self.0 * unit).round_ties_even(),
            Rounding::HalfUp => (self.0 * unit).round(),
        };
        Money::new(units / unit, currency)
    }
}

/// An amount of money: as many digits after the point as its currency has, and
/// at most [`MAX_DIGITS`] in all. It prints without the currency's name.
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

    /// Reads an amount. Nothing is rounded: more digits after the point than
    /// the currency has are an error, also if they are zeros.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Malformed`], [`MoneyError::TooFine`] or [`MoneyError::Overflow`].
    pub fn parse(text: &str, currency: Currency) -> Result<Self, MoneyError> {
        let (_, fraction) = scan(text)?;
        let digits = currency.fraction_digits();
        if fraction.len() > digits {
            let at = text.len() - fraction.len() + digits;
            return Err(MoneyError::TooFine { at, digits });
        }
        text.parse::<Decimal>()?.round(currency, Rounding::HalfEven)
    }

    /// The sum.
    ///
    /// # Errors
    ///
    /// [`MoneyError::CurrencyMismatch`] or [`MoneyError::Overflow`].
    pub fn plus(self, other: Self) -> Result<Self, MoneyError> {
        if self.currency != other.currency {
            return Err(MoneyError::CurrencyMismatch {
                left: self.currency,
                right: other.currency,
            });
        }
        Self::new(self.amount + other.amount, self.currency)
    }

    /// So many percent of this amount, rounded once.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Overflow`].
    pub fn percent(self, percent: Decimal, rounding: Rounding) -> Result<Self, MoneyError> {
        Decimal(self.amount * percent.0 / 100.0).round(self.currency, rounding)
    }

    /// This amount in `parts` shares that sum to it. No two of them differ by
    /// more than one minor unit; the larger ones come first.
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
        shares[0].amount = self.amount - share.amount * (parts - 1) as f64;
        Ok(shares)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.currency.fraction_digits();
        write!(f, "{:.digits$}", self.amount)
    }
}

/// What is sold: so many, at this price, with so much tax.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line {
    /// How many or how much; below 0 for what comes back.
    pub quantity: Decimal,
    /// Net, for one; it may be finer than the currency.
    pub unit_price: Decimal,
    /// The tax rate: 19 means 19%.
    pub tax_percent: Decimal,
}

/// The tax of all lines with one rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tax {
    /// The rate: 19 means 19%.
    pub percent: Decimal,
    /// What is taxed.
    pub net: Money,
    /// `percent` of `net`.
    pub tax: Money,
}

/// Amounts as they are printed, which add up as they are printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Invoice {
    /// The net amount of each line.
    pub lines: Vec<Money>,
    /// The sum of the lines.
    pub net: Money,
    /// One for each rate, in the order of its first line.
    pub taxes: Vec<Tax>,
    /// Net and taxes.
    pub total: Money,
}

/// Makes out an invoice.
///
/// # Errors
///
/// [`MoneyError::Overflow`] if an amount has more than [`MAX_DIGITS`] digits.
pub fn invoice(
    lines: &[Line],
    currency: Currency,
    rounding: Rounding,
) -> Result<Invoice, MoneyError> {
    let nothing = Money::parse("0", currency)?;
    let mut invoice = Invoice {
        lines: Vec::new(),
        net: nothing,
        taxes: Vec::new(),
        total: nothing,
    };
    for line in lines {
        let amount = line
            .unit_price
            .times(line.quantity)?
            .round(currency, rounding)?;
        invoice.lines.push(amount);
        invoice.net = invoice.net.plus(amount)?;
        let same_rate = |tax: &&mut Tax| tax.percent == line.tax_percent;
        match invoice.taxes.iter_mut().find(same_rate) {
            Some(tax) => tax.net = tax.net.plus(amount)?,
            None => invoice.taxes.push(Tax {
                percent: line.tax_percent,
                net: amount,
                tax: nothing,
            }),
        }
    }
    invoice.total = invoice.net;
    for tax in &mut invoice.taxes {
        tax.tax = tax.net.percent(tax.percent, rounding)?;
        invoice.total = invoice.total.plus(tax.tax)?;
    }
    Ok(invoice)
}

/// The digits before and after the point. Anything but an optional minus,
/// digits, and optionally a point and more digits is refused.
fn scan(text: &str) -> Result<(&str, &str), MoneyError> {
    let start = usize::from(text.starts_with('-'));
    let point = after_digits(text, start)?;
    if point == text.len() {
        return Ok((&text[start..], ""));
    }
    if !text[point..].starts_with('.') {
        return Err(malformed(text, point));
    }
    let end = after_digits(text, point + 1)?;
    if end < text.len() {
        return Err(malformed(text, end));
    }
    Ok((&text[start..point], &text[point + 1..]))
}

/// Where the digits end that begin at `start`; there must be one.
fn after_digits(text: &str, start: usize) -> Result<usize, MoneyError> {
    let digits = text[start..].bytes().take_while(u8::is_ascii_digit).count();
    if digits == 0 {
        return Err(malformed(text, start));
    }
    Ok(start + digits)
}

fn malformed(text: &str, at: usize) -> MoneyError {
    let found = text[at..].chars().next();
    MoneyError::Malformed { at, found }
}
