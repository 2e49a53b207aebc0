//! What an invoice is made of: currencies, rounding rules, errors, and the shape of its lines and
//! taxes. All of it is given. How a number and an amount are held is not.

/// Digits that an amount or a number that is read may have, those after the point included. Zeros
/// that change nothing do not count: 007.50 has two digits.
pub const MAX_DIGITS: usize = 28;

/// Digits up to which a product is exact: an amount times a factor of ten digits.
pub const PRODUCT_DIGITS: usize = 38;

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
    pub const fn fraction_digits(self) -> usize {
        match self {
            Self::Jpy => 0,
            Self::Usd => 2,
            Self::Kwd => 3,
        }
    }

    /// How many minor units are one of the currency: a dollar is 100 cents.
    #[must_use]
    pub const fn minor_units(self) -> i128 {
        match self {
            Self::Jpy => 1,
            Self::Usd => 100,
            Self::Kwd => 1000,
        }
    }
}

/// What becomes of a number halfway between two amounts. Any other goes to the nearest amount,
/// always.
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
    /// The text is not an optional minus, digits, and optionally a point and more digits. `at`
    /// counts bytes from 0; `found` is `None` where the text ends too early.
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
    /// The number has more digits than it may have.
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

/// A decimal number as text, taken apart. Zeros that change nothing are gone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Digits<'a> {
    /// "-" or nothing.
    pub sign: &'a str,
    /// The digits before the point; a "0" if there are none but zeros.
    pub whole: &'a str,
    /// The digits after the point, or nothing.
    pub fraction: &'a str,
}

impl<'a> Digits<'a> {
    /// Takes a number apart.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Malformed`] for anything but an optional minus, digits, and optionally a point
    /// and more digits.
    pub fn of(text: &'a str) -> Result<Self, MoneyError> {
        let (whole, fraction) = scan(text)?;
        let sign = &text[..usize::from(text.starts_with('-'))];
        let zeros = whole.bytes().take_while(|&digit| digit == b'0').count();
        Ok(Self {
            sign,
            whole: &whole[zeros.min(whole.len() - 1)..],
            fraction: fraction.trim_end_matches('0'),
        })
    }

    /// Takes an amount apart.
    ///
    /// # Errors
    ///
    /// [`MoneyError::Malformed`], or [`MoneyError::TooFine`] if the currency has fewer digits after
    /// the point, also if those that are too many are zeros.
    pub fn of_amount(text: &'a str, currency: Currency) -> Result<Self, MoneyError> {
        let (_, fraction) = scan(text)?;
        let digits = currency.fraction_digits();
        if fraction.len() > digits {
            let at = text.len() - fraction.len() + digits;
            return Err(MoneyError::TooFine { at, digits });
        }
        Self::of(text)
    }
}

/// The digits before and after the point.
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

/// What is sold: so many, at this price, with so much tax.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Line<Number> {
    /// How many or how much; below 0 for what comes back.
    pub quantity: Number,
    /// Net, for one; it may be finer than the currency.
    pub unit_price: Number,
    /// The tax rate: 19 means 19%.
    pub tax_percent: Number,
}

/// The tax of all lines with one rate.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Tax<Number, Amount> {
    /// The rate: 19 means 19%.
    pub percent: Number,
    /// What is taxed.
    pub net: Amount,
    /// `percent` of `net`, rounded once.
    pub tax: Amount,
}

/// Amounts as they are printed, which add up as they are printed.
#[derive(Debug, Clone, PartialEq)]
pub struct Invoice<Number, Amount> {
    /// The net amount of each line: quantity times price, rounded once.
    pub lines: Vec<Amount>,
    /// The sum of the lines.
    pub net: Amount,
    /// One for each rate, in the order of its first line.
    pub taxes: Vec<Tax<Number, Amount>>,
    /// Net and taxes.
    pub total: Amount,
}

/// The rates of an invoice in the order of their first lines, each with the amounts of its lines.
pub fn by_rate<Number: Copy + PartialEq, Amount: Copy>(
    lines: &[Line<Number>],
    amounts: &[Amount],
) -> Vec<(Number, Vec<Amount>)> {
    let mut rates: Vec<(Number, Vec<Amount>)> = Vec::new();
    for (line, &amount) in lines.iter().zip(amounts) {
        match rates.iter_mut().find(|(rate, _)| *rate == line.tax_percent) {
            Some((_, amounts)) => amounts.push(amount),
            None => rates.push((line.tax_percent, vec![amount])),
        }
    }
    rates
}
