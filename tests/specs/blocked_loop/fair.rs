//! Timing, judged against what the same machine does in the same round. A busy
//! machine is slow with both, and a spoilt round is tried again.

use super::clock::{ROUNDS, alarm, beats_during, millis_of};

/// An engine may fire a timer this much before its time, by its own clock.
pub const CLOCK_STEP_MS: f64 = 2.0;

/// How often a heartbeat beats in 200 ms.
#[derive(Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beats {
    /// While the work of the test runs.
    pub beside_work: usize,
    /// While a plain setTimeout runs.
    pub plain: usize,
}

impl Beats {
    /// Half the beats beside a plain timer are enough, and so are 10. None is too few.
    pub fn go_on(&self) -> bool {
        self.beside_work >= 10.min(self.plain / 2).max(1)
    }
}

/// Counts the beats beside `work`, which lasts 200 ms. Answers with the first
/// round in which they go on, or with the best.
pub async fn beats_beside_200_ms<T>(work: impl AsyncFn() -> T) -> Beats {
    let mut best = Beats::default();
    for _ in 0..ROUNDS {
        let plain = beats_during(alarm(200)).await;
        let beside_work = beats_during(work()).await;
        best = best.max(Beats { beside_work, plain });
        if best.go_on() {
            break;
        }
    }
    best
}

/// Panics if `work`, which is called `what`, ends before 150 ms are over, or takes
/// much longer than a plain timer in each round.
pub async fn must_take_150_ms(what: &str, work: impl AsyncFn()) {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let plain = millis_of(alarm(150)).await;
        let took = millis_of(work()).await;
        assert!(
            took >= 150.0 - CLOCK_STEP_MS,
            "{what} was over after {took:.1} ms: it must never end early"
        );
        best = best.min(took / plain);
        if best < 1.5 {
            return;
        }
    }
    panic!("{what} took {best:.1} times as long as a plain setTimeout of 150 ms");
}

/// How many times as long as `one` the work `two` takes: the first round below
/// `limit`, or the best.
///
/// `one` is measured before and after `two`, and the shorter time counts: a slow
/// moment must not make room for a `two` that takes one after the other.
pub async fn times_as_long<A, B>(
    one: impl AsyncFn() -> A,
    two: impl AsyncFn() -> B,
    limit: f64,
) -> f64 {
    let mut best = f64::INFINITY;
    for _ in 0..ROUNDS {
        let before = millis_of(one()).await;
        let took = millis_of(two()).await;
        let after = millis_of(one()).await;
        // A `one` that is over at once is another test's to judge, not a division by 0.
        best = best.min(took / before.min(after).max(1.0));
        if best < limit {
            break;
        }
    }
    best
}
