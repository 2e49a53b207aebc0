//! What the tests expect of the variant under test, in words that teach.

use std::fmt::{self, Display};

use contract::{Lossy, Reason};

use super::exact::{self, Outside};
use crate::zone;

/// What a conversion answers.
pub type Answer<T> = Result<Vec<T>, Lossy>;

/// A conversion of values of one type to another.
pub type Convert<A, B> = fn(&[A]) -> Answer<B>;

/// All that make counts of readings, with SIMD and without.
pub const CONVERSIONS: [(&str, Convert<f32, i32>); 6] = [
    ("checked", zone::checked),
    ("scalar::checked", zone::scalar::checked),
    ("saturating", |readings| Ok(zone::saturating(readings))),
    ("scalar::saturating", |readings| {
        Ok(zone::scalar::saturating(readings))
    }),
    ("x86_round", |readings| Ok(zone::x86_round(readings))),
    ("scalar::x86_round", |readings| {
        Ok(zone::scalar::x86_round(readings))
    }),
];

/// All that make floats of counts.
pub const WAYS_BACK: [(&str, Convert<i32, f32>); 2] = [
    ("floats", |counts| Ok(zone::floats(counts))),
    ("exact_floats", zone::exact_floats),
];

/// What to say where a value was right alone, and is not beside others.
pub const IN_COMPANY: &str = "Alone, it was right. Four values fill a vector and the rest are \
                              left over: lanes and tail must follow one rule, and ask each value.";

/// How often a value stands in a slice, and what to say if it is wrong there: alone, it
/// is about the value, and from then on about its place.
pub fn company(lesson: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..=5).map(move |length| (length, if length == 1 { lesson } else { IN_COMPANY }))
}

/// Fails unless `checked` and `scalar::checked` cut off fractions and name the
/// first loss.
pub fn expect_checked(case: &str, readings: &[f32], lesson: &str) {
    let right = first_loss(readings, |reading| {
        exact::truncated(reading).map_err(|outside| match outside {
            Outside::NotANumber => Reason::NotANumber,
            Outside::TooSmall => Reason::TooSmall,
            Outside::TooLarge => Reason::TooLarge,
        })
    });
    let expect = expectation(case, plain(readings), right, lesson);
    expect.of("checked", zone::checked(readings));
    expect.of("scalar::checked", zone::scalar::checked(readings));
}

/// Fails unless `saturating` and `scalar::saturating` clamp, and make NaN 0.
pub fn expect_saturating(case: &str, readings: &[f32], lesson: &str) {
    let saturated = |&reading: &f32| match exact::truncated(reading) {
        Ok(whole) => whole,
        Err(Outside::NotANumber) => 0,
        Err(Outside::TooSmall) => i32::MIN,
        Err(Outside::TooLarge) => i32::MAX,
    };
    let right = readings.iter().map(saturated).collect();
    let expect = expectation(case, plain(readings), Ok(right), lesson);
    expect.of("saturating", Ok(zone::saturating(readings)));
    expect.of("scalar::saturating", Ok(zone::scalar::saturating(readings)));
}

/// Fails unless `x86_round` and `scalar::x86_round` answer what `cvtps2dq` does.
pub fn expect_x86_round(case: &str, readings: &[f32], lesson: &str) {
    let rounded = |&reading: &f32| exact::nearest(reading).unwrap_or(i32::MIN);
    let right = readings.iter().map(rounded).collect();
    let expect = expectation(case, plain(readings), Ok(right), lesson);
    expect.of("x86_round", Ok(zone::x86_round(readings)));
    expect.of("scalar::x86_round", Ok(zone::scalar::x86_round(readings)));
}

/// Fails unless `floats` rounds to nearest, ties to even.
pub fn expect_floats(case: &str, counts: &[i32], lesson: &str) {
    let right = counts.iter().map(|&count| Plain(exact::float(count)));
    let expect = expectation(case, counts.to_vec(), Ok(right.collect()), lesson);
    expect.of("floats", Ok(plain(&zone::floats(counts))));
}

/// Fails unless `exact_floats` names the first count that is no float.
pub fn expect_exact_floats(case: &str, counts: &[i32], lesson: &str) {
    let right = first_loss(counts, |count| match exact::is_exact(count) {
        true => Ok(Plain(exact::float(count))),
        false => Err(Reason::Rounded),
    });
    let answer = zone::exact_floats(counts).map(|floats| plain(&floats));
    let expect = expectation(case, counts.to_vec(), right, lesson);
    expect.of("exact_floats", answer);
}

/// Fails unless SIMD and scalar code answer the same. Many thousand cases come by,
/// so only one that fails is put into words.
pub fn expect_alike(case: fmt::Arguments<'_>, readings: &[f32]) {
    let checked = (zone::checked(readings), zone::scalar::checked(readings));
    alike("checked", case, checked);
    let saturated = zone::scalar::saturating(readings);
    let saturating = (Ok(zone::saturating(readings)), Ok(saturated));
    alike("saturating", case, saturating);
    let rounded = zone::scalar::x86_round(readings);
    let x86_round = (Ok(zone::x86_round(readings)), Ok(rounded));
    alike("x86_round", case, x86_round);
}

fn alike(function: &str, case: fmt::Arguments<'_>, (simd, scalar): (Answer<i32>, Answer<i32>)) {
    if simd == scalar {
        return;
    }
    let at = match (&simd, &scalar) {
        (Ok(simd), Ok(scalar)) => simd.iter().zip(scalar).position(|(a, b)| a != b),
        _ => None,
    };
    let text = |answer: &Answer<i32>| match (answer, at) {
        (Ok(values), Some(at)) => format!("{} at index {at}", values[at]),
        (Ok(values), None) => format!("Ok with {} values", values.len()),
        (Err(lossy), _) => format!("{lossy:?}"),
    };
    panic!(
        "{function} of {case}: with SIMD the answer is {}, and without it is {}. Lanes and tail \
         must follow one rule, and no value may be left out",
        text(&simd),
        text(&scalar)
    );
}

/// An `f32` that is compared by its bits and shown with all its digits. Rust prints
/// 2147483648f32 as "2147483600", the shortest text that reads back as the same.
#[derive(Clone, Copy)]
pub struct Plain(pub f32);

impl PartialEq for Plain {
    fn eq(&self, other: &Self) -> bool {
        self.0.to_bits() == other.0.to_bits()
    }
}

impl Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.is_nan() {
            write!(f, "NaN (bits {:#010x})", self.0.to_bits())
        } else if self.0 == self.0.trunc() && self.0.abs() < 1e16 {
            write!(f, "{}", f64::from(self.0))
        } else {
            write!(f, "{:?}", self.0)
        }
    }
}

/// Floats to compare and to show.
pub fn plain(floats: &[f32]) -> Vec<Plain> {
    floats.iter().copied().map(Plain).collect()
}

fn first_loss<A: Copy, B>(values: &[A], convert: impl Fn(A) -> Result<B, Reason>) -> Answer<B> {
    let convert = |(index, &value)| convert(value).map_err(|reason| Lossy { index, reason });
    values.iter().enumerate().map(convert).collect()
}

/// The right answer, and what to say if another comes.
pub struct Expectation<'a, A, B> {
    case: &'a str,
    values: Vec<A>,
    right: Answer<B>,
    lesson: &'a str,
}

/// Expects `right` of what `case` describes.
pub fn expectation<'a, A, B>(
    case: &'a str,
    values: Vec<A>,
    right: Answer<B>,
    lesson: &'a str,
) -> Expectation<'a, A, B> {
    Expectation {
        case,
        values,
        right,
        lesson,
    }
}

impl<A: Display, B: Display + PartialEq> Expectation<'_, A, B> {
    /// Fails unless `function` gave the right answer.
    pub fn of(&self, function: &str, answer: Answer<B>) {
        let difference = match (&self.right, &answer) {
            (Ok(right), Ok(answer)) => self.difference(right, answer),
            (Err(right), Err(answer)) => (right != answer).then(|| {
                format!(
                    "the first loss is {}, but the answer was {}",
                    self.loss(right),
                    self.loss(answer)
                )
            }),
            (Ok(_), Err(answer)) => Some(format!(
                "nothing is lost here, but the answer was {}",
                self.loss(answer)
            )),
            (Err(right), Ok(answer)) => Some(format!(
                "{} must be refused, but the answer was Ok, with {} in its place",
                self.loss(right),
                answer
                    .get(right.index)
                    .map_or("nothing".to_owned(), B::to_string),
            )),
        };
        if let Some(difference) = difference {
            panic!("{function} of {}: {difference}. {}", self.case, self.lesson);
        }
    }

    fn difference(&self, right: &[B], answer: &[B]) -> Option<String> {
        if right.len() != answer.len() {
            let (n, m) = (right.len(), answer.len());
            return Some(format!("{n} values went in and {m} came out"));
        }
        let at = right.iter().zip(answer).position(|(a, b)| a != b)?;
        Some(format!(
            "{} (at index {at} of {}) must become {}, but the answer was {}",
            self.values[at],
            right.len(),
            right[at],
            answer[at]
        ))
    }

    fn loss(&self, Lossy { index, reason }: &Lossy) -> String {
        match self.values.get(*index) {
            Some(value) => format!("{value} at index {index} ({reason:?})"),
            None => format!("index {index}, which is not in the slice ({reason:?})"),
        }
    }
}
