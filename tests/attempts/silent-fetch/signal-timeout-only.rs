//! `get`: one HTTP GET with `AbortSignal.timeout`.
//!
//! No timer to clear, no race to write: the platform has it all.

#[doc(inline)]
pub use contract::*;

use std::cell::Cell;
use std::time::Duration;

use web_sys::{AbortSignal, Headers, RequestInit};

/// Fetches `url` with GET and returns the whole body, within `budget`.
///
/// # Errors
///
/// See [`Kind`]. Every error says in which phase it came, and how late.
pub async fn get(url: &str, budget: Duration) -> Result<Vec<u8>, FetchError> {
    let started = now();
    let phase = Cell::new(Phase::Headers);
    // One signal for all phases, and the browser keeps the time. It takes no more
    // than this, which is long enough.
    let longest = f64::from(i32::MAX);
    let milliseconds = (budget.as_secs_f64() * 1000.0).ceil().min(longest);
    let signal = AbortSignal::timeout_with_f64(milliseconds);
    exchange(url, &signal, &phase)
        .await
        .map_err(|kind| FetchError {
            kind: if signal.aborted() {
                Kind::Timeout
            } else {
                kind
            },
            phase: phase.get(),
            elapsed: since(started),
        })
}

/// The whole conversation, for as long as the signal lets it.
async fn exchange(url: &str, signal: &AbortSignal, phase: &Cell<Phase>) -> Result<Vec<u8>, Kind> {
    let init = RequestInit::new();
    init.set_signal(Some(signal));

    let response = fetch(url, &init).await.map_err(network)?;
    if !response.ok() {
        return Err(Kind::Status(response.status()));
    }

    phase.set(Phase::Body);
    let mut body = Vec::new();
    let end = read_to_end(&response, &mut body).await;
    let received = body.len() as u64;
    match promised_length(&response.headers()) {
        // Engines disagree: some report a short body as a failure, some as an end.
        Some(promised) if received < promised => Err(Kind::Truncated { promised, received }),
        _ => end.map(|()| body),
    }
}

/// How many bytes the body must have at least, if the headers tell. Those of a
/// compressed answer count what was sent, not what arrives here.
fn promised_length(headers: &Headers) -> Option<u64> {
    let header = |name| headers.get(name).ok().flatten();
    match header("content-encoding") {
        Some(_) => None,
        None => header("content-length")?.parse().ok(),
    }
}
