//! The engines that judge, and what a manifest may declare for some of them only.

use crate::{Attempt, Expect, Failure};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The engines, as manifests name them.
pub const ENGINES: [&str; 3] = ["chromium", "firefox", "webkit"];

/// Words of the error of a module that does not load.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum LoadError {
    /// It loads nowhere, and the words are the same.
    Everywhere(String),
    /// It does not load on these engines. On the others it does, and `fails` says what it fails there.
    On(BTreeMap<String, String>),
}

impl LoadError {
    /// The words on an engine, if it does not load there.
    pub fn on(&self, engine: &str) -> Option<&str> {
        match self {
            LoadError::Everywhere(words) => Some(words),
            LoadError::On(engines) => engines.get(engine).map(String::as_str),
        }
    }

    /// All words that it declares.
    pub(crate) fn words(&self) -> Vec<&str> {
        match self {
            LoadError::Everywhere(words) => vec![words],
            LoadError::On(engines) => engines.values().map(String::as_str).collect(),
        }
    }
}

impl Expect<'_> {
    /// Whether every test is expected to pass on `engine`.
    pub fn passes_on(&self, engine: &str) -> bool {
        match self {
            Expect::Pass => true,
            Expect::Fail(failures) => !failures.iter().any(|failure| failure.holds_on(engine)),
            Expect::CompileError(_) | Expect::LoadError(_) => false,
        }
    }
}

impl Attempt {
    /// Whether its fate is declared engine by engine.
    pub fn differs(&self) -> bool {
        differ(&self.fails) || matches!(self.load_error, Some(LoadError::On(_)))
    }

    /// What it declares of engines that cannot be.
    pub(crate) fn engine_faults(&self) -> Vec<String> {
        let whose = format!("attempt `{}`", self.name);
        let mut faults = failure_faults(&whose, &self.fails);
        let Some(LoadError::On(engines)) = &self.load_error else {
            return faults;
        };
        if engines.is_empty() {
            faults.push(format!("{whose} has a `load_error` that names no engine"));
        }
        for engine in engines.keys() {
            if !ENGINES.contains(&engine.as_str()) {
                faults.push(format!(
                    "{whose} has a `load_error` on an unknown engine `{engine}`"
                ));
            }
            let explicit = |failure: &&Failure| failure.engines.contains(engine);
            if let Some(failure) = self.fails.iter().find(explicit) {
                faults.push(format!(
                    "{whose} does not load on {engine}, and declares that `{}` fails there",
                    failure.test
                ));
            }
        }
        faults
    }
}

/// Whether some of these failures speak of some engines only.
pub fn differ(failures: &[Failure]) -> bool {
    failures.iter().any(|failure| !failure.engines.is_empty())
}

/// What a list of failures says of engines that cannot be.
pub(crate) fn failure_faults(whose: &str, failures: &[Failure]) -> Vec<String> {
    let mut faults = Vec::new();
    for (at, failure) in failures.iter().enumerate() {
        let Failure { test, engines, .. } = failure;
        for (at, engine) in engines.iter().enumerate() {
            if !ENGINES.contains(&engine.as_str()) {
                faults.push(format!(
                    "the failure of `{test}` names an unknown engine `{engine}`"
                ));
            }
            if engines[..at].contains(engine) {
                faults.push(format!(
                    "{whose} names {engine} twice in a failure of `{test}`"
                ));
            }
        }
        let earlier = &failures[..at];
        let twice = ENGINES.into_iter().find(|engine| {
            failure.holds_on(engine)
                && earlier
                    .iter()
                    .any(|other| other.test == *test && other.holds_on(engine))
        });
        if let Some(engine) = twice {
            faults.push(format!(
                "{whose} declares twice how `{test}` fails on {engine}"
            ));
        }
    }
    faults
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Manifest;

    fn attempt(facts: &str) -> Attempt {
        toml::from_str(&format!(
            "name = \"a\"\ntitle = \"A\"\nwhy = \"No.\"\n{facts}"
        ))
        .unwrap()
    }

    #[test]
    fn an_attempt_may_pass_on_some_engines() {
        let attempt = attempt("fails = [{ test = \"t\", words = \"w\", engines = [\"firefox\"] }]");
        assert!(attempt.differs());
        let passes = ENGINES.map(|engine| attempt.expect(engine).passes_on(engine));
        assert_eq!(passes, [true, false, true]);
    }

    #[test]
    fn an_attempt_may_not_load_on_one_engine() {
        let only = attempt("load_error = { webkit = \"relaxed SIMD\" }");
        assert_eq!(only.expect("webkit"), Expect::LoadError("relaxed SIMD"));
        assert!(only.expect("chromium").passes_on("chromium"));
        assert!(only.differs() && only.engine_faults().is_empty());

        let both = attempt(
            "load_error = { webkit = \"relaxed SIMD\" }\nfails = [{ test = \"t\", words = \"w\" }]",
        );
        assert!(matches!(both.expect("firefox"), Expect::Fail([_])));
        assert_eq!(both.expect("webkit"), Expect::LoadError("relaxed SIMD"));
        assert_eq!(both.engine_faults(), Vec::<String>::new());

        let everywhere = attempt("load_error = \"unresolved\"");
        assert!(!everywhere.differs());
        for engine in ENGINES {
            assert_eq!(everywhere.expect(engine), Expect::LoadError("unresolved"));
        }
    }

    #[test]
    fn a_load_error_is_a_text_or_a_table() {
        let text = "name = \"a\"\ntitle = \"A\"\nwhy = \"No.\"\nload_error = 1\n";
        assert!(toml::from_str::<Attempt>(text).is_err());
        assert!(Manifest::parse(text).is_err());
    }
}
