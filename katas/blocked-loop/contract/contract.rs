//! What is given, and what `wait`, `with_deadline` and `Cache` must keep to.
//!
//! `wait(duration)` waits until at least `duration` has passed, while everything
//! else on the thread runs on.
//!
//! - Any duration will do: parts of a millisecond, weeks, `Duration::MAX`. It is
//!   measured by a clock that nobody can set.
//! - It sleeps until it is woken. An hour takes one timer; only what is longer than
//!   a timer can be takes more.
//! - It may be polled at any time and by any task. It wakes the task that polled it
//!   last, and has one timer at most.
//! - When it is over, and when it is dropped, nothing of it is left: no timer, no
//!   memory.
//!
//! `with_deadline(limit, job)` runs `job` for at most `limit`.
//!
//! - An answer that is there when the job is polled is never thrown away, even if
//!   the limit has passed, or is zero.
//! - Otherwise [`DeadlineExceeded`] comes when the limit has passed, and by then the
//!   job has been dropped. A job that wakes its task often changes nothing in that.
//! - What holds for the duration, the sleep and the end of a wait holds for it too.
//!
//! `Cache::get_or_load(key, load)` answers the value of a key, and runs `load` if
//! there is none.
//!
//! - A value that is there is not loaded again. Tasks that want a key which is being
//!   loaded may load it too, or wait for the first; each of them gets a value.
//! - While a load is under way, everybody can use the cache, even the load itself,
//!   for other keys.
//! - A load that is dropped leaves the cache as it was, and nobody waiting.

use std::time::Duration;

use js_sys::Function;
use wasm_bindgen::prelude::*;

/// The job had no answer when its time was up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("no answer within {limit:?}")]
pub struct DeadlineExceeded {
    /// How long the job was allowed to take.
    pub limit: Duration,
}

// Globals of a page and of a worker alike, so no `window` is needed.
#[wasm_bindgen]
extern "C" {
    /// Milliseconds since the page or worker started; never runs backwards.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;

    /// Asks the event loop to call `callback` once, after `millis`, and returns at
    /// once. Gives the id of the timer: a number in browsers, an object in Node.
    #[wasm_bindgen(js_name = setTimeout)]
    pub fn set_timeout(callback: &Function, millis: f64) -> JsValue;

    /// Stops a timer that has not fired yet; does nothing to one that has.
    #[wasm_bindgen(js_name = clearTimeout)]
    pub fn clear_timeout(id: &JsValue);
}
