//! Time: two clocks, and neither is the system's

use std::time::{Duration, SystemTime};

use wasm_bindgen_test::*;

use super::played::{Clocks, date};
use super::stage::{ms, pause, steady};
use crate::zone::{Stopwatch, wall_clock};

/// A stopwatch counts the time that passes: not none, and not another one's.
#[wasm_bindgen_test]
async fn a_stopwatch_counts_the_time_that_passes() {
    let before = steady();
    let watch = Stopwatch::start();
    let started = steady();
    pause(60.0).await;
    let second = Stopwatch::start();
    let inside = steady() - started;
    let elapsed = ms(watch.elapsed());
    let around = steady() - before;
    assert!(
        (inside - 2.0..=around + 2.0).contains(&elapsed),
        "between {inside:.1} and {around:.1} ms have passed on performance.now, and the stopwatch says {elapsed:.1} ms: \
         it must count real time, here in a worker as well as on a page"
    );
    let elapsed = ms(second.elapsed());
    assert!(
        elapsed <= around - inside + 30.0 && elapsed <= around - 50.0,
        "a second stopwatch was started {inside:.1} ms after the first and says {elapsed:.1} ms at once: each has a \
         start of its own"
    );
}

/// A quarter of a millisecond is no zero, and after ten days it is still a quarter.
#[wasm_bindgen_test]
fn a_stopwatch_keeps_fractions_of_a_millisecond() {
    const TEN_DAYS: f64 = 10.0 * 24.0 * 60.0 * 60.0 * 1000.0;
    for passed in [0.25, 0.875, 16.625, TEN_DAYS + 0.125] {
        let clocks = Clocks::play(1000.25, date("2026-11-28T12:00:00Z"));
        let watch = Stopwatch::start();
        clocks.pass(passed);
        let elapsed = watch.elapsed();
        drop(clocks);
        let wanted = Duration::from_nanos((passed * 1e6) as u64);
        assert!(
            elapsed.abs_diff(wanted) <= Duration::from_micros(1),
            "performance.now has gone on by {passed} ms, and the stopwatch says {elapsed:?}: browsers count in fractions \
             of a millisecond, so keep what they give in f64 and round nothing"
        );
    }
}

/// Who sets the clock on the wall, back or ahead, moves no stopwatch.
#[wasm_bindgen_test]
fn setting_the_wall_clock_moves_no_stopwatch() {
    let noon = date("2026-11-28T12:00:00Z");
    for (what, set_to) in [
        ("an hour back", noon - 3_600_000.0),
        ("a day ahead", noon + 86_400_000.0),
    ] {
        let clocks = Clocks::play(5000.0, noon);
        let watch = Stopwatch::start();
        clocks.set_wall(set_to);
        clocks.pass(20.0);
        let elapsed = watch.elapsed();
        drop(clocks);
        assert_eq!(
            elapsed,
            Duration::from_millis(20),
            "the clock on the wall was set {what}, and 20 ms have passed: Date is for dates, and performance.now for \
             durations"
        );
    }
}

/// A clock that steps back, as some have done, counts zero. It is no reason to panic.
#[wasm_bindgen_test]
fn a_clock_that_steps_back_counts_zero() {
    let clocks = Clocks::play(5000.0, date("2026-11-28T12:00:00Z"));
    let watch = Stopwatch::start();
    clocks.pass(-3.5);
    let elapsed = watch.elapsed();
    clocks.pass(10.0);
    let later = watch.elapsed();
    drop(clocks);
    assert_eq!(
        (elapsed, later),
        (Duration::ZERO, Duration::from_micros(6500)),
        "performance.now stepped back by 3.5 ms and then went on by 10 ms: these are 0 and 6.5 ms since the start"
    );
}

/// The clock on the wall is JavaScript's `Date`. A `SystemTime` is at home here; only `now` is not.
#[wasm_bindgen_test]
fn the_wall_clock_is_the_browsers() {
    for iso in [
        "2026-11-28T12:00:00.123Z",
        "2038-01-19T03:14:08.001Z",
        "1970-01-01T00:00:00.001Z",
        "2106-02-07T06:28:16.999Z",
    ] {
        let wanted = date(iso);
        let clocks = Clocks::play(77.5, wanted);
        let told = wall_clock().duration_since(SystemTime::UNIX_EPOCH);
        drop(clocks);
        let told = ms(told.expect("a SystemTime here is never before 1970"));
        assert!(
            (told - wanted).abs() <= 0.5,
            "Date says {iso}, which is {wanted} ms after 1970, and wall_clock says {told} ms"
        );
    }
    let clocks = Clocks::play(77.5, date("1969-12-31T23:59:59Z"));
    let told = wall_clock();
    drop(clocks);
    assert_eq!(
        told,
        SystemTime::UNIX_EPOCH,
        "a machine whose clock says 1969: a SystemTime cannot go there, so it is 1970, and nothing panics"
    );
}
