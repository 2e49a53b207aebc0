//! Does a variant do what is declared of it?

use super::trial::{Tally, Tried};
use crate::builder::Source;
use crate::judge::{Outcome, Verdict};
use kata_zones::{Expect, Failure, Variant};

/// How a trial compares with what is declared.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Tests that did what is declared.
    pub as_declared: usize,
    /// Tests that did not, with the reason for each.
    pub surprises: Vec<String>,
    /// Tests that are declared to fail and passed.
    pub fixed: Vec<String>,
}

/// Compares a trial with its declaration. A declared failure that passes is in
/// `fixed`; whether that is a fault is for the caller to say.
pub fn compare(tried: &Tried<'_>) -> Comparison {
    let zone = &tried.case.request.zone;
    let expect = match &tried.case.request.source {
        Source::Variant(variant) => zone.expect(variant).unwrap_or(Expect::Pass),
        Source::Graded(_) => Expect::Pass,
    };
    let engine = tried.engine.to_string();
    match (expect, &tried.result) {
        (Expect::CompileError(words), Tally::Refused(diagnostics)) => {
            single(diagnostics.contains(words), || {
                format!("rustc refuses it, but not with the words `{words}`:\n{diagnostics}")
            })
        }
        (Expect::CompileError(_), _) => single(false, || "compiles, and is declared not to".into()),
        (_, Tally::Refused(diagnostics)) => {
            single(false, || format!("does not compile:\n{diagnostics}"))
        }
        (_, Tally::TimedOut(seconds)) => single(false, || {
            format!("the build did not end within {seconds} s")
        }),
        (Expect::LoadError(words), Tally::Judged(verdicts)) => {
            each(verdicts, |verdict| match verdict.outcome {
                Outcome::LoadError if verdict.message.contains(words) => Ok(true),
                _ => Err(format!(
                    "is declared not to load with `{words}`, but {}",
                    describe(verdict)
                )),
            })
        }
        (Expect::Pass, Tally::Judged(verdicts)) => each(verdicts, passes),
        (Expect::Fail(failures), Tally::Judged(verdicts)) => each(verdicts, |verdict| {
            let declared = failures
                .iter()
                .find(|f| f.test == verdict.test && f.holds_on(&engine));
            match declared {
                Some(failure) => fails(verdict, failure),
                None => passes(verdict),
            }
        }),
    }
}

/// `Ok(true)` as declared, `Ok(false)` fixed, `Err` a surprise.
type Held = Result<bool, String>;

fn passes(verdict: &Verdict) -> Held {
    match verdict.outcome {
        Outcome::Passed => Ok(true),
        _ => Err(format!("must pass, but {}", describe(verdict))),
    }
}

fn fails(verdict: &Verdict, failure: &Failure) -> Held {
    match verdict.outcome {
        Outcome::Passed => Ok(false),
        _ if verdict.message.contains(&failure.words) => Ok(true),
        _ => Err(format!(
            "is declared to fail with the words `{}`, but {}",
            failure.words,
            describe(verdict)
        )),
    }
}

fn describe(verdict: &Verdict) -> String {
    match verdict.outcome {
        Outcome::Passed => "it passed".to_owned(),
        outcome => format!("the outcome is {outcome}: {}", verdict.message),
    }
}

fn single(holds: bool, surprise: impl FnOnce() -> String) -> Comparison {
    let surprises = if holds { Vec::new() } else { vec![surprise()] };
    Comparison {
        as_declared: usize::from(holds),
        surprises,
        fixed: Vec::new(),
    }
}

fn each(verdicts: &[Verdict], hold: impl Fn(&Verdict) -> Held) -> Comparison {
    let mut comparison = Comparison::default();
    for verdict in verdicts {
        match hold(verdict) {
            Ok(true) => comparison.as_declared += 1,
            Ok(false) => comparison.fixed.push(verdict.test.clone()),
            Err(why) => comparison.surprises.push(format!("{} {why}", verdict.test)),
        }
    }
    comparison
}

/// Whether the trial is of the reader's own kata.
pub fn is_kata(tried: &Tried<'_>) -> bool {
    tried.case.request.source == Source::Variant(Variant::Kata)
}
