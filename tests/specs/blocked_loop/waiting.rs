//! Waiting: everything else goes on

use std::{future::pending, pin::pin, time::Duration};

use wasm_bindgen_test::*;

use super::bounded::{NEVER_ENDED, begin, must_return_to_the_event_loop, waited};
use super::clock::{BEAT_MS, ms};
use super::fair::{beats_beside_200_ms, times_as_long};
use super::fake::told;
use super::ledger::Ledger;
use super::tasks::{both, poll_once, polls_of, within};
use crate::zone::{wait, with_deadline};

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
    drop(ledger);
    if let Some(hour) = told(50, || wait(Duration::from_secs(3_600))).await {
        let fired = hour.fired;
        assert!(
            hour.answer.is_some() && fired <= 6,
            "a wait of an hour woke {fired} times or more: who wakes up every now and then to look at \
             the clock drains the battery. One timer, set to the end of the wait, is enough"
        );
    }
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

    let mut moved = pin!(with_deadline(ms(50), pending::<()>()));
    assert!(
        poll_once(moved.as_mut()).is_pending(),
        "a job that never ends has an answer"
    );
    let lesson = "the call was polled by one task, then moved to another, and its deadline woke the \
                  first. Keep the waker of the latest poll";
    let answer = within(2_000, moved, lesson).await;
    assert!(answer.is_err(), "a job that never ends has an answer");
}

/// A wait or a deadline holds at most one timer, however often it is polled.
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
    drop(ledger);

    let ledger = Ledger::open();
    let mut call = pin!(with_deadline(ms(5_000), pending::<()>()));
    for _ in 0..20 {
        assert!(
            poll_once(call.as_mut()).is_pending(),
            "a job that never ends has an answer"
        );
    }
    let armed = ledger.armed();
    assert!(
        armed <= 1,
        "20 polls of one deadline set {armed} timers: begin one wait, and poll that"
    );
}
