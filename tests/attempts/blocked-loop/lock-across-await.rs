//! Waiting, a deadline, and a cache that tasks share.
//!
//! Timers wait now, and the deadline races them. The cache compiled, so it
//! stayed as it was.

#[doc(inline)]
pub use contract::*;

use std::{
    collections::HashMap,
    future::poll_fn,
    pin::pin,
    sync::{Mutex, PoisonError},
    task::Poll,
    time::Duration,
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

/// Values by key, loaded at first use and shared by all tasks.
pub struct Cache<V> {
    entries: Mutex<HashMap<String, V>>,
}

impl<V> Default for Cache<V> {
    fn default() -> Self {
        Self {
            entries: Mutex::default(),
        }
    }
}

impl<V: Clone> Cache<V> {
    /// The value for `key`; runs `load` if there is none yet.
    #[expect(
        clippy::await_holding_lock,
        reason = "one thread: nobody else can want the lock"
    )]
    pub async fn get_or_load(&self, key: &str, load: impl Future<Output = V>) -> V {
        let mut entries = self.entries.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(value) = entries.get(key) {
            return value.clone();
        }
        let value = load.await;
        entries.insert(key.to_owned(), value.clone());
        value
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
