//! Waiting, a deadline, and a cache that tasks share.
//!
//! A wait is a promise that a timer resolves, and a guard that clears the timer.

#[doc(inline)]
pub use contract::*;

use std::{
    cell::RefCell, collections::HashMap, future::poll_fn, pin::pin, task::Poll, time::Duration,
};

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

/// Waits until at least `duration` has passed, while everything else runs on.
///
/// The time counts from the first poll, in whole milliseconds, rounded up. A
/// zero wait still goes once around the event loop. Dropping the future clears
/// its timer.
pub async fn wait(duration: Duration) {
    let mut left = duration.as_nanos().div_ceil(1_000_000);
    loop {
        // JavaScript keeps the delay as an i32: one millisecond more than
        // i32::MAX (24.8 days) would fire at once. So a longer wait takes steps.
        let step = i32::try_from(left).unwrap_or(i32::MAX);
        timer(f64::from(step)).await;
        left -= u128::from(step.unsigned_abs());
        if left == 0 {
            return;
        }
    }
}

/// Runs `job` for at most `limit`, which counts from the first poll.
///
/// A job that is ready wins over a deadline that has passed, so an answer is
/// never thrown away.
///
/// # Errors
///
/// [`DeadlineExceeded`] if `job` is not done by then. The job is dropped.
pub async fn with_deadline<F: Future>(
    limit: Duration,
    job: F,
) -> Result<F::Output, DeadlineExceeded> {
    let mut job = pin!(job);
    let mut deadline = pin!(wait(limit));
    poll_fn(|cx| {
        if let Poll::Ready(answer) = job.as_mut().poll(cx) {
            return Poll::Ready(Ok(answer));
        }
        deadline
            .as_mut()
            .poll(cx)
            .map(|()| Err(DeadlineExceeded { limit }))
    })
    .await
}

/// Values by key, loaded at first use and shared by all tasks of one thread.
pub struct Cache<V> {
    entries: RefCell<HashMap<String, V>>,
}

impl<V> Default for Cache<V> {
    fn default() -> Self {
        Self {
            entries: RefCell::default(),
        }
    }
}

impl<V: Clone> Cache<V> {
    /// The value for `key`; runs `load` if there is none yet.
    ///
    /// Tasks that miss the same key at the same time each run their `load`. The
    /// first value to arrive is kept, and all of them get that one. Dropping the
    /// future drops `load` and leaves the cache as it was.
    pub async fn get_or_load(&self, key: &str, load: impl Future<Output = V>) -> V {
        if let Some(value) = self.get(key) {
            return value;
        }
        let value = load.await;
        let mut entries = self.entries.borrow_mut();
        entries.entry(key.to_owned()).or_insert(value).clone()
    }

    /// A clone, so that no borrow outlives this call.
    fn get(&self, key: &str) -> Option<V> {
        self.entries.borrow().get(key).cloned()
    }
}

/// Awaits one JavaScript timer; clears it if dropped before.
async fn timer(millis: f64) {
    let mut id = JsValue::UNDEFINED;
    let fired = Promise::new(&mut |resolve, _reject| id = set_timeout(&resolve, millis));
    let _armed = Armed(id);
    let _ = JsFuture::from(fired).await;
}

/// A timer that is cleared when its owner goes.
struct Armed(JsValue);

impl Drop for Armed {
    fn drop(&mut self) {
        clear_timeout(&self.0);
    }
}
