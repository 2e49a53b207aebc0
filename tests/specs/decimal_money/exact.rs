//! The judge: fractions of big integers. Nothing here rounds but [`units`], and
//! that by the definition of rounding, not by any trick.

use core::cmp::Ordering;

use num_bigint::{BigInt, Sign};
use num_rational::BigRational;

use contract::{Currency, MAX_DIGITS, Rounding};

/// A line of an invoice as text: quantity, unit price, tax in percent.
pub type Texts = [String; 3];

/// An invoice as printed, in minor units: lines, net, the rates with what they tax and
/// the tax, total.
#[derive(Debug, PartialEq)]
pub struct ExactInvoice {
    pub lines: Vec<BigInt>,
    pub net: BigInt,
    pub taxes: Vec<(String, BigInt, BigInt)>,
    pub total: BigInt,
}

/// The number that a decimal text says.
pub fn number(text: &str) -> BigRational {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits: BigInt = format!("{whole}{fraction}").parse().unwrap();
    BigRational::new(digits, ten_to(fraction.len()))
}

/// `number` in minor units of `currency`, to the nearest, ties as `rounding` says.
pub fn units(number: &BigRational, currency: Currency, rounding: Rounding) -> BigInt {
    let two = BigInt::from(2);
    let exact = number * ten_to(currency.fraction_digits());
    let below = exact.floor().to_integer();
    let above: BigInt = &below + 1;
    let from_below = &exact - &below;
    let from_above = BigRational::from(above.clone()) - &exact;
    match (from_below.cmp(&from_above), rounding) {
        (Ordering::Less, _) => below,
        (Ordering::Greater, _) => above,
        (Ordering::Equal, Rounding::HalfEven) if &below % &two == BigInt::from(0) => below,
        (Ordering::Equal, Rounding::HalfEven) => above,
        (Ordering::Equal, Rounding::HalfUp) if below.sign() == Sign::Minus => below,
        (Ordering::Equal, Rounding::HalfUp) => above,
    }
}

/// How so many minor units print; `None` if an amount cannot have as many digits.
pub fn printed(units: &BigInt, currency: Currency) -> Option<String> {
    let places = currency.fraction_digits();
    let mut text = format!("{:0>1$}", units.magnitude(), places + 1);
    if units.magnitude() >= ten_to(MAX_DIGITS).magnitude() {
        return None;
    }
    if places > 0 {
        text.insert(text.len() - places, '.');
    }
    let sign = if units.sign() == Sign::Minus { "-" } else { "" };
    Some(format!("{sign}{text}"))
}

/// The minor units that a printed amount shows.
pub fn printed_units(text: &str) -> BigInt {
    text.replace('.', "").parse().unwrap()
}

/// The invoice by the book: lines rounded, net their sum, tax rounded once for
/// each rate, in the order of the rates' first lines.
pub fn invoice(lines: &[Texts], currency: Currency, rounding: Rounding) -> ExactInvoice {
    let mut amounts = Vec::new();
    let mut by_rate: Vec<(&str, BigInt)> = Vec::new();
    for [quantity, unit_price, percent] in lines {
        let amount = units(&(number(quantity) * number(unit_price)), currency, rounding);
        match by_rate
            .iter_mut()
            .find(|(rate, _)| number(rate) == number(percent))
        {
            Some((_, net)) => *net += &amount,
            None => by_rate.push((percent, amount.clone())),
        }
        amounts.push(amount);
    }
    let taxes: Vec<_> = by_rate
        .into_iter()
        .map(|(percent, net)| {
            let hundredfold = BigRational::from(net.clone()) * number(percent);
            let minor_unit = ten_to(currency.fraction_digits()) * 100;
            let tax = units(&(hundredfold / minor_unit), currency, rounding);
            (percent.to_owned(), net, tax)
        })
        .collect();
    let net: BigInt = amounts.iter().sum();
    let total = &net + taxes.iter().map(|(.., tax)| tax).sum::<BigInt>();
    ExactInvoice {
        lines: amounts,
        net,
        taxes,
        total,
    }
}

fn ten_to(exponent: usize) -> BigInt {
    BigInt::from(10).pow(exponent as u32)
}
