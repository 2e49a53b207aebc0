//! What the tests expect of the variant under test, in words that teach.

use super::exact::{self, Texts};
use crate::zone::{self, Currency, Decimal, Invoice, Line, Money, MoneyError, Rounding};

/// Reads a number that must be readable.
#[track_caller]
pub fn decimal(text: &str) -> Decimal {
    match text.parse() {
        Ok(decimal) => decimal,
        Err(error) => panic!("{text} is a decimal number, but parsing it answered: {error}"),
    }
}

/// Reads an amount that must be readable.
#[track_caller]
pub fn money(text: &str, currency: Currency) -> Money {
    match Money::parse(text, currency) {
        Ok(money) => money,
        Err(error) => {
            panic!("{text} is an amount in {currency:?}, but parsing it answered: {error}")
        }
    }
}

/// An answer as a reader sees it: the amount, or the error's name.
pub fn shown(answer: &Result<Money, MoneyError>) -> String {
    match answer {
        Ok(money) => money.to_string(),
        Err(error) => format!("Err({error:?})"),
    }
}

/// Fails unless `answer` prints as `expected`, or is an overflow if that is `None`.
#[track_caller]
pub fn expect_printed(
    case: &str,
    answer: Result<Money, MoneyError>,
    expected: Option<&str>,
    lesson: &str,
) {
    let expected = expected.unwrap_or("Err(Overflow)");
    let answer = shown(&answer);
    assert!(
        answer == expected,
        "{case} is {expected}, but the answer was {answer}. {lesson}"
    );
}

/// Fails unless `text`, rounded to `currency`, prints as `expected`.
#[track_caller]
pub fn expect_rounded(
    text: &str,
    currency: Currency,
    rounding: Rounding,
    expected: &str,
    lesson: &str,
) {
    let case = format!("{text} in {currency:?}, {rounding:?},");
    let answer = decimal(text).round(currency, rounding);
    expect_printed(&case, answer, Some(expected), lesson);
}

/// The lines as the zone's own type.
#[track_caller]
pub fn lines(texts: &[Texts]) -> Vec<Line> {
    texts
        .iter()
        .map(|[quantity, unit_price, tax_percent]| Line {
            quantity: decimal(quantity),
            unit_price: decimal(unit_price),
            tax_percent: decimal(tax_percent),
        })
        .collect()
}

/// Fails unless the invoice is, as printed, what exact arithmetic makes of `texts`.
#[track_caller]
pub fn expect_invoice(case: &str, texts: &[Texts], currency: Currency, rounding: Rounding) {
    let answer = zone::invoice(&lines(texts), currency, rounding);
    let answer: Invoice = match answer {
        Ok(invoice) => invoice,
        Err(error) => panic!("{case}: an invoice was due, but the answer was: {error}"),
    };
    let exact = exact::invoice(texts, currency, rounding);
    let differs = |part: &str, answer: &str, exact: &str, why: &str| {
        panic!(
            "{case} ({currency:?}, {rounding:?}, lines of quantity, price, tax: {texts:?}): {part} \
             {exact}, but the invoice says {answer}. {why}"
        )
    };
    let print = |units: &_| {
        exact::printed(units, currency).expect("the spec's invoices are not that large")
    };
    for (index, (line, exact)) in answer.lines.iter().zip(&exact.lines).enumerate() {
        if line.to_string() != print(exact) {
            let part = format!("line {} is", index + 1);
            let why = "A line is quantity times price, rounded once.";
            differs(&part, &line.to_string(), &print(exact), why);
        }
    }
    let counts = (answer.lines.len(), answer.taxes.len());
    assert!(
        counts == (exact.lines.len(), exact.taxes.len()),
        "{case} ({texts:?}): {} lines and {} rates came out as {} and {}. 19 and 19.00 are one rate",
        exact.lines.len(),
        exact.taxes.len(),
        counts.0,
        counts.1,
    );
    if answer.net.to_string() != print(&exact.net) {
        let why = "The net is the sum of the lines as printed: a customer adds them up.";
        differs(
            "the net is",
            &answer.net.to_string(),
            &print(&exact.net),
            why,
        );
    }
    for (tax, (percent, net, exact)) in answer.taxes.iter().zip(&exact.taxes) {
        assert!(
            tax.percent == decimal(percent),
            "{case} ({texts:?}): the rates come in the order of their first lines, as they were \
             given. Where {percent} is due came {:?}",
            tax.percent
        );
        if tax.net.to_string() != print(net) {
            let part = format!("the net that is taxed at {percent} percent is");
            let why = "It is the sum of the lines with that rate, before tax.";
            differs(&part, &tax.net.to_string(), &print(net), why);
        }
        if tax.tax.to_string() != print(exact) {
            let part = format!("the tax at {percent} percent is");
            let why = "Tax is rounded once for each rate, on the sum of its lines.";
            differs(&part, &tax.tax.to_string(), &print(exact), why);
        }
    }
    if answer.total.to_string() != print(&exact.total) {
        let why = "The total is the net and the taxes as printed.";
        differs(
            "the total is",
            &answer.total.to_string(),
            &print(&exact.total),
            why,
        );
    }
}
