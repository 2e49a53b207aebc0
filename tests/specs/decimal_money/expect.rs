//! What the tests expect of the variant under test, in words that teach.

use super::exact::{self, Texts};
use crate::zone::{self, Decimal, Money};
use contract::{Currency, Line, MoneyError, Rounding};

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

/// Fails unless `answer` is the number that `text` says.
#[track_caller]
pub fn expect_equal(case: &str, answer: Result<Decimal, MoneyError>, text: &str, lesson: &str) {
    let right = decimal(text);
    assert!(
        answer.as_ref() == Ok(&right),
        "{case} equals {text}, but the answer was {answer:?} and {text} is {right:?}. {lesson}"
    );
}

/// The lines as the zone's own type.
#[track_caller]
pub fn lines(texts: &[Texts]) -> Vec<Line<Decimal>> {
    texts
        .iter()
        .map(|[quantity, unit_price, tax_percent]| Line {
            quantity: decimal(quantity),
            unit_price: decimal(unit_price),
            tax_percent: decimal(tax_percent),
        })
        .collect()
}

/// Lines as the spec writes them.
pub fn texts<const N: usize>(lines: [[&str; 3]; N]) -> Vec<Texts> {
    lines.map(|line| line.map(str::to_owned)).into()
}

/// All orders of three lines.
pub fn orders(lines: [[&str; 3]; 3]) -> Vec<Vec<Texts>> {
    [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ]
    .map(|order| texts(order.map(|index| lines[index])))
    .into()
}

/// Lines as a message shows them.
fn listed(texts: &[Texts]) -> String {
    let lines: Vec<_> = texts
        .iter()
        .map(|[quantity, price, percent]| format!("{quantity} * {price} at {percent}%"))
        .collect();
    lines.join(", ")
}

/// Fails unless the invoice is, as printed, what exact arithmetic makes of `texts`.
#[track_caller]
pub fn expect_invoice(case: &str, texts: &[Texts], currency: Currency, rounding: Rounding) {
    let case = format!("{case} ({currency:?}, {rounding:?})");
    let exact = exact::invoice(texts, currency, rounding);
    let answer = match zone::invoice(&lines(texts), currency, rounding) {
        Ok(invoice) => invoice,
        Err(error) => panic!(
            "{case}: an invoice was due, but the answer was: {error}. Lines: {}",
            listed(texts)
        ),
    };
    let expect = |part: &str, answer: Money, exact: &_, texts: &[Texts], why: &str| {
        let exact =
            exact::printed(exact, currency).expect("the spec's invoices are not that large");
        assert!(
            answer.to_string() == exact,
            "{case}: {part} is {exact}, but the invoice says {answer}. {why} Lines: {}",
            listed(texts)
        );
    };
    for (index, (&line, exact)) in answer.lines.iter().zip(&exact.lines).enumerate() {
        let part = format!("line {}", index + 1);
        let why = "A line is quantity times price, rounded once.";
        expect(&part, line, exact, &texts[index..=index], why);
    }
    let counts = (answer.lines.len(), answer.taxes.len());
    assert!(
        counts == (exact.lines.len(), exact.taxes.len()),
        "{case}: {} lines and {} rates came out as {} and {}. 19 and 19.00 are one rate. Lines: {}",
        exact.lines.len(),
        exact.taxes.len(),
        counts.0,
        counts.1,
        listed(texts)
    );
    let why = "The net is the sum of the lines as printed: a customer adds them up.";
    expect("the net", answer.net, &exact.net, texts, why);
    for (tax, (percent, net, exact)) in answer.taxes.iter().zip(&exact.taxes) {
        assert!(
            tax.percent == decimal(percent),
            "{case}: the rates come in the order of their first lines, as they were given. Where \
             {percent} is due came {:?}. Lines: {}",
            tax.percent,
            listed(texts)
        );
        let part = format!("the net that is taxed at {percent} percent");
        let why = "It is the sum of the lines with that rate, before tax.";
        expect(&part, tax.net, net, texts, why);
        let part = format!("the tax at {percent} percent");
        let why = "Tax is rounded once for each rate, on the sum of its lines.";
        expect(&part, tax.tax, exact, texts, why);
    }
    let why = "The total is the net and the taxes as printed.";
    expect("the total", answer.total, &exact.total, texts, why);
}
