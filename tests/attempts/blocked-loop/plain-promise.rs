//! Waiting, a deadline, and a cache that tasks share.
//!
//! A wait is a promise that `setTimeout` resolves. A deadline lets the job and
//! such a wait race.

#[doc(inline)]
pub use contract::*;

use std::{
    cell::RefCell, collections::HashMap, future::poll_fn, pin::pin, task::Poll, time::Duration,
};

use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

/// Waits until `duration` has passed.
pub async fn wait(duration: Duration) {
    let fired = Promise::new(&mut |resolve, _reject| {
        set_timeout(&resolve, millis(duration));
    });
    let _ = JsFuture::from(fired).await;
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
    let mut deadline = pin!(wait(limit));
    poll_fn(|cx| {
        if let Poll::Ready(answer) = job.as_mut().poll(cx) {
            return Poll::Ready(Ok(answer));
        }
        let late = deadline.as_mut().poll(cx);
        late.map(|()| Err(DeadlineExceeded { limit }))
    })
    .await
}

/// Values by key, loaded at first use and shared by all tasks.
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
    pub async fn get_or_load(&self, key: &str, load: impl Future<Output = V>) -> V {
        if let Some(value) = self.get(key) {
            return value;
        }
        let value = load.await;
        self.entries
            .borrow_mut()
            .insert(key.to_owned(), value.clone());
        value
    }

    fn get(&self, key: &str) -> Option<V> {
        self.entries.borrow().get(key).cloned()
    }
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
