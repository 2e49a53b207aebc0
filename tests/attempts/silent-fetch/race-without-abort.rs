//! `get`: one HTTP GET, raced against a timer.
//!
//! Whichever is first decides. The loser is forgotten.

#[doc(inline)]
pub use contract::*;

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use web_sys::{Headers, RequestInit};

/// Fetches `url` with GET and returns the whole body, within `budget`.
///
/// # Errors
///
/// See [`Kind`]. Every error says in which phase it came, and how late.
pub async fn get(url: &str, budget: Duration) -> Result<Vec<u8>, FetchError> {
    let started = now();
    let phase = Cell::new(Phase::Headers);
    within(budget, exchange(url, &phase))
        .await
        .unwrap_or(Err(Kind::Timeout))
        .map_err(|kind| FetchError {
            kind,
            phase: phase.get(),
            elapsed: since(started),
        })
}

/// The whole conversation, with no idea of time.
async fn exchange(url: &str, phase: &Cell<Phase>) -> Result<Vec<u8>, Kind> {
    let response = fetch(url, &RequestInit::new()).await.map_err(network)?;
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

/// Runs `work` for at most `budget`; `None` if that was not enough.
async fn within<W: Future>(budget: Duration, work: W) -> Option<W::Output> {
    let mut work = pin!(work);
    let mut timer = pin!(Timer::start(budget));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}
