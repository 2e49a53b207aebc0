//! `kata.toml`: the one place for a zone's facts.
//!
//! Reading and judging are apart: an unfinished zone can still be read, run and
//! served while its author works on it, and `cargo kata check` says what it lacks.

use crate::engines::{self, ENGINES, LoadError};
use serde::{Deserialize, Serialize};

/// A zone's facts, as read from its `kata.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The zone's name for people, in sentence case.
    pub title: String,
    /// The part of the book that the zone belongs to.
    pub part: Part,
    /// How long a reader who is new to the trap needs, in minutes.
    pub minutes: u32,
    /// Where a run lives in the browser.
    #[serde(default)]
    pub host: Host,
    /// What a run needs beyond a browser.
    #[serde(default)]
    pub needs: Vec<Need>,
    /// One sentence for lists: what goes wrong.
    pub summary: String,
    /// The time limit of one test, in milliseconds.
    #[serde(default = "default_timeout")]
    pub timeout_ms: u64,
    /// Three hints in Markdown: where to look, the idea, nearly the code.
    pub hints: Vec<String>,
    /// The question that a reader answers before the first run.
    pub predict: Predict,
    /// Exactly the tests that the untouched kata fails.
    pub fails: Vec<Failure>,
    /// Plausible wrong answers, in the order in which a reader would try them.
    pub attempts: Vec<Attempt>,
}

fn default_timeout() -> u64 {
    10_000
}

/// The parts of the book, in reading order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(missing_docs, reason = "the names are the parts' own")]
pub enum Part {
    Boundary,
    Sandbox,
    Memory,
    Numbers,
    Production,
}

impl Part {
    /// The part's title in the book.
    pub fn title(self) -> &'static str {
        match self {
            Part::Boundary => "The boundary",
            Part::Sandbox => "The sandbox",
            Part::Memory => "Memory and lifetime",
            Part::Numbers => "Numbers",
            Part::Production => "Production",
        }
    }

    /// The part's folder below `src/`.
    pub fn folder(self) -> &'static str {
        match self {
            Part::Boundary => "boundary",
            Part::Sandbox => "sandbox",
            Part::Memory => "memory",
            Part::Numbers => "numbers",
            Part::Production => "production",
        }
    }
}

/// Where a run lives in the browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Host {
    /// A module worker: it can be ended even when it never yields.
    #[default]
    Worker,
    /// A sandboxed iframe, for zones that need a document.
    Frame,
}

/// What a run needs beyond a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// The server of misbehaving endpoints.
    Lab,
    /// A cross-origin isolated page.
    Isolation,
}

/// The question that a reader answers before the first run of the kata.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Predict {
    /// The question.
    pub question: String,
    /// The test whose live verdict answers it.
    pub test: String,
    /// The possible answers; the live run makes exactly one of them right.
    pub choices: Vec<Choice>,
    /// What to say once the run has answered.
    pub explain: String,
}

/// One possible answer to the predict question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What the reader sees.
    pub text: String,
    /// Right if the test fails and its message holds these words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub words: Option<String>,
    /// Right if the test passes.
    #[serde(default)]
    pub passes: bool,
}

impl Choice {
    /// Whether a verdict of the predict question's test makes this choice the
    /// right one.
    pub fn is_right(&self, passed: bool, message: &str) -> bool {
        match &self.words {
            Some(words) => !passed && message.contains(words.as_str()),
            None => self.passes && passed,
        }
    }
}

/// One declared failure: this test, with these words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Failure {
    /// The test's name.
    pub test: String,
    /// Words that the failure message must hold.
    pub words: String,
    /// The engines that this entry speaks of; empty means every engine.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub engines: Vec<String>,
}

impl Failure {
    /// Whether this entry speaks of `engine`.
    pub fn holds_on(&self, engine: &str) -> bool {
        self.engines.is_empty() || self.engines.iter().any(|e| e == engine)
    }
}

/// A plausible wrong answer.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// Its file is `tests/attempts/<slug>/<name>.rs`.
    pub name: String,
    /// What it tries, in a few words.
    pub title: String,
    /// Why it fails, in Markdown.
    pub why: String,
    /// Exactly the tests that it fails. On an engine for which there is none, it passes: then it shows
    /// that one browser is not enough.
    #[serde(default)]
    pub fails: Vec<Failure>,
    /// Words of rustc, for an attempt that does not compile.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compile_error: Option<String>,
    /// Words of the error, for an attempt whose module does not load: a text, or a table of engines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub load_error: Option<LoadError>,
}

/// What a variant is declared to do.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Expect<'a> {
    /// Every test passes.
    Pass,
    /// Exactly these tests fail, with these words.
    Fail(&'a [Failure]),
    /// rustc refuses it with these words.
    CompileError(&'a str),
    /// The browser refuses to load it with these words.
    LoadError(&'a str),
}

impl Attempt {
    /// What the attempt is declared to do on an engine. Of the failures, only those count that hold there.
    pub fn expect(&self, engine: &str) -> Expect<'_> {
        let load_error = self.load_error.as_ref();
        match (&self.compile_error, load_error.and_then(|e| e.on(engine))) {
            (Some(words), _) => Expect::CompileError(words),
            (None, Some(words)) => Expect::LoadError(words),
            (None, None) => Expect::Fail(&self.fails),
        }
    }
}

impl Manifest {
    /// Reads the text of a `kata.toml`.
    ///
    /// # Errors
    /// When the text is not TOML, lacks a field or has one that a manifest does
    /// not know; the error shows the line.
    pub fn parse(text: &str) -> Result<Self, toml::de::Error> {
        toml::from_str(text)
    }

    /// What the manifest says that cannot be: empty texts, missing hints, an
    /// attempt without a declared failure. Empty for a finished zone.
    pub fn faults(&self) -> Vec<String> {
        let mut faults = Vec::new();
        let mut need = |holds: bool, fault: String| {
            if !holds {
                faults.push(fault);
            }
        };
        for (field, text) in [
            ("title", &self.title),
            ("summary", &self.summary),
            ("predict.question", &self.predict.question),
            ("predict.explain", &self.predict.explain),
        ] {
            need(!text.trim().is_empty(), format!("`{field}` is empty"));
        }
        need(self.minutes > 0, "`minutes` is 0".into());
        need(
            (100..=120_000).contains(&self.timeout_ms),
            format!("`timeout_ms` is {}, not 100 to 120000", self.timeout_ms),
        );
        need(
            self.hints.len() == 3 && self.hints.iter().all(|h| !h.trim().is_empty()),
            format!(
                "`hints` has {} levels that are not empty; a zone has exactly three",
                self.hints.iter().filter(|h| !h.trim().is_empty()).count()
            ),
        );
        let answerable = |c: &Choice| c.words.is_some() || c.passes;
        need(
            self.predict.choices.len() >= 2 && self.predict.choices.iter().any(answerable),
            "`predict.choices` needs two choices or more, one of which a run can make right".into(),
        );
        need(
            !self
                .predict
                .choices
                .iter()
                .any(|c| c.passes && c.words.is_some()),
            "a predict choice has both `words` and `passes`".into(),
        );
        need(
            !self.fails.is_empty(),
            "`fails` is empty: an untouched kata must fail a named test".into(),
        );
        need(
            self.attempts.len() >= 3,
            format!(
                "`attempts` has {}; a zone has three or more",
                self.attempts.len()
            ),
        );
        need(
            !(self.predict.choices.iter()).any(|c| is_blank(c.words.as_deref())),
            "a predict choice has empty `words`, which every message holds".into(),
        );
        for (index, attempt) in self.attempts.iter().enumerate() {
            // What does not load on one engine may fail on the others.
            let loads_somewhere = matches!(attempt.load_error, Some(LoadError::On(_)));
            let ways = usize::from(!attempt.fails.is_empty() || loads_somewhere)
                + usize::from(attempt.compile_error.is_some())
                + usize::from(attempt.load_error.is_some() && !loads_somewhere);
            need(
                ways == 1,
                format!(
                    "attempt `{}` declares {ways} of `fails`, `compile_error` and `load_error`; one is right",
                    attempt.name
                ),
            );
            for (field, text) in [("title", &attempt.title), ("why", &attempt.why)] {
                need(
                    !text.trim().is_empty(),
                    format!("attempt `{}` has an empty `{field}`", attempt.name),
                );
            }
            let load_error = attempt.load_error.iter().flat_map(LoadError::words);
            for (field, words) in (attempt.compile_error.iter())
                .map(|words| ("compile_error", words.as_str()))
                .chain(load_error.map(|words| ("load_error", words)))
            {
                need(
                    !is_blank(Some(words)),
                    format!("attempt `{}` has an empty `{field}`", attempt.name),
                );
            }
            need(
                !(self.attempts.iter().take(index)).any(|a| a.name == attempt.name),
                format!("attempt `{}` is declared twice", attempt.name),
            );
        }
        let failures = self
            .attempts
            .iter()
            .flat_map(|a| &a.fails)
            .chain(&self.fails);
        for failure in failures {
            need(
                !failure.words.trim().is_empty(),
                format!("the failure of `{}` has no `words`", failure.test),
            );
        }
        for engine in ENGINES {
            need(
                self.fails.is_empty() || !Expect::Fail(&self.fails).passes_on(engine),
                format!("the untouched kata is declared to fail nothing on {engine}"),
            );
        }
        faults.extend(engines::failure_faults("the kata", &self.fails));
        faults.extend(self.attempts.iter().flat_map(Attempt::engine_faults));
        faults
    }
}

/// Whether there are words, and nothing in them.
fn is_blank(words: Option<&str>) -> bool {
    words.is_some_and(|words| words.trim().is_empty())
}
