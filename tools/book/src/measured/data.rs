//! What a file of figures holds, and what may be wrong with it.
//!
//! The command that measures writes this, and the book reads it. Whoever edits
//! the file by hand is told the line of a mistake.

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt;

/// Crates that do the same work, measured on several engines.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Measured {
    /// What was measured, for the table's caption.
    pub title: String,
    /// The day.
    pub date: Date,
    /// The command that made this file.
    pub command: String,
    /// Processor and cores.
    pub machine: String,
    /// The compiler, as it names itself.
    pub rustc: String,
    /// How the module was made whose bytes are counted.
    pub module: String,
    /// Each engine's short name, and its name and version.
    pub engines: BTreeMap<String, String>,
    /// What each crate was asked to compute; the answers stand in this order.
    pub questions: Vec<String>,
    /// The crates, in the order of the table.
    pub crates: Vec<Subject>,
}

/// One crate, or a type of the language.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// Its version; none for a type of the language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// How it holds a number.
    pub holds: String,
    /// Why it does not build, in the compiler's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused: Option<String>,
    /// What was found if it does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub built: Option<Figures>,
}

/// What is known of a crate that builds.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Figures {
    /// Bytes of the minimal module.
    pub bytes: u64,
    /// What it answers to the questions, on every engine where it runs.
    pub answers: Vec<String>,
    /// Nanoseconds on each engine where it runs.
    pub runs: BTreeMap<String, Operations>,
    /// What each other engine said.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub failed: BTreeMap<String, String>,
}

/// Nanoseconds for one of each.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operations {
    /// Two amounts added.
    pub add: Nanoseconds,
    /// An amount times a rate, rounded to cents.
    pub multiply: Nanoseconds,
    /// An amount read from text.
    pub parse: Nanoseconds,
    /// An amount written as text.
    pub print: Nanoseconds,
}

impl Operations {
    /// The names, in the order of [`Operations::all`].
    pub const NAMES: [&'static str; 4] = ["add", "multiply", "parse", "print"];

    /// All of them.
    pub fn all(&self) -> [f64; 4] {
        [self.add.0, self.multiply.0, self.parse.0, self.print.0]
    }
}

/// A time above zero, in nanoseconds, with three digits that count.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Nanoseconds(f64);

impl TryFrom<f64> for Nanoseconds {
    type Error = String;

    fn try_from(ns: f64) -> Result<Self, String> {
        if !ns.is_finite() || ns <= 0.0 {
            return Err(format!("`{ns}` is no number of nanoseconds above 0"));
        }
        let digits = 2 - ns.log10().floor() as i32;
        let scale = 10f64.powi(digits.abs());
        let rounded = if digits < 0 {
            (ns / scale).round() * scale
        } else {
            (ns * scale).round() / scale
        };
        Ok(Self(rounded))
    }
}

impl From<Nanoseconds> for f64 {
    fn from(ns: Nanoseconds) -> f64 {
        ns.0
    }
}

/// A day, as in 2026-11-22.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(String);

impl TryFrom<String> for Date {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let shape: String = text
            .chars()
            .map(|c| if c.is_ascii_digit() { '0' } else { c })
            .collect();
        if shape == "0000-00-00" {
            Ok(Self(text))
        } else {
            Err(format!("`{text}` is no date such as 2026-11-22"))
        }
    }
}

impl From<Date> for String {
    fn from(date: Date) -> String {
        date.0
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What is wrong with a file of figures, and where.
#[derive(Debug, PartialEq)]
pub(super) struct Fault {
    /// The line, counted from 1.
    pub line: usize,
    /// What is wrong, as a sentence without its full stop.
    pub message: String,
}

impl Measured {
    /// Reads a file of figures.
    pub(super) fn parse(text: &str) -> Result<Self, Fault> {
        let measured: Self = read(text)?;
        if measured.engines.is_empty() || measured.crates.is_empty() {
            return Err(Fault {
                line: 1,
                message: "nothing was measured: `engines` and `crates` need an entry".to_owned(),
            });
        }
        for (index, subject) in measured.crates.iter().enumerate() {
            if let Err(message) = measured.agrees(subject) {
                return Err(Fault {
                    // Crates alone have that key, one each.
                    line: line_of("\"name\"", text, index),
                    message: format!("`{}` {message}", subject.name),
                });
            }
        }
        Ok(measured)
    }

    /// Whether a crate's entry fits the rest of the file.
    fn agrees(&self, subject: &Subject) -> Result<(), String> {
        let figures = match (&subject.refused, &subject.built) {
            (Some(_), None) => return Ok(()),
            (None, Some(figures)) => figures,
            _ => return Err("needs `refused` or `built`, one of them".to_owned()),
        };
        if figures.bytes == 0 {
            return Err("has a module of 0 bytes".to_owned());
        }
        let (answers, questions) = (figures.answers.len(), self.questions.len());
        if answers != questions {
            return Err(format!("has {answers} answers to {questions} questions"));
        }
        let told = figures.runs.keys().chain(figures.failed.keys());
        if let Some(unknown) = told.into_iter().find(|e| !self.engines.contains_key(*e)) {
            return Err(format!("names `{unknown}`, which is none of the engines"));
        }
        for engine in self.engines.keys() {
            if figures.runs.contains_key(engine) == figures.failed.contains_key(engine) {
                return Err(format!(
                    "needs `{engine}` in `runs` or `failed`, one of them"
                ));
            }
        }
        Ok(())
    }
}

/// Reads JSON. Whatever is wrong with it has its line.
pub(super) fn read<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_json::from_str(text).map_err(|error| {
        let message = error.to_string();
        let position = format!(" at line {} column {}", error.line(), error.column());
        Fault {
            line: error.line(),
            message: message.trim_end_matches(&position).to_owned(),
        }
    })
}

/// Whether this is a JSON object with such a key.
pub(super) fn has_key(text: &str, key: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| value.get(key).is_some())
}

/// The line on which this text stands for the time number `index`, from 0.
pub(super) fn line_of(what: &str, text: &str, index: usize) -> usize {
    let at = text.match_indices(what).nth(index);
    at.map_or(1, |(at, _)| text[..at].matches('\n').count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nanoseconds_keep_three_digits() {
        let rounded = |ns: f64| f64::from(Nanoseconds::try_from(ns).unwrap());
        assert_eq!(rounded(0.123_456), 0.123);
        assert_eq!(rounded(9.876_5), 9.88);
        assert_eq!(rounded(1_234.5), 1_230.0);
        for wrong in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(Nanoseconds::try_from(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_date_is_a_day() {
        assert!(Date::try_from("2026-11-22".to_owned()).is_ok());
        for wrong in ["22.11.2026", "2026-11", "2026-11-222", ""] {
            assert!(Date::try_from(wrong.to_owned()).is_err(), "{wrong}");
        }
    }
}
