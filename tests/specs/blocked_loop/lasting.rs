//! How long a wait lasts

use std::{future::pending, time::Duration};

use wasm_bindgen_test::*;

use super::bounded::{ends_within_50_ms, must_return_to_the_event_loop, waited};
use super::clock::ms;
use super::fair::must_take_150_ms;
use super::fake::{Told, told, told_with_wall_clock_set};
use super::{MONTH, MS_PER_DAY, days};
use crate::zone::{wait, with_deadline};
use contract::DeadlineExceeded;

/// A wait is never shorter than asked, not by part of a millisecond, and not much longer than a plain timer.
#[wasm_bindgen_test]
async fn a_wait_lasts_as_long_as_it_was_asked_to() {
    must_take_150_ms("a wait of 150 ms", || waited(150)).await;
    for micros in [1, 300, 1_500, 20_001, 999_999] {
        let asked = Duration::from_micros(micros);
        if let Some(run) = told(50, || wait(asked)).await {
            must_take(&format!("a wait of {asked:?}"), &run, asked, ms(2));
        }
        if let Some(run) = told(50, || with_deadline(asked, pending::<()>())).await {
            must_take(&format!("a deadline of {asked:?}"), &run, asked, ms(2));
            assert_eq!(
                run.answer,
                Some(Err(DeadlineExceeded { limit: asked })),
                "the error names the limit as it was set, not as a timer takes it"
            );
        }
    }
}

/// A wait of 30, 50 or 100 days lasts that long: not no time, and not the 24.8 days of one timer.
#[wasm_bindgen_test]
async fn a_wait_of_a_month_lasts_a_month() {
    must_return_to_the_event_loop().await;
    for long in [MONTH, Duration::MAX] {
        assert!(
            !ends_within_50_ms(wait(long)).await,
            "a wait of {long:?} was over within 50 ms: JavaScript keeps a timer's delay as a \
             signed 32-bit number of milliseconds, and what does not fit fires at once"
        );
    }
    for count in [24, 25, 30, 50, 100] {
        let asked = days(count);
        if let Some(run) = told(500, || wait(asked)).await {
            must_take(&format!("a wait of {count} days"), &run, asked, days(1));
            assert_eq!(
                run.left, 0,
                "a wait of {count} days was over and left a timer armed"
            );
        }
    }
}

/// Whoever sets the clock on the wall, forward or back, moves no wait and no deadline.
#[wasm_bindgen_test]
async fn setting_the_clock_moves_no_wait() {
    const HOUR_MS: f64 = 3_600_000.0;
    must_return_to_the_event_loop().await;
    let asked = Duration::from_secs(60);
    for (by_ms, set) in [(-HOUR_MS, "back"), (HOUR_MS, "forward")] {
        let wait = || wait(asked);
        if let Some(run) = told_with_wall_clock_set(by_ms, 500, wait).await {
            let what = format!("a wait of a minute, when the wall clock was set {set} by an hour,");
            must_take(&what, &run, asked, ms(100));
        }
        let call = || with_deadline(asked, pending::<()>());
        if let Some(run) = told_with_wall_clock_set(by_ms, 500, call).await {
            let what =
                format!("a deadline in a minute, when the wall clock was set {set} by an hour,");
            must_take(&what, &run, asked, ms(100));
        }
    }
}

/// Panics if `what` did not end, ended before its time, or more than `late` after it.
fn must_take<T>(what: &str, run: &Told<T>, asked: Duration, late: Duration) {
    let Told { ms, fired, .. } = run;
    let asked_ms = asked.as_secs_f64() * 1000.0;
    let days = ms / MS_PER_DAY;
    assert!(
        run.answer.is_some(),
        "{what} was not over after {ms:.3} ms ({days:.1} days), when {fired} timers had fired"
    );
    assert!(
        *ms >= asked_ms,
        "{what} was over after {ms:.3} ms ({days:.1} days): it must never end early. A timer takes \
         whole milliseconds, cuts off the rest, and can be no longer than 24.8 days; and a clock \
         that can be set measures nothing"
    );
    assert!(
        *ms <= asked_ms + late.as_secs_f64() * 1000.0,
        "{what} took {ms:.3} ms ({days:.1} days): what is left of it must get less with each step, \
         and a clock that can be set measures nothing"
    );
}
