//! Running futures side by side inside one test, so that a panic in either is
//! the test's own panic and nothing is left behind. And the jobs and loaders that
//! are run.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    task::{Context, Poll, Wake, Waker},
};

use super::clock::{alarm, now};

/// Runs two tasks at once and answers when both are done.
pub async fn both<A: Future, B: Future>(a: A, b: B) -> (A::Output, B::Output) {
    let (mut a, mut b) = (pin!(by_itself(a)), pin!(by_itself(b)));
    let (mut from_a, mut from_b) = (None, None);
    poll_fn(|cx| {
        poll_into(a.as_mut(), &mut from_a, cx);
        poll_into(b.as_mut(), &mut from_b, cx);
        if from_a.is_none() || from_b.is_none() {
            return Poll::Pending;
        }
        Poll::Ready(from_a.take().zip(from_b.take()).unwrap())
    })
    .await
}

fn poll_into<F: Future>(task: Pin<&mut F>, slot: &mut Option<F::Output>, cx: &mut Context) {
    if slot.is_none()
        && let Poll::Ready(value) = task.poll(cx)
    {
        *slot = Some(value);
    }
}

/// The waker of one task among several.
#[derive(Default)]
struct Turn {
    due: AtomicBool,
    /// Who polls all of them.
    outer: Mutex<Option<Waker>>,
}

impl Wake for Turn {
    fn wake(self: Arc<Self>) {
        self.due.store(true, Relaxed);
        let outer = self.outer.lock().unwrap().take();
        if let Some(outer) = outer {
            outer.wake();
        }
    }
}

/// Polls `task` only when it was woken itself, as an executor does. A waker that all share would hide a wake-up call
/// that was lost.
async fn by_itself<F: Future>(task: F) -> F::Output {
    let mut task = pin!(task);
    let turn = Arc::new(Turn::default());
    turn.due.store(true, Relaxed);
    let waker = Waker::from(Arc::clone(&turn));
    poll_fn(|cx| {
        *turn.outer.lock().unwrap() = Some(cx.waker().clone());
        if !turn.due.swap(false, Relaxed) {
            return Poll::Pending;
        }
        task.as_mut().poll(&mut Context::from_waker(&waker))
    })
    .await
}

/// Polls once as another task would: its wake-up call goes nowhere.
pub fn poll_once<F: Future>(task: Pin<&mut F>) -> Poll<F::Output> {
    task.poll(&mut Context::from_waker(Waker::noop()))
}

/// Awaits `task` for at most `millis`; panics with `lesson` if it takes longer.
///
/// It looks at the clock at each poll. A task that yields in a loop without end
/// keeps every timer from firing, this one's included; and one that nobody wakes
/// may be found ready only because this timer woke it.
pub async fn within<F: Future>(millis: u32, task: F, lesson: &str) -> F::Output {
    let mut task = pin!(task);
    let mut limit = pin!(alarm(millis));
    let end = now() + f64::from(millis);
    let answer = poll_fn(|cx| {
        let answer = task.as_mut().poll(cx);
        if now() >= end || limit.as_mut().poll(cx).is_ready() {
            return Poll::Ready(None);
        }
        answer.map(Some)
    })
    .await;
    answer.unwrap_or_else(|| panic!("not done after {millis} ms: {lesson}"))
}

/// Awaits `task` and counts how often that took a poll.
pub async fn polls_of(task: impl Future) -> usize {
    let mut task = pin!(task);
    let mut polls = 0;
    poll_fn(|cx| {
        polls += 1;
        task.as_mut().poll(cx).map(|_| ())
    })
    .await;
    polls
}

/// A loader that takes its time.
pub async fn after(millis: u32, value: u32) -> u32 {
    alarm(millis).await;
    value
}

/// A loader for a key that is in the cache.
pub async fn loaded_twice(key: &str) -> u32 {
    panic!("{key} was loaded a second time, although the cache had it")
}

/// Calls its function when it is dropped.
pub struct OnDrop<F: FnMut()>(pub F);

impl<F: FnMut()> Drop for OnDrop<F> {
    fn drop(&mut self) {
        (self.0)();
    }
}
