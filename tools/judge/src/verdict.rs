//! What a test came to.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How a test ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// It ended and every assertion held.
    Passed,
    /// It ended by a panic, an exception or an `Err`.
    Failed,
    /// It was ended at its time limit.
    Timeout,
    /// It never began: the module did not load.
    LoadError,
    /// Something outside stopped it, twice: the browser was lost. Or the spec says that this place lacks
    /// what it judges by. Either says nothing of the answer.
    Unjudged,
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Outcome::Passed => "passed",
            Outcome::Failed => "failed",
            Outcome::Timeout => "timeout",
            Outcome::LoadError => "load-error",
            Outcome::Unjudged => "unjudged",
        })
    }
}

/// One test of one variant on one engine: a line of `--json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    /// The zone's slug.
    pub zone: String,
    /// `kata`, `solution`, `attempts/<name>` or `graded`.
    pub variant: String,
    /// `chromium`, `firefox` or `webkit`.
    pub engine: String,
    /// The test's name in the spec.
    pub test: String,
    /// How it ended.
    pub outcome: Outcome,
    /// The assertion's words; empty when it passed.
    pub message: String,
    /// How long it ran, in milliseconds.
    pub ms: f64,
    /// Where it panicked: file, line, column.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<String>,
    /// The Rust functions that it was in, innermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stack: Vec<String>,
}

/// What the page says of a test; see `theme/kata/types.js`.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PageVerdict {
    pub test: String,
    pub outcome: Outcome,
    pub message: String,
    pub panic: Option<Panic>,
    pub stack: Vec<String>,
    pub ms: f64,
}

#[derive(Debug, Clone, Deserialize)]
pub(super) struct Panic {
    pub location: String,
}

/// What the page tells while it runs.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub(super) enum Event {
    Start {},
    Verdict { verdict: PageVerdict },
}
