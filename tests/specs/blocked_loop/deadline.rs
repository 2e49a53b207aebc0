//! Deadlines: an answer, or a typed error in time

use std::{
    cell::Cell,
    future::{pending, poll_fn, ready},
    pin::pin,
    task::Poll,
    time::Duration,
};

use wasm_bindgen_test::*;

use super::bounded::{ends_within_50_ms, in_time, late, must_let_the_job_go_on};
use super::clock::{BEAT_MS, alarm, ms, now};
use super::fair::{CLOCK_STEP_MS, beats_beside_200_ms, must_take_150_ms};
use super::fake::told;
use super::ledger::Ledger;
use super::tasks::{OnDrop, poll_once, within};
use super::{MONTH, MS_PER_DAY, days};
use crate::zone::{wait, with_deadline};
use contract::DeadlineExceeded;

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

/// A job that is too late answers `DeadlineExceeded` with its limit, on time. Zero is a limit, too.
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
    let zero = Duration::ZERO;
    let lesson = "a limit of zero is spent when the job is not ready at its first poll: it does not \
                  mean that there is no limit";
    assert_eq!(
        within(2_000, with_deadline(zero, pending::<()>()), lesson).await,
        Err(DeadlineExceeded { limit: zero }),
        "{lesson}"
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
    drop(ledger);
    let asked = Cell::new(0);
    let job = || {
        poll_fn(|_| {
            asked.set(asked.get() + 1);
            Poll::<()>::Pending
        })
    };
    if let Some(hour) = told(50, || with_deadline(Duration::from_secs(3_600), job())).await {
        let (asked, fired) = (asked.get(), hour.fired);
        assert!(
            asked <= 6 && fired <= 6,
            "in the hour before its deadline, a job that woke nobody was polled {asked} times or \
             more, and timers fired {fired} times: one timer, set to the deadline, is enough"
        );
    }
}

/// A deadline in 30, 50 or 100 days comes then: not at once, nor after the 24.8 days of one timer.
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
    for count in [30, 50, 100] {
        // The job takes a day less than it may.
        let call = || with_deadline(days(count), wait(days(count - 1)));
        if let Some(run) = told(1_000, call).await {
            assert_eq!(
                run.answer,
                Some(Ok(())),
                "a job of {} days missed a deadline of {count} days",
                count - 1
            );
            assert_eq!(
                run.left, 0,
                "a job ended a day before its deadline, and a timer is still armed"
            );
        }
        let call = || with_deadline(days(count), pending::<()>());
        if let Some(run) = told(500, call).await {
            let after = run.ms / MS_PER_DAY;
            let right = count as f64..=count as f64 + 1.0;
            assert!(
                run.answer.is_some() && right.contains(&after),
                "a deadline of {count} days came after {after:.1}, or not at all: one timer takes \
                 24.8 days at most"
            );
        }
    }
}
