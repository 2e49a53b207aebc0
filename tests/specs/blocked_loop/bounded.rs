//! The zone's functions, asked so that no answer can hang a test: each call ends
//! in time or panics with what was wrong.

use std::{
    future::pending,
    pin::{Pin, pin},
    time::Duration,
};

use super::clock::{ROUNDS, alarm, beats_during, ms, now};
use super::tasks::{poll_once, within};
use crate::zone::{Cache, DeadlineExceeded, wait, with_deadline};

/// What is wrong with a wait that does not end.
pub const NEVER_ENDED: &str =
    "the wait never ended. Whoever returns Poll::Pending must see to it that the task is woken";

/// Waits as the zone does, but not for ever.
pub async fn waited(millis: u64) {
    within(2_000, wait(ms(millis)), NEVER_ENDED).await;
}

/// What a job that never ends answers.
pub async fn late(limit: u64) -> Result<(), DeadlineExceeded> {
    in_time(ms(limit), pending()).await
}

/// Runs `job` as the zone does, but not for ever.
pub async fn in_time<F: Future>(limit: Duration, job: F) -> Result<F::Output, DeadlineExceeded> {
    let lesson = "neither the job nor its deadline woke the task. The deadline needs a timer of \
                  its own, and both need the waker of the task that polls them";
    within(2_000, with_deadline(limit, job), lesson).await
}

/// Asks the cache, but not for ever.
pub async fn cached(cache: &Cache<u32>, key: &str, load: impl Future<Output = u32>) -> u32 {
    let lesson = "a task waits for the cache for ever: somebody took it and did not give it back";
    within(2_000, cache.get_or_load(key, load), lesson).await
}

/// Polls a wait that cannot be over yet.
pub fn begin(waiting: Pin<&mut impl Future<Output = ()>>) {
    assert!(
        poll_once(waiting).is_pending(),
        "a wait that has only just begun says that it is over"
    );
}

/// Polls `task`, lets 50 ms go by, polls it again and drops it. Says whether it
/// ended within that time.
pub async fn ends_within_50_ms(task: impl Future) -> bool {
    let mut task = pin!(task);
    if poll_once(task.as_mut()).is_ready() {
        return true;
    }
    alarm(50).await;
    poll_once(task).is_ready()
}

/// Comes before a test that asks for a long wait: a design that blocks would hang it.
pub async fn must_return_to_the_event_loop() {
    for _ in 0..ROUNDS {
        if beats_during(waited(60)).await > 0 {
            return;
        }
    }
    panic!(
        "no timer could fire during a wait of 60 ms: it kept the thread to itself, or ended early"
    );
}

/// Begins waits, drops them, and lets the event loop clear up.
pub async fn drop_some_waits(count: usize) {
    let start = now();
    for _ in 0..count {
        begin(pin!(wait(ms(60_000))));
        assert!(
            now() - start < 2_000.0,
            "{count} waits did not even begin within 2 s: a poll must return at once"
        );
    }
    alarm(1).await;
}
