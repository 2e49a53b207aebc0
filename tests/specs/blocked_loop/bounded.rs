//! The zone's functions, asked so that no answer can hang a test: each call ends
//! in time or panics with what was wrong.

use std::{
    arch::wasm32::memory_size,
    cell::Cell,
    future::{pending, poll_fn, ready},
    pin::{Pin, pin},
    task::Poll,
    time::Duration,
};

use super::clock::{ROUNDS, alarm, beats_during, ms, now};
use super::tasks::{poll_once, within};
use crate::zone::{Cache, wait, with_deadline};
use contract::DeadlineExceeded;

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
    let lesson = format!(
        "a task that asks for {key:?} waits for ever: somebody took the cache and did not give it \
         back, or did not wake everybody who waits"
    );
    within(2_000, cache.get_or_load(key, load), &lesson).await
}

/// Loads a value that is there at once, and must get it.
pub async fn must_load(cache: &Cache<u32>, key: &str, value: u32) {
    let got = cached(cache, key, ready(value)).await;
    assert_eq!(got, value, "whoever loads a value must get it");
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

/// Comes before a test that sets a far deadline: a design that blocks would hang it.
pub async fn must_let_the_job_go_on() {
    assert_eq!(
        in_time(ms(600), alarm(20)).await,
        Ok(()),
        "a job that needs a 20 ms timer missed a deadline of 600 ms"
    );
}

/// Begins 500 tasks that `make` makes, drops them, and lets the event loop clear up.
pub async fn begin_and_drop_500<F: Future>(make: impl Fn() -> F) {
    let start = now();
    for _ in 0..500 {
        assert!(
            poll_once(pin!(make())).is_pending(),
            "what should take a minute was over when it had only just begun"
        );
        assert!(
            now() - start < 2_000.0,
            "500 tasks did not even begin within 2 s: a poll must return at once"
        );
    }
    alarm(1).await;
}

/// How many pages of 64 KiB 20 rounds add to the memory, after one that does not count.
pub async fn pages_grown_by_20(round: impl AsyncFn()) -> usize {
    round().await;
    let before = memory_size::<0>();
    for _ in 0..20 {
        round().await;
    }
    memory_size::<0>() - before
}

/// Lets 500 waits of 1 ms come to their end, 100 of them side by side.
pub async fn finish_500_waits() {
    for _ in 0..5 {
        let mut waits: Vec<_> = (0..100).map(|_| Box::pin(wait(ms(1)))).collect();
        let all = poll_fn(|cx| {
            waits.retain_mut(|one| one.as_mut().poll(cx).is_pending());
            if waits.is_empty() {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        });
        within(2_000, all, NEVER_ENDED).await;
    }
}

/// Gives 500 jobs a minute, and ends each at its second poll.
pub async fn finish_500_jobs_in_time() {
    for _ in 0..500 {
        let ready = Cell::new(false);
        let job = poll_fn(|_| {
            if ready.get() {
                return Poll::Ready(7);
            }
            Poll::Pending
        });
        let mut call = pin!(with_deadline(ms(60_000), job));
        assert!(
            poll_once(call.as_mut()).is_pending(),
            "a job that is not ready has an answer"
        );
        ready.set(true);
        assert_eq!(
            poll_once(call),
            Poll::Ready(Ok(7)),
            "a job is ready, a minute before its deadline: poll it first, each time"
        );
    }
    alarm(1).await;
}
