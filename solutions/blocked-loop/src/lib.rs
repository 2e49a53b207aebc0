//! Waiting, a deadline, and a cache that tasks share, without ever stopping the
//! thread that they all run on.
//!
//! Three rules, one for each part:
//!
//! - To wait, ask the event loop to call back, and return to it.
//! - A deadline is a second future beside the job. Whichever is ready first
//!   decides, and dropping the other cancels it.
//! - A borrow or a lock ends before the next `.await`.

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
/// never thrown away. A job that never goes back to the event loop, by a long
/// poll or by endless microtasks, is not stopped: no timer fires meanwhile.
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
    let mut armed = None;
    let fired = Promise::new(&mut |resolve, _reject| {
        let id = set_timeout(&resolve, millis);
        armed = Some(Armed { id, resolve });
    });
    // Cannot be an error: nobody holds `reject`.
    let _ = JsFuture::from(fired).await;
}

/// A timer, and the promise that it resolves. Both end with their owner.
struct Armed {
    id: JsValue,
    resolve: Function,
}

impl Drop for Armed {
    fn drop(&mut self) {
        clear_timeout(&self.id);
        // A dropped `JsFuture` keeps its callbacks until its promise settles. So
        // settle it, or each cancelled wait leaks. Resolving twice does nothing.
        let _ = self.resolve.call0(&JsValue::UNDEFINED);
    }
}
