//! `get`: one HTTP GET with a time budget. Or so it says.

use std::fmt;
use std::time::Duration;

use js_sys::{Promise, Uint8Array};
use wasm_bindgen::prelude::*;
use web_sys::Response;

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
        elapsed: since(started),
    };

    let response = fetch(url)
        .await
        .map_err(|error| fail(network(error), Phase::Headers))?;
    if since(started) > budget {
        return Err(fail(Kind::Timeout, Phase::Headers));
    }
    if !response.ok() {
        return Err(fail(Kind::Status(response.status()), Phase::Headers));
    }

    let body = read(&response)
        .await
        .map_err(|error| fail(network(error), Phase::Body))?;
    if since(started) > budget {
        return Err(fail(Kind::Timeout, Phase::Body));
    }
    Ok(body)
}

/// The whole body.
async fn read(response: &Response) -> Result<Vec<u8>, JsValue> {
    let buffer = response.array_buffer()?.await?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

fn since(started: f64) -> Duration {
    Duration::from_secs_f64((now() - started).max(0.0) / 1000.0)
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
    fn fetch(url: &str) -> Promise<Response>;
    /// Milliseconds on a clock that is never set back. `std::time::Instant` panics on this target.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
    #[wasm_bindgen(js_name = String)]
    fn text_of(value: &JsValue) -> String;
}
