//! How libtest prints: lists, a run of nothing, and the events of `--format=json`.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::flags::Format;
use crate::spec::Test;
use crate::transcript::{Ending, Event, Transcript};

/// The answer to `--list`.
pub fn list(tests: &[&Test], benches: &[&Test], format: Format) -> String {
    let kinds = [(tests, "test"), (benches, "benchmark")];
    let all = kinds
        .into_iter()
        .flat_map(|(tests, kind)| tests.iter().map(move |test| (*test, kind)));
    let lines = all.map(|(test, kind)| match format {
        Format::Pretty | Format::Terse => format!("{}: {kind}\n", test.name),
        Format::Json => line(&json!({
            "type": kind,
            "event": "discovered",
            "name": test.name,
            "ignore": test.is_ignored,
        })),
    });
    let lines: String = lines.collect();
    let (tests, benches) = (tests.len(), benches.len());
    match format {
        Format::Terse => lines,
        Format::Pretty => format!(
            "{lines}\n{}, {}\n",
            counted(tests, "test"),
            counted(benches, "benchmark")
        ),
        Format::Json => {
            let started = line(&json!({ "type": "suite", "event": "discovery" }));
            let completed = line(&json!({
                "type": "suite",
                "event": "completed",
                "tests": tests,
                "benchmarks": benches,
                "total": tests + benches,
            }));
            format!("{started}{lines}{completed}")
        }
    }
}

/// What a run prints in which no test was meant.
pub fn nothing(filtered_out: usize, format: Format) -> String {
    if format == Format::Json {
        let events = Events::of(Vec::new(), filtered_out);
        let transcript = Transcript::of([]);
        let end = events.summary(true, &transcript, Duration::ZERO);
        return events.start() + &end;
    }
    format!(
        "\nrunning 0 tests\n\n\
         test result: ok. 0 passed; 0 failed; 0 ignored; {filtered_out} filtered out\n\n"
    )
}

/// The events of one run.
pub struct Events {
    names: Vec<String>,
    filtered_out: usize,
    /// The tests whose end was told.
    told: BTreeSet<String>,
    /// Whether that of the suite was.
    has_ended: bool,
}

impl Events {
    /// Of these tests; so many others were not meant.
    pub fn of(names: Vec<String>, filtered_out: usize) -> Self {
        Events {
            names,
            filtered_out,
            told: BTreeSet::new(),
            has_ended: false,
        }
    }

    /// The run begins. The browser does not tell when a test does, so all of them begin here.
    pub fn start(&self) -> String {
        let suite = json!({ "type": "suite", "event": "started", "test_count": self.names.len() });
        let tests = self
            .names
            .iter()
            .map(|name| json!({ "type": "test", "event": "started", "name": name }));
        std::iter::once(suite)
            .chain(tests)
            .map(|event| line(&event))
            .collect()
    }

    /// What this event is for libtest. A failure is told together with what the test printed.
    pub fn next(&mut self, event: &Event, transcript: &Transcript, taken: Duration) -> String {
        match event {
            Event::Ended {
                ending: Ending::Failed,
                ..
            } => String::new(),
            Event::Ended { name, ending } => {
                self.told.insert(name.clone());
                let word = if *ending == Ending::Ok {
                    "ok"
                } else {
                    "ignored"
                };
                line(&json!({ "type": "test", "event": word, "name": name }))
            }
            Event::Words { name, words } => {
                self.told.insert(name.clone());
                failed(name, words)
            }
            Event::Summary { is_ok } => {
                self.has_ended = true;
                self.summary(*is_ok, transcript, taken)
            }
        }
    }

    /// The end of a run that was cut short: every test that has begun ends, and so does the suite.
    pub fn rest(&self, transcript: &Transcript, taken: Duration) -> String {
        let open = self.names.iter().filter(|name| !self.told.contains(*name));
        let mut rest: String = open
            .map(|name| {
                failed(
                    name,
                    "the run was cut short: there is no result, or no reason for it\n",
                )
            })
            .collect();
        if !self.has_ended {
            rest += &self.summary(false, transcript, taken);
        }
        rest
    }

    fn summary(&self, is_ok: bool, transcript: &Transcript, taken: Duration) -> String {
        line(&json!({
            "type": "suite",
            "event": if is_ok { "ok" } else { "failed" },
            "passed": transcript.count(Ending::Ok),
            "failed": self.names.len() - transcript.count(Ending::Ok) - transcript.count(Ending::Ignored),
            "ignored": transcript.count(Ending::Ignored),
            "measured": 0,
            "filtered_out": self.filtered_out,
            "exec_time": taken.as_secs_f64(),
        }))
    }
}

fn failed(name: &str, words: &str) -> String {
    line(&json!({ "type": "test", "event": "failed", "name": name, "stdout": words }))
}

fn counted(number: usize, what: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {what}{plural}")
}

fn line(event: &Value) -> String {
    format!("{event}\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn test(name: &str) -> Test {
        Test {
            name: name.to_owned(),
            is_ignored: false,
        }
    }

    fn values(lines: &str) -> Vec<Value> {
        let lines = lines.lines();
        lines
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn a_list_is_what_nextest_and_people_read() {
        let (one, two) = (test("spec::a"), test("spec::b"));
        let tests = [&one, &two];
        assert_eq!(
            list(&tests, &[], Format::Terse),
            "spec::a: test\nspec::b: test\n"
        );
        assert!(list(&tests[..1], &tests, Format::Pretty).ends_with("\n\n1 test, 2 benchmarks\n"));
        let events = values(&list(&tests, &[], Format::Json));
        assert_eq!(events[1]["name"], "spec::a");
        assert_eq!(events[3]["total"], 2);
    }

    /// What is told of a run of two tests in which the stock runner prints these lines.
    fn told(lines: &str) -> Vec<Value> {
        let names = vec!["spec::a".to_owned(), "spec::b".to_owned()];
        let mut transcript = Transcript::of(names.clone());
        let mut events = Events::of(names, 3);
        let mut told = events.start();
        for line in lines.lines() {
            if let Some(event) = transcript.read(line) {
                told += &events.next(&event, &transcript, Duration::ZERO);
            }
        }
        told += &events.rest(&transcript, Duration::ZERO);
        values(&told)
    }

    #[test]
    fn a_run_is_told_in_events() {
        let told = told(
            "test spec::a ... ok\ntest spec::b ... FAIL\nfailures:\n\
             ---- spec::b output ----\n    why\nfailures:\ntest result: FAILED.",
        );
        assert_eq!(told.len(), 6, "{told:?}");
        assert_eq!(told[0]["test_count"], 2);
        assert_eq!(told[2]["event"], "started");
        assert_eq!(
            (&told[3]["name"], &told[3]["event"]),
            (&"spec::a".into(), &"ok".into())
        );
        assert_eq!(told[4]["event"], "failed");
        assert_eq!(told[4]["stdout"], "    why\n");
        assert_eq!(told[5]["event"], "failed");
        assert_eq!(
            (&told[5]["failed"], &told[5]["filtered_out"]),
            (&1.into(), &3.into())
        );
    }

    /// In an editor, a test that has begun and does not end looks as before.
    #[test]
    fn what_is_cut_short_has_failed() {
        for lines in ["", "test spec::b ... FAIL\n", "test spec::a ... ok\n"] {
            let told = told(lines);
            for name in ["spec::a", "spec::b"] {
                let ends = told.iter().filter(|event| event["name"] == name);
                let [_, end] = &ends.collect::<Vec<_>>()[..] else {
                    panic!("{name} does not end once: {told:?}");
                };
                let is_ok = lines.contains(&format!("{name} ... ok"));
                assert_eq!(end["event"] == "ok", is_ok, "{told:?}");
            }
            let end = told.last().unwrap();
            assert_eq!(
                (&end["type"], &end["event"]),
                (&"suite".into(), &"failed".into())
            );
        }
    }

    #[test]
    fn a_run_of_nothing_says_what_was_left_out() {
        assert!(nothing(7, Format::Pretty).contains("0 passed"));
        assert!(nothing(7, Format::Terse).contains("7 filtered out"));
        assert_eq!(values(&nothing(7, Format::Json))[1]["filtered_out"], 7);
    }
}
