//! What the tests expect of the variant under test, in words that teach.

use super::exact::{self, Shown};
use crate::zone::{LowPass, Micros};
use contract::{ArithmeticError, ParseError, Rounding};
use fixed::types::I32F32;
use std::fmt::{Debug, Display};

/// What an operation answered, as people write it.
fn said<E: Debug>(answer: &Result<Micros, E>) -> String {
    match answer {
        Ok(value) => Shown(value.raw()).to_string(),
        Err(error) => format!("Err({error:?})"),
    }
}

/// Fails unless the answer is this number, or `Overflow` if there is none.
fn expect(
    what: impl Display,
    answer: Result<Micros, ArithmeticError>,
    right: Option<i64>,
    lesson: &str,
) {
    let right = right.map(Micros::from_raw).ok_or(ArithmeticError::Overflow);
    assert!(
        answer == right,
        "{what} is {}, but the answer was {}. {lesson}",
        said(&right),
        said(&answer),
    );
}

/// `left * right`. `case` begins the message, with a seed if there was one.
pub fn expect_product(
    case: impl Display,
    left: i64,
    right: i64,
    (rounding, name): (Rounding, &str),
    lesson: &str,
) {
    let answer = Micros::from_raw(left).try_mul(Micros::from_raw(right), rounding);
    let (a, b) = (Shown(left), Shown(right));
    expect(
        format_args!("{case}{a} * {b}, rounded {name},"),
        answer,
        exact::product(left, right, rounding),
        lesson,
    );
}

/// `left / right`, where `right` is not zero.
pub fn expect_ratio(
    case: impl Display,
    left: i64,
    right: i64,
    (rounding, name): (Rounding, &str),
    lesson: &str,
) {
    let answer = Micros::from_raw(left).try_div(Micros::from_raw(right), rounding);
    let (a, b) = (Shown(left), Shown(right));
    expect(
        format_args!("{case}{a} / {b}, rounded {name},"),
        answer,
        exact::ratio(left, right, rounding),
        lesson,
    );
}

/// The sum and the difference.
pub fn expect_sums(case: impl Display, left: i64, right: i64) {
    const LESSON: &str = "A sum of whole millionths is exact, or it does not fit.";
    let (a, b) = (Micros::from_raw(left), Micros::from_raw(right));
    let (shown_a, shown_b) = (Shown(left), Shown(right));
    expect(
        format_args!("{case}{shown_a} + {shown_b}"),
        a.try_add(b),
        left.checked_add(right),
        LESSON,
    );
    expect(
        format_args!("{case}{shown_a} - {shown_b}"),
        a.try_sub(b),
        left.checked_sub(right),
        LESSON,
    );
}

/// What the text gives when digits are rounded.
pub fn expect_rounded(
    case: impl Display,
    text: &str,
    how: (Rounding, &str),
    right: Result<i64, ParseError>,
    lesson: &str,
) {
    let answer = Micros::parse_rounded(text, how.0);
    let right = right.map(Micros::from_raw);
    assert!(
        answer == right,
        "{case}{}, read and rounded {}, is {}, but the answer was {}. {lesson}",
        quoted(text),
        how.1,
        said(&right),
        said(&answer),
    );
}

/// What the text gives when no digit may be lost.
pub fn expect_read(case: impl Display, text: &str, right: Result<i64, ParseError>, lesson: &str) {
    let answer = text.parse::<Micros>();
    let right = right.map(Micros::from_raw);
    assert!(
        answer == right,
        "{case}{}, read without rounding, is {}, but the answer was {}. {lesson}",
        quoted(text),
        said(&right),
        said(&answer),
    );
}

/// What text in a form that a design need not know gives if no digit may be lost: the
/// number, or [`ParseError::Malformed`].
pub fn expect_read_or_malformed(text: &str, right: Result<i64, ParseError>, lesson: &str) {
    let answer = text.parse::<Micros>().map(Micros::raw);
    assert!(
        answer == right || answer == Err(ParseError::Malformed),
        "{text:?}, read without rounding, is {right:?} in millionths or Err(Malformed), but the \
         answer was {answer:?}. {lesson}"
    );
}

/// The same if digits are rounded.
pub fn expect_rounded_or_malformed(
    text: &str,
    (rounding, name): (Rounding, &str),
    right: i64,
    lesson: &str,
) {
    let answer = Micros::parse_rounded(text, rounding).map(Micros::raw);
    assert!(
        answer == Ok(right) || answer == Err(ParseError::Malformed),
        "{text:?}, rounded {name}, is {right} millionths or Err(Malformed), but the answer was \
         {answer:?}. {lesson}"
    );
}

/// The text, or its beginning if it is long.
pub fn quoted(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("{:?}… ({} bytes)", &text[..end], text.len()),
        None => format!("{text:?}"),
    }
}

/// The output of the variant's filter, in units of 2^-32.
pub fn smoothed(share: i64, samples: &[i64]) -> Vec<i64> {
    let mut filter = match LowPass::new(Micros::from_raw(share)) {
        Ok(filter) => filter,
        Err(error) => panic!(
            "a share of {} lies between 0 and 1, but `LowPass::new` answered {error:?}",
            Shown(share)
        ),
    };
    let samples = samples.iter().map(|&bits| I32F32::from_bits(bits));
    samples
        .map(|sample| filter.smooth(sample).to_bits())
        .collect()
}

/// Compares two outputs of a filter and names the first that differs.
pub fn expect_outputs(case: impl Display, answers: &[i64], right: &[i64], lesson: &str) {
    for (at, (&answer, &right)) in answers.iter().zip(right).enumerate() {
        assert!(
            answer == right,
            "{case}: output {at} is {right:#018x} in units of 2^-32 (about {:.9}), but the answer \
             was {answer:#018x}, off by {}. {lesson}",
            right as f64 / f64::from(1u32 << 16) / f64::from(1u32 << 16),
            answer.abs_diff(right),
        );
    }
    assert!(
        answers.len() == right.len(),
        "{case}: {} samples went in and {} outputs came out",
        right.len(),
        answers.len()
    );
}
