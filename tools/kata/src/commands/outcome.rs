//! Does a variant do what is declared of it?

use super::trial::{Tally, Tried};
use kata_builder::Source;
use kata_judge::{Outcome, Verdict};
use kata_zones::{Expect, Failure, Variant};

/// How a trial compares with what is declared.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Tests that did what is declared.
    pub as_declared: usize,
    /// Tests that did not, with the reason for each.
    pub surprises: Vec<String>,
    /// How many of these are there only because they could not be judged.
    pub unjudged: usize,
    /// Tests that are declared to fail and passed.
    pub fixed: Vec<String>,
}

/// Compares a trial with its declaration. A declared failure that passes is in
/// `fixed`; whether that is a fault is for the caller to say.
pub fn compare(tried: &Tried<'_>) -> Comparison {
    let zone = &tried.case.request.zone;
    let engine = tried.engine.to_string();
    let expect = match &tried.case.request.source {
        Source::Variant(variant) => zone.expect(variant, &engine).unwrap_or(Expect::Pass),
        // Nothing declares these: a graded answer should pass, and of a proof see `proven`.
        Source::Graded(_) | Source::Proof(_) | Source::Posted(_) => Expect::Pass,
    };
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
        (_, Tally::Judged(verdicts)) if let Some(reason) = same_load_error(verdicts) => {
            single(false, || format!("does not load: {reason}"))
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

/// Why none of several tests could begin, if all say the same.
fn same_load_error(verdicts: &[Verdict]) -> Option<&str> {
    let [first, others @ ..] = verdicts else {
        return None;
    };
    let same = |v: &Verdict| v.outcome == Outcome::LoadError && v.message == first.message;
    (!others.is_empty() && same(first) && others.iter().all(same)).then_some(&first.message)
}

/// Whether an edited solution fails at least these tests, with these words.
pub fn proven(result: &Tally<'_>, failures: &[Failure]) -> Comparison {
    let verdicts = match result {
        Tally::Judged(verdicts) => verdicts,
        Tally::Refused(diagnostics) => {
            return single(false, || format!("no longer compiles:\n{diagnostics}"));
        }
        Tally::TimedOut(seconds) => {
            return single(false, || format!("did not compile within {seconds} s"));
        }
    };
    let mut comparison = Comparison::default();
    for failure in failures {
        let verdict = verdicts.iter().find(|v| v.test == failure.test);
        match verdict.map(|verdict| fails(verdict, failure)) {
            Some(Ok(true)) => comparison.as_declared += 1,
            Some(Err(why)) => comparison.surprises.push(format!("{} {why}", failure.test)),
            Some(Ok(false)) | None => comparison
                .surprises
                .push(format!("no longer turns {} red", failure.test)),
        }
    }
    comparison
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
        Outcome::Unjudged => Err(describe(verdict)),
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
        Outcome::Unjudged => format!("it could not be judged: {}", verdict.message),
        outcome => format!("the outcome is {outcome}: {}", verdict.message),
    }
}

fn single(holds: bool, surprise: impl FnOnce() -> String) -> Comparison {
    let surprises = if holds { Vec::new() } else { vec![surprise()] };
    Comparison {
        as_declared: usize::from(holds),
        surprises,
        ..Comparison::default()
    }
}

fn each(verdicts: &[Verdict], hold: impl Fn(&Verdict) -> Held) -> Comparison {
    let mut comparison = Comparison::default();
    for verdict in verdicts {
        comparison.unjudged += usize::from(verdict.outcome == Outcome::Unjudged);
        match hold(verdict) {
            Ok(true) => comparison.as_declared += 1,
            Ok(false) => comparison.fixed.push(verdict.test.clone()),
            Err(why) => comparison.surprises.push(format!("{} {why}", verdict.test)),
        }
    }
    comparison
}

/// The last line of a command: what could not be judged is only spoken of if there is any.
pub fn counts(passed: usize, failed: usize, unjudged: usize) -> String {
    match unjudged {
        0 => format!("{passed} passed, {failed} failed"),
        _ => format!("{passed} passed, {failed} failed, {unjudged} could not be judged"),
    }
}

/// Whether the trial is of the reader's own kata.
pub fn is_kata(tried: &Tried<'_>) -> bool {
    tried.case.request.source == Source::Variant(Variant::Kata)
}

/// Whether the trial is of a wrong attempt.
pub fn is_attempt(tried: &Tried<'_>) -> bool {
    matches!(
        tried.case.request.source,
        Source::Variant(Variant::Attempt(_))
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::commands::trial::Case;
    use kata_builder::Request;
    use kata_engines::Engine;
    use kata_zones::{Workspace, write_new_zone};
    use std::fs;

    /// A zone that declares each kind of behaviour.
    const MANIFEST: &str = r#"title = "A trap"
part = "boundary"
minutes = 10
summary = "It breaks."
hints = ["Look.", "Think.", "Write."]

[predict]
question = "What happens?"
test = "one"
choices = [{ text = "It passes", passes = true }, { text = "It fails", words = "one" }]
explain = "It fails."

[[fails]]
test = "one"
words = "one is wrong"

[[fails]]
test = "two"
words = "two is wrong"
engines = ["firefox"]

[[attempts]]
name = "refused"
title = "Refused"
why = "No."
compile_error = "E0425"

[[attempts]]
name = "stuck"
title = "Stuck"
why = "No."
load_error = "unresolved import"

[[attempts]]
name = "here"
title = "Passes in Chromium"
why = "No."
load_error = { webkit = "relaxed SIMD" }
fails = [
  { test = "one", words = "one is wrong", engines = ["firefox"] },
  { test = "two", words = "two is wrong", engines = ["firefox"] },
]
"#;

    fn verdict(test: &str, outcome: Outcome, message: &str) -> Verdict {
        Verdict {
            zone: "a-trap".into(),
            variant: String::new(),
            engine: String::new(),
            test: test.into(),
            outcome,
            message: message.into(),
            ms: 0.0,
            location: None,
            stack: Vec::new(),
        }
    }

    /// What the comparison says of a variant that came to this on an engine.
    fn of(variant: &str, engine: Engine, result: Tally<'_>) -> Comparison {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("book.toml"), "").unwrap();
        fs::write(
            dir.path().join("Cargo.toml"),
            "[workspace]\nmembers = [\n]\ndefault-members = [\n]\n",
        )
        .unwrap();
        fs::create_dir(dir.path().join("katas")).unwrap();
        let ws = Workspace::find(dir.path()).unwrap();
        write_new_zone(&ws, "a-trap").unwrap();
        fs::write(dir.path().join("katas/a-trap/kata.toml"), MANIFEST).unwrap();
        let zone = ws.zone("a-trap").unwrap();
        let case = Case::new(Request::variant(&zone, variant.parse().unwrap()), &[engine]);
        compare(&Tried {
            case: &case,
            engine,
            result,
        })
    }

    #[track_caller]
    fn surprises(comparison: &Comparison, words: &str) {
        assert_eq!(comparison.surprises.len(), 1, "{comparison:?}");
        assert!(comparison.surprises[0].contains(words), "{comparison:?}");
    }

    #[test]
    fn what_is_declared_is_no_surprise() {
        let (passed, failed) = (Outcome::Passed, Outcome::Failed);
        let one = verdict("one", failed, "one is wrong: 1");
        for (variant, engine, two) in [
            ("kata", Engine::Chromium, verdict("two", passed, "")),
            (
                "kata",
                Engine::Firefox,
                verdict("two", failed, "two is wrong"),
            ),
        ] {
            let all = of(variant, engine, Tally::Judged(&[one.clone(), two]));
            assert_eq!(
                (all.as_declared, all.surprises.len(), all.fixed.len()),
                (2, 0, 0)
            );
        }
        let refused = of(
            "attempts/refused",
            Engine::Webkit,
            Tally::Refused("error[E0425]"),
        );
        assert_eq!((refused.as_declared, refused.surprises.len()), (1, 0));
        let stuck = [verdict("one", Outcome::LoadError, "an unresolved import")];
        let stuck = of("attempts/stuck", Engine::Webkit, Tally::Judged(&stuck));
        assert_eq!((stuck.as_declared, stuck.surprises.len()), (1, 0));
    }

    #[test]
    fn an_attempt_may_pass_on_one_engine_and_fail_on_the_others() {
        let tests = |one, two| {
            [
                verdict("one", one, "one is wrong"),
                verdict("two", two, "two is wrong"),
            ]
        };
        let passed = tests(Outcome::Passed, Outcome::Passed);
        let failed = tests(Outcome::Failed, Outcome::Failed);
        let stuck =
            ["one", "two"].map(|test| verdict(test, Outcome::LoadError, "relaxed SIMD is off"));
        let all = [
            (Engine::Chromium, &passed),
            (Engine::Firefox, &failed),
            (Engine::Webkit, &stuck),
        ];
        for (engine, _) in all {
            for (other, verdicts) in all {
                let comparison = of("attempts/here", engine, Tally::Judged(verdicts));
                let holds = comparison.surprises.is_empty() && comparison.fixed.is_empty();
                assert_eq!(
                    holds,
                    engine == other,
                    "{engine} with {other}'s: {comparison:?}"
                );
                assert!(!holds || comparison.as_declared == 2, "{comparison:?}");
            }
        }
    }

    #[test]
    fn a_failure_with_other_words_is_a_surprise() {
        let other = [verdict("one", Outcome::Failed, "two is wrong")];
        let other = of("kata", Engine::Chromium, Tally::Judged(&other));
        surprises(
            &other,
            "one is declared to fail with the words `one is wrong`",
        );
    }

    #[test]
    fn a_failure_that_is_not_declared_is_a_surprise() {
        for (variant, test) in [("kata", "three"), ("solution", "one")] {
            let more = [verdict(test, Outcome::Failed, "no")];
            let more = of(variant, Engine::Chromium, Tally::Judged(&more));
            surprises(&more, "must pass, but the outcome is failed: no");
        }
    }

    #[test]
    fn a_failure_of_another_engine_is_a_surprise() {
        let two = [verdict("two", Outcome::Failed, "two is wrong")];
        let two = of("kata", Engine::Chromium, Tally::Judged(&two));
        surprises(&two, "two must pass");
    }

    #[test]
    fn a_declared_failure_that_passes_is_fixed() {
        let one = [verdict("one", Outcome::Passed, "")];
        let one = of("kata", Engine::Chromium, Tally::Judged(&one));
        assert_eq!(
            (one.fixed, one.surprises.len()),
            (vec!["one".to_owned()], 0)
        );
    }

    #[test]
    fn a_module_that_does_not_load_is_said_once() {
        let stuck = |test| verdict(test, Outcome::LoadError, "unresolved import");
        let all = [stuck("one"), stuck("two"), stuck("three")];
        for variant in ["kata", "solution"] {
            let comparison = of(variant, Engine::Chromium, Tally::Judged(&all));
            surprises(&comparison, "does not load: unresolved import");
        }
        let declared = of("attempts/stuck", Engine::Chromium, Tally::Judged(&all));
        assert_eq!((declared.as_declared, declared.surprises.len()), (3, 0));
    }

    #[test]
    fn a_proof_turns_its_tests_red() {
        let declared = |test: &str| Failure {
            test: test.into(),
            words: "is wrong".into(),
            engines: Vec::new(),
        };
        let verdicts = [
            verdict("one", Outcome::Failed, "one is wrong"),
            verdict("two", Outcome::Failed, "out of memory"),
            verdict("three", Outcome::Passed, ""),
            verdict("four", Outcome::Unjudged, "one is wrong"),
        ];
        let judged = Tally::Judged(&verdicts);
        let one = proven(&judged, &[declared("one")]);
        assert_eq!((one.as_declared, one.surprises.len()), (1, 0));
        for (test, words) in [
            ("two", "two is declared to fail with the words `is wrong`"),
            ("three", "no longer turns three red"),
            ("four", "could not be judged"),
            ("gone", "no longer turns gone red"),
        ] {
            surprises(&proven(&judged, &[declared(test)]), words);
        }
        let refused = proven(&Tally::Refused("error[E0425]"), &[declared("one")]);
        surprises(&refused, "no longer compiles:\nerror[E0425]");
    }

    #[test]
    fn what_could_not_be_judged_is_as_declared_nowhere() {
        for variant in ["kata", "solution", "attempts/stuck"] {
            let lost = [verdict(
                "one",
                Outcome::Unjudged,
                "one is wrong, unresolved import",
            )];
            let lost = of(variant, Engine::Chromium, Tally::Judged(&lost));
            surprises(&lost, "could not be judged");
            assert_eq!(lost.unjudged, 1, "{variant}: it counts as a failure");
        }
    }

    #[test]
    fn a_compile_error_that_does_not_come_is_a_surprise() {
        let passed = [verdict("one", Outcome::Passed, "")];
        let compiled = of("attempts/refused", Engine::Chromium, Tally::Judged(&passed));
        surprises(&compiled, "compiles, and is declared not to");
        let other = of(
            "attempts/refused",
            Engine::Chromium,
            Tally::Refused("error[E0308]"),
        );
        surprises(&other, "not with the words `E0425`");
    }

    #[test]
    fn a_build_that_is_not_declared_to_fail_is_a_surprise() {
        for variant in ["kata", "solution", "attempts/stuck"] {
            let refused = of(variant, Engine::Chromium, Tally::Refused("error[E0308]"));
            surprises(&refused, "does not compile");
            let endless = of(variant, Engine::Chromium, Tally::TimedOut(600));
            surprises(&endless, "did not end within 600 s");
        }
    }

    #[test]
    fn a_load_error_that_does_not_come_is_a_surprise() {
        for verdict in [
            verdict("one", Outcome::LoadError, "out of memory"),
            verdict("one", Outcome::Failed, "an unresolved import"),
            verdict("one", Outcome::Passed, ""),
        ] {
            let loaded = of(
                "attempts/stuck",
                Engine::Chromium,
                Tally::Judged(&[verdict]),
            );
            surprises(&loaded, "is declared not to load with `unresolved import`");
        }
    }
}
