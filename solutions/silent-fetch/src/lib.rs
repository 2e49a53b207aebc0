//! `get`: one HTTP GET that always ends.
//!
//! Two small rules make it so. The deadline is put around the whole exchange, so
//! no phase can be forgotten. And the exchange owns its request: drop it, for
//! whatever reason, and the browser closes the connection.

#[doc(inline)]
pub use contract::*;

use std::cell::Cell;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use web_sys::{AbortController, Headers, RequestInit};

/// Fetches `url` with GET and returns the whole body, within `budget`.
///
/// The budget covers all phases together. When it is spent, or when the future
/// is dropped, the request is cancelled and its connection closed.
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

/// The whole conversation, with no idea of time. Dropping it cancels the request.
async fn exchange(url: &str, phase: &Cell<Phase>) -> Result<Vec<u8>, Kind> {
    let abort = AbortOnDrop(AbortController::new().map_err(network)?);
    let init = RequestInit::new();
    init.set_signal(Some(&abort.0.signal()));

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
    let mut timer = pin!(Timer::start(budget));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => timer.as_mut().poll(context).map(|()| None),
    })
    .await
}
