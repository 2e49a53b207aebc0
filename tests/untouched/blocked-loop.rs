//! Waiting, a deadline, and a cache that tasks share.
//!
//! The page polls a job until it is done or too late, and keeps what it has
//! loaded for all its tasks. What each part must keep to stands in the contract.

#[doc(inline)]
pub use contract::*;

use std::{
    collections::HashMap,
    future::poll_fn,
    hint,
    pin::pin,
    sync::{Mutex, PoisonError},
    task::Poll,
    time::Duration,
};

/// Waits until `duration` has passed.
pub async fn wait(duration: Duration) {
    let end = now() + millis(duration);
    while now() < end {
        hint::spin_loop();
    }
}

/// Runs `job` for at most `limit`.
///
/// # Errors
///
/// [`DeadlineExceeded`] if `job` is not done by then. The job is dropped.
pub async fn with_deadline<F: Future>(
    limit: Duration,
    job: F,
) -> Result<F::Output, DeadlineExceeded> {
    let mut job = pin!(job);
    let end = now() + millis(limit);
    poll_fn(|cx| {
        loop {
            if let Poll::Ready(answer) = job.as_mut().poll(cx) {
                return Poll::Ready(Ok(answer));
            }
            if now() >= end {
                return Poll::Ready(Err(DeadlineExceeded { limit }));
            }
            hint::spin_loop();
        }
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

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
