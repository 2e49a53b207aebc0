//! What a call of `get` came to, held against the spec's own clock.

use std::cell::Cell;
use std::time::Duration;

use super::clock::{First, fair_sleep, now, race, sleep};
use super::lab::Target;
use crate::zone::get;
use contract::{FetchError, Kind, Phase};

/// How long after its budget a `get` may settle.
const GRACE_MS: f64 = 100.0;
/// How long one that is late is watched, to tell it from one that hangs.
const OVERTIME_MS: f64 = 400.0;
/// How often a test that a busy machine could spoil is tried.
pub const TRIES: usize = 4;

/// What a `get` came to, and what the spec's own clock says about it.
pub struct Judged {
    name: String,
    budget_ms: u64,
    /// What `get` answered.
    pub outcome: Result<Vec<u8>, FetchError>,
    took_ms: f64,
}

/// Runs `get` and holds it to its word: a timer of the same event loop, started beside it and 100 ms longer than the
/// budget, must not come first.
///
/// Where the browser keeps the time, or cancels by way of another thread, a busy machine may spoil that once. So a `get`
/// that ends late is tried again; one that does not end is not.
pub async fn judge(target: &Target, budget_ms: u64) -> Judged {
    judge_late(target, budget_ms, 0.0).await
}

/// The same for a `get` that is first polled when `idle_ms` are over.
pub async fn judge_late(target: &Target, budget_ms: u64, idle_ms: f64) -> Judged {
    let name = target.name.clone();
    for tries in 1..=TRIES {
        let work = get(&target.url, Duration::from_millis(budget_ms));
        if idle_ms > 0.0 {
            sleep(idle_ms).await;
        }
        let late = Cell::new(false);
        let patience = async {
            fair_sleep(budget_ms as f64 + GRACE_MS).await;
            late.set(true);
            fair_sleep(OVERTIME_MS).await;
        };
        let started = now();
        match race(work, patience).await {
            First::Left(_) if late.get() => {}
            First::Left(outcome) => {
                let judged = Judged {
                    name: name.clone(),
                    budget_ms,
                    outcome,
                    took_ms: now() - started,
                };
                // The machine may pause between two looks at the clock. A wrong time is wrong each time.
                if tries == TRIES || judged.tells_the_time() {
                    return judged;
                }
            }
            First::Right(()) => panic!(
                "still waiting {GRACE_MS} ms after the budget of {budget_ms} ms for {name}. \
                 Without a deadline on every phase, the server decides how long you wait."
            ),
        }
    }
    panic!(
        "more than {GRACE_MS} ms late with a budget of {budget_ms} ms for {name}, {TRIES} times out of {TRIES}: \
         there is one budget, for all phases together"
    );
}

impl Judged {
    /// The phase of the error, if there is one.
    pub fn phase(&self) -> Option<Phase> {
        self.outcome.as_ref().err().map(|error| error.phase)
    }

    /// Is the time in the error, if there is one, the time from the first poll to the end?
    fn tells_the_time(&self) -> bool {
        // Clocks and timers of a browser are up to a few milliseconds coarse.
        let right = self.took_ms - GRACE_MS..=self.took_ms + 10.0;
        (self.outcome.as_ref().err())
            .is_none_or(|error| right.contains(&(error.elapsed.as_secs_f64() * 1000.0)))
    }

    /// The body, which must have come.
    pub fn body(self) -> Vec<u8> {
        let Self { name, outcome, .. } = self;
        outcome.unwrap_or_else(|error| panic!("expected an answer from {name}, got {error:?}"))
    }

    /// The error must be of this kind and phase, and must tell the time as it was.
    pub fn expect(&self, wanted: &str, phase: Phase, is_wanted: impl Fn(&Kind) -> bool) {
        let Self {
            name: target,
            budget_ms,
            outcome,
            took_ms,
        } = self;
        let waiting_for = name(phase);
        let error = match outcome {
            Err(error) if is_wanted(&error.kind) && error.phase == phase => error,
            Err(error) => panic!(
                "expected {wanted} while waiting for the {waiting_for} of {target}, got {:?} while waiting for the {}: \
                 whoever calls decides by kind and phase what to do next",
                error.kind,
                name(error.phase)
            ),
            Ok(body) => panic!(
                "expected {wanted} while waiting for the {waiting_for} of {target}, got Ok with {} bytes: half an answer, \
                 or one that came too late, must not pass for a whole one",
                body.len()
            ),
        };
        let elapsed_ms = error.elapsed.as_secs_f64() * 1000.0;
        assert!(
            self.tells_the_time(),
            "the error says {elapsed_ms:.0} ms, but it took {took_ms:.0} ms from the first poll to the end: that is what elapsed counts"
        );
        if error.kind == Kind::Timeout {
            assert!(
                elapsed_ms >= *budget_ms as f64 - 10.0,
                "timed out after {elapsed_ms:.0} ms with {budget_ms} ms to spend: that is too early"
            );
        }
    }
}

/// The phase as a sentence names it.
pub fn name(phase: Phase) -> &'static str {
    match phase {
        Phase::Headers => "headers",
        Phase::Body => "body",
    }
}
