//! How libtest prints: lists, a run of nothing, and the events of `--format=json`.

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
}

impl Events {
    /// Of these tests; so many others were not meant.
    pub fn of(names: Vec<String>, filtered_out: usize) -> Self {
        Events {
            names,
            filtered_out,
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
    pub fn next(&self, event: &Event, transcript: &Transcript, taken: Duration) -> String {
        let test = |name, event| json!({ "type": "test", "event": event, "name": name });
        match event {
            Event::Ended { name, ending } => match ending {
                Ending::Ok => line(&test(name, "ok")),
                Ending::Ignored => line(&test(name, "ignored")),
                Ending::Failed => String::new(),
            },
            Event::Words { name, words } => {
                let mut failed = test(name, "failed");
                failed["stdout"] = words.as_str().into();
                line(&failed)
            }
            Event::Summary { is_ok } => self.summary(*is_ok, transcript, taken),
        }
    }

    fn summary(&self, is_ok: bool, transcript: &Transcript, taken: Duration) -> String {
        line(&json!({
            "type": "suite",
            "event": if is_ok { "ok" } else { "failed" },
            "passed": transcript.count(Ending::Ok),
            "failed": transcript.count(Ending::Failed),
            "ignored": transcript.count(Ending::Ignored),
            "measured": 0,
            "filtered_out": self.filtered_out,
            "exec_time": taken.as_secs_f64(),
        }))
    }
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

    #[test]
    fn a_run_is_told_in_events() {
        let names = vec!["spec::a".to_owned(), "spec::b".to_owned()];
        let mut transcript = Transcript::of(names.clone());
        let events = Events::of(names, 3);
        let mut told = events.start();
        for line in "test spec::a ... ok\ntest spec::b ... FAIL\nfailures:\n\
                     ---- spec::b output ----\n    why\nfailures:\ntest result: FAILED."
            .lines()
        {
            if let Some(event) = transcript.read(line) {
                told += &events.next(&event, &transcript, Duration::ZERO);
            }
        }
        let told = values(&told);
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

    #[test]
    fn a_run_of_nothing_says_what_was_left_out() {
        assert!(nothing(7, Format::Pretty).contains("0 passed"));
        assert!(nothing(7, Format::Terse).contains("7 filtered out"));
        assert_eq!(values(&nothing(7, Format::Json))[1]["filtered_out"], 7);
    }
}
