//! What the stock runner prints, read as results.
//!
//! Its exit code alone is not enough: it is 0 when nothing ran. A run has passed when every test
//! that was asked for has a result of its own, none failed, and the stock runner says so too.

use std::collections::BTreeMap;

/// How a test ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    Ok,
    Failed,
    Ignored,
}

/// What a line of the stock runner tells.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// A test has ended.
    Ended { name: String, ending: Ending },
    /// All is told that a failed test has printed.
    Words { name: String, words: String },
    /// The last line of a run that came to its end.
    Summary { is_ok: bool },
}

/// What a whole run says.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Passed,
    Failed,
    /// Nothing failed, but these tests have no result.
    Unfinished(Vec<String>),
}

/// The lines of one run.
pub struct Transcript {
    /// The tests that were asked for, and how they ended.
    endings: BTreeMap<String, Option<Ending>>,
    is_ok: bool,
    /// Whether the failed tests are being told.
    tells_failures: bool,
    /// The failed test that is being told, with what it has printed so far.
    told: Option<(String, String)>,
}

impl Transcript {
    /// Of a run of these tests.
    pub fn of(names: impl IntoIterator<Item = String>) -> Self {
        Transcript {
            endings: names.into_iter().map(|name| (name, None)).collect(),
            is_ok: false,
            tells_failures: false,
            told: None,
        }
    }

    /// Takes the next line.
    pub fn read(&mut self, line: &str) -> Option<Event> {
        if let Some(result) = line.strip_prefix("test result: ") {
            self.is_ok = result.starts_with("ok.");
            return Some(Event::Summary { is_ok: self.is_ok });
        }
        if line == "failures:" {
            self.tells_failures = true;
            return self.words();
        }
        let heading = line
            .strip_prefix("---- ")
            .and_then(|line| line.strip_suffix(" output ----"));
        if let Some(name) = heading.filter(|_| self.tells_failures) {
            let words = self.words();
            self.told = Some((name.to_owned(), String::new()));
            return words;
        }
        if let Some((_, words)) = &mut self.told {
            words.push_str(line);
            words.push('\n');
            return None;
        }
        let (name, ending) = line.strip_prefix("test ")?.split_once(" ... ")?;
        let ending = match ending {
            "ok" => Ending::Ok,
            "FAIL" => Ending::Failed,
            _ if ending.starts_with("ignored") => Ending::Ignored,
            _ => return None,
        };
        *self.endings.get_mut(name)? = Some(ending);
        let name = name.to_owned();
        Some(Event::Ended { name, ending })
    }

    fn words(&mut self) -> Option<Event> {
        let (name, words) = self.told.take()?;
        Some(Event::Words { name, words })
    }

    /// How many tests ended like this.
    pub fn count(&self, ending: Ending) -> usize {
        let ended = self.endings.values().flatten();
        ended.filter(|one| **one == ending).count()
    }

    /// What the lines say, all in all.
    pub fn verdict(&self) -> Verdict {
        if self.count(Ending::Failed) > 0 {
            return Verdict::Failed;
        }
        let open = self.endings.iter().filter(|(_, ending)| ending.is_none());
        let open: Vec<_> = open.map(|(name, _)| name.clone()).collect();
        if open.is_empty() && self.is_ok {
            Verdict::Passed
        } else {
            Verdict::Unfinished(open)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn transcript(lines: &str) -> (Transcript, Vec<Event>) {
        let mut transcript = Transcript::of(["spec::a".to_owned(), "spec::b".to_owned()]);
        let events = lines
            .lines()
            .filter_map(|line| transcript.read(line))
            .collect();
        (transcript, events)
    }

    fn verdict(lines: &str) -> Verdict {
        transcript(lines).0.verdict()
    }

    #[test]
    fn a_run_passes_when_every_test_has() {
        let all = "running 2 tests\ntest spec::b ... ok\ntest spec::a ... ignored, why\n\n\
                   test result: ok. 1 passed; 0 failed; 1 ignored; 0 filtered out";
        assert_eq!(verdict(all), Verdict::Passed);
    }

    #[test]
    fn what_did_not_run_did_not_pass() {
        let both = vec!["spec::a".to_owned(), "spec::b".to_owned()];
        for nothing in [
            "",
            "no tests to run!",
            "this test suite is only configured to run in a browser, so skipping",
            "test result: ok. 0 passed; 0 failed",
            "test result: ok. 2 passed; 0 failed",
        ] {
            assert_eq!(verdict(nothing), Verdict::Unfinished(both.clone()));
        }
        let half = "test spec::a ... ok\ntest result: ok. 1 passed";
        assert_eq!(
            verdict(half),
            Verdict::Unfinished(vec!["spec::b".to_owned()])
        );
        let no_end = "test spec::a ... ok\ntest spec::b ... ok";
        assert_eq!(verdict(no_end), Verdict::Unfinished(Vec::new()));
    }

    /// Also where what it printed looks like a summary.
    #[test]
    fn a_failed_test_is_told_with_its_words() {
        let lines = "test spec::b ... FAIL\ntest spec::a ... ok\n\nfailures:\n\n\
                     ---- spec::b output ----\n    error output:\n        test result: ok. 2 passed\n    \n\
                     failures:\n\n    spec::b\n\n\
                     test result: FAILED. 1 passed; 1 failed";
        let (transcript, events) = transcript(lines);
        assert_eq!(transcript.verdict(), Verdict::Failed);
        assert_eq!(transcript.count(Ending::Ok), 1);
        let Event::Words { name, words } = &events[2] else {
            panic!("{events:?}")
        };
        assert_eq!(name, "spec::b");
        assert!(words.contains("error output:\n"), "{words}");
        assert_eq!(events[3], Event::Summary { is_ok: false });
    }

    #[test]
    fn a_failure_counts_though_the_run_was_cut_short() {
        let (transcript, _) = transcript(
            "test spec::a ... FAIL\nFailed to detect test as having been run. It might have timed out.",
        );
        assert_eq!(transcript.verdict(), Verdict::Failed);
    }
}
