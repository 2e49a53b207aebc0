//! `get`: one HTTP GET with a deadline for the answer to begin.
//!
//! This is what a dialer's deadline, a TLS deadline and a header deadline come to
//! when they are carried over from a native client.

use std::fmt;
use std::pin::{Pin, pin};
use std::task::Poll;
use std::time::Duration;

use js_sys::{Function, Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Headers, ReadableStreamDefaultReader, ReadableStreamReadResult, RequestInit,
    Response,
};

/// Fetches `url` with GET and returns the whole body, within `budget`.
///
/// # Errors
///
/// See [`Kind`]. Every error says in which phase it came, and how late.
pub async fn get(url: &str, budget: Duration) -> Result<Vec<u8>, FetchError> {
    let started = now();
    let fail = |kind, phase| FetchError {
        kind,
        phase,
        elapsed: Duration::from_secs_f64((now() - started).max(0.0) / 1000.0),
    };

    let abort = AbortController::new()
        .map(AbortOnDrop)
        .map_err(|error| fail(network(error), Phase::Headers))?;
    let init = RequestInit::new();
    init.set_signal(Some(&abort.0.signal()));

    // DNS, connection, TLS, the server's thinking time: all of it is limited.
    let response = within(budget, fetch(url, &init).into_future())
        .await
        .ok_or_else(|| fail(Kind::Timeout, Phase::Headers))?
        .map_err(|error| fail(network(error), Phase::Headers))?;
    if !response.ok() {
        return Err(fail(Kind::Status(response.status()), Phase::Headers));
    }

    // The server is there and talks to us. Now it is only a matter of reading.
    read(&response)
        .await
        .map_err(|kind| fail(kind, Phase::Body))
}

/// The whole body, checked against the length that was promised.
async fn read(response: &Response) -> Result<Vec<u8>, Kind> {
    let mut body = Vec::new();
    let end = read_to_end(response, &mut body).await;
    let received = body.len() as u64;
    match promised_length(&response.headers()) {
        // Engines disagree: some report a short body as a failure, some as an end.
        Some(promised) if received < promised => Err(Kind::Truncated { promised, received }),
        _ => end.map(|()| body),
    }
}

/// Appends the body to `into`, chunk by chunk, so that what came before a failure is kept.
async fn read_to_end(response: &Response, into: &mut Vec<u8>) -> Result<(), Kind> {
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

/// How many bytes the body must have at least, if the headers tell.
///
/// `Content-Length` counts the bytes on the wire. Those of a compressed answer
/// are not the ones that arrive here, so then it promises nothing. Another origin
/// must list `content-encoding` in `Access-Control-Expose-Headers`, or else a small
/// body that grew when it was compressed looks truncated.
fn promised_length(headers: &Headers) -> Option<u64> {
    let header = |name| headers.get(name).ok().flatten();
    match header("content-encoding") {
        Some(_) => None,
        None => header("content-length")?.parse().ok(),
    }
}

/// Says "nobody waits for this any more" to the browser. After the end of the
/// body that changes nothing.
struct AbortOnDrop(AbortController);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// Runs `work` for at most `budget`; `None` if that was not enough. `work` is
/// dropped when this returns, and when this is dropped.
async fn within<W: Future>(budget: Duration, work: W) -> Option<W::Output> {
    let mut work = pin!(work);
    let mut timer = Timer::start(budget);
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => Pin::new(&mut timer.fired).poll(context).map(|_| None),
    })
    .await
}

/// A running `setTimeout`. Dropping it clears the timer.
struct Timer {
    id: i32,
    fire: Function,
    fired: JsFuture,
}

impl Timer {
    fn start(after: Duration) -> Self {
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

impl Drop for Timer {
    fn drop(&mut self) {
        clear_timeout(self.id);
        // A promise that never settles would keep its Rust callbacks for ever.
        let _ = self.fire.call0(&JsValue::UNDEFINED);
    }
}

/// Why a request failed, how far it had come, and after how long.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind} (in the {phase}, after {} ms)", .elapsed.as_millis())]
pub struct FetchError {
    /// What went wrong.
    pub kind: Kind,
    /// What the request was waiting for when it went wrong.
    pub phase: Phase,
    /// The time from the call of [`get`] to the failure.
    pub elapsed: Duration,
}

/// What went wrong.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    /// The budget ran out.
    #[error("timed out")]
    Timeout,
    /// Refused, reset, too many redirects, no such host, forbidden by CORS: the
    /// browser will not say which. The text is the engine's own, for logs only.
    #[error("network error: {0}")]
    Network(String),
    /// The body ended before it was as long as `Content-Length` had promised.
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
fn network(error: JsValue) -> Kind {
    Kind::Network(text_of(&error))
}

// As globals these exist in a page and in a worker alike.
#[wasm_bindgen]
extern "C" {
    fn fetch(url: &str, init: &RequestInit) -> Promise<Response>;
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &Function, milliseconds: i32) -> i32;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(id: i32);
    /// Milliseconds on a clock that is never set back. `std::time::Instant` panics on this target.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    #[wasm_bindgen(js_name = String)]
    fn text_of(value: &JsValue) -> String;
}
