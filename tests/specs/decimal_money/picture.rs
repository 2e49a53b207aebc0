//! How often a design is wrong, by the length of its numbers: rows for the picture.

use js_sys::Array;

use super::draw::Draw;
use super::exact::{number, printed, units};
use crate::zone::{Decimal, Money};
use contract::{Currency, MoneyError, Rounding};

/// Random numbers of each length and for each task.
const CASES: u64 = 200;

/// Takes a positive number with three digits after the point; answers whether it was wrong.
type Task = fn(&str) -> bool;

const TASKS: [(&str, Task); 3] = [
    ("print", print_is_wrong),
    ("round", rounding_is_wrong),
    ("tax", tax_is_wrong),
];

/// Rows `[task, digits, percent of wrong answers]` for numbers of 4 to 27 digits.
pub fn rows() -> Array {
    let rows = Array::new();
    for (name, is_wrong) in TASKS {
        for digits in 4..=27 {
            let wrong = (0..CASES)
                .filter(|&case| {
                    let mut draw = Draw::new(case);
                    is_wrong(&draw.positive(digits - 3, 3))
                })
                .count();
            let percent = wrong as f64 * 100.0 / CASES as f64;
            rows.push(&Array::of3(
                &name.into(),
                &(digits as f64).into(),
                &percent.into(),
            ));
        }
    }
    rows
}

/// An amount is parsed and printed.
fn print_is_wrong(text: &str) -> bool {
    differs(Money::parse(text, Currency::Kwd), Some(text.to_owned()))
}

/// A tie is rounded half up to cents.
fn rounding_is_wrong(text: &str) -> bool {
    let tie = format!("{}5", &text[..text.len() - 1]);
    let exact = units(&number(&tie), Currency::Usd, Rounding::HalfUp);
    let answer = tie
        .parse::<Decimal>()
        .and_then(|tie| tie.round(Currency::Usd, Rounding::HalfUp));
    differs(answer, printed(&exact, Currency::Usd))
}

/// 19.5 percent of an amount.
fn tax_is_wrong(text: &str) -> bool {
    let exact = number(text) * number("0.195");
    let exact = units(&exact, Currency::Kwd, Rounding::HalfEven);
    let answer = Money::parse(text, Currency::Kwd)
        .and_then(|amount| amount.percent("19.5".parse()?, Rounding::HalfEven));
    differs(answer, printed(&exact, Currency::Kwd))
}

fn differs(answer: Result<Money, MoneyError>, exact: Option<String>) -> bool {
    answer.map(|amount| amount.to_string()).ok() != exact
}
