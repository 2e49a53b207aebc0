//! What a right design must do.
//!
//! - [`wait`] leaves the thread to others: a heartbeat goes on, two
//!   waits overlap, and a wait that is dropped leaves no timer behind.
//! - [`with_deadline`] answers the job's value or a typed
//!   error, in time, and drops the job that it gives up.
//! - [`Cache`] can be used by many tasks at once: nobody holds it
//!   while waiting.
//!
//! How that is done is free. Timing is judged against what the same machine does
//! in the same test, and a slow round may be tried again; a design that blocks
//! fails each round.

#![allow(clippy::unwrap_used, clippy::expect_used)]

#[path = "blocked_loop/bounded.rs"]
mod bounded;
#[path = "blocked_loop/clock.rs"]
mod clock;
#[path = "blocked_loop/fair.rs"]
mod fair;
#[path = "blocked_loop/ledger.rs"]
mod ledger;
#[path = "blocked_loop/show.rs"]
mod show;
#[path = "blocked_loop/tasks.rs"]
mod tasks;

use std::{
    cell::Cell,
    future::{pending, poll_fn, ready},
    pin::pin,
    task::Poll,
    time::Duration,
};

use wasm_bindgen_test::*;

use crate::zone::{Cache, DeadlineExceeded, wait, with_deadline};
use bounded::{
    NEVER_ENDED, begin, begin_and_drop_500, cached, ends_within_50_ms, ends_within_100_ms,
    finish_500_waits, in_time, late, must_let_the_job_go_on, must_load,
    must_return_to_the_event_loop, pages_grown_by_20, waited,
};
use clock::{BEAT_MS, alarm, ms, now};
use fair::{CLOCK_STEP_MS, beats_beside_200_ms, must_take_150_ms, times_as_long};
use ledger::Ledger;
use tasks::{OnDrop, after, both, loaded_twice, poll_once, polls_of, within};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// Longer than one JavaScript timer can take: that is 24.8 days.
const MONTH: Duration = Duration::from_secs(30 * 24 * 60 * 60);

const MS_PER_DAY: f64 = 24.0 * 60.0 * 60.0 * 1000.0;

// Waiting.

/// While a task waits for 200 ms, a 10 ms heartbeat goes on beating.
#[wasm_bindgen_test]
async fn the_heartbeat_goes_on_during_a_wait() {
    let beats = beats_beside_200_ms(|| waited(200)).await;
    assert!(
        beats.go_on(),
        "the {BEAT_MS} ms heartbeat beat {} times during a wait of 200 ms; during a plain \
         setTimeout of that length it beat {} times. Timers, clicks and painting run only \
         when your code returns to the event loop",
        beats.beside_work,
        beats.plain
    );
}

/// A wait is never shorter than asked, and not much longer than a plain timer.
#[wasm_bindgen_test]
async fn a_wait_lasts_as_long_as_it_was_asked_to() {
    must_take_150_ms("a wait of 150 ms", || waited(150)).await;
}

/// Two waits side by side take less than 1.6 times as long as one.
#[wasm_bindgen_test]
async fn two_waits_overlap() {
    let one = || waited(150);
    let two = || both(one(), one());
    let times = times_as_long(one, two, 1.6).await;
    assert!(
        times < 1.6,
        "two waits at once took {times:.1} times as long as one: the second began only when the \
         first was over. A future that cannot go on must return Poll::Pending"
    );
}

/// A wait sleeps until it is woken; it does not keep asking for the time.
#[wasm_bindgen_test]
async fn a_wait_sleeps_until_it_is_woken() {
    let ledger = Ledger::open();
    let polls = within(2_000, polls_of(wait(ms(200))), NEVER_ENDED).await;
    assert!(
        polls <= 6,
        "a wait of 200 ms was polled {polls} times: yielding in a loop keeps the processor \
         busy. One poll to set a timer and one when it fires are enough"
    );
    let fired = ledger.fired();
    assert!(
        fired <= 6,
        "during a wait of 200 ms timers fired {fired} times: looking at the clock again and again \
         keeps the processor busy. One timer, set to the end of the wait, is enough"
    );
}

/// The task that polled a wait last is the one that is woken.
#[wasm_bindgen_test]
async fn the_last_task_to_poll_a_wait_is_woken() {
    must_return_to_the_event_loop().await;
    let mut moved = pin!(wait(ms(50)));
    begin(moved.as_mut());
    let lesson = "the wait was polled by one task, then moved to another, and woke the first. Keep \
                  the waker of the latest poll";
    within(2_000, moved, lesson).await;
}

/// Dropping a wait clears its timer, and a wait that ends leaves none.
#[wasm_bindgen_test]
async fn dropping_a_wait_clears_its_timer() {
    must_return_to_the_event_loop().await;
    let ledger = Ledger::open();
    assert!(
        !ends_within_50_ms(wait(ms(5_000))).await,
        "a wait of 5 s was over within 50 ms"
    );
    assert_eq!(
        ledger.armed(),
        0,
        "a dropped wait of 5 s left its timer armed: it still fires, into whatever is there by \
         then. Clear it when the future is dropped"
    );
    waited(20).await;
    assert_eq!(ledger.armed(), 0, "a wait that was over left a timer armed");
}

/// Ten thousand waits that begin and are dropped leave memory as it was.
#[wasm_bindgen_test]
async fn ten_thousand_dropped_waits_leave_memory_flat() {
    must_return_to_the_event_loop().await;
    let grown = pages_grown_by_20(|| begin_and_drop_500(|| wait(ms(60_000)))).await;
    assert!(
        grown <= 2,
        "10,000 dropped waits left {grown} more pages of 64 KiB: something is kept for each of \
         them. A closure that is never called, or a JsFuture whose promise never settles, is not \
         freed"
    );
}

/// Ten thousand waits that come to their end leave memory as it was.
#[wasm_bindgen_test]
async fn ten_thousand_finished_waits_leave_memory_flat() {
    must_return_to_the_event_loop().await;
    let grown = pages_grown_by_20(finish_500_waits).await;
    assert!(
        grown <= 1,
        "10,000 waits that were over left {grown} more pages of 64 KiB: something is kept for each \
         of them. What is forgotten, be it a guard or a closure, is never freed"
    );
}

/// A wait holds at most one timer, however often it is polled.
#[wasm_bindgen_test]
async fn polling_again_sets_no_second_timer() {
    must_return_to_the_event_loop().await;
    let ledger = Ledger::open();
    let mut waiting = pin!(wait(ms(5_000)));
    for _ in 0..20 {
        begin(waiting.as_mut());
    }
    let armed = ledger.armed();
    assert!(
        armed <= 1,
        "20 polls of one wait set {armed} timers: a task may be polled at any time, for reasons \
         of its own"
    );
}

/// A wait of a month is not over at once, and not after the 24.8 days of one timer.
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
    let ledger = Ledger::open_in_a_hurry();
    let over = ends_within_100_ms(wait(MONTH)).await;
    let days = ledger.slept_ms() / MS_PER_DAY;
    assert!(
        !over || days >= 30.0,
        "a wait of 30 days was over after {days:.1}: one timer takes 24.8 days at most, so a \
         longer wait needs another when the first has fired"
    );
}

// Deadlines.

/// A job that is too late answers `DeadlineExceeded` with its limit, on time.
#[wasm_bindgen_test]
async fn a_late_job_answers_a_typed_error() {
    must_take_150_ms("a deadline of 150 ms", async || {
        assert_eq!(
            late(150).await,
            Err(DeadlineExceeded { limit: ms(150) }),
            "a job that never ends must answer the typed error, which names its limit"
        );
    })
    .await;
}

/// A job that wakes up again and again cannot put its deadline off or bring it on.
#[wasm_bindgen_test]
async fn a_busy_job_does_not_move_its_deadline() {
    let busy = async {
        loop {
            alarm(10).await;
        }
    };
    let start = now();
    let answer: Result<(), _> = in_time(ms(150), busy).await;
    let took = now() - start;
    assert!(answer.is_err(), "a job that never ends has an answer");
    assert!(
        took >= 150.0 - CLOCK_STEP_MS,
        "a deadline of 150 ms came after {took:.1} ms, because the job woke the task: not every \
         wake-up call is the timer's"
    );
}

/// Between its first poll and its end, a deadline asks neither the job nor the clock.
#[wasm_bindgen_test]
async fn a_deadline_sleeps_until_it_is_woken() {
    let ledger = Ledger::open();
    let polls = Cell::new(0);
    let job = poll_fn(|_| {
        polls.set(polls.get() + 1);
        Poll::<()>::Pending
    });
    let answer = in_time(ms(200), job).await;
    assert!(
        answer.is_err(),
        "a job that never ends cannot have an answer"
    );
    let (polls, fired) = (polls.get(), ledger.fired());
    assert!(
        polls <= 6 && fired <= 6,
        "in the 200 ms before its deadline, a job that woke nobody was polled {polls} times, and \
         timers fired {fired} times: do not ask a job whether it is done. It wakes its task when \
         there is something to see"
    );
}

/// A deadline in a month does not come at once, nor after the 24.8 days of one timer.
#[wasm_bindgen_test]
async fn a_deadline_in_a_month_does_not_come_early() {
    must_let_the_job_go_on().await;
    for far in [MONTH, Duration::MAX] {
        assert!(
            !ends_within_50_ms(with_deadline(far, pending::<()>())).await,
            "a deadline of {far:?} came within 50 ms: its timer takes a signed 32-bit number of \
             milliseconds, and what does not fit fires at once"
        );
    }
    let ledger = Ledger::open_in_a_hurry();
    let over = ends_within_100_ms(with_deadline(MONTH, pending::<()>())).await;
    let days = ledger.slept_ms() / MS_PER_DAY;
    assert!(
        !over || days >= 30.0,
        "a deadline of 30 days came after {days:.1}: one timer takes 24.8 days at most"
    );
}

/// While a deadline runs, the heartbeat goes on beating.
#[wasm_bindgen_test]
async fn the_heartbeat_goes_on_before_a_deadline() {
    let beats = beats_beside_200_ms(|| late(200)).await;
    assert!(
        beats.go_on(),
        "the {BEAT_MS} ms heartbeat beat {} times in the 200 ms before the deadline; during \
         a plain setTimeout of that length it beat {} times",
        beats.beside_work,
        beats.plain
    );
}

/// A job that ends in time keeps its answer.
#[wasm_bindgen_test]
async fn a_job_in_time_keeps_its_answer() {
    let job = async {
        alarm(30).await;
        "done"
    };
    assert_eq!(
        in_time(ms(600), job).await,
        Ok("done"),
        "a job that needs a 30 ms timer missed a deadline of 600 ms: whoever waits for a job must \
         let the event loop run, or the job can never end"
    );
}

/// An answer that is already there wins over any deadline, at each poll.
#[wasm_bindgen_test]
async fn a_ready_answer_beats_the_deadline() {
    assert_eq!(
        in_time(Duration::ZERO, ready(7)).await,
        Ok(7),
        "the job was ready when it was first polled: poll it before you look at the clock"
    );
    let mut call = pin!(with_deadline(ms(40), alarm(20)));
    let mut answer = poll_once(call.as_mut());
    if answer.is_pending() {
        // The task gets no turn until the job is done and the deadline is over, too.
        alarm(100).await;
        answer = poll_once(call);
    }
    assert_eq!(
        answer,
        Poll::Ready(Ok(())),
        "the job needed a 20 ms timer, and its task had the next turn after 100 ms. The job was \
         done by then, and before its deadline of 40 ms: poll it first, each time"
    );
}

/// A job that missed its deadline is dropped, not left running.
#[wasm_bindgen_test]
async fn a_missed_deadline_drops_the_job() {
    let dropped = Cell::new(false);
    let on_drop = OnDrop(|| dropped.set(true));
    let job = async {
        let _alive = on_drop;
        pending::<()>().await;
    };
    let answer = in_time(ms(30), job).await;
    assert!(
        answer.is_err(),
        "a job that never ends cannot have an answer"
    );
    assert!(
        dropped.get(),
        "the caller has its error, but the job is still alive and may act on it later"
    );
}

/// A deadline's timer is cleared when the job ends, and when the caller gives up.
#[wasm_bindgen_test]
async fn a_deadline_leaves_no_timer_behind() {
    must_return_to_the_event_loop().await;
    let ledger = Ledger::open();
    let answer = in_time(ms(600), alarm(20)).await;
    assert_eq!(
        answer,
        Ok(()),
        "a job that needs a 20 ms timer missed a deadline of 600 ms"
    );
    assert_eq!(
        ledger.armed(),
        0,
        "the job is done, but the timer of its deadline is still armed"
    );
    assert!(
        !ends_within_50_ms(with_deadline(ms(5_000), pending::<()>())).await,
        "a deadline of 5 s came within 50 ms"
    );
    assert_eq!(
        ledger.armed(),
        0,
        "the whole call was dropped, but the timer of its deadline is still armed"
    );
}

/// Ten thousand deadlines of jobs that are dropped leave memory as it was.
#[wasm_bindgen_test]
async fn ten_thousand_dropped_deadlines_leave_memory_flat() {
    must_let_the_job_go_on().await;
    let grown =
        pages_grown_by_20(|| begin_and_drop_500(|| with_deadline(ms(60_000), pending::<()>())))
            .await;
    assert!(
        grown <= 2,
        "10,000 deadlines that were dropped left {grown} more pages of 64 KiB: something is kept \
         for each of them"
    );
}

// The cache.

/// Two tasks that load different keys at once both finish, and both values stay.
#[wasm_bindgen_test]
async fn two_tasks_share_the_cache() {
    let cache = Cache::default();
    let prices = both(
        cached(&cache, "tea", after(30, 3)),
        cached(&cache, "cake", after(20, 4)),
    )
    .await;
    assert_eq!(
        prices,
        (3, 4),
        "each task must get the value of its own key"
    );

    let again = both(
        cached(&cache, "tea", loaded_twice("tea")),
        cached(&cache, "cake", loaded_twice("cake")),
    )
    .await;
    assert_eq!(again, (3, 4), "both values must still be in the cache");
}

/// Two tasks that want the same key at once both get its value.
#[wasm_bindgen_test]
async fn two_tasks_may_want_the_same_key() {
    let cache = Cache::default();
    let prices = both(
        cached(&cache, "tea", after(30, 3)),
        cached(&cache, "tea", after(20, 3)),
    )
    .await;
    assert_eq!(prices, (3, 3), "both tasks must get the value of the key");
}

/// A value that is there is not loaded again.
#[wasm_bindgen_test]
async fn a_cached_value_is_not_loaded_again() {
    let cache = Cache::default();
    must_load(&cache, "tea", 3).await;
    assert_eq!(
        cached(&cache, "tea", loaded_twice("tea")).await,
        3,
        "the second task must get what the first loaded"
    );
}

/// While one load does not end, other keys are served: nobody holds the cache meanwhile.
#[wasm_bindgen_test]
async fn a_stuck_load_holds_up_no_other_key() {
    let cache = Cache::default();
    must_load(&cache, "cake", 4).await;
    let mut stuck = pin!(cache.get_or_load("tea", pending()));
    assert!(
        poll_once(stuck.as_mut()).is_pending(),
        "a load that never ends cannot have a value"
    );
    let cake = cached(&cache, "cake", loaded_twice("cake")).await;
    assert_eq!(cake, 4, "the cache has a value for this key");
    must_load(&cache, "milk", 5).await;
}

/// A load that is given up halfway leaves the cache usable for the next task.
#[wasm_bindgen_test]
async fn a_dropped_load_leaves_the_cache_usable() {
    let cache = Cache::default();
    must_load(&cache, "cake", 4).await;
    assert!(
        poll_once(pin!(cache.get_or_load("tea", pending()))).is_pending(),
        "a load that never ends cannot have a value"
    );
    // The task above is gone; its load was dropped before it was done.
    must_load(&cache, "tea", 3).await;
    let cake = cached(&cache, "cake", loaded_twice("cake")).await;
    assert_eq!(
        cake, 4,
        "a dropped load must not lose what was in the cache"
    );
}

/// A task that waits for another's load goes on when that load is given up.
#[wasm_bindgen_test]
async fn a_dropped_load_wakes_whoever_waits_for_it() {
    let cache = Cache::default();
    let mut stuck = Box::pin(cache.get_or_load("tea", pending()));
    assert!(
        poll_once(stuck.as_mut()).is_pending(),
        "a load that never ends cannot have a value"
    );
    let give_up = async {
        alarm(20).await;
        drop(stuck);
    };
    let lesson = "it waited for the load of another task, which gave up and told nobody. If a task \
                  may wait for another's load, wake it when that load is dropped";
    let next = within(2_000, cache.get_or_load("tea", ready(3)), lesson);
    let (price, ()) = both(next, give_up).await;
    assert_eq!(price, 3, "whoever loads a value must get it");
}
