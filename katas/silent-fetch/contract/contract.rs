//! What is given, and what `get` must keep to.
//!
//! `get(url, budget)` makes one GET request and answers the whole body, byte for
//! byte, or a [`FetchError`].
//!
//! - It settles within `budget`, whatever the server does. One budget covers all
//!   phases together, redirects included. It may be longer than a browser's timer
//!   can count. Zero is a budget, too: it is spent at once.
//! - As any future, it does nothing before its first poll. There the time begins.
//! - When it settles, and when it is dropped, nothing is left: the request is ended
//!   as the server sees it, and no timer and no memory is kept.
//! - It never passes half a body for a whole one, nor the reverse: bodies without a
//!   length, compressed ones and empty ones are fine.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{ReadableStreamDefaultReader, ReadableStreamReadResult, RequestInit, Response};

/// Why a request failed, how far it had come, and after how long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (in the {phase}, after {} ms)", .elapsed.as_millis())]
pub struct FetchError {
    /// What went wrong.
    pub kind: Kind,
    /// What the request was waiting for when it went wrong.
    pub phase: Phase,
    /// The time from the first poll of `get` to the failure.
    pub elapsed: Duration,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The budget ran out.
    #[error("timed out")]
    Timeout,
    /// Refused, reset, too many redirects, no such host, no address at all, forbidden
    /// by CORS, a body that breaks off: the browser will not say which. The text is
    /// the engine's own, for logs only.
    #[error("network error: {0}")]
    Network(String),
    /// The body ended before it was as long as `Content-Length` had promised. The
    /// header counts bytes on the wire: with a `Content-Encoding`, which are not those
    /// that arrive here, it promises nothing.
    #[error("the body ended after {received} of {promised} bytes")]
    Truncated {
        /// Bytes that `Content-Length` announced.
        promised: u64,
        /// Bytes that could be read.
        received: u64,
    },
    /// The server answered with a status outside 200 to 299. The phase is
    /// [`Phase::Headers`]: the body is not read.
    #[error("status {0}")]
    Status(u16),
}

/// What a request waits for. `fetch` shows no more than these two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// Everything up to the answer's headers: DNS, connection, TLS, redirects.
    Headers,
    /// The answer's body.
    Body,
}

impl fmt::Display for Phase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Headers => "headers",
            Self::Body => "body",
        })
    }
}

/// Keeps the engine's words. They differ from engine to engine.
#[must_use]
pub fn network(error: JsValue) -> Kind {
    Kind::Network(text_of(&error))
}

/// The time since `started`, which [`now`] gave.
#[must_use]
pub fn since(started: f64) -> Duration {
    Duration::from_secs_f64((now() - started).max(0.0) / 1000.0)
}

/// Appends the body to `into`, chunk by chunk, so that what came before a failure is kept.
///
/// # Errors
///
/// [`Kind::Network`] if the body breaks off and the engine says so. Not every engine does.
pub async fn read_to_end(response: &Response, into: &mut Vec<u8>) -> Result<(), Kind> {
    // An answer such as 204 has no body at all.
    let Some(stream) = response.body() else {
        return Ok(());
    };
    let reader = ReadableStreamDefaultReader::new(&stream).map_err(network)?;
    loop {
        let read = reader.read().await.map_err(network)?;
        let read: ReadableStreamReadResult = read.unchecked_into();
        if read.get_done() == Some(true) {
            return Ok(());
        }
        let chunk = Uint8Array::new(&read.get_value());
        into.extend_from_slice(&chunk.to_vec());
    }
}

/// A running timer, as a future. Dropping it clears the timer.
pub struct Timer {
    id: i32,
    fire: Function,
    fired: JsFuture,
}

impl Timer {
    /// Starts a timer that is over `after` this call.
    #[must_use]
    pub fn start(after: Duration) -> Self {
        // setTimeout takes an i32, and longer times wrap around to "at once". Its
        // longest, 24.8 days, is for ever as far as one request goes.
        let whole = after.as_nanos().div_ceil(1_000_000);
        let milliseconds = i32::try_from(whole).unwrap_or(i32::MAX);
        let promise = Promise::with_resolvers();
        let fire: Function = promise.resolve().unchecked_into();
        Self {
            id: set_timeout(&fire, milliseconds),
            fire,
            fired: promise.promise().into(),
        }
    }
}

impl Future for Timer {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        Pin::new(&mut self.fired).poll(context).map(|_| ())
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(self.id);
        // A promise that never settles would keep its Rust callbacks for ever.
        let _ = self.fire.call0(&JsValue::UNDEFINED);
    }
}

// As globals these exist in a page and in a worker alike.
#[wasm_bindgen]
extern "C" {
    /// Sends a request. The promise resolves when the headers of its answer are there.
    pub fn fetch(url: &str, init: &RequestInit) -> Promise<Response>;
    /// Milliseconds on a clock that is never set back. `std::time::Instant` panics on this target.
    #[wasm_bindgen(js_namespace = performance)]
    pub fn now() -> f64;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: i32);
    #[wasm_bindgen(js_name = String)]
    fn text_of(value: &JsValue) -> String;
}
